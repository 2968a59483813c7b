"""Settings are one table; a bad value stops the start with a sentence that names it."""

from dataclasses import fields
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from fitquiz.config.settings import SETTINGS, Settings, SettingsError, read_settings
from tests.web.support.answering import QUESTIONS
from tests.web.support.app_fixtures import MakeApp

NUMBERS = [setting for setting in SETTINGS if setting.minimum is not None]
BAD = ("x", "1.5", "-1", "0x10", " 8", "１", "1e3", "9" * 400)


def test_the_table_and_the_settings_as_read_agree() -> None:
    assert [setting.name.lower() for setting in SETTINGS] == [
        field.name for field in fields(Settings)
    ]


def test_every_setting_has_a_sentence_of_help() -> None:
    assert [setting.name for setting in SETTINGS if not setting.help.endswith(".")] == []


def test_every_number_has_both_bounds_and_a_default_within() -> None:
    assert {setting.name.lower() for setting in NUMBERS} == {
        f.name for f in fields(Settings) if f.type is int
    }
    assert all(
        s.minimum is not None and s.maximum is not None and s.minimum <= int(s.default) <= s.maximum
        for s in NUMBERS
    )


def test_without_an_environment_the_defaults_hold() -> None:
    settings = read_settings({"PATH": "/bin", "OTHER_FITQUIZ_PORT": "x"})
    assert (settings.host, settings.port, settings.pack) == ("127.0.0.1", 8000, "front-back-office")
    assert settings.instance == Path("instance").absolute()
    assert settings.questions == QUESTIONS
    assert settings.database_url == f"sqlite:///{settings.instance}/fitquiz.db"


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_an_empty_value_is_the_default(setting: object) -> None:
    name = getattr(setting, "name", "")
    assert read_settings({f"FITQUIZ_{name}": ""}) == read_settings({})


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_can_be_set(setting: object) -> None:
    name = getattr(setting, "name", "")
    value = {"TIMEZONE": "Asia/Tokyo"}.get(name, "44")
    assert getattr(read_settings({f"FITQUIZ_{name}": value}), name.lower()) in (
        44,
        "44",
        Path("44").absolute(),
        ZoneInfo("Asia/Tokyo"),
    )


@pytest.mark.parametrize("bad", BAD)
@pytest.mark.parametrize("setting", NUMBERS, ids=lambda setting: setting.name)
def test_a_number_that_is_none_is_refused(setting: object, bad: str) -> None:
    name = f"FITQUIZ_{getattr(setting, 'name', '')}"
    with pytest.raises(SettingsError, match=f"^{name} is .*; write a whole number from"):
        read_settings({name: bad})


@pytest.mark.parametrize(
    ("name", "minimum", "maximum"),
    [
        ("PORT", 1, 65535),
        ("WORKERS", 1, 64),
        ("THREADS", 1, 256),
        ("FINISHED_DAYS", 1, 3650),
        ("BEGINNINGS", 1, 100_000),
    ],
)
def test_the_bounds_of_a_number_are_themselves_allowed(
    name: str, minimum: int, maximum: int
) -> None:
    for value in (minimum, maximum):
        assert getattr(read_settings({f"FITQUIZ_{name}": str(value)}), name.lower()) == value
    for value in (minimum - 1, maximum + 1):
        with pytest.raises(SettingsError):
            read_settings({f"FITQUIZ_{name}": str(value)})


@pytest.mark.parametrize("bad", ["Oslo", "Europe", "CEST", "../etc/passwd", "/etc", "GMT+2", "44"])
def test_a_time_zone_that_does_not_exist_is_refused(bad: str) -> None:
    with pytest.raises(
        SettingsError, match=r"^FITQUIZ_TIMEZONE is .*; write the name of a time zone"
    ):
        read_settings({"FITQUIZ_TIMEZONE": bad})


def test_a_name_that_is_not_in_the_table_is_refused() -> None:
    with pytest.raises(
        SettingsError, match=r"^FITQUIZ_PROT is not a setting; the settings are .*FITQUIZ_PORT"
    ):
        read_settings({"FITQUIZ_PROT": "80"})


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        (
            "pack",
            "no-such-pack",
            r"FITQUIZ_PACK is 'no-such-pack', but .* contains front-back-office; set FITQUIZ_PACK",
        ),
        (
            "questions",
            "/no/such/folder",
            r"The folder of the packs, /no/such/folder, does not exist; set FITQUIZ_QUE",
        ),
        (
            "secret_key",
            "short",
            r"The secret key in FITQUIZ_SECRET_KEY is too short or too easy to guess; use 32",
        ),
        ("secret_key", "secret-0123456789-0123456789-abcdef", r"too easy to guess"),
        ("secret_key", "a" * 64, r"too easy to guess"),
        (
            "instance",
            "/dev/null/x",
            r"The folder /dev/null/x cannot be used .*set FITQUIZ_INSTANCE",
        ),
        ("database_url", "mysql://localhost/x", r"The database is mysql; use sqlite or postgresql"),
        (
            "database_url",
            "nonsense",
            r"The database URL cannot be read; write sqlite:///file.db or",
        ),
        ("database_url", "sqlite://", r"needs a database in a file; write sqlite:///file.db, or"),
        (
            "database_url",
            "sqlite:////no/such/folder/x.db",
            r"folder /no/such/folder cannot",
        ),
    ],
)
def test_what_cannot_work_stops_the_start_with_a_sentence(
    make_app: MakeApp, name: str, value: str, sentence: str
) -> None:
    with pytest.raises(SettingsError, match=sentence) as raised:
        make_app(**{name: value})
    assert str(raised.value).endswith(".")


def test_a_key_is_made_once_for_its_owner_alone(make_app: MakeApp, tmp_path: Path) -> None:
    keys = [make_app().config["SECRET_KEY"] for _ in range(2)]
    path = tmp_path / "instance" / "secret_key"
    assert keys == [path.read_text()] * 2
    assert len(keys[0]) >= 32
    assert path.stat().st_mode & 0o777 == 0o600
