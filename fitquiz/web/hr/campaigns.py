"""The pages on which an owner lists, creates, views and changes campaigns."""

from collections.abc import Container
from dataclasses import asdict

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from fitquiz.core.groups.counting import BY_DEFAULT, read_plan
from fitquiz.core.groups.factor_budgets import (
    BUDGETS,
    STRONG,
    multiply_factors,
    name_anonymity,
)
from fitquiz.core.groups.unit_lists import UnitDraft, write_units
from fitquiz.core.languages import LANGUAGES
from fitquiz.core.packs import Pack
from fitquiz.store.accounts.audit_log import record_audit_entry
from fitquiz.store.campaigns.campaigns import (
    Campaign,
    CampaignChoices,
    change_campaign,
    create_campaign,
)
from fitquiz.store.campaigns.own_campaigns import list_campaigns
from fitquiz.store.campaigns.units import Unit, list_units
from fitquiz.web.hr.campaign_forms import (
    OPEN_LINK,
    PERSONAL,
    CampaignForm,
    CountingForm,
    NamesForm,
    NewCampaignForm,
)
from fitquiz.web.hr.form_costs import (
    CostFaultError,
    asks_for_cost,
    find_cost,
    settle_changes,
    settle_plan,
)
from fitquiz.web.hr.invitation_links import make_open_link
from fitquiz.web.hr.own_campaigns import load_campaign
from fitquiz.web.hr.privacy_costs import GROUP_SIZES, count_people
from fitquiz.web.mail.mail_switch import find_site
from fitquiz.web.security.current_staff import get_staff
from fitquiz.web.security.rate_limits import take_making
from fitquiz.web.site.clock import get_now, get_today
from fitquiz.web.site.database_session import get_session, writing
from fitquiz.web.site.foreign_texts import list_titles
from fitquiz.web.site.installed_packs import list_installed, pack_of_attempt
from fitquiz.web.site.paging import cut, read_place

blueprint = Blueprint("campaigns", __name__)
_BASE = "/campaigns"
_CAMPAIGN = f"{_BASE}/<int:campaign_id>"


@blueprint.get(_BASE)
def campaigns() -> str:
    """Show the list of the owner's campaigns. A long list is split into several pages."""
    found = list_campaigns(get_session(), get_staff().id, read_place("before"))
    shown, older = cut(found)
    return render_template(
        "hr/campaigns/campaigns.html",
        campaigns=shown,
        older=older,
        today=get_today(),
    )


@blueprint.route(f"{_BASE}/new", methods=["GET", "POST"])
def new() -> str | Response | tuple[str, int]:
    """Show the form for a campaign, and create the campaign after the owner sends the form.

    If the owner chooses open links, the view also creates the open links.
    """
    today = get_today()
    form = NewCampaignForm(
        today,
        opens_on=today,
        statistics=BY_DEFAULT,
        languages=LANGUAGES,
    )
    pack = _offer_packs(form)
    if not asks_for_cost() and form.validate_on_submit():
        try:
            campaign_id = _create(form, pack)
        except CostFaultError as fault:
            fault.explain(form)
        else:
            if campaign_id is None:
                return redirect(url_for("campaigns.campaigns"), 303)
            return redirect(url_for("campaigns.campaign", campaign_id=campaign_id), 303)
    people = count_people(form.units.drafts, form.cap.data)
    return _show("hr/campaigns/new.html", form, pack, people, faults=form.units.faults)


@blueprint.get(f"{_CAMPAIGN}/copy")
def copy(campaign_id: int) -> tuple[str, int]:
    """Show the form for a campaign with the choices of an earlier campaign.

    The form stores nothing until the owner sends the form. The days are not copied.
    """
    copied = load_campaign(campaign_id)
    units = list_units(get_session(), copied.id)
    drafts = tuple(UnitDraft(unit.path, unit.people) for unit in units)
    form = NewCampaignForm(
        get_today(),
        opens_on=get_today(),
        title=copied.title,
        inviter=copied.inviter,
        languages=copied.languages,
        cap=copied.cap,
        pack=pack_of_attempt(copied.content_hash).id,
        kind=PERSONAL if copied.is_personal else OPEN_LINK,
        units=write_units(drafts),
        statistics=list(read_plan(copied.statistics)),
        anonymity=_name_choice(copied),
        sealing=copied.sealing,
        threshold=copied.threshold,
        split_from=copied.split_from,
    )
    pack = _offer_packs(form)
    people = count_people(drafts, copied.cap)
    return _show("hr/campaigns/new.html", form, pack, people, faults=(), copied=copied)


@blueprint.get(_CAMPAIGN)
def campaign(campaign_id: int) -> str:
    """Show the settings and the state of a campaign. The page has links and buttons for changes."""
    campaign = load_campaign(campaign_id)
    return render_template(
        "hr/campaigns/campaign.html",
        campaign=campaign,
        state=campaign.state(get_today()),
        units=list_units(get_session(), campaign.id),
        plan=read_plan(campaign.statistics),
        anonymity=_name_anonymity(campaign),
    )


@blueprint.route(f"{_CAMPAIGN}/edit", methods=["GET", "POST"])
def edit(campaign_id: int) -> str | Response | tuple[str, int]:
    """Show the form for a campaign's settings, and store the settings that the owner sends.

    A frozen setting cannot be changed. A setting can freeze after the browser has loaded the form.
    If the owner then sends a change of this setting, store nothing and show an error.
    """
    campaign = load_campaign(campaign_id)
    pack = pack_of_attempt(campaign.content_hash)
    units = list_units(get_session(), campaign.id)
    form = _make_edit_form(campaign, pack, request.form)
    if not asks_for_cost() and form.validate_on_submit():
        try:
            if _change(campaign, form, pack, units):
                return redirect(
                    url_for("campaigns.campaign", campaign_id=campaign.id), 303
                )
        except CostFaultError as fault:
            fault.explain(form)
        else:
            campaign = load_campaign(campaign_id)
            form = _make_edit_form(campaign, pack, ())
            form.form_errors.append("over" if campaign.is_over else "frozen")

    cap = form.cap.data if isinstance(form, CampaignForm) else None
    return _show(
        "hr/campaigns/edit.html",
        form,
        pack,
        count_people(units, cap),
        campaign=campaign,
        plan=read_plan(campaign.statistics),
        anonymity=_name_anonymity(campaign),
    )


def _create(form: NewCampaignForm, pack: Pack) -> int | None:
    """Store the campaign that the form describes, and return the campaign's id.

    If the browser sends the same form twice, the second call stores nothing. The second call
    returns the id of the owner's newest campaign with this title, or None.

    Raise CostFaultError if the yearly account has too little left, or if the owner must first see
    how exact the figures become.
    """
    now = get_now()
    values = form.read()
    people = count_people(form.units.drafts, form.cap.data)
    with writing() as session:
        if not take_making(session, f"{get_staff().id}:{form.fingerprint}", now):
            return _find_made(session, values["title"])
        values["statistics"] = settle_plan(session, form, pack, people)
        new = CampaignChoices(**values, is_personal=form.kind.data == PERSONAL)
        return create_campaign(
            session,
            get_staff(),
            new,
            pack,
            form.units.drafts,
            make_open_link,
            now,
            find_site(),
        )


def _find_made(session: Session, title: str) -> int | None:
    """Return the id of the owner's newest campaign with this title.

    Search only the first page of the owner's campaigns, because `list_campaigns` returns one page.
    Return None if no campaign on the first page has the title.
    """
    for campaign in list_campaigns(session, get_staff().id):
        if campaign.title == title:
            return campaign.id
    return None


def _change(campaign: Campaign, form: NamesForm, pack: Pack, units: list[Unit]) -> bool:
    """Store the settings in the form and an audit entry, and return True.

    If the form changes a frozen setting, store nothing and return False. Raise CostFaultError if
    the yearly account has too little left, or if the owner must first see how exact the figures
    become.
    """
    with writing() as session:
        changes = settle_changes(session, campaign, form, pack, units)
        changed = change_campaign(session, campaign, changes, get_today())
        if changed:
            record_audit_entry(
                session, get_staff(), "campaign-changed", campaign.title, get_now()
            )
    return changed


def _offer_packs(form: NewCampaignForm) -> Pack:
    """Offer the installed packs and the statistics of the chosen pack in the form.

    Return the chosen pack. If the form names no installed pack, choose the first installed pack.
    """
    installed = list_installed()
    form.pack.choices = list_titles(installed)
    chosen = installed[0]
    for pack in installed:
        if pack.id == form.pack.data:
            chosen = pack
    form.offer(chosen)
    return chosen


def _make_edit_form(campaign: Campaign, pack: Pack, sent: Container[str]) -> NamesForm:
    """Return a form with the settings that are not frozen.

    `sent` contains the names of the fields that the browser sent. If the browser sent frozen
    settings, return a form that contains the frozen settings too. A form without the frozen
    settings would ignore a change of these settings and show no error.
    """
    values = asdict(campaign)
    values["statistics"] = list(read_plan(campaign.statistics))
    values["anonymity"] = _name_choice(campaign)
    values["seen"] = campaign.statistics
    if campaign.is_over and "closes_on" not in sent:
        return NamesForm(get_today(), data=values)
    if campaign.is_fixed(get_today()) and "threshold" not in sent:
        return CampaignForm(get_today(), data=values)
    form = CountingForm(get_today(), data=values)
    form.offer(pack)
    return form


def _name_anonymity(campaign: Campaign) -> str:
    """Return the word for the anonymity of a campaign."""
    pack = pack_of_attempt(campaign.content_hash)
    factor = multiply_factors(read_plan(campaign.statistics), pack)
    return name_anonymity(factor)


def _name_choice(campaign: Campaign) -> str:
    """Return the anonymity that the form shows as chosen.

    A campaign from before the budgets can be WEAK. HR cannot choose WEAK.
    """
    anonymity = _name_anonymity(campaign)
    return anonymity if anonymity in BUDGETS else STRONG


def _show(
    template: str, form: NamesForm, pack: Pack, people: int | None, **values: object
) -> tuple[str, int]:
    """Return the HTML of the form's page, and the HTTP status.

    `people` is the largest possible number of responses, or None. A form with figures also shows
    how exact the figures become.
    """
    cost = None
    if isinstance(form, CountingForm):
        campaign = values.get("campaign")
        campaign_id = campaign.id if isinstance(campaign, Campaign) else None
        cost = find_cost(get_session(), form, pack, people, campaign_id)
        form.seen.data = cost.written_plan
    page = render_template(
        template,
        form=form,
        pack=pack,
        people=people,
        cost=cost,
        sizes=GROUP_SIZES,
        **values,
    )
    return page, 400 if form.errors else 200
