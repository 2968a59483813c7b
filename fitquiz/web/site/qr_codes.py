"""QR codes as SVG images inside a page: dark squares on white, in dark mode too."""

import io

import segno
from markupsafe import Markup

QUIET_ZONE = 4
"""The width of the white margin that scanners need, in squares."""


def draw_qr(address: str) -> Markup:
    """Return the QR code of an address as SVG; its size is left to the style sheet."""
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
    return Markup(svg.getvalue().decode())  # noqa: S704 - the library writes numbers only
