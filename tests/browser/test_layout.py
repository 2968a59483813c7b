"""Pages stand in forced colours and at any width, nothing moves, and the focus is always seen.

`test_accessibility.py` looks at every page on narrow screens and with large text.
"""

from collections import defaultdict
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from fitquiz.core.languages import LANGUAGES
from fitquiz.core.packs import Pack
from tests.browser.support.measuring import (
    LARGE,
    list_sticking_out,
    tab_through,
)
from tests.browser.support.planting import Plan, Planted
from tests.browser.support.reading import HEIGHT, Reader, hold, list_violations
from tests.browser.support.spots import FILLED, HALF, NB_AND_EN_AT_ONCE
from tests.browser.support.taking import expect_item

pytestmark = pytest.mark.browser
Plant = Callable[[Plan], Planted]
PHONES = (360, 375, 412)
"""Usual widths of phones."""
LIST_TOPS = """([count, link]) => {
  const tops = [];
  for (let at = 1; at <= count; at++) {
    tops.push(document.querySelector(".answers button").getBoundingClientRect().top + scrollY);
    if (at < count) document.querySelector(link).click();
  }
  return [...new Set(tops)];
}"""
LIST_TOPS_BY_STATEMENT = """texts => {
  const tops = texts.map(text => {
    document.getElementById("statement").textContent = text;
    return document.querySelector(".answers button").getBoundingClientRect().top;
  });
  return [...new Set(tops)];
}"""
LIST_TOPS_BY_LINE = """() => {
  const status = document.querySelector(".saving [role=status]");
  const list = () => [...document.querySelectorAll("main button")].map(each => each.getBoundingClientRect().top);
  const tops = ["", ...Object.values(status.dataset)].map(line => {
    status.textContent = line.replace("{count}", 28);
    return list();
  });
  status.textContent = "";
  return tops;
}"""
"""The tops of all buttons without the line about answers that are not saved, and with each of its texts."""
KINDS = (
    "start",
    "begin",
    "item-answered",
    "check",
    "result-with-leading",
    "answers",
    "link",
    "statements",
)


def test_the_pages_behind_a_form_fit_a_phone_with_large_text(reader: Reader) -> None:
    page = reader.open("share", "nb")
    page.locator("form button[value=preview]").click()
    expect(page.locator("button[value=share]")).to_be_visible()
    assert list_sticking_out(page, 375, LARGE) == []
    page = reader.open("item-fresh", "nb")
    page.goto(page.url.partition("/items")[0] + "/refused")
    assert list_sticking_out(page, 375, LARGE) == []


@pytest.mark.parametrize("name", KINDS)
def test_a_page_stands_at_any_width_and_in_forced_colours(reader: Reader, name: str) -> None:
    page = reader.open(name, "nb", 320)
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": HEIGHT})
        assert list_violations(page) == []
        assert list_sticking_out(page, width) == []
    page.set_viewport_size({"width": 375, "height": HEIGHT})
    page.emulate_media(forced_colors="active", reduced_motion="reduce")
    assert list_violations(page) == []
    assert page.locator("h1").is_visible()


@pytest.mark.long
@pytest.mark.parametrize("width", [320, 768, 1280])
@pytest.mark.parametrize("name", KINDS)
def test_axe_finds_nothing_wrong_at_any_width(reader: Reader, name: str, width: int) -> None:
    page = reader.open(name, "nb", width)
    assert list_violations(page) == []
    assert list_sticking_out(page, width) == []


@pytest.mark.parametrize("name", KINDS)
def test_every_tab_stop_shows_its_focus(reader: Reader, name: str) -> None:
    page = reader.open(name, "nb")
    stops = tab_through(page)
    assert stops[-1]["last"], "Tab never came to the last link or button"
    assert [stop["name"] for stop in stops if stop["outline"] < 2] == []
    assert [stop["name"] for stop in stops if not stop["seen"]] == []


def test_the_earlier_answer_is_marked_in_forced_colours(reader: Reader) -> None:
    page = reader.open("item-answered", "nb")
    page.emulate_media(forced_colors="active")
    expect(page.locator(".answers [aria-current=true]")).to_have_css("border-top-width", "4px")
    other = page.locator(".answers button:not([aria-current])").first
    expect(other).to_have_css("border-top-width", "2px")


def test_a_charts_marks_are_told_apart_from_the_page_in_forced_colours(reader: Reader) -> None:
    page = reader.open("result-clearly-back", "nb")
    page.emulate_media(forced_colors="active")
    band = page.locator(".outcome .line rect")
    fill, stroke = band.evaluate(
        "each => [getComputedStyle(each).fill, getComputedStyle(each).stroke]"
    )
    paper = page.locator("body").evaluate("each => getComputedStyle(each).backgroundColor")
    assert fill == paper
    assert stroke != paper


@pytest.mark.parametrize("language", NB_AND_EN_AT_ONCE)
def test_the_answers_never_move_from_statement_to_statement(
    alice: Page, plant_attempt: Plant, base_url: str, pack: Pack, language: str
) -> None:
    planted = plant_attempt(FILLED)
    hold(alice.context, base_url, planted)
    items = pack.items_of(pack.first_parts)
    address = f"/{language}/attempts/{planted.handle}/items/{items[0].id}"
    alice.goto(address, wait_until="networkidle")
    for width, link in zip(PHONES, (".onward", ".back", ".onward"), strict=True):
        alice.set_viewport_size({"width": width, "height": 667})
        tops = alice.evaluate(LIST_TOPS, [len(items), link])
        assert len(tops) == 1
    expect_item(alice, pack, items[-1])


@pytest.mark.parametrize("language", NB_AND_EN_AT_ONCE)
def test_the_answers_never_move_without_script(
    new_context: Callable[..., BrowserContext],
    plant_attempt: Plant,
    base_url: str,
    pack: Pack,
    language: str,
) -> None:
    page = new_context(java_script_enabled=False).new_page()
    planted = plant_attempt(HALF)
    hold(page.context, base_url, planted)
    texts = pack.words_in(language)["items"]
    items = sorted(pack.items_of(pack.first_parts), key=lambda item: len(texts[item.id]))
    tops = defaultdict(set)
    for item in (items[0], items[len(items) // 2], items[-1]):
        page.goto(f"/{language}/attempts/{planted.handle}/items/{item.id}")
        for width in PHONES:
            page.set_viewport_size({"width": width, "height": 667})
            box = page.locator(".answers button").first.bounding_box()
            assert box is not None
            tops[width].add(box["y"])
    assert [len(each) for each in tops.values()] == [1, 1, 1]


@pytest.mark.parametrize("language", NB_AND_EN_AT_ONCE)
def test_nothing_moves_when_the_page_says_what_is_not_saved(reader: Reader, language: str) -> None:
    page = reader.open("item-fresh", language)
    for width in (320, *PHONES):
        page.set_viewport_size({"width": width, "height": 667})
        before, *later = page.evaluate(LIST_TOPS_BY_LINE)
        assert len(later) == 5
        assert [each for each in later if each != before] == []


def test_all_answers_are_in_view_on_a_small_phone(reader: Reader) -> None:
    page = reader.open("item-fresh", "nb", width=320)
    for button in page.locator(".answers button").all():
        expect(button).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_with_text_of_twice_the_size_the_first_answer_is_in_view_and_never_moves(
    reader: Reader, pack: Pack, language: str
) -> None:
    page = reader.open("item-fresh", language)
    page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    texts = pack.words_in(language)["items"]
    statements = [texts[item.id] for item in pack.items_of(pack.first_parts)]
    assert len(page.evaluate(LIST_TOPS_BY_STATEMENT, statements)) == 1
    expect(page.locator(".answers button").first).to_be_in_viewport(ratio=1)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "name", ["result-clearly-back", "result-even", "result-with-job", "result-same-answers"]
)
def test_an_open_result_takes_at_most_three_and_a_half_screens_of_a_phone(
    reader: Reader, record_figure: Callable[[str, object], None], name: str, language: str
) -> None:
    page = reader.open(name, language)
    for button in page.locator(".acts .button").all():
        expect(button).to_be_in_viewport(ratio=1)
    screens = page.evaluate("document.documentElement.scrollHeight") / HEIGHT
    record_figure("screens", screens)
    assert screens <= 3.5


def test_nothing_moves_when_motion_is_to_be_reduced(reader: Reader) -> None:
    page = reader.open("item-fresh", "nb")
    moving = "document.getAnimations().filter(each => each.animationName !== 'hold').length"
    assert page.evaluate(moving) == 0
