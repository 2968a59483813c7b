"""Sets an authenticator app up, and computes its codes."""

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
    """Return the secret in the page's link for the authenticator app."""
    (address,) = [link for link in page.links if link.startswith("otpauth:")]
    from_link = parse_qs(urlsplit(address).query)["secret"][0]
    assert re.sub(" ", "", page.list_texts("code")[0]) == from_link
    return base64.b32decode(from_link)


def show(secret: bytes, steps: int = 0) -> str:
    """Return the code that the authenticator app shows after this number of time steps."""
    return compute_code(secret, int(datetime.now(UTC).timestamp()) // STEP_SECONDS + steps)


def set_up(person: StaffMember) -> tuple[bytes, list[str]]:
    """Set an authenticator app up. Return the app's secret and the recovery codes."""
    person.open(OWN)
    secret = read_secret(person.page)
    person.send(person.page.find_form("/add"), code=show(secret), present=PASSWORD)
    codes = person.page.list_texts("code")
    assert (person.page.h1, len(set(codes))) == ("Recovery codes", 10)
    return secret, codes


def forget_step(app: Flask) -> None:
    """Forget which codes were used, so that the code of this half minute is valid again."""
    with app.app_context(), writing() as session:
        session.execute(text("UPDATE staff SET totp_step = totp_step - 9"))
