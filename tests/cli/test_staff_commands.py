"""The commands for whoever runs the server: staff, seals that are due, and the demo."""

import os
import re
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from fitquiz.config.settings import read_settings
from fitquiz.demo.demo_folder import use_folder
from fitquiz.store.engine.database import Database, open_database
from fitquiz.store.upkeep.schema import upgrade_schema
from fitquiz.web.factory import create_app
from tests.store.support.ledger_cast import AFTER, respond_often, start_campaign
from tests.web.support.app_fixtures import Run
from tests.web.support.clock import find_today
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import PASSWORD

HANA = ("hana@example.org", "--name", "Hana", "--permission", "hr", "--permission", "admin")


@pytest.fixture
def database(tmp_path: Path) -> Database:
    """The database that the commands find."""
    (tmp_path / "instance").mkdir()
    database = open_database(f"sqlite:///{tmp_path}/instance/fitquiz.db")
    upgrade_schema(database)
    return database


def read(database: Database, query: str) -> list[tuple[object, ...]]:
    with database.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text(query))]


def open_link(said: str, tmp_path: Path) -> Respondent:
    """Open the link that a command has printed, in a browser of somebody's."""
    app = create_app(read_settings({"FITQUIZ_INSTANCE": str(tmp_path / "instance")}))
    browser = Respondent(app.test_client())
    browser.open(said.rsplit(maxsplit=1)[-1])
    return browser


def choose(browser: Respondent) -> None:
    browser.send(browser.page.forms[0], password=PASSWORD, again=PASSWORD)


def test_an_added_person_chooses_a_password_by_the_link(
    run: Run, database: Database, tmp_path: Path
) -> None:
    browser = open_link(run("staff", "add", *HANA), tmp_path)
    choose(browser)
    assert browser.page.h1 == "Campaigns"
    assert read(database, "SELECT email, permissions FROM staff") == [
        ("hana@example.org", "hr admin")
    ]
    assert ("", "staff-invited") in read(database, "SELECT staff_name, action FROM audit")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("add", *HANA), "already has an account"),
        (("add", "nobody", *HANA[1:]), "needs an e-mail address"),
        (
            ("add", "eva@example.org", "--name", " ", "--permission", "hr"),
            "needs an e-mail address",
        ),
        (("reset", "eva@example.org"), "There is no account for eva@example.org"),
        (("disable", "eva@example.org"), "There is no account for eva@example.org"),
        (("disable", "hana@example.org"), "is the only administrator"),
    ],
)
def test_what_cannot_be_done_is_said_in_a_sentence(
    run: Run,
    database: Database,
    arguments: tuple[str, ...],
    words: str,
) -> None:
    run("staff", "add", *HANA)
    before = read(database, "SELECT * FROM staff"), read(database, "SELECT * FROM audit")
    said = run("staff", *arguments, code=1)
    assert (said.count("\n"), words in said) == (1, True)
    assert (read(database, "SELECT * FROM staff"), read(database, "SELECT * FROM audit")) == before


def test_a_reset_ends_the_password_and_gives_a_new_link(
    run: Run, database: Database, tmp_path: Path
) -> None:
    browser = open_link(run("staff", "add", *HANA), tmp_path)
    choose(browser)
    said = run("staff", "reset", "HANA@example.org")
    assert read(database, "SELECT password_hash FROM staff") == [(None,)]
    assert browser.client.get("/en/campaigns").status_code == 303
    choose(open_link(said, tmp_path))


def test_a_reset_of_a_disabled_account_says_that_it_stays_disabled(run: Run) -> None:
    run("staff", "add", "ada@example.org", "--name", "Ada", "--permission", "admin")
    run("staff", "add", *HANA)
    assert "disabled" not in run("staff", "reset", "hana@example.org")
    run("staff", "disable", "hana@example.org")
    assert "hana@example.org is disabled" in run("staff", "reset", "hana@example.org")


def test_disabling_an_account_with_campaigns_says_so(run: Run, database: Database) -> None:
    run("staff", "add", *HANA)
    run("staff", "add", "eva@example.org", "--name", "Eva", "--permission", "hr")
    with database.write_transaction() as session:
        start_campaign(session, 2)
    said = run("staff", "disable", "eva@example.org")
    assert "owns 1 campaign. An administrator can hand" in said


def test_a_disabled_person_is_out_at_once(run: Run, database: Database, tmp_path: Path) -> None:
    run("staff", "add", "ada@example.org", "--name", "Ada", "--permission", "admin")
    browser = open_link(run("staff", "add", *HANA), tmp_path)
    choose(browser)
    assert "can no longer sign in" in run("staff", "disable", "hana@example.org")
    assert browser.client.get("/en/campaigns").status_code == 303
    assert read(database, "SELECT count(*) FROM sign_in") == [(0,)]


def test_an_unknown_permission_is_refused(run: Run, database: Database) -> None:
    assert "Invalid value" in run(
        "staff", "add", "a@example.org", "--name", "A", "--permission", "boss", code=2
    )
    assert read(database, "SELECT * FROM staff") == []


def test_what_is_due_is_sealed_and_nothing_else(run: Run, database: Database) -> None:
    today = find_today()
    with database.sessions() as session:
        database.begin_write(session)
        over = start_campaign(session)
        respond_often(session, over, {("IT",): 6, ("Sales",): 5})
        start_campaign(session, 1, opens_on=today, closes_on=today + timedelta(1))
        session.commit()
    assert datetime.now(UTC) > AFTER
    assert run("seal", "--due") == "Sealed 1 campaigns: 11 responses in 2 batches.\n"
    assert run("seal", "--due") == "Sealed 0 campaigns: 0 responses in 0 batches.\n"


def test_sealing_asks_for_what_is_meant(run: Run) -> None:
    assert "--due" in run("seal", code=2)


def test_the_demo_is_filled_with_all_that_there_is_to_see(run: Run, tmp_path: Path) -> None:
    said = run("demo", "--only-prepare")
    assert len(re.findall(r"(?m)^  \w+ +\S+@\S+ +\S+$", said)) == 3
    assert "Sign in at http://127.0.0.1:8000/nb/sign-in " in said
    database = open_database(f"sqlite:///{tmp_path}/instance/fitquiz.db")
    counted = [
        int(str(row[0]))
        for row in read(database, "SELECT sum(n) FROM ledger WHERE is_batch GROUP BY campaign_id")
    ]
    assert (len(counted), 430 <= sum(counted) <= 520) == (2, True)
    assert read(database, "SELECT max(json_array_length(path)) FROM unit") == [(3,)]
    shown = {row[0] for row in read(database, "SELECT DISTINCT statistic FROM ledger_rollup")}
    assert shown == {"answers", "lean", "suggestion", "strongest", "high", "conditions", "leading"}
    assert read(database, "SELECT count(*) FROM pending") == [(0,)]


def test_the_demo_starts_anew_each_time(run: Run, tmp_path: Path) -> None:
    first, second = run("demo", "--only-prepare"), run("demo", "--only-prepare")
    assert first != second
    assert read(
        open_database(f"sqlite:///{tmp_path}/instance/fitquiz.db"), "SELECT count(*) FROM campaign"
    ) == [(3,)]


def test_the_demo_never_touches_what_it_has_not_made(run: Run, database: Database) -> None:
    run("staff", "add", *HANA)
    assert "contains files that no demo has made" in run("demo", "--only-prepare", code=1)
    assert len(read(database, "SELECT * FROM staff")) == 1


def test_the_demo_takes_no_database_of_anothers(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FITQUIZ_DATABASE_URL", "postgresql://localhost/live")
    assert "Unset FITQUIZ_DATABASE_URL" in run("demo", "--only-prepare", code=1)


@pytest.fixture
def demo_database(run: Run, tmp_path: Path) -> Path:
    """Stands for the database file of a demo."""
    with use_folder(read_settings(os.environ)):
        path = tmp_path / "instance" / "fitquiz.db"
        path.write_text("the data of a demo")
    return path


def test_a_demo_that_cannot_start_leaves_the_data_of_the_last_one(
    run: Run, demo_database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.socket() as running:
        running.bind(("127.0.0.1", 0))
        running.listen()
        monkeypatch.setenv("FITQUIZ_PORT", str(running.getsockname()[1]))
        assert "is in use" in run("demo", code=1)
    assert demo_database.read_text() == "the data of a demo"


def test_a_demo_on_another_port_leaves_the_data_of_the_running_one(
    run: Run, demo_database: Path
) -> None:
    with open_database(f"sqlite:///{demo_database}").try_lock("demo"):
        assert "A demo is running in" in run("demo", "--only-prepare", code=1)
        assert demo_database.read_text() == "the data of a demo"
