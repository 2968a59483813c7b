"""Every pack that is shipped, and every pack of the tests, is without fault; the shipped one keeps its promises."""

import re
from collections import Counter
from pathlib import Path

import pytest

from fitquiz.core.pack_files.reading import examine_pack, read_pack
from fitquiz.core.packs import (
    CAMPAIGN,
    EVERYONE,
    ON_REQUEST,
    SHARPENING,
    STANDARD,
    Block,
    Keyed,
    Pack,
)
from fitquiz.core.result.fit import suggest_role
from fitquiz.core.result.scoring import score_traits
from fitquiz.core.result.whole_result import work_out_result
from tests.project.pack_texts import ROOT, SHIPPED, list_texts, read_files

FOLDERS = sorted(
    path.parent
    for folder in ("questions", "tests/packs")
    for path in (ROOT / folder).glob("*/pack.toml")
)
NEGATIONS = {
    "en": r"\b(not|never|no|none|nor|nothing|nobody|neither|without|cannot)\b|n['’]t\b",
    "nb": r"\b(ikke|aldri|ingen|ingenting|intet|verken|uten|ei)\b",
    "nn": r"\b(ikkje|aldri|ingen|inga|inkje|ingenting|verken|korkje|utan)\b",
}
FIRST_PERSON = {
    "en": r"\b(I|me|my|mine|we|us|our)\b",
    "nb": r"\b(jeg|meg|min|mi|mitt|mine|vi|oss|vår|vårt|våre)\b",
    "nn": r"\b(eg|meg|min|mi|mitt|mine|vi|oss|vår|vårt|våre)\b",
}


@pytest.fixture(scope="module")
def pack() -> Pack:
    return read_pack(read_files(SHIPPED))


def count_keys(block: Block) -> Counter[tuple[str | None, Keyed | None]]:
    return Counter((item.measures, item.keyed) for item in block.items)


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_pack_has_neither_fault_nor_warning(folder: Path) -> None:
    found, faults = examine_pack(read_files(folder))
    assert [str(fault) for fault in faults] == []
    assert found is not None


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_pack_is_named_as_its_folder(folder: Path) -> None:
    assert read_pack(read_files(folder)).id == folder.name


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_all_languages_of_a_pack_have_the_same_texts(folder: Path) -> None:
    words = read_pack(read_files(folder)).words
    places = {
        language: [place for place, _ in list_texts(texts)] for language, texts in words.items()
    }
    assert all(sorted(each) == sorted(next(iter(places.values()))) for each in places.values())


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_no_two_items_of_a_pack_read_the_same(folder: Path) -> None:
    for words in read_pack(read_files(folder)).words.values():
        assert [
            text for text, number in Counter(words["items"].values()).items() if number > 1
        ] == []


def test_the_shipped_pack_and_the_one_without_poles_are_both_looked_at() -> None:
    assert {"front-back-office", "five-traits"} <= {folder.name for folder in FOLDERS}


def test_a_pack_without_poles_gives_a_profile_and_no_suggestion() -> None:
    five = read_pack(read_files(ROOT / "tests" / "packs" / "five-traits"))
    answers = {item.id: 6 if item.keyed is Keyed.PLUS else 0 for item in five.items.values()}
    result = work_out_result(five, answers, five.first_parts, {}, "nb")
    assert [score.score for score in result.scores] == [100] * 5
    assert (result.outcome, result.ways_out, len(result.strengths), result.can_sharpen) == (
        None,
        (),
        3,
        False,
    )


def test_there_are_36_scored_items_in_six_blocks_of_six(pack: Pack) -> None:
    assert [len(block.items) for block in pack.blocks] == [6] * 6
    assert pack.answer_points == 5


def test_every_trait_has_three_plus_and_three_minus_items(pack: Pack) -> None:
    keys = sum((count_keys(block) for block in pack.blocks), Counter())
    assert keys == {(trait.id, keyed): 3 for trait in pack.traits for keyed in Keyed}


def test_there_are_three_traits_a_pole_of_equal_weight(pack: Pack) -> None:
    assert pack.rule.poles == ("back", "front")
    assert [(trait.id, trait.pole) for trait in pack.traits] == [
        *((trait, "back") for trait in ("autonomy", "flexibility", "focus")),
        *((trait, "front") for trait in ("people", "problem-solving", "listening")),
    ]
    assert {trait.weight for trait in pack.traits} == {1}


def test_the_rule_is_the_one_that_is_published(pack: Pack) -> None:
    rule = pack.rule
    assert (rule.item_sd, rule.calibrated, rule.band, rule.clear) == (25, False, 1, 2)
    assert (rule.both_from, rule.neither_to, rule.least_answered * 2) == (60, 40, 1)


def test_every_block_has_one_item_of_each_trait_three_plus_and_three_minus(pack: Pack) -> None:
    for block in pack.blocks:
        assert {item.measures for item in block.items} == {trait.id for trait in pack.traits}
        assert Counter(item.keyed for item in block.items) == {Keyed.PLUS: 3, Keyed.MINUS: 3}


@pytest.mark.parametrize("first", [0, 2, 4])
def test_every_pair_of_blocks_has_one_plus_and_one_minus_item_of_each_trait(
    pack: Pack, first: int
) -> None:
    keys = count_keys(pack.blocks[first]) + count_keys(pack.blocks[first + 1])
    assert keys == {(trait.id, keyed): 1 for trait in pack.traits for keyed in Keyed}


def test_blocks_1_to_4_are_the_standard_form_and_5_and_6_sharpen_it(pack: Pack) -> None:
    assert [block.form for block in pack.blocks] == [STANDARD] * 4 + [SHARPENING] * 2


def test_the_modules_are_as_many_statements_as_promised(pack: Pack) -> None:
    modules = {module.id: (module.asked, len(module.items)) for module in pack.modules}
    assert modules == {
        "customer-readiness": (EVERYONE, 4),
        "leading": (ON_REQUEST, 8),
        "conditions": (CAMPAIGN, 6),
    }


def test_leading_is_half_front_line_and_half_internal_service(pack: Pack) -> None:
    keys = Counter((item.measures, item.keyed) for item in pack.parts["leading"].items)
    assert keys == {
        (scale, keyed): 2 for scale in ("front-line", "internal-service") for keyed in Keyed
    }


def test_readiness_is_balanced(pack: Pack) -> None:
    assert Counter(item.keyed for item in pack.parts["customer-readiness"].items) == {
        Keyed.PLUS: 2,
        Keyed.MINUS: 2,
    }


def test_conditions_count_in_no_score(pack: Pack) -> None:
    assert {(item.measures, item.keyed) for item in pack.parts["conditions"].items} == {
        (None, None)
    }


def test_most_people_are_asked_28_statements(pack: Pack) -> None:
    assert len(pack.items_of(pack.first_parts)) == 28


@pytest.mark.parametrize("parts", [(STANDARD,), (STANDARD, SHARPENING)])
@pytest.mark.parametrize("answer", range(5))
def test_the_same_answer_throughout_leans_nowhere(
    pack: Pack, answer: int, parts: tuple[str, ...]
) -> None:
    outcome = suggest_role(pack, score_traits(pack, dict.fromkeys(pack.items, answer), parts))
    assert outcome is not None
    assert (outcome.lean, set(outcome.fits.values())) == (0, {50})


@pytest.mark.parametrize(("parts", "error"), [((STANDARD,), 10.2), ((STANDARD, SHARPENING), 8.3)])
def test_the_standard_error_is_the_one_that_is_published(
    pack: Pack, parts: tuple[str, ...], error: float
) -> None:
    outcome = suggest_role(pack, score_traits(pack, dict.fromkeys(pack.items, 3), parts))
    assert outcome is not None
    assert round(outcome.standard_error, 1) == error


def test_wanting_what_a_pole_offers_points_clearly_to_it(pack: Pack) -> None:
    for pole in ("back", "front"):
        traits = {trait.id for trait in pack.traits if trait.pole == pole}
        agree = {
            item.id: (item.measures in traits) == (item.keyed is Keyed.PLUS)
            for item in pack.items.values()
        }
        answers = {item: 4 if agrees else 0 for item, agrees in agree.items()}
        outcome = suggest_role(pack, score_traits(pack, answers, (STANDARD,)))
        assert outcome is not None
        assert (outcome.suggestion, outcome.is_clear, abs(outcome.lean)) == (pole, True, 100)


def test_the_shipped_pack_speaks_both_kinds_of_norwegian_and_english(pack: Pack) -> None:
    assert pack.languages == ("nb", "nn", "en")


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_item_is_short(pack: Pack, language: str) -> None:
    assert [text for text in pack.words[language]["items"].values() if len(text.split()) > 12] == []


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_item_is_one_whole_sentence(pack: Pack, language: str) -> None:
    whole = re.compile(r"[A-ZÆØÅ][^.!?;:]*\.")
    assert [
        text for text in pack.words[language]["items"].values() if not whole.fullmatch(text)
    ] == []


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_no_item_is_worded_as_a_negation(pack: Pack, language: str) -> None:
    negation = re.compile(NEGATIONS[language], re.IGNORECASE)
    assert [text for text in pack.words[language]["items"].values() if negation.search(text)] == []


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_every_item_is_in_the_first_person(pack: Pack, language: str) -> None:
    person = re.compile(FIRST_PERSON[language], re.IGNORECASE)
    assert [
        text for text in pack.words[language]["items"].values() if not person.search(text)
    ] == []


def test_all_languages_stand_in_the_same_order(pack: Pack) -> None:
    first, *others = ([place for place, _ in list_texts(words)] for words in pack.words.values())
    assert others == [first, first]
