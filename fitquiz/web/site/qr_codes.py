"""QR codes as SVG images inside a page.

The squares are dark and the background is white, also in dark mode.
"""

import io

import segno
from markupsafe import Markup

QUIET_ZONE = 4
"""The width of the white margin, in squares. Scanners need this margin."""


def draw_qr(address: str) -> Markup:
    """Return the QR code of the URL `address` as SVG. The style sheet sets the size of the image."""
    code = segno.make_qr(address, error="m")
    svg = io.BytesIO()
    code.save(
        svg,
        kind="svg",
        xmldecl=False,
        svgns=False,
        nl=False,
        border=QUIET_ZONE,
        omitsize=True,
        light="#fff",
    )
    return Markup(svg.getvalue().decode())  # noqa: S704 - the SVG contains no text, only squares
