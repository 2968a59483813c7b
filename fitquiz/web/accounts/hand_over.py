"""The page on which an administrator hands the campaigns of one account over to another account.

The administrator sees the titles of the campaigns, and no figures.
"""

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import SelectMultipleField
from wtforms.validators import InputRequired

from fitquiz.store.accounts.staff import Staff
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.campaigns.members import hand_over
from fitquiz.store.campaigns.own_campaigns import list_campaigns
from fitquiz.store.engine.paging import PAGE
from fitquiz.web.accounts.colleague_field import ColleagueForm, find_colleague
from fitquiz.web.accounts.staff_loading import load_staff
from fitquiz.web.forms.forms import offer_values
from fitquiz.web.security.current_staff import get_staff
from fitquiz.web.site.clock import get_now
from fitquiz.web.site.database_session import get_session, writing
from fitquiz.web.site.formatting import write_date

blueprint = Blueprint("hand_over", __name__)


class HandOverForm(ColleagueForm):
    """The campaigns to hand over, and the address of their new owner."""

    campaigns = SelectMultipleField(
        validators=[InputRequired("choose-one")],
        # The second request of a double click names campaigns that were handed over before.
        validate_choice=False,
    )


@blueprint.route("/staff/<int:staff_id>/campaigns", methods=["GET", "POST"])
def campaigns(staff_id: int) -> str | Response | tuple[str, int]:
    """Show the campaigns that an account owns. On POST, hand the chosen campaigns over."""
    former = load_staff(staff_id)
    owned = list_campaigns(get_session(), former.id)[:PAGE]
    ids = [str(campaign.id) for campaign in owned]
    form = HandOverForm(campaigns=ids)
    form.campaigns.choices = offer_values(ids)
    if form.validate_on_submit() and _hand_over(form, former, owned):
        address = url_for("hand_over.campaigns", staff_id=former.id, done="handed-over")
        return redirect(address, 303)

    page = render_template(
        "accounts/hand_over/campaigns.html",
        staff=former,
        form=form,
        labels={str(campaign.id): _name(campaign) for campaign in owned},
        done=request.args.get("done"),
    )
    return page, 400 if form.errors else 200


def _hand_over(form: HandOverForm, former: Staff, owned: list[Campaign]) -> bool:
    """Hand the chosen campaigns over, and return True. Return False if the form has an error."""
    new = find_colleague(form, says_why=True)
    if new is None:
        return False
    if new.id == former.id:
        form.email.errors = ["same-account"]
        return False
    named = form.campaigns.data or []
    chosen_ids = [campaign.id for campaign in owned if str(campaign.id) in named]
    with writing() as session:
        hand_over(
            session,
            chosen_ids,
            former,
            new,
            actor=get_staff(),
            now=get_now(),
        )
    return True


def _name(campaign: Campaign) -> str:
    """Return the title and the days of a campaign. Several campaigns may have the same title."""
    first = write_date(campaign.opens_on)
    last = write_date(campaign.closes_on)
    return f"{campaign.title} ({first} – {last})"
