"""The pages on which an owner adds and removes the other owners and the readers of a campaign."""

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms import RadioField
from wtforms.validators import InputRequired

from fitquiz.store.accounts.staff import Staff
from fitquiz.store.campaigns.campaigns import (
    OWNER,
    READER,
    Campaign,
    lock_campaign,
)
from fitquiz.store.campaigns.members import (
    Member,
    add_member,
    list_members,
    remove_member,
)
from fitquiz.web.accounts.colleague_field import ColleagueForm, find_colleague
from fitquiz.web.forms.forms import ButtonForm, offer_values
from fitquiz.web.hr.own_campaigns import load_campaign
from fitquiz.web.mail.shared_reports import mail_shared_report
from fitquiz.web.security.current_staff import get_staff
from fitquiz.web.site.clock import get_now
from fitquiz.web.site.database_session import get_session, writing

blueprint = Blueprint("colleagues", __name__)
_COLLEAGUES = "/campaigns/<int:campaign_id>/colleagues"
REMOVED = "removed"
LAST_OWNER = "last-owner"


class RoleForm(ColleagueForm):
    """A colleague, and the role that the colleague gets."""

    role = RadioField(
        choices=offer_values((READER, OWNER)),
        default=READER,
        validators=[InputRequired("choose")],
    )


@blueprint.route(_COLLEAGUES, methods=["GET", "POST"])
def colleagues(campaign_id: int) -> str | Response | tuple[str, int]:
    """Show the owners and readers of a campaign. On POST, give a colleague a role."""
    campaign = load_campaign(campaign_id)
    form = RoleForm()
    if form.validate_on_submit():
        staff = find_colleague(form, says_why=False)
        if staff is not None and _add(campaign, form, staff):
            return _go_on(campaign, staff.id, str(form.role.data))
    return _show(campaign, form)


@blueprint.route(f"{_COLLEAGUES}/<int:member_id>/remove", methods=["GET", "POST"])
def remove(campaign_id: int, member_id: int) -> str | Response | tuple[str, int]:
    """Ask the owner for confirmation, and then remove a colleague or the owner.

    If nobody could run the campaign any more, change nothing and show an error. The second request
    of a double click changes nothing.
    """
    campaign = load_campaign(campaign_id)
    member = _find_member(campaign, member_id)
    form = ButtonForm()
    if member is None and form.is_submitted():
        return _go_on(campaign, member_id, REMOVED)
    if member is None:
        abort(404)

    if form.validate_on_submit():
        if _remove(campaign, member.staff):
            return _go_on(campaign, member_id, REMOVED)
        form.form_errors.append(LAST_OWNER)
    page = render_template(
        "hr/colleagues/remove.html",
        campaign=campaign,
        member=member,
        form=form,
        is_self=member.staff.id == get_staff().id,
    )
    return page, 400 if form.errors else 200


def _add(campaign: Campaign, form: RoleForm, staff: Staff) -> bool:
    """Store the role, and return True. Return False if nobody could run the campaign any more.

    A new reader gets an e-mail, if a mail server is set.
    """
    role = str(form.role.data)
    with writing() as session:
        # With the lock, the second request of a double click finds the reader of the first one.
        lock_campaign(session, campaign.id)
        earlier = {each.staff.id for each in list_members(session, campaign.id)}
        is_added = add_member(session, campaign, staff, role, get_staff(), get_now())
        if is_added and role == READER and staff.id not in earlier:
            mail_shared_report(session, campaign, staff)
    if not is_added:
        form.role.errors = [LAST_OWNER]
    return is_added


def _remove(campaign: Campaign, staff: Staff) -> bool:
    with writing() as session:
        return remove_member(session, campaign, staff, get_staff(), get_now())


def _go_on(campaign: Campaign, staff_id: int, done: str) -> Response:
    """Redirect to the page of the colleagues, which says what was done.

    An owner who is no longer an owner goes to the list of campaigns, because the page of the
    colleagues does not open any more.
    """
    if staff_id == get_staff().id and done != OWNER:
        return redirect(url_for("campaigns.campaigns", done="left"), 303)
    address = url_for("colleagues.colleagues", campaign_id=campaign.id, done=done)
    return redirect(address, 303)


def _show(campaign: Campaign, form: RoleForm) -> tuple[str, int]:
    page = render_template(
        "hr/colleagues/colleagues.html",
        campaign=campaign,
        members=list_members(get_session(), campaign.id),
        form=form,
        own_id=get_staff().id,
    )
    return page, 400 if form.errors else 200


def _find_member(campaign: Campaign, member_id: int) -> Member | None:
    members = list_members(get_session(), campaign.id)
    for member in members:
        if member.staff.id == member_id:
            return member
    return None
