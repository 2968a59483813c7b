"""Keeps a form that staff send after the end of their sign-in, and gives the form back later.

The refused form is encrypted into the page that says so. After the sign-in, the browser sends the
fields to the same address again, with the field GIVEN_BACK. The view then shows the form with what
was typed. A form that is given back stores nothing, so that staff see what they send.

Only the account that has opened the form gets the form back. The browser session contains the
account. Fields with passwords and codes are never kept.
"""

import json
import secrets
from dataclasses import dataclass

from flask import Flask, g, redirect, request, session, url_for
from flask_wtf.csrf import validate_csrf
from werkzeug.wrappers import Response
from wtforms.validators import ValidationError

from fitquiz.core.secrets.encrypted_texts import (
    NONCE_BYTES,
    decrypt_text,
    encrypt_text,
)
from fitquiz.store.accounts.sign_ins import ABSOLUTE
from fitquiz.store.accounts.staff import Staff
from fitquiz.web.forms.forms import GIVEN_BACK, is_given_back
from fitquiz.web.limits.form_limits import MAX_PASTED_BYTES
from fitquiz.web.security.current_staff import OWNER
from fitquiz.web.security.secret_key import get_secret_key
from fitquiz.web.site.clock import get_now, to_ms
from fitquiz.web.site.database_session import ReadingOnlyError

MAX_KEPT_CHARACTERS = MAX_PASTED_BYTES - 32 * 1024
"""The largest length of an encrypted form. A longer form is not kept, because the form of the
sign-in could not carry the form. A list of 10,000 people has about half of this length.
"""

_NOT_KEPT = ("csrf_token", GIVEN_BACK, "password", "again", "present", "code")
_NEVER_TYPED = ("seed", "step")
"""Fields that the page itself fills in. A form with only these fields contains nothing typed."""


@dataclass(frozen=True, slots=True)
class KeptForm:
    """A form that was kept: the address that the form belongs to, and its fields."""

    address: str
    fields: tuple[tuple[str, str], ...]


def init_kept_forms(app: Flask) -> None:
    """Let forms that are given back store nothing, and let templates call `is_given_back`."""
    app.before_request(_note_given_back)
    app.register_error_handler(ReadingOnlyError, _show_again)
    app.context_processor(lambda: {"is_given_back": is_given_back})


def keep_form() -> str:
    """Encrypt the form of this request. Return an empty text if the form must not be kept.

    The form is kept only if the page with the form belongs to the account of this browser session.
    The form token proves that.
    """
    owner = session.get(OWNER)
    fields = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in _NOT_KEPT
    ]
    has_typed = any(name not in _NEVER_TYPED for name, _ in fields)
    if owner is None or not has_typed or not _has_valid_token():
        return ""

    text = json.dumps([owner, to_ms(get_now()), request.full_path, fields])
    nonce = secrets.token_bytes(NONCE_BYTES)
    kept = encrypt_text(get_secret_key(), text, nonce)
    return kept if len(kept) <= MAX_KEPT_CHARACTERS else ""


def open_kept_form(kept: str, staff: Staff) -> KeptForm | None:
    """Return the form. Return None if the form belongs to another account, or is too old."""
    text = decrypt_text(get_secret_key(), kept)
    if text is None:
        return None
    owner, kept_at, address, fields = json.loads(text)
    age = to_ms(get_now()) - kept_at
    if owner != staff.id or age > ABSOLUTE.total_seconds() * 1000:
        return None
    typed = tuple((name, value) for name, value in fields)
    return KeptForm(address.rstrip("?"), typed)


def _has_valid_token() -> bool:
    try:
        validate_csrf(request.form.get("csrf_token"))
    except ValidationError:
        return False
    return True


def _note_given_back() -> None:
    if request.method == "POST" and GIVEN_BACK in request.form:
        g.is_given_back = True


def _show_again(_error: ReadingOnlyError) -> Response:
    """Redirect to the page of the form, if the view has no form that can be shown again."""
    methods = getattr(request.url_rule, "methods", ())
    if "GET" in methods:
        return redirect(request.path, 303)
    own_account = url_for("own_account.account")
    return redirect(own_account, 303)
