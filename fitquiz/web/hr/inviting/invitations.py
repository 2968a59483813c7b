"""The pages on which an owner manages open links, posters and personal invitations.

No page shows which invitations were used, or how many invitations were used. Otherwise, an owner
could find out who has answered.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

from flask import Blueprint, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from fitquiz.core.groups.unit_lists import Path
from fitquiz.store.accounts.audit_log import record_audit_entry
from fitquiz.store.campaigns.campaigns import CLOSED, Campaign, lock_campaign
from fitquiz.store.campaigns.invitations import (
    add_invitations,
    count_personal,
    find_personal_hashes,
    list_open_links,
    revoke_invitations,
)
from fitquiz.store.campaigns.units import Unit, list_units
from fitquiz.store.mailings.mailings import list_mailings
from fitquiz.web.hr.invitation_links import (
    address_of,
    label_units,
    language_of,
    load_open_link,
    make_invitations,
)
from fitquiz.web.hr.inviting.invitation_files import WRITERS, list_rows
from fitquiz.web.hr.inviting.invitation_forms import (
    MAX_INVITATIONS,
    MakeInvitationsForm,
    RevokeForm,
)
from fitquiz.web.hr.own_campaigns import load_campaign
from fitquiz.web.limits.rate_limits import give_back_making, take_making
from fitquiz.web.security.current_staff import get_staff
from fitquiz.web.security.link_tokens import code_of, hash_named
from fitquiz.web.site.clock import get_now, get_today
from fitquiz.web.site.database_session import get_session, writing
from fitquiz.web.site.qr_codes import draw_qr

blueprint = Blueprint("invitations", __name__)
_CAMPAIGN = "/campaigns/<int:campaign_id>"
Numbers = Mapping[int | None, int]
"""Numbers of invitations, keyed by the unit's id. The key None means the whole campaign."""
ADDED = "added"
SENT_TWICE = "sent-twice"
MADE = "invitations-made"
TOO_MANY = "too-many"
OVER = "over"


@blueprint.get(f"{_CAMPAIGN}/links")
def links(campaign_id: int) -> str:
    """Show the address and the short code of each open link. The page also links to the posters."""
    campaign = load_campaign(campaign_id)
    labels = label_units(campaign)
    found = list_open_links(get_session(), campaign.id)
    rows = [(link, labels[link.unit_id], code_of(link.seed)) for link in found]
    return render_template(
        "hr/inviting/invitations/links.html",
        campaign=campaign,
        links=rows,
        address_of=address_of,
        is_closed=_is_closed(campaign),
    )


@blueprint.get(f"{_CAMPAIGN}/links/<int:invitation_id>")
def poster(campaign_id: int, invitation_id: int) -> str:
    """Show the poster of an open link: a QR code, the address and the short code."""
    campaign = load_campaign(campaign_id)
    link = load_open_link(campaign, invitation_id)
    labels = label_units(campaign)
    address = address_of(campaign, link)
    return render_template(
        "hr/inviting/invitations/poster.html",
        campaign=campaign,
        unit=labels[link.unit_id],
        address=address,
        code=code_of(link.seed),
        place=url_for(
            "invitation_landing.code", language=language_of(campaign), _external=True
        ),
        drawing=draw_qr(address),
    )


@blueprint.route(f"{_CAMPAIGN}/invitations", methods=["GET", "POST"])
def personal(campaign_id: int) -> str | Response | tuple[str, int]:
    """Show the number of personal invitations. On POST, add the number that the owner chose.

    After the survey is over, add nothing.
    """
    campaign = load_campaign(campaign_id)
    form = MakeInvitationsForm()
    form.offer(label_units(campaign))
    if form.is_submitted() and _is_closed(campaign):
        form.form_errors.append(OVER)
    elif form.validate_on_submit():
        form_key = f"{campaign.id}:{form.fingerprint}"
        outcome = _add_personal(campaign, form.numbers, form_key)
        if outcome != TOO_MANY:
            done = SENT_TWICE if outcome == SENT_TWICE else MADE
            return _go_on(campaign, done)
        form.number.errors = ["too-many"]
    return _show_personal(campaign, form, RevokeForm(formdata=None))


@blueprint.post(f"{_CAMPAIGN}/invitations/everybody")
def everybody(campaign_id: int) -> Response | tuple[str, int]:
    """Add personal invitations until the units have one invitation for each person."""
    campaign = load_campaign(campaign_id)
    is_closed = _is_closed(campaign)
    if not is_closed and _add_personal(campaign, None) == ADDED:
        return _go_on(campaign, MADE)
    form = MakeInvitationsForm(formdata=None)
    form.form_errors.append(OVER if is_closed else TOO_MANY)
    return _show_personal(campaign, form, RevokeForm(formdata=None))


@blueprint.post(f"{_CAMPAIGN}/invitations/revoke")
def revoke(campaign_id: int) -> str | Response | tuple[str, int]:
    """Ask the owner for confirmation, and then revoke personal invitations.

    No page shows which of the invitations were used.
    """
    campaign = load_campaign(campaign_id)
    revoking = RevokeForm()
    unknown: list[str] = []
    if revoking.validate_on_submit():
        unknown = _find_unknown(campaign, revoking.lines)
        if not unknown and request.form.get("step") == "revoke":
            _revoke(campaign, revoking.lines)
            return _go_on(campaign, "revoked")
        if not unknown:
            return render_template(
                "hr/inviting/invitations/revoke.html",
                campaign=campaign,
                revoking=revoking,
            )
        revoking.named.errors = ["unknown-invitations"]
    form = MakeInvitationsForm(formdata=None)
    return _show_personal(campaign, form, revoking, unknown)


@blueprint.post(f"{_CAMPAIGN}/invitations/invitations.<ending>")
def download(campaign_id: int, ending: str) -> Response:
    """Send a CSV or XLSX file for mail merge, with all personal invitations that are not revoked."""
    campaign = load_campaign(campaign_id)
    if ending not in WRITERS:
        abort(404)
    write, file_type = WRITERS[ending]
    content = write(list_rows(campaign))
    with writing() as session:
        record_audit_entry(
            session, get_staff(), "invitations-exported", campaign.title, get_now()
        )

    response = Response(content, mimetype=file_type)
    name = f"fitquiz-invitations-{campaign.id}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _is_closed(campaign: Campaign) -> bool:
    return campaign.state(get_today()) == CLOSED


def _go_on(campaign: Campaign, done: str) -> Response:
    """Redirect to the page of the personal invitations, which says what was done."""
    address = url_for("invitations.personal", campaign_id=campaign.id, done=done)
    return redirect(address, 303)


def _add_personal(
    campaign: Campaign, numbers: Numbers | None, form_key: str = ""
) -> str:
    """Add personal invitations to the units in `numbers`, and return ADDED.

    If `numbers` is None, add invitations until the units have one invitation for each person.

    Add nothing and return SENT_TWICE if the form with this `form_key` has added invitations before.
    Add nothing and return TOO_MANY if the total would be larger than MAX_INVITATIONS.
    """
    now = get_now()
    with writing() as session:
        # With the lock, the second request of a double click waits for the first request.
        lock_campaign(session, campaign.id)
        if form_key and not take_making(session, form_key, now):
            return SENT_TWICE

        counts = count_personal(session, campaign.id)
        if numbers is None:
            numbers = _count_missing(list_units(session, campaign.id), counts)
        total = sum(counts.values()) + sum(numbers.values())
        if total > MAX_INVITATIONS:
            if form_key:
                give_back_making(session, form_key)
            return TOO_MANY

        new = []
        for unit_id, number in numbers.items():
            new += make_invitations(unit_id, number, is_personal=True)
        add_invitations(session, campaign.id, new)
        record_audit_entry(
            session, get_staff(), "invitations-made", campaign.title, now
        )
    return ADDED


def _count_missing(units: Sequence[Unit], counts: Numbers) -> Numbers:
    """Return the number of missing invitations of each unit, keyed by the unit's id.

    Each person needs one invitation in the lowest unit that contains the person. `Unit.people`
    includes the people of the units below. Therefore, the function subtracts these people.
    """
    below: Counter[Path] = Counter()
    for unit in units:
        parent = unit.path[:-1]
        below[parent] += unit.people or 0

    missing: dict[int | None, int] = {}
    for unit in units:
        own = (unit.people or 0) - below[unit.path]
        missing[unit.id] = max(0, own - counts.get(unit.id, 0))
    return missing


def _find_unknown(campaign: Campaign, lines: Sequence[str]) -> list[str]:
    """Return the lines that are no link and no short code of the campaign's personal invitations."""
    hash_by_line = {line: hash_named(line) for line in lines}
    hashes = [named for named in hash_by_line.values() if named is not None]
    known = find_personal_hashes(get_session(), campaign.id, hashes)
    return [line for line, named in hash_by_line.items() if named not in known]


def _revoke(campaign: Campaign, lines: Sequence[str]) -> None:
    """Revoke the personal invitations in `lines`. Each line must name an invitation."""
    named = [hash_named(line) for line in lines]
    hashes = [each for each in named if each is not None]
    with writing() as session:
        revoke_invitations(session, campaign.id, hashes)
        record_audit_entry(
            session, get_staff(), "invitations-revoked", campaign.title, get_now()
        )


def _show_personal(
    campaign: Campaign,
    form: MakeInvitationsForm,
    revoking: RevokeForm,
    unknown: Sequence[str] = (),
) -> tuple[str, int]:
    form.offer(label_units(campaign))
    counts = count_personal(get_session(), campaign.id)
    page = render_template(
        "hr/inviting/invitations/personal.html",
        campaign=campaign,
        units=list_units(get_session(), campaign.id),
        total=sum(counts.values()),
        is_closed=_is_closed(campaign),
        endings=list(WRITERS),
        has_mailings=bool(list_mailings(get_session(), campaign.id)),
        form=form,
        revoking=revoking,
        unknown=unknown,
    )
    has_errors = form.errors or revoking.errors
    return page, 400 if has_errors else 200
