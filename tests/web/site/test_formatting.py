"""Dates and numbers in the form of the page's language."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest
from flask import Flask

from fitquiz.web.site.formatting import (
    write_date,
    write_moment,
    write_number,
    write_share,
    write_signed,
)

MOMENT = datetime(2026, 11, 3, 7, 5, 59, tzinfo=UTC)
NUMBERS = [
    (1234.56, 1, "1\u00a0234,6", "1,234.6"),
    (0, 0, "0", "0"),
    (Fraction(50, 3), 1, "16,7", "16.7"),
    (Fraction(1, 2), 0, "1", "1"),
    (2.5, 0, "3", "3"),
    (-16.66, 1, "−16,7", "−16.7"),
    (-7, 0, "−7", "−7"),
]
ZEROS = [(-0.4, 0), (-0.0, 0), (-0.04, 1), (Fraction(-1, 100), 1), (0.04, 1), (Fraction(0), 1)]


@pytest.mark.parametrize(
    ("language", "text"),
    [("nb", "3. november 2026"), ("nn", "3. november 2026"), ("en", "3 November 2026")],
)
def test_a_date_is_written_out(app: Flask, language: str, text: str) -> None:
    with app.test_request_context(f"/{language}/"):
        assert write_date(MOMENT) == text


@pytest.mark.parametrize(
    ("language", "text"),
    [("nb", "3. november 2026 08:05 CET"), ("en", "3 November 2026 08:05 CET")],
)
def test_a_moment_says_its_time_zone(app: Flask, language: str, text: str) -> None:
    with app.test_request_context(f"/{language}/"):
        assert write_moment(MOMENT) == text


@pytest.mark.parametrize(("value", "digits", "nb", "en"), NUMBERS)
def test_a_number_is_written_in_each_language(
    app: Flask, value: float | Fraction, digits: int, nb: str, en: str
) -> None:
    for language, text in (("nb", nb), ("nn", nb), ("en", en)):
        with app.test_request_context(f"/{language}/"):
            assert write_number(value, digits) == text


@pytest.mark.parametrize("language", ["nb", "en"])
@pytest.mark.parametrize(("value", "digits"), ZEROS)
def test_what_rounds_to_nothing_has_no_sign(
    app: Flask, language: str, value: float | Fraction, digits: int
) -> None:
    with app.test_request_context(f"/{language}/"):
        assert set(write_number(value, digits)) <= set("0,.")
        assert set(write_signed(value, digits)) <= set("0,.")


@pytest.mark.parametrize(
    ("value", "text"), [(16.66, "+16.7"), (-16.66, "−16.7"), (Fraction(-1, 20), "−0.1")]
)
def test_a_signed_number_has_a_true_minus_or_a_plus(
    app: Flask, value: float | Fraction, text: str
) -> None:
    with app.test_request_context("/en/"):
        assert write_signed(value, 1) == text


@pytest.mark.parametrize(
    ("value", "nb", "en"),
    [(0.5, "50\u00a0%", "50%"), (Fraction(1, 3), "33\u00a0%", "33%"), (1, "100\u00a0%", "100%")],
)
def test_a_share_is_in_per_cent(app: Flask, value: float | Fraction, nb: str, en: str) -> None:
    for language, text in (("nb", nb), ("nn", nb), ("en", en)):
        with app.test_request_context(f"/{language}/"):
            assert write_share(value) == text
