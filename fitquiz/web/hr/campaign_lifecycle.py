"""The course of a campaign, for its owner: paused and resumed, closed before its day, deleted."""

from flask import Blueprint, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from fitquiz.store.accounts.audit_log import record_audit_entry
from fitquiz.store.campaigns.campaigns import (
    Campaign,
    close_campaign,
    delete_campaign,
    pause_campaign,
)
from fitquiz.web.hr.own_campaigns import load_campaign
from fitquiz.web.security.current_staff import get_staff
from fitquiz.web.site.clock import get_now
from fitquiz.web.site.db import writing
from fitquiz.web.site.forms import ButtonForm

blueprint = Blueprint("campaign_lifecycle", __name__)
_CAMPAIGN = "/campaigns/<int:campaign_id>"


@blueprint.post(f"{_CAMPAIGN}/pause")
def pause(campaign_id: int) -> Response:
    """Let nobody start for the time being."""
    return _set_paused(load_campaign(campaign_id), is_paused=True)


@blueprint.post(f"{_CAMPAIGN}/resume")
def resume(campaign_id: int) -> Response:
    """Let people start again."""
    return _set_paused(load_campaign(campaign_id), is_paused=False)


@blueprint.route(f"{_CAMPAIGN}/close", methods=["GET", "POST"])
def close(campaign_id: int) -> str | Response:
    """Ask, and end a campaign before its day; what waits is sealed soon after."""
    campaign, form = load_campaign(campaign_id), ButtonForm()
    if form.validate_on_submit():
        with writing() as session:
            close_campaign(session, campaign.id, get_now())
            _record(session, "campaign-closed", campaign)
        return redirect(url_for("campaigns.campaign", campaign_id=campaign.id), 303)
    return render_template("hr/campaigns/close.html", campaign=campaign)


@blueprint.route(f"{_CAMPAIGN}/delete", methods=["GET", "POST"])
def delete(campaign_id: int) -> str | Response:
    """Name what goes, and delete a campaign."""
    campaign, form = load_campaign(campaign_id), ButtonForm()
    if form.validate_on_submit():
        with writing() as session:
            delete_campaign(session, campaign.id)
            _record(session, "campaign-deleted", campaign)
        return redirect(url_for("campaigns.campaigns"), 303)
    return render_template("hr/campaigns/delete.html", campaign=campaign)


def _set_paused(campaign: Campaign, is_paused: bool) -> Response:
    with writing() as session:
        pause_campaign(session, campaign.id, is_paused)
        _record(session, "campaign-changed", campaign)
    return redirect(url_for("campaigns.campaign", campaign_id=campaign.id), 303)


def _record(session: Session, action: str, campaign: Campaign) -> None:
    record_audit_entry(session, get_staff(), action, campaign.title, get_now())
