"""HR uploads a list, sees how it was read, changes a guess, and makes units and invitations from it."""

import io
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.campaigns.units import list_units
from fitquiz.web.limits.form_limits import MAX_FILE_BYTES, MAX_UPLOAD_BYTES
from fitquiz.web.site.database_session import get_session
from tests.web.support.app_fixtures import MAIL_SETTINGS, MakeApp
from tests.web.support.campaigning import fill, read_campaigns, read_values, send, today
from tests.web.support.list_files import write_book, write_export, write_form
from tests.web.support.page import Page
from tests.web.support.page_checks import check_page
from tests.web.support.records import read_records
from tests.web.support.staff_member import StaffMember

LIST = "Navn;E-post;Avdeling;Team\nKari;kari@example.org;Salg;Oslo\nOla;ola@example.org;IT;"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
SEED = "ef" * 16
FROM_HERE = {"Origin": "http://localhost", "Sec-Fetch-Site": "same-origin"}
TREE = [("Salg",), ("Salg", "Oslo"), ("IT",)]


@pytest.fixture
def campaign(hana: StaffMember) -> Campaign:
    """A campaign without units that has opened. Nobody is invited."""
    return hana.create(is_personal=True, units="")


def address_of(campaign: Campaign) -> str:
    return f"/en/campaigns/{campaign.id}/people"


def upload(
    person: StaffMember, address: str, data: bytes, status: int = 200, **fields: str
) -> Page:
    """Send a file, as a browser sends it, and return the page."""
    whole = {"csrf_token": person.read_token(), "seed": SEED, **fields}
    response = person.client.post(
        address,
        data=write_form(whole, data, "limit"),
        content_type="multipart/form-data; boundary=limit",
        headers=FROM_HERE,
    )
    return check_page(response, status)


def read_fields(page: Page) -> dict[str, str]:
    """Return the fields of a preview with the choices that it shows."""
    form = page.forms[0]
    chosen = {}
    for select in page.find_all("select"):
        options = [each for each in select.iter("option") if each.get("selected") is not None]
        chosen[select.get("name", "")] = options[0].get("value", "")
    return {**form.fields, **chosen}


def confirm(person: StaffMember, address: str, page: Page, **changes: str) -> Page | None:
    return send(person, address, {**read_fields(page), "step": "send", **changes})


def read_tree(app: Flask, campaign: Campaign) -> Mapping[tuple[str, ...], int | None]:
    with app.app_context():
        return {unit.path: unit.people for unit in list_units(get_session(), campaign.id)}


@pytest.mark.parametrize(
    "data",
    [
        LIST.encode(),
        LIST.encode("utf-8-sig"),
        LIST.encode("utf-16"),
        LIST.encode("cp1252"),
        write_book([line.split(";") for line in LIST.splitlines()]),
    ],
    ids=["utf-8", "mark", "utf-16", "windows-1252", "workbook"],
)
def test_a_file_becomes_units_and_invitations(
    hana: StaffMember, campaign: Campaign, data: bytes
) -> None:
    page = upload(hana, address_of(campaign), data)
    assert page.h1 == "Is the list right?"
    assert "2 people get an invitation." in page.text
    assert "Salg 1 person Oslo 1 person IT 1 person" in page.text
    assert "Line 1 was read as the heading." in page.text
    assert "The addresses were read from: E-post." in page.text
    assert "The units were read from: Avdeling, Team." in page.text
    assert "Not used, and not kept: Navn." in page.text
    assert read_tree(hana.app, campaign) == {}
    for _ in range(2):
        confirm(hana, address_of(campaign), page)
    assert read_tree(hana.app, campaign) == dict.fromkeys(TREE, 1)
    assert len(read_records(hana.app)["invitation"]) == 2
    assert "example.org" not in repr(read_records(hana.app)["invitation"])


def test_an_export_with_a_title_and_merged_cells_is_read(
    hana: StaffMember, campaign: Campaign
) -> None:
    page = upload(hana, address_of(campaign), write_export())
    assert "The sheet “Ansatte” was read." in page.text
    assert "Line 3 was read as the heading." in page.text
    assert "1 line above the heading was left out." in page.text
    assert (
        "Salg 3 people Oslo 1 person Bergen 2 people 1200 1 person Without a unit 1 person"
        in page.text
    )


def test_a_changed_guess_is_shown_before_anything_is_made(
    hana: StaffMember, campaign: Campaign
) -> None:
    page = upload(hana, address_of(campaign), LIST.encode())
    fields = {**read_fields(page), "unit_column_2": "none"}
    again = send(hana, address_of(campaign), {**fields, "step": "send"}, 200)
    assert again is not None
    assert read_tree(hana.app, campaign) == {}
    assert "Salg 1 person IT 1 person" in again.text
    confirm(hana, address_of(campaign), again)
    assert list(read_tree(hana.app, campaign)) == [("Salg",), ("IT",)]


def test_the_page_names_each_guess_of_a_list_without_a_heading(
    hana: StaffMember, campaign: Campaign
) -> None:
    page = upload(hana, address_of(campaign), "kari@example.org;Salg/Oslo".encode("utf-16"))
    assert "The addresses were read from: Column 1 (kari@example.org)." in page.text
    assert "The units were read from: Column 2 (Salg/Oslo)." in page.text
    assert "The levels of a unit are separated by “/”." in page.text
    page = upload(hana, address_of(campaign), b"Kari <kari@example.org>; Ola <ola@example.org>")
    assert "Every address in each line was read." in page.text


def test_a_heading_can_be_a_person(hana: StaffMember, campaign: Campaign) -> None:
    page = upload(hana, address_of(campaign), LIST.encode())
    fields = {**read_fields(page), "heading": "no", "step": "preview"}
    again = send(hana, address_of(campaign), fields, 200)
    assert again is not None
    assert "Line 1: there is no e-mail address. “E-post”".replace("“E-post”", "") in again.text


def test_lines_with_faults_are_left_out_only_if_hr_says_so(
    hana: StaffMember, campaign: Campaign
) -> None:
    data = f"{LIST}\nPer;per at example;IT;".encode()
    page = upload(hana, address_of(campaign), data)
    assert "Line 4: there is no e-mail address." in page.text
    fields = {**read_fields(page), "step": "send"}
    refused = send(hana, address_of(campaign), fields, 400)
    assert refused is not None
    assert "Some lines cannot be used." in refused.text
    assert read_records(hana.app)["invitation"] == []
    confirm(hana, address_of(campaign), refused, leave_out="y")
    assert len(read_records(hana.app)["invitation"]) == 2


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (OLE, "This is an old Excel file"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), "This file has a password"),
        (b"%PDF-1.7\n\x00\x01", "neither an Excel file"),
        (b"PK\x03\x04" + bytes(99), "This Excel file cannot be read"),
        (b"Navn;Avdeling\nKari;Salg", "There is no e-mail address in this list"),
        (b"", "There is no e-mail address in this list"),
        (b"x" * (MAX_FILE_BYTES + 1), "larger than 5 MB"),
        (b"a@b.no;x\n" * 250_000, "This list is too long"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_sentence(
    hana: StaffMember, campaign: Campaign, data: bytes, words: str
) -> None:
    page = upload(hana, address_of(campaign), data, 400, addresses="kari@example.org")
    assert words in page.text
    typed = read_values(page)["addresses"].strip()
    assert typed == ("kari@example.org" if "no e-mail" not in words else data.decode().strip())


def test_a_larger_body_is_refused_and_others_send_small_bodies_only(
    hana: StaffMember, campaign: Campaign
) -> None:
    body = b"x" * (MAX_UPLOAD_BYTES + 1)
    response = hana.client.post(address_of(campaign), data=body, headers=FROM_HERE)
    assert response.status_code == 413
    stranger = hana.app.test_client()
    fields = {"file": (io.BytesIO(bytes(100_000)), "list.csv")}
    response = stranger.post(address_of(campaign), data=fields, headers=FROM_HERE)
    assert (response.status_code, "You are signed out" in response.text) == (403, True)


def test_a_file_never_lies_on_the_disk(
    hana: StaffMember, campaign: Campaign, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(*arguments: object, **values: object) -> None:
        raise AssertionError("a file is written")

    for name in ("TemporaryFile", "NamedTemporaryFile", "SpooledTemporaryFile"):
        monkeypatch.setattr(f"werkzeug.formparser.{name}", refuse, raising=False)
    lines = [f"kari{n}@example.org;Department {n % 9};{'x' * 50}" for n in range(9000)]
    page = upload(hana, address_of(campaign), "\n".join(lines).encode())
    assert "9000 people get an invitation." in page.text


def test_a_campaign_that_has_invited_somebody_gets_no_new_units(hana: StaffMember) -> None:
    campaign = hana.create(is_personal=True)
    page = upload(hana, address_of(campaign), b"kari@example.org;Law")
    confirm(hana, address_of(campaign), page)
    assert read_tree(hana.app, campaign)["Law",] == 1
    page = upload(hana, address_of(campaign), b"ola@example.org;Board", seed="cd" * 16)
    assert "Line 1: the campaign has no such unit." in page.text


def test_a_copy_of_a_survey_takes_a_list_with_new_units(hana: StaffMember) -> None:
    """The whole walk: copy, paste a list, look at its units, make the invitations."""
    earlier = hana.create(is_personal=True, units="Sales; 20\nIT; 9")
    page = hana.open(f"/en/campaigns/{earlier.id}/copy")
    last_day = str(today() + timedelta(9))
    text = "eva@example.org;Sales\nkari@example.org;Law\nola@example.org;Law"
    values = read_values(page)
    chosen = fill(units=values["units"], kind="personal", closes_on=last_day, addresses=text)
    token = hana.read_token()
    fields = {
        "csrf_token": token,
        **chosen,
        "seed": page.find_form("/campaigns/new").fields["seed"],
    }
    response = hana.post("/en/campaigns/new", fields)
    assert response.status_code == 307
    page = check_page(hana.post(response.location, fields), 200)
    assert "no such unit" not in page.text
    assert "Law 2 people" in page.text

    campaign = read_campaigns(hana)[0]
    assert campaign.id > earlier.id
    confirm(hana, address_of(campaign), page)
    assert read_tree(hana.app, campaign) == {("Sales",): 20, ("IT",): 9, ("Law",): 2}
    assert "There are 3 invitations." in hana.open(f"/en/campaigns/{campaign.id}/invitations").text


def test_more_people_than_a_unit_has_raise_its_number(hana: StaffMember) -> None:
    tomorrow = today() + timedelta(1)
    campaign = hana.create(is_personal=True, opens_on=tomorrow, units="IT; 9\nSales > Oslo; 1\nLaw")
    lists = (
        "kari@example.org;Oslo\nola@example.org;Oslo",
        "per@example.org;Oslo\neva@example.org;Law",
    )
    for text in lists:
        page = upload(hana, address_of(campaign), text.encode())
        confirm(hana, address_of(campaign), page)
    assert read_tree(hana.app, campaign) == {
        ("IT",): 9,
        ("Sales",): None,
        ("Sales", "Oslo"): 3,
        ("Law",): None,
    }


@pytest.mark.parametrize("has_mail", [True, False])
def test_a_new_campaign_goes_on_to_the_people_of_its_list(
    make_app: MakeApp, has_mail: bool
) -> None:
    settings = {name.removeprefix("FITQUIZ_"): value for name, value in MAIL_SETTINGS.items()}
    hana = StaffMember(make_app(**settings) if has_mail else make_app(), "Hana", "hr")
    fields = fill(units="", addresses=LIST, seed=SEED)
    address = "/en/campaigns/new"
    sent = {"csrf_token": hana.read_token(), **fields}
    response = hana.post(address, sent)
    assert response.status_code == 307
    address = response.location
    page = check_page(hana.post(address, sent), 200)
    assert "The survey “Spring round” is made. Nobody has been invited yet." in page.text
    assert "2 people get an invitation." in page.text
    (campaign,) = read_campaigns(hana)
    assert campaign.is_personal
    confirm(hana, address.partition("?")[0], page)
    assert list(read_tree(hana.app, campaign)) == TREE
    assert len(read_records(hana.app)["invitation"]) == 2
    assert len(read_records(hana.app)["outbox"]) == (2 * 3 if has_mail else 0)


def test_a_new_campaign_with_a_file_that_cannot_be_read_is_refused(hana: StaffMember) -> None:
    fields = {name: str(value) for name, value in fill(units="").items() if isinstance(value, str)}
    page = upload(hana, "/en/campaigns/new", OLE, 400, **fields)
    assert "This is an old Excel file" in page.text
    assert read_campaigns(hana) == []
