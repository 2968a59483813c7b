"""The folded parts of a result: open after coming back, opened by a link to them, and open on paper."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, expect

from tests.browser.support.planting import Plan, Planted
from tests.browser.support.reading import Reader, hold
from tests.browser.support.spots import BACK

pytestmark = pytest.mark.browser
Plant = Callable[[Plan], Planted]


def test_an_opened_part_is_still_open_after_going_back(reader: Reader) -> None:
    page = reader.open("result-clearly-back", "nb")
    expect(page.locator("#numbers table")).to_be_hidden()
    page.locator("#numbers summary").click()
    page.locator("#numbers a").first.click()
    expect(page).to_have_url(re.compile("/answers$"))
    page.go_back()
    expect(page.locator("#numbers table")).to_be_visible()
    expect(page.locator("#roles h3").first).to_be_hidden()


@pytest.mark.parametrize("has_script", [True, False])
def test_the_link_back_opens_the_part_that_it_came_from(
    new_context: Callable[..., BrowserContext],
    plant_attempt: Plant,
    base_url: str,
    has_script: bool,
) -> None:
    page = new_context(java_script_enabled=has_script).new_page()
    planted = plant_attempt(BACK)
    hold(page.context, base_url, planted)
    page.goto(f"/nb/attempts/{planted.handle}/answers")
    page.locator("main .back").click()
    expect(page.locator("#numbers table")).to_be_in_viewport()


@pytest.mark.parametrize("has_script", [True, False])
def test_paper_shows_the_folded_parts(
    new_context: Callable[..., BrowserContext],
    plant_attempt: Plant,
    base_url: str,
    has_script: bool,
) -> None:
    page = new_context(java_script_enabled=has_script).new_page()
    planted = plant_attempt(BACK)
    hold(page.context, base_url, planted)
    page.goto(f"/nb/attempts/{planted.handle}/result")
    page.emulate_media(media="print")
    for part in ("#occupations dt", "#numbers table", "#roles h3"):
        expect(page.locator(part).first).to_be_visible()
    for part in ("#keeping", ".acts"):
        expect(page.locator(part)).to_be_hidden()


def test_a_hint_about_the_answers_stands_near_the_result_and_never_on_paper(reader: Reader) -> None:
    page = reader.open("result-same-answers", "nb")
    hint = page.locator("#answering")
    tops = [hint.bounding_box(), page.locator("ul.traits").first.bounding_box()]
    assert [box["y"] for box in tops if box] == sorted(box["y"] for box in tops if box)
    assert tops[0] is not None
    assert tops[0]["y"] < 667
    page.emulate_media(media="print")
    expect(hint).to_be_attached()
    expect(hint).to_be_hidden()
