"""What was measured, as tables in Markdown: medians over the rounds with the spread, and ratios to the bare app."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles

PERCENTILES = (50, 95, 99)
TICK = 1e-6
"""Little is measured in a tick of the clock; a load that took none costs as little as one."""


@dataclass(frozen=True, slots=True)
class Round:
    """One load for a few seconds: how many completions (attempts, or requests of the others), and what they took."""

    seconds: float
    completions: float
    gets: Sequence[float]
    posts: Sequence[float]
    cpu_seconds: float
    bytes_read: int

    @property
    def requests(self) -> int:
        """All requests."""
        return len(self.gets) + len(self.posts)


Figures = tuple[float, ...]
"""What a cell tells: one figure, or one for each percentile; none where a load makes no such requests."""


@dataclass(frozen=True, slots=True)
class Column:
    """A figure of each round: its name, how many digits of it count, and how it is worked out."""

    name: str
    digits: int
    read: Callable[[Round], Figures]


def _cut(seconds: Sequence[float]) -> Figures:
    if not seconds:
        return ()
    cuts = quantiles(
        seconds if len(seconds) > 1 else [*seconds, *seconds], n=100, method="inclusive"
    )
    return tuple(1000 * cuts[each - 1] for each in PERCENTILES)


COMPLETED = Column("completed a second", 1, lambda each: (each.completions / each.seconds,))
REQUESTS = Column("requests a second", 0, lambda each: (each.requests / each.seconds,))
GETS = Column("GET p50 / p95 / p99 ms", 1, lambda each: _cut(each.gets))
POSTS = Column("POST p50 / p95 / p99 ms", 1, lambda each: _cut(each.posts))
CPU_OF_REQUEST = Column(
    "CPU ms a request", 2, lambda each: (1000 * max(each.cpu_seconds, TICK) / each.requests,)
)
CPU = Column(
    "CPU ms completed", 2, lambda each: (1000 * max(each.cpu_seconds, TICK) / each.completions,)
)
KILOBYTES = Column("KB completed", 1, lambda each: (each.bytes_read / each.completions / 1000,))
COLUMNS = (COMPLETED, REQUESTS, GETS, POSTS, CPU_OF_REQUEST, CPU, KILOBYTES)


def write_head(columns: Sequence[Column] = COLUMNS) -> str:
    """Return the two lines that a table begins with."""
    names = ("load", "at once", *(column.name for column in columns))
    return f"| {' | '.join(names)} |\n| {' | '.join(['---'] * len(names))} |"


def write_row(name: str, at_once: int, rounds: Sequence[Round]) -> str:
    """Return what one load came to: of each figure the median of the rounds, and the least and the most."""
    cells = [_write([column.read(each) for each in rounds], column.digits) for column in COLUMNS]
    return f"| {' | '.join((name, str(at_once), *cells))} |"


def write_ratios(
    name: str,
    at_once: int,
    rounds: Sequence[Round],
    bare: Sequence[Round],
    columns: Sequence[Column] = COLUMNS,
) -> str:
    """Return the same figures, each divided by the bare app's: round by round, for what slows one down slows both."""
    pairs = list(zip(rounds, bare, strict=True))
    cells = [
        _write([_divide(column.read(a), column.read(b)) for a, b in pairs], None)
        for column in columns
    ]
    return f"| {' | '.join((name, str(at_once), *cells))} |"


def _divide(figures: Figures, others: Figures) -> Figures:
    return tuple(figure / other for figure, other in zip(figures, others, strict=False))


def _write(rounds: Sequence[Figures], digits: int | None) -> str:
    """Each median, then all spreads in brackets; a dash where there is nothing to tell."""
    each_in_turn = list(zip(*filter(None, rounds), strict=True))
    if not each_in_turn:
        return "–"
    medians = " / ".join(_say(median(figures), digits) for figures in each_in_turn)
    spreads = (
        f"{_say(min(figures), digits)}–{_say(max(figures), digits)}" for figures in each_in_turn
    )
    return f"{medians} ({' / '.join(spreads)})"


def _say(figure: float, digits: int | None) -> str:
    """A ratio has no digits of its own: two, or four where a whole attempt is compared with one bare request."""
    return f"{figure:,.{(2 if figure >= 0.1 else 4) if digits is None else digits}f}"
