"""Dates and numbers in the form of the page's language, as filters for templates."""

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from flask import Flask

from fitquiz.web.site.languages import get_locale

MINUS = "\u2212"
SECONDS_AN_ITEM = 6.5
"""Time to read about twelve words and to choose an answer."""


def init_formatting(app: Flask) -> None:
    """Add the filters to the templates."""
    app.add_template_filter(write_date, "date")
    app.add_template_filter(write_moment, "moment")
    app.add_template_filter(write_number, "number")
    app.add_template_filter(write_signed, "signed")
    app.add_template_filter(write_share, "share")
    app.add_template_filter(write_percent, "percent")
    app.add_template_filter(estimate_minutes, "minutes")


def estimate_minutes(items: int) -> int:
    """Return the minutes that a number of items takes, at least one."""
    minutes = round(items * SECONDS_AN_ITEM / 60)
    return max(1, minutes)


def write_date(day: date) -> str:
    """Return a date as in `23. november 2026` or `23 November 2026`; of a datetime, its day."""
    if isinstance(day, datetime):
        day = day.date()
    return _write_date(day, get_locale())


def write_moment(moment: datetime) -> str:
    """Return a date with the time of day in UTC, as in `23 November 2026 07:05 UTC`."""
    in_utc = moment.astimezone(UTC)
    return f"{write_date(in_utc)} {in_utc:%H:%M} UTC"


def write_number(value: float | Fraction, digits: int = 0) -> str:
    """Return a number, rounded to `digits` decimals, with a true minus sign."""
    return _write_number(float(value), digits, get_locale())


def write_signed(value: float | Fraction, digits: int = 0) -> str:
    """Return a number with its sign; a number that is rounded to zero has no sign."""
    text = write_number(abs(float(value)), digits)
    if text == write_number(0, digits):
        return text
    sign = "+" if value > 0 else MINUS
    return f"{sign}{text}"


def write_share(value: float | Fraction) -> str:
    """Return a share from 0 to 1 as a whole number of per cent."""
    return _write_share(float(value), get_locale())


def write_percent(value: int) -> str:
    """Return a whole number of per cent, 0 to 100."""
    return write_share(value / 100)


# The results are cached: a result page has 40 numbers with few different values.
@lru_cache(1000)
def _write_number(value: float, digits: int, locale: str) -> str:
    pattern = "#,##0"
    if digits:
        pattern = f"#,##0.{'0' * digits}"

    one_unit = Decimal(1).scaleb(-digits)
    rounded = Decimal(str(value)).quantize(one_unit, ROUND_HALF_UP)
    if rounded == 0:
        rounded = abs(rounded)  # Decimal knows a negative zero.

    text = format_decimal(rounded, pattern, locale=locale)
    return text.replace("-", MINUS)


# Cached: Babel needs 0.1 ms of each result page to look up the pattern of a locale.
@lru_cache(1000)
def _write_date(day: date, locale: str) -> str:
    return format_date(day, "long", locale=locale)


@lru_cache(1000)
def _write_share(value: float, locale: str) -> str:
    return format_percent(value, locale=locale)
