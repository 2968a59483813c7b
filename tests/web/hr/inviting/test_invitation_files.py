"""The files of personal invitations say the same in each format."""

from tests.web.support.campaigning import send
from tests.web.support.downloading import download, download_workbook
from tests.web.support.staff_member import StaffMember


def test_the_workbook_of_invitations_says_what_the_csv_file_says(hana: StaffMember) -> None:
    campaign = hana.create(is_personal=True)
    address = f"/en/campaigns/{campaign.id}/invitations"
    send(hana, f"{address}/everybody", {})
    heading, *rows = download_workbook(hana, campaign)
    in_csv = download(hana, campaign)
    assert len(rows) == len(in_csv) > 0
    assert heading == list(in_csv[0])
    assert sorted(rows) == sorted(list(row.values()) for row in in_csv)
    token = {"csrf_token": hana.read_token()}
    assert hana.post(f"{address}/invitations.pdf", token).status_code == 404
