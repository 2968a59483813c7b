"""Gives colleagues a role in the campaigns of an HR account."""

from datetime import UTC, datetime

from fitquiz.store.campaigns.campaigns import OWNER, READER
from fitquiz.store.campaigns.members import add_member
from fitquiz.store.campaigns.own_campaigns import list_campaigns
from fitquiz.web.site.database_session import writing
from tests.web.support.staff_member import StaffMember


def add_colleagues(hana: StaffMember, olga: StaffMember, rita: StaffMember) -> dict[str, int]:
    """Let Olga own Hana's campaigns too, and let Rita read their reports. Return values of addresses."""
    now = datetime.now(UTC)
    with hana.app.app_context(), writing() as session:
        for campaign in list_campaigns(session, hana.staff.id):
            add_member(session, campaign, olga.staff, OWNER, hana.staff, now)
            add_member(session, campaign, rita.staff, READER, hana.staff, now)
    return {"hr_id": hana.staff.id, "member_id": olga.staff.id}
