"""Draws the answers of random groups, as sums of the cells that they add 1 to."""

import random

from fitquiz.core.groups.counting import STATISTICS, list_columns, make_plan
from tests.core.support.shipped_packs import PACK

PLAN = make_plan(each.name for each in STATISTICS)
COLUMNS = list_columns(PLAN, PACK)
TRAITS = [cell for name, cell in COLUMNS if name == "strongest"]
SCALES = [cell for name, cell in COLUMNS if name == "leading" and cell != "answered"]
Sums = dict[tuple[str, str], int]


def draw_ones(rng: random.Random, taste: float) -> set[tuple[str, str]]:
    """Return the columns that a random person adds 1 to."""
    leans_front = rng.random() < taste
    pole = "front" if leans_front else "back"
    ones = {("suggestion", rng.choice([pole, pole, "undecided"]))}
    if leans_front:
        ones.add(("lean", "front"))
    ones.add(("strongest", rng.choices(TRAITS, [40, 30, 15, 10, 4, 1])[0]))
    ones |= {column for column in COLUMNS if column[0] in ("high", "conditions")}
    ones -= {column for column in COLUMNS if column[0] == "high" and rng.random() < taste}
    if rng.random() < 0.3:
        ones.add(("leading", "answered"))
        ones |= {("leading", scale) for scale in SCALES if rng.random() < taste}
    return ones


def add_up(rng: random.Random, n: int, taste: float) -> Sums:
    sums = dict.fromkeys(COLUMNS, 0)
    for _ in range(n):
        for column in draw_ones(rng, taste):
            sums[column] += 1
    return sums
