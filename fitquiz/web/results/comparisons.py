"""One's own results over time: what changed between two of them, and whether it is more than the doubt."""

from datetime import datetime

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from fitquiz.core.result.comparisons import compare_results
from fitquiz.core.result.whole_result import Result, work_out_result
from fitquiz.web.quiz.device import Visit, list_visits, load_visit
from fitquiz.web.site.languages import get_language

blueprint = Blueprint("comparisons", __name__)


@blueprint.get("/attempts/<handle>/compare")
def compare(handle: str) -> str | Response:
    """Set a result beside another of the same device's, the earlier one first."""
    visit = load_visit(handle)
    if not visit.attempt.sent_parts:
        return redirect(url_for("answering.go_on", handle=handle), 303)
    others = [
        each
        for each in list_visits(visit.pack.id)
        if each.handle != handle and each.attempt.sent_parts
    ]
    wanted = [each for each in others if each.handle == request.args.get("with")] or others
    before, after = sorted((visit, *wanted[:1], visit)[:2], key=_tell_moment)
    return render_template(
        "results/comparisons/compare.html",
        visit=visit,
        pack=visit.pack,
        words=visit.pack.words_in(get_language()),
        others=others,
        before=before,
        after=after,
        comparison=compare_results(after.pack.rule, _work_out(before), _work_out(after)),
    )


def _tell_moment(visit: Visit) -> datetime:
    return visit.attempt.finished_at or visit.attempt.started_at


def _work_out(visit: Visit) -> Result:
    return work_out_result(
        visit.pack, visit.attempt.answers, visit.attempt.sent_parts, {}, get_language()
    )
