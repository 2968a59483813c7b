"""No route takes a form from another site, and opening a page changes nothing."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.web.support.calls import SAFE, Call, find_unprepared, list_calls, list_unsafe
from tests.web.support.records import change_behind
from tests.web.support.stage import EVERYBODY, Stage

WITHOUT_A_TRACE = (
    "keeping.finish",
    "keeping.come_back",
    "keeping.clear",
    "keeping.forget",
    "link_return.come_back",
    "invitation_landing.code",
    "kiosks.stop",
)
"""These routes change cookies only, or lead on, and change nothing in the database.

`kiosks.stop` would change something, but the stage has no link of a kiosk.
"""
FORGED = {
    "no token": ({"csrf_token": ""}, {}, 400),
    "a token left out": ({"csrf_token": None}, {}, 400),
    "a made-up token": ({"csrf_token": "IjEi.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"}, {}, 400),
    "a foreign origin": ({}, {"Origin": "https://evil.example"}, 403),
    "another port": ({}, {"Origin": "http://localhost:8080"}, 403),
    "a hidden origin": ({}, {"Origin": "null"}, 403),
    "another site": ({}, {"Sec-Fetch-Site": "cross-site"}, 403),
    "a neighbouring site": ({}, {"Sec-Fetch-Site": "same-site"}, 403),
    "the origin of a neighbour": ({}, {"Origin": "http://other.localhost"}, 403),
    "a foreign referer alone": ({}, {"Referer": "http://evil.example/"}, 403),
    "a hidden origin of a neighbour": (
        {},
        {"Origin": "null", "Sec-Fetch-Site": "same-site"},
        403,
    ),
}
ATTACKS: tuple[Mapping[str, str], ...] = (
    {"Origin": "https://evil.example"},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "none"},
    {"Origin": "https://other.localhost", "Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Origin": "https://localhost", "Sec-Fetch-Site": "cross-site"},
    {"Origin": "http://localhost"},
    {"Origin": "null"},
    {"Referer": "https://evil.example/"},
    {"Referer": "http://localhost/"},
    {"Referer": "https://localhost.evil.example/"},
    {"Referer": "https://localhost:abc/"},
)
"""What the browser says of a form that an attacker's page sends to us over https."""
HONEST: tuple[Mapping[str, str], ...] = (
    {"Origin": "https://localhost:8443", "Sec-Fetch-Site": "same-origin"},
    {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
    {},
)
"""What browsers without a Referer say of a form of ours."""


def send(stage: Stage, call: Call, changed: Mapping[str, Any], **more: Any) -> int:
    all_fields = {**(call.fields(stage) or {}), **changed}
    fields = {name: value for name, value in all_fields.items() if value is not None}
    if "csrf_token" not in fields and "csrf_token" in changed:
        # stage.ask would add the token.
        client = stage.people[call.doer].sit_down(stage.app)
        response = client.open(call.address, method=call.method, data=fields, **more)
    else:
        response = stage.ask(call.doer, call.method, call.address, fields, **more)
    return int(response.status_code)


def send_over_https(stage: Stage, call: Call, headers: Mapping[str, str]) -> int:
    person = stage.people[call.doer]
    client = stage.app.test_client()
    for name, value in person.cookies.items():
        client.set_cookie(f"__Host-{name}", value, secure=True)
    data = {"csrf_token": person.csrf, **(call.fields(stage) or {})}
    response = client.open(
        call.address,
        method=call.method,
        base_url="https://localhost",
        data=data,
        headers=headers,
    )
    return int(response.status_code)


def test_every_route_that_takes_a_form_has_an_example(stage: Stage) -> None:
    assert find_unprepared(stage.app) == []


def test_each_form_is_taken_from_our_own_page(stage: Stage) -> None:
    for call in list_unsafe(stage):
        stage.restore()
        before = stage.dump()
        status = send(
            stage, call, {}, headers={"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
        )
        assert status in (200, 303), call
        assert (stage.dump() == before) == (call.endpoint in WITHOUT_A_TRACE), call


@pytest.mark.parametrize(("changed", "headers", "status"), FORGED.values(), ids=FORGED)
def test_every_unsafe_route_refuses_a_forged_form(
    stage: Stage, changed: Mapping[str, Any], headers: Mapping[str, str], status: int
) -> None:
    calls = list_unsafe(stage)
    before = stage.dump()
    assert len(calls) > 45
    for call in calls:
        assert send(stage, call, changed, headers=headers) == status, call
    assert stage.dump() == before


def test_every_unsafe_route_refuses_the_token_of_another_browser(stage: Stage) -> None:
    before = stage.dump()
    stolen = {"csrf_token": stage.people["mallory"].csrf}
    for call in list_unsafe(stage):
        assert send(stage, call, stolen) == 400, call
    assert stage.dump() == before


@pytest.mark.parametrize("headers", ATTACKS)
def test_over_https_every_unsafe_route_refuses_a_form_of_another_site(
    stage: Stage, headers: Mapping[str, str]
) -> None:
    before = stage.dump()
    for call in list_unsafe(stage):
        assert send_over_https(stage, call, headers) == 403, call
    assert stage.dump() == before


@pytest.mark.parametrize("headers", HONEST)
def test_over_https_every_form_works_without_a_referer(
    stage: Stage, headers: Mapping[str, str]
) -> None:
    for call in list_unsafe(stage):
        stage.restore()
        before = stage.dump()
        assert send_over_https(stage, call, headers) in (200, 303), call
        assert (stage.dump() == before) == (call.endpoint in WITHOUT_A_TRACE), call


@pytest.mark.parametrize("who", EVERYBODY)
def test_opening_a_page_changes_nothing(stage: Stage, who: str) -> None:
    calls = list(list_calls(stage, *SAFE))
    before = stage.dump()
    client = stage.people[who].sit_down(stage.app)
    assert len(calls) > 200
    for call in calls:
        assert client.open(call.address, method=call.method).status_code < 500, call
    assert stage.dump() == before


def test_opening_a_page_updates_only_the_time_of_the_sign_in(stage: Stage) -> None:
    earlier = datetime.now(UTC) - timedelta(minutes=5)
    change_behind(stage.app, f"UPDATE sign_in SET seen_at = '{earlier:%Y-%m-%d %H:%M:%S.%f}'")
    before = stage.dump()
    stage.ask("hana", "GET", "/en/account")
    changed = {table: rows for table, rows in stage.dump().items() if rows != before[table]}
    assert list(changed) == ["sign_in"]
    assert len(set(changed["sign_in"]) - set(before["sign_in"])) == 1
