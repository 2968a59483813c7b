"""Texts that a pack may have besides: asked for in every language if the pack says that it has them, and only then."""

import pytest

from fitquiz.core.pack_files.reading import examine_pack, read_pack
from tests.core.support.pack_building import (
    change,
    list_faults,
    refuse,
    write_files,
    write_files_without_poles,
    write_full_files,
)

LEVELS = 'high = "H?"\nmiddle = "M?"\nlow = "L?"\n'
OFFER = 'statement = "It is."\nless = "Ask."\nmore = "Rest."\n'
CHANGES = 'up = "Why more?"\ndown = "Why less?"\n'
ENDS = 'high = "More"\nlow = "Less"\n'
ALL = ("starters", "offers", "reports", "changes", "ends")


def write_with_extras(*extras: str) -> dict[str, str]:
    """Return the files of a pack in two languages that names these extras and has all their texts."""
    files = write_full_files()
    files["pack.toml"] = f"extras = {list(extras)}\n" + files["pack.toml"]
    for language in ("en", "nb"):
        words = files[f"{language}.toml"]
        if "starters" in extras:
            words = words.replace('next = ["Rest."]', 'next = ["Rest."], starters = ["Why?"]')
            words += "".join(f"[traits.{trait}.starters]\n{LEVELS}" for trait in ("calm", "bold"))
        if "offers" in extras:
            words += "".join(f"[traits.{trait}.offer]\n{OFFER}" for trait in ("calm", "bold"))
        if "changes" in extras:
            words += "".join(f"[traits.{trait}.changes]\n{CHANGES}" for trait in ("calm", "bold"))
        if "ends" in extras:
            words += "".join(f"[traits.{trait}.ends]\n{ENDS}" for trait in ("calm", "bold"))
        if "reports" in extras:
            words = words.replace('about = "More."', 'about = "More."\nprinciple = "Help."', 1)
            words = words.replace(
                'low = "L.", practise',
                'low = "L.", next = { high = "H", middle = "M", low = "L" }, practise',
            )
        files[f"{language}.toml"] = words
    return files


@pytest.mark.parametrize(
    "extras", [(), ("starters",), ("offers",), ("reports",), ("changes",), ("ends",), ALL]
)
def test_a_pack_has_the_extras_that_it_names(extras: tuple[str, ...]) -> None:
    files = write_with_extras(*extras)
    assert list_faults(files) == []
    assert read_pack(files).extras == extras


def test_a_pack_from_before_there_were_extras_has_none() -> None:
    assert read_pack(write_files()).extras == ()


@pytest.mark.parametrize("name", ALL)
def test_a_named_extra_is_missed_wherever_its_texts_are_not(name: str) -> None:
    files = write_with_extras()
    files["pack.toml"] = files["pack.toml"].replace("extras = []", f"extras = ['{name}']")
    pack, faults = examine_pack(files)
    assert pack is None
    assert {fault.file for fault in faults} == {"en.toml", "nb.toml"}
    wanted = {"offers": "offer", "reports": "next"}.get(name, name)
    assert {fault.place.rpartition(".")[2] for fault in faults} - {"principle"} == {wanted}


@pytest.mark.parametrize(
    ("old", "place"),
    [
        ('middle = "M?"\n', "traits.calm.starters.middle"),
        ('less = "Ask."\n', "traits.calm.offer.less"),
        ('principle = "Help."\n', "modules.leading.principle"),
        ('down = "Why less?"\n', "traits.calm.changes.down"),
        ('low = "Less"\n', "traits.calm.ends.low"),
    ],
)
def test_a_single_text_that_one_language_lacks_is_named_there(old: str, place: str) -> None:
    (fault,) = list_faults(change(write_with_extras(*ALL), "nb.toml", old, ""))
    assert fault.startswith("nb.toml:")
    assert f"{place}: is missing." in fault


@pytest.mark.parametrize("unwanted", ["starters", "offer", "changes", "ends"])
def test_texts_that_the_pack_does_not_name_are_refused(unwanted: str) -> None:
    files = write_with_extras()
    files["en.toml"] += f'[traits.calm.{unwanted}]\nhigh = "H?"\n'
    (fault,) = list_faults(files)
    assert unwanted in fault


def test_an_extra_that_there_is_not_is_refused() -> None:
    says = refuse(
        write_with_extras("starters"), "pack.toml", "extras = ['starters']", 'extras = ["starter"]'
    )
    assert "'starter' is not a valid extra. Did you mean starters?" in says


def test_a_module_without_scales_needs_no_fuller_report() -> None:
    assert (
        "principle" not in read_pack(write_with_extras("reports")).words["en"]["modules"]["rules"]
    )


def test_a_profile_without_poles_may_have_starters() -> None:
    files = write_files_without_poles()
    files["pack.toml"] = "extras = ['starters']\n" + files["pack.toml"]
    files["en.toml"] += f"[traits.calm.starters]\n{LEVELS}"
    assert list_faults(files) == []
