"""Hana signs in, makes a survey from a list of 40 people, and sends the invitations: at most six pages."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from fitquiz.config.settings import read_settings
from fitquiz.web.factory import create_app
from fitquiz.web.site.database_session import dispose_database
from tests.browser.support.tabs import opening_tabs
from tests.reliability.support.server import Server
from tests.server.support.mail_box import MailBox, serving_mail
from tests.web.support.list_files import write_book
from tests.web.support.staff_member import PASSWORD, add

pytestmark = pytest.mark.browser
MAX_PAGES = 6
MAX_SECONDS = 60
PEOPLE = 40
TEAMS = ("Oslo", "Bergen", "Bodø")


def list_people() -> list[list[str]]:
    heading = ["Ansattnr", "Navn", "E-post", "Avdeling", "Team"]
    rows = [heading]
    for number in range(PEOPLE):
        team = TEAMS[number % 3] if number % 4 else ""
        department = "Salg" if team else "IT"
        address = f"person{number}@example.org"
        rows.append([str(1000 + number), f"Kari Nordmann {number}", address, department, team])
    return rows


@pytest.fixture(scope="module")
def box() -> Iterator[MailBox]:
    with serving_mail() as box:
        yield box


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, box: MailBox) -> Iterator[str]:
    """The address of a server that sends e-mail, with Hana's account."""
    instance = tmp_path_factory.mktemp("mailing") / "instance"
    app = create_app(read_settings({"FITQUIZ_INSTANCE": str(instance)}))
    add(app, "Hana", "hr")
    dispose_database(app)
    server = Server(instance, smtp_url=box.url, mail_from="quiz@example.org")
    server.start()
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        server.kill()


@pytest.fixture
def hana(browser: Browser, address: str) -> Iterator[Page]:
    """A tab without JavaScript that opens the page of campaigns for the first time."""
    with opening_tabs(browser, address) as open_tab:
        yield open_tab(java_script_enabled=False, viewport={"width": 1280, "height": 900})


def see(page: Page, seen: list[str], h1: str) -> None:
    """Note the page that has come."""
    expect(page.locator("h1")).to_have_text(h1)
    seen.append(h1)


@pytest.mark.parametrize("is_file", [False, True], ids=["paste", "file"])
def test_from_the_first_sign_in_to_sent_invitations_in_six_pages(
    hana: Page, box: MailBox, tmp_path: Path, is_file: bool
) -> None:
    seen: list[str] = []
    box.messages.clear()
    hana.goto("/en/campaigns")
    see(hana, seen, "Sign in")
    hana.get_by_label("E-mail").fill("hana@example.org")
    hana.get_by_label("Password").fill(PASSWORD)
    hana.keyboard.press("Enter")
    see(hana, seen, "Campaigns")
    hana.get_by_role("link", name="New campaign").click()
    see(hana, seen, "New campaign")
    hana.get_by_label("Title").fill("Winter")
    hana.get_by_label("Who invites").fill("HR at Fjord")
    if is_file:
        path = tmp_path / "people.xlsx"
        path.write_bytes(write_book(list_people()))
        hana.get_by_label("Or choose a file").set_input_files(path)
    else:
        pasted = "\n".join("\t".join(row) for row in list_people())
        hana.get_by_label("E-mail addresses, with or without units").fill(pasted)
    hana.get_by_role("button", name="Create it").click()
    see(hana, seen, "Ready to send?")
    main = hana.locator("main")
    expect(main).to_contain_text("40 people get an invitation.")
    expect(main).to_contain_text("Reminder to everybody on")
    expect(main).to_contain_text("Not used, and not kept: Ansattnr, Navn.")
    expect(hana.locator(".tree")).to_contain_text("Salg 30 people")
    expect(hana.locator(".tree")).to_contain_text("IT 10 people")
    hana.get_by_role("button", name="Send to 40 people").click()
    see(hana, seen, "Invitations by e-mail")
    expect(main).to_contain_text("To 40 people")
    assert len(seen) <= MAX_PAGES

    deadline = time.monotonic() + MAX_SECONDS
    while "40 of 40 sent" not in main.inner_text():
        assert time.monotonic() < deadline
        hana.get_by_role("link", name="Look again").click()
    assert len(set(box.addresses)) == PEOPLE
