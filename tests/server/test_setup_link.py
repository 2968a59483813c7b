"""The printed set-up link names a host that the server accepts."""

from urllib.parse import urlsplit

import pytest
from flask import Flask

from fitquiz.config.settings import read_settings
from fitquiz.server.setup_link import find_public_address, make_setup_link
from tests.web.support.app_fixtures import MakeApp


@pytest.mark.parametrize(
    ("settings", "address"),
    [
        ({}, "http://127.0.0.1:8000"),
        ({"host": "::1", "port": 80}, "http://[::1]:80"),
        ({"host": "::1", "hosts": "quiz.example.org, [::1]"}, "http://[::1]:8000"),
        ({"host": "Quiz.Example.org", "hosts": "quiz.example.org"}, "http://quiz.example.org:8000"),
        ({"hosts": "quiz.example.org, fit.example.org"}, "http://quiz.example.org:8000"),
        ({"hosts": "quiz.example.org", "proxies": "127.0.0.1"}, "https://quiz.example.org"),
        ({"proxies": "127.0.0.1"}, "http://127.0.0.1:8000"),
    ],
)
def test_the_setup_link_opens_at_the_printed_address(
    make_app: MakeApp, settings: dict[str, object], address: str
) -> None:
    environment = {f"FITQUIZ_{name.upper()}": str(value) for name, value in settings.items()}
    assert find_public_address(read_settings(environment)) == address

    app: Flask = make_app(**settings)
    path = str(make_setup_link(app))
    opened = app.test_client().get(path, headers={"Host": urlsplit(address).netloc})
    assert opened.status_code == 200
