"""What Flask alone takes, to be measured beside the product: (a) a row read and a page rendered, (b) a row stored.

The page is as large as an item's; the row is committed as durably as an answer, with the same driver and settings.
"""

import os

from flask import Flask, render_template, request
from jinja2 import DictLoader
from sqlalchemy import Column, Integer, MetaData, Table, Text, bindparam, insert, select
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from fitquiz.store.engine.database import WRITES, open_database

DATABASE, PAGE_BYTES = "FITQUIZ_BENCH_DATABASE", "FITQUIZ_BENCH_BYTES"
_ROWS = Table(
    "bare",
    MetaData(),
    Column("id", Integer, primary_key=True),
    Column("text", Text, nullable=False),
)
_READ = select(_ROWS.c.text).where(_ROWS.c.id == bindparam("key"))
_ADD = insert(_ROWS)
_TEXT = "I like a door that I can close."
_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{{ text }}</title></head><body>
<form method="post" action="/answer">
{% for label in labels %}<button name="answer" value="{{ loop.index0 }}">{{ label }}</button>{% endfor %}
</form><!-- {{ filling }} --></body></html>"""


def make_table() -> None:
    """Make the table in the database that the environment names, with a row to read."""
    database = open_database(os.environ[DATABASE])
    writing = database.engine.execution_options(**WRITES)
    with database.write_lock(), writing.begin() as connection:
        _ROWS.create(connection, checkfirst=True)
        if connection.execute(_READ, {"key": 1}).first() is None:
            connection.execute(_ADD, {"text": _TEXT})
    database.engine.dispose()


def create_app() -> Flask:
    """Return the bare app on that database."""
    app, database = Flask(__name__), open_database(os.environ[DATABASE])
    app.jinja_env.loader = DictLoader({"page.html": _PAGE})
    labels = ["Strongly disagree", "Disagree", "Neither", "Agree", "Strongly agree"]
    with app.app_context():
        empty = render_template("page.html", text=_TEXT, labels=labels, filling="")
    filling = "x" * (int(os.environ[PAGE_BYTES]) - len(empty))

    @app.get("/page")
    def page() -> str:
        with database.autocommit.connect() as connection:
            text = connection.execute(_READ, {"key": 1}).scalar_one()
        return render_template("page.html", text=text, labels=labels, filling=filling)

    @app.post("/answer")
    def answer() -> Response:
        with database.write_lock(), database.autocommit.connect() as connection:
            connection.execute(_ADD, {"text": request.form["answer"]})
        return redirect("/page", 303)

    return app
