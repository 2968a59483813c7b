"""Pages where a counsellor creates, shows and changes links.

The pages round the number of clients who have finished down to a multiple of FINISHED_STEP. The
pages never show which clients have finished.
"""

from datetime import datetime

from flask import Blueprint, abort, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from fitquiz.core.groups.link_counts import FINISHED_STEP, count_finished_shown
from fitquiz.core.secrets.tokens import hash_token
from fitquiz.store.accounts.audit_log import record_audit_entry
from fitquiz.store.attempts.counsellor_links import (
    Link,
    NewLink,
    change_link,
    create_link,
    delete_link,
    find_link,
    find_own_link,
    list_links,
)
from fitquiz.store.engine.paging import LARGEST_ID
from fitquiz.web.counsellors.counsellor_forms import LinkForm, NewLinkForm
from fitquiz.web.forms.forms import ButtonForm
from fitquiz.web.security.current_staff import get_staff
from fitquiz.web.security.link_tokens import code_of, hash_typed, token_of
from fitquiz.web.site.clock import get_now, get_today
from fitquiz.web.site.database_session import get_session, writing
from fitquiz.web.site.foreign_texts import list_titles, page_words
from fitquiz.web.site.installed_packs import installed_or_front, list_installed
from fitquiz.web.site.page_language import get_language
from fitquiz.web.site.paging import cut, read_place
from fitquiz.web.site.qr_codes import draw_qr

blueprint = Blueprint("links", __name__)
_BASE = "/links"
_LINK = f"{_BASE}/<int:link_id>"


@blueprint.get(_BASE)
def links() -> str:
    """List the counsellor's own links, one page at a time."""
    found = list_links(get_session(), get_staff().id, read_place("before"))
    shown, older = cut(found)
    return render_template(
        "counsellors/links/links.html",
        links=shown,
        older=older,
        today=get_today(),
    )


@blueprint.route(f"{_BASE}/new", methods=["GET", "POST"])
def new() -> str | Response | tuple[str, int]:
    """Show the form for a link. On POST, create the link."""
    language = get_language()
    form = NewLinkForm(get_today(), language=language)
    form.pack_id.choices = list_titles(list_installed())
    if form.validate_on_submit():
        link_id = _create(form)
        return _go_on(link_id, "link-made")
    status = 400 if form.errors else 200
    return render_template("counsellors/links/new.html", form=form), status


@blueprint.get(_LINK)
def link(link_id: int) -> str:
    """Show a link with its address, its QR code, its short code and its state."""
    link = _load_link(link_id)
    address = _address_of(link)
    return render_template(
        "counsellors/links/link.html",
        link=link,
        state=link.state(get_today()),
        address=address,
        code=code_of(link.seed),
        drawing=draw_qr(address),
        finished_shown=count_finished_shown(link.started, link.finished),
        steps=FINISHED_STEP,
    )


@blueprint.get(f"{_LINK}/poster")
def poster(link_id: int) -> str | Response:
    """Show a poster with the QR code, the address and the short code of a link.

    If the page is in another language than the link, redirect to the page in the link's language.
    """
    link = _load_link(link_id)
    if link.language != get_language():
        address = url_for("links.poster", link_id=link_id, language=link.language)
        return redirect(address, 303)

    pack = installed_or_front(link.pack_id)
    address = _address_of(link)
    return render_template(
        "counsellors/links/poster.html",
        link=link,
        pack=pack,
        title=page_words(pack)["title"],
        counsellor=get_staff(),
        address=address,
        code=code_of(link.seed),
        place=url_for("short_addresses.code", _external=True),
        drawing=draw_qr(address),
    )


@blueprint.route(f"{_LINK}/edit", methods=["GET", "POST"])
def edit(link_id: int) -> str | Response | tuple[str, int]:
    """Show the settings of a link. On POST, change the settings.

    The token and the short code of the link do not change.
    """
    link = _load_link(link_id)
    form = LinkForm(get_today(), link.started, obj=link)
    if form.validate_on_submit():
        _change(link, "link-changed", form.read())
        return _go_on(link.id, "saved")
    status = 400 if form.errors else 200
    return render_template("counsellors/links/edit.html", form=form, link=link), status


@blueprint.post(f"{_LINK}/close")
def close(link_id: int) -> Response:
    """Close a link. No attempt can begin with a closed link."""
    link = _load_link(link_id)
    _change(link, "link-closed", {"is_closed": True})
    return _go_on(link.id, "link-closed")


@blueprint.post(f"{_LINK}/reopen")
def reopen(link_id: int) -> Response:
    """Open a closed link again."""
    link = _load_link(link_id)
    _change(link, "link-reopened", {"is_closed": False})
    return _go_on(link.id, "link-reopened")


@blueprint.route(f"{_LINK}/delete", methods=["GET", "POST"])
def delete(link_id: int) -> str | Response:
    """Show a page that asks for confirmation. On POST, delete the link, its name and its note."""
    link = _load_link(link_id)
    form = ButtonForm()
    if form.validate_on_submit():
        with writing() as session:
            delete_link(session, link)
            _record(session, "link-deleted", link.id, get_now())
        return redirect(url_for("links.links", done="link-deleted"), 303)
    return render_template("counsellors/links/delete.html", link=link)


def _go_on(link_id: int, done: str) -> Response:
    """Redirect to the link, whose page says what was done."""
    return redirect(url_for("links.link", link_id=link_id, done=done), 303)


def _create(form: NewLinkForm) -> int:
    """Store a link and return its id.

    If the form was sent before, return the id of the link that already exists. Abort with 404 if
    the signed-in counsellor does not own this link.
    """
    now = get_now()
    seed = form.token_seed
    new = NewLink(
        seed=seed,
        token_hash=hash_token(token_of(seed)),
        code_hash=hash_typed(code_of(seed)),
        **form.read(),
    )
    with writing() as session:
        link_id = create_link(session, get_staff().id, new, now)
        if link_id is not None:
            _record(session, "link-made", link_id, now)
            return link_id
        existing = find_link(session, new.token_hash)

    if existing is None or existing.owner_id != get_staff().id:
        abort(404)
    return existing.id


def _change(link: Link, action: str, changes: dict[str, object]) -> None:
    with writing() as session:
        change_link(session, link, changes)
        _record(session, action, link.id, get_now())


def _record(session: Session, action: str, link_id: int, now: datetime) -> None:
    # Record the id of the link instead of its name. The name may be the name of a client, and
    # administrators can read the audit log.
    record_audit_entry(session, get_staff(), action, f"#{link_id}", now)


def _load_link(link_id: int) -> Link:
    """Return the signed-in counsellor's link with this id, or abort with 404."""
    if link_id > LARGEST_ID:
        abort(404)
    link = find_own_link(get_session(), get_staff().id, link_id)
    if link is None:
        abort(404)
    return link


def _address_of(link: Link) -> str:
    return url_for(
        "link_landing.start",
        language=link.language,
        token=token_of(link.seed),
        _external=True,
    )
