"""Forwarding headers count only if a trusted proxy sends them."""

import pytest
from flask import Flask, request
from flask.testing import FlaskClient

from fitquiz.config.settings import SettingsError
from fitquiz.web.security.access import ACCESS, ANYONE
from fitquiz.web.security.proxies import read_address
from tests.web.support.app_fixtures import MakeApp
from tests.web.support.page_checks import STRICT_TRANSPORT, check_headers, check_page
from tests.web.support.respondent import Respondent

PROXIES = "10.0.0.0/8, 192.0.2.7,2001:db8::/32"
BY_PROXY = {"REMOTE_ADDR": "10.1.2.3"}
HTTPS = {
    "X-Forwarded-For": "198.51.100.1",
    "X-Forwarded-Proto": "https",
    "X-Forwarded-Host": "fit.example.org",
}


@pytest.fixture
def behind(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The app behind proxies, with a page that shows the visitor's address and the host."""
    app = make_app(proxies=PROXIES)
    monkeypatch.setitem(ACCESS, "who", ANYONE)
    app.add_url_rule(
        "/who", view_func=lambda: f"{request.remote_addr} {request.url_root}", endpoint="who"
    )
    return app


def ask(app: Flask, peer: str, **headers: str) -> str:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return (
        app.test_client().get("/who", headers=named, environ_overrides={"REMOTE_ADDR": peer}).text
    )


@pytest.mark.parametrize("peer", ["10.1.2.3", "192.0.2.7", "2001:db8::5", "::ffff:10.1.2.3"])
def test_a_trusted_proxy_is_believed(behind: Flask, peer: str) -> None:
    assert ask(behind, peer, **HTTPS) == "198.51.100.1 https://fit.example.org/"


@pytest.mark.parametrize(
    "peer", ["11.1.2.3", "192.0.2.8", "2001:db9::5", "127.0.0.1", "::ffff:11.0.0.1", "", "unix:"]
)
def test_other_senders_are_not_believed(behind: Flask, peer: str) -> None:
    assert ask(behind, peer, **HTTPS) == f"{peer} http://localhost/"


def test_without_the_setting_no_sender_is_believed(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ACCESS, "who", ANYONE)
    app.add_url_rule(
        "/who", view_func=lambda: f"{request.remote_addr} {request.url_root}", endpoint="who"
    )
    assert ask(app, "127.0.0.1", **HTTPS) == "127.0.0.1 http://localhost/"


@pytest.mark.parametrize(
    ("forwarded", "visitor"),
    [
        ("", "10.1.2.3"),
        ("198.51.100.1", "198.51.100.1"),
        ("6.6.6.6, 198.51.100.1", "198.51.100.1"),
        ("6.6.6.6, 198.51.100.1, 10.9.9.9", "198.51.100.1"),
        ("6.6.6.6,198.51.100.1,2001:db8::1 , 192.0.2.7", "198.51.100.1"),
        ("10.9.9.9, 10.8.8.8", "10.9.9.9"),
        ("198.51.100.1:4711", "198.51.100.1"),
        ("[2001:db9::1]:4711", "2001:db9::1"),
        ("2001:DB9:0::1", "2001:db9::1"),
        ("fe80::1%eth0", "fe80::1"),
        ("::ffff:198.51.100.1", "198.51.100.1"),
        ("garbage", "10.1.2.3"),
        ("198.51.100.1, garbage, 10.9.9.9", "10.9.9.9"),
        ("198.51.100.1, ", "10.1.2.3"),
        ("127.1", "10.1.2.3"),
        ("1.2.3.4.5, 6.6.6.6", "6.6.6.6"),
        ("\u0661.1.1.1", "10.1.2.3"),
        ("," * 9000, "10.1.2.3"),
    ],
)
def test_the_visitor_is_the_last_address_that_is_no_trusted_proxy(
    behind: Flask, forwarded: str, visitor: str
) -> None:
    assert ask(behind, "10.1.2.3", X_Forwarded_For=forwarded).split()[0] == visitor


@pytest.mark.parametrize(
    ("said", "root"),
    [
        ({"X_Forwarded_Proto": "HTTPS"}, "https://localhost/"),
        ({"X_Forwarded_Proto": "http, https"}, "https://localhost/"),
        ({"X_Forwarded_Proto": "javascript"}, "http://localhost/"),
        ({"X_Forwarded_Proto": "https\t//"}, "http://localhost/"),
        ({"X_Forwarded_Host": "evil.example, fit.example.org"}, "http://fit.example.org/"),
        ({"X_Forwarded_Host": "fit.example.org:8443"}, "http://fit.example.org:8443/"),
        ({"X_Forwarded_Host": "[2001:db8::1]:8443"}, "http://[2001:db8::1]:8443/"),
        ({"X_Forwarded_Host": "evil.example/path"}, "http://localhost/"),
        ({"X_Forwarded_Host": "evil example"}, "http://localhost/"),
        ({"X_Forwarded_Prefix": "/evil"}, "http://localhost/"),
        ({"Forwarded": "for=6.6.6.6;host=evil.example;proto=https"}, "http://localhost/"),
    ],
)
def test_scheme_and_host_come_from_the_nearest_proxy_if_they_are_valid(
    behind: Flask, said: dict[str, str], root: str
) -> None:
    assert ask(behind, "10.1.2.3", **said) == f"10.1.2.3 {root}"


@pytest.mark.parametrize(
    "text", ["", "x", "1.2.3", "1.2.3.4/8", "[1.2.3.4", "1.2.3.4:", "1.2.3.4:99x", "[]:80", "::g"]
)
def test_a_text_that_is_no_address_is_none(text: str) -> None:
    assert read_address(text) is None


def test_cookies_and_hsts_follow_the_believed_scheme(behind: Flask) -> None:
    for peer, names in (("10.1.2.3", {"__Host-form"}), ("11.1.2.3", {"form"})):
        client = behind.test_client()
        response = client.get("/en/sign-in", headers=HTTPS, environ_overrides={"REMOTE_ADDR": peer})
        assert {
            cookie.partition("=")[0] for cookie in response.headers.getlist("Set-Cookie")
        } == names
        strict = response.headers.get("Strict-Transport-Security")
        assert strict == (STRICT_TRANSPORT if peer == "10.1.2.3" else None)


def sign_in(client: FlaskClient, visitor: str, peer: str = "10.1.2.3") -> int:
    """Sign in with a wrong password, through a proxy over https."""
    given = {**HTTPS, "X-Forwarded-For": visitor}
    page = client.get("/en/sign-in", headers=given, environ_overrides={"REMOTE_ADDR": peer})
    token = page.text.partition('name="csrf_token" type="hidden" value="')[2].partition('"')[0]
    fields = {"csrf_token": token, "email": f"{visitor}@example.org", "password": "wrong"}
    response = client.post(
        "/en/sign-in", data=fields, headers=given, environ_overrides={"REMOTE_ADDR": peer}
    )
    return response.status_code


def test_behind_a_proxy_each_visitor_has_a_limit_that_cannot_be_evaded(
    behind: Flask,
) -> None:
    client = behind.test_client()
    assert [sign_in(client, f"6.6.6.{number}, 198.51.100.1") for number in range(21)] == [
        400
    ] * 20 + [429]
    assert sign_in(client, "198.51.100.2") == 400


def test_a_false_proxy_cannot_get_around_the_limit(app: Flask) -> None:
    client = app.test_client()
    peer = "203.0.113.9"
    statuses = [sign_in(client, f"6.6.6.{number}", peer) for number in range(21)]
    assert statuses == [400] * 20 + [429]


@pytest.mark.parametrize(
    "value", ["proxy", "10.0.0.1/8", "10.0.0.0/33", "*", "10.0.0.1;10.0.0.2", "::1/129", "1.2.3"]
)
def test_a_malformed_list_of_proxies_stops_the_start(make_app: MakeApp, value: str) -> None:
    with pytest.raises(
        SettingsError, match=r"^FITQUIZ_PROXIES is .*; write addresses or networks with commas"
    ):
        make_app(proxies=value)


@pytest.mark.parametrize(
    "value",
    ["http://x.org", "x.org:80", "x org", "*", ".x.org", "x.org/a", "blåbær.no", "-x", "x."],
)
def test_a_malformed_list_of_hosts_stops_the_start(make_app: MakeApp, value: str) -> None:
    with pytest.raises(SettingsError, match=r"^FITQUIZ_HOSTS is .*; write names with commas"):
        make_app(hosts=value)


@pytest.mark.parametrize(
    "host", ["fit.example.org", "FIT.example.org", "fit.example.org:8443", "[::1]:8000", "10.0.0.1"]
)
def test_a_trusted_host_is_answered(make_app: MakeApp, host: str) -> None:
    client = make_app(hosts="Fit.example.org, [::1],10.0.0.1").test_client()
    check_page(client.get("/en/", headers={"Host": host}))


@pytest.mark.parametrize(
    "host",
    ["evil.example", "x.fit.example.org", "fit.example.org.evil.example", "", "a b", "x:99999"],
)
def test_an_unknown_host_gets_an_error_page_that_does_not_name_it(
    make_app: MakeApp, host: str
) -> None:
    client = make_app(hosts="fit.example.org").test_client()
    for address in ("/en/", "/nb/sign-in", "/"):
        page = check_page(client.get(address, headers={"Host": host}), 400)
        assert "evil" not in page.response.text
    check_headers(client.get("/static/none.css", headers={"Host": host}))


def test_a_foreign_host_from_a_proxy_is_refused_too(make_app: MakeApp) -> None:
    client = make_app(hosts="fit.example.org", proxies="10.0.0.0/8").test_client()
    for host, status in (("fit.example.org", 200), ("evil.example", 400)):
        given = {"X-Forwarded-Host": host}
        assert client.get("/en/", headers=given, environ_overrides=BY_PROXY).status_code == status


def test_the_whole_quiz_can_be_taken_over_https_behind_a_proxy(behind: Flask) -> None:
    alice = Respondent(behind.test_client(), host="https://fit.example.org")
    alice.start()
    name = f"__Host-attempts-kept-{alice.handle}"
    assert alice.client.get_cookie(name, domain="fit.example.org") is not None
