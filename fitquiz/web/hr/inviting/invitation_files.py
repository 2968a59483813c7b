"""The files with all personal invitations of a campaign, for mail merge."""

from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.campaigns.invitations import list_personal
from fitquiz.web.hr.invitation_links import address_of, label_units
from fitquiz.web.security.link_tokens import code_of
from fitquiz.web.site.database_session import get_session
from fitquiz.web.site.spreadsheets import (
    CAN_WRITE_WORKBOOKS,
    WORKBOOK_TYPE,
    Workbook,
    name_columns,
    read_macro,
    write_named_table,
    write_workbook,
)

_COLUMNS = ("unit", "link", "code")


def list_rows(campaign: Campaign) -> list[list[object]]:
    """Return the unit, the link and the short code of each personal invitation."""
    labels = label_units(campaign)
    rows: list[list[object]] = []
    for invitation in list_personal(get_session(), campaign.id):
        label = labels[invitation.unit_id]
        address = address_of(campaign, invitation)
        rows.append([label, address, code_of(invitation.seed)])
    return rows


def _write_csv(rows: list[list[object]]) -> bytes:
    return write_named_table(_COLUMNS, rows).encode()


def _write_xlsx(rows: list[list[object]]) -> bytes:
    name = read_macro("site/macros/columns.html", "name_sheet", "invitations")
    workbook = Workbook(table_name=name, columns=name_columns(_COLUMNS), rows=rows)
    return write_workbook(workbook)


WRITERS = {"csv": (_write_csv, "text/csv")}
"""For each ending of a file name, the function that makes the file and the MIME type."""
if CAN_WRITE_WORKBOOKS:
    WRITERS["xlsx"] = (_write_xlsx, WORKBOOK_TYPE)
