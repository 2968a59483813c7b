"""Every page has the footer: help, privacy, the way to the sign-in, and who is responsible."""

import pytest
from flask import Flask

from fitquiz.config.site_owner import SiteOwner
from tests.web.support.app_fixtures import MakeApp
from tests.web.support.calls import list_calls
from tests.web.support.page import Page, parse_page
from tests.web.support.stage import Stage

ACCESSIBILITY = "https://fjord.no/quiz?a=1"
FEWEST_PAGES = 50
FEWEST_PRINTED = 5
OWNER = SiteOwner(
    organisation="Fjord kommune",
    contact="quiz@fjord.no",
    contact_link="mailto:quiz@fjord.no",
    accessibility_url=ACCESSIBILITY,
)


def read_footer(page: Page) -> dict[str, str]:
    """Return the links of the footer: the address by the text."""
    (footer,) = page.find_all("footer", class_="bottom")
    return {"".join(link.itertext()).strip(): link.get("href", "") for link in footer.iter("a")}


@pytest.fixture
def owned(make_app: MakeApp) -> Flask:
    """An app that says who is responsible."""
    return make_app(
        organisation="Fjord kommune", contact="quiz@fjord.no", accessibility_url=ACCESSIBILITY
    )


def test_every_page_that_somebody_may_open_has_the_footer(stage: Stage) -> None:
    counted = 0
    for call in list_calls(stage, "GET"):
        response = stage.ask(call.doer, "GET", call.address)
        if (response.status_code, response.mimetype) == (200, "text/html"):
            links = read_footer(parse_page(response))
            assert links["Privacy"] == "/en/privacy", call.address
            assert links["How it works"].endswith("/how"), call.address
            assert links["For HR and counsellors"] == "/en/sign-in", call.address
            counted += 1
    assert counted > FEWEST_PAGES


@pytest.mark.parametrize("place", ["", "sign-in", "no-such-page"])
def test_the_footer_leads_to_the_contact_and_the_statement(owned: Flask, place: str) -> None:
    links = read_footer(parse_page(owned.test_client().get(f"/en/{place}")))
    assert links["Contact Fjord kommune"] == "mailto:quiz@fjord.no"
    assert links["Accessibility"] == ACCESSIBILITY


def test_every_page_for_paper_names_who_is_responsible(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A page with a button for printing has no footer on paper, but this line."""
    monkeypatch.setitem(stage.app.jinja_env.globals, "site_owner", OWNER)
    counted = 0
    for call in list_calls(stage, "GET"):
        response = stage.ask(call.doer, "GET", call.address)
        if b"data-print" in response.data:
            lines = parse_page(response).list_texts("p", class_="printed")
            assert lines == ["Responsible: Fjord kommune · Contact: quiz@fjord.no"], call.address
            counted += 1
    assert counted >= FEWEST_PRINTED


def test_the_privacy_page_names_who_is_responsible(owned: Flask) -> None:
    page = parse_page(owned.test_client().get("/nb/privacy"))
    assert "Fjord kommune har ansvaret for svarene på denne serveren." in page.text
    assert "Spørsmål og klager: quiz@fjord.no" in page.text


def test_a_name_without_a_contact_is_shown_without_a_link(make_app: MakeApp) -> None:
    page = parse_page(make_app(organisation="Fjord <kommune>").test_client().get("/en/"))
    assert page.list_texts("footer")[0].endswith("Responsible: Fjord <kommune>")


def test_a_contact_without_a_name_is_a_link(make_app: MakeApp) -> None:
    page = parse_page(make_app(contact="https://fjord.no/kontakt").test_client().get("/en/"))
    assert read_footer(page)["Contact"] == "https://fjord.no/kontakt"
