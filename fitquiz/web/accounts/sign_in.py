"""Signing in and out, and the one-time links by which a password is chosen."""

from datetime import datetime

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from fitquiz.core.secrets.tokens import TOKEN, hash_token
from fitquiz.store.accounts.audit_log import record_deed
from fitquiz.store.accounts.password_links import SETUP, StaffLink, find_link, use_link
from fitquiz.store.accounts.staff import (
    ADMIN,
    Staff,
    add_staff,
    find_password_hash,
    find_staff,
    find_staff_by_email,
    rehash_password,
    set_password_hash,
    staff_exist,
)
from fitquiz.web.accounts.onward import find_way
from fitquiz.web.accounts.password_hashes import hash_password, is_outdated, is_password
from fitquiz.web.accounts.password_rules import find_password_fault
from fitquiz.web.accounts.staff_forms import NewPasswordForm, SetupForm, SignInForm
from fitquiz.web.security.current_staff import sign_in as open_sign_in
from fitquiz.web.security.current_staff import sign_out as end_sign_in
from fitquiz.web.security.rate_limits import give_back_sign_in, take_sign_in
from fitquiz.web.site.clock import get_now
from fitquiz.web.site.db import get_session, writing

blueprint = Blueprint("sign_in", __name__)


@blueprint.route("/sign-in", methods=["GET", "POST"])
def sign_in() -> str | Response | tuple[str, int]:
    """Sign in. A wrong password and an unknown address get the same answer, after the same time."""
    form = SignInForm(onward=request.args.get("onward", ""))
    if not form.validate_on_submit():
        return render_template(
            "accounts/sign_in/sign_in.html", form=form
        ), 400 if form.errors else 200
    email, now = str(form.email.data).strip(), get_now()
    take_sign_in(email, now)
    staff = find_staff_by_email(get_session(), email)
    stored = (
        find_password_hash(get_session(), staff.id) if staff and not staff.is_disabled else None
    )
    is_right = is_password(str(form.password.data), stored)
    if staff and stored and is_right:
        _let_in(staff, stored, str(form.password.data), email, now)
        onward = str(form.onward.data)
        return redirect(
            url_for("second_factors.code", onward=onward) if staff.has_totp else find_way(onward),
            303,
        )
    _note_failure(staff, now)
    form.password.errors = ["wrong-password"]
    return render_template("accounts/sign_in/sign_in.html", form=form), 400


@blueprint.post("/sign-out")
def sign_out() -> Response:
    """Sign this browser out."""
    with writing() as session:
        end_sign_in(session)
    return redirect(url_for("sign_in.sign_in"), 303)


@blueprint.route("/staff-links/<token>", methods=["GET", "POST"])
def choose(token: str) -> str | Response | tuple[str, int]:
    """Choose a password by a one-time link. Looking at it uses nothing up; of two who send it at once, one wins."""
    now = get_now()
    link = find_link(get_session(), hash_token(token), now) if TOKEN.match(token) else None
    if link is None or (link.purpose == SETUP and staff_exist(get_session())):
        return render_template("accounts/sign_in/link_gone.html"), 404
    staff = find_staff(get_session(), link.staff_id) if link.staff_id else None
    form = SetupForm() if link.purpose == SETUP else NewPasswordForm()
    if form.validate_on_submit():
        own = (staff.name, staff.email) if staff else (str(form.name.data), str(form.email.data))
        fault = find_password_fault(str(form.password.data), own)
        if fault is None:
            _take(token, link, form, now)
            return redirect(url_for("own_account.account"), 303)
        form.password.errors = [fault]
    return render_template(
        "accounts/sign_in/choose.html", form=form, token=token, link=link, staff=staff
    ), _status(form)


def _take(token: str, link: StaffLink, form: NewPasswordForm, now: datetime) -> None:
    password_hash = hash_password(str(form.password.data))
    with writing() as session:
        staff = (
            _find_owner(session, link, form, now)
            if use_link(session, hash_token(token), now)
            else None
        )
        if staff is None:
            abort(404)
        set_password_hash(session, staff.id, password_hash)
        record_deed(session, staff, "password-chosen", staff.email, now)
        open_sign_in(session, staff, now)


def _note_failure(staff: Staff | None, now: datetime) -> None:
    """Note a wrong password; an unknown address too, so that it takes as long, but not as typed: it may be one."""
    with writing() as session:
        if staff:
            record_deed(session, staff, "sign-in-failed", staff.email, now)
        else:
            record_deed(session, None, "sign-in-unknown", "", now)


def _find_owner(
    session: Session, link: StaffLink, form: NewPasswordForm, now: datetime
) -> Staff | None:
    if link.staff_id is not None:
        return find_staff(session, link.staff_id)
    if not isinstance(form, SetupForm) or staff_exist(session):
        return None
    return add_staff(
        session, str(form.name.data).strip(), str(form.email.data).strip(), [ADMIN], now
    )


def _let_in(staff: Staff, stored: str, password: str, email: str, now: datetime) -> None:
    newer = hash_password(password) if is_outdated(stored) else None
    with writing() as session:
        give_back_sign_in(session, email)
        if newer:
            rehash_password(session, staff.id, newer)
        open_sign_in(session, staff, now, awaits_code=staff.has_totp)
        if not staff.has_totp:
            record_deed(session, staff, "signed-in", staff.email, now)


def _status(form: NewPasswordForm) -> int:
    return 400 if form.errors else 200
