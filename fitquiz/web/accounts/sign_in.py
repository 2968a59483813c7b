"""The views for signing in, for signing out, and for choosing a password with a one-time link."""

from datetime import datetime

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from fitquiz.core.secrets.tokens import TOKEN, hash_token
from fitquiz.store.accounts.audit_log import record_audit_entry
from fitquiz.store.accounts.password_links import (
    RESET,
    SETUP,
    StaffLink,
    find_link,
    use_link,
)
from fitquiz.store.accounts.staff import (
    ADMIN,
    Staff,
    add_staff,
    find_password_hash,
    find_staff,
    find_staff_by_email,
    note_handover,
    rehash_password,
    set_password_hash,
    staff_exist,
)
from fitquiz.web.accounts.after_sign_in import find_next_page, go_on
from fitquiz.web.accounts.password_hashes import hash_password, is_outdated, is_password
from fitquiz.web.accounts.password_rules import find_password_fault
from fitquiz.web.accounts.staff_forms import (
    NewPasswordForm,
    OneTimeCodeForm,
    SetupForm,
    SignInForm,
)
from fitquiz.web.limits.rate_limits import give_back_sign_in, take_sign_in
from fitquiz.web.security.current_staff import sign_in as open_sign_in
from fitquiz.web.security.current_staff import sign_out as end_sign_in
from fitquiz.web.security.current_staff import stay_signed_in
from fitquiz.web.site.clock import get_now
from fitquiz.web.site.database_session import get_session, writing

blueprint = Blueprint("sign_in", __name__)


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> str | Response | tuple[str, int]:
    """Show the form for the sign-in, and sign the staff member in after the form is sent.

    A wrong password and an unknown e-mail address cause the same response after the same time.
    """
    form = SignInForm(onward=request.args.get("onward", ""))
    if not form.validate_on_submit():
        status = 400 if form.errors else 200
        return render_template("accounts/sign_in/sign_in.html", form=form), status

    email = str(form.email.data).strip()
    password = str(form.password.data)
    now = get_now()
    take_sign_in(email, now)

    staff = find_staff_by_email(get_session(), email)
    stored_hash = None
    if staff is not None and not staff.is_disabled:
        stored_hash = find_password_hash(get_session(), staff.id)

    is_right = is_password(password, stored_hash)
    if staff is None or stored_hash is None or not is_right:
        _record_failure(staff, now)
        form.password.errors = ["wrong-password"]
        return render_template("accounts/sign_in/sign_in.html", form=form), 400

    _accept_password(staff, stored_hash, password, email, now)
    if staff.has_totp:
        return _ask_for_code(form)
    return go_on(staff, form)


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """Sign this browser out."""
    with writing() as session:
        end_sign_in(session)
    return redirect(url_for("sign_in.sign_in", done="signed-out"), 303)


@blueprint.post("/stay-signed-in")
def stay() -> dict[str, int]:
    """Count this request as use. Return the seconds until the sign-in ends."""
    return {"seconds": stay_signed_in()}


@blueprint.route("/staff-links/<token>", methods=["GET", "POST"])
def choose(token: str) -> str | Response | tuple[str, int]:
    """Show the form for choosing a password, and store the password after the form is sent.

    Opening the page does not delete the one-time link. Storing the password deletes the link.
    """
    now = get_now()
    link = _find_open_link(token, now)
    if link is None:
        return render_template("accounts/sign_in/link_gone.html"), 404

    staff = None
    if link.staff_id is not None:
        staff = find_staff(get_session(), link.staff_id)
    form = SetupForm() if link.purpose == SETUP else NewPasswordForm()

    if form.validate_on_submit():
        own_words = _own_words(staff, form)
        fault = find_password_fault(str(form.password.data), own_words)
        if fault is None:
            signed_in = _set_chosen_password(token, link, form, now)
            return redirect(find_next_page("", signed_in), 303)
        form.password.errors = [fault]

    status = 400 if form.errors else 200
    page = render_template(
        "accounts/sign_in/choose.html",
        form=form,
        token=token,
        link=link,
        staff=staff,
    )
    return page, status


def _ask_for_code(form: SignInForm) -> str | Response:
    """Lead to the page that asks for a code. A kept form stays in the browser meanwhile."""
    onward = str(form.onward.data)
    kept = str(form.kept.data)
    if not kept:
        return redirect(url_for("second_factors.code", onward=onward), 303)
    code_form = OneTimeCodeForm(formdata=None, onward=onward, kept=kept)
    return render_template("accounts/second_factors/code.html", form=code_form)


def _accept_password(
    staff: Staff, stored_hash: str, password: str, email: str, now: datetime
) -> None:
    """Sign this browser in. If the account has a second factor, the sign-in waits for a code.

    Also replace the stored hash if `stored_hash` is outdated.
    """
    new_hash = None
    if is_outdated(stored_hash):
        new_hash = hash_password(password)

    with writing() as session:
        give_back_sign_in(session, email)
        if new_hash is not None:
            rehash_password(session, staff.id, new_hash)
        open_sign_in(session, staff, now, awaits_code=staff.has_totp)
        if not staff.has_totp:
            record_audit_entry(session, staff, "signed-in", staff.email, now)


def _record_failure(staff: Staff | None, now: datetime) -> None:
    """Record a failed sign-in in the audit log.

    Also record an unknown e-mail address, because a faster response would reveal that no account
    has the e-mail address. Omit the e-mail address from this entry, because somebody may have
    typed a password into the wrong field.
    """
    with writing() as session:
        if staff is not None:
            record_audit_entry(session, staff, "sign-in-failed", staff.email, now)
        else:
            record_audit_entry(session, None, "sign-in-unknown", "", now)


def _find_open_link(token: str, now: datetime) -> StaffLink | None:
    """Return the one-time link with this token, or None if the link is not valid.

    The set-up link is for the server's first account. If an account exists, the set-up link is not
    valid.
    """
    if not TOKEN.match(token):
        return None
    link = find_link(get_session(), hash_token(token), now)
    if link is None:
        return None
    if link.purpose == SETUP and staff_exist(get_session()):
        return None
    return link


def _own_words(staff: Staff | None, form: NewPasswordForm) -> list[str]:
    """Return words that make a password easy to guess: the owner's name and e-mail address."""
    if staff is not None:
        return [staff.name, staff.email]
    if isinstance(form, SetupForm):
        return [str(form.name.data), str(form.email.data)]
    return []


def _set_chosen_password(
    token: str, link: StaffLink, form: NewPasswordForm, now: datetime
) -> Staff:
    """Delete the one-time link, store the password, sign this browser in, and return the account.

    Abort with 404 if the link is not valid any more.
    """
    password_hash = hash_password(str(form.password.data))
    with writing() as session:
        # If a browser sends the form twice at the same time, only one request can use the link.
        if not use_link(session, hash_token(token), now):
            abort(404)
        staff = _find_or_add_owner(session, link, form, now)
        if staff is None:
            abort(404)
        set_password_hash(session, staff.id, password_hash)
        if link.purpose == RESET:
            note_handover(session, staff.id, now)
        record_audit_entry(session, staff, "password-chosen", staff.email, now)
        open_sign_in(session, staff, now)
        return staff


def _find_or_add_owner(
    session: Session, link: StaffLink, form: NewPasswordForm, now: datetime
) -> Staff | None:
    """Return the account that the link belongs to, or None if the account does not exist.

    The set-up link belongs to no account. For the set-up link, add the first account with the
    permission `admin`. If an account already exists, return None for the set-up link.
    """
    if link.staff_id is not None:
        return find_staff(session, link.staff_id)
    if not isinstance(form, SetupForm) or staff_exist(session):
        return None
    name = str(form.name.data).strip()
    email = str(form.email.data).strip()
    return add_staff(session, name, email, [ADMIN], now)
