"""The open pages: the start, how the quiz works, every statement with its key, and who sees what."""

from flask import Blueprint, current_app, render_template, url_for

from fitquiz.config.settings import BACKUP_DAYS
from fitquiz.core.packs import Pack
from fitquiz.web.quiz.device import Visit, list_visits
from fitquiz.web.site.installed_packs import front_pack, load_installed_pack
from fitquiz.web.site.languages import get_language

blueprint = Blueprint("info", __name__)


@blueprint.get("/")
def start() -> str:
    """Show the front page's pack."""
    return _show_start(front_pack())


@blueprint.get("/packs/<pack_id>/")
def start_pack(pack_id: str) -> str:
    """Show any installed pack."""
    return _show_start(load_installed_pack(pack_id))


@blueprint.get("/packs/<pack_id>/how")
def how(pack_id: str) -> str:
    """Explain the scoring, with the pack's own numbers."""
    pack = load_installed_pack(pack_id)
    onward = url_for("info.statements", pack_id=pack.id)
    return render_template(
        "quiz/info/how.html", pack=pack, words=pack.words_in(get_language()), onward=onward
    )


@blueprint.get("/packs/<pack_id>/statements")
def statements(pack_id: str) -> str:
    """Show every item with what it measures and its keyed direction."""
    pack = load_installed_pack(pack_id)
    return render_template(
        "quiz/info/statements.html", pack=pack, words=pack.words_in(get_language())
    )


@blueprint.get("/privacy")
def privacy() -> str:
    """Say who sees what, and for how long it is kept."""
    settings = current_app.extensions["fitquiz_settings"]
    return render_template("quiz/info/privacy.html", settings=settings, backup_days=BACKUP_DAYS)


def _show_start(pack: Pack) -> str:
    count = len(pack.items_of(pack.first_parts))
    return render_template(
        "quiz/info/start.html",
        pack=pack,
        words=pack.words_in(get_language()),
        count=count,
        visits=[(visit, *_count_answered(visit)) for visit in list_visits(pack.id)],
    )


def _count_answered(visit: Visit) -> tuple[int, int]:
    """How many items of the open parts have been seen, and how many there are."""
    items = visit.pack.items_of(visit.attempt.open_parts)
    return sum(item.id in visit.attempt.answers for item in items), len(items)
