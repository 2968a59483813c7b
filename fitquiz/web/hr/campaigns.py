"""The pages on which an owner lists, creates, views and changes campaigns."""

from datetime import timedelta

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from fitquiz.core.groups.counting import BY_DEFAULT, read_plan
from fitquiz.core.groups.unit_lists import UnitDraft, write_units
from fitquiz.core.languages import LANGUAGES
from fitquiz.core.packs import Pack
from fitquiz.store.campaigns.campaigns import (
    Campaign,
    CampaignChoices,
    create_campaign,
)
from fitquiz.store.campaigns.own_campaigns import list_campaigns, list_shared
from fitquiz.store.campaigns.units import list_units
from fitquiz.web.hr.campaign_forms import (
    OPEN_LINK,
    PERSONAL,
    CampaignForm,
    CountingForm,
    NamesForm,
    NewCampaignForm,
)
from fitquiz.web.hr.changed_settings import (
    CHANGED,
    STALE,
    list_settings,
    make_edit_form,
    store_settings,
)
from fitquiz.web.hr.form_costs import (
    CostFaultError,
    asks_for_cost,
    choose_anonymity,
    find_anonymity,
    find_cost,
    settle_plan,
)
from fitquiz.web.hr.invitation_links import make_open_link
from fitquiz.web.hr.own_campaigns import load_campaign
from fitquiz.web.hr.privacy_costs import GROUP_SIZES, count_people
from fitquiz.web.hr.versions import find_changes, write_version
from fitquiz.web.limits.rate_limits import take_making
from fitquiz.web.mail.mail_switch import can_send_mail, find_site
from fitquiz.web.security.current_staff import get_staff
from fitquiz.web.site.clock import get_now, get_today
from fitquiz.web.site.database_session import get_session, writing
from fitquiz.web.site.foreign_texts import list_titles
from fitquiz.web.site.installed_packs import list_installed, pack_of_attempt
from fitquiz.web.site.paging import cut, read_place

blueprint = Blueprint("campaigns", __name__)
_BASE = "/campaigns"
_CAMPAIGN = f"{_BASE}/<int:campaign_id>"
_USUAL_LENGTH = timedelta(days=14)
"""The last day of a new campaign is suggested so long after its first day."""


@blueprint.get(_BASE)
def campaigns() -> str:
    """Show the list of the owner's campaigns, and of the reports that others share with the owner.

    A long list is split into several pages.
    """
    found = list_campaigns(get_session(), get_staff().id, read_place("before"))
    shown, older = cut(found)
    return render_template(
        "hr/campaigns/campaigns.html",
        campaigns=shown,
        older=older,
        shared=list_shared(get_session(), get_staff().id),
        today=get_today(),
    )


@blueprint.route(f"{_BASE}/new", methods=["GET", "POST"])
def new() -> str | Response | tuple[str, int]:
    """Show the form for a campaign, and create the campaign after the owner sends the form.

    If the owner chooses open links, the view also creates the open links. If the owner sends a list
    of people, the browser sends the form again to the page that shows the list.
    """
    today = get_today()
    form = NewCampaignForm(
        today,
        inviter=_find_inviter(),
        opens_on=today,
        closes_on=today + _USUAL_LENGTH,
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
            if form.has_list:
                # With the status 307, the browser sends the form with the list to the other page.
                page = _find_page_for_list()
                address = url_for(page, campaign_id=campaign_id, created=1)
                return redirect(address, 307)
            address = url_for(
                "campaigns.campaign", campaign_id=campaign_id, done="campaign-created"
            )
            return redirect(address, 303)
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
        anonymity=choose_anonymity(copied),
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
        anonymity=find_anonymity(campaign),
    )


@blueprint.route(f"{_CAMPAIGN}/edit", methods=["GET", "POST"])
def edit(campaign_id: int) -> str | Response | tuple[str, int]:
    """Show the form for a campaign's settings, and store the settings that the owner sends.

    A frozen setting cannot be changed. A setting can freeze after the browser has loaded the form.
    If the owner then sends a change of this setting, store nothing and show an error. Also store
    nothing if somebody has changed the settings since the browser has loaded the form.
    """
    campaign = load_campaign(campaign_id)
    pack = pack_of_attempt(campaign.content_hash)
    units = list_units(get_session(), campaign.id)
    form = make_edit_form(campaign, pack, request.form)
    since: tuple[str, ...] = ()
    if not asks_for_cost() and form.validate_on_submit():
        try:
            outcome = store_settings(campaign, form, pack, units)
        except CostFaultError as fault:
            fault.explain(form)
        else:
            if outcome == CHANGED:
                address = url_for(
                    "campaigns.campaign", campaign_id=campaign.id, done="saved"
                )
                return redirect(address, 303)
            campaign = load_campaign(campaign_id)
            if outcome == STALE:
                since = find_changes(form.version.data, list_settings(campaign)).changed
                form.version.data = write_version(list_settings(campaign))
            else:
                form = make_edit_form(campaign, pack, ())
            form.form_errors.append(outcome)

    cap = form.cap.data if isinstance(form, CampaignForm) else None
    return _show(
        "hr/campaigns/edit.html",
        form,
        pack,
        count_people(units, cap),
        campaign=campaign,
        plan=read_plan(campaign.statistics),
        anonymity=find_anonymity(campaign),
        since=since,
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
        new = CampaignChoices(**values, is_personal=form.is_personal)
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


def _find_page_for_list() -> str:
    """Return the route of the page that shows a list of people."""
    return "mailings.new" if can_send_mail() else "people.new"


def _find_inviter() -> str:
    """Return who invites in the owner's newest campaign, or an empty text."""
    for campaign in list_campaigns(get_session(), get_staff().id):
        return campaign.inviter
    return ""


def _find_made(session: Session, title: str) -> int | None:
    """Return the id of the owner's newest campaign with this title.

    Search only the first page of the owner's campaigns, because `list_campaigns` returns one page.
    Return None if no campaign on the first page has the title.
    """
    for campaign in list_campaigns(session, get_staff().id):
        if campaign.title == title:
            return campaign.id
    return None


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
