"""`fitquiz pack`: check packs, write a starting folder, and print a pack as the respondent meets it."""

import os
from collections.abc import Iterator
from pathlib import Path

import click

from fitquiz.cli.pack_template import FILES
from fitquiz.config.settings import SettingsError, read_settings
from fitquiz.core.pack_files.shapes import is_name
from fitquiz.core.packs import Pack
from fitquiz.web.site.installed_packs import examine_folder, list_pack_folders


@click.group()
def pack() -> None:
    """Check, start and show packs."""


@pack.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
def check(folder: Path | None) -> None:
    """Check a pack's FOLDER, or all installed packs; every fault names its file, line and remedy."""
    folders = (
        [folder] if folder else list_pack_folders(read_settings(os.environ).questions)
    )
    refused = [each for each in folders if not _check(each)]
    if refused:
        raise SystemExit(1)


@pack.command()
@click.argument("folder", type=click.Path(path_type=Path))
def new(folder: Path) -> None:
    """Write a small pack, right as it stands, into a new FOLDER."""
    if not folder.exists() and not is_name(folder.name):
        raise SettingsError(
            f"{folder.name!r} cannot be a pack's id; use small letters, digits and single hyphens."
        )
    try:
        folder.mkdir(parents=True)
        for name, text in FILES.items():
            (folder / name).write_text(text.replace("PACK_ID", folder.name), "utf-8")
    except FileExistsError:
        raise SettingsError(f"{folder} is there already; name a new folder.") from None
    except OSError as error:
        raise SettingsError(
            f"{folder} cannot be written ({error.strerror}); name a folder that can."
        ) from error
    click.echo(
        f"{folder} holds {', '.join(FILES)}. Edit them, then run: fitquiz pack check {folder}"
    )


@pack.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--language", help="A language of the pack; its first one if left out.")
def show(folder: Path, language: str | None) -> None:
    """Print the pack in FOLDER as the respondent meets it."""
    found, faults = examine_folder(folder)
    if found is None:
        raise SettingsError(
            f"The pack in {folder} cannot be used:\n" + "\n".join(map(str, faults))
        )
    chosen = language or found.languages[0]
    if chosen not in found.languages:
        raise SettingsError(
            f"The pack has no {chosen!r}; it has {', '.join(found.languages)}."
        )
    click.echo("\n".join(_write_lines(found, chosen)))


def _check(folder: Path) -> bool:
    if not folder.is_dir():
        raise SettingsError(f"{folder} is no folder; name one that holds a pack.toml.")
    found, faults = examine_folder(folder)
    for fault in faults:
        click.echo(f"{folder}/{fault}")
    if found is not None:
        items = len(found.items)
        click.echo(
            f"{folder}: {found.id} {found.version}, {items} items, {', '.join(found.languages)}: fine."
        )
    return found is not None


def _write_lines(found: Pack, language: str) -> Iterator[str]:
    words = found.words_in(language)
    yield f"{words['title']}\n\n{words['summary']}"
    yield "\n" + " · ".join(words["answers"]["labels"])
    for part in found.parts.values():
        yield f"\n{words.get('modules', {}).get(part.id, {}).get('name', part.id)}"
        for number, item in enumerate(part.items, 1):
            keyed = {"plus": "+", "minus": "−"}.get(
                item.keyed.value if item.keyed else "", " "
            )
            yield f"{number:3}. {words['items'][item.id]}  [{keyed}{item.measures or ''}]"
    for name, said in words.get("suggestions", {}).items():
        yield f"\n{name}: {said['headline']}\n{said['text']}"
        yield from (f"  - {step}" for step in said["next"])
    yield f"\n{words['caveat']}"
