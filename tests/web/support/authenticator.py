"""An authenticator app, set up and asked for codes."""

import base64
import re
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

from flask import Flask
from sqlalchemy import text

from fitquiz.core.secrets.totp import STEP_SECONDS, compute_code
from fitquiz.web.site.database_session import writing
from tests.web.support.page import Page
from tests.web.support.staff_member import PASSWORD, StaffMember

OWN = "/en/account/second-factor"


def read_secret(page: Page) -> bytes:
    """Return the secret that the page's link hands to the app."""
    (address,) = [link for link in page.links if link.startswith("otpauth:")]
    from_link = parse_qs(urlsplit(address).query)["secret"][0]
    assert re.sub(" ", "", page.list_texts("code")[0]) == from_link
    return base64.b32decode(from_link)


def show(secret: bytes, steps: int = 0) -> str:
    """What the app shows, so many steps from now."""
    return compute_code(secret, int(datetime.now(UTC).timestamp()) // STEP_SECONDS + steps)


def set_up(person: StaffMember) -> tuple[bytes, list[str]]:
    """Set an app up; return its secret, and the recovery codes."""
    person.open(OWN)
    secret = read_secret(person.page)
    person.send(person.page.find_form("/add"), code=show(secret), present=PASSWORD)
    codes = person.page.list_texts("code")
    assert (person.page.h1, len(set(codes))) == ("Recovery codes", 10)
    return secret, codes


def forget_step(app: Flask) -> None:
    """Let the codes of this half minute be good again, as in the next one."""
    with app.app_context(), writing() as session:
        session.execute(text("UPDATE staff SET totp_step = totp_step - 9"))
