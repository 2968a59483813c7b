"""Where an invitation leads: who invites, what is counted, and two buttons; and where a short code is typed."""

from flask import Blueprint, redirect, render_template, url_for
from werkzeug.wrappers import Response

from fitquiz.core.groups.counting import asked_parts, read_plan
from fitquiz.core.groups.units import write_label
from fitquiz.core.packs import Pack
from fitquiz.core.secrets.link_codes import read_code
from fitquiz.core.secrets.tokens import TOKEN, hash_token
from fitquiz.store.attempts.counsellor_links import find_link_by_code
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.campaigns.invitations import find_invitation, find_invitation_by_code
from fitquiz.store.campaigns.units import find_unit
from fitquiz.web.quiz.device import Visit, find_visit_of_invitation, list_visits
from fitquiz.web.quiz.guidance import find_guidance
from fitquiz.web.quiz.invited import find_invited
from fitquiz.web.quiz.quiz_forms import CodeForm
from fitquiz.web.security.link_codes import hash_typed, token_of
from fitquiz.web.security.rate_limits import give_back_code, take_code
from fitquiz.web.site.clock import get_now, get_today
from fitquiz.web.site.db import get_session, writing
from fitquiz.web.site.installed_packs import offered_pack
from fitquiz.web.site.languages import get_language, list_other_languages

blueprint = Blueprint("invitation_landing", __name__)


@blueprint.get("/invitations/<token>")
def start(token: str) -> str | tuple[str, int]:
    """Show what an invitation is for. Looking at it uses nothing up and sets no cookie."""
    today = get_today()
    invited = find_invited(token, today)
    if invited is None:
        return _show_dead_end(token)
    campaign, pack = invited.campaign, invited.pack
    plan, unit = (
        read_plan(campaign.statistics),
        find_unit(get_session(), campaign.id, invited.invitation.unit_id),
    )
    return render_template(
        "quiz/invitation_landing/start.html",
        invited=invited,
        campaign=campaign,
        state=campaign.state(today),
        unit=write_label(unit.path) if unit else "",
        visit=_find_open(campaign, pack),
        wanted_languages=_list_wanted_languages(campaign),
        plan=plan,
        count=len(pack.items_of(asked_parts(plan, pack))),
        uncounted=offered_pack(pack),
        pack=pack,
        words=pack.words_in(get_language()),
    )


@blueprint.route("/code", methods=["GET", "POST"])
def code() -> str | Response | tuple[str, int]:
    """Take a short code, and lead to what it is for. Wrong ones are limited."""
    form, now = CodeForm(), get_now()
    if form.validate_on_submit():
        take_code(now)
        typed = read_code(str(form.code.data))
        invitation = find_invitation_by_code(get_session(), hash_typed(typed)) if typed else None
        token = token_of(invitation.seed) if invitation else ""
        if find_invited(token, now.date()):
            return _lead_on("invitation_landing.start", token)
        link = find_link_by_code(get_session(), hash_typed(typed)) if typed else None
        if link and find_guidance(token_of(link.seed)):
            return _lead_on("link_landing.start", token_of(link.seed), link.language)
        form.code.errors = ["unknown-code"]
    return render_template(
        "quiz/invitation_landing/code.html", form=form
    ), 400 if form.errors else 200


def _lead_on(endpoint: str, token: str, language: str | None = None) -> Response:
    """It was a right code, so the try is given back."""
    with writing() as session:
        give_back_code(session)
    return redirect(url_for(endpoint, token=token, language=language or get_language()), 303)


def _find_open(campaign: Campaign, pack: Pack) -> Visit | None:
    """An attempt of this device's that will be counted in the campaign, and is not sent yet."""
    visits = list_visits(pack.id)
    return next(
        (
            each
            for each in visits
            if each.attempt.is_open and each.ticket.campaign_id == campaign.id
        ),
        None,
    )


def _list_wanted_languages(campaign: Campaign) -> list[tuple[str, str, str]]:
    """This page in the languages of the campaign, if its own is none of them."""
    if get_language() in campaign.languages:
        return []
    return [each for each in list_other_languages() if each[0] in campaign.languages]


def _show_dead_end(token: str) -> tuple[str, int]:
    """One page for a revoked, a spent, an expired and a random one; only the device that has spent it is told more."""
    invitation = find_invitation(get_session(), hash_token(token)) if TOKEN.match(token) else None
    visit = find_visit_of_invitation(invitation.id) if invitation else None
    return render_template("quiz/invitation_landing/dead_end.html", visit=visit), 404
