"""Texts that nobody translated, and languages that no page shows, are warned of."""

import pytest

from fitquiz.core.pack_files.reading import examine_pack, read_pack
from tests.core.support.pack_building import change, find_line, list_faults, write_files

BLOCKS = ["calm+ bold- calm- bold+"] * 3


def copy_words(first: str, second: str) -> dict[str, str]:
    """Return a pack whose second language file is a copy of the first."""
    files = write_files(BLOCKS, languages=(first, second))
    return {**files, f"{second}.toml": files[f"{first}.toml"]}


def test_a_sentence_that_equals_the_original_is_warned_of_with_its_line() -> None:
    files = write_files(languages=("en", "nb"))
    files = change(files, "nb.toml", "I am bold here in nb.", "I am bold here.")
    line = find_line(files["nb.toml"], "I am bold here.")
    assert list_faults(files) == [
        f"nb.toml:{line}: warning: items.bold-1: is equal to the text in en.toml. Translate the text."
    ]


def test_a_pack_with_untranslated_texts_can_be_used() -> None:
    assert read_pack(copy_words("en", "nb")).languages == ("en", "nb")


def test_a_name_may_be_equal_in_two_languages() -> None:
    files = write_files(languages=("en", "nb"))
    assert files["nb.toml"].count('name = "calm"') == 1
    assert list_faults(files) == []


def test_a_copied_language_file_has_a_few_warnings_and_the_number_of_the_others() -> None:
    faults = list_faults(copy_words("en", "nb"))
    assert len(faults) == 6
    assert faults[-1] == (
        "nb.toml:1: warning: has 7 more texts that are equal to the texts in en.toml. "
        "Translate these texts."
    )


def test_near_languages_may_share_some_sentences_but_not_most() -> None:
    files = write_files(BLOCKS, languages=("nb", "nn"))
    one = change(files, "nn.toml", "I am bold here in nn.", "I am bold here.")
    assert list_faults(one) == []
    assert len(list_faults(copy_words("nb", "nn"))) == 6


def test_a_third_language_is_compared_with_both_earlier_languages() -> None:
    files = write_files(languages=("en", "de", "fr"))
    files = change(files, "fr.toml", "I am bold here in fr.", "I am bold here in de.")
    assert ["is equal to the text in de.toml" in fault for fault in list_faults(files)] == [True]


@pytest.mark.parametrize(("languages", "code"), [(("nb", "no"), "nb"), (("no", "nb"), "nb")])
def test_a_second_name_of_a_language_is_warned_of(languages: tuple[str, ...], code: str) -> None:
    files = write_files(languages=languages)
    place = f"pack.toml:6: warning: languages[{languages.index('no') + 1}]"
    assert list_faults(files) == [
        f"{place}: no is never shown, because pages in {code} show nb. Delete no or nb."
    ]


@pytest.mark.parametrize("languages", [("nb", "nn", "en"), ("no", "en"), ("en-gb", "de", "sv")])
def test_languages_with_one_name_each_are_not_warned_of(languages: tuple[str, ...]) -> None:
    pack, faults = examine_pack(write_files(languages=languages))
    assert pack is not None
    assert faults == ()
