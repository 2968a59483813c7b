"""Who may open which page. A route that is not listed here is closed to everybody.

- `anyone`: everybody.
- `holder`: only the browser that owns the attempt in the address. Other browsers get a 404.
- `bearer`: everybody who has the secret link.
- `watcher`: a monitoring program that sends the server's token.
- `staff`: every signed-in staff member.
- `hr`, `counsellor`, `admin`: a staff member with this permission.

Requests that no page accepts are refused here too, before any view runs.
"""

from urllib.parse import urlsplit

from flask import Flask, abort, redirect, render_template, request, url_for
from werkzeug.exceptions import BadHost, SecurityError
from werkzeug.wrappers import Response

from fitquiz.store.accounts.staff import ADMIN, COUNSELLOR, HR
from fitquiz.web.security.current_staff import find_staff

ANYONE = "anyone"
HOLDER = "holder"
BEARER = "bearer"
WATCHER = "watcher"
STAFF = "staff"
_NO_SIGN_IN_NEEDED = (ANYONE, HOLDER, BEARER, WATCHER)
_SAFE_METHODS = ("GET", "HEAD", "OPTIONS")

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
    "invitation_landing.begin": BEARER,
    "answering.go_on": HOLDER,
    "answering.item": HOLDER,
    "check.check": HOLDER,
    "optional_parts.open_more": HOLDER,
    "check.reopen": HOLDER,
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


def init_access(app: Flask) -> None:
    """Check every request before its view runs."""
    app.before_request(_check_request)
    app.context_processor(lambda: {"may_open": may_open})


def may_open(endpoint: str) -> bool:
    """Return whether the signed-in staff member may open a staff page."""
    staff = find_staff()
    if staff is None:
        return False
    needed = ACCESS[endpoint]
    return needed == STAFF or needed in staff.permissions


def _check_request() -> Response | tuple[str, int] | None:
    _refuse_bad_host()
    _refuse_null_bytes()
    _refuse_foreign_form()
    return _check_permission()


def _check_permission() -> Response | tuple[str, int] | None:
    """Refuse a request for a staff page from somebody who may not open it."""
    if request.endpoint is None:
        return None  # Flask answers 404 or 405 itself.
    needed = ACCESS.get(request.endpoint)
    if needed is None:
        abort(404)
    if needed in _NO_SIGN_IN_NEEDED or may_open(request.endpoint):
        return None

    if find_staff() is not None:
        return render_template("errors/permission.html", code=403), 403
    if request.method in _SAFE_METHODS:
        onward = request.full_path.rstrip("?")
        return redirect(url_for("sign_in.sign_in", onward=onward), 303)
    # A form cannot be repeated after the sign-in, so a page explains what happened.
    return render_template("errors/signed_out.html", code=403), 403


def _refuse_bad_host() -> None:
    """Refuse a malformed host first: the later error pages need a host for their links."""
    error = request.routing_exception
    if isinstance(error, BadHost | SecurityError):
        raise error


def _refuse_null_bytes() -> None:
    """Refuse a NUL character, which PostgreSQL cannot store, and a form field without a name."""
    texts = [request.path]
    for name, value in request.args.items(multi=True):
        texts += [name, value]

    if request.method not in _SAFE_METHODS:
        for name, value in request.form.items(multi=True):
            if not name:
                abort(400)
            texts += [name, value]

    if any("\0" in text for text in texts):
        abort(400)


def _refuse_foreign_form() -> None:
    """Refuse a form from another site. Flask-WTF checks the form's token afterwards."""
    if request.method in _SAFE_METHODS:
        return

    fetch_site = request.headers.get("Sec-Fetch-Site", "same-origin")
    if fetch_site not in ("same-origin", "none"):
        abort(403)

    origin = request.headers.get("Origin")
    if origin is not None:
        origin_host = origin.partition("://")[2]
        if origin_host != request.host:
            abort(403)

    # Flask-WTF would fail with an error 500 on a Referer that is no address.
    if not _is_readable(request.referrer or ""):
        abort(400)


def _is_readable(address: str) -> bool:
    try:
        _ = urlsplit(address).port
    except ValueError:
        return False
    return True
