"""The language stays in the address, and every page leads to itself in the other one."""

import pytest

from fitquiz.core.languages import LANGUAGES
from tests.web.support.answering import FIRST, PACK, ROOT, agree
from tests.web.support.app_fixtures import GetPage
from tests.web.support.page import Page
from tests.web.support.page_checks import check_page
from tests.web.support.respondent import Respondent

CATALOGS = ROOT / "fitquiz" / "web" / "site" / "catalogs"
OTHER = {"nb": "en", "en": "nb"}
NAMES = {"nb": "Norsk", "en": "English"}
ADDRESSES = (
    "/en/",
    "/nb/",
    "/en/privacy",
    "/nb/clear",
    "/en/packs/front-back-office/how",
    "/nb/packs/front-back-office/",
)


def find_switch(page: Page) -> tuple[str, str, str]:
    """Return the language, the name and the address of the one link to another language."""
    (link,) = [link for link in page.find_all("a") if link.get("hreflang")]
    assert link.get("lang") == link.get("hreflang")
    return link.get("hreflang") or "", link.text or "", link.get("href") or ""


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_leads_to_itself_in_the_other_language(get_page: GetPage, address: str) -> None:
    other = OTHER[address[1:3]]
    assert find_switch(get_page(address)) == (other, NAMES[other], f"/{other}{address[3:]}")
    assert find_switch(get_page(f"/{other}{address[3:]}"))[2] == address


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_link_of_a_page_but_the_switch_keeps_the_language(
    get_page: GetPage, address: str
) -> None:
    page = get_page(address)
    links = [link for link in page.links if link.startswith("/") and link != find_switch(page)[2]]
    assert links
    assert [link for link in links if not link.startswith(address[:4])] == []


def test_the_quiz_goes_on_in_the_other_language(alice: Respondent) -> None:
    alice.start()
    alice.answer(3)
    page = alice.open(find_switch(alice.page)[2])
    assert page.h1 == PACK.words["nb"]["items"][FIRST[1]]
    alice.language = "nb"
    alice.answer(3)
    assert alice.page.h1 == PACK.words["nb"]["items"][FIRST[2]]


def test_the_switch_keeps_the_way_back_to_the_check(alice: Respondent) -> None:
    alice.start()
    alice.answer_all(agree())
    page = alice.open(f"{alice.base}/items/{FIRST[3]}?from=check")
    assert find_switch(page)[2] == f"/nb/attempts/{alice.handle}/items/{FIRST[3]}?from=check"


def test_a_result_is_the_same_in_both_languages(alice: Respondent) -> None:
    alice.take(agree(people=4))
    page = alice.open(find_switch(alice.page)[2])
    assert page.h1 == PACK.words["nb"]["suggestions"]["front"]["headline"]


def test_an_error_page_leads_to_itself_in_the_other_language(get_page: GetPage) -> None:
    assert find_switch(get_page("/en/a%3Fb%23c%25", 404))[2] == "/nb/a%3Fb%23c%25"


def test_a_page_outside_the_languages_leads_to_the_other_start(get_page: GetPage) -> None:
    assert find_switch(get_page("/gone", 404, Accept_Language="en"))[2] == "/nb/"


def test_a_foreign_address_does_not_get_into_the_switch(get_page: GetPage) -> None:
    for address in ("/en//example.org", "/en/?x=//example.org"):
        page = get_page(address, 200 if "?" in address else 404)
        assert find_switch(page)[2].startswith(("/nb/", "/en/"))


@pytest.mark.parametrize("address", ["/en-GB/", "/de/", "/fi/"])
def test_only_the_two_languages_stand_in_addresses(get_page: GetPage, address: str) -> None:
    get_page(address, 404)


def test_the_browsers_wish_does_not_change_a_page_with_a_language(alice: Respondent) -> None:
    response = alice.client.get("/nb/", headers={"Accept-Language": "en"})
    assert check_page(response).tree.get("lang") == "nb"


def test_every_language_but_english_has_a_catalog() -> None:
    catalogs = {path.stem for path in CATALOGS.glob("*.po")}
    assert catalogs == set(LANGUAGES) - {"en"}
