"""At least 94 of 100 true sums lie within the published range, also over many seals of people who agree."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

import pytest

from fitquiz.core.groups.agreeing_counts import make_counts_agree
from fitquiz.core.groups.counting import BY_DEFAULT, STATISTICS, CountingPlan
from fitquiz.core.groups.factor_budgets import BUDGETS, split_budget
from fitquiz.core.groups.noise import plus_minus
from fitquiz.core.groups.seal_rules import Count, choose_batches, plan_groups, publish_counts
from fitquiz.core.groups.unit_lists import Path
from tests.core.support.random_answers import COLUMNS, TRAITS, Sums, add_up
from tests.core.support.shipped_packs import PACK

Key = tuple[Path, str, str]
UNITS: list[list[Path]] = [[()], [("A",), ("B",)], [("A", "x"), ("A", "y"), ("B",)]]
PLANS = [BY_DEFAULT, ("lean", "suggestion"), tuple(each.name for each in STATISTICS)]


@dataclass
class Story:
    """A campaign that is sealed several times. All its people have the same tastes."""

    plan: CountingPlan
    units: list[Path]
    seals: int
    taste: float
    agrees: bool
    rng: random.Random
    makes_up: bool = True
    sizes: tuple[int, ...] = (0, 5, 25, 40)
    moved: Counter[Key] = field(default_factory=Counter)
    true: Counter[Key] = field(default_factory=Counter)
    published: Counter[Key] = field(default_factory=Counter)
    batches: Counter[Key] = field(default_factory=Counter)

    def run(self) -> None:
        """Let people answer, and seal."""
        for number in range(self.seals):
            answers = {unit: self.answer() for unit in self.units}
            self.seal(answers, is_last=number == self.seals - 1)

    def answer(self) -> tuple[int, Sums]:
        """Return the answers of a unit until the next seal. If all agree, one trait is the strongest for all."""
        n = self.rng.choice(self.sizes)
        sums = add_up(self.rng, n, self.taste)
        if self.agrees:
            sums |= {("strongest", trait): 0 for trait in TRAITS}
            sums["strongest", TRAITS[0]] = n
        return n, sums

    def seal(self, answers: dict[Path, tuple[int, Sums]], is_last: bool) -> None:
        sizes = {unit: n for unit, (n, _) in answers.items()}
        batches = choose_batches(sizes, 5, is_split=True, is_closing=is_last)
        noisy, true = {}, {}
        for group, names in plan_groups(batches, self.plan, 5).items():
            sums = {
                column: sum(answers[unit][1][column] for unit in group.units)
                for column in COLUMNS
                if column[0] in self.plan
            }
            noisy[group] = publish_counts(sums, names, self.plan, self.rng.randrange)
            true[group] = sums

        agreeing = make_counts_agree(noisy, self.moved if self.makes_up else None)
        for group, counts in agreeing.items():
            for count in counts:
                self.add(group.path, count, true[group][count.statistic, count.cell])

    def add(self, path: Path, count: Count, true: int) -> None:
        """Add a count to the sums of its unit and of all units above."""
        self.moved[path, count.statistic, count.cell] += count.moved
        for depth in range(len(path) + 1):
            key = (path[:depth], count.statistic, count.cell)
            self.true[key] += true
            self.published[key] += count.count
            self.batches[key] += 1

    def check(self) -> Iterator[tuple[Key, bool]]:
        """Yield whether the true sum is within the published range, for each sum."""
        for key, count in self.published.items():
            half = plus_minus(self.plan[key[1]], self.batches[key])
            yield key, abs(count - self.true[key]) <= half


@cache
def make_plan(names: tuple[str, ...], anonymity: str) -> CountingPlan:
    plan = split_budget(names, PACK, BUDGETS[anonymity])
    assert plan is not None
    return plan


def measure_unanimous(makes_up: bool, stories: int = 60) -> float:
    """Return how often the true number of those who agree is within the range, over twelve seals."""
    rng = random.Random(6)
    plan = make_plan(("strongest",), "strong")
    hits = 0
    for _ in range(stories):
        story = Story(plan, [()], 12, 1.0, True, rng, makes_up=makes_up, sizes=(25,))
        story.run()
        hits += dict(story.check())[(), "strongest", TRAITS[0]]
    return hits / stories


def test_twelve_seals_of_people_who_agree_cover_the_truth() -> None:
    """Without making up for earlier seals, three of five true sums are outside."""
    assert measure_unanimous(makes_up=True) > 0.85
    assert measure_unanimous(makes_up=False) < 0.6


@pytest.mark.long
def test_the_ranges_of_random_campaigns_cover_the_truth() -> None:
    """Each kind of campaign covers at least 94 of 100: by figure, by level, agreeing or not, one seal or twelve."""
    rng = random.Random(8)
    shown: Counter[tuple[object, ...]] = Counter()
    hit: Counter[tuple[object, ...]] = Counter()
    for _ in range(10_000):
        plan = make_plan(rng.choice(PLANS), rng.choice(list(BUDGETS)))
        seals, agrees = rng.choice([1, 4, 12]), rng.random() < 0.5
        taste = rng.choice([0.0, 0.1, 0.5, 1.0])
        story = Story(plan, rng.choice(UNITS), seals, taste, agrees, rng)
        story.run()
        for (path, statistic, _), is_covered in story.check():
            for kind in ((statistic,), (seals, agrees), (statistic, seals, agrees, len(path))):
                shown[kind] += 1
                hit[kind] += is_covered
    low = {kind: hit[kind] / shown[kind] for kind in shown if shown[kind] >= 500}
    assert len(low) > 30
    assert min(low.values()) >= 0.94, min(low.items(), key=lambda each: each[1])
