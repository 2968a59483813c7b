"""The pages on which staff members see their own account and change their password."""

from datetime import datetime

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from fitquiz.store.accounts.audit_log import record_audit_entry
from fitquiz.store.accounts.staff import Staff, find_password_hash, set_password_hash
from fitquiz.web.accounts.password_hashes import hash_password, is_password
from fitquiz.web.accounts.password_rules import find_password_fault
from fitquiz.web.accounts.staff_forms import ChangePasswordForm
from fitquiz.web.limits.rate_limits import give_back_sign_in, take_sign_in
from fitquiz.web.security.current_staff import get_staff, sign_in
from fitquiz.web.site.clock import get_now
from fitquiz.web.site.database_session import get_session, writing

blueprint = Blueprint("own_account", __name__)
_BASE = "/account"


@blueprint.get(f"{_BASE}")
def account() -> str:
    return render_template("accounts/own_account/account.html", staff=get_staff())


@blueprint.route(f"{_BASE}/password", methods=["GET", "POST"])
def password() -> str | Response | tuple[str, int]:
    """Show the form for a new password, and store the new password after the form is sent.

    The new password signs the staff member out in all other browsers.
    """
    staff = get_staff()
    form = ChangePasswordForm()
    now = get_now()
    if form.validate_on_submit():
        take_sign_in(staff.email, now)
        present_password = str(form.present.data)
        new_password = str(form.password.data)
        present_hash = find_password_hash(get_session(), staff.id)

        if not is_password(present_password, present_hash):
            form.present.errors = ["wrong-password"]
        elif fault := find_password_fault(new_password, [staff.name, staff.email]):
            form.password.errors = [fault]
        else:
            _change_password(staff, new_password, now)
            address = url_for("own_account.account", done="password-changed")
            return redirect(address, 303)

    status = 400 if form.errors else 200
    return render_template("accounts/own_account/password.html", form=form), status


def _change_password(staff: Staff, new_password: str, now: datetime) -> None:
    # Compute the slow hash before the transaction, because SQLite lets no other request write
    # during the transaction.
    new_hash = hash_password(new_password)
    with writing() as session:
        give_back_sign_in(session, staff.email)
        set_password_hash(session, staff.id, new_hash)
        # set_password_hash has ended all sign-ins of the account, including this browser's sign-in.
        sign_in(session, staff, now)
        record_audit_entry(session, staff, "password-changed", staff.email, now)
