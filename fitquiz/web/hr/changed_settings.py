"""The form with the settings of a campaign, which stores no change that another person has overtaken."""

from collections.abc import Container, Mapping
from dataclasses import asdict

from fitquiz.core.groups.counting import read_plan
from fitquiz.core.packs import Pack
from fitquiz.store.accounts.audit_log import record_audit_entry
from fitquiz.store.campaigns.campaigns import (
    Campaign,
    CampaignChoices,
    change_campaign,
    lock_campaign,
)
from fitquiz.store.campaigns.units import Unit
from fitquiz.store.engine.field_names import list_fields
from fitquiz.web.hr.campaign_forms import CampaignForm, CountingForm, NamesForm
from fitquiz.web.hr.form_costs import choose_anonymity, settle_changes
from fitquiz.web.hr.versions import find_changes, write_version
from fitquiz.web.security.current_staff import get_staff
from fitquiz.web.site.clock import get_now, get_today
from fitquiz.web.site.database_session import writing

CHANGED = "changed"
STALE = "stale"
FROZEN = "frozen"
OVER = "over"
"""What can become of changed settings."""


def store_settings(
    campaign: Campaign, form: NamesForm, pack: Pack, units: list[Unit]
) -> str:
    """Store the settings in the form and an audit entry, and return CHANGED.

    Store nothing and return STALE if the form was made from older settings. If the settings already
    are as in the form, the form was sent twice: store nothing and return CHANGED.

    If the form changes a frozen setting, store nothing and return OVER or FROZEN. Raise
    CostFaultError if the yearly account has too little left, or if the owner must first see how
    exact the figures become.
    """
    settings = form.read()
    with writing() as session:
        current = lock_campaign(session, campaign.id)
        if current is not None and find_changes(
            form.version.data, list_settings(current)
        ):
            return CHANGED if _is_stored(current, settings) else STALE
        # Without a row, the campaign was deleted meanwhile, and nothing is stored.
        current = current or campaign
        changes = settle_changes(session, current, form, pack, units)
        if not change_campaign(session, current, changes, get_today()):
            return OVER if current.is_over else FROZEN
        record_audit_entry(
            session, get_staff(), "campaign-changed", campaign.title, get_now()
        )
    return CHANGED


def list_settings(campaign: Campaign) -> dict[str, object]:
    """Return the settings that an owner can change, by name."""
    return {name: getattr(campaign, name) for name in list_fields(CampaignChoices)}


def make_edit_form(campaign: Campaign, pack: Pack, sent: Container[str]) -> NamesForm:
    """Return a form with the settings that are not frozen.

    `sent` contains the names of the fields that the browser sent. If the browser sent frozen
    settings, return a form that contains the frozen settings too. A form without the frozen
    settings would ignore a change of these settings and show no error.
    """
    values = asdict(campaign)
    values["version"] = write_version(list_settings(campaign))
    values["statistics"] = list(read_plan(campaign.statistics))
    values["anonymity"] = choose_anonymity(campaign)
    values["seen"] = campaign.statistics
    if campaign.is_over and "closes_on" not in sent:
        return NamesForm(get_today(), data=values)
    if campaign.is_fixed(get_today()) and "threshold" not in sent:
        return CampaignForm(get_today(), data=values)
    form = CountingForm(get_today(), data=values)
    form.offer(pack)
    return form


def _is_stored(campaign: Campaign, settings: Mapping[str, object]) -> bool:
    """Return whether the campaign already has these settings. `statistics` are names."""
    stored = list_settings(campaign) | {
        "statistics": list(read_plan(campaign.statistics))
    }
    return all(stored[name] == settings[name] for name in settings)
