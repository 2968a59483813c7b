"""The reports for HR. A report shows published figures of groups, on a page or in a file."""

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

from fitquiz.core.packs import Pack
from fitquiz.store.accounts.audit_log import record_audit_entry
from fitquiz.store.campaigns.campaigns import (
    READER,
    Campaign,
    list_some_campaigns,
)
from fitquiz.store.campaigns.own_campaigns import list_campaigns, list_packs_used
from fitquiz.store.engine.paging import PAGE
from fitquiz.store.ledger.reading import list_published
from fitquiz.web.forms.forms import ButtonForm
from fitquiz.web.hr.own_campaigns import is_owner, load_campaign
from fitquiz.web.hr.reports.anonymity_claim import find_claim
from fitquiz.web.hr.reports.report_files import WRITERS, FileContent, list_lines
from fitquiz.web.hr.reports.report_requests import (
    ReportRequest,
    describe_report,
    make_page_report,
    make_whole_report,
    read_request,
)
from fitquiz.web.hr.reports.report_summary import list_sheet_lines, list_summary_lines
from fitquiz.web.security.current_staff import get_staff
from fitquiz.web.site.clock import get_now, get_today
from fitquiz.web.site.database_session import get_session, writing
from fitquiz.web.site.foreign_texts import page_words
from fitquiz.web.site.installed_packs import front_pack, pack_of_attempt
from fitquiz.web.site.ledger_session import get_ledger
from fitquiz.web.site.paging import cut, read_place

blueprint = Blueprint("reports", __name__)
_BASE = "/reports"


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
        today=get_today(),
        arriving=_list_unreplicated(unpublished),
    )


@blueprint.get(f"{_BASE}/<int:campaign_id>")
def report(campaign_id: int) -> str:
    """Show the published figures of the whole campaign, or of the unit that the address names."""
    report_request = _read_request(campaign_id)
    found = make_page_report(report_request)
    is_arriving = False
    if found is None:
        is_arriving = bool(_list_unreplicated([campaign_id]))
    described = describe_report(report_request, found)
    return render_template(
        "hr/reports/report.html",
        **described,
        is_arriving=is_arriving,
        summary="\n".join(list_summary_lines(described)) if found else "",
        endings=list(WRITERS),
        is_owner=is_owner(report_request.campaign),
        form=ButtonForm(),
    )


@blueprint.post(f"{_BASE}/<int:campaign_id>/report.<ending>")
def download(campaign_id: int, ending: str) -> AnyResponse:
    """Send the figures of the report as a file, and add an audit entry.

    If no figures are published, redirect to the report's page. The page explains why no figures are
    published.
    """
    report_request = _read_request(campaign_id)
    found = make_whole_report(report_request)
    if ending not in WRITERS:
        abort(404)
    if found is None:
        unit = request.args.get("unit")
        return redirect(
            url_for("reports.report", campaign_id=campaign_id, unit=unit), 303
        )

    title = report_request.campaign.title
    described = describe_report(report_request, found)
    content = FileContent(
        title=title,
        lines=list_lines(found, report_request.plan, report_request.pack),
        summary=list_sheet_lines(described),
        words=page_words(report_request.pack),
    )
    write, mimetype = WRITERS[ending]
    with writing() as session:
        record_audit_entry(session, get_staff(), "report-exported", title, get_now())

    response = Response(write(content), mimetype=mimetype)
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
    not read. Also abort with 404 if the address names a unit or an earlier campaign that the page
    does not offer.
    """
    campaign = load_campaign(campaign_id, READER)
    pack = pack_of_attempt(campaign.content_hash)
    earlier = list_some_campaigns(get_session(), _list_earlier(campaign, pack))
    return read_request(
        "reports.report", {"campaign_id": campaign_id}, campaign, earlier
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
