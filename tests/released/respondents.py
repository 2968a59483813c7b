"""The thousand attempts of the kept database, of every kind that there is, each worked out of its number."""

import random
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from fitquiz.core.groups.counting import count_response, read_plan
from fitquiz.core.secrets.tickets import (
    ASKED,
    COUNTED,
    REFUSED,
    Ticket,
    close_ticket,
    key_of_response,
)
from fitquiz.core.secrets.tokens import derive_share_token, hash_token
from fitquiz.store.attempts.answers import record_answer
from fitquiz.store.attempts.attempts import Attempt, open_part, reopen_parts, send_parts
from fitquiz.store.attempts.beginning import start_attempt
from fitquiz.store.attempts.counsellor_links import note_finished, use_link
from fitquiz.store.attempts.deletion import delete_attempt
from fitquiz.store.attempts.job_ratings import KINDS, save_job_rating
from fitquiz.store.attempts.shares import Terms, add_share
from fitquiz.store.attempts.stopping_shares import stop_share
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.campaigns.invitations import list_personal, use_invitation
from fitquiz.store.campaigns.units import list_units
from fitquiz.store.ledger.pending_responses import add_response
from tests.core.support.shipped_packs import PACK
from tests.released.tokens import make_bytes, seed_of, token_of
from tests.store.support.cast import see
from tests.store.support.ledger_cast import look_up

KINDS_OF_ATTEMPTS = (
    "unfinished",
    "finished",
    "sharpened",
    "counted",
    "leading",
    "counted",
    "guided",
    "counted",
    "reopened",
    "counted",
    "deleted",
    "counted",
    "skipping",
)
ATTEMPTS = 1100
UNTIL = timedelta(days=365 * 70)


def kind_of(number: int) -> str:
    """Return what kind of attempt has this number."""
    return KINDS_OF_ATTEMPTS[number % len(KINDS_OF_ATTEMPTS)]


def add_attempts(
    session: Session,
    campaigns: list[Campaign],
    links: list[int],
    counsellor_id: int,
    base: datetime,
    first: int = 0,
    last: int = 600,
) -> None:
    """Take the quiz so many times, share some of the results and rate some jobs."""
    for number in range(first, last):
        kind, now = kind_of(number), base + timedelta(minutes=7 * number % 9000)
        attempt = take(session, number, kind, now, campaigns, links)
        if kind == "deleted":
            delete_attempt(
                session, hash_token(token_of("attempt", number)), now + timedelta(hours=1)
            )
        elif kind in ("finished", "guided", "leading"):
            share(session, number, attempt, counsellor_id if kind == "guided" else None, now)
            ratings = {trait.id: (number + at) % 5 for at, trait in enumerate(PACK.traits)}
            save_job_rating(session, attempt, KINDS[number % 2], ratings, now)


def take(
    session: Session,
    number: int,
    kind: str,
    now: datetime,
    campaigns: list[Campaign],
    links: list[int],
) -> Attempt:
    """Start an attempt, answer it as far as its kind is, and send it."""
    token, lots = token_of("attempt", number), random.Random(number)
    nonce, link = (
        make_bytes("nonce", number, 8),
        links[number % (len(links) - 1)] if kind == "guided" else 0,
    )
    campaign = (
        look_up(session, campaigns[number % len(campaigns)].id) if kind == "counted" else None
    )
    ticket = find_ticket(session, number, campaign) if campaign else Ticket(link_id=link)
    stored = close_ticket(ticket, token, nonce)
    start_attempt(
        session,
        hash_token(token),
        PACK.content_hash,
        PACK.first_parts,
        kind == "sharpened",
        now,
        stored,
    )
    if link and use_link(session, link, now.date()):
        note_finished(session, link)
    answer(session, token, kind, now, lots)
    if kind != "unfinished":
        finish(session, token, kind, now, lots)
    if campaign and ticket.state == ASKED:
        count(session, number, campaign, ticket, now)
    return see(session, hash_token(token))


def answer(session: Session, token: str, kind: str, now: datetime, lots: random.Random) -> None:
    """Answer the open parts; who is unfinished stops half-way, who skips leaves some out."""
    attempt = see(session, hash_token(token))
    items = PACK.items_of(attempt.open_parts)
    for at, item in enumerate(items[: len(items) // 2] if kind == "unfinished" else items):
        value = (
            None
            if kind == "skipping" and at % 4 == 0
            else min(4, max(0, round(lots.gauss(2.4, 1.1))))
        )
        record_answer(session, attempt, item.id, value, now + timedelta(seconds=5 * at))


def finish(session: Session, token: str, kind: str, now: datetime, lots: random.Random) -> None:
    """Send the parts, and go on where the kind does."""
    sent_at = now + timedelta(minutes=4)
    send_parts(session, see(session, hash_token(token)), sent_at)
    more = {"sharpened": "sharpening", "leading": "leading"}.get(kind)
    if more and open_part(session, see(session, hash_token(token)), more):
        answer(session, token, kind, sent_at, lots)
        send_parts(session, see(session, hash_token(token)), sent_at)
    if kind == "reopened":
        reopen_parts(session, see(session, hash_token(token)))


def find_ticket(session: Session, number: int, campaign: Campaign) -> Ticket:
    """A ticket that is asked for: by a personal invitation if the campaign has those."""
    if campaign.is_personal:
        unused = [each for each in list_personal(session, campaign.id) if not each.is_used]
        if not unused:
            return Ticket(campaign.id, 0, 0, REFUSED)
        return Ticket(campaign.id, unused[0].unit_id or 0, unused[0].id, ASKED)
    units = [0, *(unit.id for unit in list_units(session, campaign.id))]
    return Ticket(campaign.id, units[number % len(units)], 0, ASKED)


def count(session: Session, number: int, campaign: Campaign, ticket: Ticket, now: datetime) -> None:
    """Let the response wait, and note it in the ticket."""
    token, plan = token_of("attempt", number), read_plan(campaign.statistics)
    attempt, key = see(session, hash_token(token)), key_of_response(token)
    cells = count_response(plan, PACK, attempt.answers, attempt.sent_parts, number)
    taken = add_response(session, key, campaign, ticket.unit_id, cells, now.date())
    if taken and ticket.invitation_id:
        use_invitation(session, ticket.invitation_id)
    state = replace(ticket, state=COUNTED if taken else REFUSED)
    send_parts(
        session, attempt, now, close_ticket(state, token, make_bytes("nonce again", number, 8))
    )


def share(
    session: Session, number: int, attempt: Attempt, owner_id: int | None, now: datetime
) -> None:
    """Share a result, with the counsellor or by a link of one's own; each seventh is stopped again."""
    seed, share_id = seed_of("share", number), int.from_bytes(make_bytes("share id", number, 7))
    token = derive_share_token(token_of("attempt", number), seed)
    client, name = make_bytes("client", number, 16), f"Kari {number}"
    terms = Terms(owner_id, client, name, number % 2 == 0, attempt.sent_parts, now + UNTIL)
    add_share(session, share_id, attempt.id, seed, hash_token(token), terms, now)
    if number % 7 == 0:
        stop_share(session, attempt.id, share_id)
