"""The reports for HR. A report shows published figures of groups, on a page or in a file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from flask import (
    Blueprint,
    Response,
    abort,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as AnyResponse

from fitquiz.core.groups.counting import (
    CountingPlan,
    published_from,
    read_plan,
)
from fitquiz.core.groups.reporting import Report, make_report
from fitquiz.core.groups.unit_lists import Path
from fitquiz.core.packs import Pack
from fitquiz.store.accounts.audit_log import record_audit_entry
from fitquiz.store.campaigns.campaigns import (
    READER,
    Campaign,
    list_some_campaigns,
)
from fitquiz.store.campaigns.own_campaigns import list_campaigns, list_packs_used
from fitquiz.store.campaigns.units import Unit, list_units
from fitquiz.store.engine.paging import PAGE
from fitquiz.store.ledger.reading import list_published, read_figures, read_period
from fitquiz.web.hr.anonymity_claim import find_claim
from fitquiz.web.hr.own_campaigns import load_campaign
from fitquiz.web.hr.report_files import WRITERS, list_lines
from fitquiz.web.security.current_staff import get_staff
from fitquiz.web.site.clock import get_now, get_today
from fitquiz.web.site.database_session import get_session, writing
from fitquiz.web.site.foreign_texts import page_words
from fitquiz.web.site.forms import ButtonForm
from fitquiz.web.site.installed_packs import front_pack, pack_of_attempt
from fitquiz.web.site.ledger_session import get_ledger
from fitquiz.web.site.paging import cut, read_place

blueprint = Blueprint("reports", __name__)
_BASE = "/reports"
_Choice = TypeVar("_Choice", Unit, Campaign)


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """The campaign, the unit and the earlier campaign that the address of a report names.

    `unit` is None for a report about the whole campaign.
    `compared` is the earlier campaign, or None if the address names no earlier campaign.
    `units` contains the units that the page offers as choices. `earlier` contains the earlier
    campaigns that the page offers as choices.
    """

    campaign: Campaign
    units: list[Unit]
    unit: Unit | None
    earlier: list[Campaign]
    compared: Campaign | None
    pack: Pack

    @property
    def path(self) -> Path:
        """The path of the unit. The path of the whole campaign is empty."""
        return self.unit.path if self.unit else ()

    @property
    def plan(self) -> CountingPlan:
        """The statistics that the campaign counts, and the noise of each statistic."""
        return read_plan(self.campaign.statistics)


@blueprint.get(_BASE)
def reports() -> str:
    """Show the list of all reports that the staff member may read.

    Mark the campaigns with published figures.

    A long list is split into several pages.
    """
    campaigns = list_campaigns(
        get_session(), get_staff().id, read_place("before"), READER
    )
    shown, older = cut(campaigns)
    shown_ids = [each.id for each in shown]
    published = list_published(get_ledger(), shown_ids)
    unpublished = [
        campaign_id for campaign_id in shown_ids if campaign_id not in published
    ]
    return render_template(
        "hr/reports/reports.html",
        campaigns=shown,
        older=older,
        published=published,
        arriving=_list_unreplicated(unpublished),
    )


@blueprint.get(f"{_BASE}/<int:campaign_id>")
def report(campaign_id: int) -> str:
    """Show the published figures of the whole campaign, or of the unit that the address names."""
    report_request = _read_request(campaign_id)
    threshold = report_request.campaign.threshold
    found = _make_report(report_request)
    is_arriving = False
    if found is None:
        is_arriving = bool(_list_unreplicated([campaign_id]))
    return render_template(
        "hr/reports/report.html",
        report_request=report_request,
        report=found,
        is_arriving=is_arriving,
        period=read_period(get_ledger(), campaign_id),
        words=page_words(report_request.pack),
        least={
            name: published_from(name, noise, threshold)
            for name, noise in report_request.plan.items()
        },
        ids={unit.path: unit.id for unit in report_request.units},
        endings=list(WRITERS),
        form=ButtonForm(),
    )


@blueprint.post(f"{_BASE}/<int:campaign_id>/report.<ending>")
def download(campaign_id: int, ending: str) -> AnyResponse:
    """Send the figures of the report as a file, and add an audit entry.

    If no figures are published, redirect to the report's page. The page explains why no figures are
    published.
    """
    report_request = _read_request(campaign_id)
    found = _make_report(report_request)
    if ending not in WRITERS:
        abort(404)
    if found is None:
        unit = request.args.get("unit")
        return redirect(
            url_for("reports.report", campaign_id=campaign_id, unit=unit), 303
        )

    title = report_request.campaign.title
    lines = list_lines(found, title, report_request.plan, report_request.pack)
    write, mimetype = WRITERS[ending]
    with writing() as session:
        record_audit_entry(session, get_staff(), "report-exported", title, get_now())

    response = Response(write(lines), mimetype=mimetype)
    name = f"fitquiz-report-{campaign_id}.{ending}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@blueprint.get(f"{_BASE}/anonymity")
def anonymity() -> str:
    """Show the page that explains the anonymity of reports and the limits of this anonymity."""
    pack = front_pack()
    return render_template(
        "hr/reports/anonymity.html",
        pack=pack,
        claim=find_claim(get_session(), pack, get_today()),
    )


def _read_request(campaign_id: int) -> ReportRequest:
    """Return the `ReportRequest` for the address.

    Abort with 404 if the address names a campaign that is missing, or that the staff member may
    not read. Also abort with 404 if the address names a unit or an earlier campaign that the page does not offer.
    """
    campaign = load_campaign(campaign_id, READER)
    pack = pack_of_attempt(campaign.content_hash)
    units = list_units(get_session(), campaign.id)
    earlier = list_some_campaigns(get_session(), _list_earlier(campaign, pack))
    return ReportRequest(
        campaign=campaign,
        units=units,
        unit=_find_named("unit", {each.id: each for each in units}),
        earlier=earlier,
        compared=_find_named("compare", {each.id: each for each in earlier}),
        pack=pack,
    )


def _list_earlier(campaign: Campaign, pack: Pack) -> list[int]:
    """Return the ids of earlier campaigns with the same pack, the newest first.

    The staff member may read each of these campaigns.

    Return the first PAGE ids. If the address names an earlier campaign that is not among these ids,
    also return the id of the named campaign.
    """
    newest_first = list_packs_used(get_session(), get_staff().id)
    same_pack = []
    for campaign_id, content_hash in newest_first.items():
        if campaign_id < campaign.id and pack_of_attempt(content_hash).id == pack.id:
            same_pack.append(campaign_id)

    offered = same_pack[:PAGE]
    named = request.args.get("compare", type=int)
    if named is not None and named in same_pack[PAGE:]:
        offered.append(named)
    return offered


def _find_named(parameter: str, choices: Mapping[int, _Choice]) -> _Choice | None:
    """Read an id from a query parameter of the address, and return the choice with this id.

    Return None if the parameter is missing or empty. Abort with 404 if no choice has the id.
    """
    if not request.args.get(parameter):
        return None
    choice = choices.get(request.args.get(parameter, 0, type=int))
    if choice is None:
        abort(404)
    return choice


def _make_report(report_request: ReportRequest) -> Report | None:
    """Return the report, or None if no figures of the unit are published."""
    path = report_request.path
    figures = read_figures(get_ledger(), report_request.campaign.id, path)
    before = None
    if report_request.compared:
        compared = read_figures(get_ledger(), report_request.compared.id, path)
        before = compared.get(path)

    people = {unit.path: unit.people for unit in report_request.units}
    people[()] = _count_people(report_request.units)
    return make_report(figures, path, people, before)


def _list_unreplicated(campaign_ids: list[int]) -> set[int]:
    """Return the ids of published campaigns whose figures HR's connection cannot read yet.

    HR's connection may read a replica. A replica receives the figures some seconds after the
    primary database.
    """
    if not campaign_ids:
        return set()
    published = list_published(get_session(), campaign_ids)
    if not published:
        return set()
    return published - list_published(get_ledger(), published)


def _count_people(units: list[Unit]) -> int | None:
    """Return the number of people in the whole campaign.

    Return None if the number is unknown for a top-level unit, or if the campaign has no units.
    """
    numbers = [unit.people for unit in units if len(unit.path) == 1]
    known = [number for number in numbers if number is not None]
    if not known or len(known) < len(numbers):
        return None
    return sum(known)
