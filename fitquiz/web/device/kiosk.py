"""Finds out whether this device is a kiosk: a shared tablet on which a kiosk's link was used.

Two cookies make a device a kiosk. The shared cookie of an attempt on a kiosk also contains the
token of the kiosk's link. Therefore, the respondent can finish even if HR has switched the kiosk
off meanwhile. Between two people, only the kiosk cookie is left. The kiosk cookie counts as long as
the link is a kiosk's link that leads to a campaign.

On a kiosk, every attempt is an attempt on a shared device. Kept attempts stay closed, because they
may belong to somebody else.
"""

from dataclasses import dataclass

from flask import Flask, g
from sqlalchemy.exc import SQLAlchemyError

from fitquiz.core.secrets.tokens import hash_token, make_handle
from fitquiz.store.campaigns.campaigns import find_campaign
from fitquiz.store.campaigns.invitations import find_invitation
from fitquiz.store.engine.database import DatabaseUnusableError
from fitquiz.web.device.device_cookies import (
    read_kiosk_cookie,
    read_tokens,
    send_kiosk_cookie,
)
from fitquiz.web.site.clock import get_today
from fitquiz.web.site.database_session import get_session


@dataclass(frozen=True, slots=True)
class Kiosk:
    """The handle of the attempt that this kiosk holds, or None, and the token of the kiosk's link."""

    handle: str | None
    link: str


def init_kiosk(app: Flask) -> None:
    """Let templates call `find_kiosk`."""
    app.context_processor(lambda: {"find_kiosk": find_kiosk})


def find_kiosk() -> Kiosk | None:
    """Return this kiosk, or None if this device is no kiosk. Look only once per request."""
    if "kiosk" not in g:
        g.kiosk = _find_kiosk()
    kiosk: Kiosk | None = g.kiosk
    return kiosk


def renew_kiosk(link: str) -> None:
    """If this device is the kiosk of this link, let the device stay a kiosk for KIOSK_TIME."""
    if read_kiosk_cookie() == link:
        send_kiosk_cookie(link)


def _find_kiosk() -> Kiosk | None:
    tokens = read_tokens()
    handle = make_handle(tokens.shared) if tokens.shared else None
    if tokens.kiosk:
        return Kiosk(handle, tokens.kiosk)

    link = read_kiosk_cookie()
    if link is None or not _is_in_use(link):
        return None
    return Kiosk(handle, link)


def _is_in_use(link: str) -> bool:
    """Return whether this link is still a kiosk's link that leads to a campaign.

    If the database cannot be read, return True. An error page must not end the kiosk.
    """
    try:
        invitation = find_invitation(get_session(), hash_token(link))
        if invitation is None or invitation.is_revoked or not invitation.is_kiosk:
            return False
        campaign = find_campaign(get_session(), invitation.campaign_id)
    except (SQLAlchemyError, DatabaseUnusableError):
        return True
    return campaign is not None and campaign.state(get_today()) != "closed"
