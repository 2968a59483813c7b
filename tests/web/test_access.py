"""Every route of the app is listed with who may open it, and holds to it."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from fitquiz.store.invitations import list_open_links
from fitquiz.store.staff import ADMIN, COUNSELLOR, HR
from fitquiz.web.access import ACCESS, ANYONE, BEARER, HOLDER, STAFF, WATCHER
from fitquiz.web.db import get_session
from fitquiz.web.setup import make_setup_link
from fitquiz.web.ways_in import token_of
from tests.web.answering import FIRST, PACK, agree
from tests.web.counselling import find_address, find_shared, list_clients, make_link, share, take
from tests.web.page_checks import check_headers, check_page
from tests.web.records import read_records
from tests.web.respondent import Respondent
from tests.web.staff_member import StaffMember
from tests.web.test_hold import read_link

SAFE = {"GET", "HEAD", "OPTIONS"}
OWNERS = {HR: ("campaign_id", "invitation_id"), COUNSELLOR: ("link_id", "share_id", "other_id")}
SWAPPED = "4711"


@dataclass(frozen=True)
class Call:
    """One method at one address of a route."""

    endpoint: str
    method: str
    address: str

    @property
    def needed(self) -> str:
        """Who may open it."""
        return ACCESS[self.endpoint]


@dataclass(frozen=True)
class Cast:
    """All who may open anything, and the values that stand in their addresses."""

    alice: Respondent
    hana: StaffMember
    carl: StaffMember
    ada: StaffMember
    values: dict[str, object]
    tokens: dict[str, str]

    def whose(self, each: Call) -> Respondent:
        """Who may do it."""
        return {HR: self.hana, COUNSELLOR: self.carl, ADMIN: self.ada, STAFF: self.hana}.get(each.needed, self.alice)


@pytest.fixture
def setup_token(app: Flask) -> str:
    """A set-up link that is good until the first account is made."""
    return (make_setup_link(app) or "").rpartition("/")[2]


@pytest.fixture
def cast(
    app: Flask, alice: Respondent, setup_token: str, hana: StaffMember, carl: StaffMember, ada: StaffMember
) -> Cast:
    """Alice with two results that she shares, Hana with a campaign, Carl with a link and his client Alice, Ada."""
    campaign, guided = hana.create(), make_link(carl)
    take(alice, find_address(carl, guided))
    share(alice, carl.staff.id)
    with app.app_context():
        link = list_open_links(get_session(), campaign.id)[0]
        invitation = token_of(link.seed)
    alice.open(f"/en/invitations/{invitation}/begin")
    alice.send(alice.page.find_form("/begin"))
    alice.answer_all(agree(people=4))
    alice.finish()
    share(alice, carl.staff.id, together="y")
    (shared,) = find_shared(share(alice, "link"))
    share_id, other_id = (link.rpartition("/")[2] for link in list_clients(carl))
    values: dict[str, object] = {"language": "en", "handle": alice.handle, "pack_id": PACK.id, "item_id": FIRST[0]}
    values |= {"link_id": guided.id, "share_id": share_id, "other_id": other_id, "kind": "present"}
    values |= {"part_id": "leading"}
    values |= {"ending": "csv", "campaign_id": campaign.id, "invitation_id": link.id, "staff_id": hana.staff.id}
    values |= {"address": next(iter(app.extensions["fitquiz_static"]))}
    tokens = {"holds.come_back": read_link(alice).rpartition("/")[2], "sign_in.choose": setup_token}
    tokens |= {"welcome.start": invitation, "quiz.begin_counted": invitation}
    guided_token = find_address(carl, guided).rpartition("/")[2]
    tokens |= {"guided.start": guided_token, "guided.begin": guided_token, "shared.shared": shared.rpartition("/")[2]}
    return Cast(alice, hana, carl, ada, values, tokens)


def list_calls(app: Flask, cast: Cast) -> Iterator[Call]:
    """Yield every method of every route, at the address that is somebody's."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        for method in sorted(rule.methods or ()):
            known = {**cast.values, "token": cast.tokens.get(rule.endpoint)}
            given = {name: known[name] for name in rule.arguments}
            yield Call(rule.endpoint, method, adapter.build(rule.endpoint, given))


def call(respondent: Respondent, each: Call, **fields: str) -> TestResponse:
    response = respondent.client.open(each.address, method=each.method, data=fields or None)
    check_headers(response)
    return response


def test_every_route_is_listed_and_only_those(app: Flask) -> None:
    assert sorted(ACCESS) == sorted({rule.endpoint for rule in app.url_map.iter_rules()})
    assert set(ACCESS.values()) == {ANYONE, HOLDER, BEARER, WATCHER, STAFF, HR, COUNSELLOR, ADMIN}


def test_a_route_that_is_not_listed_is_closed_to_all(app: Flask, ada: StaffMember) -> None:
    app.add_url_rule("/unlisted", view_func=lambda: "open", endpoint="unlisted")
    assert ada.client.get("/unlisted").status_code == 404


def test_every_address_with_something_of_somebodys_is_for_that_person(app: Flask) -> None:
    for rule in app.url_map.iter_rules():
        assert ("handle" in rule.arguments) == (ACCESS[rule.endpoint] == HOLDER), rule
        assert ("token" in rule.arguments) == (ACCESS[rule.endpoint] == BEARER), rule
        for owner, named in OWNERS.items():
            if rule.arguments & set(named):
                assert ACCESS[rule.endpoint] == (HOLDER if "handle" in rule.arguments else owner), rule
        if "staff_id" in rule.arguments:
            assert ACCESS[rule.endpoint] == ADMIN, rule


def test_what_is_anothers_is_not_found(app: Flask, cast: Cast, mallory: Respondent) -> None:
    token, before = mallory.read_token(), read_records(app)
    calls = [each for each in list_calls(app, cast) if each.needed == HOLDER and each.method != "OPTIONS"]
    answers = {each: call(mallory, each, csrf_token=token, answer="1") for each in calls}
    assert {each: answer.status_code for each, answer in answers.items() if answer.status_code != 404} == {}
    assert read_records(app) == before


def test_anothers_attempt_answers_just_as_a_random_one(alice: Respondent, mallory: Respondent) -> None:
    alice.take(agree())
    texts = [mallory.open(f"/en/attempts/{handle}/result", 404).text for handle in (alice.handle, "A" * 12)]
    assert texts[0] == texts[1]


def test_who_may_open_a_route_can(app: Flask, cast: Cast) -> None:
    left_out = ("holds.deleted", "sign_in.choose", "health.metrics")
    calls = [each for each in list_calls(app, cast) if each.method == "GET" and each.endpoint not in left_out]
    statuses = {each: call(cast.whose(each), each).status_code for each in calls}
    assert {each: status for each, status in statuses.items() if status not in (200, 302, 303)} == {}


def test_nobody_comes_to_staffs_pages_without_signing_in(app: Flask, cast: Cast, mallory: Respondent) -> None:
    token, before = mallory.read_token(), read_records(app)
    calls = [
        each
        for each in list_calls(app, cast)
        if each.needed in (STAFF, HR, COUNSELLOR, ADMIN) and each.method != "OPTIONS"
    ]
    assert len(calls) > 40
    for each in calls:
        answer = call(mallory, each, csrf_token=token)
        if each.method in SAFE:
            assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/en/sign-in"), each
        else:
            assert answer.status_code == 403, each
    assert read_records(app) == before


@pytest.mark.parametrize("permission", ["hr", "counsellor", "admin"])
def test_staff_come_only_where_their_permission_leads(app: Flask, cast: Cast, permission: str) -> None:
    other = StaffMember(app, "Other", permission)
    token, before = other.read_token(), read_records(app)
    calls = [
        each for each in list_calls(app, cast) if each.needed in (HR, COUNSELLOR, ADMIN) and each.method != "OPTIONS"
    ]
    refused = [each for each in calls if each.needed != permission]
    answers = {each: call(other, each, csrf_token=token).status_code for each in refused}
    assert answers == dict.fromkeys(refused, 403)
    assert read_records(app) == before


@pytest.mark.parametrize("permission", OWNERS)
def test_what_another_owns_answers_just_as_what_is_not_there(app: Flask, cast: Cast, permission: str) -> None:
    other = StaffMember(app, "Other", permission)
    token, before, seen = other.read_token(), read_records(app), 0
    for each in list_calls(app, cast):
        owned = [str(cast.values[name]) for name in OWNERS[permission] if f"/{cast.values[name]}" in each.address]
        if each.needed != permission or not owned or each.method not in ("GET", "POST") or "?" in each.address:
            continue
        swapped = Call(each.endpoint, each.method, each.address.replace(f"/{owned[0]}", f"/{SWAPPED}", 1))
        answers = [call(other, one, csrf_token=token) for one in (each, swapped)]
        assert [answer.status_code for answer in answers] == [404, 404], each
        texts = [answer.text.replace(f"/{SWAPPED}", f"/{owned[0]}") for answer in answers]
        assert texts[0] == texts[1]
        seen += 1
    assert seen >= 12
    assert read_records(app) == before


def test_looking_changes_nothing(app: Flask, cast: Cast, mallory: Respondent) -> None:
    calls, before = [each for each in list_calls(app, cast) if each.method in SAFE], read_records(app)
    for each in calls:
        for respondent in (cast.alice, cast.hana, cast.carl, cast.ada, mallory):
            assert call(respondent, each).status_code < 500
    assert len(calls) > 120
    assert read_records(app) == before


def test_every_answer_to_everybody_is_complete_and_clean(app: Flask, cast: Cast, mallory: Respondent) -> None:
    pages = 0
    for each in list_calls(app, cast):
        for person in (cast.whose(each), cast.hana, mallory):
            answer = call(person, each)
            if answer.data and answer.mimetype == "text/html" and answer.status_code not in (302, 303, 308):
                title = check_page(answer, answer.status_code).title
                assert not [token for token in cast.tokens.values() if token in title]
                pages += 1
    assert pages > 250
    deeds = str(read_records(app)["audit"])
    assert "link-made" in deeds
    assert not [token for token in cast.tokens.values() if token in deeds]


@pytest.mark.parametrize("fields", [{}, {"csrf_token": "forged"}], ids=["none", "forged"])
def test_every_unsafe_route_refuses_a_form_without_its_token(app: Flask, cast: Cast, fields: dict[str, str]) -> None:
    calls, before = [each for each in list_calls(app, cast) if each.method not in SAFE], read_records(app)
    assert len(calls) >= 25
    answers = {each: call(cast.whose(each), each, answer="1", **fields).status_code for each in calls}
    assert answers == dict.fromkeys(calls, 400)
    assert read_records(app) == before


def test_every_unsafe_route_refuses_the_token_of_another_browser(app: Flask, cast: Cast, mallory: Respondent) -> None:
    calls, before = [each for each in list_calls(app, cast) if each.method not in SAFE], read_records(app)
    token = mallory.read_token()
    cast.hana.read_token()
    answers = {each: call(cast.whose(each), each, csrf_token=token).status_code for each in calls}
    assert answers == dict.fromkeys(calls, 400)
    assert read_records(app) == before


@pytest.mark.parametrize(
    "header", [("Origin", "https://example.org"), ("Origin", "null"), ("Sec-Fetch-Site", "cross-site")]
)
def test_every_unsafe_route_refuses_another_site(app: Flask, cast: Cast, header: tuple[str, str]) -> None:
    calls, before = [each for each in list_calls(app, cast) if each.method not in SAFE], read_records(app)
    for each in calls:
        person = cast.whose(each)
        data = {"csrf_token": person.read_token(), "answer": "1"}
        assert person.client.post(each.address, data=data, headers=[header]).status_code == 403, each
    assert read_records(app) == before


def test_csrf_protection_is_on_as_the_app_is_shipped(app: Flask) -> None:
    assert app.config["WTF_CSRF_ENABLED"] is True
    assert app.config["WTF_CSRF_CHECK_DEFAULT"] is True
    assert not app.testing
