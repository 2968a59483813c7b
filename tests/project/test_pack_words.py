"""The words of the shipped pack are easy to read in every language, and its statements are short and balanced."""

import re
import tomllib
from collections import Counter
from typing import Any

import pytest

from fitquiz.core.pack_files.reading import examine_review, read_pack
from fitquiz.core.packs import STANDARD, Keyed, Pack
from tests.project.nynorsk import find_wrong_words
from tests.project.pack_texts import SHIPPED, list_texts, read_files
from tests.project.readability import (
    count_syllables,
    work_out_flesch,
    work_out_lix,
)

LANGUAGES = ("nb", "nn", "en")
EASY_GROUPS = ("traits", "items", "suggestions", "aspects")
OTHER_GROUPS = ("occupations", "modules")
MAX_LIX = dict.fromkeys(EASY_GROUPS, 25) | dict.fromkeys(OTHER_GROUPS, 34)
"""Occupations need the words of their trade, and modules the words of leading."""
MIN_FLESCH = 75
LABELS = {
    "nb": ["Helt uenig", "Ganske uenig", "Verken enig eller uenig", "Ganske enig", "Helt enig"],
    "nn": [
        "Heilt ueinig",
        "Ganske ueinig",
        "Verken einig eller ueinig",
        "Ganske einig",
        "Heilt einig",
    ],
    "en": [
        "Strongly disagree",
        "Disagree",
        "Neither agree nor disagree",
        "Agree",
        "Strongly agree",
    ],
}
OTHER_WORDS = {
    "nb": r"\b(utsagn\w*|helling\w*|skår\w*|på sparket|runden?|kampanje\w*)\b",
    "nn": r"\b(utsegn\w*|helling\w*|skår\w*|på sparket|runden?|kampanje\w*)\b",
    "en": r"\b(whoever|lean\w*|strengths?|campaigns?|afresh)\b",
}
"""Words that the pack says otherwise."""


@pytest.fixture(scope="module")
def pack() -> Pack:
    return read_pack(read_files(SHIPPED))


def read_review() -> dict[str, Any]:
    return tomllib.loads((SHIPPED / "review.toml").read_text("utf-8"))


ABOUT_ANSWERS = {"nb": "Svarene dine ", "nn": "Svara dine ", "en": "Your answers "}
SIDES = ("high", "low", "strength_high", "strength_low")
SMALL_WORDS = {"about", "around", "have", "keep", "like", "prefer", "take", "when", "while", "your"}
SAME_AS_ASKED = {
    "autonomy": {"decide", "yourself", "done", "directions"},  # Own way, own plan, instructions.
    "flexibility": {"flexible", "regular"},  # Own choice or set, of hours and of place.
    "focus": {"peace", "happen"},  # Undisturbed, or interrupted.
    "people": {"meet", "different"},  # Many people, new people.
    "problem-solving": {"solve", "once", "needs", "help"},  # An answer on the spot.
    "listening": {"listen", "time"},  # The whole story, and how people feel.
}
"""Words that put the statements of the standard form in other words."""


def find_claims(pack: Pack, trait: str, text: str) -> set[str]:
    """Return the English words of a text about a trait that no statement of the standard form asks about."""
    statements = pack.words["en"]["items"]
    asked = [item for item in pack.items_of([STANDARD]) if item.measures == trait]
    known = {word[:5] for item in asked for word in list_words(statements[item.id])}
    allowed = SMALL_WORDS | SAME_AS_ASKED[trait]
    said = {word for word in list_words(text) if len(word) > 3}
    return {word for word in said - allowed if word[:5] not in known}


def list_words(text: str) -> list[str]:
    return re.findall(r"[a-z]+", text.lower())


def list_running_texts(pack: Pack, language: str, group: str) -> list[str]:
    """Return the texts of a group without names and labels, which are no sentences."""
    words = {group: pack.words[language][group]}
    return [
        text
        for place, text in list_texts(words)
        if not place.endswith((".name", ".short")) and ".labels." not in place
    ]


@pytest.mark.parametrize("language", ["nb", "nn"])
@pytest.mark.parametrize("group", [*EASY_GROUPS, *OTHER_GROUPS])
def test_norwegian_texts_are_easy_to_read(pack: Pack, language: str, group: str) -> None:
    assert work_out_lix(list_running_texts(pack, language, group)) < MAX_LIX[group]


@pytest.mark.parametrize("group", [*EASY_GROUPS, *OTHER_GROUPS])
def test_english_texts_are_fairly_easy_to_read(pack: Pack, group: str) -> None:
    assert work_out_flesch(list_running_texts(pack, "en", group)) > MIN_FLESCH


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_longer_than_20_words(pack: Pack, language: str) -> None:
    sentences = [
        (place, each)
        for place, text in list_texts(pack.words[language])
        for each in re.split(r"(?<=[.!?])\s+", text)
    ]
    assert [(place, each) for place, each in sentences if len(each.split()) > 20] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_labels_are_the_agreed_ones(pack: Pack, language: str) -> None:
    assert pack.words[language]["answers"]["labels"] == LABELS[language]


@pytest.mark.parametrize("language", LANGUAGES)
def test_one_thing_has_one_word(pack: Pack, language: str) -> None:
    other = re.compile(OTHER_WORDS[language], re.IGNORECASE)
    texts = list_texts(pack.words[language])
    assert [(place, text) for place, text in texts if other.search(text)] == []


def test_the_nynorsk_of_the_pack_has_no_words_of_bokmal(pack: Pack) -> None:
    wrong = {place: find_wrong_words(text) for place, text in list_texts(pack.words["nn"])}
    assert {place: words for place, words in wrong.items() if words} == {}


def test_a_side_of_a_trait_claims_only_what_the_statements_ask(pack: Pack) -> None:
    claims = {
        (trait.id, side): find_claims(pack, trait.id, pack.words["en"]["traits"][trait.id][side])
        for trait in pack.traits
        for side in SIDES
    }
    assert {place: words for place, words in claims.items() if words} == {}


def test_a_claim_that_no_statement_asks_is_caught(pack: Pack) -> None:
    text = "You like facts, short conversations and written messages."
    assert find_claims(pack, "listening", text) == {"short", "written", "messages"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_middle_claims_nothing_about_the_person(pack: Pack, language: str) -> None:
    words = pack.words[language]
    scales = [
        scale for module in words["modules"].values() for scale in module.get("scales", {}).values()
    ]
    middles = [said["middle"] for said in (*words["traits"].values(), *scales)]
    assert len(middles) == 6 + 3
    assert [text for text in middles if not text.startswith(ABOUT_ANSWERS[language])] == []


def test_english_is_no_copy_of_norwegian(pack: Pack) -> None:
    norwegian, english = (dict(list_texts(pack.words[each])) for each in ("nb", "en"))
    same = [place for place, text in english.items() if text == norwegian[place]]
    assert same == ["poles.back.name", "poles.front.name"]


def test_the_review_has_a_right_note_for_every_statement() -> None:
    files = read_files(SHIPPED)
    assert [str(fault) for fault in examine_review(read_pack(files), files)] == []


def test_every_facet_of_a_trait_has_a_statement_of_each_key(pack: Pack) -> None:
    notes = read_review()["items"]
    facets = Counter(
        (item.measures, notes[item.id]["facet"], item.keyed)
        for item in pack.items.values()
        if item.measures
    )
    names = {(measures, facet) for measures, facet, _keyed in facets}
    assert facets == {(*name, keyed): 1 for name in names for keyed in Keyed}


def test_there_are_ten_occupations_of_each_pole(pack: Pack) -> None:
    poles = Counter(occupation.pole for occupation in pack.occupations)
    assert poles == {"back": 10, "front": 10}


def test_syllables_are_counted() -> None:
    words = {"a": 1, "like": 1, "table": 2, "people": 2, "conversation": 4, "be": 1}
    assert {word: count_syllables(word) for word in words} == words


def test_known_texts_have_known_figures() -> None:
    assert work_out_lix(["Jeg liker ro. Arbeidstiden er fast."]) == pytest.approx(3 + 100 / 6)
    assert work_out_flesch(["The cat sat on the mat."]) == pytest.approx(116.145)
