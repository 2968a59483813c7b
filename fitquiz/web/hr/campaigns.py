"""Campaigns, for HR: listed, created, shown and changed by their owner. Another's answer like none at all."""

from collections.abc import Container
from datetime import date

from flask import Blueprint, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from fitquiz.core.groups.counting import BY_DEFAULT, read_plan
from fitquiz.core.languages import LANGUAGES
from fitquiz.core.packs import Pack
from fitquiz.store.accounts.audit_log import record_deed
from fitquiz.store.attempts.kept_packs import keep_pack
from fitquiz.store.campaigns.campaigns import (
    Campaign,
    CampaignPlan,
    change_campaign,
    create_campaign,
    list_campaigns,
)
from fitquiz.store.campaigns.units import list_units, replace_units
from fitquiz.web.hr.campaign_forms import (
    PERSONAL,
    CampaignForm,
    CountingForm,
    NamesForm,
    NewCampaignForm,
)
from fitquiz.web.hr.invitation_links import make_open_links
from fitquiz.web.hr.own_campaigns import load_campaign
from fitquiz.web.hr.privacy_costs import SIZES, list_prices, multiply
from fitquiz.web.security.current_staff import get_staff
from fitquiz.web.security.rate_limits import take_making
from fitquiz.web.site.clock import get_now, get_today
from fitquiz.web.site.db import get_session, writing
from fitquiz.web.site.installed_packs import list_installed, pack_of_attempt
from fitquiz.web.site.languages import get_language
from fitquiz.web.site.paging import cut, read_place

blueprint = Blueprint("campaigns", __name__)
_BASE = "/campaigns"
_CAMPAIGN = f"{_BASE}/<int:campaign_id>"


@blueprint.get(_BASE)
def campaigns() -> str:
    """List one's own campaigns, a page at a time."""
    found, older = cut(list_campaigns(get_session(), get_staff().id, read_place("before")))
    return render_template(
        "hr/campaigns/campaigns.html", campaigns=found, older=older, today=_today()
    )


@blueprint.route(f"{_BASE}/new", methods=["GET", "POST"])
def new() -> str | Response | tuple[str, int]:
    """Create a campaign with its units and its open links."""
    form = NewCampaignForm(_today(), opens_on=_today(), statistics=BY_DEFAULT, languages=LANGUAGES)
    pack = _offer_packs(form)
    if form.validate_on_submit():
        made = _create(form, pack)
        address = (
            url_for("campaigns.campaign", campaign_id=made)
            if made
            else url_for("campaigns.campaigns")
        )
        return redirect(address, 303)
    return _show("hr/campaigns/new.html", form, pack, faults=form.units.faults)


@blueprint.get(_CAMPAIGN)
def campaign(campaign_id: int) -> str:
    """Show a campaign: how it stands, and what can be done."""
    campaign = load_campaign(campaign_id)
    return render_template(
        "hr/campaigns/campaign.html",
        campaign=campaign,
        state=campaign.state(_today()),
        units=list_units(get_session(), campaign.id),
        plan=read_plan(campaign.statistics),
    )


@blueprint.route(f"{_CAMPAIGN}/edit", methods=["GET", "POST"])
def edit(campaign_id: int) -> str | Response | tuple[str, int]:
    """Change a campaign. What an old tab would change of a frozen one is refused, and nothing is changed."""
    campaign = load_campaign(campaign_id)
    pack = pack_of_attempt(campaign.content_hash)
    form = _fill(campaign, pack, request.form)
    if form.validate_on_submit():
        if _change(campaign, form):
            return redirect(url_for("campaigns.campaign", campaign_id=campaign.id), 303)
        campaign = load_campaign(campaign_id)
        form = _fill(campaign, pack, ())
        form.form_errors.append("over" if campaign.is_over else "frozen")
    return _show(
        "hr/campaigns/edit.html", form, pack, campaign=campaign, plan=read_plan(campaign.statistics)
    )


def _create(form: NewCampaignForm, pack: Pack) -> int | None:
    """Store a new campaign; the same form sent again leads to it, and makes no second one."""
    now = get_now()
    plan = CampaignPlan(
        **form.read(), content_hash=pack.content_hash, is_personal=form.kind.data == PERSONAL
    )
    with writing() as session:
        if not take_making(session, f"{get_staff().id}:{form.fingerprint}", now):
            return _find_made(session, plan.title)
        keep_pack(session, pack, now)
        campaign_id = create_campaign(session, get_staff().id, plan, now)
        replace_units(session, campaign_id, form.units.drafts)
        if not plan.is_personal:
            make_open_links(session, campaign_id)
        record_deed(session, get_staff(), "campaign-created", plan.title, now)
    return campaign_id


def _find_made(session: Session, title: str) -> int | None:
    """The newest campaign of this name; None if it has another one by now, or is gone."""
    return next(
        (each.id for each in list_campaigns(session, get_staff().id) if each.title == title), None
    )


def _change(campaign: Campaign, form: NamesForm) -> bool:
    with writing() as session:
        changed = change_campaign(session, campaign, form.read())
        if changed:
            record_deed(session, get_staff(), "campaign-changed", campaign.title, get_now())
    return changed


def _offer_packs(form: NewCampaignForm) -> Pack:
    """Set the packs that there are to choose from, and return the chosen one, or the first."""
    installed = list_installed()
    form.pack.choices = [(pack.id, pack.words_in(get_language())["title"]) for pack in installed]
    pack = next((each for each in installed if each.id == form.pack.data), installed[0])
    form.offer(pack)
    return pack


def _fill(campaign: Campaign, pack: Pack, sent: Container[str]) -> NamesForm:
    """Return the form of what may still change; of more, if an old tab has sent more."""
    known = {name: getattr(campaign, name) for name in campaign.__slots__}
    if campaign.is_over and "closes_on" not in sent:
        return NamesForm(_today(), data=known)
    if (campaign.is_over or campaign.is_frozen) and "threshold" not in sent:
        return CampaignForm(_today(), data=known)
    form = CountingForm(_today(), data=known | {"statistics": list(read_plan(campaign.statistics))})
    form.offer(pack)
    return form


def _show(template: str, form: NamesForm, pack: Pack, **more: object) -> tuple[str, int]:
    prices = list_prices(pack)
    product = multiply(prices, form.statistics.data or ()) if isinstance(form, CountingForm) else 1
    page = render_template(
        template, form=form, pack=pack, prices=prices, sizes=SIZES, product=product, **more
    )
    return page, 400 if form.errors else 200


def _today() -> date:
    return get_today()
