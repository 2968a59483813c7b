"""Functions that change an attempt. The arguments are a session and the attempt that was read."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from fitquiz.store.attempts.answers import record_answer
from fitquiz.store.attempts.attempts import Attempt, decline_part, open_part, send_parts
from tests.store.support.cast import FIRST, NOW

Change = Callable[[Session, Attempt], bool]


def answer(session: Session, attempt: Attempt) -> bool:
    return record_answer(session, attempt, FIRST, 4, NOW)


def send(session: Session, attempt: Attempt) -> bool:
    return send_parts(session, attempt, NOW)


def open_leading(session: Session, attempt: Attempt) -> bool:
    return open_part(session, attempt, "leading")


def decline_leading(session: Session, attempt: Attempt) -> bool:
    return decline_part(session, attempt, "leading")
