"""How often something may be tried: taken before the work is done, and answered with 429 and when to come back.

The database learns no address: what it keeps is keyed with the server's secret, and forgotten when all tries are back.
Nor does it learn when an attempt was begun, which would lead to the attempt: the tries of one slot of time all count as
made at its end, and when slots end differs from key to key.
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
from fitquiz.web.site.db import writing

AN_ACCOUNT, AN_ADDRESS = RateLimit("account", 10, 15), RateLimit("address", 20, 15)
CODES = RateLimit("code", 20, 15)
BEGINNINGS = RateLimit("begin", 120, 10)
"""Attempts begun from one address: an office behind one has room, a script has not."""
BURSTS = RateLimit("burst", 50, 10)
"""The fewest attempts begun from one address by a campaign's open links before its owner is told."""
BURSTS_MORE = 40
"""By up to so many more each campaign and address differs: that it was told tells no number."""
_BEGINNING_SLOT, _BURST_SLOT = timedelta(minutes=1), timedelta(minutes=10)
MADE = RateLimit("made", 1, 24 * 60)
"""A form that makes something new does so once; for a day it is remembered that it has."""
OPENINGS = RateLimit("opening", 1, 2)
"""A browser opens a share once: its second click within a minute or two is none, and after that it knows by itself."""
_IPV6_BITS = 64
"""What a household or an office is given: who is told apart by single IPv6 addresses is not told apart at all."""


class TooManyBegunError(TooManyRequests):
    """So many attempts have been begun from this address that the next one has to wait."""


def take_sign_in(email: str, now: datetime) -> None:
    """Take one try of an account and one of this address, or answer 429."""
    _take(((AN_ADDRESS, address_key()), (AN_ACCOUNT, email)), now)


def give_back_sign_in(session: Session, email: str) -> None:
    """Give both back: it was no wrong one."""
    give_back(session, AN_ADDRESS, address_key())
    give_back(session, AN_ACCOUNT, email)


def take_code(now: datetime) -> None:
    """Take one try of this address to type a code, or answer 429."""
    _take(((CODES, address_key()),), now)


def give_back_code(session: Session) -> None:
    """Give it back: it was a right one."""
    give_back(session, CODES, address_key())


def take_beginning(session: Session, now: datetime) -> None:
    """Take one attempt of this address in the transaction that begins it, or answer 429."""
    who = address_key()
    if wait := take_try(
        session, BEGINNINGS, who, end_slot(BEGINNINGS.name + who, now, _BEGINNING_SLOT)
    ):
        again = end_slot(BEGINNINGS.name + who, wait, _BEGINNING_SLOT) - _BEGINNING_SLOT
        raise TooManyBegunError(retry_after=count_seconds(again - now))


def is_burst(session: Session, campaign_id: int, now: datetime) -> bool:
    """Note an attempt of this address by a campaign's open link; True if there are unusually many of them."""
    who = f"{campaign_id}:{address_key()}"
    bursts = replace(BURSTS, tries=BURSTS.tries + _draw(f"bursts:{who}") % (BURSTS_MORE + 1))
    return take_try(session, bursts, who, end_slot(BURSTS.name + who, now, _BURST_SLOT)) is not None


def take_making(session: Session, mark: str, now: datetime) -> bool:
    """Note, in the transaction that makes it, that a form of this mark makes something; False if it has already."""
    return take_try(session, MADE, _key(mark).hexdigest(), now) is None


def give_back_making(session: Session, mark: str) -> None:
    """Let the form make it later: there was a reason not to."""
    give_back(session, MADE, _key(mark).hexdigest())


def take_opening(session: Session, share_id: int, browser: str, now: datetime) -> bool:
    """Note that a browser opens a share; False if it has just done so."""
    who = _key(f"{share_id}:{browser}").hexdigest()
    return (
        take_try(session, OPENINGS, who, end_slot(OPENINGS.name + who, now, _BEGINNING_SLOT))
        is None
    )


def end_slot(name: str, moment: datetime, slot: timedelta) -> datetime:
    """Return when the slot of time that a moment is in ends, by the slots of this name."""
    begin = datetime.fromtimestamp(0, UTC) + timedelta(
        milliseconds=_draw(name) % (slot // timedelta(milliseconds=1))
    )
    return begin - (begin - moment) // slot * slot


def address_key() -> str:
    """Return what stands for the visitor's address, or for the network that an IPv6 address is in."""
    said = request.remote_addr or ""
    address = read_address(said)
    network = (
        ip_network((address, _IPV6_BITS), strict=False)
        if isinstance(address, IPv6Address)
        else address
    )
    return _key(str(network or said)).hexdigest()


def count_seconds(wait: timedelta) -> int:
    """Return whole seconds after which the wait is over."""
    return int(wait / timedelta(seconds=1)) + 1


def _draw(name: str) -> int:
    """Return a number that is always the same for a name, and nobody else's to know."""
    return int(_key(name).hexdigest(), 16)


def _key(text: str) -> hmac.HMAC:
    return hmac.new(str(current_app.config["SECRET_KEY"]).encode(), text.encode(), hashlib.sha256)


def _take(wanted: tuple[tuple[RateLimit, str], ...], now: datetime) -> None:
    with writing() as session:
        waits = [
            wait for throttle, who in wanted if (wait := take_try(session, throttle, who, now))
        ]
    if waits:
        raise TooManyRequests(retry_after=count_seconds(max(waits) - now))
