"""Calls of every method of every route, with an existing address and a valid form.

For a new route, add the values of its address to VALUES or to the stage. For a route with a form, also add a line to
FORMS.
"""

import html
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask

from fitquiz.core.secrets.totp import derive_secret
from fitquiz.web.security.access import ACCESS
from tests.web.support.answering import PACK
from tests.web.support.authenticator import show
from tests.web.support.campaigning import fill as fill_campaign
from tests.web.support.counselling import fill as fill_link
from tests.web.support.staff_member import PASSWORD
from tests.web.support.stage import Stage

SAFE = ("GET", "HEAD", "OPTIONS")
NEW_PASSWORD = "nine violet kettles singing"
SEED = "0123456789abcdef" * 2
TOKEN = "T" * 43
Fields = Mapping[str, Any]
_VERSION = re.compile(r'name="version"[^>]*value="([^"]*)"')

VALUES: Mapping[str, Mapping[str, str]] = {
    "answering.item": {"handle": "open_handle"},
    "background_answers.read_items": {"handle": "open_handle"},
    "background_answers.store_answers": {"handle": "open_handle"},
    "check.check": {"handle": "open_handle"},
    "check.reopen": {"handle": "thin_handle"},
    "manage_shares.confirm": {"share_id": "stopped_id"},
    "manage_shares.stop": {"share_id": "stopped_id"},
    "campaigns.edit": {"campaign_id": "fresh_id"},
    "units.units": {"campaign_id": "fresh_id"},
    "hand_over.campaigns": {"staff_id": "hr_id"},
    "units.spelling": {"campaign_id": "fresh_id", "unit_id": "fresh_unit_id"},
    "mailings.mailings": {"campaign_id": "personal_id"},
    "mailings.new": {"campaign_id": "personal_id"},
    "people.new": {"campaign_id": "personal_id"},
    "reports.report": {"campaign_id": "sealed_id"},
    "reports.download": {"campaign_id": "sealed_id"},
    "respondent_reports.show": {"campaign_id": "sealed_id"},
    "respondent_reports.hide": {"campaign_id": "sealed_id"},
}
"""By route, the names of the stage's values that replace the usual values in the address."""

DOERS = {
    "second_factors.code": "owing",
    "second_factors.renew": "tora",
    "second_factors.remove": "tora",
    "sign_in.sign_out": "hana",
    "sign_in.sign_in": "nobody",
    "sign_in.choose": "nobody",
    "answering.begin": "nobody",
    "invitation_landing.begin": "nobody",
    "link_landing.begin": "nobody",
    "link_return.come_back": "nobody",
    "public_share.shared": "nobody",
    "keeping.come_back": "nobody",
    "mail_stop.stop": "nobody",
}
"""By route, the person who makes the call, if this is not the usual person with the permission."""
_USUAL = {"hr": "hana", "counsellor": "carl", "admin": "ada", "staff": "hana"}

_LATER = (datetime.now(UTC) + timedelta(9)).date().isoformat()
_BUTTON: Fields = {}
_ANSWERS = json.dumps([{"item": PACK.items_of(PACK.first_parts)[0].id, "answer": 1}])
_PRESENT = {"present": PASSWORD}
_CHOSEN = {"password": NEW_PASSWORD, "again": NEW_PASSWORD}
_MEMBER = {"name": "Nora", "email": "nora@example.org", "permissions": ["hr"]}
_SHARE = {"to": "link", "name": "Kari", "days": "30", "seed": SEED}


def read_seen(stage: Stage) -> str:
    """Return the field `seen` of Alice's preview. Return an empty text if Alice has nothing to share."""
    address = f"/en/attempts/{stage.values['handle']}/share"
    found = re.search(
        r'name="seen"[^>]*value="(\w+)"',
        stage.ask("alice", "POST", address, _SHARE | {"step": "preview"}).text,
    )
    return found[1] if found else ""


def read_version(stage: Stage, page: str) -> str:
    """Return the field `version` of a form of Hana's campaign that has not opened.

    Return an empty text if Hana cannot open the page any more.
    """
    address = f"/en/campaigns/{stage.values['fresh_id']}/{page}"
    form = stage.ask("hana", "GET", address).text
    found = _VERSION.search(form)
    return html.unescape(found[1]) if found else ""


FORMS: Mapping[str, Fields | Callable[[Stage], Fields]] = {
    "answering.begin": {"token": TOKEN, "device": "own"},
    "invitation_landing.begin": {"token": TOKEN, "device": "own"},
    "link_landing.begin": {"token": TOKEN, "device": "own"},
    "link_return.come_back": lambda stage: {"code": stage.tokens["return_code"], "device": "own"},
    "answering.item": {"answer": "1"},
    "background_answers.store_answers": {"answers": _ANSWERS},
    "check.check": _BUTTON,
    "optional_parts.open_more": _BUTTON,
    "check.reopen": _BUTTON,
    "group_count.counted": _BUTTON,
    "keeping.delete": _BUTTON,
    "keeping.come_back": {"device": "own"},
    "keeping.forget": _BUTTON,
    "keeping.finish": {"handle": "none"},
    "keeping.clear": _BUTTON,
    "manage_shares.share": lambda stage: _SHARE | {"step": "share", "seen": read_seen(stage)},
    "manage_shares.confirm": _BUTTON,
    "manage_shares.stop": _BUTTON,
    "job_ratings.offer": {f"trait-{PACK.traits[0].id}": "4"},
    "job_ratings.forget": _BUTTON,
    "public_share.shared": _BUTTON,
    "invitation_landing.code": lambda stage: {"code": stage.tokens["code"]},
    "sign_in.sign_in": {"email": "hana@example.org", "password": PASSWORD},
    "sign_in.sign_out": _BUTTON,
    "sign_in.stay": _BUTTON,
    "sign_in.choose": _CHOSEN,
    "own_account.password": _PRESENT | _CHOSEN,
    "second_factors.code": lambda stage: {"code": show(stage.secret)},
    "second_factors.add": lambda stage: _PRESENT | {"seed": SEED, "code": show(_secret_of(stage))},
    "second_factors.renew": _PRESENT,
    "second_factors.remove": _PRESENT,
    "staff_admin.invite": _MEMBER,
    "staff_admin.member": {"permissions": ["hr", "admin"]},
    "staff_admin.disable": _BUTTON,
    "staff_admin.enable": _BUTTON,
    "staff_admin.reset": _BUTTON,
    "hand_over.campaigns": lambda stage: {
        "campaigns": [str(stage.values["campaign_id"])],
        "email": "harry@example.org",
    },
    "campaigns.new": fill_campaign(seed=SEED),
    "campaigns.edit": lambda stage: (
        fill_campaign(title="Another title") | {"version": read_version(stage, "edit")}
    ),
    "campaign_lifecycle.pause": _BUTTON,
    "campaign_lifecycle.resume": _BUTTON,
    "campaign_lifecycle.close": _BUTTON,
    "campaign_lifecycle.delete": _BUTTON,
    "colleagues.colleagues": {"email": "harry@example.org", "role": "reader"},
    "colleagues.remove": _BUTTON,
    "units.units": lambda stage: {
        "units": "Sales > Oslo; 9\nLaw; 7",
        "step": "remove",
        "version": read_version(stage, "units"),
    },
    "units.spelling": lambda stage: {
        "label": "Another name",
        "version": read_version(stage, f"units/{stage.values['fresh_unit_id']}"),
    },
    "link_renewal.renew": _BUTTON,
    "invitations.personal": {"unit": "0", "number": "2", "seed": SEED},
    "invitations.everybody": _BUTTON,
    "invitations.revoke": lambda stage: {"named": stage.tokens["personal"], "step": "revoke"},
    "invitations.download": _BUTTON,
    "mailings.new": {"addresses": "kari@example.org", "step": "send", "seed": SEED},
    "people.new": {"addresses": "kari@example.org", "step": "send", "seed": SEED},
    "mail_stop.stop": _BUTTON,
    "kiosks.use": _BUTTON,
    "kiosks.stop": _BUTTON,
    "reports.download": _BUTTON,
    "respondent_reports.show": {"plans": "We will talk about working hours."},
    "respondent_reports.hide": _BUTTON,
    "links.new": fill_link() | {"seed": SEED},
    "links.edit": fill_link(name="Another name", uses="9", expires_on=_LATER),
    "links.close": _BUTTON,
    "links.reopen": _BUTTON,
    "links.delete": _BUTTON,
    "clients.client": _BUTTON,
    "clients.talk": _BUTTON,
    "clients.choose": lambda stage: {"other": stage.values["other_id"]},
}
"""By route, the fields of a valid form, without the form token."""


@dataclass(frozen=True)
class Call:
    """A call of a route: a method and an address."""

    endpoint: str
    method: str
    address: str

    @property
    def needed(self) -> str:
        """The access rule of the route."""
        return ACCESS[self.endpoint]

    @property
    def doer(self) -> str:
        """The name of a person who may make this call."""
        return DOERS.get(self.endpoint) or _USUAL.get(self.needed, "alice")

    def fields(self, stage: Stage) -> Fields | None:
        """The fields of the form, or None if the method changes nothing."""
        if self.method in SAFE:
            return None
        form = FORMS[self.endpoint]
        return form(stage) if callable(form) else form


def list_calls(stage: Stage, *methods: str) -> Iterator[Call]:
    """Yield a call for each route and each of these methods. Each address names something that exists."""
    adapter = stage.app.url_map.bind("localhost")
    for rule in stage.app.url_map.iter_rules():
        for method in sorted(set(rule.methods or ()).intersection(methods)):
            yield Call(
                rule.endpoint,
                method,
                adapter.build(rule.endpoint, values_of(stage, rule.endpoint, rule)),
            )


def list_unsafe(stage: Stage) -> list[Call]:
    """Return every call that may change something."""
    return list(list_calls(stage, "POST", "PUT", "PATCH", "DELETE"))


def find_unprepared(app: Flask) -> list[str]:
    """Return a message for each line that FORMS lacks, and for each line that FORMS must not contain."""
    unsafe = {
        rule.endpoint for rule in app.url_map.iter_rules() if (rule.methods or set()) - set(SAFE)
    }
    new = [
        f"{endpoint} takes forms: add the fields of a form to FORMS in tests/web/support/calls.py"
        for endpoint in unsafe - {*FORMS}
    ]
    old = [
        f"{endpoint} takes no forms: remove the endpoint from FORMS"
        for endpoint in {*FORMS} - unsafe
    ]
    return sorted(new + old)


def values_of(stage: Stage, endpoint: str, rule: Any) -> dict[str, Any]:
    known = {**stage.values, "token": stage.tokens.get(endpoint)}
    named = {name: VALUES.get(endpoint, {}).get(name, name) for name in rule.arguments}
    missing = [name for name in named.values() if known.get(name) is None]
    assert missing == [], (
        f"{endpoint}: put a value for {missing} on the stage, tests/web/support/stage.py"
    )
    return {name: known[value] for name, value in named.items()}


def _secret_of(stage: Stage) -> bytes:
    return derive_secret(str(stage.app.config["SECRET_KEY"]), bytes.fromhex(SEED))
