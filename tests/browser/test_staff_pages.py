"""Staff's pages, and those of the invited: accessible, in one language, no wider than a phone, and fit to print."""

import re

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Open
from tests.browser.support.measuring import (
    LARGE,
    SPACED,
    list_small_targets,
    list_sticking_out,
    tab_through,
)
from tests.browser.support.page_words import list_foreign_texts, list_foreign_words, read_texts
from tests.browser.support.reading import list_violations
from tests.browser.support.spots import NB_AT_ONCE
from tests.browser.support.staff_spots import STAFF_PAGES

pytestmark = pytest.mark.browser
every_page = pytest.mark.parametrize("name", STAFF_PAGES)
every_language = pytest.mark.parametrize("language", NB_AT_ONCE)
SHEETS = [
    ("poster", 1),
    ("link-poster", 1),
    ("client-compare", 2),
    ("client", 4),
    ("client-talk", 1),
]
OWN_NAMES = re.compile("Fjell|Støtte|Chat og|IT|Høstgruppa|Velkommen")
TOKEN = re.compile(r"[\w-]{43}")
REPORTS = ("report", "report-compared", "report-of-unit")


@every_language
@every_page
def test_a_page_is_fit_for_everybody(open_page: Open, name: str, language: str) -> None:
    page = open_page(name, language)
    assert list_violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert list_violations(page, only_colours=True) == []
    page.emulate_media(color_scheme="light", forced_colors="active")
    assert list_violations(page, only_colours=True) == []
    page.emulate_media(forced_colors="none")
    assert list_small_targets(page) == []
    for css, text_size in (("", 16), (SPACED, 16), ("", 32)):
        assert list_sticking_out(page, 320, css, text_size) == []
    assert list_sticking_out(page, 375, LARGE) == []
    check_language(page, STAFF_PAGES[name].language or language)


def check_language(page: Page, language: str) -> None:
    """No word of another language, but for names of the made-up company's own."""
    texts = [TOKEN.sub("", each) for each in read_texts(page) if not OWN_NAMES.search(each)]
    words = {word for each in texts for word in re.findall(r"[a-zæøå]+", each.lower())}
    assert (words & list_foreign_words(language)) - {"be"} == set()  # Which is “ask” in Norwegian.
    assert set(texts) & list_foreign_texts(language) == set()


@pytest.mark.parametrize(
    "name",
    ["report-compared", "new-wrong", "invitations", "member", "links", "link", "client-compare"],
)
def test_every_tab_stop_shows_its_focus(open_page: Open, name: str) -> None:
    stops = tab_through(open_page(name, "nb", 375))
    assert stops[-1]["last"], "Tab never came to the last link or button"
    assert [stop["name"] for stop in stops if stop["outline"] < 2] == []


@pytest.mark.parametrize("name", ["report", "new", "campaign-open"])
def test_a_page_stands_in_forced_colours_and_on_a_wide_screen(open_page: Open, name: str) -> None:
    page = open_page(name, "nb", 1280)
    assert list_violations(page) == []
    page.emulate_media(forced_colors="active")
    assert list_violations(page) == []
    page.emulate_media(forced_colors="none")


@every_language
@pytest.mark.parametrize(
    ("name", "most"),
    [*SHEETS, *((name, 5) for name in REPORTS)],
)
def test_what_is_printed_takes_few_sheets(
    open_page: Open, name: str, most: int, language: str
) -> None:
    document = open_page(name, language, 800).pdf(format="A4", prefer_css_page_size=True)
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", document)) <= most


@pytest.mark.parametrize(
    "name", ["poster", "link-poster", "client", "client-compare", "client-talk", "shared", *REPORTS]
)
def test_nothing_to_click_is_printed(open_page: Open, name: str) -> None:
    page = open_page(name, "nb", 800)
    page.emulate_media(media="print")
    shown = [
        each
        for selector in ("button", "nav", ".button", ".back")
        for each in page.locator(selector).all()
    ]
    assert [each.inner_text() for each in shown if each.is_visible()] == []


@pytest.mark.parametrize("name", ["report-compared", "client-compare"])
def test_every_chart_has_its_figure_in_words(open_page: Open, name: str) -> None:
    page = open_page(name, "en")
    bare = "each => !/\\d|all|none/i.test(each.closest('li, div, tr, p').textContent)"
    charts = page.locator("main svg.line")
    assert charts.count() > 5
    assert [each for each in range(charts.count()) if charts.nth(each).evaluate(bare)] == []
