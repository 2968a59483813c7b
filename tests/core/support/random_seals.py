"""Draws random seals, and adds their counts up as the ledger does."""

import random
from collections.abc import Mapping
from fractions import Fraction

from fitquiz.core.groups.counting import LEAN
from fitquiz.core.groups.percentages import Sum
from fitquiz.core.groups.reporting import (
    ANSWERS,
    Overview,
    Report,
    list_below,
    make_report,
)
from fitquiz.core.groups.response_rates import Counting
from fitquiz.core.groups.seal_rules import (
    Batch,
    Count,
    choose_batches,
    plan_groups,
    publish_counts,
)
from fitquiz.core.groups.unit_lists import Path
from tests.core.support.random_answers import COLUMNS, PLAN, Sums, add_up

Groups = Mapping[Batch, tuple[Count, ...]]
Ledger = dict[Path, dict[tuple[str, str], Sum]]
"""The published sums of each unit."""
THRESHOLD = 5


def draw_campaign(rng: random.Random) -> tuple[Groups, dict[Batch, Sums]]:
    """Return noisy counts of a random campaign at its close, and the true counts."""
    waiting: dict[Path, int] = {}
    for _ in range(rng.randrange(1, 9)):
        path = tuple(rng.choice("ABC") for _ in range(rng.randrange(4)))
        waiting[path] = rng.randrange(1, 60)
    taste = rng.choice([0.0, 0.1, 0.5, 0.9, 1.0])
    truth = {unit: add_up(rng, n, taste) for unit, n in waiting.items()}

    noisy, true = {}, {}
    batches = choose_batches(waiting, THRESHOLD, is_split=True, is_closing=True)
    for group, statistics in plan_groups(batches, PLAN, THRESHOLD).items():
        sums = {column: sum(truth[unit][column] for unit in group.units) for column in COLUMNS}
        noisy[group] = publish_counts(sums, statistics, PLAN, rng.randrange)
        true[group] = sums
    return noisy, true


def read(counts: tuple[Count, ...]) -> Sums:
    return {(each.statistic, each.cell): each.count for each in counts}


def add_to_ledger(ledger: Ledger, groups: Groups) -> None:
    """Add the counts of a seal to the sums of each group's unit and of all units above it.

    Every batch has a count of LEAN. A wider group has none, and its answers are counted already.
    """
    for group, counts in groups.items():
        columns = [((each.statistic, each.cell), each.count, each.noise) for each in counts]
        if any(each.statistic == LEAN for each in counts):
            columns.append(((ANSWERS, ""), group.n, Fraction(0)))
        for depth in range(len(group.path) + 1):
            sums = ledger.setdefault(group.path[:depth], {})
            for column, count, noise in columns:
                known = sums.get(column, Sum(0, 0, 0, noise))
                sums[column] = Sum(known.n + group.n, known.batches + 1, known.count + count, noise)


def count_own(ledger: Ledger, here: Path) -> int:
    """Return the number of responses that are counted in a unit and in no unit below it."""
    answers = {path: sums[ANSWERS, ""].n for path, sums in ledger.items() if (ANSWERS, "") in sums}
    return answers[here] - sum(answers[path] for path in list_below(answers, here))


def make_reports(ledger: Ledger, before: Ledger, rng: random.Random) -> dict[Path, Report]:
    """Return the report of each unit, as the pages make it."""
    people: dict[Path, int | None] = {
        path: rng.choice([None, sums[ANSWERS, ""].n + rng.randrange(20)])
        for path, sums in ledger.items()
        if (ANSWERS, "") in sums
    }
    counting = Counting(is_single=rng.random() < 0.5, cap=None, is_personal=rng.random() < 0.5)
    reports = {}
    for here in people:
        below = list_below(people, here)
        answers = sum(ledger[path][ANSWERS, ""].n for path in below)
        leans = {path: ledger[path][LEAN, "front"] for path in below}
        further_up = sum(count_own(ledger, here[:depth]) for depth in range(len(here)))
        overview = Overview(len(below), answers, leans, ledger[()][ANSWERS, ""].n, further_up)
        report = make_report(ledger, here, people, overview, below, counting, before.get(here))
        assert report is not None
        reports[here] = report
    return reports
