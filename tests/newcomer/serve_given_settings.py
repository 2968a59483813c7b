"""A program that serves with settings of its own: `serve_given_settings.py NAME=VALUE …`."""

import sys

from fitquiz.config.settings import read_settings
from fitquiz.server.serving import serve_forever

if __name__ == "__main__":
    serve_forever(read_settings(dict(argument.split("=", 1) for argument in sys.argv[1:])))
