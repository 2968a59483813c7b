"""The language stays in the address, and every page leads to itself in the other languages."""

import pytest

from fitquiz.core.languages import LANGUAGES
from tests.web.support.answering import FIRST, PACK, ROOT, agree
from tests.web.support.app_fixtures import GetPage
from tests.web.support.page import Page
from tests.web.support.page_checks import check_page
from tests.web.support.respondent import Respondent

CATALOGS = ROOT / "fitquiz" / "web" / "site" / "catalogs"
NAMES = {"nb": "Bokmål", "nn": "Nynorsk", "en": "English"}
ADDRESSES = (
    "/en/",
    "/nb/",
    "/en/privacy",
    "/nn/clear",
    "/en/packs/front-back-office/how",
    "/nb/packs/front-back-office/",
)


def find_switches(page: Page) -> dict[str, tuple[str, str]]:
    """Return the name and the address of each link to another language, by language."""
    links = [link for link in page.find_all("a") if link.get("hreflang")]
    assert [link.get("lang") for link in links] == [link.get("hreflang") for link in links]
    return {link.get("hreflang") or "": (link.text or "", link.get("href") or "") for link in links}


def find_switch(page: Page, language: str) -> str:
    """Return the address of the link to another language."""
    return find_switches(page)[language][1]


@pytest.mark.parametrize("address", ADDRESSES)
def test_a_page_leads_to_itself_in_the_other_languages(get_page: GetPage, address: str) -> None:
    others = [language for language in LANGUAGES if language != address[1:3]]
    switches = find_switches(get_page(address))
    assert switches == {other: (NAMES[other], f"/{other}{address[3:]}") for other in others}
    assert list(switches) == others
    assert find_switch(get_page(f"/{others[0]}{address[3:]}"), address[1:3]) == address


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_link_of_a_page_but_the_switches_keeps_the_language(
    get_page: GetPage, address: str
) -> None:
    page = get_page(address)
    switches = {href for _name, href in find_switches(page).values()}
    links = [link for link in page.links if link.startswith("/") and link not in switches]
    assert links
    assert [link for link in links if not link.startswith(address[:4])] == []


@pytest.mark.parametrize("other", ["nb", "nn"])
def test_the_quiz_goes_on_in_another_language(alice: Respondent, other: str) -> None:
    alice.start()
    alice.answer(3)
    page = alice.open(find_switch(alice.page, other))
    assert page.h1 == PACK.words[other]["items"][FIRST[1]]
    alice.language = other
    alice.answer(3)
    assert alice.page.h1 == PACK.words[other]["items"][FIRST[2]]


def test_the_switch_keeps_the_way_back_to_the_check(alice: Respondent) -> None:
    alice.start()
    alice.answer_all(agree())
    page = alice.open(f"{alice.base}/items/{FIRST[3]}?from=check")
    assert find_switch(page, "nb") == f"/nb/attempts/{alice.handle}/items/{FIRST[3]}?from=check"


def test_a_result_is_the_same_in_every_language(alice: Respondent) -> None:
    alice.take(agree(people=4))
    page = alice.page
    for other in ("nb", "nn"):
        assert (
            alice.open(find_switch(page, other)).h1
            == PACK.words[other]["suggestions"]["front"]["headline"]
        )


def test_an_error_page_leads_to_itself_in_another_language(get_page: GetPage) -> None:
    assert find_switch(get_page("/en/a%3Fb%23c%25", 404), "nb") == "/nb/a%3Fb%23c%25"


def test_a_page_outside_the_languages_leads_to_the_other_starts(get_page: GetPage) -> None:
    page = get_page("/gone", 404, Accept_Language="en")
    assert [find_switch(page, other) for other in ("nb", "nn")] == ["/nb/", "/nn/"]


def test_a_foreign_address_does_not_get_into_the_switch(get_page: GetPage) -> None:
    for address in ("/en//example.org", "/en/?x=//example.org"):
        page = get_page(address, 200 if "?" in address else 404)
        assert find_switch(page, "nb").startswith("/nb/")


@pytest.mark.parametrize("address", ["/en-GB/", "/nn-NO/", "/de/"])
def test_only_the_three_languages_stand_in_addresses(get_page: GetPage, address: str) -> None:
    get_page(address, 404)


def test_the_browsers_wish_does_not_change_a_page_with_a_language(alice: Respondent) -> None:
    response = alice.client.get("/nb/", headers={"Accept-Language": "en"})
    assert check_page(response).tree.get("lang") == "nb"


def test_every_language_but_english_has_a_catalog() -> None:
    catalogs = {path.stem for path in CATALOGS.glob("*.po")}
    assert catalogs == set(LANGUAGES) - {"en"}
