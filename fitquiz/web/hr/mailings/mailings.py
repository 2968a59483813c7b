"""The pages on which an owner sends invitations by e-mail, and sees how far the messages are.

No page shows the link of an invitation that is sent by e-mail. No page shows who has stopped the
messages, or anything that depends on who has answered.
"""

import secrets
from datetime import date, datetime, time

from flask import Blueprint, abort, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from fitquiz.core.days import find_moment
from fitquiz.core.mail.messages import INVITATION
from fitquiz.core.mail.pasted_addresses import tidy_address
from fitquiz.core.people_lists.people import count_units
from fitquiz.store.accounts.audit_log import record_audit_entry
from fitquiz.store.campaigns.campaigns import CLOSED, Campaign, lock_campaign
from fitquiz.store.campaigns.invitations import add_invitations, count_personal
from fitquiz.store.campaigns.listed_units import add_missing_units, can_add_units
from fitquiz.store.campaigns.members import find_reply_address
from fitquiz.store.campaigns.units import list_units
from fitquiz.store.mailings.mailings import (
    NewMailing,
    create_mailing,
    list_mailings,
    list_refused,
)
from fitquiz.web.hr.inviting.invitation_forms import MAX_INVITATIONS
from fitquiz.web.hr.mailings.mailing_form import MailingForm, suggest_reminders
from fitquiz.web.hr.mailings.new_recipients import (
    NewPerson,
    leave_out_known,
    leave_out_known_addresses,
    make_people,
)
from fitquiz.web.hr.mailings.preview import write_example
from fitquiz.web.hr.mailings.progress import (
    decrypt_addresses,
    list_progress,
    read_round,
)
from fitquiz.web.hr.own_campaigns import load_campaign
from fitquiz.web.hr.people.small_groups import find_small_groups
from fitquiz.web.limits.rate_limits import give_back_making, take_making
from fitquiz.web.mail.mail_switch import find_site, get_mail_server
from fitquiz.web.security.current_staff import get_staff
from fitquiz.web.site.clock import get_now, get_today, get_zone
from fitquiz.web.site.database_session import get_session, writing

blueprint = Blueprint("mailings", __name__)
_CAMPAIGN = "/campaigns/<int:campaign_id>"
_MORNING = time(8)
"""The time of the day at which reminders are due."""
MADE = "made"
TOO_MANY = "too-many"
FROZEN = "frozen"


@blueprint.get(f"{_CAMPAIGN}/mailings")
def mailings(campaign_id: int) -> str:
    """Show how far the messages of a campaign are, and the addresses that did not work."""
    campaign = _load_personal(campaign_id)
    found = list_mailings(get_session(), campaign.id)
    refused = list_refused(get_session(), campaign.id)
    return render_template(
        "hr/mailings/mailings.html",
        campaign=campaign,
        state=campaign.state(get_today()),
        round=read_round(found, campaign, get_today()),
        mailings=[(mailing, list_progress(mailing)) for mailing in found],
        refused=decrypt_addresses(refused),
    )


@blueprint.route(f"{_CAMPAIGN}/mailings/new", methods=["GET", "POST"])
def new(campaign_id: int) -> str | Response | tuple[str, int]:
    """Show the form for a mailing, then a preview, and then make the mailing.

    The button that was pressed decides. Nothing is stored before the button of the preview is
    pressed. If HR has changed how the list is read, the preview is shown again.
    """
    campaign = _load_personal(campaign_id)
    onward = url_for("mailings.mailings", campaign_id=campaign.id)
    if campaign.state(get_today()) == CLOSED:
        return redirect(onward, 303)

    form = _make_form(campaign)
    _offer(form, campaign)
    step = request.form.get("step")
    if step == "change" or not form.validate_on_submit():
        return _show_form(campaign, form)

    if tidy_address(find_reply_address(get_session(), campaign.id)) is None:
        form.form_errors.append("own-address")
        return _show_form(campaign, form)
    if step != "send" or form.is_changed:
        return _show_preview(campaign, form)
    if form.has_open_fault:
        form.form_errors.append("open-faults")
        return _show_preview(campaign, form)

    outcome = _make_mailing(campaign, form)
    if outcome != MADE:
        form.form_errors.append(outcome)
        return _show_form(campaign, form)
    made = url_for(
        "mailings.mailings",
        campaign_id=campaign.id,
        done="mailing-made",
    )
    return redirect(made, 303)


def _offer(form: MailingForm, campaign: Campaign) -> None:
    units = list_units(get_session(), campaign.id)
    can_add = can_add_units(get_session(), campaign, get_today())
    form.offer_units([unit.path for unit in units], can_add)
    form.offer_days(campaign, get_today())


def _make_form(campaign: Campaign) -> MailingForm:
    """Return the form. Only a new form contains suggestions, so that a field can be emptied.

    The form of a new campaign has no fields for reminders, so the suggestions count.
    """
    is_created = "created" in request.args and "step" not in request.form
    if request.method == "POST" and not is_created:
        return MailingForm()
    return MailingForm(**suggest_reminders(campaign, get_today()))


def _load_personal(campaign_id: int) -> Campaign:
    """Return an own campaign with personal invitations. Abort with 404 if there is none."""
    get_mail_server()
    campaign = load_campaign(campaign_id)
    if not campaign.is_personal:
        abort(404)
    return campaign


def _show_form(campaign: Campaign, form: MailingForm) -> tuple[str, int]:
    page = render_template(
        "hr/mailings/new.html",
        campaign=campaign,
        form=form,
        email=find_reply_address(get_session(), campaign.id),
    )
    return page, 400 if form.errors else 200


def _show_preview(campaign: Campaign, form: MailingForm) -> tuple[str, int]:
    people = form.found.people
    fresh = leave_out_known_addresses(get_session(), campaign, people)
    own_words = (form.own_words.data or "").strip()
    page = render_template(
        "hr/mailings/preview.html",
        campaign=campaign,
        form=form,
        people=len(fresh),
        known=len(people) - len(fresh),
        starts_later=campaign.opens_on > get_today(),
        small=find_small_groups(get_session(), campaign, fresh),
        invitation=write_example(campaign, own_words, INVITATION),
        reminder=write_example(campaign, own_words, INVITATION + 1),
    )
    return page, 400 if form.errors else 200


def _make_mailing(campaign: Campaign, form: MailingForm) -> str:
    """Store the units and the mailing that the form describes, and return MADE.

    If the browser sends the same form twice, the second call stores nothing. If nobody is left to
    write to, store nothing.

    Store nothing and return TOO_MANY if the campaign would have too many invitations. Store nothing
    and return FROZEN if the list has new units, and the campaign has opened in the meantime.
    """
    people = make_people(campaign, form.found.people)
    form_key = f"{campaign.id}:{form.fingerprint}"
    with writing() as session:
        # With the lock, the second request of a double click waits for the first request.
        locked = lock_campaign(session, campaign.id)
        if locked is None or not take_making(session, form_key, get_now()):
            return MADE

        fresh = leave_out_known(session, campaign, people)
        invited = count_personal(session, campaign.id)
        if sum(invited.values()) + len(fresh) > MAX_INVITATIONS:
            give_back_making(session, form_key)
            return TOO_MANY
        counted = {unit.path: unit for unit in count_units(fresh)}
        in_order = [unit.path for unit in form.found.units]
        units = [counted[path] for path in in_order if path in counted]
        unit_ids = add_missing_units(session, locked, units, invited, get_today())
        if unit_ids is None:
            give_back_making(session, form_key)
            return FROZEN
        if fresh:
            invitations = [person.invite_to(unit_ids) for person in fresh]
            add_invitations(session, campaign.id, invitations)
            _store_mailing(session, campaign, form, fresh)
    return MADE


def _store_mailing(
    session: Session, campaign: Campaign, form: MailingForm, people: list[NewPerson]
) -> None:
    new = NewMailing(
        campaign_id=campaign.id,
        site=find_site(),
        own_words=(form.own_words.data or "").strip(),
        sends_at=_list_moments(campaign, form.reminder_days),
        reminder_days=form.reminder_days,
    )
    create_mailing(
        session,
        new,
        [person.recipient for person in people],
        secrets.SystemRandom().shuffle,
        get_now(),
    )
    record_audit_entry(session, get_staff(), "mailing-made", campaign.title, get_now())


def _list_moments(
    campaign: Campaign, reminder_days: tuple[date, ...]
) -> tuple[datetime, ...]:
    """Return the moments from which the invitation and the reminders can be sent."""
    moments = [get_now()]
    if campaign.opens_on > get_today():
        moments = [find_moment(campaign.opens_on, _MORNING, get_zone())]
    for day in reminder_days:
        moment = find_moment(day, _MORNING, get_zone())
        moments.append(moment)
    return tuple(moments)
