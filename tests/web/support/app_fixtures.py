"""Fixtures: an app with its own database, checked pages, and five people, each with an own browser."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path
from shutil import copy, copytree

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache

from fitquiz.cli.commands import main
from fitquiz.config.settings import read_settings
from fitquiz.store.engine.database import open_database
from fitquiz.store.upkeep.schema import upgrade_schema
from fitquiz.web.factory import create_app
from fitquiz.web.site.database_session import dispose_database
from tests.reliability.support.server import make_environment
from tests.web.support.clock import Clock
from tests.web.support.compiled_templates import CompiledTemplates
from tests.web.support.counselling import find_address, make_link, take
from tests.web.support.page import Page
from tests.web.support.page_checks import check_page
from tests.web.support.quick_building import building_quickly
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import StaffMember

__all__ = [
    "ada",
    "alice",
    "app",
    "carl",
    "client",
    "clock",
    "compiled_templates",
    "get_page",
    "hana",
    "make_app",
    "mallory",
    "migrated",
    "quick_building",
    "run",
    "sharer",
    "started",
]
"""The fixtures. A conftest imports all of these fixtures with `*`."""

GetPage = Callable[..., Page]
MakeApp = Callable[..., Flask]
Run = Callable[..., str]
OF_A_FIRST_START = ("secret_key", "database_url", "instance")
"""With one of these settings, an app starts with another key or with another database."""
NOTHING_SET: Mapping[str, str] = {}
MAIL_SETTINGS: Mapping[str, str] = {
    "FITQUIZ_SMTP_URL": "smtp://127.0.0.1:1",
    "FITQUIZ_MAIL_FROM": "Work quiz <quiz@example.org>",
}
"""A mail server that does not exist. Pages only need to know that a mail server is set."""
STAGE_SETTINGS: Mapping[str, str] = {**MAIL_SETTINGS, "FITQUIZ_YEARLY_FACTOR": "1000000"}
"""The stage has several campaigns. The year has room for one more."""


@pytest.fixture(scope="session")
def compiled_templates(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """A cache of compiled templates, so that each template is compiled only once for all tests."""
    return CompiledTemplates(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture(scope="session")
def quick_building() -> Iterator[None]:
    """Make the building of all apps after the first app quick."""
    with building_quickly():
        yield


@contextmanager
def open_shared_app(
    instance: Path,
    migrated: Path,
    compiled_templates: FileSystemBytecodeCache,
    environment: Mapping[str, str] = NOTHING_SET,
) -> Iterator[Flask]:
    """Yield an app that several tests share, on a copy of the migrated database."""
    copy(migrated, instance / "fitquiz.db")
    app = create_app(read_settings({"FITQUIZ_INSTANCE": str(instance), **environment}))
    app.jinja_env.bytecode_cache = compiled_templates
    yield app
    dispose_database(app)


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory, quick_building: None) -> Path:
    """A database file with the newest schema. Tests copy this file."""
    path = tmp_path_factory.mktemp("migrated") / "fitquiz.db"
    database = open_database(f"sqlite:///{path}")
    upgrade_schema(database)
    database.engine.dispose()
    return path


@pytest.fixture(scope="session")
def started(
    tmp_path_factory: pytest.TempPathFactory,
    migrated: Path,
    compiled_templates: FileSystemBytecodeCache,
) -> Path:
    """The folder of an app that has started once: its key and its database. Tests copy this folder.

    An app that starts for the first time waits until its key and its fingerprint are on the disk.
    """
    instance = tmp_path_factory.mktemp("started")
    with open_shared_app(instance, migrated, compiled_templates):
        pass
    with closing(sqlite3.connect(instance / "fitquiz.db")) as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return instance


@pytest.fixture
def make_app(
    tmp_path: Path, migrated: Path, started: Path, compiled_templates: FileSystemBytecodeCache
) -> Iterator[MakeApp]:
    """Make apps with the given settings. All apps share one database file, unless a setting names another file."""
    apps = []

    def make(**settings: object) -> Flask:
        instance = tmp_path / "instance"
        if settings.keys().isdisjoint(OF_A_FIRST_START) and not instance.exists():
            copytree(started, instance)
        if not (instance / "fitquiz.db").exists():
            instance.mkdir(exist_ok=True)
            copy(migrated, instance / "fitquiz.db")
        environment = {f"FITQUIZ_{name.upper()}": str(value) for name, value in settings.items()}
        app = create_app(read_settings({"FITQUIZ_INSTANCE": str(instance), **environment}))
        app.jinja_env.bytecode_cache = compiled_templates
        apps.append(app)
        return app

    yield make
    for app in apps:
        dispose_database(app)


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    """The app with the default settings."""
    return make_app()


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser that has no cookies."""
    return app.test_client()


@pytest.fixture
def clock(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock of the app, which stands still until a test turns it."""
    clock = Clock(monkeypatch)
    clock.stop()
    return clock


@pytest.fixture
def get_page(client: FlaskClient) -> GetPage:
    """Return a function that fetches a page and runs the checks for every page."""

    def get(address: str, status: int = 200, **headers: str) -> Page:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return check_page(client.get(address, headers=named), status)

    return get


@pytest.fixture
def alice(client: FlaskClient) -> Respondent:
    """Alice is a respondent who uses the English pages."""
    return Respondent(client)


@pytest.fixture
def hana(app: Flask) -> StaffMember:
    """Hana works in HR."""
    return StaffMember(app, "Hana", "hr")


@pytest.fixture
def carl(app: Flask) -> StaffMember:
    """Carl is a counsellor."""
    return StaffMember(app, "Carl", "counsellor")


@pytest.fixture
def ada(app: Flask) -> StaffMember:
    """Ada is an administrator."""
    return StaffMember(app, "Ada", "admin")


@pytest.fixture
def mallory(app: Flask) -> Respondent:
    """Mallory is a respondent with another device, and may open nothing of Alice's."""
    return Respondent(app.test_client())


@pytest.fixture
def sharer(alice: Respondent, carl: StaffMember) -> Respondent:
    """Alice, after she has sent an attempt that began with a link of Carl's."""
    take(alice, find_address(carl, make_link(carl)))
    return alice


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command, and return what it prints."""
    for name, value in make_environment(instance=tmp_path / "instance").items():
        monkeypatch.setenv(name, value)

    def run_command(*arguments: object, code: int = 0) -> str:
        with pytest.raises(SystemExit) as stopped:
            main([str(each) for each in arguments])
        assert (stopped.value.code or 0) == code
        said = capsys.readouterr()
        return said.out + said.err

    return run_command
