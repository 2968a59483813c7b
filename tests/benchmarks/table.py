"""What was measured, as a table in Markdown: medians over the rounds, with the spread, and ratios to the bare app."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles

HEAD = (
    "| load | at once | completed a second | requests a second | GET p50 / p95 / p99 ms | POST p50 / p95 / p99 ms "
    "| CPU ms a request | CPU ms completed | KB completed | to (a): requests, CPU | to (b): requests, CPU |\n"
    f"| {' | '.join(['---'] * 11)} |"
)


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

    @property
    def rate(self) -> float:
        """Requests a second."""
        return self.requests / self.seconds

    @property
    def cost(self) -> float:
        """CPU seconds a request."""
        return self.cpu_seconds / max(1, self.requests)


def write_row(name: str, at_once: int, rounds: Sequence[Round], bare: Sequence[Sequence[Round]] = ()) -> str:
    """Return a row. `bare` are the loads that it is compared with, each measured in turn with it."""
    done = sum(each.completions for each in rounds) or 1
    completed = [each.completions / each.seconds for each in rounds]
    rates = [each.rate for each in rounds]
    cpu = sum(each.cpu_seconds for each in rounds)
    cells = (
        name,
        str(at_once),
        f"{median(completed):,.1f} ({min(completed):,.1f}–{max(completed):,.1f})",
        f"{median(rates):,.0f} ({min(rates):,.0f}–{max(rates):,.0f})",
        _write_times([second for each in rounds for second in each.gets]),
        _write_times([second for each in rounds for second in each.posts]),
        f"{1000 * cpu / sum(each.requests for each in rounds):.2f}",
        f"{1000 * cpu / done:.2f}",
        f"{sum(each.bytes_read for each in rounds) / done / 1000:.1f}",
        *(_compare(rounds, each) for each in bare),
        *[""] * (2 - len(bare)),
    )
    return f"| {' | '.join(cells)} |"


def _compare(rounds: Sequence[Round], bare: Sequence[Round]) -> str:
    """The median of each round's ratio to the bare round beside it: what slows the machine down slows both."""
    pairs = list(zip(rounds, bare, strict=True))
    rate = median(each.rate / other.rate for each, other in pairs)
    # Little is measured in a tick of the clock; a load that took none costs as little as one.
    cost = median(each.cost / max(other.cost, 1e-6) for each, other in pairs)
    return f"{rate:.2f}, {cost:.1f}"


def _write_times(seconds: Sequence[float]) -> str:
    if len(seconds) < 2:
        return "–"
    cuts = quantiles(seconds, n=100, method="inclusive")
    return " / ".join(f"{1000 * cuts[at]:.1f}" for at in (49, 94, 98))
