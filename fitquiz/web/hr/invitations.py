"""The ways into a campaign, for its owner: open links with their posters, personal invitations, units.

Nothing here tells which invitations are spent, or how many: that would be a list of who has answered.
"""

import csv
import io
from collections.abc import Callable, Mapping, Sequence

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from fitquiz.core.groups.units import Path, write_label
from fitquiz.store.accounts.audit_log import record_deed
from fitquiz.store.campaigns.campaigns import Campaign, hold_campaign
from fitquiz.store.campaigns.invitations import (
    Invitation,
    add_invitations,
    count_personal,
    find_personal,
    list_open_links,
    list_personal,
    revoke_invitations,
    revoke_open_links,
)
from fitquiz.store.campaigns.units import Unit, list_units
from fitquiz.web.hr.invitation_forms import MOST_INVITATIONS, MakeInvitationsForm, RevokeForm
from fitquiz.web.hr.invitation_links import (
    address_of,
    language_of,
    make_invitations,
    make_open_links,
)
from fitquiz.web.hr.own_campaigns import load_campaign
from fitquiz.web.security.current_staff import get_staff
from fitquiz.web.security.link_codes import code_of, hash_named
from fitquiz.web.security.rate_limits import give_back_making, take_making
from fitquiz.web.site.clock import get_now
from fitquiz.web.site.db import get_session, writing
from fitquiz.web.site.qr_codes import draw_qr
from fitquiz.web.site.spreadsheets import neutralise

blueprint = Blueprint("invitations", __name__)
_CAMPAIGN = "/campaigns/<int:campaign_id>"
Wanted = Sequence[tuple[int | None, int]]
"""Units, None for the whole, each with a number of invitations."""
Plan = Callable[[Sequence[Unit], Mapping[int | None, int]], Wanted]
ADDED, AGAIN, FULL = "added", "again", "full"
"""What comes of making some: they are made; this very form has made them before; a campaign cannot have so many."""


@blueprint.get(f"{_CAMPAIGN}/links")
def links(campaign_id: int) -> str:
    """Show the open links, each with its code and the way to its poster."""
    campaign = load_campaign(campaign_id)
    names, found = _name_units(campaign), list_open_links(get_session(), campaign.id)
    return render_template(
        "hr/invitations/links.html",
        campaign=campaign,
        links=[(link, names[link.unit_id], code_of(link.seed)) for link in found],
        address_of=address_of,
    )


@blueprint.get(f"{_CAMPAIGN}/links/<int:invitation_id>")
def poster(campaign_id: int, invitation_id: int) -> str:
    """Show one open link as a poster: its drawing to scan, its address, its code to type."""
    campaign = load_campaign(campaign_id)
    link = _load_link(campaign, invitation_id)
    return render_template(
        "hr/invitations/poster.html",
        campaign=campaign,
        unit=_name_units(campaign)[link.unit_id],
        address=address_of(campaign, link),
        code=code_of(link.seed),
        place=url_for("invitation_landing.code", language=language_of(campaign), _external=True),
        drawing=draw_qr(address_of(campaign, link)),
    )


@blueprint.post(f"{_CAMPAIGN}/links/<int:invitation_id>/renew")
def renew(campaign_id: int, invitation_id: int) -> Response:
    """Revoke an open link, and put a new one in its place; the new one outlives a double click."""
    campaign = load_campaign(campaign_id)
    link = _load_link(campaign, invitation_id)
    with writing() as session:
        hold_campaign(session, campaign.id)
        if link in list_open_links(session, campaign.id):
            revoke_open_links(session, campaign.id, link.unit_id)
            make_open_links(session, campaign.id)
            record_deed(session, get_staff(), "invitations-revoked", campaign.title, get_now())
    return redirect(url_for("invitations.links", campaign_id=campaign.id), 303)


@blueprint.route(f"{_CAMPAIGN}/invitations", methods=["GET", "POST"])
def personal(campaign_id: int) -> str | Response | tuple[str, int]:
    """Show how many personal invitations there are, and make more: so many for a unit."""
    campaign, form = load_campaign(campaign_id), MakeInvitationsForm()
    form.offer(_name_units(campaign))
    if form.validate_on_submit():
        outcome = _add(
            campaign, lambda _units, _counts: [form.wanted], f"{campaign.id}:{form.fingerprint}"
        )
        if outcome != FULL:
            again = 1 if outcome == AGAIN else None
            return redirect(
                url_for("invitations.personal", campaign_id=campaign.id, again=again), 303
            )
        form.number.errors = ["too-many"]
    return _show_personal(campaign, form, RevokeForm(formdata=None))


@blueprint.post(f"{_CAMPAIGN}/invitations/everybody")
def everybody(campaign_id: int) -> Response | tuple[str, int]:
    """Make as many personal invitations for each unit as people work there and have none yet."""
    campaign, form = load_campaign(campaign_id), MakeInvitationsForm(formdata=None)
    if _add(campaign, _count_missing) == ADDED:
        return redirect(url_for("invitations.personal", campaign_id=campaign.id), 303)
    form.form_errors.append("too-many")
    return _show_personal(campaign, form, RevokeForm(formdata=None))


@blueprint.post(f"{_CAMPAIGN}/invitations/revoke")
def revoke(campaign_id: int) -> Response | tuple[str, int]:
    """Revoke the personal invitations whose links or codes are named; the answer never tells which were in use."""
    campaign, revoking = load_campaign(campaign_id), RevokeForm()
    unknown: list[str] = []
    if revoking.validate_on_submit():
        unknown = _revoke(campaign, revoking.lines)
        if not unknown:
            return redirect(
                url_for("invitations.personal", campaign_id=campaign.id, revoked=1), 303
            )
        revoking.named.errors = ["unknown-invitations"]
    return _show_personal(campaign, MakeInvitationsForm(formdata=None), revoking, unknown)


@blueprint.post(f"{_CAMPAIGN}/invitations/invitations.csv")
def download(campaign_id: int) -> Response:
    """Send all personal invitations as a file for mail merge: unit, link, code."""
    campaign = load_campaign(campaign_id)
    text, names = io.StringIO(), _name_units(campaign)
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(("unit", "link", "code"))
    for each in list_personal(get_session(), campaign.id):
        writer.writerow(
            (neutralise(names[each.unit_id]), address_of(campaign, each), code_of(each.seed))
        )
    with writing() as session:
        record_deed(session, get_staff(), "invitations-exported", campaign.title, get_now())
    response = Response("\ufeff" + text.getvalue(), mimetype="text/csv")
    response.headers["Content-Disposition"] = (
        f'attachment; filename="fitquiz-invitations-{campaign.id}.csv"'
    )
    return response


def _add(campaign: Campaign, plan: Plan, mark: str = "") -> str:
    """Store what is wanted in view of what is there, once for a form of this mark; return what came of it.

    The campaign is held meanwhile, so that a second click finds what the first has made.
    """
    now = get_now()
    with writing() as session:
        hold_campaign(session, campaign.id)
        if mark and not take_making(session, mark, now):
            return AGAIN
        units, counts = list_units(session, campaign.id), count_personal(session, campaign.id)
        wanted = plan(units, counts)
        if sum(counts.values()) + sum(number for _, number in wanted) > MOST_INVITATIONS:
            give_back_making(session, mark)
            return FULL
        new = [
            each
            for unit_id, number in wanted
            for each in make_invitations(unit_id, number, is_personal=True)
        ]
        add_invitations(session, campaign.id, new)
        record_deed(session, get_staff(), "invitations-made", campaign.title, now)
    return ADDED


def _count_missing(units: Sequence[Unit], counts: Mapping[int | None, int]) -> Wanted:
    """For each unit, its people who are in no unit below it and have no invitation yet."""
    below: dict[Path, int] = {}
    for unit in units:
        below[unit.path[:-1]] = below.get(unit.path[:-1], 0) + (unit.people or 0)
    own = {unit.id: (unit.people or 0) - below.get(unit.path, 0) for unit in units}
    return [(unit_id, max(0, people - counts.get(unit_id, 0))) for unit_id, people in own.items()]


def _revoke(campaign: Campaign, lines: Sequence[str]) -> list[str]:
    """Revoke what these lines name, or nothing if some of them name nothing; return those."""
    named = {line: hash_named(line) for line in lines}
    hashes = [hashed for hashed in named.values() if hashed]
    with writing() as session:
        known = find_personal(session, campaign.id, hashes)
        unknown = [line for line, hashed in named.items() if hashed not in known]
        if not unknown:
            revoke_invitations(session, campaign.id, hashes)
            record_deed(session, get_staff(), "invitations-revoked", campaign.title, get_now())
    return unknown


def _show_personal(
    campaign: Campaign, form: MakeInvitationsForm, revoking: RevokeForm, unknown: Sequence[str] = ()
) -> tuple[str, int]:
    form.offer(_name_units(campaign))
    page = render_template(
        "hr/invitations/personal.html",
        campaign=campaign,
        units=list_units(get_session(), campaign.id),
        total=sum(count_personal(get_session(), campaign.id).values()),
        form=form,
        revoking=revoking,
        unknown=unknown,
    )
    return page, 400 if form.errors or revoking.errors else 200


def _load_link(campaign: Campaign, invitation_id: int) -> Invitation:
    found = list_open_links(get_session(), campaign.id)
    return next((link for link in found if link.id == invitation_id), None) or abort(404)


def _name_units(campaign: Campaign) -> dict[int | None, str]:
    """The labels of all units by id; the whole has none."""
    return {None: ""} | {
        unit.id: write_label(unit.path) for unit in list_units(get_session(), campaign.id)
    }
