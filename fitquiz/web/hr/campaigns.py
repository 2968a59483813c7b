"""The pages on which an owner lists, creates, views and changes campaigns."""

from collections.abc import Container
from dataclasses import asdict
from datetime import timedelta
from fractions import Fraction

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from fitquiz.core.groups.counting import BY_DEFAULT, read_plan
from fitquiz.core.languages import LANGUAGES
from fitquiz.core.packs import Pack
from fitquiz.store.accounts.audit_log import record_audit_entry
from fitquiz.store.campaigns.campaigns import (
    Campaign,
    CampaignChoices,
    change_campaign,
    create_campaign,
    list_campaigns,
    lock_campaign,
)
from fitquiz.store.campaigns.units import list_units
from fitquiz.store.engine.field_names import list_fields
from fitquiz.web.hr.campaign_forms import (
    CampaignForm,
    CountingForm,
    NamesForm,
    NewCampaignForm,
)
from fitquiz.web.hr.invitation_links import make_open_link
from fitquiz.web.hr.own_campaigns import load_campaign
from fitquiz.web.hr.privacy_costs import GROUP_SIZES, list_prices, multiply_factors
from fitquiz.web.hr.versions import find_changes, write_version
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
CHANGED = "changed"
STALE = "stale"
FROZEN = "frozen"
OVER = "over"
"""What can become of changed settings."""
_USUAL_LENGTH = timedelta(days=14)
"""The last day of a new campaign is suggested so long after its first day."""


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
    if form.validate_on_submit():
        campaign_id = _create(form, pack)
        if campaign_id is None:
            return redirect(url_for("campaigns.campaigns"), 303)
        if form.has_list:
            page = _find_page_for_list()
            # With the status 307, the browser sends the form with the list to the other page.
            return redirect(url_for(page, campaign_id=campaign_id, created=1), 307)
        return redirect(url_for("campaigns.campaign", campaign_id=campaign_id), 303)
    return _show("hr/campaigns/new.html", form, pack, faults=form.units.faults)


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
    form = _make_edit_form(campaign, pack, request.form)
    since: tuple[str, ...] = ()
    if form.validate_on_submit():
        outcome = _change(campaign, form)
        if outcome == CHANGED:
            address = url_for("campaigns.campaign", campaign_id=campaign.id, saved=1)
            return redirect(address, 303)
        campaign = load_campaign(campaign_id)
        if outcome == STALE:
            since = find_changes(form.version.data, list_settings(campaign)).changed
            form.version.data = write_version(list_settings(campaign))
        else:
            form = _make_edit_form(campaign, pack, ())
        form.form_errors.append(outcome)

    return _show(
        "hr/campaigns/edit.html",
        form,
        pack,
        campaign=campaign,
        plan=read_plan(campaign.statistics),
        since=since,
    )


def _create(form: NewCampaignForm, pack: Pack) -> int | None:
    """Store the campaign that the form describes, and return the campaign's id.

    If the browser sends the same form twice, the second call stores nothing. The second call
    returns the id of the owner's newest campaign with this title, or None.
    """
    now = get_now()
    new = CampaignChoices(**form.read(), is_personal=form.is_personal)
    with writing() as session:
        if not take_making(session, f"{get_staff().id}:{form.fingerprint}", now):
            return _find_made(session, new.title)
        return create_campaign(
            session,
            get_staff(),
            new,
            pack,
            form.units.drafts,
            make_open_link,
            now,
        )


def _find_page_for_list() -> str:
    """Return the route of the page that shows a list of people."""
    has_mail = current_app.extensions["fitquiz_mail_server"] is not None
    return "mailings.new" if has_mail else "people.new"


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


def _change(campaign: Campaign, form: NamesForm) -> str:
    """Store the settings in the form and an audit entry, and return CHANGED.

    Store nothing and return STALE if the form was made from older settings. If the settings already
    are as in the form, the form was sent twice: store nothing and return CHANGED.

    If the form changes a frozen setting, store nothing and return OVER or FROZEN.
    """
    settings = form.read()
    with writing() as session:
        current = lock_campaign(session, campaign.id)
        if current is not None and find_changes(
            form.version.data, list_settings(current)
        ):
            is_same = all(getattr(current, name) == settings[name] for name in settings)
            return CHANGED if is_same else STALE
        if not change_campaign(session, campaign, settings, get_today()):
            return OVER if current is not None and current.is_over else FROZEN
        record_audit_entry(
            session, get_staff(), "campaign-changed", campaign.title, get_now()
        )
    return CHANGED


def list_settings(campaign: Campaign) -> dict[str, object]:
    """Return the settings that an owner can change, by name."""
    return {name: getattr(campaign, name) for name in list_fields(CampaignChoices)}


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
    values["version"] = write_version(list_settings(campaign))
    values["statistics"] = list(read_plan(campaign.statistics))
    if campaign.is_over and "closes_on" not in sent:
        return NamesForm(get_today(), data=values)
    if campaign.is_fixed(get_today()) and "threshold" not in sent:
        return CampaignForm(get_today(), data=values)
    form = CountingForm(get_today(), data=values)
    form.offer(pack)
    return form


def _show(
    template: str, form: NamesForm, pack: Pack, **values: object
) -> tuple[str, int]:
    """Return the HTML of the form's page, and the HTTP status.

    The template receives the privacy cost of each statistic.
    """
    prices = list_prices(pack)
    product = Fraction(1)
    if isinstance(form, CountingForm):
        product = multiply_factors(prices, form.statistics.data or ())
    page = render_template(
        template,
        form=form,
        pack=pack,
        prices=prices,
        sizes=GROUP_SIZES,
        product=product,
        **values,
    )
    return page, 400 if form.errors else 200
