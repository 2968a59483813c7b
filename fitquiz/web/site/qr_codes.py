"""QR codes as inline drawings: dark squares on a light ground with its quiet zone, in dark mode too."""

import io

import segno
from markupsafe import Markup

QUIET = 4
"""The width of the margin that readers need, in squares."""


def draw_qr(address: str) -> Markup:
    """Return an address as an SVG drawing that scales with its frame."""
    drawn = io.BytesIO()
    code = segno.make_qr(address, error="m")
    code.save(
        drawn,
        kind="svg",
        xmldecl=False,
        svgns=False,
        nl=False,
        border=QUIET,
        omitsize=True,
        light="#fff",
    )
    return Markup(drawn.getvalue().decode())  # noqa: S704 - drawn by the library, holds nothing but numbers
