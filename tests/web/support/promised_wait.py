"""Reads the wait that a page promises after too many tries."""

import re

from tests.web.support.page import Page


def read_wait(page: Page) -> int:
    """Return the wait that a page promises, in seconds."""
    found = re.search(r"Try again in (\d+) (minute|second)s?\.", page.text)
    assert found, page.text
    return int(found[1]) * (60 if found[2] == "minute" else 1)
