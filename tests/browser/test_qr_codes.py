"""A phone that is held before the screen reads the drawing: at any width, light or dark, and on paper."""

from typing import Literal

import pytest

from tests.browser.conftest import Open
from tests.browser.support.qr_reader import read_code

pytestmark = pytest.mark.browser
HELD = [
    ("poster", "/invitations/"),
    ("link", "/guided/"),
    ("link-poster", "/guided/"),
    ("app-add", "otpauth:"),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize(("name", "holds"), HELD)
def test_a_drawing_on_a_screen_can_be_read(
    open_page: Open,
    name: str,
    holds: str,
    width: int,
    scheme: Literal["light", "dark"],
) -> None:
    page = open_page(name, "nb", width)
    page.emulate_media(color_scheme=scheme)
    read = read_code(page.locator(".qr svg"))
    assert holds in read
    if name != "app-add":
        assert read in (
            page.locator(".address").all_inner_texts() or [page.locator("#link").input_value()]
        )


@pytest.mark.parametrize("name", ["poster", "link-poster"])
def test_a_poster_on_paper_can_be_read(open_page: Open, name: str) -> None:
    page = open_page(name, "nb", 800)
    address = page.locator(".address").inner_text()
    page.emulate_media(media="print", color_scheme="dark")
    assert read_code(page.locator(".qr svg")) == address
