"""The entry point for WSGI servers.

`python app.py` starts the server. `flask --app app run` and other WSGI servers import the variable
`app` from this file.
"""

import sys

from fitquiz.cli.commands import load_app, main

if __name__ == "__main__":
    main(["serve", *sys.argv[1:]])
# A worker process imports this file under the name __mp_main__. Do not create `app` in a worker
# process, because `fitquiz.server` creates the app of each worker process.
elif __name__ != "__mp_main__":
    app = load_app()
