"""The page on which an owner reads and replaces the units of a campaign as text.

The first day of the campaign freezes the units.
"""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from fitquiz.core.groups.unit_lists import UnitDraft, write_units
from fitquiz.store.accounts.audit_log import record_audit_entry
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.campaigns.units import list_units, replace_units
from fitquiz.web.hr.campaign_forms import UnitsForm
from fitquiz.web.hr.invitation_links import make_open_links
from fitquiz.web.hr.own_campaigns import load_campaign
from fitquiz.web.security.current_staff import get_staff
from fitquiz.web.site.clock import get_now, get_today
from fitquiz.web.site.database_session import get_session, writing

blueprint = Blueprint("units", __name__)


@blueprint.route("/campaigns/<int:campaign_id>/units", methods=["GET", "POST"])
def units(campaign_id: int) -> str | Response | tuple[str, int]:
    """Show the units of a campaign, and replace all units after the owner sends the form.

    If the units are frozen, change nothing and show an error.
    """
    campaign = load_campaign(campaign_id)
    stored = list_units(get_session(), campaign.id)
    present = tuple(UnitDraft(unit.path, unit.people) for unit in stored)

    form = UnitsForm(units=write_units(present))
    if form.validate_on_submit():
        if _replace(campaign, form.units.drafts):
            return redirect(url_for("campaigns.campaign", campaign_id=campaign.id), 303)
        campaign = load_campaign(campaign_id)
        form.form_errors.append("frozen")

    page = render_template(
        "hr/units/units.html",
        form=form,
        campaign=campaign,
        is_fixed=campaign.is_fixed(get_today()),
        units=present,
        faults=form.units.faults,
    )
    status = 400 if form.errors else 200
    return page, status


def _replace(campaign: Campaign, drafts: tuple[UnitDraft, ...]) -> bool:
    """Replace the units, add an audit entry, and return True.

    If the campaign uses open links, also add the missing open links. If the units are frozen, store
    nothing and return False.
    """
    with writing() as session:
        if not replace_units(session, campaign.id, drafts, get_today()):
            return False
        if not campaign.is_personal:
            make_open_links(session, campaign.id)
        record_audit_entry(
            session, get_staff(), "campaign-changed", campaign.title, get_now()
        )
    return True
