"""Staff accounts with their permissions and password hashes.

These functions also end all sign-ins of the account that they change: `reset_staff`,
`disable_staff`, `change_permissions` and `set_password_hash`.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Row as FoundRow
from sqlalchemy import delete, exists, select, update
from sqlalchemy.orm import Session

from fitquiz.store.accounts.audit_log import Actor, record_audit_entry
from fitquiz.store.accounts.password_links import INVITATION, RESET, make_link
from fitquiz.store.engine.paging import PAGE
from fitquiz.store.engine.upserts import insert_into
from fitquiz.store.tables.staff_tables import (
    RecoveryCodeRow,
    SignInRow,
    StaffLinkRow,
    StaffRow,
)

HR = "hr"
COUNSELLOR = "counsellor"
ADMIN = "admin"
PERMISSIONS = (HR, COUNSELLOR, ADMIN)


@dataclass(frozen=True, slots=True)
class Staff:
    """The account of a staff member. `email` is in lower case.

    `reset_at` is the moment of the latest reset, or of the choice of a password after the reset.
    """

    id: int
    name: str
    email: str
    permissions: frozenset[str]
    has_password: bool
    has_totp: bool
    is_disabled: bool
    reset_at: datetime | None = None


# --- Find accounts ---


def find_staff(session: Session, staff_id: int) -> Staff | None:
    query = select(StaffRow.__table__).where(StaffRow.id == staff_id)
    row = session.execute(query).one_or_none()
    return _read_row(row)


def find_staff_by_email(session: Session, email: str) -> Staff | None:
    """Return the account with this e-mail address. The search ignores case."""
    query = select(StaffRow.__table__).where(StaffRow.email == email.lower())
    row = session.execute(query).one_or_none()
    return _read_row(row)


def list_staff(session: Session, after_id: int | None = None) -> list[Staff]:
    """Return one page of accounts, in the order of their e-mail addresses.

    If `after_id` is given, the page starts after the account with this id.
    If a next page exists, the list also contains the first account of the next page.
    """
    query = select(StaffRow.__table__).order_by(StaffRow.email).limit(PAGE + 1)
    if after_id is not None:
        last_account = select(StaffRow.email).where(StaffRow.id == after_id)
        last_email = last_account.scalar_subquery()
        query = query.where(StaffRow.email > last_email)
    rows = session.execute(query).all()
    return _read_rows(rows)


def list_some_staff(session: Session, staff_ids: Collection[int]) -> list[Staff]:
    """Return the accounts with these ids."""
    if not staff_ids:
        return []
    query = select(StaffRow.__table__).where(StaffRow.id.in_(staff_ids))
    rows = session.execute(query).all()
    return _read_rows(rows)


def staff_exist(session: Session) -> bool:
    """Return whether at least one account exists."""
    has_account = exists().where(StaffRow.id.is_not(None))
    return bool(session.scalar(select(has_account)))


# --- Add, reset, disable and enable accounts, and change permissions ---


def add_staff(
    session: Session,
    name: str,
    email: str,
    permissions: Collection[str],
    now: datetime,
) -> Staff | None:
    """Store an account without a password.

    Return None and store nothing if an account with this e-mail address exists. To invite a
    person, call `invite_staff`. `invite_staff` also stores the one-time link and the audit entry.
    """
    row = {
        "name": name,
        "email": email.lower(),
        "permissions": _write_permissions(permissions),
        "is_disabled": False,
        "created_at": now,
    }
    # Another administrator may add the same address at the same moment.
    add = insert_into(session, StaffRow).values(row)
    add_if_new = add.on_conflict_do_nothing(index_elements=["email"])
    staff_id = session.scalar(add_if_new.returning(StaffRow.id))
    if staff_id is None:
        return None
    return find_staff(session, staff_id)


def invite_staff(
    session: Session,
    name: str,
    email: str,
    permissions: Collection[str],
    link_token_hash: bytes,
    actor: Actor | None,
    now: datetime,
) -> Staff | None:
    """Store an account, its one-time link and the audit entry.

    Return None and store nothing if an account with this e-mail address exists.
    """
    staff = add_staff(session, name, email, permissions, now)
    if staff is None:
        return None
    make_link(session, link_token_hash, staff.id, INVITATION, now)
    record_audit_entry(session, actor, "staff-invited", staff.email, now)
    return staff


def reset_staff(
    session: Session,
    staff: Staff,
    link_token_hash: bytes,
    actor: Actor | None,
    now: datetime,
) -> None:
    """Delete the password and the second factor of an account, and end all its sign-ins.

    Also store the audit entry and a one-time link. With the one-time link, the person chooses
    another password. Whoever resets an account could open the one-time link. Therefore, the earlier
    shares with the account are closed until each client confirms them.
    """
    _change_account(
        session,
        staff.id,
        password_hash=None,
        totp_seed=None,
        totp_step=None,
        reset_at=now,
    )
    is_theirs = RecoveryCodeRow.staff_id == staff.id
    session.execute(delete(RecoveryCodeRow).where(is_theirs))
    end_sign_ins(session, staff.id)

    make_link(session, link_token_hash, staff.id, RESET, now)
    record_audit_entry(session, actor, "staff-reset", staff.email, now)


def disable_staff(
    session: Session, staff: Staff, actor: Actor | None, now: datetime
) -> bool:
    """Disable an account, end its sign-ins, delete its one-time links, and store the audit entry.

    Return False and change nothing if the account is the only enabled admin account.
    """
    if _is_last_admin(session, staff.id):
        return False
    _change_account(session, staff.id, is_disabled=True)
    _delete_links(session, staff.id)
    end_sign_ins(session, staff.id)
    record_audit_entry(session, actor, "staff-disabled", staff.email, now)
    return True


def enable_staff(
    session: Session, staff: Staff, actor: Actor | None, now: datetime
) -> None:
    """Enable a disabled account, and store the audit entry."""
    _change_account(session, staff.id, is_disabled=False)
    record_audit_entry(session, actor, "staff-enabled", staff.email, now)


def change_permissions(
    session: Session,
    staff: Staff,
    permissions: Collection[str],
    actor: Actor | None,
    now: datetime,
) -> bool:
    """Replace all permissions of an account, end its sign-ins, and store the audit entry.

    Return False and change nothing if the change would take ADMIN from the only enabled admin
    account.
    """
    if ADMIN not in permissions and _is_last_admin(session, staff.id):
        return False
    _change_account(session, staff.id, permissions=_write_permissions(permissions))
    end_sign_ins(session, staff.id)
    record_audit_entry(session, actor, "permissions-changed", staff.email, now)
    return True


def end_sign_ins(session: Session, staff_id: int) -> None:
    """End all sign-ins of an account."""
    is_theirs = SignInRow.staff_id == staff_id
    session.execute(delete(SignInRow).where(is_theirs))


# --- Passwords ---


def find_password_hash(session: Session, staff_id: int) -> str | None:
    return session.scalar(select(StaffRow.password_hash).where(StaffRow.id == staff_id))


def set_password_hash(session: Session, staff_id: int, password_hash: str) -> None:
    """Store a password hash. Delete all sign-ins and all one-time links of the account."""
    rehash_password(session, staff_id, password_hash)
    _delete_links(session, staff_id)
    end_sign_ins(session, staff_id)


def note_handover(session: Session, staff_id: int, now: datetime) -> None:
    """Close the earlier shares with an account, because a one-time link has opened the account."""
    _change_account(session, staff_id, reset_at=now)


def rehash_password(session: Session, staff_id: int, password_hash: str) -> None:
    """Store another hash of an unchanged password. The sign-ins of the account stay valid."""
    _change_account(session, staff_id, password_hash=password_hash)


def _change_account(session: Session, staff_id: int, **values: object) -> None:
    account = update(StaffRow).where(StaffRow.id == staff_id)
    session.execute(account.values(**values))


def _delete_links(session: Session, staff_id: int) -> None:
    is_theirs = StaffLinkRow.staff_id == staff_id
    session.execute(delete(StaffLinkRow).where(is_theirs))


def _is_last_admin(session: Session, staff_id: int) -> bool:
    """Return whether the account is the only enabled admin account.

    The rows of all enabled accounts are locked. Without the lock, two admins could disable each
    other at the same moment.
    """
    query = (
        select(StaffRow.id, StaffRow.permissions)
        .where(~StaffRow.is_disabled)
        .order_by(StaffRow.id)
        .with_for_update()
    )
    enabled = session.execute(query).all()
    admin_ids = {row.id for row in enabled if ADMIN in row.permissions.split()}
    return admin_ids == {staff_id}


def _write_permissions(permissions: Collection[str]) -> str:
    return " ".join(each for each in PERMISSIONS if each in permissions)


def _read_rows(rows: Collection[FoundRow[tuple[object, ...]]]) -> list[Staff]:
    accounts = [_read_row(row) for row in rows]
    return [account for account in accounts if account is not None]


def _read_row(row: FoundRow[tuple[object, ...]] | None) -> Staff | None:
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
        reset_at=row.reset_at,
    )
