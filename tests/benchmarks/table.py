"""What was measured, as a table in Markdown: medians over the rounds, with the spread, and ratios to the bare app."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles

HEAD = (
    "| load | at once | a second | GET p50 / p95 / p99 ms | POST p50 / p95 / p99 ms | CPU ms each | KB each | ratio |\n"
    "| --- | --- | --- | --- | --- | --- | --- | --- |"
)


@dataclass(frozen=True, slots=True)
class Round:
    """One load for a few seconds: how many completions (attempts, or requests of the others), and what they took."""

    seconds: float
    completions: int
    gets: Sequence[float]
    posts: Sequence[float]
    cpu_seconds: float
    bytes_read: int

    @property
    def rate(self) -> float:
        """Completions a second."""
        return self.completions / self.seconds


def write_row(name: str, at_once: int, rounds: Sequence[Round], bare: Sequence[Round] | None = None) -> str:
    """Return a row. `bare` is the load that it is compared with, measured in turn with it."""
    done = sum(each.completions for each in rounds) or 1
    rates = [each.rate for each in rounds]
    cells = (
        name,
        str(at_once),
        f"{median(rates):,.1f} ({min(rates):,.1f}–{max(rates):,.1f})",
        _write_times([second for each in rounds for second in each.gets]),
        _write_times([second for each in rounds for second in each.posts]),
        f"{1000 * sum(each.cpu_seconds for each in rounds) / done:.2f}",
        f"{sum(each.bytes_read for each in rounds) / done / 1000:.1f}",
        f"{median(_compare(rounds, bare)):.2f}" if bare else "",
    )
    return f"| {' | '.join(cells)} |"


def _compare(rounds: Sequence[Round], bare: Sequence[Round]) -> list[float]:
    """The ratio of each round to the bare round beside it: what slows the machine down slows both."""
    return [each.rate / other.rate for each, other in zip(rounds, bare, strict=True)]


def _write_times(seconds: Sequence[float]) -> str:
    if len(seconds) < 2:
        return "–"
    cuts = quantiles(seconds, n=100, method="inclusive")
    return " / ".join(f"{1000 * cuts[at]:.1f}" for at in (49, 94, 98))
