"""Hostile texts in everything that is typed: shown as they stand on each page and file, or refused and kept."""

import re
import sqlite3
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.web.support.calls import Call, Fields, list_calls, read_version
from tests.web.support.campaigning import fill as fill_campaign
from tests.web.support.counselling import fill as fill_link
from tests.web.support.hostile_strings import HOSTILE, KEPT
from tests.web.support.inertness import check_file, check_inert
from tests.web.support.page_checks import check_page
from tests.web.support.stage import Stage

_SHARE = {"to": "link", "days": "30", "step": "share", "seed": "cd" * 16, "parts": "x"}
_MEMBER = {"name": "Nora", "email": "nora@example.org", "permissions": ["hr"]}
TYPED: dict[str, tuple[str, str, Fields, str]] = {
    "a title": ("hana", "/en/campaigns/new", fill_campaign(), "title"),
    "who invites": ("hana", "/en/campaigns/new", fill_campaign(), "inviter"),
    "units": ("hana", "/en/campaigns/new", fill_campaign(), "units"),
    "a changed title": ("hana", "/en/campaigns/{fresh_id}/edit", fill_campaign(), "title"),
    "invitations to revoke": (
        "hana",
        "/en/campaigns/{campaign_id}/invitations/revoke",
        {},
        "named",
    ),
    "the name of a link": ("carl", "/en/links/new", fill_link(), "name"),
    "the note of a link": ("carl", "/en/links/new", fill_link(), "note"),
    "the name of a share": ("alice", "/en/attempts/{handle}/share", _SHARE, "name"),
    "the name of somebody": ("ada", "/en/staff/new", _MEMBER, "name"),
    "an address": ("ada", "/en/staff/new", _MEMBER, "email"),
    "an address to sign in": ("nobody", "/en/sign-in", {"password": "x"}, "email"),
    "a code": ("nobody", "/en/code", {}, "code"),
}
STORED = (
    "UPDATE campaign SET title = :text, inviter = :text",
    "UPDATE unit SET path = json_array(:label || ' ' || id)",
    "UPDATE staff SET name = :text",
    "UPDATE link SET name = :text, note = :text",
    "UPDATE share SET name = :text",
    "INSERT INTO audit (at, staff_name, action, subject) VALUES (datetime() || '.000000', :text, 'staff-added', :text)",
)
FILES = ("invitations.download", "reports.download", "result.download")
PROBES = ("health.healthz", "health.readyz", "health.metrics")


@pytest.mark.parametrize(
    "is_long", [False, pytest.param(True, marks=pytest.mark.long)], ids=["some", "all"]
)
@pytest.mark.parametrize("place", TYPED)
def test_what_is_typed_is_taken_or_kept_with_a_sentence(
    stage: Stage, place: str, is_long: bool
) -> None:
    who, address, fields, name = TYPED[place]
    for at, text in enumerate(HOSTILE.values()):
        if not is_long and (at + [*TYPED].index(place)) % 3:
            continue
        stage.restore()
        sent = {**fields, name: text}
        if address.endswith("/edit"):
            sent["version"] = read_version(stage, "edit")
        response = stage.ask(who, "POST", address.format(**stage.values), sent)
        if "\0" in text:
            assert response.status_code == 400
        elif response.status_code != 303 and response.status_code != 200:
            page = check_page(response, 400)
            check_inert(page, text)
            assert page.find_all(role="alert") or page.find_all(class_="fault"), (place, text)
            (field,) = page.find_all("input", "textarea", name=name)
            kept = field.get("value") if field.tag == "input" else "".join(field.itertext())
            assert kept or not text.strip("\t\r\n \u200b\u202e"), (place, text)


def plant(stage: Stage, text: str) -> None:
    """Put a text into everything that holds one, as a form may have let it in."""
    with sqlite3.connect(stage.path) as live:
        for statement in STORED:
            live.execute(statement, {"text": text, "label": re.sub("[>;]", "", text)})
    live.close()


def list_pages(stage: Stage) -> Iterator[Call]:
    left_out = (
        "keeping.deleted",
        "static_files.send",
        "short_addresses.front",
        "short_addresses.code",
        *PROBES,
        *FILES,
    )
    return (call for call in list_calls(stage, "GET") if call.endpoint not in left_out)


@pytest.mark.parametrize(
    "name",
    [
        each if at % 8 == 1 else pytest.param(each, marks=pytest.mark.long)
        for at, each in enumerate(KEPT)
    ],
)
def test_what_is_stored_stands_inert_on_every_page(stage: Stage, name: str) -> None:
    plant(stage, KEPT[name])
    seen = 0
    for call in list_pages(stage):
        response = stage.ask(call.doer, "GET", call.address)
        if response.status_code == 200 and response.mimetype == "text/html":
            check_inert(check_page(response), KEPT[name])
            seen += 1
    assert seen > 50


@pytest.mark.parametrize("name", KEPT)
def test_what_is_stored_is_inert_in_every_file(stage: Stage, name: str) -> None:
    plant(stage, KEPT[name])
    files = list(list_files(stage))
    assert len(files) == 6
    for response in files:
        assert response.status_code == 200
        assert re.fullmatch(
            r'attachment; filename="[\w.-]+"', response.headers["Content-Disposition"]
        )
        check_file(response, KEPT[name])


def list_files(stage: Stage) -> Iterator[Any]:
    values: Mapping[str, Any] = stage.values
    yield stage.ask(
        "hana", "POST", f"/en/campaigns/{values['campaign_id']}/invitations/invitations.csv", {}
    )
    for ending in ("csv", "json", "xlsx"):
        yield stage.ask("hana", "POST", f"/en/reports/{values['sealed_id']}/report.{ending}", {})
    for ending in ("csv", "json"):
        yield stage.ask("alice", "GET", f"/en/attempts/{values['handle']}/answers.{ending}")
