"""A sender for tests, which sends at a given time."""

from datetime import datetime
from email.headerregistry import Address

from fitquiz.config.mail_server import MailServer
from fitquiz.config.site_owner import SiteOwner
from fitquiz.server.mail_sender import MailSender
from fitquiz.store.engine.database import Database
from tests.store.support.mailing_cast import KEY, MADE
from tests.web.support.clock import OSLO

NO_OWNER = SiteOwner(organisation="", contact="", contact_link="", accessibility_url="")
"""The owner of a server on which no setting names an organisation."""


def make_sender(
    database: Database,
    port: int,
    now: datetime = MADE,
    secret_key: str = KEY,
    owner: SiteOwner = NO_OWNER,
) -> MailSender:
    """Return a sender that uses the mail server at `port` of this machine."""
    server = MailServer(
        host="127.0.0.1",
        port=port,
        user="",
        password="",
        has_tls=False,
        needs_starttls=False,
        sender=Address("Work quiz", addr_spec="quiz@example.org"),
    )
    return MailSender(database, server, secret_key, OSLO, owner, get_now=lambda: now)
