"""The views with which an owner pauses, resumes, closes and deletes a campaign."""

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from fitquiz.store.accounts.audit_log import record_audit_entry
from fitquiz.store.campaigns.campaign_lifecycle import (
    close_campaign,
    delete_campaign,
    pause_campaign,
)
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.mailings.outbox import forget_addresses
from fitquiz.web.forms.forms import ButtonForm
from fitquiz.web.hr.own_campaigns import load_campaign
from fitquiz.web.security.current_staff import get_staff
from fitquiz.web.site.clock import get_now, get_today
from fitquiz.web.site.database_session import writing

blueprint = Blueprint("campaign_lifecycle", __name__)
_CAMPAIGN = "/campaigns/<int:campaign_id>"


@blueprint.post(f"{_CAMPAIGN}/pause")
def pause(campaign_id: int) -> Response:
    """Pause a campaign. During the pause, no respondent can start an attempt in the campaign."""
    campaign = load_campaign(campaign_id)
    return _set_paused(campaign, is_paused=True)


@blueprint.post(f"{_CAMPAIGN}/resume")
def resume(campaign_id: int) -> Response:
    """Resume a paused campaign."""
    campaign = load_campaign(campaign_id)
    return _set_paused(campaign, is_paused=False)


@blueprint.route(f"{_CAMPAIGN}/close", methods=["GET", "POST"])
def close(campaign_id: int) -> str | Response:
    """Ask the owner for confirmation, and then close the campaign.

    The next housekeeping seals the pending responses of the campaign. The addresses of invited
    people are deleted at once.
    """
    campaign = load_campaign(campaign_id)
    form = ButtonForm()
    if form.validate_on_submit():
        with writing() as session:
            close_campaign(session, campaign.id, get_now(), get_today())
            forget_addresses(session, campaign.id)
            _record(session, "campaign-closed", campaign)
        return _go_on(campaign, "campaign-closed")
    return render_template("hr/campaigns/close.html", campaign=campaign)


@blueprint.route(f"{_CAMPAIGN}/delete", methods=["GET", "POST"])
def delete(campaign_id: int) -> str | Response:
    """Ask the owner for confirmation, and then delete the campaign.

    The page for the confirmation lists what will be deleted.
    """
    campaign = load_campaign(campaign_id)
    form = ButtonForm()
    if form.validate_on_submit():
        with writing() as session:
            delete_campaign(session, campaign.id, get_today())
            _record(session, "campaign-deleted", campaign)
        return redirect(url_for("campaigns.campaigns", done="campaign-deleted"), 303)
    return render_template("hr/campaigns/delete.html", campaign=campaign)


def _set_paused(campaign: Campaign, is_paused: bool) -> Response:
    with writing() as session:
        pause_campaign(session, campaign.id, is_paused)
        _record(session, "campaign-changed", campaign)
    return _go_on(campaign, "campaign-paused" if is_paused else "campaign-resumed")


def _go_on(campaign: Campaign, done: str) -> Response:
    """Redirect to the campaign, whose page says what was done."""
    address = url_for("campaigns.campaign", campaign_id=campaign.id, done=done)
    return redirect(address, 303)


def _record(session: Session, action: str, campaign: Campaign) -> None:
    record_audit_entry(session, get_staff(), action, campaign.title, get_now())
