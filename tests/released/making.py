"""Makes the database that is kept of a released schema: `python -m tests.released.making` in that release's checkout.

Everything follows from numbers, so it is the same each time. What it writes is kept for ever, and never made again.
"""

import random
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from argon2.low_level import Type, hash_secret
from sqlalchemy import insert
from sqlalchemy.orm import Session

from fitquiz.core.secrets.tokens import hash_token
from fitquiz.core.secrets.totp import RECOVERY_CODES, hash_recovery_code
from fitquiz.store.accounts.audit_log import record_audit_entry
from fitquiz.store.accounts.rate_limit_counters import RateLimit, take_try
from fitquiz.store.accounts.second_factors import add_totp
from fitquiz.store.accounts.sign_ins import open_sign_in
from fitquiz.store.accounts.staff import add_staff, disable_staff, find_staff, set_password_hash
from fitquiz.store.attempts.counsellor_links import NewLink, change_link, create_link, list_links
from fitquiz.store.attempts.kept_packs import keep_pack
from fitquiz.store.campaigns.campaign_lifecycle import close_campaign
from fitquiz.store.campaigns.campaigns import Campaign, add_campaign
from fitquiz.store.campaigns.invitations import NewInvitation, add_invitations
from fitquiz.store.campaigns.units import add_units, list_units
from fitquiz.store.engine.database import open_database
from fitquiz.store.tables.staff_tables import StaffLinkRow
from fitquiz.store.upkeep.schema import upgrade_schema
from tests.core.support.shipped_packs import PACK
from tests.released.keeping import write_rows
from tests.released.respondents import ATTEMPTS, add_attempts
from tests.released.tokens import PASSWORD, SECRET_KEY, find_hashes, make_bytes, seed_of, token_of
from tests.store.support.cast import writing
from tests.store.support.ledger_cast import UNITS, look_up, make_new_campaign, seal

BASE = datetime(2026, 9, 1, 8, tzinfo=UTC)
FAR = date(2096, 1, 1)
LINKS, OPEN_LINKS, PERSONAL = 5, 5, 40
EVERYTHING = "lean:1/3 suggestion:1/2 strongest:1/2 high:3/4 conditions:3/4 leading:3/4"


def make_database(path: Path) -> None:
    """Fill a new SQLite file."""
    database = open_database(f"sqlite:///{path}")
    upgrade_schema(database)
    lots = random.Random(2026)
    with writing(database) as session:
        keep_pack(session, PACK, BASE)
        hana, carl = add_people(session)
        campaigns = list(add_campaigns(session, hana))
        links = [add_link(session, carl, number) for number in range(LINKS)]
        change_link(session, list_links(session, carl)[0], {"is_closed": True})
        add_attempts(session, campaigns, links, carl, BASE)
        for number, campaign in enumerate(campaigns[:2]):
            seal(session, campaign, BASE + timedelta(days=31), lots.randrange)
            record_audit_entry(
                session, None, "campaign-sealed", campaign.title, BASE + timedelta(number)
            )
        add_attempts(
            session, campaigns[1:], links, carl, BASE + timedelta(days=40), first=600, last=ATTEMPTS
        )
        close_campaign(session, campaigns[2].id, BASE + timedelta(days=50))  # type: ignore[call-arg]  # the released function had no `today`
        add_sign_ins(session, hana)
    database.engine.dispose()


def add_people(session: Session) -> tuple[int, int]:
    """Ada with an app and codes, Hana, Carl, Eva who is kept out, and Ida who has yet to use her link."""
    ids = []
    for number, (name, permission) in enumerate(
        [("Ada", "admin"), ("Hana", "hr"), ("Carl", "counsellor"), ("Eva", "hr"), ("Ida", "admin")]
    ):
        staff = add_staff(session, name, f"{name.lower()}@example.org", [permission], BASE)
        assert staff is not None
        ids.append(staff.id)
        salt = make_bytes("salt", number, 16)
        password_hash = hash_secret(PASSWORD.encode(), salt, 2, 19456, 1, 32, Type.ID).decode()
        if name != "Ida":
            set_password_hash(session, staff.id, password_hash)
        record_audit_entry(session, None, "staff-invited", staff.email, BASE)
    codes = [
        hash_recovery_code(SECRET_KEY, ids[0], token_of("recovery", number)[:10])
        for number in range(RECOVERY_CODES)
    ]
    add_totp(session, ids[0], seed_of("totp", 0), 1, codes)
    eva = find_staff(session, ids[3])
    assert eva is not None
    disable_staff(session, eva, actor=None, now=BASE)
    link = {
        "token_hash": hash_token(token_of("staff link", 0)),
        "staff_id": ids[4],
        "purpose": "invitation",
    }
    session.execute(
        insert(StaffLinkRow).values(link | {"expires_at": datetime(2096, 1, 1, tzinfo=UTC)})
    )
    return ids[1], ids[2]


def add_sign_ins(session: Session, staff_id: int) -> None:
    """Some browsers that signed in, and tries of a few that could not."""
    for number in range(6):
        open_sign_in(
            session,
            hash_token(token_of("sign-in", number)),
            staff_id,
            BASE,
            awaits_code=number == 5,
        )
        take_try(session, RateLimit("sign-in", 10, 15), f"nobody-{number}@example.org", BASE)


def add_campaigns(session: Session, owner_id: int) -> Iterator[Campaign]:
    """One that will be sealed for good, one that goes on weekly, one that is closed with too few, one not begun."""
    first = BASE.date()
    for number, changes in enumerate(
        [
            {
                "title": "Spring",
                "closes_on": first + timedelta(20),
                "is_personal": True,
                "statistics": EVERYTHING,
            },
            {"title": "Always", "closes_on": FAR, "is_personal": True, "sealing": "weekly"},
            {"title": "Few", "closes_on": FAR, "cap": 900},
            {"title": "Next", "opens_on": date(2095, 1, 1), "closes_on": FAR},
        ]
    ):
        new = make_new_campaign(**({"opens_on": first, "split_from": 30} | changes))
        campaign = look_up(session, add_campaign(session, owner_id, new, PACK, BASE))
        add_units(session, campaign.id, UNITS)
        units = [None, *(unit.id for unit in list_units(session, campaign.id))]
        each = PERSONAL if campaign.is_personal else 1
        add_invitations(
            session, campaign.id, list(make_invitations(campaign, number * 1000, units, each))
        )
        yield campaign


def make_invitations(
    campaign: Campaign, first: int, units: list[int | None], each: int
) -> Iterator[NewInvitation]:
    """So many invitations for each unit; their seeds follow from their numbers."""
    for number in range(each * len(units)):
        seed = seed_of("invitation", first + number)
        token_hash, code_hash = find_hashes(seed)
        yield NewInvitation(
            unit_id=units[number % len(units)],
            seed=seed,
            is_personal=campaign.is_personal,
            token_hash=token_hash,
            code_hash=code_hash,
        )


def add_link(session: Session, owner_id: int, number: int) -> int:
    """One of the counsellor's links; the last one is used up by one start."""
    seed = seed_of("link", number)
    uses = 1 if number == LINKS - 1 else 500
    token_hash, code_hash = find_hashes(seed)
    plan = NewLink(
        seed=seed,
        token_hash=token_hash,
        code_hash=code_hash,
        name=f"Group {number}",
        note="Welcome!" * (number % 2),
        language="nb",
        uses=uses,
        expires_on=FAR,
        pack_id=PACK.id,
    )
    return create_link(session, owner_id, plan, BASE) or 0


def main(target: str) -> None:
    """Write the rows of a database made anew."""
    with tempfile.TemporaryDirectory() as folder:
        make_database(Path(folder) / "fitquiz.db")
        write_rows(Path(folder) / "fitquiz.db", Path(target))


if __name__ == "__main__":
    main(*sys.argv[1:])
