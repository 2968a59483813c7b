"""How often something may be tried: taken before the work is done, and answered with 429 and when to come back."""

from datetime import datetime, timedelta

from flask import request
from sqlalchemy.orm import Session
from werkzeug.exceptions import TooManyRequests

from fitquiz.store.throttles import Throttle, give_back, take_try
from fitquiz.web.db import writing

AN_ACCOUNT, AN_ADDRESS = Throttle("account", 10, 15), Throttle("address", 20, 15)
CODES = Throttle("code", 20, 15)


def take_sign_in(email: str, now: datetime) -> None:
    """Take one try of an account and one of this address, or answer 429."""
    _take(((AN_ADDRESS, _address()), (AN_ACCOUNT, email)), now)


def give_back_sign_in(session: Session, email: str) -> None:
    """Give both back: it was no wrong one."""
    give_back(session, AN_ADDRESS, _address())
    give_back(session, AN_ACCOUNT, email)


def take_code(now: datetime) -> None:
    """Take one try of this address to type a code, or answer 429."""
    _take(((CODES, _address()),), now)


def give_back_code(session: Session) -> None:
    """Give it back: it was a right one."""
    give_back(session, CODES, _address())


def _take(wanted: tuple[tuple[Throttle, str], ...], now: datetime) -> None:
    with writing() as session:
        waits = [wait for throttle, who in wanted if (wait := take_try(session, throttle, who, now))]
    if waits:
        raise TooManyRequests(retry_after=int((max(waits) - now) / timedelta(seconds=1)) + 1)


def _address() -> str:
    return request.remote_addr or ""
