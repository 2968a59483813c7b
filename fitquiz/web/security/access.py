"""The rules that decide who may open which page, and checks that run before every view.

The table ACCESS contains a rule for each endpoint. A request for an endpoint
without a rule gets a 404. The rules are:

- `anyone`: every visitor.
- `holder`: only the browser that holds the attempt. The URL names the attempt, and a cookie of the
  browser contains the attempt's token.
- `bearer`: every visitor who opens a URL that contains a valid token.
- `watcher`: a monitoring program that sends the token from FITQUIZ_METRICS_TOKEN.
- `staff`: every signed-in staff member.
- `hr`, `counsellor`, `admin`: a signed-in staff member with the permission of this name.

A page of a campaign also loads the campaign with `load_campaign`, in `fitquiz/web/hr/own_campaigns.py`.
Only the report is open to readers. All other pages are open to owners only.

This module checks the rules `staff`, `hr`, `counsellor` and `admin`. Each view with the rule
`holder`, `bearer` or `watcher` checks the token itself.

This module also refuses malformed requests. `foreign_forms.py` refuses forms of other sites.
"""

from flask import Flask, abort, redirect, render_template, request, url_for
from werkzeug.exceptions import BadHost, Forbidden, SecurityError
from werkzeug.wrappers import Response

from fitquiz.store.accounts.staff import ADMIN, COUNSELLOR, HR
from fitquiz.web.security.current_staff import find_staff
from fitquiz.web.security.foreign_forms import SAFE_METHODS, refuse_foreign_form

ANYONE = "anyone"
HOLDER = "holder"
BEARER = "bearer"
WATCHER = "watcher"
STAFF = "staff"
_NO_SIGN_IN_NEEDED = (ANYONE, HOLDER, BEARER, WATCHER)

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
    "info.paper": ANYONE,
    "info.privacy": ANYONE,
    "answering.begin": ANYONE,
    "invitation_landing.begin": BEARER,
    "answering.go_on": HOLDER,
    "answering.item": HOLDER,
    "background_answers.read_items": HOLDER,
    "background_answers.store_answers": HOLDER,
    "background_answers.show_refused": HOLDER,
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
    "keeping.forget": HOLDER,
    "keeping.finish": BEARER,
    "keeping.clear": ANYONE,
    "keeping.cleared": ANYONE,
    "sign_in.sign_in": ANYONE,
    "sign_in.sign_out": ANYONE,
    "sign_in.stay": STAFF,
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
    "hand_over.campaigns": ADMIN,
    "campaigns.campaigns": HR,
    "campaigns.new": HR,
    "campaigns.campaign": HR,
    "campaigns.copy": HR,
    "campaigns.edit": HR,
    "campaign_lifecycle.pause": HR,
    "campaign_lifecycle.resume": HR,
    "campaign_lifecycle.close": HR,
    "campaign_lifecycle.delete": HR,
    "colleagues.colleagues": HR,
    "colleagues.remove": HR,
    "units.units": HR,
    "units.spelling": HR,
    "invitations.links": HR,
    "invitations.poster": HR,
    "invitations.personal": HR,
    "invitations.everybody": HR,
    "invitations.revoke": HR,
    "invitations.download": HR,
    "mailings.mailings": HR,
    "mailings.new": HR,
    "people.new": HR,
    "link_renewal.renew": HR,
    "kiosks.use": HR,
    "kiosks.stop": HR,
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
    "clients.talk": COUNSELLOR,
    "clients.choose": COUNSELLOR,
    "clients.compare": COUNSELLOR,
    "link_landing.start": BEARER,
    "link_landing.begin": BEARER,
    "link_return.come_back": BEARER,
    "public_share.shared": BEARER,
    "manage_shares.share": HOLDER,
    "manage_shares.confirm": HOLDER,
    "manage_shares.stop": HOLDER,
    "job_ratings.offer": HOLDER,
    "job_ratings.forget": HOLDER,
    "comparisons.compare": HOLDER,
    "invitation_landing.start": BEARER,
    "invitation_landing.code": ANYONE,
    "mail_stop.stop": BEARER,
    "short_addresses.code": ANYONE,
    "reports.reports": HR,
    "reports.report": HR,
    "reports.download": HR,
    "reports.anonymity": ANYONE,
    "respondent_reports.show": HR,
    "respondent_reports.hide": HR,
    "shared_report.report": BEARER,
}


class SignedOutError(Forbidden):
    """Nobody is signed in, and a form for staff was sent."""


def init_access(app: Flask) -> None:
    """Check every request before its view runs, and let templates call `may_open`."""
    app.before_request(_check_request)
    app.context_processor(lambda: {"may_open": may_open})


def may_open(endpoint: str) -> bool:
    """Return whether the signed-in staff member may open the staff page `endpoint`.

    Return False if nobody is signed in.
    """
    staff = find_staff()
    if staff is None:
        return False
    needed = ACCESS[endpoint]
    return needed == STAFF or needed in staff.permissions


def is_signed_out() -> bool:
    """Return whether the page of this request is for staff only, and nobody is signed in."""
    needed = ACCESS.get(request.endpoint or "", ANYONE)
    return needed not in _NO_SIGN_IN_NEEDED and find_staff() is None


def _check_request() -> Response | tuple[str, int] | None:
    _refuse_bad_host()
    _refuse_null_bytes()
    refuse_foreign_form()
    return _check_permission()


def _check_permission() -> Response | tuple[str, int] | None:
    """Refuse the request if its visitor may not open the page.

    Answer 404 if the endpoint has no rule, and 403 if the staff member lacks the permission.
    If nobody is signed in, answer 403 to a sent form, and redirect every other request to the
    sign-in page.
    """
    if request.endpoint is None:
        return None  # No route matches. Flask answers 404 or 405.
    needed = ACCESS.get(request.endpoint)
    if needed is None:
        abort(404)
    if needed in _NO_SIGN_IN_NEEDED or may_open(request.endpoint):
        return None

    if find_staff() is not None:
        return render_template("errors/permission.html", code=403), 403
    if request.method in SAFE_METHODS:
        onward = request.full_path.rstrip("?")
        return redirect(url_for("sign_in.sign_in", onward=onward), 303)
    # A redirect would lose the input of the form.
    raise SignedOutError


def _refuse_bad_host() -> None:
    """Refuse a malformed Host header.

    Run this check first, because the error pages of the other checks need a valid host for links.
    """
    error = request.routing_exception
    if isinstance(error, BadHost | SecurityError):
        raise error


def _refuse_null_bytes() -> None:
    """Answer 400 if the path, the query string or the form contains a NUL character.

    PostgreSQL cannot store a NUL character, and would raise an error.

    Also answer 400 if a form field has no name.
    """
    texts = [request.path]
    for name, value in request.args.items(multi=True):
        texts += [name, value]

    if request.method not in SAFE_METHODS:
        for name, value in request.form.items(multi=True):
            if not name:
                abort(400)
            texts += [name, value]

    if any("\0" in text for text in texts):
        abort(400)
