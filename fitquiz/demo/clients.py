"""Adds a counsellor's data to the demo: two links, and four shared results of three clients.

All attempts in this module are made up.
"""

import random
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from sqlalchemy.orm import Session

from fitquiz.core.days import find_day
from fitquiz.core.packs import Pack
from fitquiz.core.secrets.tickets import Ticket
from fitquiz.core.secrets.tokens import hash_token
from fitquiz.demo.made_up_answers import Likes, choose_answers
from fitquiz.store.accounts.staff import Staff
from fitquiz.store.attempts.answers import record_answer
from fitquiz.store.attempts.attempts import Attempt, find_attempt, send_parts
from fitquiz.store.attempts.beginning import NewAttempt, begin_attempt
from fitquiz.store.attempts.counsellor_links import NewLink, create_link, note_finished
from fitquiz.store.attempts.job_ratings import PRESENT, save_job_rating
from fitquiz.store.attempts.shares import ID_BITS, Terms, add_share
from fitquiz.web.security.link_tokens import code_of, hash_typed, token_of
from fitquiz.web.site.installed_packs import front_pack

SECONDS_PER_ANSWER = 6


@dataclass(frozen=True, slots=True)
class Client:
    """One attempt of a made-up client, and the share with which the counsellor sees the result.

    The client made the attempt `days_ago` days ago. The counsellor sees the client's `name`. If
    `has_answers` is true, the counsellor also sees the answers. Objects with the same `name` are
    attempts of the same client.
    """

    name: str
    days_ago: int
    likes: Likes
    has_answers: bool = False


_KARI_BEFORE = {"people": -0.9, "listening": -0.2, "focus": 1.2, "autonomy": 0.4}
_KARI_NOW = {"people": 0.9, "listening": 0.6, "focus": 0.2, "autonomy": 0.5}
_CLIENTS = (
    Client("Kari", 38, _KARI_BEFORE),
    Client("Kari", 4, _KARI_NOW, has_answers=True),
    Client(
        "Per",
        6,
        {"people": 1.4, "problem-solving": 1.2, "listening": 0.8, "focus": -0.8},
    ),
    Client("", 2, {}),
)


def add_clients(
    session: Session,
    counsellor: Staff,
    rng: random.Random,
    now: datetime,
    zone: tzinfo,
) -> None:
    """Store the counsellor's links, and the attempts, shares and job ratings of the clients."""
    pack = front_pack()
    note = "Velkommen! Ta deg god tid."
    last_day = find_day(now, zone) + timedelta(90)
    group_link = _add_link(session, counsellor, "Høstgruppa", note, 12, last_day, now)
    _add_link(session, counsellor, "Ola", "", 1, last_day, now)

    client_keys = {client.name: secrets.token_bytes(16) for client in _CLIENTS}
    for client in _CLIENTS:
        taken_at = now - timedelta(client.days_ago)
        attempt = _take(session, pack, client, group_link, rng, taken_at, zone)
        _share(session, counsellor, client, client_keys[client.name], attempt, now)
        ratings = {trait.id: rng.randrange(5) for trait in pack.traits}
        save_job_rating(session, attempt, PRESENT, ratings, taken_at)


def _add_link(
    session: Session,
    counsellor: Staff,
    name: str,
    note: str,
    uses: int,
    last_day: date,
    now: datetime,
) -> int:
    link_seed = secrets.token_bytes(16)
    link = NewLink(
        seed=link_seed,
        token_hash=hash_token(token_of(link_seed)),
        code_hash=hash_typed(code_of(link_seed)),
        name=name,
        note=note,
        language="nb",
        uses=uses,
        expires_on=last_day,
        pack_id=front_pack().id,
    )
    link_id = create_link(session, counsellor.id, link, now)
    if link_id is None:
        raise LookupError("another link already has the same random seed")
    return link_id


def _take(
    session: Session,
    pack: Pack,
    client: Client,
    link_id: int,
    rng: random.Random,
    started_at: datetime,
    zone: tzinfo,
) -> Attempt:
    """Begin an attempt with a counsellor's link, and answer and send the first parts.

    Return the sent attempt.
    """
    token = secrets.token_urlsafe(32)
    new = NewAttempt(
        token=token,
        pack=pack,
        parts=pack.first_parts,
        ticket=Ticket(link_id=link_id),
    )
    begin_attempt(session, new, started_at, find_day(started_at, zone))
    attempt = _find(session, token)

    moment = started_at
    items = pack.items_of(pack.first_parts)
    for item, value in choose_answers(items, client.likes, rng).items():
        moment += timedelta(seconds=SECONDS_PER_ANSWER)
        record_answer(session, attempt, item, value, moment)
    send_parts(session, attempt, moment)
    note_finished(session, link_id)
    return _find(session, token)


def _share(
    session: Session,
    counsellor: Staff,
    client: Client,
    client_key: bytes,
    attempt: Attempt,
    now: datetime,
) -> None:
    days_left = 30 - client.days_ago % 30
    terms = Terms(
        owner_id=counsellor.id,
        client=client_key,
        name=client.name,
        has_answers=client.has_answers,
        parts=attempt.sent_parts,
        expires_at=now + timedelta(days_left),
    )
    add_share(
        session,
        secrets.randbits(ID_BITS),
        attempt.id,
        secrets.token_bytes(16),
        secrets.token_bytes(32),
        terms,
        now - timedelta(client.days_ago),
    )


def _find(session: Session, token: str) -> Attempt:
    attempt = find_attempt(session, hash_token(token))
    if attempt is None:
        raise LookupError("the demo cannot find the attempt that the demo has stored")
    return attempt
