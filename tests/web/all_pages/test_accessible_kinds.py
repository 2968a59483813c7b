"""On every page of respondents, words say what colour, place and silence do not say to everybody."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pytest
from flask import Flask, Response

from tests.web.support.accessible import (
    is_of_respondents,
    list_equal_names,
    list_fields_called_wrong,
    list_forms_with_bubbles,
    list_hidden_names,
    list_pages,
    list_silent_charts,
    list_unsaid_faults,
)
from tests.web.support.answering import PACK
from tests.web.support.calls import SEED, list_unsafe
from tests.web.support.page import Page, parse_page
from tests.web.support.stage import Stage

FEWEST_PAGES = 25
CHECKS = (
    list_fields_called_wrong,
    list_forms_with_bubbles,
    list_hidden_names,
    list_equal_names,
    list_silent_charts,
)
SAID_BY_TITLE = {
    "keeping.delete",
    "keeping.forget",
    "keeping.clear",
    "mail_stop.stop",
    "check.check",
}
"""Forms after which the title of the next page says what has happened."""

OPENS_NEXT_STEP = {
    "answering.begin",
    "answering.item",
    "background_answers.store_answers",
    "check.reopen",
    "invitation_landing.begin",
    "invitation_landing.code",
    "keeping.come_back",
    "keeping.finish",
    "link_landing.begin",
    "link_return.come_back",
    "optional_parts.open_more",
    "public_share.shared",
}
"""Forms that open the page which the respondent asked for, or the start for the next person."""

SAME_PAGE = {
    "info.start_pack": "info.start",
    "invitation_landing.begin": "answering.begin",
    "link_landing.begin": "answering.begin",
}
"""Addresses of one and the same page."""

REFUSED: Mapping[str, tuple[str, Mapping[str, Any]]] = {
    "no code": ("/en/code", {"code": ""}),
    "an unknown code": ("/en/code", {"code": "00000-00000"}),
    "a short return code": ("/en/guided/{guided}/return", {"code": "abc"}),
    "no reader of a share": ("/en/attempts/{handle}/share", {"step": "preview", "seed": SEED}),
    "no time of a share": (
        "/en/attempts/{handle}/share",
        {"to": "link", "days": "1", "step": "preview", "seed": SEED},
    ),
    "a name that is too long": (
        "/en/attempts/{handle}/share",
        {"to": "link", "days": "7", "name": "x" * 81, "step": "preview", "seed": SEED},
    ),
    "no rating of a job": (
        "/en/attempts/{handle}/jobs/present",
        {f"trait-{trait.id}": "unknown" for trait in PACK.traits},
    ),
}


def test_every_page_passes_the_checks_that_no_tool_makes(stage: Stage) -> None:
    counted = 0
    wrong = {}
    for call, page in list_pages(stage):
        found = {check.__name__: check(page) for check in CHECKS}
        wrong[call.address] = {name: faults for name, faults in found.items() if faults}
        counted += 1
    assert {address: found for address, found in wrong.items() if found} == {}
    assert counted > FEWEST_PAGES


@pytest.mark.parametrize("fault", REFUSED)
def test_a_refused_form_says_so_first(stage: Stage, fault: str) -> None:
    address, fields = REFUSED[fault]
    token = stage.tokens["link_return.come_back"]
    place = address.format(guided=token, handle=stage.values["handle"])
    response = stage.ask("alice", "POST", place, fields)
    assert response.status_code == 400
    assert list_unsaid_faults(parse_page(response)) == []


def test_every_form_that_does_something_says_what_it_has_done(stage: Stage) -> None:
    said = {}
    for call in filter(is_of_respondents, list_unsafe(stage)):
        stage.restore()
        response = stage.ask(call.doer, "POST", call.address, call.fields(stage))
        if call.endpoint in SAID_BY_TITLE or call.endpoint in OPENS_NEXT_STEP:
            continue
        page = parse_page(stage.ask(call.doer, "GET", response.location.partition("#")[0]))
        said[call.endpoint] = [text for text in page.list_texts(role="status") if text]
    assert {endpoint: len(texts) for endpoint, texts in said.items()} == dict.fromkeys(said, 1)
    assert set(said) >= {"manage_shares.share", "manage_shares.stop", "job_ratings.offer"}


def test_a_title_that_repeats_is_the_title_of_the_same_page(stage: Stage) -> None:
    titles = defaultdict(set)
    for call, page in list_pages(stage):
        titles[page.title].add(SAME_PAGE.get(call.endpoint, call.endpoint))
    assert {title: sorted(each) for title, each in titles.items() if len(each) > 1} == {}


Check = Callable[[Page], Sequence[object]]
PLANTED: Mapping[Check, str] = {
    list_fields_called_wrong: '<form action="/a"><input name="x" required></form>',
    list_forms_with_bubbles: '<form action="/a"><input name="x" required></form>',
    list_hidden_names: '<a href="/a" aria-label="Open autumn">Open it</a>',
    list_equal_names: '<a href="/a">Stop</a><a href="/b">Stop</a>',
    list_silent_charts: '<ul><li><b>Autonomy</b><svg class="line side-1"></svg></li></ul>',
    list_unsaid_faults: '<div id="faults"></div><strong class="fault" id="x-fault-1">No</strong>',
}
"""For each check, what it must find."""


@pytest.mark.parametrize("check", PLANTED)
def test_each_check_catches_what_it_is_for(check: Check) -> None:
    head = '<!doctype html><html lang="en"><head><title>Start</title></head><body>'
    app = Flask("planted")
    app.add_url_rule("/", view_func=lambda: Response(f"{head}{PLANTED[check]}</body></html>"))
    assert check(parse_page(app.test_client().get("/")))
