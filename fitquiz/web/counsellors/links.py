"""A counsellor's links: made, handed out as address, drawing, code or poster, changed, closed and opened again.

How many have finished is told in steps. Nothing here tells who they are, or whose result is not shared.
"""

from datetime import date

from flask import Blueprint, abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from fitquiz.core.secrets.tokens import hash_token
from fitquiz.store.accounts.audit_log import record_audit_entry
from fitquiz.store.attempts.counsellor_links import (
    FINISHED_STEP,
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
from fitquiz.web.counsellors.link_forms import LinkForm, NewLinkForm
from fitquiz.web.security.current_staff import get_staff
from fitquiz.web.security.link_codes import code_of, hash_typed, token_of
from fitquiz.web.site.clock import get_now, get_today
from fitquiz.web.site.db import get_session, writing
from fitquiz.web.site.forms import ButtonForm
from fitquiz.web.site.installed_packs import installed_or_front, list_installed
from fitquiz.web.site.languages import get_language
from fitquiz.web.site.paging import cut, read_place
from fitquiz.web.site.qr_codes import draw_qr

blueprint = Blueprint("links", __name__)
_BASE = "/links"
_LINK = f"{_BASE}/<int:link_id>"


@blueprint.get(_BASE)
def links() -> str:
    """List one's own links, a page at a time."""
    found, older = cut(list_links(get_session(), get_staff().id, read_place("before")))
    return render_template("counsellors/links/links.html", links=found, older=older, today=_today())


@blueprint.route(f"{_BASE}/new", methods=["GET", "POST"])
def new() -> str | Response | tuple[str, int]:
    """Make a link."""
    form = NewLinkForm(_today(), language=get_language())
    form.pack_id.choices = [
        (pack.id, pack.words_in(get_language())["title"]) for pack in list_installed()
    ]
    if form.validate_on_submit():
        return redirect(url_for("links.link", link_id=_create(form)), 303)
    return render_template("counsellors/links/new.html", form=form), 400 if form.errors else 200


@blueprint.get(_LINK)
def link(link_id: int) -> str:
    """Show a link: its address, drawing and code, how it stands, and what can be done."""
    link = _load(link_id)
    return render_template(
        "counsellors/links/link.html",
        link=link,
        state=link.state(_today()),
        address=_address_of(link),
        code=code_of(link.seed),
        drawing=draw_qr(_address_of(link)),
        steps=FINISHED_STEP,
    )


@blueprint.get(f"{_LINK}/poster")
def poster(link_id: int) -> str | Response:
    """Show a link as a poster, in the link's language: its drawing to scan, its address, its code to type."""
    link = _load(link_id)
    if link.language != get_language():
        return redirect(url_for("links.poster", link_id=link_id, language=link.language), 303)
    return render_template(
        "counsellors/links/poster.html",
        link=link,
        title=installed_or_front(link.pack_id).words_in(link.language)["title"],
        counsellor=get_staff(),
        address=_address_of(link),
        code=code_of(link.seed),
        place=url_for("short_addresses.code", _external=True),
        drawing=draw_qr(_address_of(link)),
    )


@blueprint.route(f"{_LINK}/edit", methods=["GET", "POST"])
def edit(link_id: int) -> str | Response | tuple[str, int]:
    """Change a link; its address and its code stay the same."""
    link = _load(link_id)
    known = {
        name: getattr(link, name) for name in ("name", "note", "language", "uses", "expires_on")
    }
    form = LinkForm(_today(), link.started, **known)
    if form.validate_on_submit():
        _change(link, "link-changed", form.read())
        return redirect(url_for("links.link", link_id=link.id), 303)
    return render_template(
        "counsellors/links/edit.html", form=form, link=link
    ), 400 if form.errors else 200


@blueprint.post(f"{_LINK}/close")
def close(link_id: int) -> Response:
    """Let nobody start by a link for the time being."""
    _change(_load(link_id), "link-closed", {"is_closed": True})
    return redirect(url_for("links.link", link_id=link_id), 303)


@blueprint.post(f"{_LINK}/reopen")
def reopen(link_id: int) -> Response:
    """Let people start by it again."""
    _change(_load(link_id), "link-reopened", {"is_closed": False})
    return redirect(url_for("links.link", link_id=link_id), 303)


@blueprint.route(f"{_LINK}/delete", methods=["GET", "POST"])
def delete(link_id: int) -> str | Response:
    """Ask, and delete a link with its name and note."""
    link, form = _load(link_id), ButtonForm()
    if form.validate_on_submit():
        with writing() as session:
            delete_link(session, link)
            record_audit_entry(session, get_staff(), "link-deleted", f"#{link.id}", get_now())
        return redirect(url_for("links.links"), 303)
    return render_template("counsellors/links/delete.html", link=link)


def _create(form: NewLinkForm) -> int:
    """Store a new link; the same form sent again leads to the one that it has made."""
    seed, now = form.link_seed, get_now()
    plan = NewLink(seed, hash_token(token_of(seed)), hash_typed(code_of(seed)), **form.read())
    with writing() as session:
        link_id = create_link(session, get_staff().id, plan, now)
        if link_id is not None:
            # By its number: a link's name may be a client's, and the log is read by others.
            record_audit_entry(session, get_staff(), "link-made", f"#{link_id}", now)
            return link_id
        made = find_link(session, plan.token_hash)
    return made.id if made and made.owner_id == get_staff().id else abort(404)


def _change(link: Link, action: str, changes: dict[str, object]) -> None:
    with writing() as session:
        change_link(session, link, changes)
        record_audit_entry(session, get_staff(), action, f"#{link.id}", get_now())


def _load(link_id: int) -> Link:
    """Return a link of whoever is signed in, or answer that there is none."""
    found = find_own_link(get_session(), get_staff().id, link_id) if link_id <= LARGEST_ID else None
    return found or abort(404)


def _address_of(link: Link) -> str:
    return url_for(
        "link_landing.start", language=link.language, token=token_of(link.seed), _external=True
    )


def _today() -> date:
    return get_today()
