"""A made-up company, served: the demo's, with its staff signed in and whatever else there is to see."""

import os
import re
import secrets
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from pathlib import Path
from urllib.request import Request, urlopen

from playwright.sync_api import Page
from sqlalchemy import text
from sqlalchemy.orm import Session

from fitquiz.core.groups.unit_lists import UnitDraft
from fitquiz.core.secrets.tokens import hash_token
from fitquiz.core.secrets.totp import SEED_BYTES
from fitquiz.store.accounts.password_links import INVITATION, make_link
from fitquiz.store.accounts.second_factors import add_totp
from fitquiz.store.accounts.sign_ins import open_sign_in
from fitquiz.store.accounts.staff import Staff, list_staff
from fitquiz.store.attempts.counsellor_links import list_links
from fitquiz.store.attempts.shares import Terms, add_share, list_own_shares
from fitquiz.store.attempts.stopping_shares import stop_share
from fitquiz.store.campaigns.campaigns import (
    Campaign,
    CampaignChoices,
    add_campaign,
)
from fitquiz.store.campaigns.invitations import list_open_links
from fitquiz.store.campaigns.own_campaigns import list_campaigns
from fitquiz.store.campaigns.units import add_units, list_units
from fitquiz.store.engine.database import open_database
from tests.browser.support.reading import forget
from tests.browser.support.server import ROOT, serve
from tests.core.support.shipped_packs import PACK


@dataclass(frozen=True)
class Company:
    """Its instance and address, the cookie of each member of staff by permission, and what stands in addresses."""

    instance: Path
    address: str
    cookies: dict[str, str]
    values: dict[str, object]

    def visit(self, page: Page, who: str) -> None:
        """Make a tab that of somebody, or of nobody."""
        forget(page)
        if who:
            page.context.add_cookies(
                [{"name": "staff", "value": self.cookies[who], "url": self.address}]
            )


@contextmanager
def open_company(instance: Path) -> Iterator[Company]:
    """Fill an instance as `make demo` does, sign its staff in, and serve it."""
    run_command(instance, "demo", "--only-prepare")
    with serve(instance) as address:
        database = open_database(f"sqlite:///{instance / 'fitquiz.db'}")
        with database.write_transaction() as session:
            staff = {next(iter(each.permissions)): each for each in list_staff(session)}
            awaited = _sign_in(
                session, staff["counsellor"], True
            )  # First, since an app that is added ends sign-ins.
            cookies = {name: _sign_in(session, each, False) for name, each in staff.items()} | {
                "awaited": awaited
            }
            values = _add_more(session, staff)
        yield Company(instance, address, cookies, values | _find_tokens(address, cookies, values))
        database.engine.dispose()


def run_command(instance: Path, *arguments: str) -> str:
    """Run a command on an instance, as whoever runs the server does, and return what it prints."""
    inherited = {
        name: value for name, value in os.environ.items() if not name.startswith("FITQUIZ_")
    }
    command = [sys.executable, "-m", "fitquiz.cli.commands", *arguments]
    environment = inherited | {"FITQUIZ_INSTANCE": str(instance)}
    return subprocess.run(
        command, check=True, cwd=ROOT, env=environment, capture_output=True, text=True
    ).stdout


def _sign_in(session: Session, staff: Staff, awaits_code: bool) -> str:
    token = secrets.token_urlsafe(32)
    if awaits_code:
        add_totp(session, staff.id, secrets.token_bytes(SEED_BYTES), 1, [secrets.token_bytes(32)])
    open_sign_in(session, hash_token(token), staff.id, datetime.now(UTC), awaits_code=awaits_code)
    return token


def _add_more(session: Session, staff: dict[str, Staff]) -> dict[str, object]:
    """Add a link to choose a password by, and a burst in one of the campaigns; return what stands in addresses."""
    link = secrets.token_urlsafe(32)
    make_link(session, hash_token(link), staff["counsellor"].id, INVITATION, datetime.now(UTC))
    campaigns = {
        each.title.partition(" ")[0]: each for each in list_campaigns(session, staff["hr"].id)
    }
    assert set(campaigns) == {"Vår", "Høst", "Nyansatte"}
    session.execute(
        text("UPDATE campaign SET has_burst = true WHERE id = :id"), {"id": campaigns["Vår"].id}
    )
    units = session.execute(
        text("SELECT id, path FROM unit WHERE campaign_id = :id"), {"id": campaigns["Høst"].id}
    )
    unit = next(row.id for row in units if row.path == '["Kundesenter"]')
    ids = {
        "spring": campaigns["Vår"].id,
        "autumn": campaigns["Høst"].id,
        "new": campaigns["Nyansatte"].id,
    }
    ids["later"] = _add_later(session, campaigns["Nyansatte"])
    ids["listed"] = _add_later(session, campaigns["Nyansatte"], is_personal=True)
    add_units(session, ids["listed"], [UnitDraft(("Kundesenter",), 12)])
    ids["listed_unit"] = list_units(session, ids["listed"])[0].id
    poster = list_open_links(session, ids["new"])[0].id
    tokens = {"link": link, "random": "A" * 43}
    shared = _share_more(session, staff["counsellor"])
    return {
        **ids,
        **tokens,
        **shared,
        "unit": unit,
        "poster": poster,
        "counsellor": staff["counsellor"].id,
        "hr": staff["hr"].id,
    }


def _add_later(session: Session, open_campaign: Campaign, is_personal: bool = False) -> int:
    """Copy a campaign to one that has not opened. Return its id."""
    chosen = {each.name: getattr(open_campaign, each.name) for each in fields(CampaignChoices)}
    chosen |= {"title": "Neste", "opens_on": open_campaign.closes_on}
    chosen["is_personal"] = is_personal
    new = CampaignChoices(**chosen)
    return add_campaign(session, open_campaign.owner_id, new, PACK, datetime.now(UTC))


def _share_more(session: Session, counsellor: Staff) -> dict[str, object]:
    """Add a share by a link of one's own; stop one of the counsellor's; use one of the links up."""
    now = datetime.now(UTC)
    shares = {
        (each.name, each.has_answers): each for each in list_own_shares(session, counsellor.id, now)
    }
    kari, per, token = shares["Kari", True], shares["Per", False], secrets.token_urlsafe(32)
    terms = Terms(None, kari.client, "Kari", True, kari.parts, kari.expires_at)
    assert kari.attempt_id is not None
    assert per.attempt_id is not None
    assert add_share(session, 1, kari.attempt_id, b"s" * 16, hash_token(token), terms, now)
    assert stop_share(session, per.attempt_id, per.id)
    session.execute(text("UPDATE link SET uses = 2, started = 2 WHERE name = 'Ola'"))
    links = {each.name: each.id for each in list_links(session, counsellor.id)}
    known = {"kari": kari.id, "stopped": per.id, "shared": token}
    return known | {"group": links["Høstgruppa"], "ola": links["Ola"]}


def _find_tokens(
    address: str, cookies: dict[str, str], values: dict[str, object]
) -> dict[str, object]:
    """Read links off the pages that hand them out, as their owners would."""
    new, group, ola = (values[name] for name in ("new", "group", "ola"))
    return {
        "invitation": _read_token(f"{address}/en/campaigns/{new}/links", cookies["hr"]),
        "guided": _read_token(f"{address}/en/links/{group}", cookies["counsellor"]),
        "used_up": _read_token(f"{address}/en/links/{ola}", cookies["counsellor"]),
    }


def _read_token(page: str, cookie: str) -> str:
    with urlopen(Request(page, headers={"Cookie": f"staff={cookie}"})) as response:
        found = re.search(r"/(?:invitations|guided)/([\w-]{43})", response.read().decode())
    assert found is not None
    return found[1]
