"""The fixtures of the app, for the tests in this folder."""

from tests.web.support.app_fixtures import *
