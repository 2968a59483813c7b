"""Static files are named by their content, sent compressed, and kept for a year."""

import base64
import gzip
import hashlib
import re

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.web.support.answering import ROOT
from tests.web.support.app_fixtures import GetPage
from tests.web.support.page_checks import check_headers, check_page
from tests.web.support.respondent import Respondent

NAMES = sorted(path.name for path in (ROOT / "static").iterdir())


def find_address(app: Flask, name: str) -> str:
    stem, _, ending = name.rpartition(".")
    pattern = re.compile(rf"{stem}\.[0-9a-f]{{12}}\.{ending}")
    (address,) = [
        address for address in app.extensions["fitquiz_static"] if pattern.fullmatch(address)
    ]
    return f"/static/{address}"


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_named_by_its_content_and_kept_for_a_year(
    app: Flask, client: FlaskClient, name: str
) -> None:
    response = client.get(address := find_address(app, name))
    assert hashlib.sha256(response.data).hexdigest()[:12] in address
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert response.headers["Content-Type"].partition(";")[0] in (
        "text/css",
        "text/javascript",
        "image/svg+xml",
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_file_goes_compressed_to_whoever_takes_it(
    app: Flask, client: FlaskClient, name: str
) -> None:
    plain, address = client.get(find_address(app, name)), find_address(app, name)
    zipped = client.get(address, headers={"Accept-Encoding": "br, gzip"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(zipped.data) == plain.data
    assert zipped.headers["ETag"] != plain.headers["ETag"]
    assert "Accept-Encoding" in zipped.vary
    assert "Accept-Encoding" in plain.vary


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith((".css", ".js"))])
def test_a_style_sheet_or_script_goes_without_its_comments(
    app: Flask, client: FlaskClient, name: str
) -> None:
    sent = client.get(find_address(app, name)).text
    assert [line for line in sent.splitlines() if line.lstrip().startswith("/*")] == []
    source = (ROOT / "static" / name).read_text("utf-8").splitlines()
    code = [line for line in source if line.endswith((";", "{", "}")) and "url(" not in line]
    assert [line for line in code if line not in sent] == []


@pytest.mark.parametrize("accepted", ["", "gzip"])
def test_a_file_that_is_there_already_is_not_sent_again(
    app: Flask, client: FlaskClient, accepted: str
) -> None:
    headers = {"Accept-Encoding": accepted}
    first = client.get(address := find_address(app, "site.css"), headers=headers)
    second = client.get(address, headers={**headers, "If-None-Match": first.headers["ETag"]})
    assert (second.status_code, second.data) == (304, b"")
    check_headers(second)


def test_the_headers_of_a_file_can_be_asked_for(app: Flask, client: FlaskClient) -> None:
    response = client.head(find_address(app, "quiz.js"))
    assert (response.status_code, response.data) == (200, b"")


@pytest.mark.parametrize(
    "name",
    [
        "site.css",
        "site.000000000000.css",
        "x",
        "../pyproject.toml",
        "..%2Fapp.py",
        "%2e%2e/app.py",
        "nb.po",
    ],
)
def test_any_other_name_is_not_found(client: FlaskClient, name: str) -> None:
    check_page(client.get(f"/static/{name}"), 404)


def test_every_file_on_a_page_has_the_integrity_that_it_states(alice: Respondent) -> None:
    page = alice.start()
    loaded = [*page.find_all("script"), *page.find_all("link", rel="stylesheet")]
    assert len(loaded) == 3
    for element in loaded:
        content = alice.client.get(element.get("src") or element.get("href") or "").data
        digest = base64.b64encode(hashlib.sha384(content).digest()).decode()
        assert element.get("integrity") == f"sha384-{digest}"


def test_every_address_in_the_style_sheet_is_one_of_our_files(
    app: Flask, client: FlaskClient
) -> None:
    css = client.get(find_address(app, "site.css")).text
    addresses = re.findall(r"url\(([^)]*)\)", css)
    assert [
        address for address in addresses if client.get(f"/static/{address}").status_code != 200
    ] == []
    assert "@import" not in css
    assert [name for name in NAMES if name in css] == []


def test_everything_that_a_page_loads_is_there(get_page: GetPage, client: FlaskClient) -> None:
    page = get_page("/nb/")
    for link in page.find_all("link"):
        assert client.get(str(link.get("href"))).status_code == 200


def test_a_browser_that_refuses_compression_gets_none(app: Flask, client: FlaskClient) -> None:
    for address in (find_address(app, "site.css"), "/en/"):
        assert (
            "Content-Encoding"
            not in client.get(address, headers={"Accept-Encoding": "gzip;q=0"}).headers
        )
