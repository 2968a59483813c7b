"""Writes a respondent's own answers as JSON and as CSV.

JSON contains the answers, the result and the job ratings. CSV has one row for each item.
"""

import json
from collections.abc import Mapping

from fitquiz.core.packs import Item, Pack
from fitquiz.core.result.whole_result import Result
from fitquiz.store.attempts.attempts import Attempt
from fitquiz.store.attempts.job_ratings import Ratings
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
        "started_at": attempt.started_at.isoformat(timespec="seconds"),
        "finished_at": finished_at,
        "answers": _describe_answers(pack, attempt, language),
        "result": _summarise(result) if result else None,
        "jobs": {kind: dict(ratings) for kind, ratings in offers.items()},
    }
    return json.dumps(whole, ensure_ascii=False, indent=1)


def write_csv(
    pack: Pack,
    attempt: Attempt,
    _result: Result | None,
    _offers: Mapping[str, Ratings],
    language: str,
) -> str:
    """Return a CSV table with one row for each item.

    Each value is written so that no spreadsheet program runs the value as a formula.
    """
    rows = _describe_answers(pack, attempt, language)
    return write_table(list(rows[0]), [row.values() for row in rows])


def _describe_answers(
    pack: Pack, attempt: Attempt, language: str
) -> list[dict[str, object]]:
    items = pack.items_of((*attempt.sent_parts, *attempt.open_parts))
    return [_describe_answer(pack, attempt, item, language) for item in items]


def _describe_answer(
    pack: Pack, attempt: Attempt, item: Item, language: str
) -> dict[str, object]:
    words = pack.words_in(language)
    labels = words["answers"]["labels"]
    answer = attempt.answers.get(item.id)
    described: dict[str, object] = {
        "item": item.id,
        "statement": words["items"][item.id],
        "measures": item.measures,
        "keyed": item.keyed.value if item.keyed else None,
        "answer": answer,
        "answer_in_words": None if answer is None else labels[answer],
    }
    if pack.offers_does_not_apply:
        described["does_not_apply"] = item.id in attempt.not_applying
    return described


def _summarise(result: Result) -> dict[str, object]:
    scores: dict[str, float | None] = {}
    for each in result.scores:
        scores[each.id] = None if each.score is None else float(each.score)
    for module_scores in result.modules.values():
        for each in module_scores:
            scores[each.id] = None if each.score is None else float(each.score)

    outcome = result.outcome
    if outcome is None:
        return {
            "scores": scores,
            "suggestion": None,
            "is_clear": None,
            "lean": None,
            "standard_error": None,
            "fits": None,
            "contributions": None,
        }
    return {
        "scores": scores,
        "suggestion": outcome.suggestion,
        "is_clear": outcome.is_clear,
        "lean": float(outcome.lean),
        "standard_error": outcome.standard_error,
        "fits": {pole: float(fit) for pole, fit in outcome.fits.items()},
        "contributions": {
            each.trait: float(each.points) for each in outcome.contributions
        },
    }
