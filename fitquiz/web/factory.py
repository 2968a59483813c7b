"""Creates the Flask app from the settings.

If the app cannot start, `create_app` raises SettingsError before the server listens. The
message of the error describes the problem for the operator.
"""

import os
from datetime import UTC, datetime

from flask import Flask
from sqlalchemy.exc import DBAPIError

from fitquiz.config.bundled_folders import find_folder
from fitquiz.config.instance_folder import open_to_write
from fitquiz.config.logs import init_logs
from fitquiz.config.secret_key import claim_database, find_secret_key
from fitquiz.config.settings import Settings, SettingsError, read_settings
from fitquiz.config.site_owner import read_site_owner
from fitquiz.store.engine.database import (
    DatabaseUnusableError,
    describe_error,
    open_database,
)
from fitquiz.store.upkeep.schema import upgrade_schema
from fitquiz.web.accounts import (
    hand_over,
    own_account,
    second_factors,
    sign_in,
    staff_admin,
)
from fitquiz.web.accounts.kept_forms import init_kept_forms
from fitquiz.web.accounts.staff_navigation import init_staff_navigation
from fitquiz.web.counsellors import clients, links
from fitquiz.web.device.device_cookies import init_device_cookies
from fitquiz.web.device.held_attempts import init_held_attempts
from fitquiz.web.device.kiosk import init_kiosk
from fitquiz.web.errors import init_errors
from fitquiz.web.hr import (
    campaign_lifecycle,
    campaigns,
    colleagues,
    kiosks,
    units,
)
from fitquiz.web.hr.inviting import invitations, link_renewal
from fitquiz.web.hr.mailings import mailings, people
from fitquiz.web.hr.reports import reports, respondent_reports
from fitquiz.web.landing import (
    invitation_landing,
    link_landing,
    link_return,
    mail_stop,
    shared_report,
    short_addresses,
)
from fitquiz.web.limits.form_limits import init_form_limits
from fitquiz.web.limits.invitation_limit import init_invitation_limit
from fitquiz.web.limits.return_limit import init_return_limit
from fitquiz.web.limits.wrong_link_limit import init_wrong_link_limit
from fitquiz.web.mail.mail_switch import init_mail
from fitquiz.web.monitoring import health
from fitquiz.web.monitoring.metrics import init_metrics
from fitquiz.web.quiz import (
    answering,
    background_answers,
    check,
    group_count,
    info,
    keeping,
    optional_parts,
)
from fitquiz.web.quiz.item_pages import init_item_pages
from fitquiz.web.results import comparisons, job_ratings, result
from fitquiz.web.security.access import init_access
from fitquiz.web.security.csrf import init_csrf
from fitquiz.web.security.current_staff import init_current_staff
from fitquiz.web.security.headers import init_headers
from fitquiz.web.security.proxies import init_proxies
from fitquiz.web.security.session_cookie import BrowserSessions
from fitquiz.web.sharing import manage_shares, public_share
from fitquiz.web.site import static_files
from fitquiz.web.site.charts import init_charts
from fitquiz.web.site.database_session import init_database
from fitquiz.web.site.foreign_texts import init_foreign_texts
from fitquiz.web.site.formatting import init_formatting
from fitquiz.web.site.installed_packs import init_packs
from fitquiz.web.site.ledger_session import init_ledger
from fitquiz.web.site.page_language import PREFIX, init_languages
from fitquiz.web.site.pasted_addresses import init_pasted_addresses

PAGES = (
    # Pages for respondents.
    info,
    invitation_landing,
    link_landing,
    link_return,
    mail_stop,
    shared_report,
    answering,
    background_answers,
    check,
    optional_parts,
    keeping,
    group_count,
    result,
    comparisons,
    job_ratings,
    manage_shares,
    public_share,
    # Pages for staff.
    sign_in,
    second_factors,
    own_account,
    staff_admin,
    hand_over,
    campaigns,
    campaign_lifecycle,
    colleagues,
    units,
    invitations,
    mailings,
    people,
    kiosks,
    link_renewal,
    reports,
    respondent_reports,
    links,
    clients,
)
"""Modules whose page addresses begin with a language, for example `/en/`."""

WITHOUT_LANGUAGE = (short_addresses, health, static_files)

MAX_STATEMENT_SECONDS = 10
"""The time limit for one SQL statement of a page on PostgreSQL, in seconds.

Statements of housekeeping and of migrations have no time limit. On SQLite, no statement has a
time limit.
"""


def create_app(settings: Settings | None = None) -> Flask:
    """Migrate the database and return the app.

    If `settings` is None, read the settings from the environment variables. Raise SettingsError
    if the app cannot start with the settings.
    """
    if settings is None:
        settings = read_settings(os.environ)
    init_logs(settings)

    app = _make_flask(settings)
    init_metrics(app, settings)
    init_proxies(app, settings)
    init_packs(app, settings)
    init_mail(app, settings)
    app.jinja_env.globals["site_owner"] = read_site_owner(settings)
    _connect_database(app, settings)
    _protect(app)
    _prepare_pages(app)
    _register_pages(app)
    return app


def _make_flask(settings: Settings) -> Flask:
    app = Flask(
        "fitquiz",
        template_folder=str(find_folder("templates")),
        static_folder=None,
    )
    app.config.update(
        # If no key exists, the value is None until `claim_database` creates the key.
        SECRET_KEY=find_secret_key(settings),
        WTF_CSRF_TIME_LIMIT=None,
        # Do not require the header Referer, because some browsers do not send this header.
        # `foreign_forms.py` checks other headers.
        WTF_CSRF_SSL_STRICT=False,
    )
    app.session_interface = BrowserSessions()
    app.jinja_env.trim_blocks = True
    app.jinja_env.lstrip_blocks = True
    app.extensions["fitquiz_settings"] = settings
    return app


def _connect_database(app: Flask, settings: Settings) -> None:
    """Migrate the database, compare its key fingerprint with the secret key, and open connections.

    Raise SettingsError if the database cannot be used or belongs to another secret key.
    """
    try:
        _migrate(settings)
        database = open_database(settings.database_url, MAX_STATEMENT_SECONDS)
        secret_key = claim_database(database, settings, datetime.now(UTC))
        app.config["SECRET_KEY"] = secret_key
        init_database(app, database)
        init_ledger(app, database, settings.ledger_url, MAX_STATEMENT_SECONDS)

    except DatabaseUnusableError as error:
        raise SettingsError(str(error)) from error
    except DBAPIError as error:
        raise SettingsError(
            f"The database {database.address} cannot be used: {describe_error(error)}."
        ) from error


def _migrate(settings: Settings) -> None:
    database = open_to_write(settings)
    try:
        upgrade_schema(database)
    finally:
        database.engine.dispose()


def _protect(app: Flask) -> None:
    """Register the functions that run before and after each request.

    Before a request, Flask runs the functions in the order of registration. After a request, Flask
    runs the functions in the reverse order.
    """
    init_current_staff(app)
    init_form_limits(app)
    # `init_access` must come before `init_csrf`. Otherwise, a form from another site would get
    # the error page for a missing CSRF token.
    init_access(app)
    init_csrf(app)
    init_kept_forms(app)
    init_device_cookies(app)
    init_headers(app)
    init_wrong_link_limit(app)
    init_invitation_limit(app)
    init_return_limit(app)


def _prepare_pages(app: Flask) -> None:
    """Add the error pages, the functions and filters of the templates, and the item page cache."""
    init_errors(app)
    init_languages(app)
    init_formatting(app)
    init_staff_navigation(app)
    init_foreign_texts(app)
    init_charts(app)
    static_files.init_static_files(app)
    init_item_pages(app)
    init_kiosk(app)
    init_held_attempts(app)
    init_pasted_addresses(app)


def _register_pages(app: Flask) -> None:
    for module in PAGES:
        app.register_blueprint(module.blueprint, url_prefix=PREFIX)
    for module in WITHOUT_LANGUAGE:
        app.register_blueprint(module.blueprint)
