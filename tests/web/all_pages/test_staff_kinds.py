"""On every page of staff, words say what was done and what is wrong, and what cannot be undone asks first."""

import re

import pytest
from werkzeug.test import TestResponse

from tests.web.support.accessible import is_of_respondents, list_staff_pages
from tests.web.support.calls import Call, list_calls, list_unsafe
from tests.web.support.page import parse_page
from tests.web.support.stage import Dump, Stage

SENDS_FILE = {"invitations.download", "reports.download"}
"""Forms that the browser answers with a download."""

OPENS_NEXT_PAGE = {
    "sign_in.sign_in",
    "sign_in.choose",
    "second_factors.code",
    "clients.client",
    "clients.talk",
    "clients.choose",
}
"""Forms that open the page which the staff member asked for."""

WITHOUT_PAGE = {"sign_in.stay"}
"""Requests that only a script sends. The script says what they have done."""

FEWEST_FORMS = 35
SAID = [("status", "-1", True)]
"""Only one element has the focus: a status message with words."""


def send(stage: Stage, call: Call) -> TestResponse:
    """Send the valid form of a call, and open the page to which the response redirects."""
    person = stage.people[call.doer]
    client = person.sit_down(stage.app)
    fields = {"csrf_token": person.csrf, **(call.fields(stage) or {})}
    return client.open(call.address, method=call.method, data=fields, follow_redirects=True)


def drop_times(dump: Dump) -> Dump:
    """Return the rows without the table of sign-ins, in which each request notes its time."""
    return {table: rows for table, rows in dump.items() if table != "sign_in"}


def drop_ids(address: str) -> str:
    """Return an address in which each number is replaced by 0."""
    return re.sub(r"\d+", "0", address)


def test_every_form_of_staff_says_what_it_has_done_and_the_sentence_has_the_focus(
    stage: Stage,
) -> None:
    found = {}
    for call in list_unsafe(stage):
        if is_of_respondents(call):
            continue
        if call.endpoint in SENDS_FILE | OPENS_NEXT_PAGE | WITHOUT_PAGE:
            continue
        stage.restore()
        response = send(stage, call)
        assert response.status_code == 200, call.endpoint
        page = parse_page(response)
        focused = [each for each in page.find_all() if each.get("autofocus") is not None]
        found[call.endpoint] = [
            (each.get("role"), each.get("tabindex"), bool("".join(each.itertext()).strip()))
            for each in focused
        ]
    stage.restore()
    assert {endpoint: each for endpoint, each in found.items() if each != SAID} == {}
    assert len(found) >= FEWEST_FORMS


ASKS_ABOUT = {
    "link_renewal.renew": ("Spring", "Sales"),
    "staff_admin.disable": ("Cora", "cora@example.org"),
    "staff_admin.reset": ("Cora", "cora@example.org"),
    "campaign_lifecycle.close": ("Spring",),
    "campaign_lifecycle.delete": ("Spring",),
    "colleagues.remove": ("Spring",),
    "links.delete": ("Carl's clients",),
}
"""Routes that do what cannot be undone, and the words of their pages that say what it is about."""


@pytest.mark.parametrize("endpoint", ASKS_ABOUT)
def test_what_cannot_be_undone_asks_first_and_names_what_it_is_about(
    stage: Stage, endpoint: str
) -> None:
    (call,) = [each for each in list_calls(stage, "GET") if each.endpoint == endpoint]
    before = stage.dump()
    page = parse_page(stage.ask(call.doer, "GET", call.address))
    assert page.h1.endswith("?")
    for name in ASKS_ABOUT[endpoint]:
        assert name in page.text
    assert page.find_form(call.address).method == "post"
    assert drop_times(stage.dump()) == drop_times(before)


def test_no_other_page_has_the_button_of_what_cannot_be_undone(stage: Stage) -> None:
    asking = {
        drop_ids(call.address) for call in list_calls(stage, "GET") if call.endpoint in ASKS_ABOUT
    }
    found = {
        call.endpoint: asking.intersection(drop_ids(form.action) for form in page.forms)
        for call, page in list_staff_pages(stage)
    }
    assert {name for name, actions in found.items() if actions} == set(ASKS_ABOUT)


def test_invitations_are_revoked_only_after_a_question_that_lists_them(stage: Stage) -> None:
    address = f"/en/campaigns/{stage.values['campaign_id']}/invitations/revoke"
    named = stage.tokens["personal"]
    stage.restore()
    before = drop_times(stage.dump())
    page = parse_page(stage.ask("hana", "POST", address, {"named": named}))
    assert page.h1 == "Revoke these invitations?"
    assert named in page.text
    assert "Spring" in page.text
    assert drop_times(stage.dump()) == before
    stage.ask("hana", "POST", address, page.find_form("/revoke").press())
    assert drop_times(stage.dump()) != before
    stage.restore()
