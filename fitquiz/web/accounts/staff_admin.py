"""The pages for administrators: accounts, permissions, one-time links and the audit log."""

import secrets

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from fitquiz.core.secrets.tokens import hash_token
from fitquiz.store.accounts.audit_log import list_audit_entries
from fitquiz.store.accounts.password_links import INVITATION, RESET
from fitquiz.store.accounts.staff import (
    Staff,
    change_permissions,
    disable_staff,
    enable_staff,
    invite_staff,
    list_staff,
    reset_staff,
)
from fitquiz.store.campaigns.members import can_have_campaigns, count_owned
from fitquiz.web.accounts.staff_forms import InviteForm, PermissionsForm
from fitquiz.web.accounts.staff_loading import load_staff
from fitquiz.web.security.current_staff import get_staff
from fitquiz.web.site.clock import get_now
from fitquiz.web.site.database_session import get_session, writing
from fitquiz.web.site.paging import cut, read_place

blueprint = Blueprint("staff_admin", __name__)
_BASE = "/staff"
_MEMBER = f"{_BASE}/<int:staff_id>"


@blueprint.get(f"{_BASE}")
def people() -> str:
    """Show the list of the staff accounts. A long list is split into several pages."""
    people, onward = cut(list_staff(get_session(), read_place("after")))
    return render_template(
        "accounts/staff_admin/people.html", people=people, onward=onward
    )


@blueprint.route(f"{_BASE}/new", methods=["GET", "POST"])
def invite() -> str | tuple[str, int]:
    """Add an account, and show the account's one-time link.

    The administrator gives the link to the staff member.
    """
    form = InviteForm()
    if form.validate_on_submit():
        token = secrets.token_urlsafe(32)
        with writing() as session:
            staff = invite_staff(
                session,
                name=str(form.name.data).strip(),
                email=str(form.email.data).strip(),
                permissions=form.permissions.data or [],
                link_token_hash=hash_token(token),
                actor=get_staff(),
                now=get_now(),
            )
        if staff:
            return _show_link(staff, token, INVITATION)
        form.email.errors = ["taken"]

    status = 400 if form.errors else 200
    return render_template("accounts/staff_admin/invite.html", form=form), status


@blueprint.route(_MEMBER, methods=["GET", "POST"])
def member(staff_id: int) -> str | Response | tuple[str, int]:
    """Show an account, and change the account's permissions after the form is sent."""
    staff = load_staff(staff_id)
    form = PermissionsForm(permissions=sorted(staff.permissions))
    if form.validate_on_submit():
        with writing() as session:
            changed = change_permissions(
                session,
                staff,
                form.permissions.data or [],
                actor=get_staff(),
                now=get_now(),
            )
        if changed:
            return _go_on(staff.id)
        form.permissions.errors = ["last-admin"]
    return _show_member(staff, form)


@blueprint.post(f"{_MEMBER}/disable")
def disable(staff_id: int) -> Response | tuple[str, int]:
    """Disable an account, and sign the staff member out in all browsers.

    If no other enabled account has the permission `admin`, change nothing and show an error.
    """
    staff = load_staff(staff_id)
    with writing() as session:
        disabled = disable_staff(session, staff, actor=get_staff(), now=get_now())
    if disabled:
        return _go_on(staff.id)
    form = PermissionsForm(permissions=sorted(staff.permissions))
    form.permissions.errors = ["last-admin"]
    return _show_member(staff, form)


@blueprint.post(f"{_MEMBER}/enable")
def enable(staff_id: int) -> Response:
    """Enable a disabled account. The staff member can then sign in again."""
    staff = load_staff(staff_id)
    with writing() as session:
        enable_staff(session, staff, actor=get_staff(), now=get_now())
    return redirect(url_for("staff_admin.member", staff_id=staff.id), 303)


@blueprint.post(f"{_MEMBER}/reset")
def reset(staff_id: int) -> str:
    """Remove the password and the second factor of an account, and show a one-time link.

    The administrator gives the link to the staff member.
    """
    staff = load_staff(staff_id)
    token = secrets.token_urlsafe(32)
    with writing() as session:
        reset_staff(
            session,
            staff,
            link_token_hash=hash_token(token),
            actor=get_staff(),
            now=get_now(),
        )
    return _show_link(staff, token, RESET)


@blueprint.get(f"{_BASE}/log")
def log() -> str:
    """Show the audit log. A long log is split into several pages."""
    entries, older = cut(list_audit_entries(get_session(), read_place("before")))
    return render_template(
        "accounts/staff_admin/log.html", entries=entries, older=older
    )


def _go_on(staff_id: int) -> Response:
    """Redirect to the account.

    If the account can no longer run its campaigns, redirect to the page that hands them over.
    """
    staff = load_staff(staff_id)
    if can_have_campaigns(staff) or not count_owned(get_session(), staff.id):
        return redirect(url_for("staff_admin.member", staff_id=staff.id), 303)
    address = url_for("hand_over.campaigns", staff_id=staff.id, done="changed")
    return redirect(address, 303)


def _show_member(staff: Staff, form: PermissionsForm) -> tuple[str, int]:
    page = render_template(
        "accounts/staff_admin/member.html",
        form=form,
        staff=staff,
        owned=count_owned(get_session(), staff.id),
    )
    return page, 400 if form.errors else 200


def _show_link(staff: Staff, token: str, purpose: str) -> str:
    address = url_for("sign_in.choose", token=token, _external=True)
    return render_template(
        "accounts/staff_admin/link.html", staff=staff, address=address, purpose=purpose
    )
