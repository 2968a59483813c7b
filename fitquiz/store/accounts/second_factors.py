"""Second factors: authenticator apps and recovery codes.

An authenticator app shows another code in each time step. The code of a time step is accepted only
once. A recovery code is accepted only once.
"""

from collections.abc import Collection

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from fitquiz.store.accounts.staff import end_sign_ins
from fitquiz.store.tables.staff_tables import RecoveryCodeRow, StaffRow


def find_totp(session: Session, staff_id: int) -> tuple[bytes, int | None] | None:
    """Return the seed of the account's authenticator app, and the app's last used time step.

    The last used time step is the latest time step whose code was accepted. Return None if the
    account has no app.
    """
    is_account = StaffRow.id == staff_id
    query = select(StaffRow.totp_seed, StaffRow.totp_step).where(is_account)
    row = session.execute(query).one()
    if row.totp_seed is None:
        return None
    return row.totp_seed, row.totp_step


def list_with_app(session: Session) -> list[str]:
    """Return the e-mail addresses of all enabled accounts that have an authenticator app.

    If the secret key was replaced, the server refuses the codes of all these apps, because the
    secret of each app was derived from the earlier key.
    """
    query = (
        select(StaffRow.email)
        .where(StaffRow.totp_seed.is_not(None), ~StaffRow.is_disabled)
        .order_by(StaffRow.email)
    )
    return list(session.scalars(query))


def add_totp(
    session: Session,
    staff_id: int,
    seed: bytes,
    step: int,
    code_hashes: Collection[bytes],
) -> bool:
    """Store an authenticator app, replace all recovery codes, and end all sign-ins of the account.

    `step` is the time step of the code with which the staff member confirmed the app. Return False
    and change nothing if the account already has an app.
    """
    change = (
        update(StaffRow)
        .where(StaffRow.id == staff_id, StaffRow.totp_seed.is_(None))
        .values(totp_seed=seed, totp_step=step)
    )
    if session.scalar(change.returning(StaffRow.id)) is None:
        return False
    replace_recovery_codes(session, staff_id, code_hashes)
    end_sign_ins(session, staff_id)
    return True


def remove_totp(session: Session, staff_id: int) -> None:
    """Delete the authenticator app and all recovery codes, and end all sign-ins of the account."""
    change = update(StaffRow).where(StaffRow.id == staff_id)
    session.execute(change.values(totp_seed=None, totp_step=None))
    replace_recovery_codes(session, staff_id, ())
    end_sign_ins(session, staff_id)


def use_step(session: Session, staff_id: int, step: int) -> bool:
    """Store `step` as the last used time step of the account's authenticator app.

    Return False and store nothing if the stored time step is `step` or later. Also return False if
    the account has no app.
    """
    change = (
        update(StaffRow)
        .where(StaffRow.id == staff_id, StaffRow.totp_step < step)
        .values(totp_step=step)
    )
    return session.scalar(change.returning(StaffRow.id)) is not None


def use_recovery_code(session: Session, staff_id: int, code_hash: bytes) -> bool:
    """Delete a recovery code. Return False if the account has no code with this hash."""
    use = delete(RecoveryCodeRow).where(
        RecoveryCodeRow.staff_id == staff_id,
        RecoveryCodeRow.code_hash == code_hash,
    )
    return session.scalar(use.returning(RecoveryCodeRow.staff_id)) is not None


def replace_recovery_codes(
    session: Session, staff_id: int, code_hashes: Collection[bytes]
) -> None:
    """Replace all recovery codes of an account."""
    is_theirs = RecoveryCodeRow.staff_id == staff_id
    session.execute(delete(RecoveryCodeRow).where(is_theirs))
    if code_hashes:
        rows = [{"code_hash": each, "staff_id": staff_id} for each in code_hashes]
        session.execute(insert(RecoveryCodeRow), rows)


def count_recovery_codes(session: Session, staff_id: int) -> int:
    """Return the number of unused recovery codes of an account."""
    query = (
        select(func.count())
        .select_from(RecoveryCodeRow)
        .where(RecoveryCodeRow.staff_id == staff_id)
    )
    return session.scalar(query) or 0
