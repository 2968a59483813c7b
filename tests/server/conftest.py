"""The fixtures of the app, for the tests in this folder."""

from tests.store.support.quick_writes import *
from tests.web.support.app_fixtures import *
