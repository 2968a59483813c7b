"""Three processes, a primary and HR's streaming copy are one fitquiz: what one knows all know, whichever is asked."""

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from fitquiz.core.secrets.tokens import hash_token
from fitquiz.store.accounts.sign_ins import open_sign_in
from fitquiz.store.accounts.staff import Staff, add_staff
from fitquiz.store.campaigns.campaign_lifecycle import close_campaign
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.ledger.pending_responses import add_response
from tests.core.support.shipped_packs import PACK
from tests.reliability.support.cluster import Cluster, open_cluster
from tests.reliability.support.visitor import Visitor
from tests.store.support.cast import reading, writing
from tests.store.support.ledger_cast import count_waiting, read_batches, start_campaign
from tests.web.support.clock import find_today

ITEMS = [item.id for item in PACK.items_of(PACK.first_parts)]
MOST_TRIES = 10


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with open_cluster(tmp_path_factory.mktemp("cluster")) as cluster:
        yield cluster


def add(session: Session, name: str, permission: str = "hr") -> Staff:
    staff = add_staff(session, name, f"{name.lower()}@example.org", [permission], datetime.now(UTC))
    assert staff is not None
    return staff


def sign_in(cluster: Cluster, staff: Staff) -> str:
    """Sign a browser in, and return its cookie."""
    token = secrets.token_urlsafe(32)
    with writing(cluster.database) as session:
        open_sign_in(session, hash_token(token), staff.id, datetime.now(UTC))
    return token


def sit_at(port: int, token: str) -> Visitor:
    """A browser that is signed in."""
    visitor = Visitor(port)
    visitor.cookies["staff"] = token
    return visitor


def close_a_campaign(cluster: Cluster, name: str) -> tuple[Visitor, Campaign]:
    """A campaign with answers that wait to be sealed, and a browser of its owner's."""
    today = find_today()
    with writing(cluster.database) as session:
        owner = add(session, name)
        days = {"opens_on": today - timedelta(1), "closes_on": today + timedelta(9)}
        campaign = start_campaign(session, owner.id, **days)
        for _ in range(6):
            assert add_response(session, secrets.token_bytes(32), campaign, 0, "1", today)
        close_campaign(session, campaign.id, datetime.now(UTC), datetime.now(UTC).date())
    return sit_at(cluster.port, sign_in(cluster, owner)), campaign


def take_quiz(port: int) -> Visitor:
    """Take the quiz from start to result, every answer acknowledged."""
    alice = Visitor(port)
    base = alice.begin()
    for item in ITEMS:
        assert alice.post(f"{base}/items/{item}", answer="3").status == 303
    assert alice.post(f"{base}/check").address == f"{base}/result"
    assert alice.get(f"{base}/result").status == 200
    return alice


def test_a_respondent_notices_nothing_of_processes_that_die(cluster: Cluster) -> None:
    cluster.used.clear()
    with cluster.dying_in_turn() as killed:
        while len(killed) < 3:
            take_quiz(cluster.port)
    assert set(killed) == cluster.used == {server.port for server in cluster.servers}


def test_three_who_seal_at_once_seal_once_and_hr_reads_it_from_the_copy(cluster: Cluster) -> None:
    hana, campaign = close_a_campaign(cluster, "Hana")
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: cluster.run("seal", "--due"), range(3)))
    with reading(cluster.database) as session:
        assert (read_batches(session), count_waiting(session)) == ([("[]", 6)], 0)
    cluster.wait_for_copy()
    report = hana.get(f"/en/reports/{campaign.id}")
    assert report.status == 200
    assert "about groups with at least 5\xa0answers" in report.text
    assert cluster.replica.ask("SELECT pg_is_in_recovery()") == [(True,)]


def test_the_logins_that_the_shipped_scripts_make_have_their_passwords_and_no_more_rights(
    cluster: Cluster,
) -> None:
    logins = cluster.primary.ask(
        "SELECT rolname, rolpassword LIKE 'SCRAM-%', rolsuper, rolcreaterole, rolcreatedb, rolcanlogin FROM pg_authid "
        "WHERE rolname LIKE 'fitquiz%' ORDER BY rolname"
    )
    assert logins == [
        ("fitquiz", True, False, False, False, True),
        ("fitquiz_hr", True, False, False, False, True),
        ("fitquiz_ledger", None, False, False, False, False),
    ]


def test_what_has_not_come_to_the_copy_yet_is_on_its_way(cluster: Cluster) -> None:
    cluster.wait_for_copy()
    cluster.replica.ask("SELECT pg_wal_replay_pause()")
    hana, campaign = close_a_campaign(cluster, "Hilde")
    cluster.run("seal", "--due")
    assert "on their way here" in hana.get(f"/en/reports/{campaign.id}").text
    cluster.replica.ask("SELECT pg_wal_replay_resume()")
    cluster.wait_for_copy()
    assert "about groups with at least 5\xa0answers" in hana.get(f"/en/reports/{campaign.id}").text


def test_without_the_copy_reports_are_closed_and_respondents_notice_nothing(
    cluster: Cluster,
) -> None:
    hana, _ = close_a_campaign(cluster, "Harald")
    cluster.replica.stop_fast()
    cluster.servers[0].kill()
    cluster.servers[0].start()
    for _ in cluster.servers:
        closed = hana.get("/en/reports")
        assert (closed.status, closed.retry_after) == (503, "60")
        assert "We cannot show the group figures right now" in closed.text
    take_quiz(cluster.port)
    cluster.replica.start()
    assert [hana.get("/en/reports").status for _ in cluster.servers] == [200] * 3


def test_who_signs_out_or_is_disabled_at_one_process_is_out_at_every_other(
    cluster: Cluster,
) -> None:
    with writing(cluster.database) as session:
        staff = add(session, "Carl", "counsellor")
    for end in (sign_out, lambda _: cluster.run("staff", "disable", staff.email)):
        token = sign_in(cluster, staff)
        browsers = [sit_at(server.port, token) for server in cluster.servers]
        assert [each.get("/en/clients").status for each in browsers] == [200] * 3
        end(browsers[0])
        assert [each.get("/en/clients").status for each in browsers] == [303] * 3


def sign_out(browser: Visitor) -> None:
    browser.get("/en/account")
    assert browser.post("/en/sign-out").status == 303
    browser.cookies.pop("staff", None)


def test_all_processes_together_let_somebody_guess_ten_times(cluster: Cluster) -> None:
    visitors = [Visitor(server.port) for server in cluster.servers]
    for each in visitors:
        each.get("/en/sign-in")

    def guess(number: int) -> int:
        fields = {"email": "ada@example.org", "password": "wrong", "onward": ""}
        return visitors[number % 3].post("/en/sign-in", **fields).status

    with ThreadPoolExecutor(6) as pool:
        statuses = list(pool.map(guess, range(18)))
    assert sorted(statuses) == [400] * MOST_TRIES + [429] * (18 - MOST_TRIES)
