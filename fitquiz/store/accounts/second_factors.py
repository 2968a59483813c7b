"""Second factors: the seed of an authenticator app, the step it was last used at, and recovery codes, each once."""

from collections.abc import Collection

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.orm import Session

from fitquiz.store.accounts.staff import end_sign_ins
from fitquiz.store.tables.staff_tables import RecoveryCodeRow, StaffRow


def find_totp(session: Session, staff_id: int) -> tuple[bytes, int | None] | None:
    """Return the seed of somebody's app and the last step used; None if there is no app."""
    row = session.execute(
        select(StaffRow.totp_seed, StaffRow.totp_step).where(StaffRow.id == staff_id)
    ).one()
    return None if row.totp_seed is None else (row.totp_seed, row.totp_step)


def add_totp(
    session: Session, staff_id: int, seed: bytes, step: int, code_hashes: Collection[bytes]
) -> bool:
    """Ask for an app's code from now on, and end all sign-ins; False if an app is asked already."""
    none_yet = update(StaffRow).where(StaffRow.id == staff_id, StaffRow.totp_seed.is_(None))
    added = session.scalar(none_yet.values(totp_seed=seed, totp_step=step).returning(StaffRow.id))
    if added is None:
        return False
    replace_recovery_codes(session, staff_id, code_hashes)
    end_sign_ins(session, staff_id)
    return True


def remove_totp(session: Session, staff_id: int) -> None:
    """Ask for the password alone from now on, and end all sign-ins."""
    session.execute(
        update(StaffRow).where(StaffRow.id == staff_id).values(totp_seed=None, totp_step=None)
    )
    replace_recovery_codes(session, staff_id, ())
    end_sign_ins(session, staff_id)


def use_step(session: Session, staff_id: int, step: int) -> bool:
    """Note that the code of a step was used; False if it, or a later one, has been already."""
    later = update(StaffRow).where(StaffRow.id == staff_id, StaffRow.totp_step < step)
    return session.scalar(later.values(totp_step=step).returning(StaffRow.id)) is not None


def use_recovery_code(session: Session, staff_id: int, code_hash: bytes) -> bool:
    """Use a recovery code up; False if there is none such."""
    good = delete(RecoveryCodeRow).where(
        RecoveryCodeRow.staff_id == staff_id, RecoveryCodeRow.code_hash == code_hash
    )
    return session.scalar(good.returning(RecoveryCodeRow.staff_id)) is not None


def replace_recovery_codes(session: Session, staff_id: int, code_hashes: Collection[bytes]) -> None:
    """Store these recovery codes; earlier ones are dead from now on."""
    session.execute(delete(RecoveryCodeRow).where(RecoveryCodeRow.staff_id == staff_id))
    if code_hashes:
        rows = [{"code_hash": each, "staff_id": staff_id} for each in code_hashes]
        session.execute(insert(RecoveryCodeRow), rows)


def count_recovery_codes(session: Session, staff_id: int) -> int:
    """Return how many recovery codes are left."""
    counted = (
        select(func.count())
        .select_from(RecoveryCodeRow)
        .where(RecoveryCodeRow.staff_id == staff_id)
    )
    return session.scalar(counted) or 0
