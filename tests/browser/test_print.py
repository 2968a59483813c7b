"""The result on paper: two sheets of A4 at most, and nothing on them that can only be clicked."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from tests.browser.support.reading import Reader
from tests.browser.support.spots import NB_AT_ONCE, RESULTS

pytestmark = pytest.mark.browser
MOST_SHEETS = 2


@pytest.mark.parametrize("language", NB_AT_ONCE)
@pytest.mark.parametrize("name", RESULTS)
def test_a_result_fits_on_two_sheets(
    reader: Reader, record_figure: Callable[[str, object], None], name: str, language: str
) -> None:
    document = reader.open(name, language).pdf(format="A4", prefer_css_page_size=True)
    sheets = len(re.findall(rb"/Type\s*/Page\b", document))
    record_figure("sheets", sheets)
    assert 1 <= sheets <= MOST_SHEETS


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_quiz_on_paper_fits_on_two_sheets(reader: Reader, language: str) -> None:
    document = reader.open("paper", language).pdf(format="A4", prefer_css_page_size=True)
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", document)) <= MOST_SHEETS


@pytest.mark.parametrize("name", ["result-longest", "result-too-few", "result-more-begun"])
def test_nothing_to_click_is_printed(reader: Reader, name: str) -> None:
    page = reader.open(name, "nb")
    page.emulate_media(media="print")
    for selector in ("button", "form", ".actions", "nav", "footer", ".skip", ".button"):
        for each in page.locator(selector).all():
            expect(each).to_be_hidden()
    expect(page.locator("h1")).to_be_visible()
