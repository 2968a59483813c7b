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
from fitquiz.core.groups.unit_lists import write_label
from fitquiz.core.mail.messages import INVITATION
from fitquiz.core.mail.pasted_addresses import tidy_address
from fitquiz.store.accounts.audit_log import record_audit_entry
from fitquiz.store.campaigns.campaigns import CLOSED, Campaign, lock_campaign
from fitquiz.store.campaigns.invitations import add_invitations, count_personal
from fitquiz.store.campaigns.units import list_units
from fitquiz.store.mailings.mailings import (
    NewMailing,
    create_mailing,
    list_mailings,
    list_refused,
)
from fitquiz.web.hr.invitation_forms import MAX_INVITATIONS
from fitquiz.web.hr.mailings.mail_switch import get_mail_server
from fitquiz.web.hr.mailings.mailing_form import MailingForm, suggest_reminders
from fitquiz.web.hr.mailings.new_recipients import (
    NewPerson,
    leave_out_known,
    leave_out_known_addresses,
    make_people,
)
from fitquiz.web.hr.mailings.preview import count_by_unit, find_site, write_example
from fitquiz.web.hr.mailings.progress import decrypt_addresses, list_progress
from fitquiz.web.hr.own_campaigns import load_campaign
from fitquiz.web.security.current_staff import get_staff
from fitquiz.web.security.rate_limits import give_back_making, take_making
from fitquiz.web.site.clock import get_now, get_today, get_zone
from fitquiz.web.site.database_session import get_session, writing

blueprint = Blueprint("mailings", __name__)
_CAMPAIGN = "/campaigns/<int:campaign_id>"
_MORNING = time(8)
"""The time of the day at which reminders are due."""


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
        mailings=[(mailing, list_progress(mailing)) for mailing in found],
        refused=decrypt_addresses(refused),
    )


@blueprint.route(f"{_CAMPAIGN}/mailings/new", methods=["GET", "POST"])
def new(campaign_id: int) -> str | Response | tuple[str, int]:
    """Show the form for a mailing, then a preview, and then make the mailing.

    The button that was pressed decides. Nothing is stored before the button of the preview is
    pressed.
    """
    campaign = _load_personal(campaign_id)
    onward = url_for("mailings.mailings", campaign_id=campaign.id)
    if campaign.state(get_today()) == CLOSED:
        return redirect(onward, 303)

    form = _make_form(campaign)
    units = list_units(get_session(), campaign.id)
    form.offer(campaign, {unit.path: unit.id for unit in units}, get_today())
    step = request.form.get("step")
    if step == "change" or not form.validate_on_submit():
        return _show_form(campaign, form)

    if tidy_address(get_staff().email) is None:
        form.form_errors.append("own-address")
        return _show_form(campaign, form)
    if step != "send":
        return _show_preview(campaign, form)
    if not _make_mailing(campaign, form):
        form.form_errors.append("too-many")
        return _show_form(campaign, form)
    return redirect(onward, 303)


def _make_form(campaign: Campaign) -> MailingForm:
    """Return the form. Only a new form contains suggestions, so that a field can be emptied."""
    if request.method == "POST":
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
        faults=form.pasted.faults if form.pasted else (),
        units=list_units(get_session(), campaign.id),
        email=get_staff().email,
    )
    return page, 400 if form.errors else 200


def _show_preview(campaign: Campaign, form: MailingForm) -> str:
    pasted = form.read_pasted()
    fresh = leave_out_known_addresses(get_session(), campaign, pasted.addresses)
    labels: dict[int | None, str] = {None: ""}
    for unit in list_units(get_session(), campaign.id):
        labels[unit.id] = write_label(unit.path)

    own_words = (form.own_words.data or "").strip()
    return render_template(
        "hr/mailings/preview.html",
        campaign=campaign,
        form=form,
        pasted=pasted,
        people=len(fresh),
        known=len(pasted.addresses) - len(fresh),
        by_unit=count_by_unit(fresh, labels),
        has_units=len(labels) > 1,
        invitation=write_example(campaign, own_words, INVITATION),
        reminder=write_example(campaign, own_words, INVITATION + 1),
    )


def _make_mailing(campaign: Campaign, form: MailingForm) -> bool:
    """Store the mailing that the form describes, and return True.

    If the browser sends the same form twice, the second call stores nothing. If nobody is left to
    write to, store nothing.

    Store nothing and return False if the campaign would have too many invitations.
    """
    people = make_people(campaign, form.read_pasted().addresses)
    form_key = f"{campaign.id}:{form.fingerprint}"
    with writing() as session:
        # With the lock, the second request of a double click waits for the first request.
        lock_campaign(session, campaign.id)
        if not take_making(session, form_key, get_now()):
            return True

        fresh = leave_out_known(session, campaign, people)
        present = sum(count_personal(session, campaign.id).values())
        if present + len(fresh) > MAX_INVITATIONS:
            give_back_making(session, form_key)
            return False
        if fresh:
            _store_mailing(session, campaign, form, fresh)
    return True


def _store_mailing(
    session: Session, campaign: Campaign, form: MailingForm, people: list[NewPerson]
) -> None:
    add_invitations(session, campaign.id, [person.invitation for person in people])
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
