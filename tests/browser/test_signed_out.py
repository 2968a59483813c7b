"""Staff are warned before they are signed out, and what they typed comes back in every browser."""

import secrets
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import delete, update

from fitquiz.store.accounts.staff import (
    COUNSELLOR,
    HR,
    add_staff,
    find_staff_by_email,
    set_password_hash,
)
from fitquiz.store.engine.database import Database
from fitquiz.store.tables.staff_tables import SignInRow, StaffRow
from fitquiz.web.accounts.password_hashes import hash_password
from tests.browser.support.company import Company
from tests.browser.support.engines import EnginePage
from tests.browser.support.tabs import NewTab
from tests.store.support.ledger_cast import start_campaign

pytestmark = pytest.mark.browser
PASSWORD = "seven green herons waiting"
MAKE_LIST = (
    "Array.from({length: 10000}, (_, n) => `p${n * 7919 % 99991}${n}@example.org\\tDepartment ${n % 90}`)"
    ".join('\\n')"
)
"""A script that makes a list of 10,000 people."""
TYPED = "Høstgruppa «Å»"
IN_ENGINES = [
    "chromium",
    pytest.param("firefox", marks=pytest.mark.long),
    pytest.param("webkit", marks=pytest.mark.long),
]


@pytest.fixture
def email(database: Database) -> str:
    """The address of a new counsellor's account in the database of the server."""
    address = f"carl-{secrets.token_hex(4)}@example.org"
    with database.write_transaction() as session:
        staff = add_staff(session, "Carl", address, [COUNSELLOR], datetime.now(UTC))
        assert staff is not None
        set_password_hash(session, staff.id, hash_password(PASSWORD))
    return address


def sign_in(page: EnginePage, email: str) -> None:
    page.fill("#email", email)
    page.fill("#password", PASSWORD)
    page.tap("main form button")


@pytest.mark.parametrize("engine", IN_ENGINES, indirect=True)
def test_what_was_typed_comes_back_in_the_same_tab(
    engine_page: EnginePage, database: Database, email: str
) -> None:
    engine_page.open("/en/links/new")
    sign_in(engine_page, email)
    engine_page.wait_until_path("/en/links/new")
    engine_page.fill("#name", TYPED)
    with database.write_transaction() as session:
        session.execute(delete(SignInRow))
    engine_page.tap("main form button")
    engine_page.wait_until_text("What you typed is kept")
    sign_in(engine_page, email)
    engine_page.wait_until_text("You are signed in again")
    engine_page.tap("main form button")
    engine_page.wait_until_text("Here is what you typed.")
    assert engine_page.run_script("id => document.getElementById(id).value", "name") == TYPED
    engine_page.tap("main form button")
    engine_page.wait_until_path("/en/links/[0-9]*")
    assert engine_page.text("h1") == TYPED


@pytest.fixture
def list_address(database: Database, email: str) -> str:
    """The page for a list of people, of a campaign of the account, which has the permission HR."""
    now = datetime.now(UTC)
    with database.write_transaction() as session:
        staff = find_staff_by_email(session, email)
        assert staff is not None
        change_permissions = update(StaffRow).where(StaffRow.id == staff.id)
        session.execute(change_permissions.values(permissions=HR))
        campaign = start_campaign(
            session,
            staff.id,
            is_personal=True,
            opens_on=now.date() + timedelta(2),
            closes_on=now.date() + timedelta(9),
        )
    return f"/en/campaigns/{campaign.id}/people"


@pytest.mark.parametrize("engine", IN_ENGINES[:2], indirect=True)
def test_a_list_of_ten_thousand_people_comes_back_whole(
    engine_page: EnginePage, database: Database, email: str, list_address: str
) -> None:
    engine_page.open(list_address)
    sign_in(engine_page, email)
    engine_page.wait_until_path(list_address)
    fill_in = f"() => {{ document.getElementById('addresses').value = {MAKE_LIST}; }}"
    engine_page.run_script(fill_in)
    with database.write_transaction() as session:
        session.execute(delete(SignInRow))
    engine_page.tap("main form button")
    engine_page.wait_until_text("What you typed is kept")
    sign_in(engine_page, email)
    engine_page.wait_until_text("You are signed in again")
    engine_page.tap("main form button")
    engine_page.wait_until_text("Here is what you typed.")
    is_same = f"() => document.getElementById('addresses').value.trim() === {MAKE_LIST}"
    assert engine_page.run_script(is_same)
    engine_page.tap("main form button")
    engine_page.wait_until_text("people get an invitation.")
    assert "10000 people" in engine_page.text("main")


@pytest.fixture
def carl(company: Company, new_tab: NewTab) -> Page:
    """A counsellor, whose browser has a clock that the test turns."""
    page = new_tab(viewport={"width": 1280, "height": 900})
    company.visit(page, "counsellor")
    page.clock.install()
    page.goto("/en/links/new")
    return page


def test_staff_are_warned_five_minutes_before_and_stay_with_one_press(carl: Page) -> None:
    name = carl.get_by_label("The link's name")
    name.fill(TYPED)
    warning = carl.get_by_role("alert")
    carl.clock.fast_forward("24:00")
    expect(warning).to_be_hidden()
    carl.clock.fast_forward("02:00")
    expect(warning).to_have_text(
        "You will soon be signed out because this page has not been used for a while."
    )
    expect(name).to_be_focused()
    carl.get_by_role("button", name="Stay signed in").press("Enter")
    expect(warning).to_have_text("You are still signed in.")
    expect(name).to_have_value(TYPED)
    carl.clock.fast_forward("26:00")
    expect(warning).to_have_text(
        "You will soon be signed out because this page has not been used for a while."
    )
    carl.clock.fast_forward("05:00")
    expect(warning).to_contain_text("You are signed out.")
    expect(carl.get_by_role("button", name="Stay signed in")).to_be_hidden()


def test_another_tab_that_is_used_keeps_this_tab_quiet(carl: Page, company: Company) -> None:
    other = carl.context.new_page()
    carl.clock.fast_forward("24:00")
    other.goto(f"{company.address}/en/clients")
    carl.clock.fast_forward("02:00")
    expect(carl.get_by_role("alert")).to_be_hidden()
