"""Staff: who they are and what they may do. Whatever takes a right away ends all sign-ins of theirs at once."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row as Found
from sqlalchemy import delete, exists, insert, select, update
from sqlalchemy.orm import Session

from fitquiz.store.engine.paging import PAGE
from fitquiz.store.tables.staff_tables import RecoveryCodeRow, SignInRow, StaffLinkRow, StaffRow

HR, COUNSELLOR, ADMIN = "hr", "counsellor", "admin"
PERMISSIONS = (HR, COUNSELLOR, ADMIN)


@dataclass(frozen=True, slots=True)
class Staff:
    """Somebody who signs in. E-mail addresses are kept in small letters."""

    id: int
    name: str
    email: str
    permissions: frozenset[str]
    has_password: bool
    has_totp: bool
    is_disabled: bool


def add_staff(
    session: Session, name: str, email: str, permissions: Collection[str], now: datetime
) -> Staff | None:
    """Store a new account, which waits for its holder to choose a password; None if the address has one."""
    if find_staff_by_email(session, email) is not None:
        return None
    row = {
        "name": name,
        "email": email.lower(),
        "permissions": _write(permissions),
        "is_disabled": False,
        "created_at": now,
    }
    staff_id = session.scalars(insert(StaffRow).values(row).returning(StaffRow.id)).one()
    return find_staff(session, staff_id)


def find_staff(session: Session, staff_id: int) -> Staff | None:
    """Return an account."""
    return _read(
        session.execute(select(StaffRow.__table__).where(StaffRow.id == staff_id)).one_or_none()
    )


def find_staff_by_email(session: Session, email: str) -> Staff | None:
    """Return the account of an e-mail address, in whatever letters it is written."""
    return _read(
        session.execute(
            select(StaffRow.__table__).where(StaffRow.email == email.lower())
        ).one_or_none()
    )


def list_staff(session: Session, after_id: int | None = None) -> list[Staff]:
    """Return a page of accounts and one more, by e-mail address, which has an index; those after one if it is named."""
    query = select(StaffRow.__table__).order_by(StaffRow.email).limit(PAGE + 1)
    if after_id is not None:
        query = query.where(
            StaffRow.email > select(StaffRow.email).where(StaffRow.id == after_id).scalar_subquery()
        )
    return [staff for row in session.execute(query) if (staff := _read(row))]


def list_some_staff(session: Session, staff_ids: Collection[int]) -> list[Staff]:
    """Return the accounts with these ids."""
    rows = (
        session.execute(select(StaffRow.__table__).where(StaffRow.id.in_(staff_ids)))
        if staff_ids
        else ()
    )
    return [staff for row in rows if (staff := _read(row))]


def staff_exist(session: Session) -> bool:
    """Whether there is any account."""
    return bool(session.scalar(select(exists().where(StaffRow.id.is_not(None)))))


def find_password_hash(session: Session, staff_id: int) -> str | None:
    """Return what a password is checked against."""
    return session.scalar(select(StaffRow.password_hash).where(StaffRow.id == staff_id))


def set_password_hash(session: Session, staff_id: int, password_hash: str) -> None:
    """Give an account another password, and end all sign-ins with the old one and all links that would choose one."""
    session.execute(
        update(StaffRow).where(StaffRow.id == staff_id).values(password_hash=password_hash)
    )
    session.execute(delete(StaffLinkRow).where(StaffLinkRow.staff_id == staff_id))
    end_sign_ins(session, staff_id)


def rehash_password(session: Session, staff_id: int, password_hash: str) -> None:
    """Keep the same password under a newer hash; nobody is signed out."""
    session.execute(
        update(StaffRow).where(StaffRow.id == staff_id).values(password_hash=password_hash)
    )


def change_permissions(session: Session, staff_id: int, permissions: Collection[str]) -> bool:
    """Let somebody do this and nothing else; False if nobody would be left to administer."""
    if ADMIN not in permissions and not _others_administer(session, staff_id):
        return False
    session.execute(
        update(StaffRow).where(StaffRow.id == staff_id).values(permissions=_write(permissions))
    )
    end_sign_ins(session, staff_id)
    return True


def disable_staff(session: Session, staff_id: int) -> bool:
    """Keep somebody out from now on; False if nobody would be left to administer."""
    if not _others_administer(session, staff_id):
        return False
    session.execute(update(StaffRow).where(StaffRow.id == staff_id).values(is_disabled=True))
    session.execute(delete(StaffLinkRow).where(StaffLinkRow.staff_id == staff_id))
    end_sign_ins(session, staff_id)
    return True


def enable_staff(session: Session, staff_id: int) -> None:
    """Let somebody in again."""
    session.execute(update(StaffRow).where(StaffRow.id == staff_id).values(is_disabled=False))


def reset_staff(session: Session, staff_id: int) -> None:
    """Take away password and second factor, and end all sign-ins: a new link has to be used."""
    nothing = {"password_hash": None, "totp_seed": None, "totp_step": None}
    session.execute(update(StaffRow).where(StaffRow.id == staff_id).values(**nothing))
    session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.staff_id == staff_id))
    session.execute(delete(StaffLinkRow).where(StaffLinkRow.staff_id == staff_id))
    end_sign_ins(session, staff_id)


def end_sign_ins(session: Session, staff_id: int) -> None:
    """Sign somebody out everywhere."""
    session.execute(delete(SignInRow).where(SignInRow.staff_id == staff_id))


def _others_administer(session: Session, staff_id: int) -> bool:
    """Whether another enabled account may administer; all of them are held, so that two do not go at once."""
    query = (
        select(StaffRow.id, StaffRow.permissions).where(~StaffRow.is_disabled).order_by(StaffRow.id)
    )
    rows = session.execute(query.with_for_update()).all()
    administer = {row.id for row in rows if ADMIN in row.permissions.split()}
    return staff_id not in administer or len(administer) > 1


def _write(permissions: Collection[str]) -> str:
    return " ".join(each for each in PERMISSIONS if each in permissions)


def _read(row: Found[tuple[object, ...]] | None) -> Staff | None:
    if row is None:
        return None
    return Staff(
        id=row.id,
        name=row.name,
        email=row.email,
        permissions=frozenset(row.permissions.split()),
        has_password=row.password_hash is not None,
        has_totp=row.totp_seed is not None,
        is_disabled=row.is_disabled,
    )
