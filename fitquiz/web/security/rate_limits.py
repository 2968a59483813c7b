"""Rate limits in the database.

A `take_…` function counts one use before the work is done, or answers 429 if the limit is reached.
A `give_back_…` function takes the use back after a success.

The database must not reveal who came from where, or when an attempt began:

- Addresses are stored as hashes that are keyed with the server's secret.
- A row that belongs to an attempt holds the end of a time slot instead of the exact time. The slots
  of each row start at another time.
"""

import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_network

from flask import current_app, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import TooManyRequests

from fitquiz.store.accounts.rate_limits import RateLimit, give_back, take_try
from fitquiz.web.security.proxies import read_address
from fitquiz.web.site.database_session import writing

SIGN_INS_PER_ACCOUNT = RateLimit("account", 10, 15)
SIGN_INS_PER_ADDRESS = RateLimit("address", 20, 15)
CODES_PER_ADDRESS = RateLimit("code", 20, 15)
ATTEMPTS_PER_ADDRESS = RateLimit("begin", 120, 10)
"""High enough for a whole office behind one address, too low for a script."""
BURST = RateLimit("burst", 50, 10)
"""From how many attempts per address and campaign the owner of the campaign gets a warning."""
MAX_BURST_OFFSET = 40
"""A random offset per campaign and address, so that the warning does not reveal the exact count."""
FORM_SUBMISSIONS = RateLimit("made", 1, 24 * 60)
"""A form that creates something does so once a day. A double click has no second effect."""
SHARE_OPENINGS = RateLimit("opening", 1, 2)
"""A double click on a share counts as one opening. Later the browser's session remembers it."""

_ATTEMPT_SLOT = timedelta(minutes=1)
_BURST_SLOT = timedelta(minutes=10)
_MILLISECOND = timedelta(milliseconds=1)
_EPOCH = datetime.fromtimestamp(0, UTC)
_IPV6_NETWORK_BITS = 64
"""A household or an office gets a whole network of this size, so its addresses count as one."""


class TooManyBegunError(TooManyRequests):
    """Too many attempts were begun from this address; the next one must wait."""


def take_sign_in(email: str, now: datetime) -> None:
    """Take one sign-in of this account and one of this address, or answer 429."""
    _take([(SIGN_INS_PER_ADDRESS, address_key()), (SIGN_INS_PER_ACCOUNT, email)], now)


def give_back_sign_in(session: Session, email: str) -> None:
    give_back(session, SIGN_INS_PER_ADDRESS, address_key())
    give_back(session, SIGN_INS_PER_ACCOUNT, email)


def take_code(now: datetime) -> None:
    """Take one typed code of this address, or answer 429."""
    _take([(CODES_PER_ADDRESS, address_key())], now)


def give_back_code(session: Session) -> None:
    give_back(session, CODES_PER_ADDRESS, address_key())


def take_beginning(session: Session, now: datetime) -> None:
    """Take one attempt of this address, or raise TooManyBegunError (429).

    Call this in the transaction that begins the attempt.
    """
    address = address_key()
    slots_name = ATTEMPTS_PER_ADDRESS.name + address
    slot_end = end_slot(slots_name, now, _ATTEMPT_SLOT)
    allowed_at = take_try(session, ATTEMPTS_PER_ADDRESS, address, slot_end)
    if allowed_at is not None:
        slot_start = end_slot(slots_name, allowed_at, _ATTEMPT_SLOT) - _ATTEMPT_SLOT
        raise TooManyBegunError(retry_after=count_seconds(slot_start - now))


def is_burst(session: Session, campaign_id: int, now: datetime) -> bool:
    """Count an attempt by an open link; return whether this address has begun unusually many."""
    key = f"{campaign_id}:{address_key()}"
    offset = _draw_number(f"bursts:{key}") % (MAX_BURST_OFFSET + 1)
    limit = replace(BURST, tries=BURST.tries + offset)
    slot_end = end_slot(BURST.name + key, now, _BURST_SLOT)
    allowed_at = take_try(session, limit, key, slot_end)
    return allowed_at is not None


def take_making(session: Session, form_fingerprint: str, now: datetime) -> bool:
    """Record that a form creates something; return False if it already did so.

    Call this in the transaction that creates it.
    """
    key = _hash_with_secret(form_fingerprint)
    allowed_at = take_try(session, FORM_SUBMISSIONS, key, now)
    return allowed_at is None


def give_back_making(session: Session, form_fingerprint: str) -> None:
    """Allow the form to create it later, because it was refused this time."""
    give_back(session, FORM_SUBMISSIONS, _hash_with_secret(form_fingerprint))


def take_opening(session: Session, share_id: int, browser: str, now: datetime) -> bool:
    """Record that a browser opens a share; return False if it just did so."""
    key = _hash_with_secret(f"{share_id}:{browser}")
    slot_end = end_slot(SHARE_OPENINGS.name + key, now, _ATTEMPT_SLOT)
    allowed_at = take_try(session, SHARE_OPENINGS, key, slot_end)
    return allowed_at is None


def end_slot(slots_name: str, moment: datetime, slot: timedelta) -> datetime:
    """Return the end of the time slot that holds a moment. The name decides when slots start."""
    offset = _draw_number(slots_name) % (slot // _MILLISECOND)
    first_end = _EPOCH + offset * _MILLISECOND
    slots_before = (first_end - moment) // slot
    return first_end - slots_before * slot


def address_key() -> str:
    """Return a keyed hash of the visitor's IPv4 address or IPv6 network."""
    text = request.remote_addr or ""
    address = read_address(text)
    if isinstance(address, IPv6Address):
        network = ip_network((address, _IPV6_NETWORK_BITS), strict=False)
        return _hash_with_secret(str(network))
    if address is not None:
        return _hash_with_secret(str(address))
    return _hash_with_secret(text)


def count_seconds(wait: timedelta) -> int:
    """Return the whole seconds after which a wait is over."""
    return int(wait / timedelta(seconds=1)) + 1


def _draw_number(name: str) -> int:
    """Return a number that is always the same for a name, and secret."""
    return int(_hash_with_secret(name), 16)


def _hash_with_secret(text: str) -> str:
    secret_key = str(current_app.config["SECRET_KEY"])
    return hmac.new(secret_key.encode(), text.encode(), hashlib.sha256).hexdigest()


def _take(limits: list[tuple[RateLimit, str]], now: datetime) -> None:
    """Take one from each limit, or answer 429 with the time when all of them allow it again."""
    allowed_at: list[datetime] = []
    with writing() as session:
        for limit, key in limits:
            refused_until = take_try(session, limit, key, now)
            if refused_until is not None:
                allowed_at.append(refused_until)
    if allowed_at:
        wait = max(allowed_at) - now
        raise TooManyRequests(retry_after=count_seconds(wait))
