"""Each extra is absent once, while the others are there: what needs it says so, and the rest works."""

import csv
import json
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from tests.newcomer.absent_modules import hide
from tests.newcomer.plain_browser import Browser
from tests.newcomer.signing_in import sign_in_to_demo
from tests.newcomer.stranger import FROM_CHECKOUT, ROOT, read_recipe, run, start

SERVE = [sys.executable, str(ROOT / "app.py")]
TOKEN = "k9f2-x7q1-m4z8-p0w3-first-of-all"
REFUSED = {
    "prometheus_client": (
        {"FITQUIZ_METRICS_TOKEN": TOKEN},
        "FITQUIZ_METRICS_TOKEN is set, but metrics need an optional library. Install fitquiz[metrics].",
    ),
    "psycopg": (
        {"FITQUIZ_DATABASE_URL": "postgresql://alice:secret@127.0.0.1:1/fitquiz"},
        "PostgreSQL needs its driver; install fitquiz[postgres].",
    ),
}
"""By module: the settings that need it, and what fitquiz says about them."""


@pytest.mark.parametrize("module", ["prometheus_client", "psycopg", "xlsxwriter"])
def test_a_hidden_module_cannot_be_imported(tmp_path: Path, empty: Path, module: str) -> None:
    hidden = hide(module, tmp_path / "hidden")
    probe = [sys.executable, "-c", f"import {module}"]
    with_it = run(probe, empty, FROM_CHECKOUT)
    without_it = run(probe, empty, hidden)
    assert with_it.returncode == 0
    assert f"No module named '{module}'" in without_it.stderr


@pytest.mark.parametrize("module", REFUSED)
def test_the_server_starts_without_the_module(tmp_path: Path, empty: Path, module: str) -> None:
    with start(SERVE, empty, hide(module, tmp_path / "hidden")) as server:
        browser = Browser(server.address)
        assert "Start" in browser.open("/en/").links
        browser.open("/readyz")
        browser.open("/metrics", 404)


@pytest.mark.parametrize("module", REFUSED)
def test_a_setting_that_needs_the_module_stops_the_start_and_names_the_extra(
    tmp_path: Path, empty: Path, module: str
) -> None:
    settings, sentence = REFUSED[module]
    done = run(SERVE, empty, {**hide(module, tmp_path / "hidden"), **settings})
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"fitquiz: {sentence}\n"


def test_a_report_without_xlsxwriter_offers_csv_and_json(tmp_path: Path, empty: Path) -> None:
    hidden = hide("xlsxwriter", tmp_path / "hidden")
    with start(read_recipe("demo"), empty, hidden) as server:
        hana = sign_in_to_demo(server, "hr")
        report = hana.open("/en/reports/1")
        assert "95 times in 100" in report.text
        downloads = [each.text for each in report.buttons if each.text.startswith("Download")]
        assert downloads == ["Download CSV", "Download JSON"]

        sent = hana.press("Download CSV")
        assert sent.content_type.startswith("text/csv")
        rows = list(csv.DictReader(sent.body.decode("utf-8-sig").splitlines()))
        assert {row["Figure"] for row in rows} > {"Lean", "Strongest area"}

        hana.open("/en/reports/1")
        sent = hana.press("Download JSON")
        assert sent.content_type.startswith("application/json")
        lines = [each for each in json.loads(sent.body) if each["cell"] != "answered"]
        assert len(lines) == len(rows)

        # An old bookmark or a script may still ask for the file that is not offered.
        (form,) = [each for each in report.forms if each.action.endswith("report.csv")]
        action = form.action.replace("report.csv", "report.xlsx")
        hana.open("/en/reports/1")
        hana.send(replace(form, action=action), form.fields, 404)
