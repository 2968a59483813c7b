"""The WSGI entry.

`python app.py` serves; `flask --app app run` and other WSGI servers import `app`.
"""

import sys

from fitquiz.cli.commands import load_app, main

if __name__ == "__main__":
    main(["serve", *sys.argv[1:]])
# Worker processes import this file as __mp_main__; they build their own app.
elif __name__ != "__mp_main__":
    app = load_app()
