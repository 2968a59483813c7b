"""Fills a database with a made-up company: units, campaigns and a counsellor's clients.

Two campaigns are sealed and have about 400 responses in total. The third campaign is open and has
no responses.
"""

import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

import click
from sqlalchemy.orm import Session

from fitquiz.config.settings import Settings, SettingsError
from fitquiz.core.days import find_day, find_moment
from fitquiz.core.groups.counting import (
    STATISTICS,
    asked_parts,
    count_response,
    read_plan,
    write_plan,
)
from fitquiz.core.groups.factor_budgets import BUDGETS, STRONG, split_budget
from fitquiz.core.groups.unit_lists import parse_units
from fitquiz.core.languages import LANGUAGES
from fitquiz.core.secrets.tickets import key_of_response
from fitquiz.demo.clients import add_clients
from fitquiz.demo.made_up_answers import choose_answers
from fitquiz.store.accounts.staff import (
    ADMIN,
    COUNSELLOR,
    HR,
    Staff,
    add_staff,
    set_password_hash,
)
from fitquiz.store.campaigns.campaigns import (
    Campaign,
    CampaignChoices,
    create_campaign,
    find_campaign,
)
from fitquiz.store.campaigns.invitations import (
    add_invitations,
    list_personal,
    use_invitation,
)
from fitquiz.store.campaigns.units import Unit, list_units
from fitquiz.store.ledger.pending_responses import add_response
from fitquiz.store.ledger.sealing import seal_campaign
from fitquiz.web.accounts.password_hashes import hash_password
from fitquiz.web.factory import create_app
from fitquiz.web.hr.invitation_links import make_invitations, make_open_link
from fitquiz.web.site.database_session import writing
from fitquiz.web.site.installed_packs import front_pack

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
_PREFERENCES = {"Kundesenter": 0.7, "Butikker": 0.8, "Støtte": -0.7, "Lager": -0.2}
"""The average preference of the people in each department.

1 means a strong preference for the front office. -1 means a strong preference for the back office.
"""

_ADA = "Ada"
_HANA = "Hana"
_CARL = "Carl"
_PERMISSIONS = {_ADA: ADMIN, _HANA: HR, _CARL: COUNSELLOR}


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the demo, with the password for signing in."""

    email: str
    permission: str
    password: str


def fill_demo(settings: Settings) -> list[Account]:
    """Create the database of the demo, store the made-up company, and return its accounts."""
    # The fixed seed makes the same answers in each demo. The noise differs in each demo.
    rng = random.Random(2026)  # noqa: S311 - the numbers must be repeatable and are not secret
    accounts = {}
    for name, permission in _PERMISSIONS.items():
        email = f"{name.lower()}@fjellogfjord.example"
        accounts[name] = Account(email, permission, _make_password())

    with create_app(settings).app_context(), writing() as session:
        now = datetime.now(UTC)
        zone = settings.timezone
        today = find_day(now, zone)
        staff = {
            name: _add(session, name, account) for name, account in accounts.items()
        }
        hana = staff[_HANA]
        # More than a year between the two campaigns leaves room in the yearly account.
        _run_campaign(session, hana, "Vår", today - timedelta(560), 0.79, rng, zone)
        _run_campaign(session, hana, "Høst", today - timedelta(10), 0.86, rng, zone)
        _open_campaign(session, hana, today)
        add_clients(session, staff[_CARL], rng, now, zone)
    return list(accounts.values())


def _make_password() -> str:
    groups = [secrets.token_hex(3) for _ in range(3)]
    return "-".join(groups)


def _add(session: Session, name: str, account: Account) -> Staff:
    staff = add_staff(
        session, name, account.email, [account.permission], datetime.now(UTC)
    )
    if staff is None:
        raise SettingsError("The demo's database is not empty. Start the demo again.")
    set_password_hash(session, staff.id, hash_password(account.password))
    return staff


def _make_campaign(
    title: str,
    days: tuple[date, date],
    is_personal: bool,
    statistics: Sequence[str],
) -> CampaignChoices:
    opens_on, closes_on = days
    plan = split_budget(statistics, front_pack(), BUDGETS[STRONG])
    return CampaignChoices(
        title=title,
        inviter="Personal i Fjell og Fjord AS",
        languages=LANGUAGES,
        opens_on=opens_on,
        closes_on=closes_on,
        cap=None,
        is_personal=is_personal,
        statistics=write_plan(plan or {}),
        sealing="close",
        threshold=5,
        split_from=30,
    )


def _create(session: Session, owner: Staff, new: CampaignChoices) -> Campaign:
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
        raise SettingsError(
            "The demo could not store a campaign. Start the demo again."
        )
    return campaign


def _open_campaign(session: Session, owner: Staff, today: date) -> None:
    """Create a campaign with open links and without responses."""
    days = (today, today + timedelta(30))
    new = _make_campaign("Nyansatte", days, False, ["lean"])
    _create(session, owner, new)


def _run_campaign(
    session: Session,
    owner: Staff,
    title: str,
    closes_on: date,
    answer_probability: float,
    rng: random.Random,
    zone: tzinfo,
) -> None:
    """Create a campaign with personal invitations, store made-up responses, and seal the campaign.

    `answer_probability` is the probability that an invited person answers, from 0 to 1.
    """
    days = (closes_on - timedelta(20), closes_on)
    statistics = [statistic.name for statistic in STATISTICS]
    new = _make_campaign(f"{title} {closes_on.year}", days, True, statistics)
    campaign = _create(session, owner, new)
    units = list_units(session, campaign.id)
    _invite_people(session, campaign, units)

    departments = {unit.id: unit.path[0] for unit in units}
    for invitation in list_personal(session, campaign.id):
        unit_id = invitation.unit_id
        if unit_id is None or rng.random() >= answer_probability:
            continue
        use_invitation(session, invitation.id)
        cells = _answer(campaign, _PREFERENCES[departments[unit_id]], rng)
        response_key = key_of_response(secrets.token_hex(8))
        add_response(session, response_key, campaign, unit_id, cells, closes_on)

    next_day = closes_on + timedelta(1)
    sealed_at = find_moment(next_day, time.min, zone)
    seal_campaign(session, campaign.id, sealed_at, next_day, secrets.randbelow)


def _invite_people(session: Session, campaign: Campaign, units: Sequence[Unit]) -> None:
    """Store one personal invitation for each person of the company.

    The invitation belongs to the lowest unit that contains the person. The number of people in a
    unit includes the people in the units below.
    """
    for unit in units:
        number = unit.people or 0
        for other in units:
            if other.path[:-1] == unit.path:
                number -= other.people or 0
        invitations = make_invitations(unit.id, number, is_personal=True)
        add_invitations(session, campaign.id, invitations)


def _answer(campaign: Campaign, liking: float, rng: random.Random) -> str:
    """Return the cells of a made-up person's response."""
    pack = front_pack()
    plan = read_plan(campaign.statistics)
    parts = asked_parts(plan, pack)
    if rng.random() < 0.6:
        parts = (*parts, "leading")

    likes = {}
    for trait in pack.traits:
        mean = liking if trait.pole == "front" else -liking
        likes[trait.id] = rng.gauss(mean, 0.8)
    answers = choose_answers(pack.items_of(parts), likes, rng)
    tie_breaker = rng.randrange(2**32)
    return count_response(plan, pack, answers, parts, tie_breaker)


def print_accounts(accounts: Sequence[Account], address: str) -> None:
    """Print the accounts, and where to sign in. `address` is the address of the server."""
    click.echo(
        "This demo shows a made-up company. "
        f"Sign in at {address}/nb/sign-in with one of these accounts:"
    )
    for account in accounts:
        click.echo(f"  {account.permission:10} {account.email:26} {account.password}")
