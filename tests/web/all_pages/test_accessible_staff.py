"""On every page and in every refused form of staff, words say what colour, place and silence do not say."""

from collections import defaultdict

from tests.web.support.accessible import (
    is_of_respondents,
    list_equal_names,
    list_fields_called_wrong,
    list_forms_with_bubbles,
    list_hidden_names,
    list_silent_charts,
    list_staff_pages,
    list_unsaid_faults,
)
from tests.web.support.calls import Call, list_unsafe
from tests.web.support.page import Page, parse_page
from tests.web.support.records import change_behind
from tests.web.support.stage import Stage

CHECKS = (
    list_fields_called_wrong,
    list_forms_with_bubbles,
    list_hidden_names,
    list_equal_names,
    list_silent_charts,
)
FEWEST_PAGES = 40
FEWEST_FORMS = 20
KEPT = ("seed", "step", "version", "seen")
"""Fields that pages fill in. Nobody types them."""

CHOSEN_FROM_A_LIST = {"clients.choose"}
"""Forms in which nothing is typed. A browser can send only what the page offers."""

WRONG = {"units.units": {"units": "Sales > Sales"}}
"""Forms that may be empty, with what is wrong in them."""

NO_SECTIONS = {
    "sign_in.sign_in",
    "sign_in.choose",
    "second_factors.code",
    "reports.anonymity",
}
"""Pages that belong to no section of the navigation."""

AN_EARLIER_RESULT = """
UPDATE attempt SET finished_at = '2026-01-02 03:04:05.000000'
WHERE id = (SELECT attempt_id FROM share WHERE id = {})
"""
"""Without this change, two results of one client have the same minute."""


def find_wrong(page: Page) -> dict[str, object]:
    """Return what the checks find on a page, by the name of the check."""
    found = {check.__name__: check(page) for check in CHECKS}
    return {name: faults for name, faults in found.items() if faults}


def list_typed(call: Call, stage: Stage) -> list[str]:
    """Return the names of the fields that somebody types or chooses in the form of a call."""
    return [name for name in call.fields(stage) or {} if name not in KEPT]


def refuse(stage: Stage, call: Call) -> Page:
    """Send a form with everything that is typed left empty, and return the page that refuses it."""
    wrong = dict.fromkeys(list_typed(call, stage), "") | WRONG.get(call.endpoint, {})
    fields = {**(call.fields(stage) or {}), **wrong}
    response = stage.ask(call.doer, "POST", call.address, fields)
    assert response.status_code == 400, call.endpoint
    return parse_page(response)


def test_every_page_of_staff_passes_the_checks_that_no_tool_makes(stage: Stage) -> None:
    change_behind(stage.app, AN_EARLIER_RESULT.format(stage.values["other_id"]))
    pages = [(call.endpoint, page) for call, page in list_staff_pages(stage)]
    stage.restore()
    wrong = {endpoint: find_wrong(page) for endpoint, page in pages}
    assert {endpoint: found for endpoint, found in wrong.items() if found} == {}
    assert len(pages) > FEWEST_PAGES


def test_every_refused_form_of_staff_says_so_first(stage: Stage) -> None:
    wrong = {}
    for call in list_unsafe(stage):
        if is_of_respondents(call) or call.endpoint in CHOSEN_FROM_A_LIST:
            continue
        stage.restore()
        if list_typed(call, stage):
            page = refuse(stage, call)
            wrong[call.endpoint] = (list_unsaid_faults(page), find_wrong(page))
    stage.restore()
    assert {endpoint: found for endpoint, found in wrong.items() if found != ([], {})} == {}
    assert len(wrong) >= FEWEST_FORMS


def test_every_page_of_staff_has_a_title_of_its_own_and_marks_its_section(stage: Stage) -> None:
    titles = defaultdict(set)
    sections = {}
    for call, page in list_staff_pages(stage):
        titles[page.title].add(call.endpoint)
        marked = [link for link in page.find_all("a") if link.get("aria-current") is not None]
        sections[call.endpoint] = len(marked)
    assert {title: sorted(each) for title, each in titles.items() if len(each) > 1} == {}
    expected = {endpoint: 0 if endpoint in NO_SECTIONS else 1 for endpoint in sections}
    assert sections == expected
