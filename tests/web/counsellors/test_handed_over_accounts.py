"""A share is for a person: whoever gets the person's account, by whatever way, does not get the shares."""

import re
from collections.abc import Callable

import pytest
from flask import Flask

from fitquiz.cli.commands import main
from tests.web.support.counselling import (
    find_address,
    list_clients,
    look,
    make_link,
    read_shown,
    share,
    take,
)
from tests.web.support.records import change_behind, read_records
from tests.web.support.respondent import Respondent
from tests.web.support.signing_in import sign_in
from tests.web.support.staff_member import PASSWORD, StaffMember

GIVEN = {"has_answers": "y", "name": "Kari Nordmann"}
NEW_PASSWORD = "nine violet kettles singing"


def reset_by_admin(ada: StaffMember, carl: StaffMember) -> str:
    """Ada resets the account, and reads the one-time link on her own screen."""
    ada.open(f"/en/staff/{carl.staff.id}/reset")
    ada.send(ada.page.find_form("/reset"))
    link = ada.page.find_all("input", id="link")[0].get("value", "")
    return link.removeprefix("http://localhost")


def take_over(app: Flask, link: str) -> Respondent:
    """Choose a password with a one-time link, at a new browser."""
    thief = Respondent(app.test_client())
    thief.open(link)
    thief.send(thief.page.find_form(link), password=NEW_PASSWORD, again=NEW_PASSWORD)
    return thief


def list_attacks(person: Respondent, addresses: list[str]) -> list[int]:
    """Try each address of a shared result by GET and POST. Return the statuses."""
    token = person.open("/en/account").forms[0].fields["csrf_token"]
    statuses = []
    for address in addresses:
        statuses.append(person.client.get(address).status_code)
        statuses.append(person.post(address, {"csrf_token": token}).status_code)
    return statuses


@pytest.fixture
def shared(sharer: Respondent, carl: StaffMember) -> str:
    """The address of Alice's result on Carl's pages. Alice shares her name and her answers."""
    share(sharer, carl.staff.id, **GIVEN)
    (address,) = list_clients(carl)
    assert "Kari Nordmann" in look(carl, address).text
    return address


def test_an_administrator_who_resets_a_counsellor_reads_nothing(
    app: Flask, ada: StaffMember, carl: StaffMember, sharer: Respondent, shared: str
) -> None:
    take(sharer, find_address(carl, make_link(carl, uses="1")))
    share(sharer, carl.staff.id, **GIVEN)
    addresses = list_clients(carl)
    assert len(addresses) == 2
    first, second = (re.findall(r"\d+$", each)[0] for each in addresses)

    thief = take_over(app, reset_by_admin(ada, carl))
    attacks = [*addresses, f"/en/clients/{first}/compare/{second}"]
    statuses = list_attacks(thief, attacks)
    assert set(statuses) <= {404, 405}
    token = thief.open("/en/account").forms[0].fields["csrf_token"]
    given = {"csrf_token": token, "other": second}
    assert thief.post(f"/en/clients/{first}/compare", given).status_code == 404
    page = thief.open("/en/clients")
    assert "Kari" not in page.response.text
    assert "Your account was reset on" in page.text
    assert "each of them lets you see it again" in page.text


def test_a_share_between_the_reset_and_the_new_password_is_closed_too(
    app: Flask, ada: StaffMember, carl: StaffMember, sharer: Respondent
) -> None:
    link = reset_by_admin(ada, carl)
    share(sharer, carl.staff.id, **GIVEN)
    thief = take_over(app, link)
    assert "Kari" not in thief.open("/en/clients").response.text


def test_the_command_line_closes_shares_too(
    app: Flask,
    carl: StaffMember,
    shared: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings = app.extensions["fitquiz_settings"]
    monkeypatch.setenv("FITQUIZ_INSTANCE", str(settings.instance))
    with pytest.raises(SystemExit):
        main(["staff", "reset", carl.staff.email])
    found = re.search(r"/en/staff-links/[\w-]+|/\w\w/staff-links/[\w-]+", capsys.readouterr().out)
    assert found
    thief = take_over(app, found[0])
    assert set(list_attacks(thief, [shared])) <= {404, 405}


def test_the_client_is_told_and_opens_the_share_again(
    app: Flask, ada: StaffMember, carl: StaffMember, sharer: Respondent, shared: str
) -> None:
    again = take_over(app, reset_by_admin(ada, carl))
    page = sharer.open(f"{sharer.base}/share")
    assert "an administrator has reset the account of Carl" in page.text
    sharer.send(page.find_form("/confirm"))
    assert "Closed for now" not in sharer.page.text
    assert sharer.page.list_texts(role="status") == ["The counsellor can see your result again."]
    address = f"/en/clients/{re.findall(r'[0-9]+$', shared)[0]}"
    again.open(address)
    again.send(again.page.find_form(address))
    assert "Kari Nordmann" in read_shown(again.page)


def test_a_client_who_shares_once_more_confirms_with_that(
    app: Flask, ada: StaffMember, carl: StaffMember, sharer: Respondent, shared: str
) -> None:
    again = take_over(app, reset_by_admin(ada, carl))
    share(sharer, carl.staff.id, **GIVEN)
    assert "Kari Nordmann" in again.open("/en/clients").text


def test_nobody_confirms_the_share_of_somebody_else(
    app: Flask,
    ada: StaffMember,
    carl: StaffMember,
    sharer: Respondent,
    mallory: Respondent,
    shared: str,
) -> None:
    thief = take_over(app, reset_by_admin(ada, carl))
    mallory.start()
    token = mallory.page.forms[0].fields["csrf_token"]
    share_id = re.findall(r"\d+$", shared)[0]
    for attempt in (mallory.base, sharer.base):
        mallory.post(f"{attempt}/shares/{share_id}/confirm", {"csrf_token": token})
    assert set(list_attacks(thief, [shared])) <= {404, 405}


def _change_own_password(_ada: StaffMember, carl: StaffMember) -> None:
    carl.open("/en/account/password")
    form = carl.page.find_form("/password")
    carl.send(form, present=PASSWORD, password=NEW_PASSWORD, again=NEW_PASSWORD)


def _disable_and_enable(ada: StaffMember, carl: StaffMember) -> None:
    ada.open(f"/en/staff/{carl.staff.id}/disable")
    ada.send(ada.page.find_form("/disable"))
    ada.send(ada.page.find_form("/enable"))


@pytest.mark.parametrize("deed", [_change_own_password, _disable_and_enable])
def test_what_leaves_the_account_with_its_owner_closes_nothing(
    ada: StaffMember,
    carl: StaffMember,
    shared: str,
    deed: Callable[[StaffMember, StaffMember], None],
) -> None:
    deed(ada, carl)
    password = NEW_PASSWORD if deed is _change_own_password else PASSWORD
    sign_in(carl, carl.staff.email, password)
    assert list_clients(carl) == [shared]


def test_shares_with_others_and_by_link_stay_open(
    app: Flask, ada: StaffMember, carl: StaffMember, sharer: Respondent, shared: str
) -> None:
    cora = StaffMember(app, "Cora", "counsellor")
    take(sharer, find_address(cora, make_link(cora)))
    share(sharer, cora.staff.id, **GIVEN)
    share(sharer, "link", **GIVEN)
    reset_by_admin(ada, carl)
    assert len(list_clients(cora)) == 1
    (by_link,) = re.findall(r"/en/shared/[\w-]{43}", sharer.page.response.text)
    assert sharer.client.get(by_link).status_code == 200


def test_the_log_names_who_has_reset_whom(ada: StaffMember, carl: StaffMember, app: Flask) -> None:
    reset_by_admin(ada, carl)
    resets = [row for row in read_records(app)["audit"] if "staff-reset" in row]
    assert [(row[3], row[5]) for row in resets] == [("Ada", "carl@example.org")]


def test_the_owner_of_links_and_of_nothing_personal_keeps_them_after_a_reset(
    app: Flask, ada: StaffMember, carl: StaffMember
) -> None:
    link = make_link(carl)
    change_behind(app, f"UPDATE link SET started = 1 WHERE id = {link.id}")
    thief = take_over(app, reset_by_admin(ada, carl))
    assert thief.open(f"/en/links/{link.id}").h1 == link.name
