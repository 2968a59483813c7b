"""The commands `fitquiz pack check`, `fitquiz pack new` and `fitquiz pack show`."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from fitquiz.cli.pack_template import FILES, WORDS_TO_TRANSLATE
from fitquiz.config.settings import SettingsError, read_settings
from fitquiz.core.pack_files.reading import examine_pack, examine_review
from fitquiz.core.pack_files.shape_checks import is_name
from fitquiz.core.packs import Item, Keyed, Pack
from fitquiz.web.site.installed_packs import (
    examine_folder,
    list_pack_folders,
    read_files,
)

_KEYED_SIGNS = {Keyed.PLUS: "+", Keyed.MINUS: "−", None: " "}


@click.group()
def pack() -> None:
    """Check packs, write a small pack, or print the texts of a pack."""


@pack.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
def check(folder: Path | None) -> None:
    """Check the pack in FOLDER and its review. Without FOLDER, check all installed packs.

    The command prints each fault with its file, its line and a remedy.
    """
    folders = [folder] if folder else []
    if not folders:
        settings = read_settings(os.environ)
        folders = list_pack_folders(settings.questions)

    refused = [each for each in folders if not _check(each)]
    if refused:
        raise SystemExit(1)


@pack.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--language",
    help="The code of a second language, for example nb. Its file is a copy to translate.",
)
def new(folder: Path, language: str | None) -> None:
    """Write a small valid pack into a new FOLDER."""
    if not folder.exists() and not is_name(folder.name):
        raise SettingsError(
            f"{folder.name!r} cannot be a pack's id; "
            "choose a folder name of small letters, digits and single hyphens."
        )

    files = _write_second_language(language) if language else FILES
    try:
        folder.mkdir(parents=True)
        for name, text in files.items():
            file = folder / name
            file.write_text(text.replace("PACK_ID", folder.name), "utf-8")
    except FileExistsError:
        raise SettingsError(f"{folder} exists already; name another folder.") from None
    except OSError as error:
        raise SettingsError(
            f"{folder} cannot be created ({error.strerror}); "
            "name a folder inside a writable folder."
        ) from error

    names = ", ".join(files)
    click.echo(
        f"{folder} contains {names}. Edit these files, then run: fitquiz pack check {folder}"
    )


@pack.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--language",
    help="A language of the pack. Default: the first language of the pack.",
)
def show(folder: Path, language: str | None) -> None:
    """Print the main texts of the pack in FOLDER.

    The texts have the order in which respondents see the texts.
    """
    found, faults = examine_folder(folder)
    if found is None:
        lines = "\n".join(str(fault) for fault in faults)
        raise SettingsError(f"The pack in {folder} cannot be used:\n{lines}")

    chosen = language or found.languages[0]
    if chosen not in found.languages:
        languages = ", ".join(found.languages)
        raise SettingsError(
            f"The pack has no texts in {chosen!r}; choose one of its languages: {languages}."
        )

    click.echo("\n".join(_write_lines(found, chosen)))


def _write_second_language(language: str) -> dict[str, str]:
    """Return the files of the small pack, with a copy of the English texts for `language`."""
    name = f"{language}.toml"
    if not is_name(language) or name in FILES:
        raise SettingsError(
            f"{language!r} cannot be the second language; choose a code such as nb, nn or de."
        )

    languages = f'languages = ["en", "{language}"]'
    structure = FILES["pack.toml"].replace('languages = ["en"]', languages)
    return {**FILES, "pack.toml": structure, name: WORDS_TO_TRANSLATE}


def _check(folder: Path) -> bool:
    if not folder.is_dir():
        raise SettingsError(
            f"{folder} is not a folder; name a folder that contains a pack.toml."
        )

    files = read_files(folder)
    found, faults = examine_pack(files)
    for fault in faults:
        click.echo(f"{folder}/{fault}")
    if found is None:
        return False

    faults_of_review = examine_review(found, files)
    for fault in faults_of_review:
        click.echo(f"{folder}/{fault}")
    if faults_of_review:
        return False

    languages = ", ".join(found.languages)
    click.echo(
        f"{folder}: {found.id} {found.version}, {len(found.items)} items, {languages}: valid."
    )
    return True


def _write_lines(found: Pack, language: str) -> Iterator[str]:
    """Yield the title, summary, answer labels, items, suggestions and caveat of a pack as lines."""
    words = found.words_in(language)
    yield words["title"]
    yield ""
    yield words["summary"]
    yield ""
    yield " · ".join(words["answers"]["labels"])
    for name in words.get("labels", ()):
        yield f"{name}: {' · '.join(words['labels'][name])}"

    part_names = words.get("modules", {})
    for part in found.parts.values():
        yield ""
        yield part_names.get(part.id, {}).get("name", part.id)
        for number, item in enumerate(part.items, 1):
            yield _write_item(number, item, words)

    for name, suggestion in words.get("suggestions", {}).items():
        yield ""
        yield f"{name}: {suggestion['headline']}"
        yield suggestion["text"]
        for step in suggestion["next"]:
            yield f"  - {step}"

    yield ""
    yield words["caveat"]


def _write_item(number: int, item: Item, words: Mapping[str, Any]) -> str:
    sign = _KEYED_SIGNS[item.keyed]
    text = words["items"][item.id].replace("\n", " ")
    return f"{number:3}. {text}  [{sign}{item.measures or ''}]"
