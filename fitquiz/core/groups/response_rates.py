"""Finds the response rate of a unit, as far as the published numbers tell the rate.

Answers of a unit can be counted further up: in a larger unit, or only in the whole campaign. Then
the published number of the unit is too small, and its rate is a lowest rate. The functions use only
published numbers, head-counts and settings of the campaign.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """A response rate in per cent, from 0 to 100. If `is_least` is true, the rate can be higher."""

    percent: int
    is_least: bool


@dataclass(frozen=True, slots=True)
class Counting:
    """How a campaign counts answers.

    `is_single` is true if there is only one seal, and if this seal is done. With several seals, the
    last few answers may never be published.

    `cap` is the largest number of responses that the campaign counts, or None. `is_personal` is
    true if each person has an invitation for the person's own unit. With an open link, a person of
    a unit can also use the link of a larger unit.
    """

    is_single: bool
    cap: int | None
    is_personal: bool

    def finds_all(self, all_answers: int) -> bool:
        """Return whether all answers to the campaign are among its `all_answers` published ones."""
        if not self.is_single:
            return False
        return self.cap is None or all_answers < self.cap

    def is_exact(self, all_answers: int, further_up: int, is_lowest: bool) -> bool:
        """Return whether the published number of a unit is the number of all its answers.

        `further_up` is the number of responses that are counted in the units above, but in no unit
        below those. A unit of the lowest level is published as a whole, or not at all.
        """
        if not self.finds_all(all_answers):
            return False
        if further_up == 0:
            return True
        return is_lowest and self.is_personal


def find_rate(answers: int, people: int | None, is_exact: bool) -> Rate | None:
    """Return the response rate of a unit with `answers` published responses.

    `people` is the head-count. Return None if the head-count is None or 0, or smaller than
    `answers`. An exact rate is rounded, but never to 0 or 100. A lowest rate is rounded down.
    """
    if not people or answers > people:
        return None
    if answers == people:
        return Rate(100, is_least=False)
    percent = 100 * answers // people
    if not is_exact:
        return Rate(percent, is_least=True)
    rounded = (200 * answers + people) // (2 * people)
    within = max(rounded, min(answers, 1))
    return Rate(min(within, 99), is_least=False)
