"""A right that ends is gone at the next request, in every process.

Two apps on one database stand for two processes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from shutil import copy

import pytest
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache

from fitquiz.config.settings import read_settings
from fitquiz.store.campaigns.invitations import list_open_links
from fitquiz.web.factory import create_app
from fitquiz.web.security.link_tokens import token_of
from fitquiz.web.site.database_session import dispose_database, get_session
from tests.store.conftest import new_postgres_url, postgres  # noqa: F401 - fixtures
from tests.web.support.answering import agree
from tests.web.support.counselling import (
    find_address,
    find_shared,
    list_clients,
    look,
    make_link,
    share,
    take,
)
from tests.web.support.inviting import open_link
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import PASSWORD, StaffMember

_numbers = count(1)


@dataclass(frozen=True)
class Twins:
    """Two apps on one database."""

    here: Flask
    there: Flask

    def hire(self, permission: str) -> StaffMember:
        """Return a new staff member with this permission, signed in at the first app."""
        return StaffMember(self.here, f"P{next(_numbers)}", permission)

    def go_there(self, person: Respondent) -> FlaskClient:
        """Return a browser with the same cookies at the second app."""
        client = self.there.test_client()
        for cookie in (person.client._cookies or {}).values():
            client.set_cookie(cookie.key, cookie.value)
        return client


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def twins(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    migrated: Path,
    compiled_templates: FileSystemBytecodeCache,
) -> Iterator[Twins]:
    folder = tmp_path_factory.mktemp("twins")
    settings = {"FITQUIZ_INSTANCE": str(folder)}
    if request.param == "postgresql":
        settings["FITQUIZ_DATABASE_URL"] = request.getfixturevalue("new_postgres_url")()
    else:
        copy(migrated, folder / "fitquiz.db")
    apps = [create_app(read_settings(settings)) for _ in range(2)]
    for app in apps:
        app.jinja_env.bytecode_cache = compiled_templates
    yield Twins(*apps)
    for app in apps:
        dispose_database(app)


def press(person: Respondent, address: str, ending: str, **fields: str) -> None:
    """Open a page, and send its form whose address ends like this."""
    person.open(address)
    form = next(form for form in person.page.forms if form.action.endswith(ending))
    person.send(form, 200, **fields)


def administer(twins: Twins, person: StaffMember, ending: str, **fields: str) -> None:
    """Let a new admin send a form for an account."""
    address = f"/en/staff/{person.staff.id}"
    press(twins.hire("admin"), f"{address}{ending}", ending or address, **fields)


def change_password(_twins: Twins, hana: StaffMember) -> None:
    chosen = {
        "present": PASSWORD,
        "password": "nine violet kettles singing",
        "again": "nine violet kettles singing",
    }
    press(hana, "/en/account/password", "/password", **chosen)


ENDS: dict[str, tuple[Callable[[Twins, StaffMember], object], int]] = {
    "disabled": (lambda twins, hana: administer(twins, hana, "/disable"), 303),
    "reset": (lambda twins, hana: administer(twins, hana, "/reset"), 303),
    "permission taken": (
        lambda twins, hana: administer(twins, hana, "", permissions="counsellor"),
        303,
    ),
    "password changed": (change_password, 303),
    "signed out": (lambda _twins, hana: press(hana, "/en/account", "/sign-out"), 303),
}


@pytest.mark.parametrize("name", ENDS)
def test_staff_lose_access_in_every_process(twins: Twins, name: str) -> None:
    end, status = ENDS[name]
    hana = twins.hire("hr")
    hana.read_token()
    elsewhere = twins.go_there(hana)
    campaign = hana.create()
    assert elsewhere.get(f"/en/campaigns/{campaign.id}").status_code == 200
    end(twins, hana)
    assert elsewhere.get(f"/en/campaigns/{campaign.id}").status_code == status


def test_a_closed_link_begins_no_attempt(twins: Twins) -> None:
    carl = twins.hire("counsellor")
    alice = Respondent(twins.there.test_client())
    link = make_link(carl)
    alice.open(f"{find_address(carl, link)}/begin")
    form = alice.page.find_form("/begin")
    press(carl, f"/en/links/{link.id}", "/close")
    alice.send(form, 410)


def test_the_old_link_of_a_renewed_invitation_begins_no_attempt(twins: Twins) -> None:
    hana = twins.hire("hr")
    alice = Respondent(twins.there.test_client())
    campaign = hana.create()
    with twins.here.app_context():
        link = list_open_links(get_session(), campaign.id)[0]
        token = token_of(link.seed)
    alice.open(f"/en/invitations/{token}/begin")
    form = alice.page.find_form("/begin")
    press(hana, f"/en/campaigns/{campaign.id}/links/{link.id}/renew", f"/{link.id}/renew")
    alice.send(form, 404)


@pytest.mark.parametrize("action", ["stop", "delete"])
def test_nobody_sees_a_result_whose_share_was_stopped_or_deleted(twins: Twins, action: str) -> None:
    carl = twins.hire("counsellor")
    alice = Respondent(twins.here.test_client())
    take(alice, find_address(carl, make_link(carl)))
    (own,) = find_shared(share(alice, "link"))
    share(alice, carl.staff.id)
    address = list_clients(carl)[0]
    finder = Respondent(twins.there.test_client())
    look(carl, address)
    press(finder, own, own.rpartition("/")[2])
    desk = twins.go_there(carl)
    device = twins.go_there(alice)
    base = alice.base
    assert desk.get(address).status_code == 200
    assert device.get(f"{base}/result").status_code == 200

    if action == "delete":
        press(alice, f"{base}/delete", "/delete")
        assert device.get(f"{base}/result").status_code == 410
    else:
        for _ in range(2):
            press(alice, f"{base}/share", "/stop")
        assert device.get(f"{base}/result").status_code == 200

    assert desk.get(address).status_code == 410
    finder.open(own, 410)


def test_the_links_of_a_disabled_counsellor_are_closed(twins: Twins) -> None:
    carl = twins.hire("counsellor")
    alice = Respondent(twins.here.test_client())
    link = find_address(carl, make_link(carl, uses="5"))
    take(alice, link)
    share(alice, carl.staff.id)
    look(carl, list_clients(carl)[0])
    desk = twins.go_there(carl)
    administer(twins, carl, "/disable")
    assert desk.get("/en/clients").status_code == 303
    Respondent(twins.there.test_client()).open(link, 404)


def test_a_deleted_campaign_is_gone_everywhere(twins: Twins) -> None:
    hana = twins.hire("hr")
    alice = Respondent(twins.there.test_client())
    campaign = hana.create()
    alice.open(f"/en/invitations/{open_link(twins.here, campaign)}/begin")
    alice.send(alice.page.find_form("/begin"))
    elsewhere = twins.go_there(hana)
    assert elsewhere.get(f"/en/campaigns/{campaign.id}").status_code == 200
    press(hana, f"/en/campaigns/{campaign.id}/delete", "/delete")
    assert elsewhere.get(f"/en/campaigns/{campaign.id}").status_code == 404
    alice.answer_all(agree())
    alice.finish()
    assert "No. When you sent your answers" in alice.open(f"{alice.base}/counted").text
