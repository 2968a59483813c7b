"""HR pastes the longest list that is allowed, looks it over, and makes a campaign from it within a stated time."""

import time
from collections import Counter

import pytest

from fitquiz.store.campaigns.invitations import count_personal
from fitquiz.store.campaigns.units import list_units
from fitquiz.web.site.database_session import get_session
from tests.web.support.app_fixtures import MAIL_SETTINGS, MakeApp
from tests.web.support.campaigning import fill, read_campaigns, read_values, send_wrong
from tests.web.support.page_checks import check_page
from tests.web.support.records import read_records
from tests.web.support.staff_member import StaffMember

ROWS = 10_000
MAX_SECONDS = 20
"""The processor time of all three requests together. Measured: 4 s without a mail server, 6 s with one."""
SEED = "ab" * 16
NAMES = ("Åse Øie", "Кирилл Иванов", "王伟", "نورة العلي", '"Nilsen, Ola"')
UNITS = ("Salg", "Продажи", "销售部", "المبيعات", "Økonomi & lønn")
TEAMS = 8
PEOPLE_10_001 = "\n".join(f"p{number}@example.org" for number in range(10_001))


def write_row(number: int) -> tuple[str, str, str]:
    """Return the address with a display name, the unit and the team of a row.

    Each tenth row has the address of the row before, in capitals and without a name.
    """
    if number % 10 == 9:
        address, unit, team = write_row(number - 1)
        return address.partition("<")[2].rstrip(">").upper(), unit, team
    name = NAMES[number % len(NAMES)]
    domain = "blåbær.example" if number % 7 == 0 else "example.org"
    unit = UNITS[number % len(UNITS)]
    return f"{name} <person{number}@{domain}>", unit, f"Team {number % TEAMS}"


def count_people(rows: list[tuple[str, str, str]]) -> Counter[tuple[str, str]]:
    """Return how many different people each team of each unit has."""
    first_rows = [row for number, row in enumerate(rows) if number % 10 != 9]
    return Counter((unit, team) for _, unit, team in first_rows)


@pytest.mark.parametrize("has_mail", [False, True])
def test_ten_thousand_rows_become_a_campaign_within_the_time(
    make_app: MakeApp, has_mail: bool
) -> None:
    settings = {name.removeprefix("FITQUIZ_"): value for name, value in MAIL_SETTINGS.items()}
    hana = StaffMember(make_app(**settings) if has_mail else make_app(), "Hana", "hr")
    rows = [write_row(number) for number in range(ROWS)]
    lines = ["E-post\tAvdeling\tTeam", *("\t".join(row) for row in rows)]
    fields = fill(units="", addresses="\n".join(lines), seed=SEED)
    sent = {"csrf_token": hana.read_token(), **fields}
    teams = count_people(rows)
    people = teams.total()
    assert people == ROWS * 9 / 10

    began = time.process_time()
    response = hana.post("/en/campaigns/new", sent)
    assert response.status_code == 307
    page = check_page(hana.post(response.location, sent), 200)
    assert f"{people} people get an invitation." in page.text
    assert f"{ROWS - people} addresses stood there more than once." in page.text
    for unit in UNITS:
        assert unit in page.text
    form = page.find_form("/mailings/new" if has_mail else "/people")
    hana.send(form, button=next(name for name in form.buttons if f"{people}" in name))
    assert time.process_time() - began < MAX_SECONDS

    (campaign,) = read_campaigns(hana)
    assert campaign.is_personal
    records = read_records(hana.app)
    assert len(records["invitation"]) == people
    assert len(records["unit"]) == len(UNITS) + len(teams)
    assert len(records["outbox"]) == (people * 3 if has_mail else 0)
    with hana.app.app_context():
        units = {unit.id: unit.path for unit in list_units(get_session(), campaign.id)}
        invited = count_personal(get_session(), campaign.id)
    assert {units[unit_id]: number for unit_id, number in invited.items() if unit_id} == teams


@pytest.mark.parametrize("place", ["/en/campaigns/new", "people"])
@pytest.mark.parametrize(
    ("text", "words"),
    [
        (PEOPLE_10_001, "The list has 10,001 people, and one list can have 10,000."),
        ("kari@example.org\n" + "no address\n" * 10_100, "The list has 10,101 lines"),
        (", ".join(PEOPLE_10_001.split()), "The list has 10,001 people"),
    ],
    ids=["people", "lines", "one-line"],
)
def test_a_list_that_is_too_long_is_refused_at_once_and_kept(
    hana: StaffMember, place: str, text: str, words: str
) -> None:
    campaign = hana.create(is_personal=True, units="")
    address = place if place.startswith("/") else f"/en/campaigns/{campaign.id}/people"
    fields = {**fill(units=""), "addresses": text, "step": "preview", "seed": SEED}
    page = send_wrong(hana, address, fields)
    assert words in page.text
    assert read_values(page)["addresses"].strip() == text.strip()
    assert len(read_campaigns(hana)) == 1
