"""Metrics are for who sends the token, count all workers' requests, and follow no campaign, link or person."""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from prometheus_client import values

from fitquiz.config.settings import SettingsError
from fitquiz.web.monitoring import metrics
from fitquiz.web.monitoring.metrics_folder import FOLDER
from fitquiz.web.security.access import ACCESS, ANYONE
from tests.web.support.answering import agree
from tests.web.support.app_fixtures import MakeApp
from tests.web.support.inviting import open_link, take
from tests.web.support.page_checks import check_headers, check_page
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import StaffMember

TOKEN = "w" * 32
GROUPS = {"static", "public", "respondent", "staff", "watching", "none"}


@pytest.fixture
def watched(make_app: MakeApp) -> Flask:
    """The app with metrics on."""
    return make_app(metrics_token=TOKEN)


def read(client: FlaskClient) -> dict[str, float]:
    response = client.get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert response.status_code == 200
    check_headers(response)
    assert response.mimetype == "text/plain"
    assert response.headers["Cache-Control"] == "no-store"
    lines = [
        line.rpartition(" ") for line in response.text.splitlines() if not line.startswith("#")
    ]
    return {name: float(value) for name, _, value in lines}


def test_without_a_token_there_is_no_such_page(app: Flask) -> None:
    check_page(app.test_client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"}), 404)


@pytest.mark.parametrize(
    "sent",
    [
        None,
        "",
        "Bearer",
        "Bearer ",
        f"Basic {TOKEN}",
        f"Bearer {TOKEN}x",
        f"Bearer {TOKEN[1:]}",
        "Bearer é",
        TOKEN,
    ],
)
def test_without_the_right_token_nothing_is_told(watched: Flask, sent: str | None) -> None:
    response = watched.test_client().get(
        "/metrics", headers={"Authorization": sent} if sent is not None else {}
    )
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"] == "Bearer"
    assert "fitquiz_" not in response.text
    check_headers(response)


@pytest.mark.parametrize("token", ["x" * 31, "x" * 40 + "é", "x" * 20 + " " + "x" * 20])
def test_a_token_that_is_none_stops_the_start(make_app: MakeApp, token: str) -> None:
    with pytest.raises(
        SettingsError, match=r"^FITQUIZ_METRICS_TOKEN needs at least 32 ASCII characters"
    ):
        make_app(metrics_token=token)


def test_without_the_library_the_start_stops_with_a_sentence(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(metrics, "Metrics", None)
    make_app()
    with pytest.raises(
        SettingsError, match=r"metrics need an optional library\. Install fitquiz\[metrics\]\."
    ):
        make_app(metrics_token=TOKEN)


def test_requests_are_counted_by_kind_and_outcome(watched: Flask) -> None:
    client = watched.test_client()
    for address in (
        "/en/",
        "/en/privacy",
        "/no-such-page",
        f"/en/shared/{'A' * 43}",
        "/en/campaigns",
        "/healthz",
    ):
        client.get(address)
    client.open("/en/", method="PROPFIND")
    counted = read(client)
    expected = {
        ("GET", "public", "2xx"): 2,
        ("GET", "none", "4xx"): 1,
        ("GET", "respondent", "4xx"): 1,
    }
    expected |= {
        ("GET", "staff", "3xx"): 1,
        ("GET", "watching", "2xx"): 1,
        ("other", "none", "4xx"): 1,
    }
    for (method, group, status), number in expected.items():
        labels = f'group="{group}",method="{method}",status="{status}"'
        assert counted[f"fitquiz_requests_total{{{labels}}}"] == number, labels
    assert counted['fitquiz_request_seconds_count{group="public"}'] == 2
    assert counted['fitquiz_request_seconds_bucket{group="public",le="+Inf"}'] == 2


def test_failures_and_requests_under_way_are_counted(
    watched: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fall() -> str:
        raise RuntimeError

    monkeypatch.setitem(ACCESS, "fall", ANYONE)
    watched.add_url_rule("/fall", view_func=fall)
    client = watched.test_client()
    for _ in range(3):
        assert client.get("/fall").status_code == 500
    counted = read(client)
    assert counted['fitquiz_failures_total{group="public"}'] == 3
    assert counted["fitquiz_requests_under_way"] == 1
    assert read(client)["fitquiz_requests_under_way"] == 1


def test_a_refused_host_is_counted_too(make_app: MakeApp) -> None:
    client = make_app(metrics_token=TOKEN, hosts="fit.example.org").test_client()
    assert client.get("/en/").status_code == 400
    assert read(client)['fitquiz_requests_total{group="public",method="GET",status="4xx"}'] == 1


def test_the_process_and_the_build_are_told(watched: Flask) -> None:
    counted = read(watched.test_client())
    assert counted["process_resident_memory_bytes"] > 0
    assert counted["process_cpu_seconds_total"] > 0
    assert [name for name in counted if re.fullmatch(r'fitquiz_build{version="[^"]+"}', name)]


def test_nothing_tells_one_campaign_link_or_person_from_another(watched: Flask) -> None:
    hana, alice = StaffMember(watched, "Hana", "hr"), Respondent(watched.test_client())
    take(alice, open_link(watched, hana.create()))
    alice.take(agree())
    hana.open("/en/campaigns/1")
    counted = read(alice.client)
    labels = {pair for name in counted for pair in re.findall(r'(\w+)="([^"]*)"', name)}
    assert {value for key, value in labels if key == "group"} <= GROUPS
    assert [name for name in counted if "_created" in name] == []
    assert {key for key, _ in labels} == {"group", "method", "status", "le", "version"}
    assert {value for key, value in labels if key == "method"} <= {
        "GET",
        "POST",
        "HEAD",
        "OPTIONS",
        "other",
    }
    assert not {alice.handle, "spring", "hana"} & {value.lower() for _, value in labels}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Where several workers count."""
    monkeypatch.setenv(FOLDER, str(tmp_path))
    monkeypatch.setattr(values, "ValueClass", values.ValueClass)
    yield tmp_path
    values.close_all_multiprocess_files()


def make_worker(make_app: MakeApp, pid: int) -> Flask:
    """An app that counts as if it were in a process of that number."""
    values.ValueClass = values.MultiProcessValue(lambda: pid)
    return make_app(metrics_token=TOKEN)


def find_dead() -> int:
    """The number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        return process.pid


def test_workers_count_together_and_the_dead_ones_counts_stay(
    make_app: MakeApp, folder: Path
) -> None:
    for pid in (find_dead(), os.getpid()):
        client = make_worker(make_app, pid).test_client()
        for _ in range(2 if pid == os.getpid() else 3):
            client.get("/en/")
    counted = read(client)
    assert counted['fitquiz_requests_total{group="public",method="GET",status="2xx"}'] == 5
    assert counted['fitquiz_request_seconds_bucket{group="public",le="+Inf"}'] == 5
    assert [name for name in counted if "_created" in name] == []
    assert [name for name in counted if name.startswith("fitquiz_build")] != []


@pytest.mark.parametrize(
    "find_pid", [find_dead, os.getpid], ids=["dead", "dead, and its number is ours"]
)
def test_what_a_dead_worker_had_in_hand_is_not_under_way(
    make_app: MakeApp, folder: Path, find_pid: Callable[[], int]
) -> None:
    dead = make_worker(make_app, find_pid())
    with dead.test_request_context("/en/"):
        for _ in range(3):
            dead.extensions["fitquiz_metrics"].begin()
    living = make_worker(make_app, os.getpid())
    assert read(living.test_client())["fitquiz_requests_under_way"] == 1


def test_what_a_living_worker_has_in_hand_is_under_way(make_app: MakeApp, folder: Path) -> None:
    other = make_worker(make_app, os.getppid())
    with other.test_request_context("/en/"):
        other.extensions["fitquiz_metrics"].begin()
        assert (
            read(make_worker(make_app, os.getpid()).test_client())["fitquiz_requests_under_way"]
            == 2
        )
