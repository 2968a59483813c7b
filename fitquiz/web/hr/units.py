"""A campaign's units, for its owner: shown as text, and replaced as a whole until something has been counted."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from fitquiz.core.groups.units import UnitDraft, write_units
from fitquiz.store.accounts.audit_log import record_audit_entry
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.campaigns.units import list_units, replace_units
from fitquiz.web.hr.campaign_forms import UnitsForm
from fitquiz.web.hr.invitation_links import make_open_links
from fitquiz.web.hr.own_campaigns import load_campaign
from fitquiz.web.security.current_staff import get_staff
from fitquiz.web.site.clock import get_now
from fitquiz.web.site.db import get_session, writing

blueprint = Blueprint("units", __name__)


@blueprint.route("/campaigns/<int:campaign_id>/units", methods=["GET", "POST"])
def units(campaign_id: int) -> str | Response | tuple[str, int]:
    """Show the tree of units; put another in its place, while nothing has been counted."""
    campaign = load_campaign(campaign_id)
    present = tuple(
        UnitDraft(unit.path, unit.people) for unit in list_units(get_session(), campaign.id)
    )
    form = UnitsForm(units=write_units(present))
    if form.validate_on_submit():
        if _replace(campaign, form.units.drafts):
            return redirect(url_for("campaigns.campaign", campaign_id=campaign.id), 303)
        campaign = load_campaign(campaign_id)
        form.form_errors.append("frozen")
    page = render_template(
        "hr/units/units.html", form=form, campaign=campaign, units=present, faults=form.units.faults
    )
    return page, 400 if form.errors else 200


def _replace(campaign: Campaign, drafts: tuple[UnitDraft, ...]) -> bool:
    with writing() as session:
        replaced = replace_units(session, campaign.id, drafts)
        if replaced:
            if not campaign.is_personal:
                make_open_links(session, campaign.id)
            record_audit_entry(session, get_staff(), "campaign-changed", campaign.title, get_now())
    return replaced
