"""The page on which HR lets respondents see the report of a sealed campaign."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms.validators import InputRequired, Length

from fitquiz.store.accounts.audit_log import record_audit_entry
from fitquiz.store.campaigns.campaigns import Campaign, lock_campaign
from fitquiz.store.campaigns.respondent_reports import (
    RespondentReport,
    close_respondent_report,
    find_respondent_report,
    open_respondent_report,
)
from fitquiz.store.ledger.reading import list_published
from fitquiz.web.forms.form_fields import Lines, Version
from fitquiz.web.forms.forms import ButtonForm, StaffForm, is_given_back
from fitquiz.web.hr.own_campaigns import load_campaign
from fitquiz.web.hr.versions import find_changes, write_version
from fitquiz.web.security.current_staff import get_staff
from fitquiz.web.site.clock import get_now, get_today
from fitquiz.web.site.database_session import get_session, writing
from fitquiz.web.site.ledger_session import get_ledger

blueprint = Blueprint("respondent_reports", __name__)
_BASE = "/reports/<int:campaign_id>/respondents"

MAX_PLANS = 1000
SHOWN = "shown"
HIDDEN = "hidden"
STALE = "stale"


class PlansForm(StaffForm):
    """What HR will do after the survey, and the version of the text that the form was made from."""

    version = Version()
    plans = Lines(
        filters=[lambda text: "\n".join((text or "").strip().splitlines())],
        validators=[
            InputRequired("required"),
            Length(min=1, message="required"),
            Length(max=MAX_PLANS, message="text-too-long"),
        ],
    )


@blueprint.route(_BASE, methods=["GET", "POST"])
def show(campaign_id: int) -> str | Response | tuple[str, int]:
    """Show the form for what HR will do. On POST, let respondents see the report with this text.

    If somebody has changed the text since the browser has loaded the form, store nothing. The page
    then shows the other text, and the form keeps what was typed.
    """
    campaign = load_campaign(campaign_id)
    form = PlansForm()
    if not form.is_submitted() or not _has_final_figures(campaign):
        return _show_page(campaign, form)
    if not form.validate():
        return _show_page(campaign, form)
    if not _store(campaign, form):
        form.form_errors.append(STALE)
        return _show_page(campaign, form)
    return redirect(
        url_for("respondent_reports.show", campaign_id=campaign_id, done=SHOWN), 303
    )


@blueprint.post(f"{_BASE}/hide")
def hide(campaign_id: int) -> Response:
    """Take the report away from respondents. A second request changes nothing."""
    campaign = load_campaign(campaign_id)
    with writing() as session:
        if close_respondent_report(session, campaign.id):
            record_audit_entry(
                session, get_staff(), "report-hidden", campaign.title, get_now()
            )
    return redirect(
        url_for("respondent_reports.show", campaign_id=campaign_id, done=HIDDEN), 303
    )


def _store(campaign: Campaign, form: PlansForm) -> bool:
    """Store the text and show the report, and return True.

    If the form was made from an older text, store nothing and return False. If the text already is
    as in the form, the form was sent twice: store nothing and return True.
    """
    plans = str(form.plans.data)
    with writing() as session:
        # With the lock, the second of two requests waits for the first request.
        lock_campaign(session, campaign.id)
        present = find_respondent_report(session, campaign.id)
        values = _name_values(present)
        if find_changes(form.version.data, values):
            return present is not None and present.is_open and present.plans == plans
        open_respondent_report(session, campaign.id, plans, get_today())
        record_audit_entry(
            session, get_staff(), "report-shown", campaign.title, get_now()
        )
    return True


def _name_values(shown: RespondentReport | None) -> dict[str, object]:
    """Return what the form changes, by name."""
    if shown is None:
        return {"plans": "", "shown": False}
    return {"plans": shown.plans, "shown": shown.is_open}


def _show_page(campaign: Campaign, form: PlansForm) -> tuple[str, int]:
    shown = find_respondent_report(get_session(), campaign.id)
    if shown and not form.is_submitted() and not is_given_back():
        form.plans.data = shown.plans
    is_stale = STALE in form.form_errors
    if is_stale or not (form.is_submitted() or is_given_back()):
        form.version.data = write_version(_name_values(shown))
    page = render_template(
        "hr/reports/respondents.html",
        campaign=campaign,
        form=form,
        button=ButtonForm(),
        shown=shown,
        is_stale=is_stale,
        has_figures=_has_final_figures(campaign),
        most=MAX_PLANS,
        done=request.args.get("done"),
    )
    return page, 400 if form.errors else 200


def _has_final_figures(campaign: Campaign) -> bool:
    """Return whether the campaign has had its final seal and has published figures."""
    if campaign.sealed_at is None:
        return False
    published = list_published(get_ledger(), [campaign.id])
    return campaign.id in published
