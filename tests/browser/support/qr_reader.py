"""Reads a QR code from a screenshot, as a phone does."""

import io

import zxingcpp
from PIL import Image
from playwright.sync_api import Locator


def read_code(drawing: Locator) -> str:
    """Return what stands in a QR code, as a camera sees it."""
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(drawing.screenshot())))
    assert found.format == zxingcpp.BarcodeFormat.QRCode
    return str(found.text)
