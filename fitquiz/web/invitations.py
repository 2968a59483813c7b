"""The ways into a campaign, for its owner: open links with their posters, personal invitations, units.

Nothing here tells which invitations are spent, or how many: that would be a list of who has answered.
"""

import csv
import io
import re
from datetime import UTC, datetime

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from fitquiz.core.invitation_codes import read_code
from fitquiz.core.tokens import hash_token
from fitquiz.core.units import write_label
from fitquiz.store.audit import record_deed
from fitquiz.store.campaigns import Campaign
from fitquiz.store.invitations import (
    Invitation,
    add_invitations,
    count_personal,
    list_open_links,
    list_personal,
    revoke_invitations,
    revoke_open_links,
)
from fitquiz.store.units import list_units
from fitquiz.web.campaign_forms import MOST_INVITATIONS, MakeInvitationsForm, RevokeForm
from fitquiz.web.current_staff import get_staff
from fitquiz.web.db import get_session, writing
from fitquiz.web.downloads import neutralise
from fitquiz.web.forms import ButtonForm
from fitquiz.web.own_campaigns import load_campaign
from fitquiz.web.qr_codes import draw_qr
from fitquiz.web.ways_in import code_of, hash_typed, make_invitations, make_open_links, token_of

blueprint = Blueprint("invitations", __name__)
_CAMPAIGN = "/<any(nb,en):language>/campaigns/<int:campaign_id>"
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


@blueprint.get(f"{_CAMPAIGN}/links")
def links(campaign_id: int) -> str:
    """Show the open links, each with its code and the way to its poster."""
    campaign = load_campaign(campaign_id)
    found = list_open_links(get_session(), campaign.id)
    return render_template(
        "invitations/links.html",
        campaign=campaign,
        links=[(link, _name_unit(campaign, link), _address(link), code_of(link.seed)) for link in found],
        form=ButtonForm(),
    )


@blueprint.get(f"{_CAMPAIGN}/links/<int:invitation_id>")
def poster(campaign_id: int, invitation_id: int) -> str:
    """Show one open link as a poster: its drawing to scan, its address, its code to type."""
    campaign = load_campaign(campaign_id)
    link = _load_link(campaign, invitation_id)
    return render_template(
        "invitations/poster.html",
        campaign=campaign,
        unit=_name_unit(campaign, link),
        address=_address(link),
        code=code_of(link.seed),
        drawing=draw_qr(_address(link)),
    )


@blueprint.post(f"{_CAMPAIGN}/links/<int:invitation_id>/renew")
def renew(campaign_id: int, invitation_id: int) -> Response:
    """Revoke an open link, and put a new one in its place."""
    campaign = load_campaign(campaign_id)
    link = _load_link(campaign, invitation_id)
    with writing() as session:
        revoke_open_links(session, campaign.id, link.unit_id)
        make_open_links(session, campaign.id)
        record_deed(session, get_staff(), "invitations-revoked", campaign.title, datetime.now(UTC))
    return redirect(url_for("invitations.links", campaign_id=campaign.id), 303)


@blueprint.route(f"{_CAMPAIGN}/invitations", methods=["GET", "POST"])
def personal(campaign_id: int) -> str | Response | tuple[str, int]:
    """Show how many personal invitations there are, and make more: so many for a unit."""
    campaign = load_campaign(campaign_id)
    units, counts = list_units(get_session(), campaign.id), count_personal(get_session(), campaign.id)
    form = MakeInvitationsForm()
    form.unit.choices = [(0, ""), *((unit.id, write_label(unit.path)) for unit in units)]
    if form.validate_on_submit():
        if sum(counts.values()) + (form.number.data or 0) <= MOST_INVITATIONS:
            _store(campaign, [(form.unit.data or None, form.number.data or 0)])
            return redirect(url_for("invitations.personal", campaign_id=campaign.id), 303)
        form.number.errors = ["too-many"]
    page = render_template(
        "invitations/personal.html", campaign=campaign, units=units, counts=counts, form=form, revoke=RevokeForm()
    )
    return page, 400 if form.errors else 200


@blueprint.post(f"{_CAMPAIGN}/invitations/everybody")
def everybody(campaign_id: int) -> Response:
    """Make as many personal invitations for each unit as people work there and are not covered by units below it."""
    campaign = load_campaign(campaign_id)
    units, counts = list_units(get_session(), campaign.id), count_personal(get_session(), campaign.id)
    wanted: list[tuple[int | None, int]] = []
    for unit in units:
        below = sum(each.people or 0 for each in units if each.path[:-1] == unit.path)
        wanted.append((unit.id, max(0, (unit.people or 0) - below - counts.get(unit.id, 0))))
    if sum(counts.values()) + sum(number for _, number in wanted) > MOST_INVITATIONS:
        abort(413)
    _store(campaign, wanted)
    return redirect(url_for("invitations.personal", campaign_id=campaign.id), 303)


@blueprint.post(f"{_CAMPAIGN}/invitations/revoke")
def revoke(campaign_id: int) -> Response:
    """Revoke the personal invitations whose links or codes are named; the answer never tells which were in use."""
    campaign, form = load_campaign(campaign_id), RevokeForm()
    typed = str(form.named.data or "")
    codes = [code for line in typed.splitlines() if (code := read_code(line))]
    hashes = [*(hash_token(token) for token in _TOKEN.findall(typed)), *(hash_typed(code) for code in codes)]
    with writing() as session:
        revoke_invitations(session, campaign.id, hashes)
        record_deed(session, get_staff(), "invitations-revoked", campaign.title, datetime.now(UTC))
    return redirect(url_for("invitations.personal", campaign_id=campaign.id, revoked=1), 303)


@blueprint.post(f"{_CAMPAIGN}/invitations/invitations.csv")
def download(campaign_id: int) -> Response:
    """Send all personal invitations as a file for mail merge: unit, link, code."""
    campaign = load_campaign(campaign_id)
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(("unit", "link", "code"))
    names = {unit.id: write_label(unit.path) for unit in list_units(get_session(), campaign.id)}
    for each in list_personal(get_session(), campaign.id):
        writer.writerow((neutralise(names.get(each.unit_id or 0, "")), _address(each), code_of(each.seed)))
    with writing() as session:
        record_deed(session, get_staff(), "invitations-exported", campaign.title, datetime.now(UTC))
    response = Response("\ufeff" + text.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="fitquiz-invitations-{campaign.id}.csv"'
    return response


def _store(campaign: Campaign, wanted: list[tuple[int | None, int]]) -> None:
    new = [each for unit_id, number in wanted for each in make_invitations(unit_id, number, is_personal=True)]
    with writing() as session:
        add_invitations(session, campaign.id, new)
        record_deed(session, get_staff(), "invitations-made", campaign.title, datetime.now(UTC))


def _load_link(campaign: Campaign, invitation_id: int) -> Invitation:
    found = list_open_links(get_session(), campaign.id)
    return next((link for link in found if link.id == invitation_id), None) or abort(404)


def _name_unit(campaign: Campaign, link: Invitation) -> str:
    units = {unit.id: unit for unit in list_units(get_session(), campaign.id)}
    return write_label(units[link.unit_id].path) if link.unit_id in units else ""


def _address(invitation: Invitation) -> str:
    return url_for("welcome.start", token=token_of(invitation.seed), _external=True)
