"""A pack's review has a right note for each statement. The review is no part of the pack."""

import pytest

from fitquiz.core.pack_files.faults import MAX_FAULTS
from fitquiz.core.pack_files.reading import examine_pack, examine_review, read_pack
from tests.core.support.pack_building import (
    find_line,
    write_files,
    write_files_without_poles,
)

MODULES = {"leading": ("on-request", "lead+ lead-"), "rules": ("campaign", "-")}
FILES = write_files(["calm+ bold-", "calm- bold+"], modules=MODULES)
REMEDY = "Correct the note, or the keyed direction in pack.toml."
REVIEW = """\
[facets]
calm = ["quiet", "slow"]
bold = ["loud"]
lead = ["first"]
[items.calm-1]
facet = "quiet"
pole = "back"
keyed = "plus"
opposite = "Noise is lively."
misread = "As silence."
[items.bold-1]
facet = "loud"
pole = "back"
keyed = "minus"
opposite = "Noise is lively."
misread = "As silence."
[items.calm-2]
facet = "slow"
pole = "front"
keyed = "minus"
opposite = "Quiet is calm."
misread = "As haste."
[items.bold-2]
facet = "loud"
pole = "front"
keyed = "plus"
opposite = "Quiet is calm."
misread = "As noise."
[items.lead-1]
facet = "first"
keyed = "plus"
opposite = "Others can be first."
misread = "As a race."
[items.lead-2]
facet = "first"
keyed = "minus"
opposite = "One can be first."
misread = "As a race."
[items.free-1]
opposite = "Rules help."
misread = "As the law."
"""


def list_review_faults(review: str) -> list[str]:
    files = {**FILES, "review.toml": review}
    return [str(fault) for fault in examine_review(read_pack(files), files)]


def refuse_review(old: str, new: str) -> str:
    """Return the one fault of the review with a passage written differently, without its file and line."""
    assert old in REVIEW
    changed = REVIEW.replace(old, new, 1)
    (fault,) = list_review_faults(changed)
    start, says = fault.split(": ", 1)
    assert start.startswith("review.toml:")
    return says


def test_a_right_review_has_no_fault() -> None:
    assert list_review_faults(REVIEW) == []


def test_a_pack_without_a_review_has_no_fault() -> None:
    assert examine_review(read_pack(FILES), FILES) == ()


def test_a_statement_without_a_note_is_named() -> None:
    note = REVIEW[REVIEW.index("[items.bold-2]") : REVIEW.index("[items.lead-1]")]
    says = "items: statement 'bold-2' has no note. Write a note in [items.bold-2]."
    assert refuse_review(note, "") == says


def test_a_review_without_notes_misses_each() -> None:
    faults = list_review_faults(REVIEW[: REVIEW.index("[items.calm-1]")])
    assert len(faults) == 7
    assert all("has no note" in fault for fault in faults)


def test_a_note_without_a_statement_is_named_with_its_line() -> None:
    review = REVIEW + '[items.calm-9]\nopposite = "So."\nmisread = "So."\n'
    line = find_line(review, "[items.calm-9]")
    says = (
        "is a note, but the pack has no statement with this id. Delete the note, or correct its id."
    )
    assert list_review_faults(review) == [f"review.toml:{line}: items.calm-9: {says}"]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        (
            'facet = "quiet"',
            'facet = "quite"',
            "items.calm-1.facet: 'quite' is not a valid facet of calm. Did you mean quiet?",
        ),
        (
            'pole = "back"',
            'pole = "front"',
            f"items.calm-1.pole: is front, but agreeing with this statement supports back. {REMEDY}",
        ),
        (
            'pole = "back"',
            'pole = "middle"',
            "items.calm-1.pole: 'middle' is not a valid pole of this pack. Write one of: back, front.",
        ),
        (
            'keyed = "plus"',
            'keyed = "minus"',
            f"items.calm-1.keyed: is minus, but pack.toml says plus. {REMEDY}",
        ),
        (
            'misread = "As silence."\n',
            "",
            'items.calm-1.misread: is missing. Write misread = "…"',
        ),
        (
            'opposite = "Noise is lively."',
            'opposite = ""',
            "items.calm-1.opposite: is empty. Write a text.",
        ),
        (
            'lead = ["first"]',
            'leads = ["first"]\nlead = ["first"]',
            "facets.leads: is not an allowed key. Did you mean lead?",
        ),
        ('bold = ["loud"]\n', "", "facets.bold: is missing. Write bold = […]"),
        (
            "[items.free-1]\n",
            '[items.free-1]\nkeyed = "plus"\n',
            "items.free-1.keyed: is not an allowed key. Delete the key, or correct its spelling.",
        ),
        (
            '[items.lead-1]\nfacet = "first"\n',
            '[items.lead-1]\nfacet = "first"\npole = "back"\n',
            "items.lead-1.pole: is not an allowed key. Delete the key, or correct its spelling.",
        ),
    ],
)
def test_a_wrong_note_is_named_with_what_to_write(old: str, new: str, says: str) -> None:
    assert refuse_review(old, new) == says


def test_a_turned_keyed_direction_of_the_pack_is_found() -> None:
    turned = FILES["pack.toml"].replace('keyed = "plus"', 'keyed = "minus"', 1)
    files = {**FILES, "pack.toml": turned, "review.toml": REVIEW}
    places = [fault.place for fault in examine_review(read_pack(files), files)]
    assert places == ["items.calm-1.keyed", "items.calm-1.pole"]


def test_notes_of_a_pack_without_poles_have_no_pole() -> None:
    files = write_files_without_poles()
    note = '[items.{item}]\nfacet = "quiet"\nkeyed = "{keyed}"\nopposite = "So."\nmisread = "So."\n'
    files["review.toml"] = '[facets]\ncalm = ["quiet"]\n'
    files["review.toml"] += note.format(item="calm-1", keyed="plus")
    files["review.toml"] += note.format(item="calm-2", keyed="minus")
    assert examine_review(read_pack(files), files) == ()


@pytest.mark.parametrize(
    "review",
    [
        "",
        "items = 3",
        "facets = []",
        "[items]\ncalm-1 = 3",
        "[facets]\ncalm = 3",
        "=",
        "a = [" * 5000,
    ],
)
def test_a_review_of_a_wrong_shape_is_a_fault_and_never_an_error(review: str) -> None:
    faults = list_review_faults(review)
    assert faults
    assert all(fault.startswith("review.toml") for fault in faults)


def test_a_review_with_very_many_faults_says_so_in_the_end() -> None:
    review = REVIEW.replace('keyed = "plus"\n', "") + "".join(
        f"[items.unknown-{number}]\n" for number in range(200)
    )
    assert len(list_review_faults(review)) == MAX_FAULTS + 1


def test_a_review_is_no_part_of_the_pack() -> None:
    with_review = {**FILES, "review.toml": REVIEW}
    assert read_pack(with_review) == read_pack(FILES)
    assert "review.toml" not in read_pack(with_review).files
    assert read_pack(with_review).content_hash == read_pack(FILES).content_hash


def test_a_wrong_review_keeps_no_pack_from_being_read() -> None:
    pack, faults = examine_pack({**FILES, "review.toml": "="})
    assert pack is not None
    assert faults == ()
