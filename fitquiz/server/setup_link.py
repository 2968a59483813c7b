"""Makes the set-up link, with which the operator creates the first admin account.

If no account exists, each start of the server makes a new set-up link. The lifetime of the link is
in `LIFETIMES` of `fitquiz/store/accounts/password_links.py`.
"""

import secrets
from datetime import UTC, datetime

from flask import Flask

from fitquiz.config.settings import Settings
from fitquiz.core.secrets.tokens import hash_token
from fitquiz.store.accounts.password_links import SETUP, make_link
from fitquiz.store.accounts.staff import staff_exist
from fitquiz.web.security.proxies import read_hosts
from fitquiz.web.site.database_session import get_session, writing


def make_setup_link(app: Flask) -> str | None:
    """Return the path of a new set-up link, or None if an account exists.

    The new set-up link replaces the earlier set-up link, which then no longer works.
    """
    with app.app_context():
        if staff_exist(get_session()):
            return None
        token = secrets.token_urlsafe(32)
        with writing() as session:
            make_link(session, hash_token(token), None, SETUP, datetime.now(UTC))
    return f"/en/staff-links/{token}"


def find_public_address(settings: Settings) -> str:
    """Return an address of the server for the printed link, without a slash at the end.

    If FITQUIZ_HOSTS does not contain the address on which the server listens, the server refuses
    requests to this address. In this case, use the first host name of FITQUIZ_HOSTS. Behind a
    trusted proxy, visitors open this host name with HTTPS and without a port.
    """
    hosts = read_hosts(settings.hosts)
    host = settings.host.lower()
    if ":" in host:
        host = f"[{host}]"
    if not hosts or host in hosts:
        return f"http://{host}:{settings.port}"
    if settings.proxies:
        return f"https://{hosts[0]}"
    return f"http://{hosts[0]}:{settings.port}"
