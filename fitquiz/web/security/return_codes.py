"""Return codes, made with random bytes and with the server's secret key."""

import secrets

from fitquiz.core.secrets import return_codes
from fitquiz.web.security.secret_key import get_secret_key


def draw_return_code() -> str:
    """Return a new random return code."""
    random_bytes = secrets.token_bytes(return_codes.RANDOM_BYTES)
    return return_codes.make_return_code(random_bytes)


def attempt_token_of(link_id: int, code: str) -> str:
    """Return the token of the attempt that has this return code and began with this link."""
    return return_codes.derive_attempt_token(get_secret_key(), link_id, code)


def return_code_of(link_id: int, token: str) -> str | None:
    """Return the return code of an attempt's token, or None if the attempt has no return code."""
    return return_codes.find_return_code(get_secret_key(), link_id, token)
