"""A company with as many stored rows as a test asks for."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import text

from fitquiz.config.settings import read_settings
from fitquiz.web.factory import create_app
from tests.store.support.others import store_own
from tests.web.support.answering import agree
from tests.web.support.counselling import find_address, list_clients, look, make_link, share, take
from tests.web.support.records import read_database
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import StaffMember

Pages = dict[str, tuple[Respondent, str]]


@dataclass(frozen=True)
class Company:
    """An app with many stored attempts, and the requests that people send to the app."""

    app: Flask
    ask: dict[str, Callable[[], int]]

    def find_backends(self) -> list[Path]:
        """The files in which Linux shows the processor time of the app's PostgreSQL processes."""
        database = read_database(self.app)
        if database.engine.dialect.name != "postgresql":
            return []
        with database.engine.connect() as connection:
            own = "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND state IS NOT NULL"
            return [Path(f"/proc/{pid}/schedstat") for pid in connection.scalars(text(own))]


def open_company(url: str, folder: Path, compiled: FileSystemBytecodeCache) -> Company:
    """Make an app with an unfinished attempt, a shared result and signed-in staff."""
    app = create_app(read_settings({"FITQUIZ_INSTANCE": str(folder), "FITQUIZ_DATABASE_URL": url}))
    app.jinja_env.bytecode_cache = compiled
    hana, carl, ada = (
        StaffMember(app, *each)
        for each in (("Hana", "hr"), ("Carl", "counsellor"), ("Ada", "admin"))
    )
    sharer, link = Respondent(app.test_client()), make_link(carl)
    take(sharer, find_address(carl, link), agree())
    share(sharer, carl.staff.id)
    client = list_clients(carl)[0]
    look(carl, client)
    store_own(read_database(app), hana.staff.id, carl.staff.id)
    pages = list_respondents_pages(app, sharer) | list_hr_pages(hana)
    pages |= {"links": (carl, "/en/links"), "link": (carl, f"/en/links/{link.id}")}
    pages |= {"clients": (carl, "/en/clients"), "client": (carl, client)}
    pages |= {
        "staff": (ada, "/en/staff"),
        "log": (ada, "/en/staff/log"),
        "member": (ada, f"/en/staff/{hana.staff.id}"),
    }
    asks: dict[str, Callable[[], int]] = {
        name: partial(get_status, *page) for name, page in pages.items()
    }
    return Company(app, asks | {"answer": press_answer(Respondent(app.test_client()))})


def list_respondents_pages(app: Flask, sharer: Respondent) -> Pages:
    alice = Respondent(app.test_client())
    alice.start()
    return {
        "item": (alice, f"{alice.base}/items/{alice.item}"),
        "check": (alice, f"{alice.base}/check"),
        **{
            name: (sharer, f"{sharer.base}/{name}")
            for name in ("result", "answers", "share", "delete")
        },
    }


def list_hr_pages(hana: StaffMember) -> Pages:
    campaign, crowd = hana.create(), hana.create("Crowd", is_personal=True)
    parts = ("", "/links", "/units", "/edit")
    return {
        **{name: (hana, f"/en/{name}") for name in ("campaigns", "campaigns/new", "reports")},
        **{f"campaign{part}": (hana, f"/en/campaigns/{campaign.id}{part}") for part in parts},
        "invitations": (hana, f"/en/campaigns/{crowd.id}/invitations"),
        "report": (hana, f"/en/reports/{campaign.id}"),
    }


def press_answer(alice: Respondent) -> Callable[[], int]:
    alice.start()
    form = alice.page.find_form(f"/items/{alice.item}")
    return lambda: alice.post(form.action, form.press() | {"answer": "3"}).status_code


def get_status(who: Respondent, address: str) -> int:
    return who.client.get(address).status_code
