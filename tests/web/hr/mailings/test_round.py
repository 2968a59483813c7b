"""The pages of a mailing say when messages go out, where the round stands, and what is too small."""

from datetime import timedelta

import pytest

from fitquiz.core.secrets.tokens import hash_token
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.mailings.outbox import stop_messages
from fitquiz.web.site.database_session import writing
from tests.web.support.campaigning import send, today
from tests.web.support.mailing import (
    find_form_address,
    find_stop_token,
    make,
    preview,
    see_progress,
)
from tests.web.support.records import change_behind
from tests.web.support.staff_member import StaffMember, add


@pytest.mark.parametrize(
    ("days", "when"),
    [
        (0, "The invitations go out at once when you press the button."),
        (2, "at eight in the morning (time in Oslo)."),
    ],
)
def test_the_preview_says_when_the_invitations_go_out(
    hana: StaffMember, days: int, when: str
) -> None:
    opens_on = today() + timedelta(days)
    campaign = hana.create(is_personal=True, opens_on=opens_on)
    assert when in preview(hana, campaign).text
    make(hana, campaign)
    page = see_progress(hana, campaign)
    assert ("at eight in the morning" in page.text) == (days > 0)


def test_the_preview_of_a_paused_campaign_says_that_the_messages_wait(
    hana: StaffMember, campaign: Campaign
) -> None:
    send(hana, f"/en/campaigns/{campaign.id}/pause", {})
    assert "when you let people start again" in preview(hana, campaign).text


def test_the_page_says_where_the_round_stands_and_what_comes_next(
    hana: StaffMember, campaign: Campaign
) -> None:
    new = find_form_address(campaign).removeprefix("/en")
    page = see_progress(hana, campaign)
    assert page.find_link(new)
    assert "Send by e-mail" in page.text
    day = today() + timedelta(3)
    make(hana, campaign, first_reminder_on=str(day))
    page = see_progress(hana, campaign)
    assert "The invitations are being sent." in page.text
    assert "Next comes a reminder to everybody" in page.text
    change_behind(hana.app, "UPDATE outbox SET state = 'sent' WHERE number = 0")
    page = see_progress(hana, campaign)
    assert "All invitations are sent. Next comes a reminder to everybody, on" in page.text
    assert "Send by e-mail" not in page.text
    assert "Invite more people" in page.text
    page = hana.open(f"/en/campaigns/{campaign.id}/invitations")
    assert "Send by e-mail" not in page.text
    change_behind(hana.app, "UPDATE outbox SET state = 'sent'")
    assert "No more reminders are planned." in see_progress(hana, campaign).text


def test_a_stop_changes_nothing_in_what_the_page_says(
    hana: StaffMember, campaign: Campaign
) -> None:
    make(hana, campaign, first_reminder_on=str(today() + timedelta(3)))
    before = see_progress(hana, campaign).text
    with hana.app.app_context(), writing() as session:
        stop_messages(session, hash_token(find_stop_token(hana.app)))
    assert see_progress(hana, campaign).text == before


def test_the_preview_warns_of_groups_that_are_too_small(
    hana: StaffMember, campaign: Campaign
) -> None:
    assert (
        "Only 3 people are invited in all. With fewer than 5 answers"
        in preview(hana, campaign).text
    )
    many = "\n".join(f"p{n}@example.org; {'IT' if n < 5 else 'Oslo'}" for n in range(9))
    page = preview(hana, campaign, addresses=many)
    assert "Only" not in page.text
    assert "These units have fewer than 5 people" in page.text
    assert "counted one level up. Sales Sales > Oslo" in page.text
    make(hana, campaign, addresses=many)
    page = preview(hana, campaign, addresses="new@example.org; Oslo")
    assert "fewer than 5 people" not in page.text, "those who were invited before count too"


def test_replies_go_to_an_owner_who_can_sign_in(hana: StaffMember, campaign: Campaign) -> None:
    add(hana.app, "Henrik", "hr")
    address = f"/en/campaigns/{campaign.id}/colleagues"
    send(hana, address, {"email": "henrik@example.org", "role": "owner"})
    change_behind(
        hana.app, "UPDATE campaign SET owner_id = (SELECT id FROM staff WHERE name = 'Henrik')"
    )
    page = hana.open(find_form_address(campaign))
    assert "come to henrik@example.org" in page.text
    change_behind(hana.app, "UPDATE staff SET is_disabled = true WHERE name = 'Henrik'")
    page = hana.open(find_form_address(campaign))
    assert "come to hana@example.org" in page.text
    assert "henrik@example.org" not in preview(hana, campaign).text
