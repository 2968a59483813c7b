"""The second factor: setting up an authenticator app, typing its code at sign-in, and recovery codes."""

import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from fitquiz.core.secrets.link_codes import derive_code, read_code
from fitquiz.core.secrets.totp import (
    RECOVERY_CODES,
    SEED_BYTES,
    derive_secret,
    find_step,
    hash_recovery_code,
    write_secret,
)
from fitquiz.store.accounts.audit_log import record_audit_entry
from fitquiz.store.accounts.second_factors import (
    add_totp,
    count_recovery_codes,
    find_totp,
    remove_totp,
    replace_recovery_codes,
    use_recovery_code,
    use_step,
)
from fitquiz.store.accounts.staff import Staff, find_password_hash
from fitquiz.web.accounts.onward import find_way
from fitquiz.web.accounts.password_hashes import is_password
from fitquiz.web.accounts.staff_forms import OneTimeCodeForm, PresentPasswordForm, SecondFactorForm
from fitquiz.web.security.current_staff import find_awaited_staff, get_staff, sign_in
from fitquiz.web.security.rate_limits import give_back_sign_in, take_sign_in
from fitquiz.web.site.clock import get_now
from fitquiz.web.site.db import get_session, writing
from fitquiz.web.site.qr_codes import draw_qr

blueprint = Blueprint("second_factors", __name__)
_ISSUER = "fitquiz"
_OWN = "/account/second-factor"


@blueprint.get(_OWN)
def second_factor() -> str:
    """Show whether a code is asked for; if not, how to set an app up."""
    staff = get_staff()
    if staff.has_totp:
        return _show(staff, PresentPasswordForm())
    return _show_app(staff, SecondFactorForm(seed=secrets.token_hex(SEED_BYTES)))


@blueprint.post(f"{_OWN}/add")
def add() -> str | Response | tuple[str, int]:
    """Ask for a code from now on, once the app has shown that it knows the secret; hand over recovery codes."""
    staff, form, now = get_staff(), SecondFactorForm(), get_now()
    if form.validate_on_submit() and _is_own_password(staff, form, now):
        seed = bytes.fromhex(str(form.seed.data))
        step = find_step(derive_secret(_key(), seed), str(form.code.data), now.timestamp(), None)
        if step is not None:
            codes = _draw_codes()
            with writing() as session:
                added = add_totp(session, staff.id, seed, step, _hash_codes(staff, codes))
                if added:
                    _renew(session, staff, "second-factor-added", now)
            return (
                _show_codes(codes)
                if added
                else redirect(url_for("second_factors.second_factor"), 303)
            )
        form.code.errors = ["wrong-code"]
    if form.seed.errors:
        abort(400)
    return _show_app(staff, form), 400


@blueprint.post(f"{_OWN}/renew")
def renew() -> str | tuple[str, int]:
    """Hand over new recovery codes; the earlier ones are dead."""
    staff, form, now = get_staff(), PresentPasswordForm(), get_now()
    if (
        not staff.has_totp
        or not form.validate_on_submit()
        or not _is_own_password(staff, form, now)
    ):
        return _show(staff, form), 400
    codes = _draw_codes()
    with writing() as session:
        replace_recovery_codes(session, staff.id, _hash_codes(staff, codes))
        give_back_sign_in(session, staff.email)
        record_audit_entry(session, staff, "recovery-codes-renewed", staff.email, now)
    return _show_codes(codes)


@blueprint.post(f"{_OWN}/remove")
def remove() -> Response | tuple[str, int]:
    """Ask for the password alone from now on."""
    staff, form, now = get_staff(), PresentPasswordForm(), get_now()
    if not form.validate_on_submit() or not _is_own_password(staff, form, now):
        return _show(staff, form), 400
    with writing() as session:
        remove_totp(session, staff.id)
        _renew(session, staff, "second-factor-removed", now)
    return redirect(url_for("own_account.account"), 303)


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
def code() -> str | Response | tuple[str, int]:
    """Type the code that a sign-in still owes: the app's, or a recovery code."""
    staff, form, now = (
        find_awaited_staff(),
        OneTimeCodeForm(onward=request.args.get("onward", "")),
        get_now(),
    )
    if staff is None:
        return redirect(url_for("sign_in.sign_in", onward=request.args.get("onward")), 303)
    if form.validate_on_submit():
        take_sign_in(staff.email, now)
        with writing() as session:
            deed = _use(session, staff, str(form.code.data), now)
            if deed:
                give_back_sign_in(session, staff.email)
                sign_in(session, staff, now)
            record_audit_entry(session, staff, deed or "code-wrong", staff.email, now)
        if deed:
            return redirect(find_way(str(form.onward.data)), 303)
        form.code.errors = ["wrong-code"]
    return render_template(
        "accounts/second_factors/code.html", form=form
    ), 400 if form.errors else 200


def _use(session: Session, staff: Staff, typed: str, now: datetime) -> str | None:
    """Use up what was typed; return the deed to be noted, or None if it is neither kind of code, or was used before."""
    totp = find_totp(session, staff.id)
    if totp is None:
        return None
    seed, used = totp
    step = find_step(derive_secret(_key(), seed), typed, now.timestamp(), used)
    if step is not None:
        return "signed-in" if use_step(session, staff.id, step) else None
    recovery = read_code(typed)
    is_used = recovery and use_recovery_code(
        session, staff.id, hash_recovery_code(_key(), staff.id, recovery)
    )
    return "signed-in-by-recovery" if is_used else None


def _is_own_password(staff: Staff, form: PresentPasswordForm, now: datetime) -> bool:
    """Whether the present password was typed; a wrong one uses up a try."""
    take_sign_in(staff.email, now)
    if is_password(str(form.present.data), find_password_hash(get_session(), staff.id)):
        return True
    form.present.errors = ["wrong-password"]
    return False


def _renew(session: Session, staff: Staff, deed: str, now: datetime) -> None:
    """Sign this browser in anew, since all sign-ins have ended."""
    give_back_sign_in(session, staff.email)
    sign_in(session, staff, now)
    record_audit_entry(session, staff, deed, staff.email, now)


def _draw_codes() -> list[str]:
    return [derive_code(_key(), secrets.token_bytes(SEED_BYTES)) for _ in range(RECOVERY_CODES)]


def _hash_codes(staff: Staff, codes: list[str]) -> list[bytes]:
    return [hash_recovery_code(_key(), staff.id, each) for each in codes]


def _show(staff: Staff, form: PresentPasswordForm) -> str:
    if not staff.has_totp:
        return _show_app(staff, SecondFactorForm(formdata=None, seed=secrets.token_hex(SEED_BYTES)))
    left = count_recovery_codes(get_session(), staff.id)
    return render_template("accounts/second_factors/second_factor.html", form=form, left=left)


def _show_app(staff: Staff, form: SecondFactorForm) -> str:
    secret = derive_secret(_key(), bytes.fromhex(str(form.seed.data)))
    letters = write_secret(secret)
    query = urlencode({"secret": letters, "issuer": _ISSUER})
    address = f"otpauth://totp/{_ISSUER}:{quote(staff.email)}?{query}"
    typed = " ".join(letters[at : at + 4] for at in range(0, len(letters), 4))
    return render_template(
        "accounts/second_factors/add.html",
        form=form,
        typed=typed,
        drawing=draw_qr(address),
        address=address,
    )


def _show_codes(codes: list[str]) -> str:
    return render_template("accounts/second_factors/codes.html", codes=codes)


def _key() -> str:
    return str(current_app.config["SECRET_KEY"])
