"""The commands for packs say what is wrong with a pack, show it, and write a new one."""

from pathlib import Path

import pytest

from tests.cli.conftest import spoil
from tests.cli.one_sentence import assert_is_one_sentence
from tests.reliability.support.server import ROOT
from tests.web.support.app_fixtures import Run


def test_the_shipped_packs_are_fine(run: Run) -> None:
    said = run("pack", "check")
    assert "front-back-office 2." in said
    assert said.endswith(": valid.\n")


def test_a_broken_folder_is_told_with_every_fault_and_line(run: Run, broken_pack: Path) -> None:
    lines = run("pack", "check", broken_pack, code=1).splitlines()
    assert len(lines) >= 2
    assert all(line.startswith(f"{broken_pack}/") for line in lines)
    assert [line for line in lines if "item_sd" in line]
    assert [line for line in lines if "licence" in line]
    assert [line for line in lines if "nb.toml" in line and "title" in line]


def test_a_folder_that_is_not_there_is_told(run: Run, tmp_path: Path) -> None:
    assert run("pack", "check", tmp_path / "nowhere", code=1) == (
        f"fitquiz: {tmp_path}/nowhere is not a folder; name a folder that contains a pack.toml.\n"
    )


def test_a_folder_without_a_pack_is_told(run: Run, tmp_path: Path) -> None:
    assert "pack.toml: is missing." in run("pack", "check", tmp_path, code=1)


def test_a_new_pack_is_fine_as_it_stands(run: Run, tmp_path: Path) -> None:
    assert f"fitquiz pack check {tmp_path}/team-roles" in run(
        "pack", "new", tmp_path / "team-roles"
    )
    assert run("pack", "check", tmp_path / "team-roles") == (
        f"{tmp_path}/team-roles: team-roles 0.1.0, 4 items, en: valid.\n"
    )


def test_a_new_pack_can_have_a_second_language_to_translate(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "team-roles"
    assert "en.toml, review.toml, nb.toml" in run("pack", "new", folder, "--language", "nb")
    said = run("pack", "check", folder)
    assert said.count("is equal to the text in en.toml. Translate the text.") == 5
    assert said.endswith("team-roles 0.1.0, 4 items, en, nb: valid.\n")


@pytest.mark.parametrize("language", ["en", "../nb", "Norsk", "pack", "review"])
def test_a_second_language_that_cannot_be_one_is_refused(
    run: Run, tmp_path: Path, language: str
) -> None:
    said = run("pack", "new", tmp_path / "team-roles", "--language", language, code=1)
    assert_is_one_sentence(said)
    assert not (tmp_path / "team-roles").exists()


@pytest.mark.parametrize("name", ["pack.toml", "en.toml", "review.toml"])
def test_a_byte_order_mark_is_read(run: Run, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "team-roles"
    run("pack", "new", folder)
    text = (folder / name).read_bytes()
    (folder / name).write_bytes(b"\xef\xbb\xbf" + text)
    assert run("pack", "check", folder).endswith("en: valid.\n")


def test_a_wrong_note_of_a_review_is_told_with_its_line(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "team-roles"
    run("pack", "new", folder)
    review = (folder / "review.toml").read_text("utf-8")
    spoil(folder / "review.toml", 'pole = "left"', 'pole = "right"')
    line = review[: review.index('pole = "left"')].count("\n") + 1
    assert run("pack", "check", folder, code=1) == (
        f"{folder}/review.toml:{line}: items.planning-1.pole: "
        "is right, but agreeing with this statement supports left. "
        "Correct the note, or the keyed direction in pack.toml.\n"
    )


def test_a_pack_without_a_review_is_fine(run: Run, tmp_path: Path) -> None:
    folder = tmp_path / "team-roles"
    run("pack", "new", folder)
    (folder / "review.toml").unlink()
    assert run("pack", "check", folder).endswith(": valid.\n")


def test_an_existing_folder_is_not_written_over(run: Run, tmp_path: Path) -> None:
    assert (
        run("pack", "new", tmp_path, code=1)
        == f"fitquiz: {tmp_path} exists already; name another folder.\n"
    )
    assert list(tmp_path.glob("*.toml")) == []


def test_a_folder_that_cannot_be_written_is_told(run: Run) -> None:
    assert_is_one_sentence(run("pack", "new", "/dev/null/team-roles", code=1))


@pytest.mark.parametrize(("language", "title"), [("en", "I "), ("nb", "Jeg "), ("nn", "Eg ")])
def test_a_pack_is_shown_with_every_item_in_a_language(run: Run, language: str, title: str) -> None:
    said = run("pack", "show", ROOT / "questions" / "front-back-office", "--language", language)
    assert said.count("[+") + said.count("[−") + said.count("[ ]") == 54
    assert title in said


def test_a_language_that_a_pack_lacks_is_told(run: Run) -> None:
    said = run("pack", "show", ROOT / "questions" / "front-back-office", "--language", "fr", code=1)
    assert said == (
        "fitquiz: The pack has no texts in 'fr'; choose one of its languages: nb, nn, en.\n"
    )


def test_a_broken_pack_is_not_shown(run: Run, broken_pack: Path) -> None:
    assert f"fitquiz: The pack in {broken_pack} cannot be used:\npack.toml:" in run(
        "pack", "show", broken_pack, code=1
    )


def test_a_new_pack_whose_folder_is_no_id_is_refused(run: Run, tmp_path: Path) -> None:
    assert "cannot be a pack's id" in run("pack", "new", tmp_path / "Bad name", code=1)
    assert not (tmp_path / "Bad name").exists()
