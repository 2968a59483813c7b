"""All settings, as one table: read from FITQUIZ_… variables; a bad value stops the start with a sentence."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from fitquiz.config.bundled_folders import find_folder

BACKUP_DAYS = 14
"""The longest time that a backup may be kept, in days. Pages promise it; the shipped timer deletes by it."""


class SettingsError(Exception):
    """The server cannot start as it is set; the message is a sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class Setting:
    """One row of the table."""

    name: str
    default: str
    help: str
    least: int | None = None
    most: int | None = None


SETTINGS = (
    Setting("HOST", "127.0.0.1", "Address to listen on."),
    Setting("PORT", "8000", "Port to listen on.", 1, 65535),
    Setting(
        "WORKERS", "2", "Processes that answer; as many as the machine has cores do best.", 1, 64
    ),
    Setting(
        "THREADS",
        "1",
        "Requests that each process answers at the same time; more only if PostgreSQL is on another machine.",
        1,
        256,
    ),
    Setting(
        "PROXIES",
        "",
        "Addresses or networks of proxies, with commas between, whose X-Forwarded-… headers are believed.",
    ),
    Setting(
        "HOSTS",
        "",
        "Names that it answers to, with commas between; empty: any, which only a proxy makes safe.",
    ),
    Setting("LOG_FORMAT", "text", "How failures are logged: text, or json, one object a line."),
    Setting(
        "METRICS_TOKEN",
        "",
        "At least 32 characters, for who may read /metrics; empty: there is no such page.",
    ),
    Setting("INSTANCE", "instance", "Folder of the database and the secret key."),
    Setting(
        "DATABASE_URL",
        "",
        "Database; empty: SQLite in the instance folder. Or postgresql://user:password@host/name.",
    ),
    Setting(
        "LEDGER_URL",
        "",
        "On PostgreSQL: HR's own login, on this server or a copy, which reads the ledger alone; empty: a role.",
    ),
    Setting(
        "SECRET_KEY",
        "",
        "At least 32 characters; empty: a key file is made in the instance folder.",
    ),
    Setting("QUESTIONS", "", "Folder of the packs; empty: the packs that are shipped."),
    Setting("PACK", "front-back-office", "Id of the pack on the front page."),
    Setting(
        "UNFINISHED_DAYS", "30", "Unfinished attempts are deleted after so many days.", 1, 3650
    ),
    Setting("FINISHED_DAYS", "180", "Finished attempts are deleted after so many days.", 1, 3650),
)


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings as read, one field a row of the table."""

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
    unfinished_days: int
    finished_days: int


def read_settings(environment: Mapping[str, str]) -> Settings:
    """Return the settings of an environment; raise SettingsError for a bad value or a name that is not in the table."""
    known = {f"FITQUIZ_{setting.name}" for setting in SETTINGS}
    for name in environment:
        if name.startswith("FITQUIZ_") and name not in known:
            raise SettingsError(
                f"{name} is no setting; the settings are {', '.join(sorted(known))}."
            )
    values: dict[str, Any] = {
        setting.name.lower(): _read(setting, environment) for setting in SETTINGS
    }
    values["instance"] = Path(values["instance"]).absolute()
    values["questions"] = (
        Path(values["questions"]).absolute() if values["questions"] else find_folder("questions")
    )
    if not values["database_url"]:
        values["database_url"] = f"sqlite:///{values['instance'] / 'fitquiz.db'}"
    return Settings(**{field.name: values[field.name] for field in fields(Settings)})


def _read(setting: Setting, environment: Mapping[str, str]) -> str | int:
    text = environment.get(f"FITQUIZ_{setting.name}", "") or setting.default
    if setting.least is None or setting.most is None:
        return text
    if text.isascii() and text.isdigit() and setting.least <= int(text) <= setting.most:
        return int(text)
    raise SettingsError(
        f"FITQUIZ_{setting.name} is {text!r}; write a whole number from {setting.least} to {setting.most}."
    )
