"""Only staff of HR who are signed in send large files, and few at the same time."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from flask import Flask

from fitquiz.server.gateway import MAX_UPLOADS, Gateway
from fitquiz.web.limits.form_limits import (
    MAX_PASTED_BYTES,
    MAX_UPLOAD_BYTES,
    find_body_limit,
    is_large,
)
from fitquiz.web.limits.upload_rights import may_upload
from tests.server.support.asking import END, FORM, Sent, ask, make_scope, read_headers
from tests.web.support.records import change_behind
from tests.web.support.staff_member import StaffMember

UPLOAD = "/en/campaigns/new"
LARGE = MAX_PASTED_BYTES + 1
TOKEN = "T" * 43


def post_large(path: str, cookie: str = "") -> dict[str, Any]:
    headers = [FORM, ("content-length", str(LARGE)), ("cookie", cookie)]
    return make_scope(path, "POST", headers)


@pytest.mark.parametrize(
    ("path", "cookie", "limit"),
    [
        (UPLOAD, "staff=x", MAX_UPLOAD_BYTES),
        ("/nb/campaigns/7/people", "form=y; __Host-staff=x", MAX_UPLOAD_BYTES),
        ("/nb/campaigns/7/mailings/new", "staff=x", MAX_UPLOAD_BYTES),
        (UPLOAD, "", MAX_PASTED_BYTES),
        (UPLOAD, "not-staff=x", MAX_PASTED_BYTES),
        ("/en/campaigns/7/units", "staff=x", MAX_PASTED_BYTES),
        ("/en/", "staff=x", MAX_PASTED_BYTES),
    ],
)
def test_only_pages_for_uploads_take_large_bodies(path: str, cookie: str, limit: int) -> None:
    environ = {"PATH_INFO": path, "HTTP_COOKIE": cookie, "CONTENT_LENGTH": str(LARGE)}
    assert find_body_limit(environ) == limit
    assert is_large(environ) == (limit == MAX_UPLOAD_BYTES)


def sign_in(app: Flask, permission: str = "hr", name: str = "staff") -> str:
    """Sign a new staff member in, and return the cookie."""
    cookie = StaffMember(app, permission, permission).client.get_cookie("staff")
    assert cookie is not None
    return f"{name}={cookie.value}"


def open_gateway(app: Flask, threads: int = 1, **changes: Any) -> Gateway:
    """The app behind a gateway as the server makes it."""
    return Gateway(app.wsgi_app, threads=threads, may_upload=partial(may_upload, app), **changes)


def test_more_uploads_at_once_than_fit_are_refused_and_small_forms_are_not(
    app: Flask,
) -> None:
    cookie = sign_in(app)
    gateway = open_gateway(app)
    gateway._uploads = MAX_UPLOADS
    sent = ask(gateway, post_large(UPLOAD, cookie), b"x" * LARGE, END)
    assert sent[0]["status"] == 503
    assert b"wait a minute" in sent[1]["body"]
    assert read_headers(sent)["content-security-policy"]
    assert ask(gateway, make_scope(UPLOAD), END)[0]["status"] == 303

    gateway._uploads = 0
    assert ask(gateway, post_large(UPLOAD, cookie), None)[0]["status"] == 400
    assert gateway._uploads == 0


@pytest.mark.parametrize(("scheme", "name"), [("http", "staff"), ("https", "__Host-staff")])
@pytest.mark.parametrize("threads", [1, 2])
def test_forged_sign_ins_take_no_place_from_whoever_has_signed_in(
    app: Flask, threads: int, scheme: str, name: str
) -> None:
    cookie = sign_in(app, name=name)
    gateway = open_gateway(app, threads, body_seconds=20)
    attacker = post_large(UPLOAD, f"{name}={TOKEN}")
    unknown = make_scope(
        UPLOAD, "POST", [FORM, ("transfer-encoding", "chunked"), ("cookie", "staff=x")]
    )

    async def attack_and_serve() -> tuple[int, list[Sent]]:
        sent: list[Sent] = []
        coming = [b"x" * LARGE, END]

        async def never() -> dict[str, Any]:
            await asyncio.sleep(60)
            return {}

        async def receive() -> dict[str, Any]:
            chunk = coming.pop(0)
            return {"type": "http.request", "body": chunk, "more_body": chunk != END}

        async def send(message: Any) -> None:
            sent.append(message)

        async def drop(_message: Any) -> None:
            pass

        attacks = [
            asyncio.create_task(gateway(scope, never, drop))
            for scope in [attacker, unknown] * MAX_UPLOADS
        ]
        await asyncio.sleep(0.1)
        taken = gateway._uploads
        honest = post_large(UPLOAD, cookie) | {"scheme": scheme}
        await gateway(honest, receive, send)
        for attack in attacks:
            attack.cancel()
        return taken, sent

    with ThreadPoolExecutor(1) as thread:
        taken, sent = thread.submit(asyncio.run, attack_and_serve()).result()
    assert taken == 0
    # The body arrived whole: the view has read the form, and misses the form token.
    assert sent[0]["status"] == 400


def test_a_large_body_is_read_only_from_staff_of_hr_who_are_signed_in(app: Flask) -> None:
    environ = {"PATH_INFO": UPLOAD, "CONTENT_LENGTH": str(LARGE)}
    allowed = {
        "nobody": "",
        "malformed": "staff=x",
        "unknown": f"staff={TOKEN}",
        "counsellor": sign_in(app, "counsellor"),
    }
    for who, cookie in allowed.items():
        assert not may_upload(app, environ | {"HTTP_COOKIE": cookie}), who
    cookie = sign_in(app)
    with_cookie = environ | {"HTTP_COOKIE": f"form=a.b; {cookie}"}
    assert may_upload(app, with_cookie)
    change_behind(app, "UPDATE sign_in SET seen_at = '2020-01-01 00:00:00.000000'")
    assert not may_upload(app, with_cookie)
    change_behind(app, "DROP TABLE sign_in")
    assert not may_upload(app, with_cookie)


def test_who_was_signed_out_before_an_upload_reads_that_and_not_that_the_file_is_too_large(
    app: Flask,
) -> None:
    sent = ask(open_gateway(app), post_large(UPLOAD, f"staff={TOKEN}"), b"x" * LARGE, END)
    assert sent[0]["status"] == 403
    assert b"You are signed out" in sent[1]["body"]
    assert b"Nothing was saved" in sent[1]["body"]
