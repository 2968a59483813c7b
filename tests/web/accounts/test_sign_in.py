"""Signing in: one answer for all that is wrong, limits before work, and rights that end at once."""

import re

import pytest
from flask import Flask
from sqlalchemy import text

from fitquiz.server.setup_link import make_setup_link
from fitquiz.web.site.database_session import writing
from tests.web.support.records import read_records
from tests.web.support.respondent import Respondent
from tests.web.support.signing_in import sign_in
from tests.web.support.staff_member import PASSWORD, StaffMember, add


def test_who_signs_in_comes_to_where_the_way_was_leading(app: Flask, mallory: Respondent) -> None:
    add(app, "Hana", "hr")
    mallory.open("/en/campaigns")
    mallory.send(mallory.page.find_form("/sign-in"), email="HANA@example.org", password=PASSWORD)
    assert mallory.page.h1 == "Campaigns"


@pytest.mark.parametrize(
    "onward", ["https://example.org/", "//example.org", "/\\example.org", "javascript:alert(1)"]
)
def test_no_way_leads_to_another_site(app: Flask, mallory: Respondent, onward: str) -> None:
    add(app, "Hana", "hr")
    mallory.open(f"/en/sign-in?onward={onward}")
    mallory.send(mallory.page.find_form("/sign-in"), email="hana@example.org", password=PASSWORD)
    assert mallory.page.h1 == "Campaigns"


@pytest.mark.parametrize(
    ("email", "password"), [("hana@example.org", "wrong"), ("nobody@example.org", PASSWORD)]
)
def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(
    app: Flask, mallory: Respondent, email: str, password: str
) -> None:
    add(app, "Hana", "hr")
    sign_in(mallory, email, password, 400)
    assert "Wrong e-mail or password" in mallory.page.text
    assert mallory.page.find_all("input", name="email")[0].get("value") == email
    assert mallory.page.find_all("input", name="password")[0].get("value", "") == ""


def test_ten_wrong_tries_are_enough(app: Flask, mallory: Respondent) -> None:
    add(app, "Hana", "hr")
    for _ in range(10):
        sign_in(mallory, password="wrong", status=400)
    sign_in(mallory, status=429)
    assert int(mallory.page.response.headers["Retry-After"]) > 0


def test_right_passwords_use_up_no_tries(app: Flask, mallory: Respondent) -> None:
    add(app, "Hana", "hr")
    for _ in range(12):
        sign_in(mallory)


def test_a_sign_in_is_a_new_one_each_time_and_a_copy_ends_with_it(
    app: Flask, hana: StaffMember
) -> None:
    copy = hana.client.get_cookie("staff")
    assert copy is not None
    hana.open("/en/account")
    hana.send(hana.page.find_form("/sign-out"))
    thief = app.test_client()
    thief.set_cookie("staff", copy.value)
    assert thief.get("/en/campaigns").status_code == 303


@pytest.mark.parametrize("deed", ["disable", "permissions", "reset"])
def test_a_right_that_is_taken_away_is_gone_at_the_next_request(
    app: Flask, ada: StaffMember, hana: StaffMember, deed: str
) -> None:
    hana.open("/en/campaigns")
    ada.open(f"/en/staff/{hana.staff.id}")
    if deed == "permissions":
        ada.send(ada.page.find_form(f"/staff/{hana.staff.id}"), permissions="counsellor")
    else:
        ada.open(ada.page.find_link(f"/{deed}"))
        ada.send(ada.page.find_form(f"/{deed}"))
    assert hana.client.get("/en/campaigns").status_code == 303


@pytest.mark.parametrize("deed", ["/disable", ""])
def test_the_last_admin_stays(ada: StaffMember, deed: str) -> None:
    ada.open(f"/en/staff/{ada.staff.id}{deed}")
    ada.send(ada.page.find_form(f"/staff/{ada.staff.id}{deed}"), 400, permissions="hr")
    assert "There is no other administrator" in ada.page.text
    ada.open("/en/staff")


def test_an_invited_person_chooses_a_password_once(
    app: Flask, ada: StaffMember, mallory: Respondent
) -> None:
    ada.open("/en/staff/new")
    ada.send(
        ada.page.find_form("/staff/new"), name="Heidi", email="heidi@example.org", permissions="hr"
    )
    link = (
        ada.page.find_all("input", id="link")[0].get("value", "").removeprefix("http://localhost")
    )
    mallory.open(link)
    mallory.send(mallory.page.find_form(link), 400, password="short", again="short")
    assert "at least 15 characters" in mallory.page.text
    mallory.send(mallory.page.find_form(link), password=PASSWORD, again=PASSWORD)
    assert mallory.page.h1 == "Campaigns"
    ada.open(link, 404)


def test_the_setup_link_makes_the_first_admin_and_is_dead_then(
    app: Flask, mallory: Respondent
) -> None:
    first, link = make_setup_link(app), make_setup_link(app)
    mallory.open(str(first), 404)
    mallory.open(str(link))
    form = mallory.page.find_form(str(link))
    mallory.send(form, name="Ada", email="ada@example.org", password=PASSWORD, again=PASSWORD)
    mallory.open("/en/staff")
    mallory.open(str(link), 404)
    assert make_setup_link(app) is None


def test_the_log_holds_deeds_and_no_secrets_and_cannot_be_changed(
    app: Flask, ada: StaffMember
) -> None:
    add(app, "Hana", "hr")
    sign_in(ada, password="wrong wrong wrong", status=400)
    assert "wrong password" in StaffMember(app, "Eva", "admin").open("/en/staff/log").text
    assert not re.search("wrong wrong", str(read_records(app)["audit"]))
    for statement in ("UPDATE audit SET action = ''", "DELETE FROM audit"):
        with pytest.raises(Exception, match="append-only"), app.app_context(), writing() as session:
            session.execute(text(statement))


def test_a_failure_is_noted_without_what_was_typed(app: Flask, mallory: Respondent) -> None:
    add(app, "Hana", "hr")
    sign_in(mallory, password="wrong", status=400)
    sign_in(mallory, "my secret password@example.org", status=400)
    deeds = [(row[3], row[4], row[5]) for row in read_records(app)["audit"]]
    assert deeds == [("Hana", "sign-in-failed", "hana@example.org"), ("", "sign-in-unknown", "")]


@pytest.mark.parametrize("before", ["0", "-1", "x", str(2**31), "9" * 40])
def test_the_log_is_shown_from_any_place(ada: StaffMember, before: str) -> None:
    ada.open(f"/en/staff/log?before={before}")
