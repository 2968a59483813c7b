"""The database belongs to one secret key: another one is refused at the start, and can be accepted on purpose."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import text

from fitquiz.config.settings import SettingsError
from fitquiz.core.secrets.key_fingerprints import fingerprint_key
from fitquiz.store.campaigns.invitations import list_open_links
from fitquiz.web.security.link_tokens import code_of, token_of
from fitquiz.web.site.database_session import get_session
from tests.web.support.app_fixtures import MakeApp, Run
from tests.web.support.records import change_behind, read_records
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import StaffMember

FIRST_KEY, OTHER_KEY = "k9f2-x7q1-m4z8-p0w3-first-of-all", "k9f2-x7q1-m4z8-p0w3-quite-another"


def test_the_first_start_notes_the_fingerprint_and_not_the_key(make_app: MakeApp) -> None:
    (row,) = read_records(make_app(secret_key=FIRST_KEY))["key_fingerprint"]
    assert row[1] == fingerprint_key(FIRST_KEY)
    assert FIRST_KEY.encode() not in bytes(str(row), "utf-8")


def test_the_same_key_starts_again_and_another_does_not(make_app: MakeApp) -> None:
    before = read_records(make_app(secret_key=FIRST_KEY))
    assert read_records(make_app(secret_key=FIRST_KEY)) == before
    with pytest.raises(
        SettingsError,
        match=r"belongs to another secret key; use the same key .* run fitquiz key replace",
    ):
        make_app(secret_key=OTHER_KEY)


def test_two_machines_without_a_shared_key_do_not_start_on_one_database(
    tmp_path: Path, make_app: MakeApp
) -> None:
    make_app()
    with pytest.raises(SettingsError, match="belongs to another secret key"):
        make_app(
            instance=tmp_path / "second", database_url=f"sqlite:///{tmp_path}/instance/fitquiz.db"
        )
    assert not (tmp_path / "second").exists()


def test_a_start_that_is_refused_for_its_lost_key_makes_no_new_key(
    tmp_path: Path, make_app: MakeApp, run: Run
) -> None:
    make_app()
    key_file = tmp_path / "instance" / "secret_key"
    key_file.unlink()
    for _ in range(2):
        with pytest.raises(SettingsError, match="belongs to another secret key"):
            make_app()
        assert not key_file.exists()
    assert "The database now belongs to this key" in run("key", "replace")
    assert make_app().config["SECRET_KEY"] == key_file.read_text()


def test_fingerprints_of_other_keys_differ() -> None:
    assert len({fingerprint_key(f"{FIRST_KEY}{number}") for number in range(100)}) == 100


@pytest.fixture
def old(make_app: MakeApp) -> Flask:
    """The app under its first key, with a campaign and an account that has an authenticator app."""
    app = make_app(secret_key=FIRST_KEY)
    StaffMember(app, "Hana", "hr").create()
    change_behind(app, "UPDATE staff SET totp_seed = x'00', totp_step = 1")
    return app


def read_way(app: Flask) -> tuple[str, str]:
    with app.test_request_context():
        link = list_open_links(get_session(), 1)[0]
        return token_of(link.seed), code_of(link.seed)


@pytest.fixture
def replaced(run: Run, monkeypatch: pytest.MonkeyPatch) -> str:
    """What the command says."""
    monkeypatch.setenv("FITQUIZ_SECRET_KEY", OTHER_KEY)
    return run("key", "replace")


def test_replacing_the_key_gives_every_way_in_a_new_address_that_works(
    make_app: MakeApp, old: Flask, replaced: str
) -> None:
    before, new = read_way(old), make_app(secret_key=OTHER_KEY)
    token, code = read_way(new)
    assert (token, code) != before
    respondent = Respondent(new.test_client())
    respondent.open(f"/en/invitations/{token}")
    respondent.open("/en/code")
    respondent.send(respondent.page.find_form("/code"), code=code)
    respondent.open(f"/en/invitations/{before[0]}", 404)


def test_replacing_the_key_says_what_is_dead_and_stands_in_the_log(
    old: Flask, replaced: str
) -> None:
    assert "5 invitations and counsellor links have a new address" in replaced
    assert "run fitquiz staff reset hana@example.org" in replaced
    assert [row[4] for row in read_records(old)["audit"]] == ["campaign-created", "key-replaced"]


def test_replacing_by_the_same_key_changes_nothing(
    old: Flask, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = read_records(old)
    monkeypatch.setenv("FITQUIZ_SECRET_KEY", FIRST_KEY)
    assert (
        run("key", "replace") == "The database already belongs to this key. Nothing was changed.\n"
    )
    assert read_records(old) == before


def test_a_fingerprint_is_noted_once(make_app: MakeApp) -> None:
    app = make_app()
    with app.extensions["fitquiz_database"].engine.connect() as connection:
        assert connection.execute(text("SELECT id FROM key_fingerprint")).scalars().all() == [1]
