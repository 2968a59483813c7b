"""Owners get the news of a seal by e-mail, without figures."""

from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text

from fitquiz.config.settings import read_settings
from fitquiz.core.mail.notices import ReportNotice
from fitquiz.server.housekeeping import seal_due
from fitquiz.server.seal_notices import SealNotices
from fitquiz.store.accounts.staff import disable_staff, find_staff
from fitquiz.store.campaigns.campaigns import OWNER, READER, find_campaign
from fitquiz.store.campaigns.members import add_member
from fitquiz.store.engine.database import Database
from tests.server.support.mail_box import MailBox, read_body
from tests.server.support.sending import make_sender
from tests.store.support.cast import writing
from tests.store.support.ledger_cast import (
    AFTER,
    DURING,
    IT,
    add_staff,
    respond_often,
    start_campaign,
)
from tests.store.support.mailing_cast import KEY, MADE, SITE, read_outbox


def start_with_owners(database: Database, responses: int, **changes: object) -> int:
    """Store a campaign of Hana and Olga, which Rita reads and which disabled Gunn owns too."""
    with writing(database) as session:
        campaign = start_campaign(session, add_staff(session, "Hana"), **changes)
        session.execute(text("UPDATE campaign SET site = :site"), {"site": SITE})
        for name, role in (("Olga", OWNER), ("Gunn", OWNER), ("Rita", READER)):
            staff = find_staff(session, add_staff(session, name))
            assert staff is not None
            assert add_member(session, campaign, staff, role, staff, DURING)
            if name == "Gunn":
                disable_staff(session, staff, None, DURING)
        respond_often(session, campaign, {IT: responses})
    return campaign.id


@pytest.mark.parametrize("responses", [0, 9])
def test_owners_and_readers_are_told_of_the_seal_and_of_no_figures(
    database: Database, box: MailBox, responses: int
) -> None:
    campaign_id = start_with_owners(database, responses, languages=("nb", "en"))
    for _ in range(2):
        seal_due(database, read_settings({}), AFTER, SealNotices(KEY))
        make_sender(database, box.port, AFTER).send_due()
    assert sorted(box.addresses) == ["hana@example.org", "olga@example.org", "rita@example.org"]
    (body,) = {read_body(message) for message in box.messages}
    assert {message["Subject"] for message in box.messages} == {"Forseglet: Spring"}
    assert body == EXPECTED.format(site=SITE, id=campaign_id)


EXPECTED = """Hei!

Undersøkelsen «Spring» er avsluttet og forseglet.

Her er rapporten:
{site}/nb/reports/{id}

Du får denne e-posten fordi du er eier av undersøkelsen eller kan lese rapporten.

* * *

Hello!

The survey “Spring” is over, and has been sealed.

Here is the report:
{site}/en/reports/{id}

You get this e-mail because you own the survey or can read its report.
"""


def test_a_seal_while_the_campaign_runs_tells_nobody(database: Database) -> None:
    campaign_id = start_with_owners(database, 9, sealing="weekly")
    with database.sessions() as session:
        campaign = find_campaign(session, campaign_id)
    assert campaign is not None
    a_week_later = at_noon(campaign.opens_on + timedelta(7))
    (sealed,) = seal_due(database, read_settings({}), a_week_later, SealNotices(KEY))
    assert not sealed.is_last
    assert read_outbox(database) == []


def test_a_seal_without_a_mail_server_tells_nobody(database: Database) -> None:
    start_with_owners(database, 9)
    assert len(seal_due(database, read_settings({}), AFTER)) == 1
    assert read_outbox(database) == []


def test_a_campaign_whose_address_is_not_known_is_told_without_a_link(
    database: Database, box: MailBox
) -> None:
    start_with_owners(database, 0, languages=("nn",))
    with writing(database) as session:
        session.execute(text("UPDATE campaign SET site = ''"))
    seal_due(database, read_settings({}), AFTER, SealNotices(KEY))
    make_sender(database, box.port, AFTER).send_due()
    body = read_body(box.messages[0])
    assert "Logg inn og vel «Rapportar»" in body
    assert "http" not in body


def at_noon(day: date) -> datetime:
    return datetime.combine(day, datetime.min.time(), tzinfo=MADE.tzinfo) + timedelta(hours=12)


def test_a_message_about_a_shared_report_has_no_figures_and_names_the_page() -> None:
    notice = ReportNotice(
        site=SITE, languages=("en",), campaign_id=7, title="Spring", is_shared=True
    )
    assert notice.subject == "Shared with you: Spring"
    assert "A colleague has shared the report of “Spring” with you." in notice.text
    assert f"{SITE}/en/reports/7" in notice.text
