"""Rate limits in the database.

A rate limit gives each key a number of tries. A key is, for example, an account or an IP address.
A `take_…` function takes one try from a key. A `give_back_…` function gives the try back.

The database must not reveal a visitor's IP address or the time at which an attempt began:

- The database stores an IP address only as a hash that is keyed with the secret key.
- When an attempt begins, the database stores the end of a time slot instead of the exact time.
  Each key has its own time slots. Without the secret key, nobody knows when these slots start.
"""

import hashlib
import hmac
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import IPv6Address, ip_network

from flask import current_app, request
from sqlalchemy.orm import Session
from werkzeug.exceptions import TooManyRequests

from fitquiz.store.accounts.rate_limit_counters import RateLimit, give_back, take_try
from fitquiz.web.security.proxies import read_address
from fitquiz.web.site.database_session import writing

SIGN_INS_PER_ACCOUNT = RateLimit("account", 10, 15)
SIGN_INS_PER_ADDRESS = RateLimit("address", 20, 15)
CODES_PER_ADDRESS = RateLimit("code", 120, 10)
"""The limit for wrong codes. A right code always works.

If right codes could be refused, one person who mistypes codes could lock out a whole office.
"""
ATTEMPTS_PER_ADDRESS = RateLimit("begin", 600, 10)
"""The default limit. The setting FITQUIZ_BEGINNINGS replaces its number of tries.

An attempt that begins with a personal link does not count here, but in `invitation_limit.py`.
"""
BURST = RateLimit("burst", 50, 10)
"""HR gets a warning if an IP address begins more attempts of a campaign than BURST allows.

`is_burst` raises the limit by a secret offset.
"""
MAX_BURST_OFFSET = 40
"""The largest secret offset that is added to the tries of BURST.

Each IP address has its own offset in each campaign. Without the offset, the warning would tell HR
the exact number of attempts from the IP address at that moment.
"""
FORM_SUBMISSIONS = RateLimit("made", 1, 24 * 60)
"""A form with one fingerprint can create something only once a day.

Without this limit, a double click could create two campaigns.
"""
SHARE_OPENINGS = RateLimit("opening", 1, 2)
"""Two clicks of one browser within one minute always count as one opening of a share.

The stored time is the end of a time slot of one minute. Therefore the try comes back after one to
two minutes. Later clicks need no limit, because the browser session then contains the id of the
share.
"""

_ATTEMPT_SLOT = timedelta(minutes=1)
_BURST_SLOT = timedelta(minutes=10)
_MILLISECOND = timedelta(milliseconds=1)
_EPOCH = datetime.fromtimestamp(0, UTC)
_IPV6_NETWORK_BITS = 64
"""The prefix length of an IPv6 network. The rate limits count each such network as one address.

An internet provider gives a whole network of this size to one household or office.
"""


class TooManyBegunError(TooManyRequests):
    """Raised if too many attempts were begun from the visitor's IP address."""


class TooManyBegunByOneError(TooManyRequests):
    """Raised if too many attempts were begun with one personal link."""


def take_sign_in(email: str, now: datetime) -> None:
    """Take one try from the account `email` and one try from the visitor's IP address.

    Answer 429 if the account or the IP address has no try left.
    """
    by_address = (SIGN_INS_PER_ADDRESS, address_key())
    by_account = (SIGN_INS_PER_ACCOUNT, email)
    _take([by_address, by_account], now)


def give_back_sign_in(session: Session, email: str) -> None:
    give_back(session, SIGN_INS_PER_ADDRESS, address_key())
    give_back(session, SIGN_INS_PER_ACCOUNT, email)


def take_code(now: datetime) -> None:
    """Take one try to type a wrong code from the visitor's IP address.

    Answer 429 if the IP address has no try left.
    """
    by_address = (CODES_PER_ADDRESS, address_key())
    _take([by_address], now)


def take_beginning(session: Session, now: datetime) -> None:
    """Take one try to begin an attempt from the visitor's IP address.

    Raise TooManyBegunError (429) if the IP address has no try left.

    Call this function in the transaction that begins the attempt. The error then rolls the attempt
    back.
    """
    address = address_key()
    tries = current_app.extensions["fitquiz_settings"].beginnings
    limit = replace(ATTEMPTS_PER_ADDRESS, tries=tries)
    slots_name = ATTEMPTS_PER_ADDRESS.name + address
    slot_end = end_slot(slots_name, now, _ATTEMPT_SLOT)
    allowed_at = take_try(session, limit, address, slot_end)
    if allowed_at is not None:
        slot_start = end_slot(slots_name, allowed_at, _ATTEMPT_SLOT) - _ATTEMPT_SLOT
        raise TooManyBegunError(retry_after=count_seconds(slot_start - now))


def is_burst(session: Session, campaign_id: int, now: datetime) -> bool:
    """Count an attempt that the visitor began with an open link.

    Return whether the IP address has begun more attempts of the campaign than BURST and a secret
    offset allow.
    """
    key = f"{campaign_id}:{address_key()}"
    offset = _draw_number(f"bursts:{key}") % (MAX_BURST_OFFSET + 1)
    limit = replace(BURST, tries=BURST.tries + offset)
    slot_end = end_slot(BURST.name + key, now, _BURST_SLOT)
    allowed_at = take_try(session, limit, key, slot_end)
    return allowed_at is not None


def take_making(session: Session, form_fingerprint: str, now: datetime) -> bool:
    """Take the only try of a form that creates something.

    Return True if the form may create something, and False if the try is already taken.

    Call this function in the transaction in which the form creates something.
    """
    key = _hash_with_secret(form_fingerprint)
    allowed_at = take_try(session, FORM_SUBMISSIONS, key, now)
    return allowed_at is None


def give_back_making(session: Session, form_fingerprint: str) -> None:
    """Give the try back to a form that was refused, so that the form can be sent again."""
    give_back(session, FORM_SUBMISSIONS, _hash_with_secret(form_fingerprint))


def take_opening(session: Session, share_id: int, browser: str, now: datetime) -> bool:
    """Take the browser's try for one counted opening of the share.

    Return True if this opening must be counted. Return False if an opening was counted in the last
    one to two minutes. The browser may open the share in both cases.
    """
    key = _hash_with_secret(f"{share_id}:{browser}")
    slot_end = end_slot(SHARE_OPENINGS.name + key, now, _ATTEMPT_SLOT)
    allowed_at = take_try(session, SHARE_OPENINGS, key, slot_end)
    return allowed_at is None


def end_slot(slots_name: str, moment: datetime, slot: timedelta) -> datetime:
    """Return the end of the time slot that contains `moment`.

    `slot` is the length of a time slot. `slots_name` and the secret key decide when slots start.
    """
    offset = _draw_number(slots_name) % (slot // _MILLISECOND)
    first_end = _EPOCH + offset * _MILLISECOND
    slots_before = (first_end - moment) // slot
    return first_end - slots_before * slot


def address_key() -> str:
    """Return the keyed hash of the visitor's IPv4 address or IPv6 network, in hexadecimal."""
    text = request.remote_addr or ""
    address = read_address(text)
    if isinstance(address, IPv6Address):
        network = ip_network((address, _IPV6_NETWORK_BITS), strict=False)
        return _hash_with_secret(str(network))
    if address is not None:
        return _hash_with_secret(str(address))
    return _hash_with_secret(text)


def count_seconds(wait: timedelta) -> int:
    """Return the smallest whole number of seconds that is longer than `wait`."""
    whole_seconds = wait // timedelta(seconds=1)
    return whole_seconds + 1


def _draw_number(name: str) -> int:
    """Return a secret number that depends only on `name` and the secret key."""
    return int(_hash_with_secret(name), 16)


def _hash_with_secret(text: str) -> str:
    secret_key = str(current_app.config["SECRET_KEY"])
    key = secret_key.encode()
    mac = hmac.new(key, text.encode(), hashlib.sha256)
    return mac.hexdigest()


def _take(limits: list[tuple[RateLimit, str]], now: datetime) -> None:
    """Take one try from the key of each rate limit.

    Answer 429 if a key has no try left, and take no try then. The response contains the number of
    seconds after which all keys have a try.
    """
    allowed_at: list[datetime] = []
    with writing() as session:
        for limit, key in limits:
            refused_until = take_try(session, limit, key, now)
            if refused_until is not None:
                allowed_at.append(refused_until)
        if allowed_at:
            # The error rolls back all tries that this function has taken. Without the rollback,
            # another key could now lose its last try, and the promised wait would be too short.
            wait = max(allowed_at) - now
            raise TooManyRequests(retry_after=count_seconds(wait))
