"""The first start makes a key and the tables; neither a kill nor a second process then leaves half of them."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from fitquiz.config.secret_key import load_secret_key
from fitquiz.config.settings import Settings, SettingsError, read_settings
from fitquiz.web.factory import create_app
from fitquiz.web.site.database_session import dispose_database
from tests.reliability.support.forked_commands import FORKING
from tests.reliability.support.masses import make_urls


def load_from(folder: Path) -> str:
    return load_secret_key(read_settings({"FITQUIZ_INSTANCE": str(folder)}))


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        for number in range(25):
            assert len(set(pool.map(load_from, [tmp_path / str(number)] * 8))) == 1


def test_only_the_owner_can_read_the_key_and_nothing_lies_beside_it(tmp_path: Path) -> None:
    load_from(tmp_path / "instance")
    assert [path.name for path in (tmp_path / "instance").iterdir()] == ["secret_key"]
    assert (tmp_path / "instance" / "secret_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("deed", ["fsync", "link"])
def test_a_start_that_breaks_off_leaves_no_half_key(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, deed: str
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, deed, break_off)
        with pytest.raises(SettingsError, match="No space left on device"):
            load_from(tmp_path)
    assert not (tmp_path / "secret_key").exists()
    assert len(load_from(tmp_path)) == 64


def break_off(*_of_a_file: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_processes_that_start_at_once_on_an_empty_database_all_start(
    backend: str, tmp_path: Path
) -> None:
    with make_urls(backend, tmp_path, "empty") as (url,):
        settings = read_settings(
            {"FITQUIZ_DATABASE_URL": url, "FITQUIZ_INSTANCE": str(tmp_path / "instance")}
        )
        with FORKING.Pool(4) as pool:
            assert pool.map_async(start, [settings] * 4, chunksize=1).get(timeout=60) == [200] * 4


def start(settings: Settings) -> int:
    """Start in a process of its own, and say whether it is ready."""
    app = create_app(settings)
    status = app.test_client().get("/readyz").status_code
    dispose_database(app)
    return status
