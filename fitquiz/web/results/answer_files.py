"""Writes a respondent's own answers as JSON and as CSV.

JSON contains the answers, the result, the numbers of the pack and the job ratings. CSV has one row
for each item. In CSV, each row repeats the numbers of the pack and of the whole result.
"""

import json
from collections.abc import Mapping

from fitquiz.core.packs import SHARPENING, STANDARD, Item, Pack
from fitquiz.core.result.scoring import keyed_value
from fitquiz.core.result.whole_result import Result
from fitquiz.store.attempts.attempts import Attempt
from fitquiz.store.attempts.job_ratings import Ratings
from fitquiz.web.results.file_numbers import (
    as_number,
    describe_result,
    describe_rule,
    describe_traits,
    find_band,
    find_error,
    find_item_sd,
    list_scores,
)
from fitquiz.web.site.page_language import find_locale
from fitquiz.web.site.spreadsheets import write_table


def write_json(
    pack: Pack,
    attempt: Attempt,
    result: Result | None,
    offers: Mapping[str, Ratings],
    language: str,
) -> str:
    """Return the attempt's answers, result and job ratings as JSON.

    If `result` is None, the JSON contains null instead of the result. `offers` maps each kind of
    job to the ratings of the job.
    """
    finished_at = None
    if attempt.finished_at:
        finished_at = attempt.finished_at.isoformat(timespec="seconds")

    whole = {
        "pack": pack.id,
        "version": pack.version,
        "content_hash": pack.content_hash,
        "answer_points": pack.answer_points,
        "rule": describe_rule(pack),
        "traits": describe_traits(pack),
        "sent_parts": attempt.sent_parts,
        "declined_parts": attempt.declined_parts,
        "started_at": attempt.started_at.isoformat(timespec="seconds"),
        "finished_at": finished_at,
        "answers": _describe_answers(pack, attempt, language),
        "result": describe_result(pack, result) if result else None,
        "jobs": {kind: dict(ratings) for kind, ratings in offers.items()},
    }
    return json.dumps(whole, ensure_ascii=False, indent=1)


def write_csv(
    pack: Pack,
    attempt: Attempt,
    result: Result | None,
    _offers: Mapping[str, Ratings],
    language: str,
) -> str:
    """Return a CSV table with one row for each item. The separators are those of `language`.

    Each value is written so that no spreadsheet program runs the value as a formula.
    """
    repeated = _describe_whole(pack, result)
    rows = []
    for row in _describe_answers(pack, attempt, language):
        item = pack.items[str(row["item"])]
        rows.append(row | _describe_measured(pack, result, item) | repeated)
    return write_table(
        list(rows[0]), [row.values() for row in rows], find_locale(language)
    )


def _describe_answers(
    pack: Pack, attempt: Attempt, language: str
) -> list[dict[str, object]]:
    items = pack.items_of((*attempt.sent_parts, *attempt.open_parts))
    return [_describe_answer(pack, attempt, item, language) for item in items]


def _describe_answer(
    pack: Pack, attempt: Attempt, item: Item, language: str
) -> dict[str, object]:
    words = pack.words_in(language)
    labels = words["item_labels"][item.id]
    statement = words["items"][item.id]
    answer = attempt.answers.get(item.id)
    points = None
    if answer is not None:
        points = float(keyed_value(answer, item.keyed, pack.answer_points))
    described: dict[str, object] = {
        "item": item.id,
        "statement": statement.replace("\n", " "),
        "measures": item.measures,
        "keyed": item.keyed.value if item.keyed else None,
        "answer": answer,
        "answer_in_words": None if answer is None else labels[answer],
        "part": _find_part(pack, item),
        "points": points,
    }
    if pack.offers_does_not_apply:
        described["does_not_apply"] = item.id in attempt.not_applying
    return described


def _find_part(pack: Pack, item: Item) -> str:
    """Return the id of the part that contains the item."""
    for part in pack.parts.values():
        if item in part.items:
            return part.id
    raise KeyError(item.id)


def _describe_measured(
    pack: Pack, result: Result | None, item: Item
) -> dict[str, object]:
    """Return the numbers of the trait or scale that an item measures."""
    part = _find_part(pack, item)
    trait = None
    if part in (STANDARD, SHARPENING):
        trait = next(each for each in pack.traits if each.id == item.measures)
    scores = list_scores(result, part) if result else ()
    score = next((each for each in scores if each.id == item.measures), None)
    fits = result.outcome.fits if result and result.outcome else {}
    return {
        "pole": trait.pole if trait else None,
        "weight": float(trait.weight) if trait and trait.pole else None,
        "item_sd": find_item_sd(pack, trait),
        "score": as_number(score.score) if score else None,
        "score_standard_error": find_error(score) if score else None,
        "fit": as_number(fits.get(trait.pole)) if trait and trait.pole else None,
    }


def _describe_whole(pack: Pack, result: Result | None) -> dict[str, object]:
    """Return the numbers that are equal in all rows."""
    outcome = result.outcome if result else None
    low, high = find_band(pack, outcome) if outcome else (None, None)
    rule = describe_rule(pack)
    first, second = pack.rule.poles or (None, None)
    return {
        "suggestion": outcome.suggestion if outcome else None,
        "certainty": result.certainty if result else None,
        "lean": as_number(outcome.lean) if outcome else None,
        "lean_standard_error": outcome.standard_error if outcome else None,
        "band_low": low,
        "band_high": high,
        "answer_points": pack.answer_points,
        "first_pole": first,
        "second_pole": second,
        **{f"rule_{name}": each for name, each in rule.items() if name != "poles"},
    }
