"""Databases of both kinds, apps, and a mail server."""

from collections.abc import Iterator

import pytest

from tests.server.support.mail_box import MailBox, serving_mail
from tests.store.conftest import *
from tests.web.support.app_fixtures import *


@pytest.fixture
def box() -> Iterator[MailBox]:
    """A mail server that accepts everything."""
    with serving_mail() as box:
        yield box
