"""The page on which an owner makes personal invitations from a list, and sends them by hand.

With a mail server, other pages lead to the page for a mailing instead. The list decides how many
invitations each unit gets. No address is stored.
"""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from fitquiz.core.people_lists.people import count_units
from fitquiz.store.accounts.audit_log import record_audit_entry
from fitquiz.store.campaigns.campaigns import CLOSED, Campaign, lock_campaign
from fitquiz.store.campaigns.invitations import add_invitations, count_personal
from fitquiz.store.campaigns.listed_units import add_missing_units, can_add_units
from fitquiz.store.campaigns.units import list_units
from fitquiz.web.hr.invitation_links import make_invitations
from fitquiz.web.hr.inviting.invitation_forms import MAX_INVITATIONS
from fitquiz.web.hr.own_campaigns import load_campaign
from fitquiz.web.hr.people.list_form import ListForm
from fitquiz.web.hr.people.small_groups import SmallGroups, find_small_groups
from fitquiz.web.limits.rate_limits import give_back_making, take_making
from fitquiz.web.security.current_staff import get_staff
from fitquiz.web.site.clock import get_now, get_today
from fitquiz.web.site.database_session import get_session, writing

blueprint = Blueprint("people", __name__)
MADE = "made"
TOO_MANY = "too-many"
FROZEN = "frozen"


@blueprint.route("/campaigns/<int:campaign_id>/people", methods=["GET", "POST"])
def new(campaign_id: int) -> str | Response | tuple[str, int]:
    """Show the form for a list, then a preview, and then make the invitations."""
    campaign = load_campaign(campaign_id)
    if not campaign.is_personal:
        abort(404)
    onward = url_for("invitations.personal", campaign_id=campaign.id)
    if campaign.state(get_today()) == CLOSED:
        return redirect(onward, 303)

    form = _make_form(campaign)
    step = request.form.get("step")
    if step == "change" or not form.validate_on_submit():
        return _show("hr/people/new.html", campaign, form)
    if step != "send" or form.is_changed:
        return _show_preview(campaign, form)
    if form.has_open_fault:
        form.form_errors.append("open-faults")
        return _show_preview(campaign, form)

    outcome = _make_invitations(campaign, form)
    if outcome != MADE:
        form.form_errors.append(outcome)
        return _show("hr/people/new.html", campaign, form)
    made = url_for(
        "invitations.personal",
        campaign_id=campaign.id,
        done="list-invited",
    )
    return redirect(made, 303)


def _make_form(campaign: Campaign) -> ListForm:
    form = ListForm()
    session = get_session()
    units = list_units(session, campaign.id)
    paths = [unit.path for unit in units]
    can_add = can_add_units(session, campaign, get_today())
    form.offer_units(paths, can_add)
    return form


def _show_preview(campaign: Campaign, form: ListForm) -> tuple[str, int]:
    small = find_small_groups(get_session(), campaign, form.found.people)
    return _show("hr/people/preview.html", campaign, form, small)


def _show(
    template: str, campaign: Campaign, form: ListForm, small: SmallGroups | None = None
) -> tuple[str, int]:
    page = render_template(template, campaign=campaign, form=form, small=small)
    return page, 400 if form.errors else 200


def _make_invitations(campaign: Campaign, form: ListForm) -> str:
    """Store the units and an invitation for each person, and return MADE.

    If the browser sends the same form twice, the second call stores nothing. Store nothing and
    return another word if the campaign cannot have so many invitations, or not these units.
    """
    people = form.found.people
    form_key = f"{campaign.id}:{form.fingerprint}"
    with writing() as session:
        locked = lock_campaign(session, campaign.id)
        if locked is None or not take_making(session, form_key, get_now()):
            return MADE
        invited = count_personal(session, campaign.id)
        if sum(invited.values()) + len(people) > MAX_INVITATIONS:
            give_back_making(session, form_key)
            return TOO_MANY
        units = count_units(people)
        unit_ids = add_missing_units(session, locked, units, invited, get_today())
        if unit_ids is None:
            give_back_making(session, form_key)
            return FROZEN

        new_invitations = []
        for person in people:
            unit_id = unit_ids.get(person.path)
            new_invitations += make_invitations(unit_id, 1, is_personal=True)
        add_invitations(session, campaign.id, new_invitations)
        record_audit_entry(
            session,
            get_staff(),
            "invitations-made",
            campaign.title,
            get_now(),
        )
    return MADE
