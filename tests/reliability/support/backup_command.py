"""The fitquiz command, as tests start it."""

import sys

FITQUIZ = (sys.executable, "-c", "from fitquiz.cli.commands import main; main()")
