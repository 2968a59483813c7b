"""The pages for the second factor. The second factor is an authenticator app that shows TOTP codes.

A recovery code replaces the app at one sign-in.
"""

import secrets
from datetime import datetime
from urllib.parse import quote, urlencode

from flask import (
    Blueprint,
    abort,
    redirect,
    render_template,
    request,
    url_for,
)
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
from fitquiz.web.accounts.after_sign_in import go_on
from fitquiz.web.accounts.password_hashes import is_password
from fitquiz.web.accounts.staff_forms import (
    OneTimeCodeForm,
    PresentPasswordForm,
    SecondFactorForm,
)
from fitquiz.web.limits.rate_limits import give_back_sign_in, take_sign_in
from fitquiz.web.security.current_staff import find_awaited_staff, get_staff, sign_in
from fitquiz.web.security.secret_key import get_secret_key
from fitquiz.web.site.clock import get_now
from fitquiz.web.site.database_session import get_session, writing
from fitquiz.web.site.qr_codes import draw_qr

blueprint = Blueprint("second_factors", __name__)
_ISSUER = "fitquiz"
_BASE = "/account/second-factor"


@blueprint.get(_BASE)
def second_factor() -> str:
    """Show the number of unused recovery codes.

    If the account has no second factor, show how to set up an authenticator app instead.
    """
    staff = get_staff()
    if staff.has_totp:
        return _show_second_factor(staff, PresentPasswordForm())
    return _show_setup(staff, SecondFactorForm(seed=_draw_seed()))


@blueprint.post(f"{_BASE}/add")
def add() -> str | Response | tuple[str, int]:
    """Turn the second factor on, and show the recovery codes.

    The form must contain the present password and the code that the app shows.
    """
    staff = get_staff()
    form = SecondFactorForm()
    now = get_now()
    if form.validate_on_submit() and _check_own_password(staff, form, now):
        seed = bytes.fromhex(str(form.seed.data))
        secret = derive_secret(get_secret_key(), seed)
        step = find_step(secret, str(form.code.data), now.timestamp(), None)
        if step is not None:
            return _turn_on(staff, seed, step, now)
        form.code.errors = ["wrong-code"]

    # A visitor cannot correct a malformed seed, because the seed is in a hidden field.
    if form.seed.errors:
        abort(400)
    return _show_setup(staff, form), 400


@blueprint.post(f"{_BASE}/renew")
def renew() -> str | tuple[str, int]:
    """Replace all recovery codes of the account, and show the new codes."""
    staff = get_staff()
    form = PresentPasswordForm()
    now = get_now()
    is_allowed = staff.has_totp and form.validate_on_submit()
    if not is_allowed or not _check_own_password(staff, form, now):
        return _show_second_factor(staff, form), 400

    codes = _draw_recovery_codes()
    with writing() as session:
        replace_recovery_codes(session, staff.id, _hash_recovery_codes(staff, codes))
        give_back_sign_in(session, staff.email)
        record_audit_entry(session, staff, "recovery-codes-renewed", staff.email, now)
    return _show_recovery_codes(codes, is_new=False)


@blueprint.post(f"{_BASE}/remove")
def remove() -> Response | tuple[str, int]:
    """Turn the second factor off."""
    staff = get_staff()
    form = PresentPasswordForm()
    now = get_now()
    if not form.validate_on_submit() or not _check_own_password(staff, form, now):
        return _show_second_factor(staff, form), 400

    with writing() as session:
        remove_totp(session, staff.id)
        _sign_in_again(session, staff, "second-factor-removed", now)
    return redirect(url_for("own_account.account", done="app-removed"), 303)


@blueprint.route("/sign-in/code", methods=["GET", "POST"])
def code() -> str | Response | tuple[str, int]:
    """Finish a sign-in with a code from the app or with a recovery code."""
    staff = find_awaited_staff()
    if staff is None:
        onward = request.args.get("onward")
        return redirect(url_for("sign_in.sign_in", onward=onward), 303)

    form = OneTimeCodeForm(onward=request.args.get("onward", ""))
    now = get_now()
    if form.validate_on_submit():
        take_sign_in(staff.email, now)
        with writing() as session:
            action = _use_code(session, staff, str(form.code.data), now)
            if action is not None:
                give_back_sign_in(session, staff.email)
                sign_in(session, staff, now)
            record_audit_entry(session, staff, action or "code-wrong", staff.email, now)

        if action is not None:
            return go_on(staff, form)
        form.code.errors = ["wrong-code"]

    status = 400 if form.errors else 200
    return render_template("accounts/second_factors/code.html", form=form), status


def _turn_on(staff: Staff, seed: bytes, step: int, now: datetime) -> str | Response:
    codes = _draw_recovery_codes()
    hashes = _hash_recovery_codes(staff, codes)
    with writing() as session:
        is_added = add_totp(session, staff.id, seed, step, hashes)
        if is_added:
            _sign_in_again(session, staff, "second-factor-added", now)
    if is_added:
        return _show_recovery_codes(codes, is_new=True)
    # Another request has already turned the second factor on, with another secret.
    return redirect(url_for("second_factors.second_factor"), 303)


def _use_code(session: Session, staff: Staff, typed: str, now: datetime) -> str | None:
    """Make a valid code unusable, and return the action for the audit log.

    Return None if the code is wrong or was used before.
    """
    totp = find_totp(session, staff.id)
    if totp is None:
        return None

    seed, last_used_step = totp
    secret = derive_secret(get_secret_key(), seed)
    step = find_step(secret, typed, now.timestamp(), last_used_step)
    if step is not None:
        return "signed-in" if use_step(session, staff.id, step) else None

    recovery_code = read_code(typed)
    if recovery_code is None:
        return None
    code_hash = hash_recovery_code(get_secret_key(), staff.id, recovery_code)
    is_used = use_recovery_code(session, staff.id, code_hash)
    return "signed-in-by-recovery" if is_used else None


def _check_own_password(staff: Staff, form: PresentPasswordForm, now: datetime) -> bool:
    """Return whether the form contains the account's present password.

    If the password is wrong, add an error to the form. Each call takes one try from the rate
    limits of sign-ins.
    """
    take_sign_in(staff.email, now)
    stored_hash = find_password_hash(get_session(), staff.id)
    if is_password(str(form.present.data), stored_hash):
        return True
    form.present.errors = ["wrong-password"]
    return False


def _sign_in_again(session: Session, staff: Staff, action: str, now: datetime) -> None:
    """Sign this browser in again, and record `action` in the audit log.

    The sign-in is necessary because a change of the second factor ends all sign-ins of the account.
    """
    give_back_sign_in(session, staff.email)
    sign_in(session, staff, now)
    record_audit_entry(session, staff, action, staff.email, now)


def _draw_seed() -> str:
    return secrets.token_hex(SEED_BYTES)


def _draw_recovery_codes() -> list[str]:
    seeds = [secrets.token_bytes(SEED_BYTES) for _ in range(RECOVERY_CODES)]
    return [derive_code(get_secret_key(), seed) for seed in seeds]


def _hash_recovery_codes(staff: Staff, codes: list[str]) -> list[bytes]:
    return [hash_recovery_code(get_secret_key(), staff.id, code) for code in codes]


def _show_second_factor(staff: Staff, form: PresentPasswordForm) -> str:
    if not staff.has_totp:
        # With formdata=None, the form ignores the sent fields, which belong to another form.
        return _show_setup(staff, SecondFactorForm(formdata=None, seed=_draw_seed()))
    left = count_recovery_codes(get_session(), staff.id)
    return render_template(
        "accounts/second_factors/second_factor.html", form=form, left=left
    )


def _show_setup(staff: Staff, form: SecondFactorForm) -> str:
    """Return a page with the app's secret as a QR code, a link and groups of four characters."""
    seed = bytes.fromhex(str(form.seed.data))
    letters = write_secret(derive_secret(get_secret_key(), seed))
    query = urlencode({"secret": letters, "issuer": _ISSUER})
    address = f"otpauth://totp/{_ISSUER}:{quote(staff.email)}?{query}"
    groups = [letters[start : start + 4] for start in range(0, len(letters), 4)]
    return render_template(
        "accounts/second_factors/add.html",
        form=form,
        typed=" ".join(groups),
        drawing=draw_qr(address),
        address=address,
    )


def _show_recovery_codes(codes: list[str], is_new: bool) -> str:
    """Return the page with the codes. `is_new` is True if the second factor was just turned on."""
    return render_template(
        "accounts/second_factors/codes.html", codes=codes, is_new=is_new
    )
