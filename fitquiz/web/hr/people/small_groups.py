"""Finds the groups of a list that have too few people for figures in the report."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from fitquiz.core.groups.unit_lists import Path
from fitquiz.core.people_lists.people import ListedPerson
from fitquiz.store.campaigns.campaigns import Campaign
from fitquiz.store.campaigns.invitations import count_personal
from fitquiz.store.campaigns.units import list_units


@dataclass(frozen=True, slots=True)
class SmallGroups:
    """Groups that would have fewer people than the smallest group of the campaign.

    `people` is the number of all invited people, together with the list. `is_all_small` is true if
    even the whole campaign is too small. `units` contains the small units that the list names.
    """

    people: int
    is_all_small: bool
    units: tuple[Path, ...]


def find_small_groups(
    session: Session, campaign: Campaign, people: Sequence[ListedPerson]
) -> SmallGroups:
    """Return the groups that stay too small, even if each invited person answers."""
    invited = count_personal(session, campaign.id)
    counts: Counter[Path] = Counter()
    for unit in list_units(session, campaign.id):
        _count_in_all_levels(counts, unit.path, invited.get(unit.id, 0))
    for person in people:
        _count_in_all_levels(counts, person.path, 1)

    total = len(people) + sum(invited.values())
    named = {person.path[:depth] for person in people for depth in (1, 2, 3)}
    small = [
        path
        for path, count in counts.items()
        if path in named and count < campaign.threshold
    ]
    return SmallGroups(
        people=total,
        is_all_small=total < campaign.threshold,
        units=tuple(sorted(small)),
    )


def _count_in_all_levels(counts: Counter[Path], path: Path, number: int) -> None:
    for depth in range(1, len(path) + 1):
        counts[path[:depth]] += number
