"""A respondent's own answers as files: JSON with everything, CSV with a row an item."""

import csv
import io
import json
from collections.abc import Mapping

from fitquiz.core.packs import Item, Pack
from fitquiz.core.result.whole_result import Result
from fitquiz.store.attempts.attempts import Attempt
from fitquiz.store.attempts.job_ratings import Ratings
from fitquiz.web.site.spreadsheets import neutralise


def write_json(
    pack: Pack,
    attempt: Attempt,
    result: Result | None,
    offers: Mapping[str, Ratings],
    language: str,
) -> str:
    """Return the attempt as JSON, with the jobs that were rated; scores only once the answers have been sent."""
    whole = {
        "pack": pack.id,
        "version": pack.version,
        "content_hash": pack.content_hash,
        "started_at": attempt.started_at.isoformat(timespec="seconds"),
        "finished_at": attempt.finished_at.isoformat(timespec="seconds")
        if attempt.finished_at
        else None,
        "answers": [_describe(pack, attempt, item, language) for item in _asked(pack, attempt)],
        "result": _sum_up(result) if result else None,
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
    """Return one row an item, with cells that no spreadsheet takes for a formula. It begins with a byte order mark."""
    rows = [_describe(pack, attempt, item, language) for item in _asked(pack, attempt)]
    text = io.StringIO()
    writer = csv.DictWriter(text, fieldnames=list(rows[0]), lineterminator="\r\n")
    writer.writeheader()
    writer.writerows({name: neutralise(value) for name, value in row.items()} for row in rows)
    return "\ufeff" + text.getvalue()


def _asked(pack: Pack, attempt: Attempt) -> tuple[Item, ...]:
    return pack.items_of((*attempt.sent_parts, *attempt.open_parts))


def _describe(pack: Pack, attempt: Attempt, item: Item, language: str) -> dict[str, object]:
    words, answer = pack.words_in(language), attempt.answers.get(item.id)
    return {
        "item": item.id,
        "statement": words["items"][item.id],
        "measures": item.measures,
        "keyed": item.keyed.value if item.keyed else None,
        "answer": answer,
        "answer_in_words": None if answer is None else words["answers"]["labels"][answer],
    }


def _sum_up(result: Result) -> dict[str, object]:
    outcome = result.outcome
    scores = (*result.scores, *(score for scores in result.modules.values() for score in scores))
    return {
        "scores": {
            score.id: None if score.score is None else float(score.score) for score in scores
        },
        "suggestion": outcome.suggestion if outcome else None,
        "is_clear": outcome.is_clear if outcome else None,
        "lean": float(outcome.lean) if outcome else None,
        "standard_error": outcome.standard_error if outcome else None,
        "fits": {pole: float(fit) for pole, fit in outcome.fits.items()} if outcome else None,
        "contributions": {each.trait: float(each.points) for each in outcome.contributions}
        if outcome
        else None,
    }
