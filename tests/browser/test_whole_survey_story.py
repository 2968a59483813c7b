"""A survey from HR's one-time link to the report for those who answered: real browsers, a real server, real e-mail."""

import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from email.message import EmailMessage
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, Response, expect

from fitquiz.config.settings import read_settings
from fitquiz.core.packs import Pack
from fitquiz.web.factory import create_app
from fitquiz.web.site.database_session import dispose_database
from tests.browser.support.engines import Engine, EnginePage
from tests.browser.support.network import open_network
from tests.browser.support.tabs import NewTab, opening_tabs
from tests.browser.support.taking import LEAST_READING_MS, answer_items, send
from tests.reliability.support.server import ROOT, Server, make_environment
from tests.server.support.mail_box import MailBox, serving_mail
from tests.web.support.staff_member import PASSWORD, add

pytestmark = [pytest.mark.browser, pytest.mark.long]
PEOPLE = [f"person{number}@example.org" for number in range(40)]
ANSWERING = PEOPLE[:6]
IN_FIREFOX = ANSWERING[:2]
STOPPING = PEOPLE[6]
READING = ["hana@example.org", "rita@example.org"]
"""The owner and the reader of the survey. Both are told of the seal."""
MAX_SECONDS = 60
MAX_PAGES = 6
"""The pages that HR sees from the one-time link to the sent invitations."""
PLANS = "Everybody gets a quiet room."
MAIL_FROM = "quiz@example.org"


@pytest.fixture
def box() -> Iterator[MailBox]:
    with serving_mail() as box:
        yield box


@pytest.fixture
def server(tmp_path: Path, box: MailBox) -> Iterator[Server]:
    """A server that sends e-mail, with the accounts of Ada, who administers, and of Rita."""
    instance = tmp_path / "instance"
    app = create_app(read_settings({"FITQUIZ_INSTANCE": str(instance)}))
    add(app, "Ada", "admin")
    add(app, "Rita", "hr")
    dispose_database(app)
    server = Server(instance, smtp_url=box.url, mail_from=MAIL_FROM)
    server.start()
    try:
        yield server
    finally:
        server.kill()


@pytest.fixture
def open_tab(browser: Browser, server: Server) -> Iterator[NewTab]:
    """Each tab is a device of its own."""
    with opening_tabs(browser, f"http://127.0.0.1:{server.port}") as open_tab:
        yield open_tab


def sign_in(page: Page, name: str) -> None:
    page.goto("/en/sign-in")
    page.get_by_label("E-mail").fill(f"{name}@example.org")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).not_to_have_text("Sign in")


def add_hana(ada: Page, box: MailBox) -> str:
    """Let Ada make the account of Hana. Return the path of the one-time link that Hana gets."""
    sign_in(ada, "ada")
    ada.goto("/en/staff/new")
    ada.get_by_label("Name").fill("Hana")
    ada.get_by_label("E-mail").fill("hana@example.org")
    ada.get_by_label("HR: campaigns and reports on groups").check()
    ada.get_by_role("button", name="Add and send the link").click()
    (message,) = wait_for(box, 1)
    assert message["To"] == "hana@example.org"
    path = find_link(message, "/staff-links/")
    box.messages.clear()
    return path


def note_pages(page: Page) -> list[str]:
    """Return a list to which every page is added that the tab shows from now on."""
    shown: list[str] = []

    def note(response: Response) -> None:
        is_redirect = 300 <= response.status < 400
        if response.request.is_navigation_request() and not is_redirect:
            shown.append(response.url)

    page.on("response", note)
    return shown


def choose_password(hana: Page, link: str) -> None:
    hana.goto(link)
    hana.locator("input[name=password]").fill(PASSWORD)
    hana.locator("input[name=again]").fill(PASSWORD)
    hana.get_by_role("button", name="Save and sign in").click()
    expect(hana.locator("h1")).to_have_text("Campaigns")


def invite(hana: Page) -> str:
    """Make a survey from the list of people, and send the invitations. Return the survey's address."""
    rows = ["E-post\tAvdeling", *(f"{address}\tSalg" for address in PEOPLE)]
    hana.get_by_role("link", name="New campaign").click()
    hana.get_by_label("Title").fill("Winter")
    hana.get_by_label("Who invites").fill("HR at Fjord")
    hana.get_by_label("E-mail addresses, with or without units").fill("\n".join(rows))
    hana.get_by_role("button", name="Create it").click()
    expect(hana.locator(".tree")).to_contain_text("Salg 40 people")
    hana.get_by_role("button", name="Send to 40 people").click()
    expect(hana.locator("main")).to_contain_text("To 40 people")
    return re.sub("/mailings.*", "", hana.url)


def wait_for(box: MailBox, count: int) -> list[EmailMessage]:
    deadline = time.monotonic() + MAX_SECONDS
    while len(box.messages) < count:
        assert time.monotonic() < deadline, f"{len(box.messages)} of {count} messages"
        time.sleep(0.1)
    return box.messages


def find_link(message: EmailMessage, kind: str) -> str:
    """Return the path of a link in the English text of an e-mail."""
    body = message.get_body(("plain",))
    assert body is not None
    found = re.findall(rf"http://[^/]+(/en{kind}\S*)", body.get_content())
    assert found, body.get_content()
    return str(found[0])


def answer(page: Page, message: EmailMessage, pack: Pack) -> None:
    """Begin from an invitation, answer everything, and send the answers."""
    page.goto(find_link(message, "/invitations/"))
    page.locator("main a.button").first.click()
    page.locator("button[name=device]").first.click()
    answer_items(page, pack.items_of(pack.first_parts), lambda item: str(len(item.id) % 5))
    send(page)


def answer_with_script(page: EnginePage, message: EmailMessage, pack: Pack) -> None:
    """Answer everything by tapping. The script shows the statements, and no page is loaded for them."""
    page.open(find_link(message, "/invitations/"))
    page.tap("main a.button")
    page.wait_until_path("*/begin*")
    page.tap("button[name=device]")
    items = pack.items_of(pack.first_parts)
    page.wait_until_path(f"*/items/{items[0].id}*")
    page.run_script("() => { window.isFirstPage = true; }")
    for item in items:
        page.wait_until_path(f"*/items/{item.id}*")
        assert page.run_script("() => window.isFirstPage === true")
        time.sleep(LEAST_READING_MS / 1000)
        page.tap(f".answers button:nth-of-type({len(item.id) % 5 + 1})")
    page.wait_until_path("*/check*")
    page.tap("main form[action$='/check'] button")
    page.wait_until_path("*/result*")
    page.close()


def stop_messages(page: EnginePage, message: EmailMessage) -> None:
    """Stop all further e-mail from a link in an e-mail."""
    page.open(find_link(message, "/stop-mail/"))
    page.tap("main form button")
    page.wait_until_text("no more", "main")
    page.close()


def let_rita_read(hana: Page, survey: str) -> None:
    hana.goto(f"{survey}/colleagues")
    hana.get_by_label("E-mail").fill("rita@example.org")
    hana.get_by_label("Read the report: sealed figures only").check()
    hana.get_by_role("button", name="Add").click()
    expect(hana.locator("[role=status]")).to_contain_text("can now read the report")


def show_to_respondents(hana: Page, report: str) -> None:
    hana.goto(f"{report}/respondents")
    hana.get_by_label("What will you do now?").fill(PLANS)
    hana.get_by_role("button", name="Show the report").click()
    expect(hana.locator("[role=status]")).to_contain_text("can now see the report")


def close_with_script(hana: EnginePage, survey: str) -> None:
    """Let Hana sign in on another device, and close the survey."""
    hana.open("/en/sign-in")
    hana.fill("input[name=email]", "hana@example.org")
    hana.fill("input[name=password]", PASSWORD)
    hana.press("Enter")
    hana.wait_until_path("*/campaigns*")
    hana.open(f"{urlsplit(survey).path}/close")
    hana.tap("main form button")
    hana.wait_until_text("The survey is closed.", "[role=status]")
    hana.close()


def let_reminders_be_due(server: Server) -> None:
    """Move the day of the first reminder to now."""
    with closing(sqlite3.connect(server.instance / "fitquiz.db", timeout=30)) as connection:
        connection.execute(
            "UPDATE outbox SET next_try_at = '2026-01-01 00:00:00.000000' WHERE number = 1"
        )
        connection.commit()


def seal(server: Server, box: MailBox) -> str:
    environment = make_environment(instance=server.instance, smtp_url=box.url, mail_from=MAIL_FROM)
    command = [sys.executable, "-m", "fitquiz.cli.commands", "seal", "--due"]
    return subprocess.run(
        command, check=True, cwd=ROOT, env=environment, capture_output=True, text=True
    ).stdout


def read_figures(page: Page) -> list[str]:
    """Return all cells of the tables of a report."""
    return page.locator("main table td, main table th").all_inner_texts()


@pytest.mark.parametrize("engine", ["firefox"], indirect=True)
def test_a_survey_from_the_one_time_link_to_the_report_for_those_who_answered(
    server: Server, box: MailBox, open_tab: NewTab, engine: Engine, pack: Pack
) -> None:
    link = add_hana(open_tab(java_script_enabled=False), box)
    hana = open_tab(java_script_enabled=False)
    pages = note_pages(hana)
    choose_password(hana, link)
    survey = invite(hana)
    assert 3 < len(pages) <= MAX_PAGES, pages
    messages = list(wait_for(box, len(PEOPLE)))
    assert sorted(str(message["To"]) for message in messages) == sorted(PEOPLE)
    by_address = {str(message["To"]): message for message in messages}

    for address in ANSWERING[len(IN_FIREFOX) :]:
        answer(open_tab(java_script_enabled=False), by_address[address], pack)
    with open_network(f"http://127.0.0.1:{server.port}") as network:
        for address in IN_FIREFOX:
            answer_with_script(engine.open_page(network), by_address[address], pack)
        stop_messages(engine.open_page(network), by_address[STOPPING])

    box.messages.clear()
    let_reminders_be_due(server)
    reminders = wait_for(box, len(PEOPLE) - 1)
    assert sorted(str(message["To"]) for message in reminders) == sorted(
        address for address in PEOPLE if address != STOPPING
    )

    box.messages.clear()
    let_rita_read(hana, survey)
    (shared,) = wait_for(box, 1)
    assert shared["To"] == "rita@example.org"
    box.messages.clear()
    with open_network(f"http://127.0.0.1:{server.port}") as network:
        close_with_script(engine.open_page(network), survey)
    assert "6 responses in 1 batches" in seal(server, box)
    told = wait_for(box, len(READING))
    assert sorted(str(message["To"]) for message in told) == READING

    report = re.sub("/campaigns/", "/reports/", survey)
    hana.goto(report)
    figures = read_figures(hana)
    assert figures
    rita = open_tab(java_script_enabled=False)
    sign_in(rita, "rita")
    rita.goto(report)
    assert read_figures(rita) == figures
    response = rita.goto(survey)
    assert response is not None
    assert response.status == 404

    show_to_respondents(hana, report)
    for address in (ANSWERING[0], PEOPLE[-1]):
        visitor = open_tab(java_script_enabled=False)
        visitor.goto(f"{find_link(by_address[address], '/invitations/')}/report")
        expect(visitor.locator("main")).to_contain_text(PLANS)
        assert read_figures(visitor) == figures
