"""Steps of counsellors and clients: make a link, take an attempt with the link, and share the result."""

import re
from collections.abc import Mapping
from datetime import timedelta

from fitquiz.store.attempts.counsellor_links import Link, list_links
from fitquiz.web.site.database_session import get_session
from tests.web.support.answering import PACK, agree
from tests.web.support.campaigning import send, today
from tests.web.support.page import Page
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import StaffMember


def fill(**changes: str) -> dict[str, str]:
    """Return the fields of the form for a new link, with these changes."""
    last = (today() + timedelta(30)).isoformat()
    usual = {
        "name": "Autumn",
        "note": "",
        "language": "en",
        "uses": "3",
        "expires_on": last,
        "pack_id": PACK.id,
    }
    return usual | changes


def make_link(carl: StaffMember, **changes: str) -> Link:
    """Create a link with the form."""
    send(carl, "/en/links/new", fill(**changes))
    return read_links(carl)[0]


def read_links(carl: StaffMember) -> list[Link]:
    """Read a counsellor's links from the database, the newest first."""
    with carl.app.app_context():
        return list_links(get_session(), carl.staff.id)


def find_address(carl: StaffMember, link: Link) -> str:
    """Return the address of a link that a counsellor gives to clients."""
    field = carl.open(f"/en/links/{link.id}").find_all("input", id="link")[0]
    return field.get("value", "").removeprefix("http://localhost")


def begin(alice: Respondent, address: str) -> Page:
    """Begin an attempt at the address of a link."""
    alice.open(address)
    alice.open(alice.page.find_link("/begin"))
    return alice.send(alice.page.find_form("/begin"))


def take(alice: Respondent, address: str, answers: Mapping[str, int | None] | None = None) -> Page:
    """Begin an attempt at the address of a link, answer all items and send the answers."""
    begin(alice, address)
    alice.answer_all(agree(people=4) if answers is None else answers)
    return alice.finish()


def read_return_code(alice: Respondent) -> str:
    """Return the return code of the present attempt, or an empty text if the attempt has none."""
    page = alice.open(f"{alice.base}/link")
    return "".join(page.list_texts("strong", **{"class": "return-code"}))


def preview(alice: Respondent, to: object, **chosen: str) -> Page:
    """Fill in the share form of the present attempt, and return the page with the preview."""
    alice.open(f"{alice.base}/share")
    given = {"to": str(to), "days": "30", "name": "Kari"} | chosen
    return alice.send(alice.page.find_form("/share"), 200, **given)


def share(alice: Respondent, to: object, **chosen: str) -> Page:
    """Share the present attempt."""
    preview(alice, to, **chosen)
    return alice.send(alice.page.find_form("/share"))


def stop_first_share(alice: Respondent) -> None:
    """Stop the first share on the open share page."""
    stops = [form for form in alice.page.forms if form.action.endswith("/stop")]
    alice.send(stops[0])


def find_shared(page: Page) -> list[str]:
    """Return the addresses of shares that the share page shows."""
    return re.findall(r"/en/shared/[\w-]{43}", page.response.text)


def list_clients(carl: StaffMember) -> list[str]:
    """Return the addresses of the results on the counsellor's list of clients."""
    return [link for link in carl.open("/en/clients").links if re.search(r"/clients/\d", link)]


def look(carl: StaffMember, address: str) -> Page:
    """Open a client's result. If the page shows the button, press the button."""
    carl.open(address)
    buttons = [form for form in carl.page.forms if form.action == address]
    return carl.send(buttons[0]) if buttons else carl.page


def read_shown(page: Page) -> str:
    """Return the text of a shown result, without the starters that only a counsellor sees."""
    (shown,) = page.list_texts("article", class_="shown")
    for starters in page.list_texts("section", class_="card starters"):
        shown = shown.replace(f"{starters} ", "")
    return shown
