"""Which language a reader gets, from what the browser asks for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitquiz.core.languages import LANGUAGE_TABLE, LANGUAGES, choose_language, find_nearest


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("nb", "nb"),
        ("nn", "nn"),
        ("en", "en"),
        ("en-GB", "en"),
        ("EN-us", "en"),
        ("nb-NO,nb;q=0.9,en;q=0.8", "nb"),
        ("nn-NO,nn;q=0.9,nb;q=0.8,en;q=0.7", "nn"),
        ("nb-NO,nb;q=0.9,nn;q=0.8", "nb"),
        ("en-US,en;q=0.9,nb;q=0.8", "en"),
        ("en;q=0.2, nb;q=0.8", "nb"),
        ("nb;q=0.2, en;q=0.8", "en"),
        ("fi, en;q=0.5", "en"),
        ("fi", "en"),
        ("*", "en"),
    ],
)
def test_the_highest_ranked_language_that_is_offered_is_chosen(header: str, language: str) -> None:
    assert choose_language(header) == language


def test_every_language_of_the_table_is_offered_and_chosen_by_its_own_code() -> None:
    assert [language.code for language in LANGUAGE_TABLE] == list(LANGUAGES)
    assert [choose_language(code) for code in LANGUAGES] == list(LANGUAGES)


@pytest.mark.parametrize("tag", ["no", "da", "sv-SE"])
def test_norwegian_danish_and_swedish_readers_get_bokmal(tag: str) -> None:
    assert choose_language(f"{tag}, en;q=0.9", LANGUAGES) == "nb"


@pytest.mark.parametrize("tag", ["no", "nn", "nn-NO", "nb", "da", "sv-SE"])
def test_the_other_norwegian_is_nearer_than_english(tag: str) -> None:
    assert choose_language(f"{tag}, en;q=0.9", ("en", "nb")) == "nb"
    assert choose_language(f"{tag.replace('nn', 'nb')}, en;q=0.9", ("en", "nn")) == "nn"


def test_the_nearest_language_is_the_language_itself_then_a_fallback_then_the_first() -> None:
    assert find_nearest("nn", ("en", "nb", "nn")) == "nn"
    assert find_nearest("nn", ("en", "nb")) == "nb"
    assert find_nearest("nb", ("en", "nn")) == "nn"
    assert find_nearest("nn", ("en", "de")) == "en"
    assert find_nearest("fi", ("de", "en")) == "de"


def test_a_language_that_is_offered_itself_is_not_replaced_by_bokmal() -> None:
    assert choose_language("da", ("en", "da")) == "da"
    assert choose_language("sv", ("nb", "sv")) == "sv"


def test_of_two_equals_the_first_is_chosen() -> None:
    assert choose_language("en,nb") == "en"
    assert choose_language("nb;q=0.5,en;q=0.5") == "nb"


def test_english_is_chosen_where_nothing_fits() -> None:
    assert choose_language("fi,et", ("de", "en")) == "en"


def test_what_is_offered_first_is_chosen_where_nothing_fits_and_english_is_not_offered() -> None:
    assert choose_language("fi,et", ("de", "fr")) == "de"


def test_a_language_that_is_refused_is_not_chosen() -> None:
    assert choose_language("nb;q=0, en;q=0.1") == "en"
    assert choose_language("nb;q=0") == "en"


@pytest.mark.parametrize("rank", ["q=x", "q=", "q=-1", "q=nan"])
def test_a_rank_that_cannot_be_read_is_none(rank: str) -> None:
    assert choose_language(f"en;{rank}, nb;q=0.1") == "nb"
    assert choose_language(f"nb;{rank}") == "en"


def test_a_rank_above_one_is_one() -> None:
    assert choose_language("nb;q=1, en;q=99") == "nb"


def test_another_parameter_than_the_rank_does_not_count() -> None:
    assert choose_language("en;level=0, nb;q=0.9") == "en"


def test_only_the_start_of_a_long_header_is_read() -> None:
    assert choose_language("x," * 1_000_000 + "nb") == "en"
    assert choose_language("fi," * 100 + "nb") == "nb"


@given(
    st.text()
    | st.lists(st.sampled_from(["nb", "nn", "en", "*", ";", ",", "q=", "0.5", "-", " "])).map(
        "".join
    )
)
def test_any_header_gives_a_language_that_is_offered(header: str) -> None:
    assert choose_language(header) in LANGUAGES
