"""Every route is listed with who may open it, and is closed to everybody else."""

import re

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from fitquiz.store.accounts.staff import ADMIN, COUNSELLOR, HR
from fitquiz.web.security.access import ACCESS, ANYONE, BEARER, HOLDER, STAFF, WATCHER
from tests.web.support.calls import Call, list_calls
from tests.web.support.expectations import read_expectations
from tests.web.support.staff_member import StaffMember
from tests.web.support.stage import EVERYBODY, Stage

OWNERS = {HR: ("campaign_id", "invitation_id"), COUNSELLOR: ("link_id", "share_id", "other_id")}
HOLDERS_OF_PERMISSIONS = {
    HR: ("hana", "harry", "rita"),
    COUNSELLOR: ("carl", "cora"),
    ADMIN: ("ada",),
}
FRESH = re.compile(r'name="csrf_token"[^>]*value="[^"]*"|data-(token|seconds)="[^"]*"')
OF_OWNERS = re.compile(r'<a [^>]*/respondents">[^<]*</a>\s*')
"""The link to the page on which an owner shows the report to respondents."""
MARKS = {200: "+", 302: "+", 303: "+", 400: "!", 403: "x", 404: "0"}
REMEDY = "write in tests/web/support/expectations.py who may open it"


def mark(response: TestResponse) -> str:
    """Return the sign that stands for a response in the table of expectations."""
    if response.status_code == 303 and response.location.partition("?")[0].endswith("/sign-in"):
        return ">"
    return MARKS.get(response.status_code, str(response.status_code))


def find_wrong(stage: Stage, who: str, method: str) -> dict[Call, str]:
    """Return the calls whose response is not as expected."""
    wrong = {}
    expected = read_expectations()
    column = EVERYBODY.index(who)
    for call in list_calls(stage, method):
        if method == "POST":
            stage.restore()
        listed_method = "GET" if method == "HEAD" else method
        wanted = expected[call.endpoint, listed_method][column]
        response = stage.ask(who, call.method, call.address, call.fields(stage))
        got = mark(response)
        if got != wanted:
            wrong[call] = f"{got}, not {wanted}"
    return wrong


def test_every_route_is_listed_and_only_those(app: Flask) -> None:
    assert sorted(ACCESS) == sorted({rule.endpoint for rule in app.url_map.iter_rules()})
    assert set(ACCESS.values()) == {ANYONE, HOLDER, BEARER, WATCHER, STAFF, HR, COUNSELLOR, ADMIN}


def test_there_is_an_expectation_for_every_route_and_method(app: Flask) -> None:
    automatic = {"HEAD", "OPTIONS"}
    routes = set()
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) - automatic:
            routes.add((rule.endpoint, method))

    expected = read_expectations()
    missing = sorted(routes - set(expected))
    assert [f"{endpoint}, {method}: {REMEDY}" for endpoint, method in missing] == []
    assert set(expected) - routes == set()
    assert {len(marks) for marks in expected.values()} == {len(EVERYBODY)}


def test_the_expectations_agree_with_the_list_of_routes() -> None:
    let_in = {
        ANYONE: "+",
        BEARER: "+",
        HOLDER: "0",
        WATCHER: "0",
        STAFF: ">x",
        HR: ">x",
        COUNSELLOR: ">x",
        ADMIN: ">x",
    }
    for (endpoint, method), marks in read_expectations().items():
        # Both of these lead to the sign-in page.
        if endpoint not in ("sign_in.sign_out", "second_factors.code"):
            assert marks[0] in let_in[ACCESS[endpoint]], (endpoint, method)
            assert set(marks[-2:]) <= set(let_in[ACCESS[endpoint]]), (endpoint, method)


@pytest.mark.parametrize("who", EVERYBODY)
def test_everybody_may_open_what_is_expected_and_nothing_more(stage: Stage, who: str) -> None:
    for method in ("GET", "HEAD", "POST"):
        assert find_wrong(stage, who, method) == {}


@pytest.mark.parametrize("who", EVERYBODY)
def test_an_options_request_shows_only_the_methods(stage: Stage, who: str) -> None:
    for call in list_calls(stage, "OPTIONS"):
        response = stage.ask(who, "OPTIONS", call.address)
        if call.needed in (ANYONE, BEARER, HOLDER, WATCHER) or mark(response) == "+":
            assert (response.status_code, response.text) == (200, ""), call
            assert "OPTIONS" in response.headers["Allow"]
        else:
            assert mark(response) == (">" if who in (*EVERYBODY[:3], "gone", "left") else "x"), call
        if call.needed in (HR, COUNSELLOR, ADMIN):
            let_in = HOLDERS_OF_PERMISSIONS[call.needed]
            assert (response.status_code == 200) == (who in let_in), call


def test_a_second_owner_may_open_what_the_first_owner_may_open(stage: Stage) -> None:
    hana = EVERYBODY.index("hana")
    expected = read_expectations()
    for call in (*list_calls(stage, "GET"), *list_calls(stage, "POST")):
        if "campaign_id" not in stage.app.url_map._rules_by_endpoint[call.endpoint][0].arguments:
            continue
        if call.method == "POST":
            stage.restore()
        response = stage.ask("olga", call.method, call.address, call.fields(stage))
        assert mark(response) == expected[call.endpoint, call.method][hana], call


def test_a_reader_may_open_the_report_and_its_files_only(stage: Stage) -> None:
    rita = EVERYBODY.index("rita")
    harry = EVERYBODY.index("harry")
    more = {
        endpoint
        for (endpoint, _method), marks in read_expectations().items()
        if marks[rita] != marks[harry]
    }
    assert more == {"reports.report", "reports.download"}
    sealed = f"/en/reports/{stage.values['sealed_id']}"
    texts = [stage.ask(who, "GET", sealed).text for who in ("rita", "hana")]
    of_rita, of_hana = (FRESH.sub("", each) for each in texts)
    assert of_rita == OF_OWNERS.sub("", of_hana)
    assert len(of_rita) < len(of_hana)


def test_a_route_that_is_not_listed_is_closed_to_all(app: Flask, ada: StaffMember) -> None:
    app.add_url_rule("/unlisted", view_func=lambda: "open", endpoint="unlisted")
    assert ada.client.get("/unlisted").status_code == 404


def test_an_address_with_an_id_of_a_person_is_for_that_person(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        assert ("handle" in rule.arguments) == (ACCESS[rule.endpoint] == HOLDER), rule
        assert ("token" in rule.arguments) == (ACCESS[rule.endpoint] == BEARER), rule
        for owner, named in OWNERS.items():
            if rule.arguments & set(named):
                allowed = HOLDER if "handle" in rule.arguments else owner
                assert ACCESS[rule.endpoint] == allowed, rule
        if "staff_id" in rule.arguments:
            assert ACCESS[rule.endpoint] == ADMIN, rule


def test_csrf_protection_is_on_as_the_app_is_shipped(app: Flask) -> None:
    assert app.config["WTF_CSRF_ENABLED"] is True
    assert app.config["WTF_CSRF_CHECK_DEFAULT"] is True
    assert not app.testing
