"""One app with people, and with something that each person owns. Tests call every route of this app.

A run builds the stage once. `restore` restores the database, so that a test may change everything.
"""

import secrets
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from fitquiz.core.secrets.tokens import hash_token
from fitquiz.store.accounts.password_links import RESET, make_link
from fitquiz.store.accounts.sign_ins import open_sign_in
from fitquiz.store.accounts.staff import disable_staff
from fitquiz.store.campaigns.invitations import add_invitations, list_open_links
from fitquiz.web.hr.invitation_links import make_invitations
from fitquiz.web.site.database_session import get_session, writing
from tests.web.support.answering import FIRST, PACK, agree
from tests.web.support.authenticator import forget_step, set_up
from tests.web.support.clock import find_today
from tests.web.support.colleagues import add_colleagues
from tests.web.support.counselling import (
    begin,
    find_address,
    find_shared,
    list_clients,
    read_return_code,
    share,
    take,
)
from tests.web.support.counselling import make_link as make_guided
from tests.web.support.inviting import code_of_in, token_of_in
from tests.web.support.mailing import find_stop_token, send_invitation
from tests.web.support.page_checks import check_headers
from tests.web.support.records import read_database
from tests.web.support.respondent import Respondent
from tests.web.support.sealing import fill as let_wait
from tests.web.support.sealing import seal, show_report
from tests.web.support.secret_link import read_link
from tests.web.support.staff_member import StaffMember

EVERYBODY = (
    *("nobody", "mallory", "alice", "hana", "harry", "rita"),
    *("carl", "cora", "ada", "gone", "left"),
)
"""The names of the people.

`nobody` has no attempt. Alice, Hana (HR) and Carl (counsellor) own the objects in `Stage.values`. Mallory, Harry (HR)
and Cora (counsellor) own other objects. Rita (HR) may read Hana's reports. Ada is an administrator. The account of
`gone` is disabled. `left` has signed out. Both `gone` and `left` still have the old cookie.
"""
ALL_PERMISSIONS = ("hr", "counsellor", "admin")
Dump = dict[str, list[tuple[Any, ...]]]


@dataclass(frozen=True)
class Person:
    """The cookies and the form token of a person's browser."""

    cookies: Mapping[str, str]
    csrf: str

    def sit_down(self, app: Flask) -> FlaskClient:
        """Return a fresh browser with the same cookies."""
        client = app.test_client()
        for name, value in self.cookies.items():
            client.set_cookie(name, value)
        return client


@dataclass
class Stage:
    """The app, the people by name, the values of addresses, and a copy of the first database."""

    app: Flask
    people: dict[str, Person] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    secret: bytes = b""
    kept: sqlite3.Connection = field(
        default_factory=lambda: sqlite3.connect(":memory:", check_same_thread=False)
    )

    def keep(self) -> None:
        """Copy the present database, so that `restore` can restore it later."""
        with sqlite3.connect(self.path) as live:
            live.backup(self.kept)

    def restore(self) -> None:
        """Restore the copied database. Set all sign-ins and one-time links to the present time."""
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        with sqlite3.connect(self.path) as live:
            self.kept.backup(live)
            live.execute("UPDATE sign_in SET signed_in_at = ?, seen_at = ?", (now, now))
            live.execute(
                "UPDATE staff_link SET expires_at = datetime(?, '+1 day') || '.000000'", (now,)
            )
        live.close()

    @property
    def path(self) -> str:
        """The path of the database file."""
        return str(read_database(self.app).engine.url.database)

    def dump(self) -> Dump:
        """Return every row of every table in the database."""
        live = sqlite3.connect(self.path)
        tables = [
            row[0]
            for row in live.execute(
                "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name"
            )
        ]
        found = {
            table: sorted(live.execute(f'SELECT * FROM "{table}"').fetchall(), key=repr)
            for table in tables
        }
        live.close()
        return found

    def ask(
        self,
        who: str,
        method: str,
        address: str,
        fields: Mapping[str, Any] | None = None,
        app: Flask | None = None,
        **more: Any,
    ) -> Any:
        """Send one request of a person with the form token. Do not store the cookies of the response."""
        person = self.people[who]
        data = None if fields is None else {"csrf_token": person.csrf, **fields}
        response: TestResponse = person.sit_down(app or self.app).open(
            address, method=method, data=data, **more
        )
        check_headers(response)
        return response


def build_stage(app: Flask) -> Stage:
    """Fill an empty database, and return the stage."""
    stage = Stage(app)
    respondents = {name: Respondent(app.test_client()) for name in ("nobody", "mallory", "alice")}
    staff = {
        "hana": StaffMember(app, "Hana", "hr"),
        "harry": StaffMember(app, "Harry", "hr"),
        "rita": StaffMember(app, "Rita", "hr"),
        "olga": StaffMember(app, "Olga", "hr"),
        "carl": StaffMember(app, "Carl", "counsellor"),
        "cora": StaffMember(app, "Cora", "counsellor"),
        "ada": StaffMember(app, "Ada", "admin"),
        "gone": StaffMember(app, "Gone", *ALL_PERMISSIONS),
        "left": StaffMember(app, "Left", *ALL_PERMISSIONS),
        "tora": StaffMember(app, "Tora", "hr"),
    }
    _fill_campaigns(stage, staff["hana"], staff["harry"])
    stage.values["personal_id"] = send_invitation(staff["hana"]).id
    stage.tokens["mail_stop.stop"] = find_stop_token(app)
    stage.values |= add_colleagues(staff["hana"], staff["olga"], staff["rita"])
    _fill_desks(stage, staff["carl"], staff["cora"], respondents)
    _fill_attempts(stage, respondents["alice"], staff["carl"])
    _fill_accounts(stage, staff)
    for name, each in (respondents | staff).items():
        stage.people[name] = stand_up(each)
    stage.people["owing"] = _owe_a_code(stage, staff["tora"])
    stage.keep()
    return stage


def _fill_campaigns(stage: Stage, hana: StaffMember, harry: StaffMember) -> None:
    app = stage.app
    sealed = hana.create("Winter", units="IT; 40", statistics="lean:1/3 strongest:1/2")
    let_wait(app, sealed, cells="1100000")
    seal(app, sealed)
    spring = hana.create("Spring")
    others = harry.create("Autumn")
    fresh = hana.create("Next spring", opens_on=find_today() + timedelta(1))
    with app.app_context():
        with writing() as session:
            invitations, foreign_ones = (
                make_invitations(None, 2, is_personal=True) for _ in range(2)
            )
            add_invitations(session, spring.id, invitations)
            add_invitations(session, others.id, foreign_ones)
        links, foreign = (list_open_links(get_session(), each.id) for each in (spring, others))
        fresh_links = list_open_links(get_session(), fresh.id)
    stage.values |= {"campaign_id": spring.id, "sealed_id": sealed.id}
    stage.values |= {"others_campaign_id": others.id, "fresh_id": fresh.id}
    stage.values["fresh_unit_id"] = fresh_links[1].unit_id
    stage.values |= {"invitation_id": links[1].id, "others_invitation_id": foreign[1].id}
    stage.values |= {"unit_id": links[1].unit_id, "others_unit_id": foreign[1].unit_id}
    stage.tokens |= {
        "invitation_landing.start": token_of_in(app, links[0].seed),
        "shared_report.report": show_report(app, sealed),
        "code": code_of_in(app, links[0].seed),
    }
    stage.tokens |= dict.fromkeys(
        ("invitation_landing.begin", "keeping.finish"), stage.tokens["invitation_landing.start"]
    )
    stage.tokens |= {"personal": token_of_in(app, invitations[0].seed)}
    stage.tokens |= {"others_personal": token_of_in(app, foreign_ones[0].seed)}


def _fill_desks(
    stage: Stage, carl: StaffMember, cora: StaffMember, respondents: dict[str, Respondent]
) -> None:
    link = make_guided(carl, name="Carl's clients", uses="9")
    others = make_guided(cora, name="Cora's clients")
    stage.values |= {"link_id": link.id, "others_link_id": others.id}
    stage.values |= {"others_counsellor_id": cora.staff.id}
    address = find_address(carl, link)
    routes = ("link_landing.start", "link_landing.begin", "link_return.come_back")
    stage.tokens |= dict.fromkeys(routes, address.rpartition("/")[2])
    client = Respondent(stage.app.test_client())
    begin(client, address)
    stage.tokens["return_code"] = read_return_code(client)
    take(respondents["alice"], address)
    share(respondents["alice"], carl.staff.id, name="Kari")
    take(respondents["mallory"], find_address(cora, others), agree(autonomy=4))
    share(respondents["mallory"], cora.staff.id, name="Mallory")
    stage.values |= {"others_handle": respondents["mallory"].handle}
    stage.values |= {"others_share_id": list_clients(cora)[0].rpartition("/")[2]}


def _fill_attempts(stage: Stage, alice: Respondent, carl: StaffMember) -> None:
    alice.take({})
    stage.values["thin_handle"] = alice.handle
    alice.start()
    alice.answer(3)
    stage.values["open_handle"] = alice.handle
    alice.open(f"/en/invitations/{stage.tokens['invitation_landing.begin']}/begin")
    alice.send(alice.page.find_form("/begin"))
    alice.answer_all(agree(people=4))
    alice.finish()
    base = alice.base
    alice.open(f"{base}/jobs/present")
    alice.send(alice.page.find_form("/jobs/present"), 200, **{f"trait-{PACK.traits[0].id}": "3"})
    share(alice, carl.staff.id, name="Kari", together="y")
    (shared,) = find_shared(share(alice, "link", name="Kari"))
    stop = next(form.action for form in alice.page.forms if form.action.endswith("/stop"))
    share_id, other_id = (link.rpartition("/")[2] for link in list_clients(carl))
    alice.open(f"{base}/")
    stage.values |= {
        "language": "en",
        "handle": alice.handle,
        "pack_id": PACK.id,
        "item_id": FIRST[0],
    }
    stage.values |= {"share_id": share_id, "other_id": other_id, "stopped_id": stop.split("/")[-2]}
    stage.values |= {"kind": "present", "part_id": "leading", "ending": "csv"}
    stage.values |= {"address": next(iter(stage.app.extensions["fitquiz_static"]))}
    stage.tokens |= {
        "keeping.come_back": read_link(alice).rpartition("/")[2],
        "public_share.shared": shared.rpartition("/")[2],
    }


def _fill_accounts(stage: Stage, staff: dict[str, StaffMember]) -> None:
    app, token = stage.app, secrets.token_urlsafe(32)
    stage.secret = set_up(staff["tora"])[0]
    forget_step(app)
    staff["left"].open("/en/account")
    old = staff["left"].client.get_cookie("staff")
    staff["left"].send(staff["left"].page.find_form("/sign-out"))
    assert old
    staff["left"].client.set_cookie("staff", old.value)
    with app.app_context(), writing() as session:
        make_link(session, hash_token(token), staff["harry"].staff.id, RESET, datetime.now(UTC))
        disable_staff(session, staff["gone"].staff, actor=None, now=datetime.now(UTC))
    stage.tokens["sign_in.choose"] = token
    stage.values |= {"staff_id": staff["cora"].staff.id}


def _owe_a_code(stage: Stage, tora: StaffMember) -> Person:
    token, browser = secrets.token_urlsafe(32), Respondent(stage.app.test_client())
    with stage.app.app_context(), writing() as session:
        open_sign_in(session, hash_token(token), tora.staff.id, datetime.now(UTC), awaits_code=True)
    browser.client.set_cookie("staff", token)
    return stand_up(browser)


def stand_up(person: Respondent) -> Person:
    """Return the present cookies and the form token of a person's browser."""
    csrf = person.read_token()
    return Person(
        {cookie.key: cookie.value for cookie in (person.client._cookies or {}).values()}, csrf
    )
