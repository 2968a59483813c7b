"""The audit log: which staff member did which action, and when.

The log contains no answers, tokens or passwords. The database refuses to change or delete an
audit entry.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from fitquiz.store.engine.paging import take_page
from fitquiz.store.tables.staff_tables import AuditRow

MAX_SUBJECT_LENGTH = 300


class Actor(Protocol):
    """The staff member who does an action. The class `Staff` in `staff.py` matches this protocol.

    This module cannot import `Staff`, because `staff.py` imports this module.
    """

    @property
    def id(self) -> int: ...

    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """An audit entry. `action` is the name of the action, for example "staff-invited"."""

    id: int
    at: datetime
    staff_name: str
    action: str
    subject: str


def record_audit_entry(
    session: Session,
    actor: Actor | None,
    action: str,
    subject: str,
    now: datetime,
) -> None:
    """Store an audit entry. Store at most MAX_SUBJECT_LENGTH characters of `subject`.

    `actor` is None for an operator's command, and for a sign-in with an unknown e-mail address.
    """
    record_audit_entries(session, actor, action, [subject], now)


def record_audit_entries(
    session: Session,
    actor: Actor | None,
    action: str,
    subjects: Sequence[str],
    now: datetime,
) -> None:
    """Store an audit entry for each subject, as `record_audit_entry` does."""
    by: dict[str, object] = {"staff_id": None, "staff_name": ""}
    if actor is not None:
        by = {"staff_id": actor.id, "staff_name": actor.name}

    entries = []
    for subject in subjects:
        entry: dict[str, object] = {
            "at": now,
            "action": action,
            "subject": subject[:MAX_SUBJECT_LENGTH],
        }
        entries.append(entry | by)
    session.execute(insert(AuditRow), entries)


def list_audit_entries(
    session: Session, before_id: int | None = None
) -> list[AuditEntry]:
    """Return one page of audit entries, the newest entry first.

    If `before_id` is given, return only entries whose id is smaller than `before_id`.
    If a next page exists, the list also contains the first entry of the next page.
    """
    query = select(
        AuditRow.id,
        AuditRow.at,
        AuditRow.staff_name,
        AuditRow.action,
        AuditRow.subject,
    )
    page = session.execute(take_page(query, AuditRow.id, before_id))
    return [AuditEntry(*row) for row in page]
