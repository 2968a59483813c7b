"""Staff: adding, resetting and disabling each write everything that belongs to them, or nothing."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from fitquiz.core.secrets.tokens import hash_token
from fitquiz.store.accounts.audit_log import list_audit_entries
from fitquiz.store.accounts.password_links import (
    INVITATION,
    RESET,
    StaffLink,
    find_link,
    make_link,
    use_link,
)
from fitquiz.store.accounts.second_factors import (
    add_totp,
    count_recovery_codes,
    find_totp,
    use_step,
)
from fitquiz.store.accounts.sign_ins import find_signed_in, open_sign_in
from fitquiz.store.accounts.staff import (
    ADMIN,
    HR,
    Staff,
    change_permissions,
    disable_staff,
    enable_staff,
    find_password_hash,
    find_staff,
    invite_staff,
    reset_staff,
    set_password_hash,
)
from fitquiz.store.engine.database import Database
from tests.store.support.cast import NOW, assert_waits, reading, writing

LINK, NEW_LINK = hash_token("the invitation"), hash_token("the reset link")
BROWSER = hash_token("the cookie")


def invite(
    session: Session,
    name: str,
    permission: str = HR,
    link: bytes = LINK,
    actor: Staff | None = None,
) -> Staff:
    """Invite somebody and return the account."""
    email = f"{name}@example.org"
    staff = invite_staff(session, name, email, [permission], link, actor, NOW)
    assert staff is not None
    return staff


def sign_in(session: Session, staff: Staff) -> None:
    """Give somebody a password, a second factor, and a browser that is signed in."""
    set_password_hash(session, staff.id, "a hash")
    assert add_totp(session, staff.id, bytes(16), 1, [bytes(32)])
    open_sign_in(session, BROWSER, staff.id, NOW)


def read_log(session: Session) -> list[tuple[str, str, str]]:
    """Return who did what to which account, the newest first."""
    return [(each.staff_name, each.action, each.subject) for each in list_audit_entries(session)]


@pytest.fixture
def ada(session: Session) -> Staff:
    return invite(session, "Ada", ADMIN, hash_token("Ada's invitation"))


@pytest.fixture
def hana(session: Session, ada: Staff) -> Staff:
    return invite(session, "Hana", actor=ada)


def test_an_invitation_stores_the_account_its_link_and_an_audit_entry(
    session: Session, hana: Staff
) -> None:
    assert (hana.email, hana.permissions, hana.has_password) == ("hana@example.org", {HR}, False)
    assert find_link(session, LINK, NOW) == StaffLink(hana.id, INVITATION)
    assert read_log(session) == [
        ("Ada", "staff-invited", "hana@example.org"),
        ("", "staff-invited", "ada@example.org"),
    ]


@pytest.mark.parametrize(("purpose", "days"), [("setup", 1), ("invitation", 7), ("reset", 1)])
def test_a_one_time_link_opens_nothing_after_its_days(
    session: Session, hana: Staff, purpose: str, days: int
) -> None:
    staff_id = None if purpose == "setup" else hana.id
    make_link(session, NEW_LINK, staff_id, purpose, NOW)
    end = NOW + timedelta(days)
    assert find_link(session, NEW_LINK, end - timedelta(seconds=1)) == StaffLink(staff_id, purpose)
    assert find_link(session, NEW_LINK, end) is None
    assert not use_link(session, NEW_LINK, end)


def test_a_second_invitation_to_an_address_stores_nothing(session: Session, hana: Staff) -> None:
    before = read_log(session)
    assert invite_staff(session, "H", "HANA@example.org", [ADMIN], NEW_LINK, None, NOW) is None
    assert find_link(session, NEW_LINK, NOW) is None
    assert find_staff(session, hana.id) == hana
    assert read_log(session) == before


def test_of_two_invitations_to_an_address_at_the_same_moment_one_stores_nothing(
    database: Database,
) -> None:
    def invite_too() -> Staff | None:
        with writing(database) as session:
            return invite_staff(session, "H", "HANA@example.org", [ADMIN], NEW_LINK, None, NOW)

    with ThreadPoolExecutor(1) as pool:
        with writing(database) as session:
            hana = invite(session, "Hana")
            other = pool.submit(invite_too)
            assert_waits(other)
        assert other.result(timeout=20) is None
    with reading(database) as session:
        assert find_staff(session, hana.id) == hana
        assert find_link(session, NEW_LINK, NOW) is None
        assert len(read_log(session)) == 1


def test_a_reset_leaves_the_new_link_as_the_only_way_in(
    session: Session, ada: Staff, hana: Staff
) -> None:
    sign_in(session, hana)
    reset_staff(session, hana, NEW_LINK, ada, NOW)
    assert find_signed_in(session, BROWSER, NOW, timedelta(minutes=30)) is None
    assert find_password_hash(session, hana.id) is None
    assert count_recovery_codes(session, hana.id) == 0
    assert find_totp(session, hana.id) is None
    assert not use_step(session, hana.id, 100)
    assert find_link(session, LINK, NOW) is None
    assert find_link(session, NEW_LINK, NOW) == StaffLink(hana.id, RESET)
    assert read_log(session)[0] == ("Ada", "staff-reset", "hana@example.org")


def test_a_disabled_account_is_signed_out_and_its_link_is_dead(
    session: Session, ada: Staff, hana: Staff
) -> None:
    open_sign_in(session, BROWSER, hana.id, NOW)
    assert disable_staff(session, hana, ada, NOW)
    assert find_link(session, LINK, NOW) is None
    assert read_log(session)[0] == ("Ada", "staff-disabled", "hana@example.org")

    enable_staff(session, hana, ada, NOW)
    assert find_signed_in(session, BROWSER, NOW, timedelta(minutes=30)) is None
    assert read_log(session)[0] == ("Ada", "staff-enabled", "hana@example.org")


def test_other_permissions_sign_out_and_are_in_the_audit_log(
    session: Session, ada: Staff, hana: Staff
) -> None:
    open_sign_in(session, BROWSER, hana.id, NOW)
    assert change_permissions(session, hana, [HR, ADMIN], ada, NOW + timedelta(hours=1))
    changed = find_staff(session, hana.id)
    assert changed is not None
    assert changed.permissions == {HR, ADMIN}
    assert find_signed_in(session, BROWSER, NOW, timedelta(minutes=30)) is None
    assert read_log(session)[0] == ("Ada", "permissions-changed", "hana@example.org")


def test_the_last_admin_stays_and_nothing_is_written(
    session: Session, ada: Staff, hana: Staff
) -> None:
    before = read_log(session)
    assert not disable_staff(session, ada, ada, NOW)
    assert not change_permissions(session, ada, [HR], ada, NOW)
    assert find_staff(session, ada.id) == ada
    assert read_log(session) == before
