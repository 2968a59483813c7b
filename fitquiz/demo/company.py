"""A fictional company in an instance of its own: campaigns, units on three levels, some 400 sealed answers, clients.

Whatever an earlier demo left there is deleted first; a folder that no demo has made is never touched.
"""

import os
import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import click
from sqlalchemy.orm import Session

from fitquiz.config.settings import Settings, SettingsError
from fitquiz.core.groups.counting import (
    STATISTICS,
    asked_parts,
    count_response,
    make_plan,
    read_plan,
    write_plan,
)
from fitquiz.core.groups.units import parse_units
from fitquiz.core.packs import Pack
from fitquiz.core.secrets.tickets import key_of_response
from fitquiz.demo.clients import add_clients
from fitquiz.demo.people import choose_answers
from fitquiz.store.accounts.staff import ADMIN, COUNSELLOR, HR, Staff, add_staff, set_password_hash
from fitquiz.store.campaigns.campaigns import Campaign, NewCampaign, create_campaign, find_campaign
from fitquiz.store.campaigns.invitations import add_invitations, list_personal, spend_invitation
from fitquiz.store.campaigns.units import list_units
from fitquiz.store.ledger.pending import add_response
from fitquiz.store.ledger.sealing import seal_campaign
from fitquiz.web.accounts.password_hashes import hash_password
from fitquiz.web.factory import create_app
from fitquiz.web.hr.invitation_links import make_invitations, make_open_link
from fitquiz.web.site.db import writing
from fitquiz.web.site.installed_packs import front_pack

FOLDER = "instance-demo"
_MARK = "made-by-fitquiz-demo"
_UNITS = """\
Kundesenter; 96
Kundesenter > Telefon; 54
Kundesenter > Telefon > Dagskift; 34
Kundesenter > Telefon > Kveldsskift; 20
Kundesenter > Chat og e-post; 42
Butikker; 84
Butikker > Bergen; 48
Butikker > Voss; 36
Støtte; 82
Støtte > Regnskap; 30
Støtte > IT; 34
Støtte > IT > Drift; 16
Støtte > IT > Utvikling; 18
Støtte > Personal; 4
Lager; 26
"""
_LIKES = {"Kundesenter": 0.7, "Butikker": 0.8, "Støtte": -0.7, "Lager": -0.2}
"""How far the people of a unit like the front (1) or the back (-1)."""
_PEOPLE = (("Ada", ADMIN), ("Hana", HR), ("Carl", COUNSELLOR))


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can sign in to the demo."""

    email: str
    permission: str
    password: str


def prepare_demo(settings: Settings) -> tuple[Settings, list[Account]]:
    """Fill the demo's instance anew; return the settings to serve it with, and who can sign in."""
    settings = _settle(settings)
    with create_app(settings).app_context():
        accounts = [
            Account(f"{name.lower()}@fjellogfjord.example", p, _make_password())
            for name, p in _PEOPLE
        ]
        today = datetime.now(UTC).date()
        lots = random.Random(2026)  # noqa: S311 - made-up people, the same each time; the noise is real
        with writing() as session:
            staff = [
                _add(session, name, each) for (name, _), each in zip(_PEOPLE, accounts, strict=True)
            ]
            for title, ended, share in (("Vår", 190, 0.66), ("Høst", 10, 0.74)):
                _run_campaign(session, staff[1], title, today - timedelta(ended), share, lots)
            _open_campaign(session, staff[1], today)
            add_clients(session, staff[2], lots, datetime.now(UTC))
    return settings, accounts


def _settle(settings: Settings) -> Settings:
    if os.environ.get("FITQUIZ_DATABASE_URL"):
        raise SettingsError("The demo makes a database of its own; unset FITQUIZ_DATABASE_URL.")
    folder = settings.instance if os.environ.get("FITQUIZ_INSTANCE") else Path(FOLDER).absolute()
    mark = folder / _MARK
    if folder.exists() and any(folder.iterdir()) and not mark.exists():
        raise SettingsError(
            f"{folder} holds something that no demo has made; set FITQUIZ_INSTANCE to an empty folder."
        )
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    mark.touch()
    for old in folder.glob("fitquiz.db*"):
        old.unlink()
    return replace(settings, instance=folder, database_url=f"sqlite:///{folder / 'fitquiz.db'}")


def _make_password() -> str:
    return "-".join(secrets.token_hex(3) for _ in range(3))


def _add(session: Session, name: str, account: Account) -> Staff:
    staff = add_staff(session, name, account.email, [account.permission], datetime.now(UTC))
    if staff is None:
        raise SettingsError("The demo's database is not empty; start the demo again.")
    set_password_hash(session, staff.id, hash_password(account.password))
    return staff


def _plan(
    title: str, days: tuple[date, date], is_personal: bool, names: Sequence[str]
) -> NewCampaign:
    return NewCampaign(
        title=title,
        inviter="Personal i Fjell og Fjord AS",
        languages=("nb", "en"),
        opens_on=days[0],
        closes_on=days[1],
        cap=None,
        is_personal=is_personal,
        statistics=write_plan(make_plan(names)),
        sealing="close",
        threshold=5,
        split_from=30,
    )


def _create(session: Session, owner: Staff, new: NewCampaign) -> Campaign:
    units, _ = parse_units(_UNITS)
    campaign_id = create_campaign(
        session,
        owner,
        new,
        front_pack(),
        units,
        make_open_link,
        datetime.now(UTC),
    )
    campaign = find_campaign(session, campaign_id)
    if campaign is None:
        raise SettingsError("The demo's campaign could not be stored; start the demo again.")
    return campaign


def _open_campaign(session: Session, owner: Staff, today: date) -> None:
    days = (today, today + timedelta(30))
    _create(session, owner, _plan("Nyansatte", days, False, ["lean", "strongest"]))


def _run_campaign(
    session: Session, owner: Staff, title: str, ended: date, share: float, lots: random.Random
) -> None:
    """Create a campaign, let so many of the invited answer, and seal it on the day after its last."""
    pack, name = front_pack(), f"{title} {ended.year}"
    plan = _plan(name, (ended - timedelta(20), ended), True, [each.name for each in STATISTICS])
    campaign = _create(session, owner, plan)
    units = {unit.id: unit for unit in list_units(session, campaign.id)}
    people = {unit.path: unit.people or 0 for unit in units.values()}
    for unit in units.values():
        below = sum(count for path, count in people.items() if path[:-1] == unit.path)
        add_invitations(
            session,
            campaign.id,
            make_invitations(unit.id, people[unit.path] - below, is_personal=True),
        )
    for invitation in list_personal(session, campaign.id):
        if lots.random() < share and spend_invitation(session, invitation.id):
            likes = _LIKES[units[invitation.unit_id or 0].path[0]]
            cells = _answer(campaign, pack, likes, lots)
            add_response(
                session,
                key_of_response(secrets.token_hex(8)),
                campaign,
                invitation.unit_id or 0,
                cells,
                ended,
            )
    sealed_at = datetime.combine(ended + timedelta(1), datetime.min.time(), UTC)
    seal_campaign(session, campaign.id, sealed_at, secrets.randbelow)


def _answer(campaign: Campaign, pack: Pack, likes: float, lots: random.Random) -> str:
    plan = read_plan(campaign.statistics)
    leads = lots.random() < 0.3
    parts = (*asked_parts(plan, pack), *(("leading",) if leads else ()))
    poles = {trait.id: trait.pole for trait in pack.traits}
    person = {
        trait: lots.gauss((1 if pole == "front" else -1) * likes, 0.8)
        for trait, pole in poles.items()
    }
    answers = choose_answers(pack.items_of(parts), person, lots)
    return count_response(plan, pack, answers, parts, lots.randrange(2**32))


def tell_accounts(accounts: Sequence[Account]) -> None:
    """Print who can sign in."""
    click.echo("A demo of a made-up company. Sign in at /nb/sign-in as:")
    for account in accounts:
        click.echo(f"  {account.permission:10} {account.email:26} {account.password}")
