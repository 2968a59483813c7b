"""Template filters that write dates and numbers in the language of the page."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent
from flask import Flask

from fitquiz.core.days import find_day
from fitquiz.web.site.clock import get_zone
from fitquiz.web.site.page_language import get_locale

MINUS = "\u2212"
SECONDS_AN_ITEM = 6.5
"""The time in which a respondent reads about twelve words and chooses an answer."""


def init_formatting(app: Flask) -> None:
    """Let templates use the filters of this module."""
    app.add_template_filter(write_date, "date")
    app.add_template_filter(write_moment, "moment")
    app.add_template_filter(write_number, "number")
    app.add_template_filter(write_signed, "signed")
    app.add_template_filter(write_share, "share")
    app.add_template_filter(write_exact, "exact")
    app.add_template_filter(write_exact_share, "exact_share")
    app.add_template_filter(write_percent, "percent")
    app.add_template_filter(estimate_minutes, "minutes")
    app.add_template_global(tell_apart, "tell_apart")
    app.add_template_global(name_zone, "name_zone")


def estimate_minutes(items: int) -> int:
    """Return how many minutes a respondent needs for a number of items. Return at least 1."""
    minutes = round(items * SECONDS_AN_ITEM / 60)
    return max(1, minutes)


def write_date(day: date) -> str:
    """Return the date, for example `23. november 2026` or `23 November 2026`.

    If `day` is a datetime, return its date in the organisation's time zone.
    """
    if isinstance(day, datetime):
        zone = get_zone()
        day = find_day(day, zone)
    return _write_date(day, get_locale())


def write_moment(moment: datetime) -> str:
    """Return the date and the time of day with the time zone, for example `23 November 2026 08:05 CET`.

    Without the time zone, an hour in autumn would mean two moments.
    """
    local = moment.astimezone(get_zone())
    return f"{write_date(moment)} {local:%H:%M %Z}"


def write_second(moment: datetime) -> str:
    """Return the date and the time of day, for example `23 November 2026 08:05:09 CET`."""
    local = moment.astimezone(get_zone())
    return f"{write_date(moment)} {local:%H:%M:%S %Z}"


def name_zone() -> str:
    """Return the place that the organisation's time zone is named after, for example `Oslo`."""
    *_, place = get_zone().key.split("/")
    return place.replace("_", " ")


def tell_apart(earlier: datetime, later: datetime) -> tuple[str, str]:
    """Return two dates. Add the times of day if the dates are equal.

    Add the seconds if the times of day are equal too.
    """
    for write in (write_date, write_moment):
        first = write(earlier)
        last = write(later)
        if first != last:
            return first, last
    first = write_second(earlier)
    last = write_second(later)
    return first, last


def write_number(value: float | Fraction, digits: int = 0) -> str:
    """Return the number, rounded to `digits` decimals.

    A negative number begins with the minus sign U+2212, not with a hyphen.
    """
    return _write_number(float(value), digits, get_locale())


def write_signed(value: float | Fraction, digits: int = 0) -> str:
    """Return the rounded number with a plus or minus sign. A rounded zero has no sign."""
    text = write_number(abs(float(value)), digits)
    if text == write_number(0, digits):
        return text
    sign = "+" if value > 0 else MINUS
    return f"{sign}{text}"


def write_share(value: float | Fraction) -> str:
    """Return a fraction from 0 to 1 as a percentage, for example `50 %` for 0.5."""
    return _write_share(float(value), get_locale())


def write_exact(value: Fraction) -> str:
    """Return the number of a pack with all its decimals, for example `28.4`."""
    text = format_decimal(
        _make_decimal(value), decimal_quantization=False, locale=get_locale()
    )
    return text.replace("-", MINUS)


def write_exact_share(value: Fraction) -> str:
    """Return a fraction from 0 to 1 as a percentage with all its decimals."""
    return format_percent(
        _make_decimal(value), decimal_quantization=False, locale=get_locale()
    )


def write_percent(value: int) -> str:
    """Return a whole number from 0 to 100 with a per cent sign."""
    return write_share(value / 100)


def _make_decimal(value: Fraction) -> Decimal:
    numerator = Decimal(value.numerator)
    denominator = Decimal(value.denominator)
    return numerator / denominator


# The cache saves time, because many of the 40 numbers on a result page are equal.
@lru_cache(1000)
def _write_number(value: float, digits: int, locale: str) -> str:
    pattern = "#,##0"
    if digits:
        pattern = f"#,##0.{'0' * digits}"

    one_unit = Decimal(1).scaleb(-digits)
    rounded = Decimal(str(value)).quantize(one_unit, ROUND_HALF_UP)
    if rounded == 0:
        rounded = abs(rounded)  # Remove the sign of a negative zero.

    text = format_decimal(rounded, pattern, locale=locale)
    return text.replace("-", MINUS)


# The cache saves 0.1 ms per result page. Babel needs 0.1 ms to look up the pattern of a locale.
@lru_cache(1000)
def _write_date(day: date, locale: str) -> str:
    return format_date(day, "long", locale=locale)


@lru_cache(1000)
def _write_share(value: float, locale: str) -> str:
    return format_percent(value, locale=locale)
