"""The log of deeds, which the database itself keeps append-only: who did what when. No answers, tokens or passwords."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from fitquiz.store.accounts.staff import Staff
from fitquiz.store.engine.paging import take_page
from fitquiz.store.tables.staff_tables import AuditRow

LONGEST = 300


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of the log. `action` is a key; `subject` is what it was done to."""

    id: int
    at: datetime
    staff_name: str
    action: str
    subject: str


def record_deed(
    session: Session, staff: Staff | None, action: str, subject: str, now: datetime
) -> None:
    """Add a line; None stands for nobody who is signed in, as on the command line."""
    who = {"staff_id": staff.id if staff else None, "staff_name": staff.name if staff else ""}
    session.execute(
        insert(AuditRow).values(at=now, action=action, subject=subject[:LONGEST], **who)
    )


def list_deeds(session: Session, before_id: int | None = None) -> list[Deed]:
    """Return a page of the log and a line more, the newest first; those before a line if one is named."""
    query = select(AuditRow.id, AuditRow.at, AuditRow.staff_name, AuditRow.action, AuditRow.subject)
    return [Deed(*row) for row in session.execute(take_page(query, AuditRow.id, before_id))]
