"""The demo's counsellor: two links, and three made-up clients who share, one of them twice."""

import random
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from fitquiz.core.packs import Pack
from fitquiz.core.secrets.tickets import Ticket
from fitquiz.core.secrets.tokens import hash_token
from fitquiz.demo.people import Likes, choose_answers
from fitquiz.store.accounts.staff import Staff
from fitquiz.store.attempts.attempts import (
    Attempt,
    find_attempt,
    record_answer,
    send_parts,
    start_attempt,
)
from fitquiz.store.attempts.counsellor_links import NewLink, create_link, note_finished, use_link
from fitquiz.store.attempts.job_ratings import PRESENT, save_job_rating
from fitquiz.store.attempts.kept_packs import keep_pack
from fitquiz.store.attempts.shares import ID_BITS, Terms, add_share
from fitquiz.web.quiz.sending import close_new_ticket
from fitquiz.web.security.link_codes import code_of, hash_typed, token_of
from fitquiz.web.site.installed_packs import front_pack

SECONDS_AN_ANSWER = 6


@dataclass(frozen=True, slots=True)
class Client:
    """Somebody who took the quiz so many days ago, with these likes, and shares it under a name."""

    name: str
    days_ago: int
    likes: Likes
    has_answers: bool = False


_KARI_BEFORE = {"people": -0.9, "listening": -0.2, "focus": 1.2, "autonomy": 0.4}
_KARI_NOW = {"people": 0.9, "listening": 0.6, "focus": 0.2, "autonomy": 0.5}
_CLIENTS = (
    Client("Kari", 38, _KARI_BEFORE),
    Client("Kari", 4, _KARI_NOW, has_answers=True),
    Client("Per", 6, {"people": 1.4, "problem-solving": 1.2, "listening": 0.8, "focus": -0.8}),
    Client("", 2, {}),
)


def add_clients(session: Session, counsellor: Staff, lots: random.Random, now: datetime) -> None:
    """Store the counsellor's links, and what the clients share."""
    pack = front_pack()
    keep_pack(session, pack, now)
    group = _add_link(session, counsellor, "Høstgruppa", "Velkommen! Ta deg god tid.", 12, now)
    _add_link(session, counsellor, "Ola", "", 1, now)
    persons = {client.name: secrets.token_bytes(16) for client in _CLIENTS}
    for client in _CLIENTS:
        attempt = _take(session, pack, client, group, lots, now - timedelta(client.days_ago))
        terms = Terms(
            owner_id=counsellor.id,
            client=persons[client.name],
            name=client.name,
            has_answers=client.has_answers,
            parts=attempt.sent_parts,
            expires_at=now + timedelta(30 - client.days_ago % 30),
        )
        seed, shared_at = secrets.token_bytes(16), now - timedelta(client.days_ago)
        add_share(
            session,
            secrets.randbits(ID_BITS),
            attempt.id,
            seed,
            secrets.token_bytes(32),
            terms,
            shared_at,
        )
        save_job_rating(
            session,
            attempt,
            PRESENT,
            {trait.id: lots.randrange(5) for trait in pack.traits},
            shared_at,
        )


def _add_link(
    session: Session, counsellor: Staff, name: str, note: str, uses: int, now: datetime
) -> int:
    seed, last = secrets.token_bytes(16), (now + timedelta(90)).date()
    hashes = (hash_token(token_of(seed)), hash_typed(code_of(seed)))
    link = NewLink(seed, *hashes, name, note, "nb", uses, last, front_pack().id)
    return create_link(session, counsellor.id, link, now) or 0


def _take(
    session: Session,
    pack: Pack,
    client: Client,
    link_id: int,
    lots: random.Random,
    started_at: datetime,
) -> Attempt:
    token, moment = secrets.token_urlsafe(32), started_at
    ticket = close_new_ticket(Ticket(link_id=link_id), token)
    start_attempt(
        session, hash_token(token), pack.content_hash, pack.first_parts, False, started_at, ticket
    )
    attempt = _find(session, token)
    for item, value in choose_answers(pack.items_of(pack.first_parts), client.likes, lots).items():
        moment += timedelta(seconds=SECONDS_AN_ANSWER)
        record_answer(session, attempt, item, value, moment)
    send_parts(session, attempt, moment)
    use_link(session, link_id, started_at.date())
    note_finished(session, link_id)
    return _find(session, token)


def _find(session: Session, token: str) -> Attempt:
    attempt = find_attempt(session, hash_token(token))
    if attempt is None:
        raise LookupError("an attempt that was stored just now is not there")
    return attempt
