"""The second factor: setting up an app, its codes at the sign-in, recovery codes, and removal."""

import base64
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask
from sqlalchemy import text

from fitquiz.core.secrets.totp import STEP_SECONDS, compute_code
from fitquiz.web.site.db import writing
from tests.web.accounts.test_sign_in import sign_in
from tests.web.support.page import Page
from tests.web.support.records import read_records
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import PASSWORD, StaffMember

OWN = "/en/account/second-factor"


def read_secret(page: Page) -> bytes:
    """Return the secret in the page's link for the app."""
    (address,) = [link for link in page.links if link.startswith("otpauth:")]
    query = urlsplit(address).query
    from_link = parse_qs(query)["secret"][0]
    written_out = page.list_texts("code")[0].replace(" ", "")
    assert written_out == from_link
    return base64.b32decode(from_link)


def show(secret: bytes, steps: int = 0) -> str:
    """Return the code that the app shows now, or `steps` half minutes from now."""
    step = int(datetime.now(UTC).timestamp()) // STEP_SECONDS
    return compute_code(secret, step + steps)


def set_up(person: StaffMember) -> tuple[bytes, list[str]]:
    """Set up an app; return its secret and the recovery codes."""
    person.open(OWN)
    secret = read_secret(person.page)
    person.send(person.page.find_form("/add"), code=show(secret), present=PASSWORD)
    codes = person.page.list_texts("code")
    assert person.page.h1 == "Recovery codes"
    assert len(set(codes)) == 10
    return secret, codes


def type_code(person: Respondent, code: str, status: int = 200) -> None:
    person.send(person.page.find_form("/sign-in/code"), status, code=code)


def forget_step(app: Flask) -> None:
    """Let the codes of this half minute work again."""
    with app.app_context(), writing() as session:
        session.execute(text("UPDATE staff SET totp_step = totp_step - 9"))


def test_the_sign_in_asks_for_a_code_and_then_leads_on(
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
    assert "not the right one" in mallory.page.text
    assert mallory.client.get("/en/campaigns").status_code == 303


def test_a_code_works_once(hana: StaffMember, mallory: Respondent) -> None:
    secret, _codes = set_up(hana)
    sign_in(mallory)
    type_code(mallory, show(secret), 400)
    type_code(mallory, show(secret, 1))
    assert mallory.page.h1 == "Hana"
    sign_in(mallory)
    type_code(mallory, show(secret, 1), 400)


def test_a_recovery_code_works_once_and_is_recorded(hana: StaffMember, mallory: Respondent) -> None:
    _secret, codes = set_up(hana)
    sign_in(mallory)
    type_code(mallory, codes[3].lower().replace("-", " "))
    assert "9 recovery codes are left" in mallory.open(OWN).text
    assert "signed-in-by-recovery" in str(read_records(hana.app)["audit"])
    sign_in(mallory)
    type_code(mallory, codes[3], 400)


def test_new_recovery_codes_replace_the_old_ones(hana: StaffMember, mallory: Respondent) -> None:
    _secret, old = set_up(hana)
    hana.open(OWN)
    hana.send(hana.page.find_form("/renew"), present=PASSWORD)
    new = hana.page.list_texts("code")
    assert len(new) == 10
    assert not set(new) & set(old)
    sign_in(mallory)
    type_code(mallory, old[0], 400)
    type_code(mallory, new[0])


def test_after_removal_the_password_is_enough_again(hana: StaffMember, mallory: Respondent) -> None:
    set_up(hana)
    hana.open(OWN)
    form = replace(hana.page.find_form("/renew"), action=f"{OWN}/remove")
    hana.send(form, 400, present="wrong")
    hana.send(form, present=PASSWORD)
    sign_in(mallory)
    assert mallory.page.h1 == "Hana"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"code": "000000", "present": PASSWORD}, "That code is not the right one"),
        ({"code": "", "present": PASSWORD}, "Please fill this in"),
        ({"code": "000000", "present": "wrong"}, "do not belong together"),
    ],
)
def test_a_wrong_form_sets_up_nothing_and_keeps_the_secret(
    hana: StaffMember, typed: dict[str, str], words: str
) -> None:
    hana.open(OWN)
    secret = read_secret(hana.page)
    hana.send(hana.page.find_form("/add"), 400, **typed)
    assert words in hana.page.text
    assert read_secret(hana.page) == secret
    assert "not asked for" in hana.open("/en/account").text


@pytest.mark.parametrize("seed", ["", "zz", "00" * 17, "<script>"])
def test_a_changed_seed_is_refused(hana: StaffMember, seed: str) -> None:
    hana.open(OWN)
    hana.send(hana.page.find_form("/add"), 400, code="000000", present=PASSWORD, seed=seed)
    assert hana.page.find_all("form", action=f"{OWN}/add") == []


def test_an_app_is_set_up_once(hana: StaffMember) -> None:
    hana.open(OWN)
    form = hana.page.find_form("/add")
    secret = read_secret(hana.page)
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


def test_a_reset_removes_the_app_and_the_recovery_codes(
    app: Flask, ada: StaffMember, hana: StaffMember
) -> None:
    set_up(hana)
    ada.open(f"/en/staff/{hana.staff.id}")
    ada.send(ada.page.find_form("/reset"))
    assert read_records(app)["recovery_code"] == []


def test_wrong_codes_count_like_wrong_passwords(hana: StaffMember, mallory: Respondent) -> None:
    secret, codes = set_up(hana)
    sign_in(mallory)
    for _ in range(10):
        type_code(mallory, "000000", 400)
    form = mallory.page.find_form("/sign-in/code")
    for code in (show(secret, 1), codes[0]):
        mallory.send(form, 429, code=code)


def test_the_code_must_come_within_ten_minutes(hana: StaffMember, mallory: Respondent) -> None:
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


def test_the_code_page_without_a_password_leads_to_the_sign_in(
    mallory: Respondent, hana: StaffMember
) -> None:
    assert hana.open("/en/sign-in/code").h1 == "Sign in"
    assert mallory.open("/en/sign-in/code").h1 == "Sign in"


def test_secrets_and_codes_are_stored_nowhere_as_they_are(hana: StaffMember) -> None:
    secret, codes = set_up(hana)
    records = read_records(hana.app)
    audit_log = str(records["audit"])
    assert show(secret) not in audit_log
    stored = str(records)
    for each in (*codes, secret.hex()):
        assert each not in stored
