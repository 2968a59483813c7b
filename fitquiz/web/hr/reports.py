"""HR's report: group figures from the ledger alone, unit by unit, and as files of exactly what is shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from fitquiz.core.groups.counting import STATISTICS, CountingPlan, published_from, read_plan
from fitquiz.core.groups.reporting import Report, make_report
from fitquiz.core.groups.units import Path
from fitquiz.core.packs import Pack
from fitquiz.store.accounts.audit_log import record_audit_entry
from fitquiz.store.campaigns.campaigns import (
    Campaign,
    list_campaigns,
    list_packs_used,
    list_some_campaigns,
)
from fitquiz.store.campaigns.units import Unit, list_units
from fitquiz.store.engine.paging import PAGE
from fitquiz.store.ledger.reading import list_published, read_figures, read_period
from fitquiz.web.hr.own_campaigns import load_campaign
from fitquiz.web.hr.privacy_costs import list_prices
from fitquiz.web.hr.report_files import WRITERS, list_lines
from fitquiz.web.security.current_staff import get_staff
from fitquiz.web.site.clock import get_now, get_today
from fitquiz.web.site.db import get_session, writing
from fitquiz.web.site.forms import ButtonForm
from fitquiz.web.site.installed_packs import front_pack, pack_of_attempt
from fitquiz.web.site.languages import get_language
from fitquiz.web.site.ledger_session import get_ledger
from fitquiz.web.site.paging import cut, read_place

blueprint = Blueprint("reports", __name__)
_BASE = "/reports"
_Named = TypeVar("_Named", Unit, Campaign)


@dataclass(frozen=True, slots=True)
class Request:
    """What a report is asked of: a campaign of one's own, a unit of it (or the whole), and an earlier campaign."""

    campaign: Campaign
    units: list[Unit]
    unit: Unit | None
    earlier: list[Campaign]
    compared: Campaign | None
    pack: Pack

    @property
    def path(self) -> Path:
        """The unit's labels."""
        return self.unit.path if self.unit else ()

    @property
    def plan(self) -> CountingPlan:
        """What the campaign counts."""
        return read_plan(self.campaign.statistics)


@blueprint.get(_BASE)
def reports() -> str:
    """List one's own campaigns, a page at a time, and what there is to read of each."""
    found, older = cut(list_campaigns(get_session(), get_staff().id, read_place("before")))
    published = list_published(get_ledger(), [each.id for each in found])
    arriving = _list_arriving([each.id for each in found if each.id not in published])
    return render_template(
        "hr/reports/reports.html",
        campaigns=found,
        older=older,
        published=published,
        arriving=arriving,
    )


@blueprint.get(f"{_BASE}/<int:campaign_id>")
def report(campaign_id: int) -> str:
    """Show what is published of a campaign, or of one of its units."""
    asked = _load(campaign_id)
    found = _read(asked)
    return render_template(
        "hr/reports/report.html",
        asked=asked,
        report=found,
        is_arriving=found is None and bool(_list_arriving([campaign_id])),
        period=read_period(get_ledger(), campaign_id),
        words=asked.pack.words_in(get_language()),
        least={name: published_from(name, asked.campaign.threshold) for name in asked.plan},
        ids={unit.path: unit.id for unit in asked.units},
        endings=list(WRITERS),
        today=get_today(),
        form=ButtonForm(),
    )


@blueprint.post(f"{_BASE}/<int:campaign_id>/report.<ending>")
def download(campaign_id: int, ending: str) -> AnyResponse:
    """Send exactly what the page shows as a file; the log notes it. Of nothing there is none: the page says why."""
    asked = _load(campaign_id)
    found = _read(asked)
    if ending not in WRITERS:
        abort(404)
    if found is None:
        return redirect(
            url_for("reports.report", campaign_id=campaign_id, unit=request.args.get("unit")), 303
        )
    write, mimetype = WRITERS[ending]
    lines = list_lines(found, asked.campaign.title, asked.plan, asked.pack)
    with writing() as session:
        record_audit_entry(session, get_staff(), "report-exported", asked.campaign.title, get_now())
    response = Response(write(lines), mimetype=mimetype)
    response.headers["Content-Disposition"] = (
        f'attachment; filename="fitquiz-report-{campaign_id}.{ending}"'
    )
    return response


@blueprint.get(f"{_BASE}/anonymity")
def anonymity() -> str:
    """Explain in plain words why nobody can be told from a report, and what is not promised."""
    pack = front_pack()
    return render_template(
        "hr/reports/anonymity.html", pack=pack, statistics=STATISTICS, prices=list_prices(pack)
    )


def _load(campaign_id: int) -> Request:
    """Return what is asked for; 404 alike for another's and for what is not there."""
    campaign = load_campaign(campaign_id)
    pack = pack_of_attempt(campaign.content_hash)
    units = list_units(get_session(), campaign.id)
    earlier = {
        each.id: each for each in list_some_campaigns(get_session(), _list_earlier(campaign, pack))
    }
    return Request(
        campaign,
        units,
        unit=_choose("unit", {unit.id: unit for unit in units}),
        earlier=list(earlier.values()),
        compared=_choose("compare", earlier),
        pack=pack,
    )


def _list_earlier(campaign: Campaign, pack: Pack) -> list[int]:
    """The newest campaigns of one's own before this one that count the same, and the one that the address names."""
    used, named = (
        list_packs_used(get_session(), campaign.owner_id),
        request.args.get("compare", type=int),
    )
    same = [
        each
        for each, used_one in used.items()
        if each < campaign.id and pack_of_attempt(used_one).id == pack.id
    ]
    return [each for place, each in enumerate(same) if place < PAGE or each == named]


def _choose(name: str, offered: Mapping[int, _Named]) -> _Named | None:
    """What the address names, or None if it names nothing; what is not offered is a 404."""
    if not request.args.get(name):
        return None
    return offered.get(request.args.get(name, type=int) or 0) or abort(404)


def _read(asked: Request) -> Report | None:
    figures = read_figures(get_ledger(), asked.campaign.id, asked.path)
    before = read_figures(get_ledger(), asked.compared.id, asked.path) if asked.compared else {}
    people = {unit.path: unit.people for unit in asked.units} | {(): _count_all(asked.units)}
    return make_report(figures, asked.path, people, before.get(asked.path))


def _list_arriving(campaign_ids: list[int]) -> set[int]:
    """Return those that are published and have not come to HR's copy yet, if it is one; it follows in seconds."""
    published = list_published(get_session(), campaign_ids) if campaign_ids else set()
    return published - list_published(get_ledger(), published) if published else set()


def _count_all(units: list[Unit]) -> int | None:
    top = [unit.people for unit in units if len(unit.path) == 1]
    known = [people for people in top if people is not None]
    return sum(known) if known and len(known) == len(top) else None
