"""What staff typed survives the end of their sign-in, and comes back to nobody else."""

import random
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from fitquiz.core.secrets.encrypted_texts import decrypt_text
from fitquiz.store.campaigns.units import list_units
from fitquiz.web.site.database_session import get_session
from tests.web.support.app_fixtures import MAIL_SETTINGS, MakeApp
from tests.web.support.authenticator import set_up, show
from tests.web.support.campaigning import fill as fill_campaign
from tests.web.support.clock import Clock, find_today
from tests.web.support.counselling import fill as fill_link
from tests.web.support.counselling import make_link, read_links
from tests.web.support.page import Page
from tests.web.support.page_checks import check_page
from tests.web.support.records import change_behind, read_records
from tests.web.support.respondent import Respondent
from tests.web.support.sealing import fill as fill_pending
from tests.web.support.sealing import seal
from tests.web.support.signing_in import sign_in
from tests.web.support.staff_member import PASSWORD, StaffMember, add

NOTE = "Velkommen! 😀 <b>Ta deg god tid</b>\r\nHilsen Carl & «Åse»"
BACK = "Back to what I typed"


@pytest.fixture
def carl(app: Flask) -> StaffMember:
    """Carl, who has signed in with his password."""
    carl = StaffMember(app, "Carl", "counsellor")
    sign_in(carl, "carl@example.org")
    return carl


def interrupt(person: Respondent, app: Flask, address: str, fields: Mapping[str, Any]) -> Page:
    """Open a page, wait until the sign-in has ended, and send the form of the page."""
    token = person.open(address).forms[-1].fields["csrf_token"]
    change_behind(app, "DELETE FROM sign_in")
    response = person.post(address, {"csrf_token": token, **fields})
    person.page = check_page(response, 403)
    return person.page


def come_back(person: Respondent, email: str = "carl@example.org") -> Page:
    """Sign in on the present page."""
    return person.send(person.page.find_form("/sign-in"), email=email, password=PASSWORD)


def read_typed(page: Page, name: str) -> str:
    (field,) = page.find_all("input", "textarea", "select", name=name)
    return field.get("value") or "".join(field.itertext())


def test_a_form_comes_back_as_it_was_typed_and_is_saved_when_it_is_sent_again(
    app: Flask, carl: StaffMember
) -> None:
    fields = fill_link(name="Høst 😀", note=NOTE, uses="7", seed="0" * 32)
    page = interrupt(carl, app, "/en/links/new", fields)
    assert "What you typed is kept" in page.text
    come_back(carl)
    carl.send(carl.page.find_form("/links/new"), button=BACK)
    assert "It is not saved yet" in carl.page.text
    assert read_links(carl) == []
    form = carl.page.find_form("/links/new")
    assert (form.fields["name"], form.fields["uses"]) == ("Høst 😀", "7")
    assert read_typed(carl.page, "note").splitlines() == NOTE.splitlines()
    carl.send(form, language="en", pack_id=fields["pack_id"], note=NOTE)
    (link,) = read_links(carl)
    assert (link.name, link.note.splitlines()) == ("Høst 😀", NOTE.splitlines())


def test_a_wrong_password_loses_nothing(app: Flask, carl: StaffMember) -> None:
    interrupt(carl, app, "/en/links/new", fill_link(name="Autumn group"))
    wrong = {"email": "carl@example.org", "password": "wrong wrong wrong"}
    carl.send(carl.page.find_form("/sign-in"), 400, **wrong)
    come_back(carl)
    carl.send(carl.page.find_form("/links/new"))
    assert read_typed(carl.page, "name") == "Autumn group"


def test_the_second_factor_loses_nothing(app: Flask, carl: StaffMember) -> None:
    secret, _ = set_up(carl)
    change_behind(app, "UPDATE staff SET totp_step = 0")
    interrupt(carl, app, "/en/links/new", fill_link(name="Autumn group"))
    come_back(carl)
    carl.send(carl.page.find_form("/sign-in/code"), code=show(secret))
    carl.send(carl.page.find_form("/links/new"))
    assert read_typed(carl.page, "name") == "Autumn group"


def test_another_account_gets_nothing(app: Flask, carl: StaffMember) -> None:
    add(app, "Cora", "counsellor")
    page = interrupt(carl, app, "/en/links/new", fill_link(name="Secret group"))
    assert "Secret group" not in page.response.text
    come_back(carl, "cora@example.org")
    assert carl.page.h1 == "Clients"
    assert "Secret group" not in carl.page.response.text


def test_a_page_of_an_account_that_was_here_before_is_not_kept(
    app: Flask, carl: StaffMember
) -> None:
    add(app, "Cora", "counsellor")
    old_token = carl.open("/en/links/new").forms[-1].fields["csrf_token"]
    sign_in(carl, "cora@example.org")
    change_behind(app, "DELETE FROM sign_in")
    fields = fill_link(name="Secret group") | {"csrf_token": old_token}
    carl.page = check_page(carl.post("/en/links/new", fields), 403)
    assert "Nothing was saved" in carl.page.text
    come_back(carl, "cora@example.org")
    assert "Secret group" not in carl.page.response.text


def test_after_a_sign_out_nothing_is_kept(app: Flask, carl: StaffMember) -> None:
    token = carl.open("/en/links/new").forms[-1].fields["csrf_token"]
    carl.open("/en/account")
    carl.send(carl.page.find_form("/sign-out"))
    response = carl.post("/en/links/new", fill_link() | {"csrf_token": token})
    assert "Nothing was saved" in check_page(response, 403).text


@pytest.mark.parametrize("change", [lambda kept: kept[:-4] + "AAAA", lambda _: "x", lambda _: "é"])
def test_a_kept_form_that_somebody_has_changed_is_forgotten(
    app: Flask, carl: StaffMember, change: Callable[[str], str]
) -> None:
    page = interrupt(carl, app, "/en/links/new", fill_link())
    form = page.find_form("/sign-in")
    kept = change(form.fields["kept"])
    carl.send(form, email="carl@example.org", password=PASSWORD, kept=kept)
    assert carl.page.h1 == "Clients"


def test_passwords_are_never_kept(app: Flask, carl: StaffMember) -> None:
    fields = {
        "present": PASSWORD,
        "password": "nine violet kettles",
        "again": "nine violet kettles",
    }
    page = interrupt(carl, app, "/en/account/password", fields)
    assert page.find_form("/sign-in").fields["kept"] == ""
    page = interrupt_again(carl, app)
    kept = page.find_form("/sign-in").fields["kept"]
    text = decrypt_text(str(app.config["SECRET_KEY"]), kept)
    assert text is not None
    assert "Autumn" in text
    assert PASSWORD not in text


def interrupt_again(carl: StaffMember, app: Flask) -> Page:
    sign_in(carl, "carl@example.org")
    return interrupt(carl, app, "/en/links/new", fill_link() | {"password": PASSWORD})


@pytest.fixture
def list_page(app: Flask) -> tuple[StaffMember, str]:
    """Hana, who has signed in with her password, and the page for her list of people."""
    hana = StaffMember(app, "Hana", "hr")
    campaign = hana.create(is_personal=True, units="")
    sign_in(hana, "hana@example.org")
    return hana, f"/en/campaigns/{campaign.id}/people"


def make_list(people: int) -> str:
    """Return a list in which no address can be guessed from the others."""
    numbers = random.Random(7)
    lines = [f"{numbers.getrandbits(80):x}@example.org\tDepartment {n % 90}" for n in range(people)]
    return "\n".join(lines)


@pytest.mark.parametrize("has_second_factor", [False, True])
def test_a_list_of_ten_thousand_people_comes_back_whole(
    app: Flask, list_page: tuple[StaffMember, str], has_second_factor: bool
) -> None:
    hana, address = list_page
    secret = set_up(hana)[0] if has_second_factor else b""
    change_behind(app, "UPDATE staff SET totp_step = 0 WHERE totp_step IS NOT NULL")
    typed = make_list(10_000)
    page = interrupt(hana, app, address, {"addresses": typed})
    assert "What you typed is kept" in page.text
    come_back(hana, "hana@example.org")
    if has_second_factor:
        hana.send(hana.page.find_form("/sign-in/code"), code=show(secret))
    hana.send(hana.page.find_form(address))
    assert read_typed(hana.page, "addresses").split() == typed.split()


def test_what_is_too_long_to_be_carried_is_not_kept(
    app: Flask, list_page: tuple[StaffMember, str]
) -> None:
    hana, address = list_page
    page = interrupt(hana, app, address, {"addresses": make_list(40_000)})
    assert "Nothing was saved" in page.text


def test_a_browser_without_an_account_sends_small_forms_only(app: Flask) -> None:
    stranger = Respondent(app.test_client())
    token = stranger.open("/en/sign-in").forms[-1].fields["csrf_token"]
    for address in ("/en/sign-in", "/en/sign-in/code"):
        response = stranger.post(address, {"csrf_token": token, "kept": "x" * 70_000})
        assert response.status_code == 413, address


def test_a_button_that_is_given_back_does_nothing(app: Flask, carl: StaffMember) -> None:
    link = make_link(carl)
    token = carl.open(f"/en/links/{link.id}/delete").forms[-1].fields["csrf_token"]
    sent = {"csrf_token": token, "given_back": "1"}
    assert carl.post(f"/en/links/{link.id}/delete", sent).status_code == 303
    assert carl.post(f"/en/links/{link.id}/close", sent).status_code == 303
    (same,) = read_links(carl)
    assert not same.is_closed


FORMS = [
    (
        "hr",
        "/en/campaigns/new",
        fill_campaign(title="Typed", units="Typed unit"),
        ["title", "units"],
    ),
    ("hr", "/en/campaigns/{later}/edit", {"title": "Typed", "inviter": "Me"}, ["title", "inviter"]),
    ("hr", "/en/campaigns/{later}/units", {"units": "Typed unit; 7"}, ["units"]),
    ("hr", "/en/campaigns/{later}/mailings/new", {"addresses": "typed@example.org"}, ["addresses"]),
    ("hr", "/en/campaigns/{later}/units/{unit}", {"label": "Typed"}, ["label"]),
    ("hr", "/en/campaigns/{later}/people", {"addresses": "typed@example.org"}, ["addresses"]),
    ("hr", "/en/campaigns/{later}/colleagues", {"email": "typed@example.org"}, ["email"]),
    ("hr", "/en/reports/{sealed}/respondents", {"plans": "Typed plans"}, ["plans"]),
    ("admin", "/en/staff/{kim}/campaigns", {"email": "typed@example.org"}, ["email"]),
    ("counsellor", "/en/links/new", fill_link(name="Typed"), ["name"]),
    ("admin", "/en/staff/new", {"name": "Typed", "email": "typed@example.org"}, ["name", "email"]),
]


@pytest.mark.parametrize(("permission", "address", "fields", "names"), FORMS)
def test_every_form_of_staff_comes_back(
    make_app: MakeApp, permission: str, address: str, fields: Mapping[str, Any], names: list[str]
) -> None:
    mail = {k.removeprefix("FITQUIZ_"): v for k, v in MAIL_SETTINGS.items()}
    has_mail = not address.endswith("/people")
    app = make_app(**mail) if has_mail else make_app()
    person = StaffMember(app, "Kim", permission)
    later = person.create(
        is_personal=True,
        opens_on=find_today() + timedelta(3),
        closes_on=find_today() + timedelta(9),
    )
    sealed = person.create("Sealed")
    fill_pending(app, sealed, cells="1100000")
    seal(app, sealed)
    with app.app_context():
        unit = list_units(get_session(), later.id)[0].id
    sign_in(person, "kim@example.org")
    before = read_records(app)
    address = address.format(later=later.id, unit=unit, sealed=sealed.id, kim=person.staff.id)
    interrupt(person, app, address, fields)
    come_back(person, "kim@example.org")
    person.send(person.page.find_form(address))
    assert {name: read_typed(person.page, name) for name in names} == {
        name: fields[name] for name in names
    }
    changed = {table for table, rows in read_records(app).items() if rows != before[table]}
    assert changed <= {"sign_in", "audit", "throttle"}


def test_staff_are_signed_out_after_the_time_of_the_setting(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(staff_idle_minutes=10)
    carl = StaffMember(app, "Carl", "counsellor")
    clock = Clock(monkeypatch)
    token = carl.open("/en/account").forms[0].fields["csrf_token"]
    (box,) = carl.page.find_all("div", class_="staying")
    assert 540 < int(box.get("data-seconds", "")) <= 600
    for _ in range(3):
        clock.turn(minutes=9)
        response = carl.post("/en/stay-signed-in", {"csrf_token": token})
        assert response.json == {"seconds": 600}
    clock.turn(minutes=11)
    assert carl.client.get("/en/clients").status_code == 303
    assert carl.post("/en/stay-signed-in", {"csrf_token": token}).status_code == 403


def test_nobody_stays_longer_than_twelve_hours(
    make_app: MakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(staff_idle_minutes=720)
    carl = StaffMember(app, "Carl", "counsellor")
    clock = Clock(monkeypatch)
    token = carl.open("/en/account").forms[0].fields["csrf_token"]
    clock.turn(hours=11, minutes=57)
    response = carl.post("/en/stay-signed-in", {"csrf_token": token})
    assert response.json is not None
    assert 0 < response.json["seconds"] <= 180
