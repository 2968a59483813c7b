"""A program that serves with settings of its own: `serve_given_settings.py NAME=VALUE …`."""

import sys

from fitquiz.web.serving import serve_forever
from fitquiz.web.settings import read_settings

if __name__ == "__main__":
    serve_forever(read_settings(dict(argument.split("=", 1) for argument in sys.argv[1:])))
