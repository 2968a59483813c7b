"""One's own account: who one is, what one may do, and another password."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from fitquiz.store.accounts.audit_log import record_deed
from fitquiz.store.accounts.staff import find_password_hash, set_password_hash
from fitquiz.web.accounts.password_hashes import hash_password, is_password
from fitquiz.web.accounts.password_rules import find_password_fault
from fitquiz.web.accounts.staff_forms import ChangePasswordForm
from fitquiz.web.security.current_staff import get_staff, sign_in
from fitquiz.web.security.rate_limits import give_back_sign_in, take_sign_in
from fitquiz.web.site.clock import get_now
from fitquiz.web.site.db import get_session, writing

blueprint = Blueprint("own_account", __name__)
_BASE = "/account"


@blueprint.get(f"{_BASE}")
def account() -> str:
    """Show who is signed in, and where to go from here."""
    return render_template("accounts/own_account/account.html", staff=get_staff())


@blueprint.route(f"{_BASE}/password", methods=["GET", "POST"])
def password() -> str | Response | tuple[str, int]:
    """Change the password. Every other browser that was signed in is signed out."""
    staff, form, now = get_staff(), ChangePasswordForm(), get_now()
    if form.validate_on_submit():
        take_sign_in(staff.email, now)
        if not is_password(str(form.present.data), find_password_hash(get_session(), staff.id)):
            form.present.errors = ["wrong-password"]
        elif fault := find_password_fault(str(form.password.data), (staff.name, staff.email)):
            form.password.errors = [fault]
        else:
            password_hash = hash_password(str(form.password.data))
            with writing() as session:
                give_back_sign_in(session, staff.email)
                set_password_hash(session, staff.id, password_hash)
                sign_in(session, staff, now)
                record_deed(session, staff, "password-changed", staff.email, now)
            return redirect(url_for("own_account.account"), 303)
    return render_template(
        "accounts/own_account/password.html", form=form
    ), 400 if form.errors else 200
