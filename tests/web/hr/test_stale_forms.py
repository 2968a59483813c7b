"""A page that was open for long overwrites nothing. The typed text stays, and the page shows what came since."""

from datetime import timedelta

import pytest

from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.campaigns.units import list_units
from fitquiz.web.site.database_session import get_session
from tests.web.support.campaigning import edit, read_values, see, today
from tests.web.support.page import Page
from tests.web.support.records import change_behind, read_records
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import StaffMember

SEALED = "UPDATE campaign SET ticked_on = '2026-11-01'"


@pytest.fixture
def campaign(hana: StaffMember) -> Campaign:
    """A campaign that has not opened."""
    return hana.create(opens_on=today() + timedelta(1), units="Sales > Oslo; 12\nIT")


def save_units(person: StaffMember, page: Page, text: str, status: int = 200) -> Page:
    """Save a list, and confirm that links end if the page asks."""
    page = person.send(page.find_form("/units"), status, units=text)
    if page.h1.startswith("Remove "):
        button = next(name for name in page.find_form("/units").buttons if "Remove" in name)
        page = person.send(page.find_form("/units"), status, button=button)
    return page


def read_paths(person: StaffMember, campaign: Campaign) -> dict[tuple[str, ...], int]:
    with person.app.app_context():
        return {unit.path: unit.id for unit in list_units(get_session(), campaign.id)}


def test_a_stale_list_of_units_is_refused_and_shows_what_came_since(
    hana: StaffMember, campaign: Campaign
) -> None:
    address = f"/en/campaigns/{campaign.id}/units"
    stale = hana.open(address)
    page = save_units(hana, hana.open(address), "Sales > Oslo; 14\nLaw")
    assert "The change is saved." in page.text
    before = read_records(hana.app)["unit"]

    page = save_units(hana, stale, "Sales > Oslo; 12\nBoard", 400)
    assert "Somebody has changed this since you opened the page." in page.text
    assert "New: Law" in page.text
    assert "Changed, and now: Sales > Oslo; 14" in page.text
    assert "1 unit is no longer there." in page.text
    assert read_values(page)["units"].strip() == "Sales > Oslo; 12\nBoard"
    assert read_records(hana.app)["unit"] == before

    save_units(hana, page, "Sales > Oslo; 14\nLaw\nBoard")
    assert list(read_paths(hana, campaign)) == [("Sales",), ("Sales", "Oslo"), ("Law",), ("Board",)]


def test_the_same_list_sent_twice_is_saved_once(hana: StaffMember, campaign: Campaign) -> None:
    page = hana.open(f"/en/campaigns/{campaign.id}/units")
    for _ in range(2):
        saved = save_units(hana, page, "Sales\nBoard")
        assert "The change is saved." in saved.text
    assert repr(read_records(hana.app)["audit"]).count("campaign-changed") == 1


def test_stale_settings_are_refused_and_show_what_came_since(
    hana: StaffMember, campaign: Campaign
) -> None:
    address = f"/en/campaigns/{campaign.id}/edit"
    token = hana.read_token()
    later = campaign.closes_on + timedelta(3)
    stale = edit(campaign, title="Typed")
    changed = edit(campaign, closes_on=str(later), languages=["en"], cap="70", threshold="9")
    for _ in range(2):
        assert hana.post(address, {"csrf_token": token, **changed}).status_code == 303

    response = hana.post(address, {"csrf_token": token, **stale})
    assert response.status_code == 400
    page = hana._arrive(response, 400)
    assert "This has changed since you opened the page" in page.text
    (since,) = [each for each in page.find_all("section") if each.get("class") == "note"]
    words = " ".join("".join(since.itertext()).split())
    assert "Languages English" in words
    assert f"Last day {later.day} " in words
    assert "At most so many answers 70" in words
    assert "Smallest group 9" in words
    assert "Title" not in words
    assert read_values(page)["title"] == "Typed"
    assert see(hana, campaign).title == campaign.title

    version = read_values(page)["version"]
    assert hana.post(address, {"csrf_token": token, **stale, "version": version}).status_code == 303
    assert see(hana, campaign).title == "Typed"


def test_a_form_without_a_version_overwrites_nothing(hana: StaffMember, campaign: Campaign) -> None:
    before = read_records(hana.app)
    token = {"csrf_token": hana.read_token()}
    base = f"/en/campaigns/{campaign.id}"
    assert hana.post(f"{base}/units", {**token, "units": "Other"}).status_code == 400
    fields = edit(campaign, title="Other", version="")
    assert hana.post(f"{base}/edit", {**token, **fields}).status_code == 400
    assert read_records(hana.app)["unit"] == before["unit"]
    assert read_records(hana.app)["campaign"] == before["campaign"]


def test_a_letter_in_another_case_keeps_the_link(
    hana: StaffMember, mallory: Respondent, campaign: Campaign
) -> None:
    before = read_paths(hana, campaign)
    page = hana.open(f"/en/campaigns/{campaign.id}/units")
    save_units(hana, page, "SALES > oslo; 12\nIt")
    after = read_paths(hana, campaign)
    assert list(after) == [("SALES",), ("SALES", "oslo"), ("It",)]
    assert list(after.values()) == list(before.values())


def test_a_spelling_is_corrected_after_opening_and_links_and_posters_stay(
    hana: StaffMember, mallory: Respondent
) -> None:
    campaign = hana.create(units="Slaes > Oslo; 12\nIT")
    links = [
        each for each in hana.open(f"/en/campaigns/{campaign.id}/links").links if "/inv" in each
    ]
    before = read_paths(hana, campaign)
    page = hana.open(f"/en/campaigns/{campaign.id}/units")
    address = page.find_link(f"/units/{before[('Slaes',)]}")
    page = hana.open(address)
    page = hana.send(page.find_form(address), label="  Sales ")
    assert "The new spelling is saved." in page.text
    assert read_paths(hana, campaign) == {
        ("Sales",): before[("Slaes",)],
        ("Sales", "Oslo"): before[("Slaes", "Oslo")],
        ("IT",): before[("IT",)],
    }
    assert [
        each for each in hana.open(f"/en/campaigns/{campaign.id}/links").links if "/inv" in each
    ] == links
    for link in links:
        mallory.open(link)
    assert "Spring: Slaes → Sales" in repr(read_records(hana.app)["audit"])


def test_the_page_of_a_spelling_says_what_becomes_of_links_and_figures(
    hana: StaffMember, campaign: Campaign
) -> None:
    unit_id = read_paths(hana, campaign)[("IT",)]
    page = hana.open(f"/en/campaigns/{campaign.id}/units/{unit_id}")
    assert "Links and invitations keep working." in page.text
    assert "All answers of the unit are counted under the new name" in page.text


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("", "Please fill this in."),
        ("x" * 81, "This is too long."),
        ("it", "There is a unit with this name already."),
        ("A > B", "This contains a character that is not allowed."),
        ("OSLO", "A unit above or below has this name already."),
    ],
)
def test_a_wrong_spelling_is_refused_and_kept(hana: StaffMember, label: str, words: str) -> None:
    campaign = hana.create()
    paths = read_paths(hana, campaign)
    # `Bergen` would repeat the label of the unit above if it were named `Sales`.
    path = ("Sales", "Bergen") if label == "OSLO" else ("Sales",)
    wrong = "SALES" if label == "OSLO" else label
    address = f"/en/campaigns/{campaign.id}/units/{paths[path]}"
    form = hana.open(address).find_form(address)
    page = hana.send(form, 400, label=wrong)
    assert words in page.text
    assert read_values(page)["label"] == wrong
    assert read_paths(hana, campaign) == paths


def test_a_stale_spelling_is_refused(hana: StaffMember, campaign: Campaign) -> None:
    unit_id = read_paths(hana, campaign)[("IT",)]
    address = f"/en/campaigns/{campaign.id}/units/{unit_id}"
    stale = hana.open(address).find_form(address)
    for _ in range(2):
        hana.send(stale, label="Tech")
    page = hana.send(stale, 400, label="Law")
    assert "Somebody has changed this since" in page.text
    assert "Tech" in page.text
    assert read_values(page)["label"] == "Law"


def test_a_spelling_stays_once_figures_are_sealed(hana: StaffMember) -> None:
    campaign = hana.create()
    unit_id = read_paths(hana, campaign)[("IT",)]
    address = f"/en/campaigns/{campaign.id}/units/{unit_id}"
    form = hana.open(address).find_form(address)
    change_behind(hana.app, SEALED)
    page = hana.send(form, 400, label="Tech")
    assert "Figures have been sealed under this name" in page.text
    assert not [
        each for each in hana.open(f"/en/campaigns/{campaign.id}/units").links if "/units/" in each
    ]


def test_a_unit_of_another_campaign_is_not_found(hana: StaffMember, campaign: Campaign) -> None:
    other = hana.create("Other")
    unit_id = read_paths(hana, other)[("IT",)]
    hana.open(f"/en/campaigns/{campaign.id}/units/{unit_id}", 404)
    hana.open(f"/en/campaigns/{campaign.id}/units/{2**70}", 404)
