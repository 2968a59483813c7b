"""A counsellor creates, shows, changes, closes and deletes links. No page shows a single client."""

import re
from datetime import timedelta

import pytest

from fitquiz.core.secrets.link_codes import read_code
from fitquiz.store.attempts.counsellor_links import Link
from tests.web.support.answering import PACK
from tests.web.support.campaigning import send, send_wrong, today
from tests.web.support.counselling import begin, fill, find_address, make_link, read_links, take
from tests.web.support.records import change_behind, read_records
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import StaffMember

HOSTILE = '"><script>alert(1)</script>{{ 7*7 }}'


def press(carl: StaffMember, link: Link, ending: str) -> None:
    carl.open(f"/en/links/{link.id}")
    carl.send(carl.page.find_form(ending))


def read_counts(carl: StaffMember, link: Link) -> tuple[str, str]:
    """Return what the link's page says about starts and finishes."""
    started, finished, *_ = carl.open(f"/en/links/{link.id}").list_texts("dd")
    return started, finished


def test_a_link_has_what_was_typed(carl: StaffMember) -> None:
    link = make_link(
        carl,
        name="  Autumn  group ",
        note="Dear client,\r\ntake your time.",
        language="nb",
        uses="12",
    )
    assert link.name == "Autumn group"
    assert link.language == "nb"
    assert link.uses == 12
    assert link.expires_on == today() + timedelta(30)
    assert link.note.split() == ["Dear", "client,", "take", "your", "time."]
    assert carl.open("/en/links").find_link(f"/links/{link.id}")


def test_a_new_link_is_for_one_client_in_the_page_s_language_for_three_months(
    carl: StaffMember,
) -> None:
    page = carl.open("/nb/links/new")
    (uses,) = page.find_all("input", name="uses")
    (expires_on,) = page.find_all("input", name="expires_on")
    assert uses.get("value") == "1"
    assert expires_on.get("value") == str(today() + timedelta(90))
    languages = page.find_all("input", name="language")
    chosen = [each.get("value") for each in languages if each.get("checked") is not None]
    assert chosen == ["nb"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": " "}, "Please fill this in."),
        ({"name": "x" * 121}, "This is too long."),
        ({"name": "a\x07b"}, "This contains a character that is not allowed."),
        ({"note": "x" * 1001}, "This is too long."),
        ({"note": "a\x07b"}, "This contains a character that is not allowed."),
        ({"language": "sv"}, "Something here is wrong."),
        ({"uses": "0"}, "This number is too small or too large."),
        ({"uses": "1001"}, "This number is too small or too large."),
        ({"uses": "many"}, "Enter a whole number."),
        ({"expires_on": "soon"}, "Enter a date."),
        (
            {"expires_on": (today() - timedelta(1)).isoformat()},
            "The last day cannot be in the past.",
        ),
        (
            {"expires_on": (today() + timedelta(732)).isoformat()},
            "The last day can be at most two years from now.",
        ),
        ({"pack_id": "none"}, "Something here is wrong."),
    ],
)
def test_a_wrong_field_is_refused_with_a_sentence_and_the_input_is_kept(
    carl: StaffMember, changes: dict[str, str], says: str
) -> None:
    typed = fill(name="Kept", note="Kept too") | changes
    page = send_wrong(carl, "/en/links/new", typed)
    assert says in page.text
    if "name" not in changes:
        assert page.find_all("input", id="name")[0].get("value") == "Kept"
    assert read_links(carl) == []


def test_a_hostile_name_and_note_are_shown_as_they_were_typed(
    alice: Respondent, carl: StaffMember
) -> None:
    link = make_link(carl, name=HOSTILE, note=HOSTILE)
    base = f"/en/links/{link.id}"
    for address in ("/en/links", base, f"{base}/edit", f"{base}/poster", f"{base}/delete"):
        page = carl.open(address)
        assert "<script>alert" not in page.response.text
    assert HOSTILE in carl.open(base).h1
    assert HOSTILE in alice.open(find_address(carl, link)).text


def test_the_client_sees_the_note_and_never_the_name(alice: Respondent, carl: StaffMember) -> None:
    link = make_link(carl, name="Difficult case", note="Welcome to us")
    address = find_address(carl, link)
    assert "Difficult case" not in carl.open(f"/en/links/{link.id}/poster").text
    for step in (address, f"{address}/begin"):
        assert "Difficult case" not in alice.open(step).response.text
    assert "Welcome to us" in alice.open(address).text
    assert "Carl invites you" in alice.page.text


def test_the_poster_has_the_address_and_a_code_that_leads_to_the_link(
    alice: Respondent, carl: StaffMember
) -> None:
    link = make_link(carl, note="Bring this along", language="nb")
    page = carl.open(f"/en/links/{link.id}/poster")
    (drawing,) = page.find_all("div", role="img")
    assert "QR" in drawing.get("aria-label", "")
    (address,) = page.list_texts("p", **{"class": "address"})
    assert address == f"http://localhost{find_address(carl, link)}"
    match = re.search(r"[0-9A-Z]{5}-[0-9A-Z]{5}", page.text)
    assert match is not None
    code = match[0]
    assert read_code(code) == code
    alice.open("/code")
    typed = code.lower().replace("-", " ")
    alice.send(alice.page.find_form("/code"), code=typed)
    assert alice.address == find_address(carl, link)
    assert alice.address.startswith("/nb/")


def test_an_address_to_read_aloud_leads_to_the_code_page_in_the_browsers_language(
    alice: Respondent,
) -> None:
    for wished, path in (("nb", "/nb/code"), ("en-GB", "/en/code")):
        response = alice.client.get("/code", headers={"Accept-Language": wished})
        assert response.status_code == 302
        assert response.location == path


def test_a_changed_link_keeps_its_address(alice: Respondent, carl: StaffMember) -> None:
    link = make_link(carl)
    address = find_address(carl, link)
    send(carl, f"/en/links/{link.id}/edit", fill(name="Winter", note="New note", uses="5"))
    (changed,) = read_links(carl)
    assert changed.id == link.id
    assert changed.name == "Winter"
    assert changed.uses == 5
    assert find_address(carl, changed) == address
    assert "New note" in alice.open(address).text


def test_a_link_cannot_have_fewer_uses_than_started_clients(
    alice: Respondent, mallory: Respondent, carl: StaffMember
) -> None:
    link = make_link(carl, uses="3")
    for client in (alice, mallory):
        begin(client, find_address(carl, link))
    page = send_wrong(carl, f"/en/links/{link.id}/edit", fill(uses="1"))
    assert "More people have already started" in page.text
    send(carl, f"/en/links/{link.id}/edit", fill(uses="2"))
    assert read_links(carl)[0].uses == 2


def test_a_link_that_has_expired_can_be_renamed_and_renewed(carl: StaffMember) -> None:
    link = make_link(carl)
    address = f"/en/links/{link.id}/edit"
    past = str(today() - timedelta(3))
    change_behind(carl.app, f"UPDATE link SET expires_on = '{past}'")
    send(carl, address, fill(name="Renamed", expires_on=past))
    assert read_links(carl)[0].name == "Renamed"
    other_past = str(today() - timedelta(2))
    send_wrong(carl, address, fill(expires_on=other_past))
    send(carl, address, fill())
    assert read_links(carl)[0].state(today()) == "open"


def test_a_closed_link_starts_nobody_until_it_is_opened_again(
    alice: Respondent, carl: StaffMember
) -> None:
    link = make_link(carl)
    address = find_address(carl, link)
    press(carl, link, "/close")
    assert alice.open(address, 410).h1 == "This link is closed"
    assert "Ask Carl for a new one" in alice.page.text
    press(carl, link, "/reopen")
    begin(alice, address)
    assert read_links(carl)[0].started == 1


def test_a_deleted_link_leads_nowhere_and_the_client_keeps_everything(
    alice: Respondent, carl: StaffMember
) -> None:
    link = make_link(carl)
    address = find_address(carl, link)
    take(alice, address)
    base = alice.base
    carl.open(f"/en/links/{link.id}/delete")
    carl.send(carl.page.find_form("/delete"))
    assert carl.page.h1 == "Links"
    carl.open(f"/en/links/{link.id}", 404)
    assert alice.open(address, 404).h1 == "This invitation does not work"
    alice.open(f"{base}/result")
    assert "Carl" not in alice.open(f"{base}/share").text


def test_finishes_are_shown_in_steps_and_never_as_all(carl: StaffMember) -> None:
    link = make_link(carl, uses="20")
    hint = (
        "The number grows in steps of 5, and never says that everybody has finished. "
        "So it tells you little about one person."
    )
    some = "at least 5"
    cases = ((4, 4, ""), (5, 5, ""), (6, 5, some), (10, 10, some), (11, 4, ""))
    for started, finished, shown in cases:
        change_behind(carl.app, f"UPDATE link SET started = {started}, finished = {finished}")
        begun, ended = read_counts(carl, link)
        assert begun.startswith(f"{started} of 20 ")
        assert ended == f"{shown} {hint}".strip()


def test_a_form_that_is_sent_twice_creates_one_link(carl: StaffMember) -> None:
    carl.open("/en/links/new")
    form = carl.page.find_form("/links/new")
    for _ in range(2):
        page = carl.send(form, 200, **fill())
        assert page.h1 == "Autumn"
    assert len(read_links(carl)) == 1
    (entry,) = read_records(carl.app)["audit"]
    assert entry[-2] == "link-made"


def test_the_form_seed_of_another_counsellor_is_not_found(carl: StaffMember) -> None:
    carl.open("/en/links/new")
    form = carl.page.find_form("/links/new")
    carl.send(form, 200, **fill())
    cora = StaffMember(carl.app, "Cora", "counsellor")
    cora.open("/en/links/new")
    typed = fill() | {"seed": form.fields["seed"]}
    cora.send(cora.page.find_form("/links/new"), 404, **typed)


def test_a_poster_is_in_the_language_of_the_link(carl: StaffMember) -> None:
    link = make_link(carl, language="nb")
    page = carl.open(f"/en/links/{link.id}/poster")
    assert carl.address == f"/nb/links/{link.id}/poster"
    assert page.h1 == PACK.words["nb"]["title"]


def test_a_client_can_go_on_after_the_link_is_deleted(alice: Respondent, carl: StaffMember) -> None:
    link = make_link(carl)
    address = find_address(carl, link)
    begin(alice, address)
    carl.open(f"/en/links/{link.id}/delete")
    carl.send(carl.page.find_form("/delete"))
    page = alice.open(address, 404)
    assert "This device also has other answers." in page.text
    assert not any("/attempts/" in link for link in page.links)
    alice.open(page.find_link("/en/"))
    alice.open(alice.page.find_link("/attempts/"))
    assert alice.item == "autonomy-1"


def test_a_finish_counts_once_and_stays_after_a_deletion(
    alice: Respondent, carl: StaffMember
) -> None:
    link = make_link(carl)
    take(alice, find_address(carl, link))
    alice.open(f"{alice.base}/result")
    alice.send(alice.page.find_form("/parts/leading"))
    alice.answer_all({})
    alice.finish()
    assert read_links(carl)[0].finished == 1
    alice.open(f"{alice.base}/delete")
    alice.send(alice.page.find_form("/delete"))
    (link,) = read_links(carl)
    assert link.started == 1
    assert link.finished == 1


def test_the_audit_log_names_a_link_only_by_its_number(carl: StaffMember) -> None:
    link = make_link(carl, name="Kari Nordmann")
    press(carl, link, "/close")
    press(carl, link, "/reopen")
    send(carl, f"/en/links/{link.id}/edit", fill(name="Kari Nordmann"))
    carl.open(f"/en/links/{link.id}/delete")
    carl.send(carl.page.find_form("/delete"))
    entries = read_records(carl.app)["audit"]
    assert [entry[-2] for entry in entries] == [
        "link-made",
        "link-closed",
        "link-reopened",
        "link-changed",
        "link-deleted",
    ]
    assert {entry[-1] for entry in entries} == {"#1"}
