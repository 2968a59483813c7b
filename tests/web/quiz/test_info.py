"""The open pages: the start, what they promise, and that they show the whole pack."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from fitquiz.config.settings import BACKUP_DAYS
from fitquiz.core.packs import Keyed
from fitquiz.web.device.device_cookies import KIOSK_TIME
from tests.web.support.answering import PACK
from tests.web.support.app_fixtures import GetPage
from tests.web.support.respondent import Respondent

PAGES = (
    "",
    "privacy",
    "clear",
    "cleared",
    *(f"packs/{PACK.id}/{page}" for page in ("", "how", "statements", "begin")),
)
LANGUAGES = {
    "nb": "nb",
    "nn": "nn",
    "en": "en",
    "nn-NO,nb;q=0.9,en;q=0.5": "nn",
    "de": "en",
}
LANGUAGES |= {f"{code},en;q=0.9": "nb" for code in ("no", "da", "sv-SE")}
LANGUAGES |= {
    "en-US": "en",
    "de,en;q=0.3": "en",
    "sv;q=0.2,en;q=0.9": "en",
    "": "en",
    "garbage;;;q=x": "en",
}


@pytest.mark.parametrize("accepted", LANGUAGES)
def test_the_front_leads_to_the_language_that_the_browser_asks_for(
    client: FlaskClient, accepted: str
) -> None:
    response = client.get("/", headers={"Accept-Language": accepted})
    assert (response.status_code, response.location) == (302, f"/{LANGUAGES[accepted]}/")
    assert "Accept-Language" in response.vary


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
@pytest.mark.parametrize("place", PAGES)
def test_every_open_page_is_there_in_every_language(
    get_page: GetPage, language: str, place: str
) -> None:
    assert get_page(f"/{language}/{place}").tree.get("lang") == language


@pytest.mark.parametrize(
    ("language", "promise"),
    [("nb", "28 korte påstander"), ("nn", "28 korte påstandar"), ("en", "28 short statements")],
)
def test_the_start_page_states_the_true_number_of_statements(
    get_page: GetPage, language: str, promise: str
) -> None:
    assert promise in get_page(f"/{language}/").text
    assert len(PACK.items_of(PACK.first_parts)) == 28


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_start_page_shows_a_decided_example_that_is_marked_as_one(
    get_page: GetPage, language: str
) -> None:
    page = get_page(f"/{language}/")
    (example,) = page.list_texts("section", class_="card example")
    assert example.startswith({"nb": "Eksempel på", "en": "An example of"}[language])
    suggestion = PACK.words[language]["suggestions"]["back"]
    assert suggestion["headline"] in example or suggestion["clearly"] in example
    assert len(page.find_all("ul", class_="traits")[0]) == 3


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_start_page_shows_the_pack_in_its_language(get_page: GetPage, language: str) -> None:
    page, words = get_page(f"/{language}/"), PACK.words[language]
    assert page.h1 == words["title"]
    assert words["summary"] in page.text
    assert words["caveat"] in page.text


@pytest.mark.parametrize(
    "place", ["", "privacy", f"packs/{PACK.id}/", f"packs/{PACK.id}/how", "gone"]
)
def test_no_cookie_is_set_before_start(client: FlaskClient, place: str) -> None:
    assert "Set-Cookie" not in client.get(f"/en/{place}").headers


@pytest.mark.parametrize(
    ("language", "words"), [("nb", "én til, i {} timer"), ("en", "one more, for {} hours")]
)
def test_the_privacy_page_says_how_long_a_tablet_keeps_the_cookie_of_a_kiosk(
    get_page: GetPage, language: str, words: str
) -> None:
    hours = KIOSK_TIME // timedelta(hours=1)
    assert words.format(hours) in get_page(f"/{language}/privacy").text


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_the_paper_form_has_all_statements_a_place_for_each_answer_and_the_address(
    get_page: GetPage, language: str
) -> None:
    page, words = get_page(f"/{language}/packs/{PACK.id}/paper"), PACK.words[language]
    items = PACK.items_of(PACK.first_parts)
    expected = [f"{number}. {words['items'][item.id]}" for number, item in enumerate(items, 1)]
    assert page.list_texts("th", scope="row") == expected
    assert page.list_texts("th", scope="col")[1:] == words["answers"]["labels"]
    assert len(page.find_all("td")) == len(items) * PACK.answer_points
    assert page.list_texts("strong") == [f"http://localhost/{language}/"]
    statements = get_page(f"/{language}/packs/{PACK.id}/statements")
    assert statements.find_link("/paper") == page.response.request.path


def test_no_attempt_is_held_before_the_form_is_sent(alice: Respondent) -> None:
    alice.open(f"/en/packs/{PACK.id}/begin")
    for name in ("attempts", "attempts-kept"):
        assert alice.client.get_cookie(name) is None


@pytest.mark.parametrize("place", ["", "how", "statements", "begin"])
def test_an_unknown_pack_is_not_found(get_page: GetPage, place: str) -> None:
    get_page(f"/en/packs/no-such-pack/{place}", 404)


@pytest.mark.parametrize(
    "address",
    ["/fr/", "/de/privacy", "/fr/packs/front-back-office/", "/favicon.ico", "/en/nothing"],
)
def test_an_unknown_language_or_page_is_not_found(get_page: GetPage, address: str) -> None:
    get_page(address, 404)


def test_an_address_without_its_last_slash_leads_to_the_page(client: FlaskClient) -> None:
    assert client.get("/en").location.endswith("/en/")


@pytest.mark.parametrize("language", ["nb", "en"])
def test_the_statements_page_lists_every_item_once_with_its_key(
    get_page: GetPage, language: str
) -> None:
    listed = get_page(f"/{language}/packs/{PACK.id}/statements").list_texts("li")
    for item in PACK.items.values():
        sign = {Keyed.PLUS: "+", Keyed.MINUS: "−", None: ""}[item.keyed]
        text = PACK.words[language]["items"][item.id]
        assert [row for row in listed if row.startswith(f"{sign}{text}")], item.id
    assert len(listed) == len(PACK.items)


@pytest.mark.parametrize("language", ["nb", "en"])
def test_how_it_works_names_every_trait_with_its_meaning(get_page: GetPage, language: str) -> None:
    text = get_page(f"/{language}/packs/{PACK.id}/how").text
    for trait in PACK.traits:
        assert PACK.words[language]["traits"][trait.id]["name"] in text
        assert PACK.words[language]["traits"][trait.id]["meaning"] in text


@pytest.mark.parametrize("language", ["nb", "en"])
def test_how_it_works_states_every_number_of_the_rule(get_page: GetPage, language: str) -> None:
    words, rule = (
        get_page(f"/{language}/packs/{PACK.id}/how").text.replace("%", " ").split(),
        PACK.rule,
    )
    numbers = {
        rule.item_sd,
        rule.band,
        rule.clear,
        rule.both_from,
        rule.neither_to,
        rule.least_answered * 100,
    }
    missing = {
        number for number in numbers if not any(word.strip(",.;:") == str(number) for word in words)
    }
    assert missing == set()


def test_how_it_works_says_that_the_uncertainty_is_provisional(get_page: GetPage) -> None:
    assert not PACK.rule.calibrated
    assert "provisional" in get_page(f"/en/packs/{PACK.id}/how").text


@pytest.mark.parametrize("language", ["nb", "en"])
def test_privacy_states_for_how_long_answers_are_kept(get_page: GetPage, language: str) -> None:
    text = get_page(f"/{language}/privacy").text
    assert all(f" {days} " in text for days in (30, 180, BACKUP_DAYS))
