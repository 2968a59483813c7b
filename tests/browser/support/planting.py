"""Attempts written straight into the server's database, as if somebody had taken the quiz at a normal pace."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy.orm import Session

from fitquiz.config.bundled_folders import find_folder
from fitquiz.core.packs import Item, Keyed, Pack
from fitquiz.core.result.scoring import Answers
from fitquiz.core.secrets.tokens import derive_share_token, hash_token, make_handle
from fitquiz.store.attempts.answers import list_moments, record_answer
from fitquiz.store.attempts.attempts import Attempt, find_attempt, open_part, send_parts
from fitquiz.store.attempts.beginning import NewAttempt, begin_attempt
from fitquiz.store.attempts.deletion import delete_attempt
from fitquiz.store.attempts.job_ratings import PRESENT, save_job_rating
from fitquiz.store.attempts.shares import ID_BITS, Terms, add_share
from fitquiz.store.engine.database import Database
from fitquiz.web.site.installed_packs import examine_folder

SECONDS_AN_ITEM = 6


@dataclass(frozen=True)
class Plan:
    """An attempt to plant. `levels` are 0 (speaks least for it) to 4, in the order of the pack's traits."""

    levels: tuple[int, ...] = (4, 3, 3, 1, 0, 1)
    answered: int | None = None
    same: int | None = None
    skipped: tuple[int, ...] = ()
    sent: bool = True
    more: tuple[str, ...] = ()
    opened: tuple[str, ...] = ()
    deleted: bool = False
    rated: bool = False
    shared: bool = False


@dataclass(frozen=True)
class Planted:
    """A planted attempt: its secret token and its name in addresses."""

    token: str
    handle: str


def read_front_pack() -> Pack:
    """Return the shipped pack of the front page."""
    pack, _ = examine_folder(find_folder("questions") / "front-back-office")
    assert pack is not None
    return pack


def plant(database: Database, pack: Pack, plan: Plan) -> Planted:
    """Store an attempt by plan, as a device would have made it."""
    token = secrets.token_urlsafe(32)
    now = datetime.now(UTC)
    with database.write_transaction() as session:
        new = NewAttempt(token=token, pack=pack, parts=pack.first_parts)
        begin_attempt(session, new, now - timedelta(hours=1), now.date())
        for parts in (pack.first_parts, *((part,) for part in plan.more)):
            _take(session, pack, plan, token, parts)
        for part in plan.opened:
            open_part(session, _find(session, token), part)
        _add_more(session, pack, plan, token)
        if plan.deleted:
            delete_attempt(session, hash_token(token), now)
    return Planted(token, make_handle(token))


def choose_answers(pack: Pack, plan: Plan, items: tuple[Item, ...]) -> Answers:
    """Return the raw answers that give the plan's levels; modules are answered fairly high."""
    levels = dict(zip((trait.id for trait in pack.traits), plan.levels, strict=True))
    answers = {item.id: _choose(item, levels, plan.same) for item in items[: plan.answered]}
    return answers | {items[at].id: None for at in plan.skipped}


def _choose(item: Item, levels: Mapping[str, int], same: int | None) -> int:
    level = levels.get(item.measures or "", 3)
    return same if same is not None else (4 - level if item.keyed is Keyed.MINUS else level)


def _take(session: Session, pack: Pack, plan: Plan, token: str, parts: tuple[str, ...]) -> None:
    for part in parts:
        open_part(session, _find(session, token), part)
    attempt = _find(session, token)
    moment = max(list_moments(session, attempt).values(), default=attempt.started_at)
    for item, answer in choose_answers(pack, plan, pack.items_of(parts)).items():
        moment += timedelta(seconds=SECONDS_AN_ITEM)
        record_answer(session, attempt, item, answer, moment)
    if plan.sent:
        send_parts(session, attempt, moment)


def _add_more(session: Session, pack: Pack, plan: Plan, token: str) -> None:
    """Rate a job, and share the result, as far as the plan says so."""
    attempt, now, seed = _find(session, token), datetime.now(UTC), secrets.token_bytes(16)
    if plan.rated:
        ratings = {
            trait.id: number % pack.answer_points for number, trait in enumerate(pack.traits)
        }
        save_job_rating(session, attempt, PRESENT, ratings, now)
    if plan.shared:
        terms = Terms(None, seed, "Kari", True, attempt.sent_parts, now + timedelta(days=30))
        token_hash = hash_token(derive_share_token(token, seed))
        add_share(session, secrets.randbits(ID_BITS), attempt.id, seed, token_hash, terms, now)


def _find(session: Session, token: str) -> Attempt:
    attempt = find_attempt(session, hash_token(token))
    assert attempt is not None
    return attempt
