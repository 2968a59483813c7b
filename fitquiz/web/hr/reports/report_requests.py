"""Reads which report the address of a page asks for, and makes the report.

The page of HR and the page of respondents use the same functions. Therefore both pages show the
same figures.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from flask import abort, request

from fitquiz.core.groups.counting import CountingPlan, published_from, read_plan
from fitquiz.core.groups.factor_budgets import multiply_factors, name_anonymity
from fitquiz.core.groups.reporting import (
    ROW_STATISTICS,
    Report,
    list_below,
    make_report,
)
from fitquiz.core.groups.response_rates import Counting
from fitquiz.core.groups.seal_rules import AT_CLOSE, find_next_seal
from fitquiz.core.groups.unit_lists import Path
from fitquiz.core.packs import Pack
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.campaigns.invitations import count_personal
from fitquiz.store.campaigns.units import Unit, list_units
from fitquiz.store.engine.paging import PAGE
from fitquiz.store.ledger.reading import (
    read_overview,
    read_period,
    read_some_figures,
)
from fitquiz.web.site.charts import find_side
from fitquiz.web.site.clock import get_today
from fitquiz.web.site.database_session import get_session
from fitquiz.web.site.foreign_texts import page_words
from fitquiz.web.site.installed_packs import pack_of_attempt
from fitquiz.web.site.ledger_session import get_ledger
from fitquiz.web.site.paging import read_page

_Choice = TypeVar("_Choice", Unit, Campaign)


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """The campaign, the unit, the page and the earlier campaign that an address names.

    `endpoint` and `values` make the address of the report of the whole campaign.

    `units` contains all units of the campaign. `without_unit` is the number of people with an
    invitation that belongs to no unit. `unit` is None for a report about the whole
    campaign. `below` contains the units one level below `unit`. `page` is the number of the page of
    these units. The first page is 0.

    `earlier` contains the earlier campaigns that the page offers as choices. `compared` is the
    earlier campaign that the address names, or None.
    """

    endpoint: str
    values: Mapping[str, object]
    campaign: Campaign
    pack: Pack
    units: list[Unit]
    without_unit: int
    unit: Unit | None
    below: list[Path]
    page: int
    earlier: list[Campaign]
    compared: Campaign | None

    @property
    def path(self) -> Path:
        """The path of the unit. The path of the whole campaign is empty."""
        return self.unit.path if self.unit else ()

    @property
    def plan(self) -> CountingPlan:
        """The statistics that the campaign counts, and the noise of each statistic."""
        return read_plan(self.campaign.statistics)

    @property
    def people(self) -> dict[Path, int | None]:
        """The head-count of each unit and of the whole campaign, or None if it is unknown."""
        people = {unit.path: unit.people for unit in self.units}
        people[()] = _count_people(self.units, self.without_unit)
        return people

    @property
    def shown_units(self) -> list[Path]:
        """The units one level below that this page shows."""
        start = self.page * PAGE
        end = start + PAGE
        return self.below[start:end]

    @property
    def last_page(self) -> int:
        """The number of the last page."""
        last_unit = len(self.below) - 1
        page = last_unit // PAGE
        return max(0, page)

    @property
    def first_number(self) -> int:
        """The number of the first unit on this page, counted from 1."""
        return self.page * PAGE + 1

    @property
    def last_number(self) -> int:
        """The number of the last unit on this page, counted from 1."""
        next_page = self.page + 1
        end = next_page * PAGE
        return min(end, len(self.below))


def read_request(
    endpoint: str,
    values: Mapping[str, object],
    campaign: Campaign,
    earlier: list[Campaign],
) -> ReportRequest:
    """Return the `ReportRequest` for the address of this request.

    Abort with 404 if the address names a unit, a page or an earlier campaign that does not exist.
    """
    units = list_units(get_session(), campaign.id)
    unit = _find_named("unit", {each.id: each for each in units})
    above = unit.path if unit else ()
    report_request = ReportRequest(
        endpoint=endpoint,
        values=values,
        campaign=campaign,
        pack=pack_of_attempt(campaign.content_hash),
        units=units,
        without_unit=_count_without_unit(campaign),
        unit=unit,
        below=list_below([each.path for each in units], above),
        page=read_page(),
        earlier=earlier,
        compared=_find_named("compare", {each.id: each for each in earlier}),
    )
    if report_request.page > report_request.last_page:
        abort(404)
    return report_request


def make_page_report(report_request: ReportRequest) -> Report | None:
    """Return the report with the units of one page, or None if no figures are published."""
    return _make_report(report_request, report_request.shown_units, ROW_STATISTICS)


def make_whole_report(report_request: ReportRequest) -> Report | None:
    """Return the report with all units one level below, or None if no figures are published."""
    return _make_report(report_request, report_request.below, ())


def describe_report(
    report_request: ReportRequest, report: Report | None
) -> dict[str, object]:
    """Return what the templates of a report need."""
    campaign = report_request.campaign
    pack = report_request.pack
    plan = report_request.plan
    words = page_words(pack)
    today = get_today()
    return {
        "report_request": report_request,
        "report": report,
        "state": campaign.state(today),
        "next_seal": _find_next_seal(campaign, today),
        "period": read_period(get_ledger(), campaign.id),
        "words": words,
        "trait_columns": [
            (trait.id, words["traits"][trait.id]["name"], find_side(pack, trait))
            for trait in pack.traits
        ],
        "least": {
            name: published_from(name, noise, campaign.threshold)
            for name, noise in plan.items()
        },
        "ids": {unit.path: unit.id for unit in report_request.units},
        "anonymity": name_anonymity(multiply_factors(plan, pack)),
    }


def _make_report(
    report_request: ReportRequest, rows: list[Path], statistics: tuple[str, ...]
) -> Report | None:
    path = report_request.path
    campaign_id = report_request.campaign.id
    ledger = get_ledger()
    figures = read_some_figures(ledger, campaign_id, [path])
    figures |= read_some_figures(ledger, campaign_id, rows, statistics)
    before = None
    if report_request.compared:
        compared = read_some_figures(ledger, report_request.compared.id, [path])
        before = compared.get(path)
    return make_report(
        figures,
        path,
        report_request.people,
        read_overview(ledger, campaign_id, path),
        rows,
        _describe_counting(report_request.campaign),
        before,
    )


def _describe_counting(campaign: Campaign) -> Counting:
    is_single = campaign.sealing == AT_CLOSE and campaign.sealed_at is not None
    return Counting(is_single, campaign.cap, campaign.is_personal)


def _find_next_seal(campaign: Campaign, today: date) -> date | None:
    """Return the day of the next seal. Return None if no seal follows, or if the seal is due now."""
    if campaign.is_over or today > campaign.closes_on:
        return None
    return find_next_seal(
        campaign.sealing,
        campaign.opens_on,
        campaign.closes_on,
        campaign.ticked_on,
    )


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


def _count_without_unit(campaign: Campaign) -> int:
    if not campaign.is_personal:
        return 0
    return count_personal(get_session(), campaign.id).get(None, 0)


def _count_people(units: list[Unit], without_unit: int) -> int | None:
    """Return the number of people in the whole campaign.

    Return None if the number is unknown for a top-level unit, or if the campaign has no units.
    """
    numbers = [unit.people for unit in units if len(unit.path) == 1]
    known = [number for number in numbers if number is not None]
    if not known or len(known) < len(numbers):
        return None
    return sum(known) + without_unit
