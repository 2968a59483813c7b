"""Signs staff in through the pages, with what a command has printed."""

import re

from tests.newcomer.plain_browser import Browser
from tests.newcomer.stranger import Server

FIRST_ACCOUNT = r"The link works once: (http://\S+)"
PASSWORD = "seven green herons waiting"
_DEMO_ACCOUNT = re.compile(r"(?m)^  (\w+) +(\S+@\S+) +(\S+)$")


def make_first_account(server: Server) -> Browser:
    """Make the first administrator by the printed link; return the browser, which is signed in."""
    browser = Browser(server.address)
    browser.open(server.read(FIRST_ACCOUNT))
    browser.press(
        "Save and sign in",
        name="Ada",
        email="ada@example.org",
        password=PASSWORD,
        again=PASSWORD,
    )
    return browser


def sign_in(server: Server, email: str, password: str) -> Browser:
    """Fill the sign-in page; return the browser, which is signed in."""
    browser = Browser(server.address)
    browser.open("/en/sign-in")
    browser.press("Sign in", email=email, password=password)
    return browser


def sign_in_to_demo(server: Server, permission: str) -> Browser:
    """Sign in with the account that the demo has printed for a permission."""
    accounts = {}
    for found, email, password in _DEMO_ACCOUNT.findall(server.output):
        accounts[found] = (email, password)
    assert permission in accounts, f"no account is printed for {permission}:\n{server.output}"
    email, password = accounts[permission]
    return sign_in(server, email, password)
