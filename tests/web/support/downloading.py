"""Downloads the file of personal invitations."""

import csv
import io

from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.web.hr.people.workbooks import read_workbook
from fitquiz.web.site.spreadsheets import WORKBOOK_TYPE
from tests.web.support.staff_member import StaffMember


def download_workbook(person: StaffMember, campaign: Campaign) -> list[list[str]]:
    """Return the rows of the XLSX file for mail merge. The first row has the headings."""
    person.open(f"/en/campaigns/{campaign.id}/invitations")
    form = person.page.find_form("/invitations.xlsx")
    sent = person.post(form.action, form.fields)
    assert sent.mimetype == WORKBOOK_TYPE
    return read_workbook(sent.data).rows


def download(person: StaffMember, campaign: Campaign) -> list[dict[str, str]]:
    """Return the rows of the file for mail merge."""
    person.open(f"/en/campaigns/{campaign.id}/invitations")
    form = person.page.find_form("/invitations.csv")
    sent = person.post(form.action, form.fields)
    assert sent.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(sent.text.removeprefix("\ufeff"))))
