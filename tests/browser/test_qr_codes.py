"""A phone that is held before the screen reads the drawing: at any width, light or dark, and on paper."""

import io

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Locator

from tests.browser.conftest import Open

pytestmark = pytest.mark.browser


def read_code(drawing: Locator) -> str:
    """Return what stands in a QR code, as a camera sees it."""
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(drawing.screenshot())))
    assert found.format == zxingcpp.BarcodeFormat.QRCode
    return str(found.text)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize(("name", "holds"), [("poster", "/invitations/"), ("app-add", "otpauth://totp/fitquiz:hana")])
def test_a_drawing_on_a_screen_can_be_read(
    open_page: Open,
    name: str,
    holds: str,
    width: int,
    scheme: str,
) -> None:
    page = open_page(name, "nb", width)
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the two above
    read = read_code(page.locator(".qr svg"))
    assert holds in read
    if name == "poster":
        assert page.locator(".address").inner_text() == read


def test_a_poster_on_paper_can_be_read(open_page: Open) -> None:
    page = open_page("poster", "nb", 800)
    address = page.locator(".address").inner_text()
    page.emulate_media(media="print", color_scheme="dark")
    assert read_code(page.locator(".qr svg")) == address
