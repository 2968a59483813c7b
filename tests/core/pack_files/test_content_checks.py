"""What a shape cannot say of a pack: doubles, references, rules that contradict themselves, and balance."""

import pytest
from hypothesis import given

from fitquiz.core.pack_files.reading import examine_pack
from fitquiz.core.packs import STANDARD, Pack
from tests.core.support.pack_building import (
    SIX,
    SIX_BLOCKS,
    TWO,
    answer_alike,
    change,
    find_line,
    find_outcome,
    list_faults,
    write_files,
    write_files_without_poles,
)
from tests.core.support.strategies import packs

MODULES = {"leading": ("on-request", "lead+ help-"), "rules": ("campaign", "-")}
FILES = write_files(modules=MODULES, aspects={"hours": "calm", "dress": ""}, languages=("en", "nb"))


def first_fault(old: str, new: str) -> str:
    """The first fault of the pack with a passage of its structure written differently; the words lag behind it."""
    return list_faults(change(FILES, "pack.toml", old, new))[0]


def at(passage: str, added: int = 0) -> str:
    return f"pack.toml:{find_line(FILES['pack.toml'], passage) + added}: "


def test_the_pack_under_test_has_no_fault() -> None:
    assert list_faults(FILES) == []


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('{ id = "bold-2"', '{ id = "calm-1"', "blocks[2].items[2].id: item 'calm-1'"),
        ('{ id = "help-1"', '{ id = "lead-1"', "modules[1].items[2].id: item 'lead-1'"),
        ('{ id = "free-1"', '{ id = "bold-1"', "modules[2].items[1].id: item 'bold-1'"),
        ('id = "dress"', 'id = "hours"', "aspects[2].id: aspect 'hours'"),
        ('id = "rules"', 'id = "leading"', "modules[2].id: module 'leading'"),
    ],
)
def test_an_id_that_is_used_twice_is_named_where_it_stands_again(
    old: str, new: str, says: str
) -> None:
    faults = list_faults(change(FILES, "pack.toml", old, new))
    assert f"{at(old)}{says} occurs here a second time. Use each id only once." in faults


def test_a_trait_defined_twice_is_a_fault() -> None:
    files = change(
        FILES, "pack.toml", "[[traits]]", '[[traits]]\nid = "bold"\npole = "back"\n[[traits]]'
    )
    line = find_line(files["pack.toml"], 'id = "bold"\npole = "front"')
    says = "traits[3].id: trait 'bold' occurs here a second time. Use each id only once."
    assert list_faults(files) == [f"pack.toml:{line}: {says}"]


def test_a_language_named_twice_is_a_fault() -> None:
    says = "languages[3]: language 'en' occurs here a second time. Use each id only once."
    assert first_fault("['en', 'nb']", "['en', 'nb', 'en']") == at("languages") + says


def test_an_id_that_is_used_three_times_is_named_twice() -> None:
    files = change(FILES, "pack.toml", '{ id = "bold-2"', '{ id = "calm-1"')
    faults = list_faults(change(files, "pack.toml", '{ id = "lead-1"', '{ id = "calm-1"'))
    assert sum("a second time" in fault for fault in faults) == 2


def test_a_trait_and_a_module_may_have_the_same_id() -> None:
    assert list_faults(write_files(modules={"calm": ("everyone", "own+")})) == []


def test_a_trait_that_no_item_measures_is_named() -> None:
    traits = {**TWO, "idle": ("back", 1)}
    line = find_line(write_files(traits=traits)["pack.toml"], 'id = "idle"') - 1
    assert list_faults(write_files(traits=traits)) == [
        f"pack.toml:{line}: traits[3]: no item measures this trait. Write items for this trait, or delete the trait."
    ]


@pytest.mark.parametrize("form", ["standard", "sharpening"])
def test_a_module_may_not_be_named_as_a_form(form: str) -> None:
    faults = list_faults(change(FILES, "pack.toml", 'id = "rules"', f'id = "{form}"'))
    line = find_line(FILES["pack.toml"], 'id = "rules"')
    assert (
        faults[0] == f"pack.toml:{line}: modules[2].id: is the name of a form. Choose another id."
    )


def test_a_scale_that_the_module_lacks_is_named() -> None:
    line = find_line(FILES["pack.toml"], '{ id = "lead-1"')
    says = "modules[1].items[1].scale: scale 'led' is not among the module's scales. Write one of: lead, help."
    assert first_fault('scale = "lead"', 'scale = "led"') == f"pack.toml:{line}: {says}"


def test_a_scale_in_a_module_without_scales_is_named() -> None:
    new = '{ id = "free-1", scale = "x", keyed = "plus" }'
    assert first_fault('{ id = "free-1" }', new).endswith(
        "not among the module's scales. Write one of: (the module has no scales)."
    )


@pytest.mark.parametrize("left", ['scale = "lead"', 'keyed = "plus"'])
def test_a_scale_and_its_key_come_together(left: str) -> None:
    line = find_line(FILES["pack.toml"], '{ id = "lead-1"')
    fault = first_fault('"lead-1", scale = "lead", keyed = "plus"', f'"lead-1", {left}')
    assert (
        fault
        == f"pack.toml:{line}: modules[1].items[1]: needs scale and keyed together. Write or delete both keys."
    )


def test_a_pack_needs_a_standard_block() -> None:
    files = write_files((), TWO, ("calm+ bold-", "calm- bold+"))
    line = find_line(files["pack.toml"], "[[blocks]]")
    assert list_faults(files) == [
        f'pack.toml:{line}: blocks: has no standard block. Add a block with form = "standard".'
    ]


def test_a_rule_may_not_name_one_pole_twice() -> None:
    text = (
        FILES["pack.toml"]
        .replace("['back', 'front']", "['back', 'back']")
        .replace('"front"', '"back"')
    )
    says = "rule.poles: names one pole twice. Write two different poles."
    assert f"{at('poles')}{says}" in list_faults({**FILES, "pack.toml": text})


@pytest.mark.parametrize("name", ["versatile", "neither", "too-close"])
def test_a_pole_may_not_be_named_as_a_suggestion(name: str) -> None:
    text = FILES["pack.toml"].replace("'front'", f"'{name}'").replace('"front"', f'"{name}"')
    says = f"rule.poles: '{name}' is the name of a suggestion. Choose another name for the pole."
    assert list_faults({**FILES, "pack.toml": text})[0] == f"{at('poles')}{says}"


def test_a_pole_for_which_no_trait_speaks_is_named() -> None:
    says = "rule.poles: no trait has the pole 'front'. Give each pole at least one trait."
    assert first_fault('pole = "front"', 'pole = "back"') == at("poles") + says


def test_clear_may_not_be_smaller_than_the_band() -> None:
    assert first_fault("clear = 2", "clear = 0.5") == at("clear") + (
        "rule.clear: is smaller than band. Make clear at least as large as band."
    )
    assert list_faults(change(FILES, "pack.toml", "clear = 2", "clear = 1")) == []


@pytest.mark.parametrize("limit", [40, 39])
def test_versatile_must_begin_above_where_neither_ends(limit: int) -> None:
    says = "rule.both_from: must be above neither_to. For example, write 60 for both_from and 40 for neither_to."
    assert first_fault("both_from = 60", f"both_from = {limit}") == at("both_from") + says
    assert list_faults(change(FILES, "pack.toml", "both_from = 60", "both_from = 40.1")) == []


def test_unbalanced_keys_are_a_warning_for_each_trait() -> None:
    files = write_files(["calm+ bold-", "calm+ bold-", "calm- bold-"])
    pack, faults = examine_pack(files)
    assert pack is not None
    lines = [find_line(files["pack.toml"], f'id = "{trait}"') - 1 for trait in TWO]
    advice = "Give each trait equal numbers of plus items and minus items."
    assert [str(fault) for fault in faults[:2]] == [
        f"pack.toml:{lines[0]}: warning: traits[1]: has 2 plus and 1 minus items. {advice}",
        f"pack.toml:{lines[1]}: warning: traits[2]: has 0 plus and 3 minus items. {advice}",
    ]


def test_balance_is_counted_over_both_forms() -> None:
    faults = list_faults(write_files(["calm+ bold+"], TWO, ["calm- bold-"]))
    assert faults == []


def test_module_items_do_not_count_for_balance() -> None:
    assert list_faults(write_files(modules={"extra": ("everyone", "own+ own+")})) == []


def test_a_straight_line_that_lands_off_centre_is_a_warning() -> None:
    # Agreeing with all: calm (plus only) is 100 and bold (minus only) 0, so the lean is 0 - 100.
    files = write_files(["calm+ bold-"])
    line = find_line(files["pack.toml"], "[[blocks]]")
    assert list_faults(files)[-1] == (
        f"pack.toml:{line}: warning: blocks: agreeing with every standard item gives a lean of -100.0 instead of 0. "
        "Give each trait equal numbers of plus items and minus items in the standard blocks."
    )


def test_a_straight_line_is_followed_over_the_standard_form_alone() -> None:
    # Each trait is balanced over both forms, but not over the standard one: bold 100, calm 0.
    faults = list_faults(write_files(["calm- bold+"], TWO, ["calm+ bold-"]))
    assert len(faults) == 1
    assert "gives a lean of +100.0 instead of 0" in faults[0]


def test_a_straight_line_counts_traits_by_their_weight() -> None:
    # back = (3 * 100 + 1 * 0) / 4 = 75, front 50.
    traits = {"a": ("back", 3), "b": ("back", 1), "x": ("front", 1)}
    assert (
        "gives a lean of -25.0 instead of 0"
        in list_faults(write_files(["a+ b- x+ x-"], traits))[-1]
    )


def test_a_trait_that_only_sharpens_does_not_bend_the_straight_line() -> None:
    # In the standard form a, b, x and y are all balanced, so it lands in the middle, whatever c does later.
    blocks = ["a+ b+ x+ y+", "a- b- x- y-"]
    assert (
        list_faults(write_files(blocks, {k: v for k, v in SIX.items() if k != "z"}, ["c+ c-"]))
        == []
    )


def test_a_straight_line_is_not_followed_without_poles() -> None:
    files = write_files_without_poles()
    text = files["pack.toml"].replace('keyed = "minus"', 'keyed = "plus"')
    faults = list_faults({**files, "pack.toml": text})
    assert len(faults) == 1
    assert "has 2 plus and 0 minus items" in faults[0]


def test_a_balanced_pack_has_no_warning() -> None:
    assert list_faults(write_files(SIX_BLOCKS, SIX, SIX_BLOCKS[:2])) == []


@given(packs())
def test_the_straight_line_is_warned_of_exactly_where_it_leans(pack: Pack) -> None:
    says = [fault.says for fault in examine_pack(pack.files)[1] if fault.place == "blocks"]
    lean = find_outcome(pack, answer_alike(pack, pack.answer_points - 1), (STANDARD,)).lean
    wanted = (
        [f"agreeing with every standard item gives a lean of {float(lean):+.1f} instead of 0."]
        if lean
        else []
    )
    assert says == wanted


@pytest.mark.parametrize(("number", "kind"), [("9.9", "small"), ("45.1", "large")])
def test_an_unusual_spread_of_answers_is_a_warning(number: str, kind: str) -> None:
    files = change(FILES, "pack.toml", "item_sd = 25", f"item_sd = {number}")
    assert list_faults(files) == [
        (
            f"{at('item_sd')}warning: rule.item_sd: {number} is unusually {kind}, "
            "so the uncertainty of results can be wrong. "
            "Estimate the number from answers, or write 25. Usual numbers are 10 to 45."
        )
    ]


@pytest.mark.parametrize("number", [10, 45])
def test_a_usual_spread_of_answers_is_no_warning(number: int) -> None:
    assert list_faults(change(FILES, "pack.toml", "item_sd = 25", f"item_sd = {number}")) == []


def test_an_unusual_spread_of_a_trait_is_a_warning_at_the_trait() -> None:
    files = change(FILES, "pack.toml", 'id = "bold"', 'id = "bold"\nitem_sd = 4')
    (fault,) = list_faults(files)
    assert "warning: traits[2].item_sd: 4 is unusually small" in fault


def test_the_spread_of_a_trait_has_limits() -> None:
    files = change(FILES, "pack.toml", 'id = "bold"', 'id = "bold"\nitem_sd = 0')
    (fault,) = list_faults(files)
    assert "traits[2].item_sd: 0 is not valid. Write a number from 0.1 to 100." in fault
