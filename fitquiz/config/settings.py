"""The table of all settings, and the function that reads the settings from FITQUIZ_… variables.

If the value of a setting is not valid, the server or the command prints a sentence about the value
and does not start.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from fitquiz.config.bundled_folders import find_folder

BACKUP_DAYS = 14
"""The maximum age of a backup in days.

The privacy page promises this maximum. The systemd service `deploy/fitquiz-backup.service` deletes
each backup before the backup reaches this age.
"""


class SettingsError(Exception):
    """The server or command cannot do its work. The message tells the operator what to do."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of the table SETTINGS.

    A setting with a `minimum` and a `maximum` is a whole number. All other settings are texts.

    `name` is the name of the environment variable without FITQUIZ_.
    """

    name: str
    default: str
    help: str
    minimum: int | None = None
    maximum: int | None = None


SETTINGS = (
    Setting("HOST", "127.0.0.1", "The address that the server listens on."),
    Setting(
        "PORT", "8000", "The port that the server listens on.", minimum=1, maximum=65535
    ),
    Setting(
        "WORKERS",
        "2",
        "Number of worker processes. The number of processor cores works best.",
        minimum=1,
        maximum=64,
    ),
    Setting(
        "THREADS",
        "1",
        "Threads of each worker. More than one thread helps only if PostgreSQL runs on another "
        "machine.",
        minimum=1,
        maximum=256,
    ),
    Setting(
        "PROXIES",
        "",
        "Addresses or networks of trusted proxies, separated by commas. "
        "The server uses the X-Forwarded-… headers of these proxies only.",
    ),
    Setting(
        "HOSTS",
        "",
        "Host names that the server accepts, separated by commas. "
        "Empty: all names, which is safe only behind a proxy that checks the host name.",
    ),
    Setting(
        "LOG_FORMAT", "text", "Format of the log: text, or json for one object a line."
    ),
    Setting(
        "METRICS_TOKEN",
        "",
        "Bearer token for /metrics, at least 32 characters. Empty: /metrics is switched off.",
    ),
    Setting("INSTANCE", "instance", "Folder of the database and the secret key."),
    Setting(
        "DATABASE_URL",
        "",
        "URL of the database, for example postgresql://user:password@host/name. "
        "Empty: an SQLite file in the instance folder.",
    ),
    Setting(
        "LEDGER_URL",
        "",
        "Only with PostgreSQL: the URL of the database for HR's reports, "
        "with a login that can read only the ledger. The URL may name a replica. "
        "Empty: HR's reports use FITQUIZ_DATABASE_URL, "
        "with a PostgreSQL role that can read only the ledger.",
    ),
    Setting(
        "SECRET_KEY",
        "",
        "Secret key of at least 32 random characters. "
        "Empty: the server creates a key file in the instance folder.",
    ),
    Setting(
        "QUESTIONS", "", "Folder of the packs. Empty: the packs that come with fitquiz."
    ),
    Setting("PACK", "front-back-office", "Id of the pack on the front page."),
    Setting(
        "BEGINNINGS",
        "600",
        "Attempts that can begin from one network address in ten minutes. "
        "Attempts with a link for one person do not count.",
        minimum=1,
        maximum=100_000,
    ),
    Setting(
        "UNFINISHED_DAYS",
        "30",
        "Days after which an unfinished attempt is deleted.",
        minimum=1,
        maximum=3650,
    ),
    Setting(
        "FINISHED_DAYS",
        "180",
        "Days after which a finished attempt is deleted.",
        minimum=1,
        maximum=3650,
    ),
    Setting(
        "YEARLY_FACTOR",
        "144",
        "Largest odds factor of all campaigns of a year together.",
        minimum=12,
        maximum=1_000_000,
    ),
    Setting(
        "STAFF_IDLE_MINUTES",
        "30",
        "Minutes without use after which staff are signed out.",
        minimum=10,
        maximum=720,
    ),
    Setting(
        "TIMEZONE",
        "Europe/Oslo",
        "Time zone of all days, for example of the last day of a campaign.",
    ),
    Setting(
        "SMTP_URL",
        "",
        "Mail server for invitations, for example smtp://user:password@mail.example.org:587. "
        "Empty: the server sends no e-mail.",
    ),
    Setting(
        "MAIL_FROM",
        "",
        "Sender of invitations, for example Work quiz <quiz@example.org>.",
    ),
    Setting(
        "ORGANISATION",
        "",
        "Name of the organisation that is responsible for the answers. Pages and invitations show the name.",
    ),
    Setting(
        "CONTACT",
        "",
        "E-mail address or https address at which people reach the organisation.",
    ),
    Setting(
        "ACCESSIBILITY_URL",
        "",
        "The https address of the organisation's accessibility statement.",
    ),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The values of all settings, in the order of the table SETTINGS."""

    host: str
    port: int
    workers: int
    threads: int
    proxies: str
    hosts: str
    log_format: str
    metrics_token: str
    instance: Path
    database_url: str
    ledger_url: str
    secret_key: str
    questions: Path
    pack: str
    beginnings: int
    unfinished_days: int
    finished_days: int
    yearly_factor: int
    staff_idle_minutes: int
    timezone: ZoneInfo
    smtp_url: str
    mail_from: str
    organisation: str
    contact: str
    accessibility_url: str


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Return the settings. `environment` contains the environment variables.

    Raise SettingsError if a value is not valid. Also raise SettingsError if a variable begins with
    FITQUIZ_ and is not in the table SETTINGS.
    """
    known = {f"FITQUIZ_{setting.name}" for setting in SETTINGS}
    for name in environment:
        if name.startswith("FITQUIZ_") and name not in known:
            names = ", ".join(sorted(known))
            raise SettingsError(f"{name} is not a setting; the settings are {names}.")

    values: dict[str, Any] = {}
    for setting in SETTINGS:
        values[setting.name.lower()] = _read(setting, environment)

    values["timezone"] = _read_zone(values["timezone"])
    instance = Path(values["instance"]).absolute()
    values["instance"] = instance
    if values["questions"]:
        values["questions"] = Path(values["questions"]).absolute()
    else:
        values["questions"] = find_folder("questions")
    if not values["database_url"]:
        values["database_url"] = f"sqlite:///{instance / 'fitquiz.db'}"

    return Settings(**{field.name: values[field.name] for field in fields(Settings)})


def _read(setting: Setting, environment: Mapping[str, str]) -> str | int:
    text = environment.get(f"FITQUIZ_{setting.name}", "") or setting.default
    if setting.minimum is None or setting.maximum is None:
        return text

    # Without isascii, digits of other scripts, for example Arabic digits, would be accepted.
    is_number = text.isascii() and text.isdigit()
    if not is_number or not setting.minimum <= int(text) <= setting.maximum:
        raise SettingsError(
            f"FITQUIZ_{setting.name} is {text!r}; "
            f"write a whole number from {setting.minimum} to {setting.maximum}."
        )
    return int(text)


def _read_zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    # The error depends on the kind of fault: an unknown name, a path, or the name of a folder.
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingsError(
            f"FITQUIZ_TIMEZONE is {name!r}; "
            "write the name of a time zone, for example Europe/Oslo."
        ) from error
