"""Every response carries the security headers; large texts are sent compressed."""

import gzip

import pytest
from flask import Flask
from flask.testing import FlaskClient

from fitquiz.store.ledger.hr_connection import LedgerUnreachableError
from tests.web.support.answering import agree
from tests.web.support.page_checks import STRICT_TRANSPORT, check_headers
from tests.web.support.respondent import Respondent

ADDRESSES = (
    "/",
    "/en",
    "/en/",
    "/nb/privacy",
    "/static/none.css",
    "/fr/",
    "/en/attempts/AAAAAAAAAAAA/",
    "/en/%00",
)


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS", "POST", "TRACE"])
@pytest.mark.parametrize("address", ADDRESSES)
def test_every_answer_has_the_headers(client: FlaskClient, address: str, method: str) -> None:
    check_headers(client.open(address, method=method))


@pytest.mark.parametrize("address", ADDRESSES)
def test_over_https_every_response_has_strict_transport_security(
    client: FlaskClient, address: str
) -> None:
    response = client.get(address, base_url="https://localhost")
    assert response.headers["Strict-Transport-Security"] == STRICT_TRANSPORT


@pytest.mark.parametrize("error", [RuntimeError("broken"), LedgerUnreachableError("away")])
def test_pages_of_unexpected_errors_have_the_headers(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    def fail() -> str:
        raise error

    monkeypatch.setitem(app.view_functions, "info.start", fail)
    app.config["PROPAGATE_EXCEPTIONS"] = False
    response = client.get("/en/")
    assert response.status_code >= 500
    check_headers(response)


def test_over_http_no_response_has_strict_transport_security(client: FlaskClient) -> None:
    assert "Strict-Transport-Security" not in client.get("/en/").headers


def test_static_files_have_the_headers_modified_or_not(app: Flask, client: FlaskClient) -> None:
    for address in app.extensions["fitquiz_static"]:
        response = client.get(f"/static/{address}")
        check_headers(response)
        known = {"If-None-Match": response.headers["ETag"]}
        not_modified = client.get(f"/static/{address}", headers=known)
        assert not_modified.status_code == 304
        check_headers(not_modified)


@pytest.mark.parametrize("address", ["/", "/en/", "/en/privacy", "/en/packs/front-back-office/how"])
def test_public_pages_may_be_indexed(client: FlaskClient, address: str) -> None:
    assert "X-Robots-Tag" not in client.get(address).headers


@pytest.mark.parametrize(
    "address",
    ["/en/packs/front-back-office/begin", "/en/clear", f"/en/return/{'A' * 43}", "/no", "/code"],
)
def test_other_pages_may_not_be_indexed(client: FlaskClient, address: str) -> None:
    assert client.get(address).headers["X-Robots-Tag"] == "noindex, nofollow"


def test_a_page_is_compressed_if_the_browser_accepts_gzip(client: FlaskClient) -> None:
    plain = client.get("/en/privacy")
    zipped = client.get("/en/privacy", headers={"Accept-Encoding": "gzip, br"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.data) == plain.data
    assert zipped.content_length == len(zipped.data) < len(plain.data)
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.vary
    assert "Accept-Encoding" in zipped.vary


def test_a_page_with_a_form_varies_by_its_cookies_too(client: FlaskClient) -> None:
    assert set(client.get("/en/packs/front-back-office/begin").vary) == {
        "Cookie",
        "Accept-Encoding",
    }


def test_a_small_response_is_not_compressed(client: FlaskClient) -> None:
    assert "Content-Encoding" not in client.get("/", headers={"Accept-Encoding": "gzip"}).headers


def test_a_head_has_the_headers_of_its_page_and_no_body(client: FlaskClient) -> None:
    page, head = client.get("/en/"), client.head("/en/")
    assert head.data == b""
    assert head.content_length == page.content_length


@pytest.mark.parametrize("place", ["answers.csv", "answers.json"])
def test_downloads_have_the_headers(alice: Respondent, place: str) -> None:
    alice.take(agree())
    check_headers(alice.client.get(f"{alice.base}/{place}"))


def test_the_first_view_weighs_at_most_20_kilobytes(alice: Respondent) -> None:
    page = alice.open("/nb/")
    links = [str(link.get("href")) for link in page.find_all("link")]
    addresses = ["/nb/", *links]

    sizes = {}
    for address in addresses:
        response = alice.client.get(address, headers={"Accept-Encoding": "gzip"})
        sizes[address] = len(response.data)
    assert sum(sizes.values()) <= 20 * 1024, sizes
    assert max(sizes.values()) <= 8 * 1024, sizes
