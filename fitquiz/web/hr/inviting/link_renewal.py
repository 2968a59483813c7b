"""The page on which an owner replaces an open link."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from fitquiz.store.accounts.audit_log import record_audit_entry
from fitquiz.store.campaigns.campaigns import Campaign, lock_campaign
from fitquiz.store.campaigns.invitations import (
    Invitation,
    list_open_links,
    revoke_open_links,
)
from fitquiz.store.campaigns.kiosks import keep_kiosk
from fitquiz.web.forms.forms import ButtonForm
from fitquiz.web.hr.invitation_links import (
    label_units,
    load_open_link,
    make_open_links,
)
from fitquiz.web.hr.own_campaigns import load_campaign
from fitquiz.web.security.current_staff import get_staff
from fitquiz.web.site.clock import get_now
from fitquiz.web.site.database_session import writing

blueprint = Blueprint("link_renewal", __name__)


@blueprint.route(
    "/campaigns/<int:campaign_id>/links/<int:invitation_id>/renew",
    methods=["GET", "POST"],
)
def renew(campaign_id: int, invitation_id: int) -> str | Response:
    """Ask the owner for confirmation, and then replace an open link.

    The second request of a double click changes nothing.
    """
    campaign = load_campaign(campaign_id)
    link = load_open_link(campaign, invitation_id)
    form = ButtonForm()
    if form.validate_on_submit():
        _replace(campaign, link)
        address = url_for(
            "invitations.links", campaign_id=campaign.id, done="link-replaced"
        )
        return redirect(address, 303)
    labels = label_units(campaign)
    return render_template(
        "hr/inviting/link_renewal/renew.html",
        campaign=campaign,
        link=link,
        unit=labels[link.unit_id],
    )


def _replace(campaign: Campaign, link: Invitation) -> None:
    """Revoke the link, and make another open link for the same unit."""
    with writing() as session:
        lock_campaign(session, campaign.id)
        if link not in list_open_links(session, campaign.id):
            return
        revoke_open_links(session, campaign.id, link.unit_id)
        make_open_links(session, campaign.id)
        keep_kiosk(session, link)
        record_audit_entry(
            session, get_staff(), "invitations-revoked", campaign.title, get_now()
        )
