"""The whole app in use, and the simple records from which a test knows what must be true."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Date
from werkzeug.test import TestResponse

from fitquiz.server.housekeeping import run_housekeeping_once
from fitquiz.store.tables.base import Row, UtcDateTime
from fitquiz.web.counsellors.counsellor_forms import MAX_DAYS
from tests.web.support.answering import PACK
from tests.web.support.campaigning import fill
from tests.web.support.counselling import find_address
from tests.web.support.counselling import make_link as make_guided
from tests.web.support.page import find_first
from tests.web.support.records import read_database
from tests.web.support.staff_member import StaffMember
from tests.web.support.stage import Dump, Person, Stage, stand_up

CSRF = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')
SHARED = re.compile(r"/en/shared/([\w-]{43})")
STOPPED = re.compile(r"/shares/(\d+)/stop")
SEEN = re.compile(r'name="seen"[^>]*value="(\w+)"')
LABELS = {label: value for value, label in enumerate(PACK.words["en"]["answers"]["labels"])} | {
    "Skipped": None,
    "Not answered yet": None,
}
FEWEST, DURATION, UNFINISHED, FINISHED = 5, 20, 30, 180
_MOVED = (
    "attempt",
    "answer",
    "deleted_attempt",
    "share",
    "campaign",
    "campaign_factor",
    "link",
    "offer",
    "pack",
)
_seeds = count(1)
_addresses = count(1)


class Device:
    """A quick browser. It checks only that no status is 500 or above."""

    def __init__(self, app: Flask, person: Person | None = None) -> None:
        self.client: FlaskClient = person.sit_down(app) if person else app.test_client()
        self.csrf = (
            person.csrf
            if person
            else find_first(CSRF, self.get("/en/packs/front-back-office/begin").text)
        )

    def get(self, address: str) -> TestResponse:
        """Open an address."""
        response = self.client.get(address, environ_base=_come_from_elsewhere())
        assert response.status_code < 500, (address, response.status)
        return response

    def post(self, address: str, **fields: Any) -> TestResponse:
        """Send a form."""
        data = {"csrf_token": self.csrf, **fields}
        response = self.client.post(address, data=data, environ_base=_come_from_elsewhere())
        assert response.status_code < 500, (address, response.status)
        return response


def _come_from_elsewhere() -> dict[str, str]:
    """Return a new IP address for each request, so that no rate limit stops a story."""
    number = next(_addresses)
    return {"REMOTE_ADDR": f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"}


@dataclass(eq=False)
class Round:
    """The records of a campaign: its first day, its invitations and its published responses."""

    id: int
    day: int
    ways: list[str]
    is_personal: bool
    used: set[str] = field(default_factory=set)
    is_paused: bool = False
    is_closed: bool = False
    sealed_day: int | None = None
    published: int = 0

    def is_over(self, day: int) -> bool:
        """Return whether the campaign counts no more responses."""
        return self.is_closed or day > self.day + DURATION


@dataclass(eq=False)
class Shared:
    """The records of a share, with a counsellor or by link."""

    id: str
    day: int
    days: int
    counsellor: str = ""
    address: str = ""
    is_stopped: bool = False

    def is_live(self, day: int) -> bool:
        """Return whether the reader can see the result."""
        return not self.is_stopped and day - self.day <= self.days


@dataclass(eq=False)
class Taken:
    """The records of an attempt: its address, its answers, its campaign and its shares."""

    device: Device
    base: str
    started: int
    open: tuple[str, ...]
    secret: str = ""
    round: Round | None = None
    way: str = ""
    counsellor: str = ""
    state: str = "nowhere"
    sent: tuple[str, ...] = ()
    answers: dict[str, int | None] = field(default_factory=dict)
    shares: list[Shared] = field(default_factory=list)
    finished: int | None = None
    deleted: int | None = None
    is_purged: bool = False
    has_receipt: bool = False
    is_held: bool = True

    @property
    def is_alive(self) -> bool:
        """Whether the attempt is neither deleted nor purged."""
        return self.deleted is None and not self.is_purged

    @property
    def is_at_hand(self) -> bool:
        """Whether the attempt exists and its device holds the attempt."""
        return self.is_alive and self.is_held


class World:
    """The app with its staff. Each story begins with the restored database."""

    def __init__(self, app: Flask) -> None:
        self.stage, self.day = Stage(app), 0
        self.links: dict[str, str] = {}
        self.dump: Dump = {}
        for name, permission in (("hana", "hr"), ("carl", "counsellor"), ("cora", "counsellor")):
            member = StaffMember(app, name.capitalize(), permission)
            if permission == "counsellor":
                last = (datetime.now(UTC) + timedelta(MAX_DAYS)).date().isoformat()
                self.links[name] = find_address(
                    member, make_guided(member, uses="900", expires_on=last)
                )
            self.stage.people[name] = stand_up(member)
            self.stage.values[name] = member.staff.id
        self.stage.keep()

    def begin_again(self) -> None:
        """Restore the database and the first day."""
        self.stage.restore()
        self.day = 0

    def desk_of(self, name: str) -> Device:
        """Return a new browser in which this staff member is signed in."""
        return Device(self.stage.app, self.stage.people[name])

    def move(self, days: int) -> None:
        """Let days pass: make all stored times older by this number of days, except sign-ins."""
        self.day += days
        with read_database(self.stage.app).engine.begin() as connection:
            for table in (
                Row.metadata.tables[name] for name in _MOVED if name in Row.metadata.tables
            ):
                for column in table.columns:
                    if isinstance(column.type, Date | UtcDateTime):
                        old, ending = f"datetime({column.name}, '-{days} days')", " || '.000001'"
                        if isinstance(column.type, Date):
                            old, ending = f"date({column.name}, '-{days} days')", ""
                        change = f"UPDATE {table.name} SET {column.name} = {old}{ending}"
                        connection.exec_driver_sql(f"{change} WHERE {column.name} IS NOT NULL")

    def keep_house(self) -> None:
        """Run the housekeeping once."""
        settings = self.stage.app.extensions["fitquiz_settings"]
        assert run_housekeeping_once(read_database(self.stage.app), settings, datetime.now(UTC))

    def create(self, is_personal: bool) -> Round | None:
        """Let Hana create a campaign with the form, unless the yearly account has too little left."""
        hana = self.desk_of("hana")
        made = hana.post(
            "/en/campaigns/new", **fill(units="", kind="personal" if is_personal else "open")
        )
        if made.status_code == 400:
            assert "anonymity of a year" in made.text or "save again" in made.text
            return None
        assert made.status_code == 303
        base = made.location.partition("?")[0]
        if is_personal:
            assert hana.post(f"{base}/invitations", unit="0", number="3").status_code == 303
        way_in = "invitations/invitations.csv" if is_personal else "links"
        page = hana.post(f"{base}/{way_in}") if is_personal else hana.get(f"{base}/{way_in}")
        ways = list(dict.fromkeys(re.findall(r"/invitations/([\w-]{43})", page.text)))
        return Round(int(base.rpartition("/")[2]), self.day, ways, is_personal)

    def begin(self, address: str) -> tuple[Device, TestResponse]:
        """Begin an attempt on a new device."""
        device = Device(self.stage.app)
        page = device.get(address)
        found = re.search(r'name="token"[^>]* value="([^"]+)"', page.text)
        return device, device.post(address, token=found[1], device="own") if found else page

    def look(self) -> None:
        """Store a copy of all rows of the database in `dump`."""
        self.dump = self.stage.dump()

    def count_pending(self) -> dict[int, int]:
        """Return the number of pending responses of each campaign."""
        rows = self.dump["pending"]
        return {
            campaign: sum(row[1] == campaign for row in rows)
            for campaign in {row[1] for row in rows}
        }

    def count_published(self) -> dict[int, tuple[int, int]]:
        """Return two numbers of published responses for each campaign: from the batches, and from the rollup."""
        sums: dict[int, int] = {}
        for _id, campaign, _path, _from, _to, n, is_batch in self.dump["ledger"]:
            sums[campaign] = sums.get(campaign, 0) + (n if is_batch else 0)
        whole = {
            row[0]: row[8]
            for row in self.dump["ledger_rollup"]
            if row[1:4] == ("[]", "answers", "")
        }
        return {campaign: (number, whole.get(campaign, 0)) for campaign, number in sums.items()}


def new_seed() -> str:
    """Return a new seed for a share form."""
    return f"{next(_seeds):032x}"


def read_check(page: str) -> dict[str, int | None]:
    """Return the answers that the check shows. An item without a stored answer counts as left out."""
    found = re.findall(r'<li id="([\w-]+)">.*?<(?:strong|em)>(.*?)</', page, re.DOTALL)
    return {item: LABELS[label] for item, label in found}
