"""Options of the tests."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("fitquiz")
    for name, title in {"firefox": "Firefox", "webkit": "WebKit"}.items():
        group.addoption(
            f"--without-{name}",
            action="store_true",
            help=f"leave out the tests in {title}, for a machine that has no {title}",
        )
