"""Pages for everybody: the start page, how the quiz works, all items, and privacy."""

from flask import Blueprint, current_app, render_template, url_for

from fitquiz.config.settings import BACKUP_DAYS
from fitquiz.core.packs import Item, Pack, Words
from fitquiz.web.device.held_attempts import HeldAttempt, list_attempts_at_pack
from fitquiz.web.quiz.chapters import list_chapters
from fitquiz.web.quiz.example_result import make_example_result
from fitquiz.web.site.foreign_texts import page_words
from fitquiz.web.site.installed_packs import front_pack, load_installed_pack

blueprint = Blueprint("info", __name__)


@blueprint.get("/")
def start() -> str:
    """Show the start page of the pack that the setting FITQUIZ_PACK names."""
    return _show_start(front_pack())


@blueprint.get("/packs/<pack_id>/")
def start_pack(pack_id: str) -> str:
    """Show the start page of an installed pack."""
    return _show_start(load_installed_pack(pack_id))


@blueprint.get("/packs/<pack_id>/how")
def how(pack_id: str) -> str:
    """Explain the scoring with the numbers of the pack."""
    pack = load_installed_pack(pack_id)
    return render_template(
        "quiz/info/how.html",
        pack=pack,
        words=page_words(pack),
        onward=url_for("info.statements", pack_id=pack.id),
    )


@blueprint.get("/packs/<pack_id>/statements")
def statements(pack_id: str) -> str:
    """Show every item of the pack with its trait or scale and its keyed direction."""
    pack = load_installed_pack(pack_id)
    words = page_words(pack)
    return render_template("quiz/info/statements.html", pack=pack, words=words)


@blueprint.get("/packs/<pack_id>/paper")
def paper(pack_id: str) -> str:
    """Show the items as a form to print, for people who cannot use a screen."""
    pack = load_installed_pack(pack_id)
    words = page_words(pack)
    address = url_for("info.start_pack", pack_id=pack.id, _external=True)
    if pack.id == front_pack().id:
        address = url_for("info.start", _external=True)
    return render_template(
        "quiz/info/paper.html",
        pack=pack,
        words=words,
        groups=_group_by_labels(pack, words),
        address=address,
    )


@blueprint.get("/privacy")
def privacy() -> str:
    """Show who sees which data, and how long the server stores the data."""
    settings = current_app.extensions["fitquiz_settings"]
    return render_template(
        "quiz/info/privacy.html", settings=settings, backup_days=BACKUP_DAYS
    )


def _group_by_labels(
    pack: Pack, words: Words
) -> list[tuple[list[str], list[tuple[int, Item]]]]:
    """Return the items in the order of the quiz, with their numbers.

    Neighbours with the same labels are in one group.
    """
    groups: list[tuple[list[str], list[tuple[int, Item]]]] = []
    for number, item in enumerate(pack.items_of(pack.first_parts), start=1):
        labels = words["item_labels"][item.id]
        if not groups or groups[-1][0] != labels:
            groups.append((labels, []))
        groups[-1][1].append((number, item))
    return groups


def _show_start(pack: Pack) -> str:
    attempts = list_attempts_at_pack(pack.id)
    return render_template(
        "quiz/info/start.html",
        pack=pack,
        words=page_words(pack),
        count=len(pack.items_of(pack.first_parts)),
        example=make_example_result(pack),
        kept_attempts=[(held, _list_left(held)) for held in attempts if held.is_kept],
        shared_attempts=[held for held in attempts if not held.is_kept],
    )


def _list_left(held: HeldAttempt) -> list[tuple[str | None, int, list[str]]]:
    """Return for each chapter of the open parts its part, its number of items, and what is left.

    What is left are the ids of the items without a stored answer. An item that was left out on
    purpose has a stored, empty answer.
    """
    answers = held.attempt.answers
    return [
        (
            chapter.part,
            len(chapter.items),
            [item.id for item in chapter.items if item.id not in answers],
        )
        for chapter in list_chapters(held.pack, held.attempt.open_parts)
    ]
