"""Dates and numbers in the form of the page's language, for templates."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache

from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal, format_percent
from flask import Flask

from fitquiz.web.site.languages import get_locale

MINUS = "\u2212"
SECONDS_AN_ITEM = 6.5
"""Reading some twelve words and a tap."""


def init_formatting(app: Flask) -> None:
    """Make the filters known to templates."""
    app.add_template_filter(write_date, "date")
    app.add_template_filter(write_moment, "moment")
    app.add_template_filter(write_number, "number")
    app.add_template_filter(write_signed, "signed")
    app.add_template_filter(write_share, "share")
    app.add_template_filter(write_percent, "percent")
    app.add_template_filter(estimate_minutes, "minutes")


def estimate_minutes(items: int) -> int:
    """The minutes that so many items take, at least one."""
    return max(1, round(items * SECONDS_AN_ITEM / 60))


def write_date(day: date) -> str:
    """23. november 2026; 23 November 2026. Of a moment its day is written."""
    return _write_date(day.date() if isinstance(day, datetime) else day, get_locale())


def write_moment(moment: datetime) -> str:
    """A date with the time of day, which is in UTC and says so."""
    pattern = "d. MMMM y HH:mm" if get_locale() == "nb_NO" else "d MMMM y HH:mm"
    return f"{format_datetime(moment, pattern, locale=get_locale())} UTC"


def write_number(value: float | Fraction, digits: int = 0) -> str:
    """A number with so many decimals and a true minus sign."""
    return _write_number(float(value), digits, get_locale())


@lru_cache(1000)
def _write_number(value: float, digits: int, locale: str) -> str:
    """Kept, since a result has 40 numbers, and scores come in few values."""
    pattern = f"#,##0.{'0' * digits}" if digits else "#,##0"
    rounded = Decimal(str(value)).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return format_decimal(rounded or abs(rounded), pattern, locale=locale).replace("-", MINUS)


def write_signed(value: float | Fraction, digits: int = 0) -> str:
    """The same with a plus sign before what is above zero, and no sign before what rounds to zero."""
    text = write_number(abs(float(value)), digits)
    if text == write_number(0, digits):
        return text
    return f"+{text}" if value > 0 else f"{MINUS}{text}"


def write_share(value: float | Fraction) -> str:
    """A share from 0 to 1 in per cent."""
    return _write_share(float(value), get_locale())


def write_percent(value: int) -> str:
    """Return a whole number of per cent, 0 to 100."""
    return write_share(value / 100)


@lru_cache(1000)
def _write_date(day: date, locale: str) -> str:
    """Kept, like shares: to look up how a language writes them took 0.1 ms of a result."""
    return format_date(day, "long", locale=locale)


@lru_cache(1000)
def _write_share(value: float, locale: str) -> str:
    return format_percent(value, "#,##0\u00a0%" if locale == "nb_NO" else "#,##0%", locale=locale)
