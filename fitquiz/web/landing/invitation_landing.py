"""Pages that an invitation opens, and the page where a visitor types a short code."""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from fitquiz.core.groups.counting import asked_parts, read_plan
from fitquiz.core.groups.factor_budgets import multiply_factors, name_anonymity
from fitquiz.core.groups.unit_lists import write_label
from fitquiz.core.secrets.link_codes import find_codes
from fitquiz.core.secrets.return_codes import read_return_code
from fitquiz.core.secrets.tickets import Ticket
from fitquiz.store.attempts.counsellor_links import find_link_by_code
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.campaigns.factor_account import count_recent_campaigns
from fitquiz.store.campaigns.invitations import find_invitation_by_code
from fitquiz.store.campaigns.units import find_unit
from fitquiz.web.device.held_attempts import holds_shared_attempt
from fitquiz.web.device.kiosk import renew_kiosk
from fitquiz.web.device.link_attempts import (
    NO_ATTEMPTS,
    find_link_attempts,
    show_dead_end,
)
from fitquiz.web.landing.arrivals import (
    InvitationArrival,
    find_invitation_arrival,
    find_invitation_ticket,
    find_report_arrival,
    is_kiosk_link,
)
from fitquiz.web.limits.rate_limits import take_code
from fitquiz.web.limits.wrong_link_limit import note_wrong_link
from fitquiz.web.quiz.beginning import begin_from_form, show_begin_page
from fitquiz.web.quiz.quiz_forms import CodeForm
from fitquiz.web.security.link_tokens import hash_typed, token_of
from fitquiz.web.site.clock import get_now, get_today
from fitquiz.web.site.database_session import get_session
from fitquiz.web.site.foreign_texts import page_words
from fitquiz.web.site.installed_packs import offered_pack
from fitquiz.web.site.page_language import get_language, list_other_languages
from fitquiz.web.site.pasted_addresses import (
    find_link_fault,
    find_linked_address,
    find_own_address,
)

blueprint = Blueprint("invitation_landing", __name__)


@blueprint.get("/invitations/<token>")
def start(token: str) -> str | Response | tuple[str, int]:
    """Show who invites and what the campaign counts.

    After the campaign, redirect to the report if HR shows the report to respondents.

    Opening this page does not use up the invitation. On the kiosk of this link, this page renews the
    kiosk cookie. Otherwise, this page sets no cookie.
    """
    today = get_today()
    arrival = find_invitation_arrival(token, today)
    if arrival is None and find_report_arrival(token):
        return redirect(url_for("shared_report.report", token=token), 303)
    if arrival is None or _was_used_here(arrival):
        return show_dead_end(find_invitation_ticket(token), is_kiosk_link(token))

    campaign = arrival.campaign
    pack = arrival.pack
    plan = read_plan(campaign.statistics)
    unit = find_unit(get_session(), campaign.id, arrival.invitation.unit_id)
    open_day = max(today, campaign.opens_on)
    is_kiosk = arrival.invitation.is_kiosk
    if is_kiosk:
        renew_kiosk(token)
    return render_template(
        "landing/invitation_landing/start.html",
        arrival=arrival,
        campaign=campaign,
        state=campaign.state(today),
        unit=write_label(unit.path) if unit else "",
        people=unit.people if unit else None,
        attempts=NO_ATTEMPTS if is_kiosk else find_link_attempts(arrival.ticket),
        is_kiosk=is_kiosk,
        holds_shared=holds_shared_attempt(),
        wanted_languages=_list_wanted_languages(campaign),
        plan=plan,
        anonymity=name_anonymity(multiply_factors(plan, pack)),
        surveys=count_recent_campaigns(get_session(), open_day),
        count=len(pack.items_of(asked_parts(plan, pack))),
        uncounted=offered_pack(pack),
        pack=pack,
        words=page_words(pack),
    )


@blueprint.route("/invitations/<token>/begin", methods=["GET", "POST"])
def begin(token: str) -> str | Response:
    """Show the page that begins an attempt. On POST, begin an attempt for the campaign."""
    today = get_today()
    landing_page = url_for("invitation_landing.start", token=token)
    arrival = find_invitation_arrival(token, today)
    if arrival is None:
        if find_invitation_ticket(token) == Ticket():
            note_wrong_link()
        # The landing page shows that the invitation cannot be used.
        return redirect(landing_page, 303)

    campaign = arrival.campaign
    is_kiosk = arrival.invitation.is_kiosk
    if campaign.state(today) != "open" or _was_used_here(arrival):
        return redirect(landing_page, 303)

    if request.method == "POST":
        parts = asked_parts(read_plan(campaign.statistics), arrival.pack)
        return begin_from_form(
            arrival.pack,
            parts,
            arrival.ticket,
            is_for_one=arrival.invitation.is_personal,
            kiosk=token if is_kiosk else None,
        )
    return show_begin_page(
        arrival.pack,
        address=url_for("invitation_landing.begin", token=token),
        back=landing_page,
        is_kiosk=is_kiosk,
        campaign=campaign,
    )


@blueprint.route("/code", methods=["GET", "POST"])
def code() -> str | Response | tuple[str, int]:
    """Show the form for a short code or a link. On POST, redirect to the page of the code or link.

    Each network address has a rate limit for wrong codes. A right code always works.
    """
    form = CodeForm()
    if form.validate_on_submit():
        typed = str(form.code.data)
        address = _find_address_of_typed(typed)
        if address:
            return redirect(address, 303)
        if find_codes(typed):
            take_code(get_now())
        form.code.errors = [_find_fault(typed)]

    page = render_template("landing/invitation_landing/code.html", form=form)
    return page, 400 if form.errors else 200


def _was_used_here(arrival: InvitationArrival) -> bool:
    """Return whether this device has used the personal invitation up.

    On every other device, a used invitation looks like an unused invitation. Otherwise, somebody
    who keeps a copy of all links could see who has answered.
    """
    if not arrival.invitation.is_used:
        return False
    return find_link_attempts(arrival.ticket).was_counted


def _find_address_of_typed(text: str) -> str | None:
    """Return the address of the page that a typed code or a pasted link opens, or None.

    Other words may surround the code or the link. The returned address is always on this server.
    """
    linked = find_linked_address(text)
    if linked:
        return linked

    for code in find_codes(text):
        address = _find_address_of_code(code)
        if address:
            return address
    return find_own_address(text)


def _find_fault(text: str) -> str:
    """Return what is wrong with a typed text that leads to no page."""
    link_fault = find_link_fault(text)
    if link_fault:
        return link_fault
    return "return-code" if read_return_code(text) else "unknown-code"


def _find_address_of_code(code: str) -> str | None:
    """Return the address of the page that this short code opens.

    The code belongs to an invitation or to a counsellor's link. Return the address even if the
    invitation or the link cannot be used any more. Return None if the code is unknown.
    """
    code_hash = hash_typed(code)

    invitation = find_invitation_by_code(get_session(), code_hash)
    if invitation:
        token = token_of(invitation.seed)
        return url_for("invitation_landing.start", token=token, language=get_language())

    link = find_link_by_code(get_session(), code_hash)
    if link:
        token = token_of(link.seed)
        language = link.language or get_language()
        return url_for("link_landing.start", token=token, language=language)

    return None


def _list_wanted_languages(campaign: Campaign) -> list[tuple[str, str, str]]:
    """Return the campaign's languages if the current page is in none of these languages.

    Each entry contains the language's code, the language's name, and the address of the current
    page in the language. If the current page is in a language of the campaign, return an empty
    list.
    """
    if get_language() in campaign.languages:
        return []
    return [each for each in list_other_languages() if each[0] in campaign.languages]
