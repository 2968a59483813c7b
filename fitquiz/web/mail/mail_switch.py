"""Whether this server can send e-mail. Without a mail server, no page offers to send e-mail."""

from flask import Flask, abort, current_app, request

from fitquiz.config.mail_server import MailServer, read_mail_server
from fitquiz.config.settings import Settings
from fitquiz.config.site_owner import SiteOwner, read_site_owner


def init_mail(app: Flask, settings: Settings) -> None:
    """Read the settings for e-mail, and let templates call `can_send_mail`.

    Raise SettingsError if the settings are not valid.
    """
    server = read_mail_server(settings)
    app.extensions["fitquiz_mail_server"] = server
    app.add_template_global(can_send_mail)


def can_send_mail() -> bool:
    """Return whether a mail server is set."""
    server = current_app.extensions["fitquiz_mail_server"]
    return server is not None


def get_mail_server() -> MailServer:
    """Return the mail server. Abort with 404 if no mail server is set."""
    server: MailServer | None = current_app.extensions["fitquiz_mail_server"]
    if server is None:
        abort(404)
    return server


def find_site() -> str:
    """Return the address of this server, as the staff member has opened the server."""
    return request.url_root.rstrip("/")


def find_site_owner() -> SiteOwner:
    """Return the organisation that messages name."""
    settings: Settings = current_app.extensions["fitquiz_settings"]
    return read_site_owner(settings)
