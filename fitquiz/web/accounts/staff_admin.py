"""The pages for administrators: accounts, permissions, one-time links and the audit log."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

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
from fitquiz.store.mailings.notices import find_link_state
from fitquiz.web.accounts.staff_forms import InviteForm, PermissionsForm
from fitquiz.web.accounts.staff_loading import load_staff
from fitquiz.web.forms.forms import ButtonForm
from fitquiz.web.mail.staff_links import (
    StaffLink,
    can_mail_first_link,
    can_mail_link,
    mail_link,
    make_staff_link,
)
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
def invite() -> str | Response | tuple[str, int]:
    """Add an account. Send the account's one-time link by e-mail, or show the link.

    If the link is shown, the administrator gives the link to the staff member.
    """
    form = InviteForm()
    if form.validate_on_submit():
        email = str(form.email.data).strip()
        link = make_staff_link()
        is_mailed = can_mail_first_link(email)
        with writing() as session:
            staff = invite_staff(
                session,
                name=str(form.name.data).strip(),
                email=email,
                permissions=form.permissions.data or [],
                link_token_hash=link.token_hash,
                actor=get_staff(),
                now=get_now(),
            )
            if staff and is_mailed:
                mail_link(session, staff, link, INVITATION)
        if staff and is_mailed:
            return _say_sent(staff)
        if staff:
            return _show_link(staff, link, INVITATION)
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
            return _go_on(staff.id, "permissions-changed")
        form.permissions.errors = ["last-admin"]
    return _show_member(staff, form)


@blueprint.route(f"{_MEMBER}/disable", methods=["GET", "POST"])
def disable(staff_id: int) -> str | Response | tuple[str, int]:
    """Ask for confirmation, and then disable an account and end all its sign-ins.

    If no other enabled account has the permission `admin`, change nothing and show an error.
    """
    staff = load_staff(staff_id)
    if not ButtonForm().validate_on_submit():
        return render_template(
            "accounts/staff_admin/disable.html",
            staff=staff,
            owned=count_owned(get_session(), staff.id),
        )
    with writing() as session:
        disabled = disable_staff(session, staff, actor=get_staff(), now=get_now())
    if disabled:
        return _go_on(staff.id, "account-disabled")
    form = PermissionsForm(permissions=sorted(staff.permissions))
    form.permissions.errors = ["last-admin"]
    return _show_member(staff, form)


@blueprint.post(f"{_MEMBER}/enable")
def enable(staff_id: int) -> Response:
    """Enable a disabled account. The staff member can then sign in again."""
    staff = load_staff(staff_id)
    with writing() as session:
        enable_staff(session, staff, actor=get_staff(), now=get_now())
    address = url_for("staff_admin.member", staff_id=staff.id, done="account-enabled")
    return redirect(address, 303)


@blueprint.route(f"{_MEMBER}/reset", methods=["GET", "POST"])
def reset(staff_id: int) -> str | Response:
    """Ask for confirmation, and then remove the password and the second factor of an account.

    Send a one-time link by e-mail, or show the link. If the link is shown, the administrator gives
    the link to the staff member.
    """
    staff = load_staff(staff_id)
    is_mailed = can_mail_link(staff)
    if not ButtonForm().validate_on_submit():
        return render_template(
            "accounts/staff_admin/reset.html", staff=staff, is_mailed=is_mailed
        )
    link = make_staff_link()
    with writing() as session:
        reset_staff(
            session,
            staff,
            link_token_hash=link.token_hash,
            actor=get_staff(),
            now=get_now(),
        )
        if is_mailed:
            mail_link(session, staff, link, RESET)
    if is_mailed:
        return _say_sent(staff)
    return _show_link(staff, link, RESET)


@blueprint.get(f"{_BASE}/log")
def log() -> str:
    """Show the audit log. A long log is split into several pages."""
    entries, older = cut(list_audit_entries(get_session(), read_place("before")))
    return render_template(
        "accounts/staff_admin/log.html", entries=entries, older=older
    )


def _go_on(staff_id: int, done: str) -> Response:
    """Redirect to the account, whose page says what was done.

    If the account can no longer run its campaigns, redirect to the page that hands them over.
    """
    staff = load_staff(staff_id)
    if can_have_campaigns(staff) or not count_owned(get_session(), staff.id):
        address = url_for("staff_admin.member", staff_id=staff.id, done=done)
        return redirect(address, 303)
    address = url_for("hand_over.campaigns", staff_id=staff.id, done="changed")
    return redirect(address, 303)


def _show_member(staff: Staff, form: PermissionsForm) -> tuple[str, int]:
    page = render_template(
        "accounts/staff_admin/member.html",
        form=form,
        staff=staff,
        owned=count_owned(get_session(), staff.id),
        link_state=find_link_state(get_session(), staff.id),
        is_sent=request.args.get("done") == "link-sent",
    )
    return page, 400 if form.errors else 200


def _say_sent(staff: Staff) -> Response:
    """Redirect to the account, whose page says that the link is sent."""
    address = url_for("staff_admin.member", staff_id=staff.id, done="link-sent")
    return redirect(address, 303)


def _show_link(staff: Staff, link: StaffLink, purpose: str) -> str:
    address = url_for("sign_in.choose", token=link.token, _external=True)
    return render_template(
        "accounts/staff_admin/link.html", staff=staff, address=address, purpose=purpose
    )
