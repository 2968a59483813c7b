"""The switch that lets a shared tablet use an open link."""

from flask import Blueprint, abort, redirect, url_for
from werkzeug.wrappers import Response

from fitquiz.store.accounts.audit_log import record_audit_entry
from fitquiz.store.campaigns.invitations import list_open_links
from fitquiz.store.campaigns.kiosks import set_kiosk
from fitquiz.web.hr.own_campaigns import load_campaign
from fitquiz.web.security.current_staff import get_staff
from fitquiz.web.site.clock import get_now
from fitquiz.web.site.database_session import get_session, writing

blueprint = Blueprint("kiosks", __name__)
_LINK = "/campaigns/<int:campaign_id>/links/<int:invitation_id>"


@blueprint.post(f"{_LINK}/kiosk")
def use(campaign_id: int, invitation_id: int) -> Response:
    """Let a shared tablet use an open link. A second request changes nothing."""
    return _switch(campaign_id, invitation_id, is_kiosk=True)


@blueprint.post(f"{_LINK}/kiosk/stop")
def stop(campaign_id: int, invitation_id: int) -> Response:
    """Make a kiosk's link a usual open link again. A second request changes nothing."""
    return _switch(campaign_id, invitation_id, is_kiosk=False)


def _switch(campaign_id: int, invitation_id: int, is_kiosk: bool) -> Response:
    """Switch the kiosk of an open link on or off, and redirect to the page of the links.

    Abort with 404 if the campaign has no open link with this id.
    """
    campaign = load_campaign(campaign_id)
    open_links = list_open_links(get_session(), campaign.id)
    if invitation_id not in {link.id for link in open_links}:
        abort(404)

    action = "kiosk-started" if is_kiosk else "kiosk-stopped"
    with writing() as session:
        if set_kiosk(session, campaign.id, invitation_id, is_kiosk):
            record_audit_entry(session, get_staff(), action, campaign.title, get_now())
    address = url_for("invitations.links", campaign_id=campaign.id, done=action)
    return redirect(address, 303)
