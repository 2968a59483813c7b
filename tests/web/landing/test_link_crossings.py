"""Each kind of link × each attempt that the browser holds: what the page says, offers, opens, counts and uses up."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask
from jinja2 import FileSystemBytecodeCache

from fitquiz.core.secrets.tickets import AGAIN, ASKED, COUNTED, REFUSED, WITHDRAWN, Ticket
from fitquiz.core.secrets.tokens import hash_token, make_handle
from fitquiz.store.attempts.attempts import find_attempt, send_parts
from fitquiz.store.attempts.beginning import NewAttempt, begin_attempt
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.campaigns.invitations import list_open_links, list_personal
from fitquiz.web.security.link_tokens import token_of
from fitquiz.web.site.database_session import get_session, writing
from tests.web.support.answering import PACK, agree
from tests.web.support.app_fixtures import open_shared_app
from tests.web.support.counselling import find_address, make_link
from tests.web.support.inviting import invite
from tests.web.support.page import Page
from tests.web.support.records import change_behind, read_records
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import StaffMember

OTHERS = "This device also has other answers. This link does not lead to them."
PRIVATE = "private"
STATES = {"sent": COUNTED, "withdrawn": WITHDRAWN, "refused": REFUSED}
"""The state of a sent attempt's ticket, if a campaign was to count the attempt."""
OPEN_STATES = ("open", "again")
"""An attempt that began *again* has the ticket of somebody who has sent an earlier one with the same link."""


@dataclass(frozen=True)
class Place:
    """A link: the address of its page, and the ticket of an attempt that begins with it."""

    address: str
    ticket: Ticket


@dataclass(frozen=True)
class Town:
    """The app, one link of each kind, and an attempt by each link in each state, by its token."""

    app: Flask
    links: dict[str, Place]
    tokens: dict[tuple[str, str], str]

    def visit(self, *tokens: str, device: str = "kept") -> Respondent:
        """A new browser that holds these attempts."""
        person = Respondent(self.app.test_client())
        if tokens and device == "kept":
            person.client.set_cookie("attempts-kept", ".".join(("kept", *tokens)))
        elif tokens:
            (token,) = tokens
            value = self.sign(token) if device == "shared" else f"idle.{token}"
            person.client.set_cookie("attempts", value)
        return person

    def sign(self, token: str) -> str:
        """The value of the cookie with which a shared device holds an attempt."""
        with self.app.test_request_context():
            signed: bytes = self.app.extensions["fitquiz_device_signer"].sign(token)
        return signed.decode()

    def pick_others(self, kind: str) -> list[str]:
        """The tokens of nine attempts by other links, of many kinds and in all states."""
        others = [token for held, token in self.tokens.items() if held[0] != kind]
        return others[::3][:9]


CAMPAIGN_KINDS = (
    "personal",
    "another person's",
    "unit",
    "another unit's",
    "whole campaign",
    "another campaign's",
)
COUNSELLOR_KINDS = ("counsellor's, one person", "counsellor's, many people")
KINDS = CAMPAIGN_KINDS + COUNSELLOR_KINDS
BY_LINK = [
    *((kind, state) for kind in CAMPAIGN_KINDS for state in ("open", *STATES)),
    *((kind, state) for kind in COUNSELLOR_KINDS for state in ("open", "sent", "again")),
]
HELD = [*BY_LINK, (PRIVATE, "open"), (PRIVATE, "sent")]
EACH_BY_LINK = pytest.mark.parametrize(("kind", "state"), BY_LINK)


@pytest.fixture(scope="module")
def town(
    tmp_path_factory: pytest.TempPathFactory,
    migrated: Path,
    compiled_templates: FileSystemBytecodeCache,
) -> Iterator[Town]:
    instance = tmp_path_factory.mktemp("town")
    with open_shared_app(instance, migrated, compiled_templates) as app:
        links = dict(zip(KINDS, make_places(app), strict=True))
        tickets = {kind: place.ticket for kind, place in links.items()} | {PRIVATE: Ticket()}
        tokens = {}
        for number, (kind, state) in enumerate(HELD):
            tokens[kind, state] = store(app, f"{number:043d}", tickets[kind], state)
        yield Town(app, links, tokens)


def make_places(app: Flask) -> Iterator[Place]:
    """Make one link of each kind, in the order of KINDS."""
    hana, carl = StaffMember(app, "Hana", "hr"), StaffMember(app, "Carl", "counsellor")
    personal, spring, autumn = (
        hana.create("Personal", is_personal=True),
        hana.create("Spring"),
        hana.create("Autumn"),
    )
    for _ in range(2):
        token = invite(app, personal)
        with app.app_context():
            number = list_personal(get_session(), personal.id)[-1].id
        yield Place(f"/en/invitations/{token}", Ticket(personal.id, 0, number, ASKED))
    units = list_open(app, spring)
    for unit in (1, 2, 0):
        yield units[unit]
    yield list_open(app, autumn)[0]
    for number, uses in enumerate(("1", "9"), start=1):
        link = make_link(carl, name=f"Link {number}", uses=uses)
        yield Place(find_address(carl, link), Ticket(link_id=link.id))


def list_open(app: Flask, campaign: Campaign) -> list[Place]:
    """The open links of a campaign, the one for everybody first."""
    with app.app_context():
        return [
            Place(
                f"/en/invitations/{token_of(each.seed)}",
                Ticket(campaign.id, each.unit_id or 0, 0, ASKED),
            )
            for each in list_open_links(get_session(), campaign.id)
        ]


def store(app: Flask, token: str, ticket: Ticket, state: str) -> str:
    """Store an attempt behind the pages, and return its token. Nothing is counted or used up."""
    now = datetime.now(UTC)
    if state == "again":
        ticket = replace(ticket, state=AGAIN)
    if state in STATES and ticket.campaign_id:
        ticket = replace(ticket, state=STATES[state])
    new = NewAttempt(token, PACK, PACK.first_parts, ticket)
    with app.app_context(), writing() as session:
        begin_attempt(session, new, now, now.date())
        attempt = find_attempt(session, hash_token(token))
        assert attempt is not None
        if state in STATES:
            send_parts(session, attempt, now)
    return token


def find_main_button(page: Page) -> str:
    """Where the first button of the page leads."""
    buttons = [each for each in page.find_all("a") if each.get("class") == "button"]
    return buttons[0].get("href", "")


def list_attempts(page: Page) -> set[str]:
    """The handles of all attempts to which the page leads."""
    links = [*page.links, *(form.action for form in page.forms)]
    return {link.split("/attempts/")[1].split("/")[0] for link in links if "/attempts/" in link}


@pytest.mark.parametrize("kind", KINDS)
def test_a_link_with_nothing_in_the_browser_offers_a_start(town: Town, kind: str) -> None:
    place = town.links[kind]
    page = town.visit().open(place.address)
    assert find_main_button(page) == f"{place.address}/begin"
    assert list_attempts(page) == set()
    assert OTHERS not in page.text


@EACH_BY_LINK
def test_a_link_leads_back_to_its_own_attempt_and_offers_another_start(
    town: Town, kind: str, state: str
) -> None:
    place, token = town.links[kind], town.tokens[kind, state]
    person = town.visit(token)
    page = person.open(place.address)
    assert list_attempts(page) == {make_handle(token)}
    assert f"{place.address}/begin" in page.links
    assert OTHERS not in page.text
    label = "Continue where you left off" if state in OPEN_STATES else "Go to your answers"
    assert label in page.text
    person.open(find_main_button(page))
    assert person.handle == make_handle(token)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("device", ["kept", "shared"])
def test_a_link_names_every_other_attempt_without_leading_to_it(
    town: Town, kind: str, device: str
) -> None:
    place = town.links[kind]
    plain = town.visit().open(place.address).text
    for held, token in town.tokens.items():
        is_looked_at = device == "kept" or held[1] in OPEN_STATES
        if held[0] != kind and is_looked_at:
            page = town.visit(token, device=device).open(place.address)
            assert page.text.replace(f"{OTHERS} ", "") == plain, held
            assert OTHERS in page.text, held
            assert list_attempts(page) == set(), held
            assert find_main_button(page) == f"{place.address}/begin", held


@pytest.mark.parametrize("kind", KINDS)
def test_among_others_a_link_leads_to_its_own_attempt_alone(town: Town, kind: str) -> None:
    own = town.tokens[kind, "open"]
    others = town.pick_others(kind)
    page = town.visit(*others[:4], own, *others[4:]).open(town.links[kind].address)
    assert list_attempts(page) == {make_handle(own)}
    assert OTHERS in page.text


@EACH_BY_LINK
def test_an_attempt_on_a_shared_device_leaves_start_the_main_button(
    town: Town, kind: str, state: str
) -> None:
    place, token = town.links[kind], town.tokens[kind, state]
    page = town.visit(token, device="shared").open(place.address)
    assert find_main_button(page) == f"{place.address}/begin"
    assert list_attempts(page) == {make_handle(token)}


def test_a_shared_device_with_the_cookie_of_an_earlier_version_is_one_too(town: Town) -> None:
    place, own = town.links["unit"], town.tokens["unit", "open"]
    page = town.visit(own, device="earlier").open(place.address)
    assert find_main_button(page) == f"{place.address}/begin"
    assert list_attempts(page) == {make_handle(own)}


@pytest.mark.parametrize("kind", KINDS)
def test_who_starts_among_others_is_counted_where_the_page_says_and_uses_nothing_else(
    town: Town, kind: str
) -> None:
    place = town.links[kind]
    others = town.pick_others(kind)
    person = town.visit(*others)
    before = read_records(town.app)
    person.open(find_main_button(person.open(place.address)))
    person.send(person.page.find_form("/begin"))
    assert person.handle not in [make_handle(token) for token in others]
    person.answer_all(agree(people=4))
    person.finish()
    after = read_records(town.app)
    counted = [row[1:3] for row in after["pending"] if row not in before["pending"]]
    ticket = place.ticket
    wanted = [(ticket.campaign_id, ticket.unit_id)] if ticket.campaign_id else []
    assert counted == wanted
    assert find_used(after) - find_used(before) == {ticket.invitation_id} - {0}
    counts = {row[0]: row for row in before["link"]}
    changed = {row[0] for row in after["link"] if row != counts[row[0]]}
    assert changed == {ticket.link_id} - {0}
    change_behind(town.app, "UPDATE invitation SET is_spent = 0")


def find_used(records: dict[str, list[tuple[object, ...]]]) -> set[object]:
    """The ids of the invitations that are used up."""
    return {row[0] for row in records["invitation"] if row[8]}


@contextmanager
def ending_all_links(app: Flask) -> Iterator[None]:
    """Revoke all invitations and disable the counsellor, and undo it at the end."""
    for value in (1, 0):
        change_behind(app, f"UPDATE invitation SET is_revoked = {value}")
        change_behind(app, f"UPDATE staff SET is_disabled = {value}")
        if value:
            yield


@EACH_BY_LINK
def test_a_dead_link_leads_to_its_own_attempt_alone(town: Town, kind: str, state: str) -> None:
    place, own = town.links[kind], town.tokens[kind, state]
    others = town.pick_others(kind)
    with ending_all_links(town.app):
        page = town.visit(own, *others).open(place.address, 404)
        assert list_attempts(page) == {make_handle(own)}
        assert OTHERS in page.text
        page = town.visit(*others).open(place.address, 404)
        assert list_attempts(page) == set()
        assert page.find_link("/code")
        assert "It is too old or withdrawn, or part of the link is missing" in page.text
