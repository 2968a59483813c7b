"""What a pack tells of itself once it has been read: its parts, its items and its words."""

from dataclasses import FrozenInstanceError
from fractions import Fraction

import pytest

from fitquiz.core.pack_files.reading import read_pack
from fitquiz.core.packs import Block, Item, Keyed, Module, Pack, Rule, Trait
from tests.core.support.pack_building import (
    TWO,
    build_pack,
    change,
    write_files,
    write_files_without_poles,
)

MODULES = {
    "extra": ("everyone", "calm+ -"),
    "leading": ("on-request", "lead-"),
    "rules": ("campaign", "-"),
}


def build_full() -> Pack:
    return build_pack(["calm+ bold-", "calm- bold+"], TWO, ["calm+ bold-"], MODULES)


def test_parts_stand_in_the_order_in_which_they_are_asked() -> None:
    assert list(build_full().parts) == ["standard", "extra", "rules", "leading", "sharpening"]


def test_a_part_holds_the_items_of_all_its_blocks() -> None:
    parts = build_full().parts
    assert [item.id for item in parts["standard"].items] == ["calm-1", "bold-1", "calm-2", "bold-2"]
    assert [item.id for item in parts["sharpening"].items] == ["calm-3", "bold-3"]
    assert [item.id for item in parts["extra"].items] == ["calm-4", "free-1"]
    assert parts["extra"].id == "extra"


def test_a_form_without_blocks_is_no_part() -> None:
    assert list(build_pack().parts) == ["standard"]


def test_blocks_may_stand_in_any_order() -> None:
    files = write_files(["calm+ bold+"], TWO, ["calm- bold-"])
    text = files["pack.toml"].replace('"standard"', '"later"').replace('"sharpening"', '"standard"')
    pack = read_pack({**files, "pack.toml": text.replace('"later"', '"sharpening"')})
    assert list(pack.parts) == ["standard", "sharpening"]
    assert [item.id for item in pack.parts["standard"].items] == ["calm-2", "bold-2"]


def test_everybody_is_asked_the_standard_form_and_the_modules_for_everyone() -> None:
    assert build_full().first_parts == ("standard", "extra")
    assert build_pack().first_parts == ("standard",)


def test_items_are_found_by_id() -> None:
    items = build_full().items
    assert items["calm-2"] == Item("calm-2", "calm", Keyed.MINUS)
    assert items["free-1"] == Item("free-1", None, None)
    assert len(items) == 10


def test_items_of_parts_stand_in_the_order_asked_and_not_as_named() -> None:
    items = build_full().items_of(("sharpening", "leading", "standard"))
    assert [item.id for item in items] == [
        "calm-1",
        "bold-1",
        "calm-2",
        "bold-2",
        "lead-1",
        "calm-3",
        "bold-3",
    ]
    assert build_full().items_of(()) == ()


def test_words_are_those_of_the_language_or_else_of_the_nearest() -> None:
    files = change(write_files(languages=("en", "nb")), "nb.toml", "Sample", "Prøve")
    pack = read_pack(files)
    assert [pack.words_in(language)["title"] for language in ("en", "nb", "nn", "fi", "")] == [
        "Sample",
        "Prøve",
        "Prøve",
        "Sample",
        "Sample",
    ]


@pytest.mark.parametrize(
    ("languages", "page", "shown"),
    [
        (("en", "no"), "nb", "no"),
        (("en", "no", "nb"), "nb", "nb"),
        (("en", "no"), "nn", "no"),
        (("nb", "en-gb"), "en", "en-gb"),
        (("de", "no"), "en", "de"),
        (("de", "fr"), "nb", "de"),
    ],
)
def test_a_language_is_found_under_another_code(
    languages: tuple[str, ...], page: str, shown: str
) -> None:
    pack = read_pack(write_files(languages=languages))
    assert pack.language_for(page) == shown
    assert pack.words_in(page) is pack.words[shown]


def test_a_pack_holds_what_its_files_say() -> None:
    pack = build_pack(
        ["calm+ bold-"], {"calm": ("back", 2), "bold": ("front", 0.1)}, modules=MODULES, points=7
    )
    assert (pack.id, pack.version, pack.licence, pack.source) == (
        "sample",
        "1",
        "CC0-1.0",
        "Written for a test.",
    )
    assert (pack.languages, pack.answer_points) == (("en",), 7)
    assert pack.traits == (
        Trait("calm", "back", Fraction(2)),
        Trait("bold", "front", Fraction(1, 10)),
    )
    assert pack.blocks[0] == Block(
        "standard", (Item("calm-1", "calm", Keyed.PLUS), Item("bold-1", "bold", Keyed.MINUS))
    )
    assert pack.modules[1] == Module(
        "leading", "on-request", ("lead",), (Item("lead-1", "lead", Keyed.MINUS),)
    )


def test_a_packs_numbers_are_exactly_as_written() -> None:
    pack = build_pack(
        item_sd=24.7, band=1.1, clear=2.3, both_from=60.1, neither_to=39.9, least_answered=0.3
    )
    numbers = [Fraction(each) for each in ("24.7", "1.1", "2.3", "60.1", "39.9", "0.3")]
    assert pack.rule == Rule(("back", "front"), numbers[0], False, *numbers[1:])


def test_a_pack_can_say_that_it_is_calibrated() -> None:
    files = change(write_files(), "pack.toml", "calibrated = false", "calibrated = true")
    assert read_pack(files).rule.calibrated


def test_a_weight_that_is_left_out_is_one() -> None:
    files = change(
        write_files(traits={"calm": ("back", 3), "bold": ("front", 1)}),
        "pack.toml",
        "weight = 3\n",
        "",
    )
    assert [trait.weight for trait in read_pack(files).traits] == [1, 1]


def test_a_pack_without_poles_needs_no_numbers_for_deciding() -> None:
    files = write_files_without_poles()
    for number in ("band = 1", "clear = 2", "both_from = 60", "neither_to = 40"):
        files = change(files, "pack.toml", f"{number}\n", "")
    pack = read_pack(files)
    assert (pack.rule.poles, pack.traits[0].pole, pack.traits[0].weight) == (None, None, 1)
    assert (pack.rule.band, pack.rule.clear, pack.rule.both_from, pack.rule.neither_to) == (
        1,
        2,
        60,
        40,
    )


def test_aspects_are_read_with_their_trait_or_none() -> None:
    pack = read_pack(write_files(aspects={"hours": "calm", "dress": ""}))
    assert [(aspect.id, aspect.trait) for aspect in pack.aspects] == [
        ("hours", "calm"),
        ("dress", None),
    ]


def test_nothing_can_be_changed_after_reading() -> None:
    pack = build_pack()
    with pytest.raises(FrozenInstanceError):
        pack.version = "2"  # type: ignore[misc]  # frozen, as the test shows
    with pytest.raises(FrozenInstanceError):
        pack.rule.band = Fraction(0)  # type: ignore[misc]  # frozen, as the test shows


def test_a_pack_keeps_its_own_copy_of_its_files() -> None:
    files = write_files()
    pack = read_pack(files)
    files["en.toml"] = ""
    assert pack.files == write_files()
