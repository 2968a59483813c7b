"""The audit log: which staff member did what, and when. No answers, tokens or passwords.

The database refuses to change or delete an audit entry.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from fitquiz.store.engine.paging import take_page
from fitquiz.store.tables.staff_tables import AuditRow

MAX_SUBJECT_LENGTH = 300


class Actor(Protocol):
    """A staff member who does something. (`Staff` is one; `staff.py` imports this module.)"""

    @property
    def id(self) -> int: ...

    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One line of the audit log. `action` is a key such as "staff-invited"."""

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
    """Add a line to the audit log. The actor is None on the command line, or before sign-in."""
    entry = {"at": now, "action": action, "subject": subject[:MAX_SUBJECT_LENGTH]}
    if actor is None:
        entry |= {"staff_id": None, "staff_name": ""}
    else:
        entry |= {"staff_id": actor.id, "staff_name": actor.name}
    session.execute(insert(AuditRow).values(entry))


def list_audit_entries(
    session: Session, before_id: int | None = None
) -> list[AuditEntry]:
    """Return one page of entries and one entry more, the newest first.

    With `before_id`, the page starts with the entry before that one.
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
