"""Who may open what: every route is listed here, and what no page ever takes is turned away before a view sees it.

`anyone`: public. `holder`: only the device that holds the attempt named in the address; a foreign one is a 404.
`bearer`: whoever has the secret link; `watcher`: whoever sends the server's token. `staff`: whoever is signed in; `hr`,
`counsellor`, `admin`: whoever may do that.
"""

from urllib.parse import urlsplit

from flask import Flask, abort, redirect, render_template, request, url_for
from werkzeug.exceptions import BadHost, SecurityError
from werkzeug.wrappers import Response

from fitquiz.store.accounts.staff import ADMIN, COUNSELLOR, HR
from fitquiz.web.security.current_staff import find_staff

ANYONE, HOLDER, BEARER, WATCHER, STAFF = "anyone", "holder", "bearer", "watcher", "staff"

ACCESS = {
    "static_files.send": ANYONE,
    "health.healthz": ANYONE,
    "health.readyz": ANYONE,
    "health.metrics": WATCHER,
    "short_addresses.front": ANYONE,
    "info.start": ANYONE,
    "info.start_pack": ANYONE,
    "info.how": ANYONE,
    "info.statements": ANYONE,
    "info.privacy": ANYONE,
    "answering.begin": ANYONE,
    "answering.begin_counted": BEARER,
    "answering.go_on": HOLDER,
    "answering.item": HOLDER,
    "answering.check": HOLDER,
    "answering.open_more": HOLDER,
    "answering.reopen": HOLDER,
    "result.result": HOLDER,
    "result.answers": HOLDER,
    "result.how": HOLDER,
    "result.download": HOLDER,
    "group_count.counted": HOLDER,
    "keeping.link": HOLDER,
    "keeping.delete": HOLDER,
    "keeping.deleted": HOLDER,
    "keeping.come_back": BEARER,
    "keeping.clear": ANYONE,
    "keeping.cleared": ANYONE,
    "sign_in.sign_in": ANYONE,
    "sign_in.sign_out": ANYONE,
    "sign_in.choose": BEARER,
    "own_account.account": STAFF,
    "own_account.password": STAFF,
    "second_factors.code": ANYONE,
    "second_factors.second_factor": STAFF,
    "second_factors.add": STAFF,
    "second_factors.renew": STAFF,
    "second_factors.remove": STAFF,
    "staff_admin.people": ADMIN,
    "staff_admin.invite": ADMIN,
    "staff_admin.member": ADMIN,
    "staff_admin.disable": ADMIN,
    "staff_admin.enable": ADMIN,
    "staff_admin.reset": ADMIN,
    "staff_admin.log": ADMIN,
    "campaigns.campaigns": HR,
    "campaigns.new": HR,
    "campaigns.campaign": HR,
    "campaigns.edit": HR,
    "campaign_lifecycle.pause": HR,
    "campaign_lifecycle.resume": HR,
    "campaign_lifecycle.close": HR,
    "campaign_lifecycle.delete": HR,
    "units.units": HR,
    "invitations.links": HR,
    "invitations.poster": HR,
    "invitations.renew": HR,
    "invitations.personal": HR,
    "invitations.everybody": HR,
    "invitations.revoke": HR,
    "invitations.download": HR,
    "links.links": COUNSELLOR,
    "links.new": COUNSELLOR,
    "links.link": COUNSELLOR,
    "links.poster": COUNSELLOR,
    "links.edit": COUNSELLOR,
    "links.close": COUNSELLOR,
    "links.reopen": COUNSELLOR,
    "links.delete": COUNSELLOR,
    "clients.clients": COUNSELLOR,
    "clients.client": COUNSELLOR,
    "clients.choose": COUNSELLOR,
    "clients.compare": COUNSELLOR,
    "link_landing.start": BEARER,
    "link_landing.begin": BEARER,
    "public_share.shared": BEARER,
    "manage_shares.share": HOLDER,
    "manage_shares.stop": HOLDER,
    "job_ratings.offer": HOLDER,
    "job_ratings.forget": HOLDER,
    "comparisons.compare": HOLDER,
    "invitation_landing.start": BEARER,
    "invitation_landing.code": ANYONE,
    "short_addresses.code": ANYONE,
    "reports.reports": HR,
    "reports.report": HR,
    "reports.download": HR,
    "reports.anonymity": ANYONE,
}

_SAFE = ("GET", "HEAD", "OPTIONS")


def init_access(app: Flask) -> None:
    """Check every request before its view."""
    app.before_request(_refuse_bad_hosts)
    app.before_request(_refuse_null_bytes)
    app.before_request(_refuse_foreign_posts)
    app.before_request(_ask_who_it_is)
    app.context_processor(lambda: {"may_open": may_open})


def may_open(endpoint: str) -> bool:
    """Whether whoever is signed in may open one of staff's own pages."""
    staff = find_staff()
    return staff is not None and (
        ACCESS[endpoint] == STAFF or ACCESS[endpoint] in staff.permissions
    )


def _ask_who_it_is() -> Response | tuple[str, int] | None:
    """Staff's own pages: let in who may, ask others to sign in. A route that is not listed is closed to all."""
    if request.endpoint is None:
        return None  # No such page.
    needed = ACCESS.get(request.endpoint) or abort(404)
    if needed in (ANYONE, HOLDER, BEARER, WATCHER) or may_open(request.endpoint):
        return None
    if find_staff() is not None:
        return render_template("errors/permission.html", code=403), 403
    if request.method in _SAFE:
        return redirect(url_for("sign_in.sign_in", onward=request.full_path.rstrip("?")), 303)
    return render_template("errors/signed_out.html", code=403), 403


def _refuse_bad_hosts() -> None:
    """First of all: without a host not even the page of another refusal could be made."""
    if isinstance(request.routing_exception, BadHost | SecurityError):
        raise request.routing_exception


def _refuse_null_bytes() -> None:
    """No page takes a NUL, nor a field without a name, which a form in many parts can hold."""
    if "\0" in request.path or any(
        "\0" in text for pair in request.args.items(multi=True) for text in pair
    ):
        abort(400)
    sent = request.form.items(multi=True) if request.method not in _SAFE else ()
    if any(not name or "\0" in name or "\0" in value for name, value in sent):
        abort(400)


def _refuse_foreign_posts() -> None:
    """A form is taken from our own pages only; the form's token is checked besides, by Flask-WTF."""
    if request.method in _SAFE:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        abort(403)
    origin = request.headers.get("Origin")
    if origin is not None and origin.partition("://")[2] != request.host:
        abort(403)
    if not _can_be_read(request.referrer or ""):
        abort(400)


def _can_be_read(address: str) -> bool:
    """Whether an address is one at all: who compares it with ours would take one that is not for an error of ours."""
    try:
        _ = urlsplit(address).port
    except ValueError:
        return False
    return True
