"""The switch of an open link for a shared tablet."""

from fitquiz.store.campaigns.campaigns import Campaign
from tests.web.support.campaigning import send
from tests.web.support.page import Form
from tests.web.support.records import read_records
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import StaffMember

USE = "Use on a shared tablet"
STOP = "Stop using it on a shared tablet"


def list_switches(hana: StaffMember, campaign: Campaign) -> list[Form]:
    """Return the switch of each link, in the order of the page."""
    page = hana.open(f"/en/campaigns/{campaign.id}/links")
    return [form for form in page.forms if "/kiosk" in form.action]


def list_texts(forms: list[Form]) -> list[str]:
    """Return the texts of the switches, without the names of the units."""
    return [text.partition(":")[0] for form in forms for text in form.buttons]


def test_each_open_link_is_switched_on_and_off_by_itself(hana: StaffMember) -> None:
    campaign = hana.create(units="Sales\nIT")
    switches = list_switches(hana, campaign)
    assert list_texts(switches) == [USE, USE, USE]
    assert "three and a half minutes without use" in hana.page.text
    hana.send(switches[1])
    switches = list_switches(hana, campaign)
    assert list_texts(switches) == [USE, STOP, USE]
    hana.send(switches[1])
    assert list_texts(list_switches(hana, campaign)) == [USE, USE, USE]


def test_a_switch_that_is_pressed_twice_changes_and_logs_once(hana: StaffMember) -> None:
    campaign = hana.create(units="")
    before = len(read_records(hana.app)["audit"])
    use = list_switches(hana, campaign)[0]
    hana.send(use)
    hana.send(use)
    stop = list_switches(hana, campaign)[0]
    hana.send(stop)
    hana.send(stop)
    assert list_texts(list_switches(hana, campaign)) == [USE]
    entries = [str(entry) for entry in read_records(hana.app)["audit"][before:]]
    assert len(entries) == 2
    assert "kiosk-started" in entries[0]
    assert "kiosk-stopped" in entries[1]


def test_a_replaced_link_stays_for_the_tablet(hana: StaffMember) -> None:
    campaign = hana.create(units="")
    hana.send(list_switches(hana, campaign)[0])
    hana.open(hana.page.find_link("/renew"))
    hana.send(hana.page.find_form("/renew"))
    assert list_texts(list_switches(hana, campaign)) == [STOP]


def test_a_personal_invitation_and_a_revoked_link_have_no_switch(
    hana: StaffMember, mallory: Respondent
) -> None:
    campaign = hana.create(is_personal=True)
    send(hana, f"/en/campaigns/{campaign.id}/invitations", {"unit": "0", "number": "1"})
    other = hana.create("Other")
    switch = list_switches(hana, other)[0]
    hana.open(hana.page.find_link("/renew"))
    hana.send(hana.page.find_form("/renew"))
    ids = (read_records(hana.app)["invitation"][0][0], switch.action.split("/")[-2], 9999)
    before = read_records(hana.app)
    for number in ids:
        for campaign_id in (campaign.id, other.id):
            for way in ("kiosk", "kiosk/stop"):
                address = f"/en/campaigns/{campaign_id}/links/{number}/{way}"
                send(hana, address, {}, 404)
    assert read_records(hana.app) == before
