"""An authenticator app at sign-in: set up, asked for, each code once, recovery codes, and taken away again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from fitquiz.web.site.database_session import writing
from tests.web.support.authenticator import OWN, forget_step, read_secret, set_up, show
from tests.web.support.records import read_records
from tests.web.support.respondent import Respondent
from tests.web.support.signing_in import sign_in
from tests.web.support.staff_member import PASSWORD, StaffMember


def type_code(person: Respondent, code: str, status: int = 200) -> None:
    person.send(person.page.find_form("/sign-in/code"), status, code=code)


def test_a_code_is_asked_for_and_leads_on(
    app: Flask, hana: StaffMember, mallory: Respondent
) -> None:
    secret, _codes = set_up(hana)
    hana.open("/en/campaigns")
    forget_step(app)
    mallory.open("/en/campaigns")
    mallory.send(mallory.page.find_form("/sign-in"), email="hana@example.org", password=PASSWORD)
    assert mallory.page.h1 == "One more step"
    type_code(mallory, show(secret))
    assert mallory.page.h1 == "Campaigns"


def test_the_password_alone_opens_nothing(
    app: Flask, hana: StaffMember, mallory: Respondent
) -> None:
    set_up(hana)
    sign_in(mallory)
    assert mallory.client.get("/en/campaigns").status_code == 303
    assert mallory.client.get("/en/account").status_code == 303
    type_code(mallory, "000000", 400)
    assert "not right" in mallory.page.text
    assert mallory.client.get("/en/campaigns").status_code == 303


def test_a_code_is_good_once(hana: StaffMember, mallory: Respondent) -> None:
    secret, _codes = set_up(hana)
    sign_in(mallory)
    type_code(mallory, show(secret), 400)
    type_code(mallory, show(secret, 1))
    assert mallory.page.h1 == "Campaigns"
    sign_in(mallory)
    type_code(mallory, show(secret, 1), 400)


def test_a_recovery_code_is_good_once_and_noted(hana: StaffMember, mallory: Respondent) -> None:
    _secret, codes = set_up(hana)
    sign_in(mallory)
    type_code(mallory, codes[3].lower().replace("-", " "))
    assert "9 recovery codes are left" in mallory.open(OWN).text
    assert "signed-in-by-recovery" in str(read_records(hana.app)["audit"])
    sign_in(mallory)
    type_code(mallory, codes[3], 400)


def test_new_recovery_codes_make_the_earlier_ones_useless(
    hana: StaffMember, mallory: Respondent
) -> None:
    _secret, old = set_up(hana)
    hana.open(OWN)
    hana.send(hana.page.find_form("/renew"), present=PASSWORD)
    new = hana.page.list_texts("code")
    assert (len(new), set(new) & set(old)) == (10, set())
    sign_in(mallory)
    type_code(mallory, old[0], 400)
    type_code(mallory, new[0])


def test_without_the_app_the_password_is_enough_again(
    hana: StaffMember, mallory: Respondent
) -> None:
    set_up(hana)
    hana.open(OWN)
    form = hana.page.find_form("/renew")
    form = replace(form, action=f"{OWN}/remove")
    hana.send(form, 400, present="wrong")
    hana.send(form, present=PASSWORD)
    sign_in(mallory)
    assert mallory.page.h1 == "Campaigns"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"code": "000000", "present": PASSWORD}, "That code is not right"),
        ({"code": "", "present": PASSWORD}, "Please fill this in"),
        ({"code": "000000", "present": "wrong"}, "Wrong e-mail or password"),
    ],
)
def test_nothing_is_set_up_by_what_is_wrong_and_the_key_stays(
    hana: StaffMember, typed: dict[str, str], words: str
) -> None:
    hana.open(OWN)
    secret = read_secret(hana.page)
    hana.send(hana.page.find_form("/add"), 400, **typed)
    assert words in hana.page.text
    assert read_secret(hana.page) == secret
    assert "not asked for" in hana.open("/en/account").text


@pytest.mark.parametrize("seed", ["", "zz", "00" * 17, "<script>"])
def test_a_seed_of_ones_own_making_is_refused(hana: StaffMember, seed: str) -> None:
    hana.open(OWN)
    hana.send(hana.page.find_form("/add"), 400, code="000000", present=PASSWORD, seed=seed)
    assert hana.page.find_all("form", action=f"{OWN}/add") == []


def test_an_app_is_set_up_once(hana: StaffMember) -> None:
    hana.open(OWN)
    form, secret = hana.page.find_form("/add"), read_secret(hana.page)
    set_up(hana)
    before = read_records(hana.app)["staff"]
    hana.send(form, code=show(secret), present=PASSWORD, csrf_token=hana.read_token())
    assert hana.page.h1 == "Codes at sign-in"
    assert read_records(hana.app)["staff"] == before


def test_the_other_browsers_are_signed_out_and_this_one_is_not(
    hana: StaffMember, mallory: Respondent
) -> None:
    sign_in(mallory)
    set_up(hana)
    assert mallory.client.get("/en/account").status_code == 303
    hana.open("/en/account")


def test_a_reset_takes_the_app_and_its_codes_away(
    app: Flask, ada: StaffMember, hana: StaffMember
) -> None:
    set_up(hana)
    ada.open(f"/en/staff/{hana.staff.id}/reset")
    ada.send(ada.page.find_form("/reset"))
    assert read_records(app)["recovery_code"] == []


def test_wrong_codes_run_out_like_wrong_passwords(hana: StaffMember, mallory: Respondent) -> None:
    secret, codes = set_up(hana)
    sign_in(mallory)
    for _ in range(10):
        type_code(mallory, "000000", 400)
    form = mallory.page.find_form("/sign-in/code")
    for code in (show(secret, 1), codes[0]):
        mallory.send(form, 429, code=code)


def test_the_code_is_to_be_typed_within_ten_minutes(hana: StaffMember, mallory: Respondent) -> None:
    secret, _codes = set_up(hana)
    sign_in(mallory)
    form = mallory.page.find_form("/sign-in/code")
    with hana.app.app_context(), writing() as session:
        past = datetime.now(UTC) - timedelta(minutes=11)
        session.execute(
            text("UPDATE sign_in SET signed_in_at = :past WHERE awaits_code"), {"past": past}
        )
    mallory.send(form, code=show(secret, 1))
    assert mallory.page.h1 == "Sign in"


def test_whoever_owes_no_code_is_asked_to_sign_in(mallory: Respondent, hana: StaffMember) -> None:
    assert hana.open("/en/sign-in/code").h1 == "Sign in"
    assert mallory.open("/en/sign-in/code").h1 == "Sign in"


def test_neither_seeds_secrets_nor_codes_are_in_the_log(hana: StaffMember) -> None:
    secret, codes = set_up(hana)
    log = str(read_records(hana.app)["audit"])
    assert [each for each in (*codes, secret.hex(), show(secret)) if each in log] == []
    stored = str(read_records(hana.app))
    assert [each for each in (*codes, secret.hex()) if each in stored] == []
