"""The pages on which an owner reads and replaces the units of a campaign, and corrects a spelling.

The first day of the campaign freezes the units. The spelling of a unit can be corrected until the
first seal, because the ledger then contains the spelling.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from fitquiz.core.groups.unit_lists import UnitDraft, write_units
from fitquiz.store.accounts.audit_log import record_audit_entry
from fitquiz.store.campaigns.campaigns import Campaign, lock_campaign
from fitquiz.store.campaigns.invitations import (
    Invitation,
    count_personal,
    list_open_links,
)
from fitquiz.store.campaigns.unit_spellings import can_respell, respell_unit
from fitquiz.store.campaigns.units import (
    Unit,
    find_unit,
    list_removed,
    list_units,
    replace_units,
)
from fitquiz.store.engine.paging import LARGEST_ID
from fitquiz.web.forms.forms import is_given_back
from fitquiz.web.hr.campaign_forms import SpellingForm, UnitsForm
from fitquiz.web.hr.invitation_links import address_of, make_open_links
from fitquiz.web.hr.own_campaigns import load_campaign
from fitquiz.web.hr.versions import Changes, find_changes, write_version
from fitquiz.web.security.current_staff import get_staff
from fitquiz.web.security.link_tokens import code_of
from fitquiz.web.site.clock import get_now, get_today
from fitquiz.web.site.database_session import get_session, writing

blueprint = Blueprint("units", __name__)
_UNITS = "/campaigns/<int:campaign_id>/units"
REPLACED = "replaced"
STALE = "stale"
FROZEN = "frozen"
"""What can become of changed units."""

REMOVE = "remove"
CHANGE = "change"
"""The answers to the question whether links and invitations may end."""


@dataclass(frozen=True, slots=True)
class Ending:
    """A unit that the owner takes out of the list, and what stops working with it.

    `link` is the open link of the unit, or None. `invitations` is the number of personal
    invitations.
    """

    unit: Unit
    link: Invitation | None
    invitations: int


@blueprint.route(_UNITS, methods=["GET", "POST"])
def units(campaign_id: int) -> str | Response | tuple[str, int]:
    """Show the units of a campaign, and replace all units after the owner sends the form.

    If links or invitations would end, first ask the owner for confirmation.

    If the units are frozen, change nothing and show an error. Also change nothing if somebody has
    changed the units since the browser has loaded the form.
    """
    campaign = load_campaign(campaign_id)
    form = UnitsForm()
    outcome = ""
    if form.validate_on_submit() and form.step.data != CHANGE:
        endings = _list_endings(campaign, form)
        if endings and form.step.data != REMOVE:
            return _ask(campaign, form, endings)
        outcome = _replace(campaign, form)
        if outcome == REPLACED:
            address = url_for(
                "campaigns.campaign", campaign_id=campaign.id, done="saved"
            )
            return redirect(address, 303)
        form.form_errors.append(outcome)
        campaign = load_campaign(campaign_id)

    present = list_units(get_session(), campaign.id)
    version = write_version(name_units(present))
    changes: Changes | None = None
    if outcome == STALE:
        changes = find_changes(form.version.data, name_units(present))
        form.version.data = version
    if not form.is_submitted() and not is_given_back():
        form.process(units=write_units(_draft(present)), version=version)

    page = render_template(
        "hr/units/units.html",
        form=form,
        campaign=campaign,
        is_fixed=campaign.is_fixed(get_today()),
        can_respell=can_respell(campaign),
        units=present,
        names={str(unit.id): unit for unit in present},
        changes=changes,
        faults=form.units.faults,
    )
    status = 400 if form.errors else 200
    return page, status


@blueprint.route(f"{_UNITS}/<int:unit_id>", methods=["GET", "POST"])
def spelling(campaign_id: int, unit_id: int) -> str | Response | tuple[str, int]:
    """Show the form for the spelling of a unit, and store the spelling that the owner sends.

    The unit keeps its links, posters and invitations.
    """
    campaign = load_campaign(campaign_id)
    if unit_id > LARGEST_ID:
        abort(404)
    unit = find_unit(get_session(), campaign.id, unit_id)
    if unit is None:
        abort(404)

    form = SpellingForm(label=unit.path[-1], version=unit.path[-1])
    if form.validate_on_submit():
        fault = _respell(campaign, unit, form)
        if fault is None:
            address = url_for("units.units", campaign_id=campaign.id, done="respelt")
            return redirect(address, 303)
        campaign = load_campaign(campaign_id)
        if can_respell(campaign):
            form.label.errors = [fault]
        else:
            form.form_errors.append(fault)

    page = render_template(
        "hr/units/spelling.html",
        form=form,
        campaign=campaign,
        unit=unit,
        can_respell=can_respell(campaign),
    )
    return page, 400 if form.errors else 200


def _ask(campaign: Campaign, form: UnitsForm, endings: Sequence[Ending]) -> str:
    """Show the page that asks whether links and invitations may end."""
    return render_template(
        "hr/units/removal.html",
        campaign=campaign,
        form=form,
        endings=endings,
        address_of=address_of,
        code_of=code_of,
    )


def _list_endings(campaign: Campaign, form: UnitsForm) -> list[Ending]:
    """Return the units with links or invitations that would end.

    Return an empty list if the form is stale or the units are frozen, because nothing ends then.
    """
    session = get_session()
    present = list_units(session, campaign.id)
    is_stale = find_changes(form.version.data, name_units(present))
    if is_stale or campaign.is_fixed(get_today()):
        return []

    links = {link.unit_id: link for link in list_open_links(session, campaign.id)}
    personal = count_personal(session, campaign.id)
    endings = [
        Ending(unit, links.get(unit.id), personal.get(unit.id, 0))
        for unit in list_removed(present, form.units.drafts)
    ]
    return [each for each in endings if each.link or each.invitations]


def _replace(campaign: Campaign, form: UnitsForm) -> str:
    """Replace the units, add an audit entry, and return REPLACED.

    If the campaign uses open links, also add the missing open links. If the units are frozen, store
    nothing and return FROZEN. If the form was made from older units, store nothing and return STALE.
    If the units already are as in the form, the form was sent twice: return REPLACED.
    """
    drafts = form.units.drafts
    with writing() as session:
        lock_campaign(session, campaign.id)
        present = list_units(session, campaign.id)
        if find_changes(form.version.data, name_units(present)):
            is_same = set(_draft(present)) == set(drafts)
            return REPLACED if is_same else STALE
        if not replace_units(session, campaign.id, drafts, get_today()):
            return FROZEN
        if not campaign.is_personal:
            make_open_links(session, campaign.id)
        record_audit_entry(
            session,
            get_staff(),
            "campaign-changed",
            campaign.title,
            get_now(),
        )
    return REPLACED


def _respell(campaign: Campaign, unit: Unit, form: SpellingForm) -> str | None:
    """Store the spelling and an audit entry, and return None. Otherwise, return the key of a fault."""
    label = form.label.data or ""
    with writing() as session:
        present = find_unit(session, campaign.id, unit.id)
        if present is None or present.path[-1] == label:
            return None
        if present.path[-1] != form.version.data:
            form.version.data = present.path[-1]
            return STALE
        fault = respell_unit(session, campaign.id, unit.id, label)
        if fault is None:
            record_audit_entry(
                session,
                get_staff(),
                "unit-renamed",
                f"{campaign.title}: {present.path[-1]} → {label}",
                get_now(),
            )
    return fault


def _draft(units: Sequence[Unit]) -> tuple[UnitDraft, ...]:
    return tuple(UnitDraft(unit.path, unit.people) for unit in units)


def name_units(units: Sequence[Unit]) -> dict[str, object]:
    """Return what an owner can change of each unit, by the unit's id."""
    named: dict[str, object] = {}
    for unit in units:
        name = str(unit.id)
        named[name] = (unit.path, unit.people)
    return named
