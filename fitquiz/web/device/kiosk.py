"""Finds out whether this device is a kiosk: a shared tablet on which a kiosk's link was used.

The shared cookie contains the token of the kiosk's link beside the token of the attempt. The device
is a kiosk until the cookie is deleted or expires. Until then, the device is a shared device for
every attempt that begins here or that an own link opens here.
"""

from dataclasses import dataclass

from flask import Flask

from fitquiz.core.secrets.tokens import make_handle
from fitquiz.web.device.device_cookies import read_tokens


@dataclass(frozen=True, slots=True)
class Kiosk:
    """The handle of the attempt that this kiosk holds, and the token of the kiosk's link."""

    handle: str
    link: str


def init_kiosk(app: Flask) -> None:
    """Let templates call `find_kiosk`."""
    app.context_processor(lambda: {"find_kiosk": find_kiosk})


def find_kiosk() -> Kiosk | None:
    """Return this kiosk, or None if this device is no kiosk."""
    tokens = read_tokens()
    if tokens.shared is None or tokens.kiosk is None:
        return None
    return Kiosk(make_handle(tokens.shared), tokens.kiosk)
