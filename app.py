"""The WSGI entry: `python app.py` serves; `flask --app app run` and other servers take `app` from here."""

import sys

from fitquiz.cli.commands import load_app, main

if __name__ == "__main__":
    main(["serve", *sys.argv[1:]])
elif (
    __name__ != "__mp_main__"
):  # The server's own workers import this file by that name, and build their app themselves.
    app = load_app()
