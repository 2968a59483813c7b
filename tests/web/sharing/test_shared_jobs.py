"""A client shares what the job offers, if she ticks it, and only as long as she has rated the job."""

import pytest

from tests.web.support.answering import PACK, agree
from tests.web.support.counselling import (
    find_address,
    find_shared,
    list_clients,
    look,
    make_link,
    preview,
    share,
    take,
)
from tests.web.support.rating_jobs import rate
from tests.web.support.respondent import Respondent
from tests.web.support.staff_member import StaffMember

JOB = "What you want, and what your job offers"
LESS = PACK.words["en"]["traits"]["people"]["offer"]["less"]


@pytest.fixture
def rater(alice: Respondent, carl: StaffMember) -> Respondent:
    """Alice has sent an attempt that began with a link of Carl's, and has rated her job."""
    take(alice, find_address(carl, make_link(carl)), agree(people=4))
    rate(alice, people="0")
    return alice


def test_the_counsellor_sees_the_job_if_the_client_has_ticked_it(
    rater: Respondent, carl: StaffMember
) -> None:
    assert JOB in preview(rater, carl.staff.id, has_jobs="y").text
    share(rater, carl.staff.id, has_jobs="y")
    assert "with what you have said about your job" in rater.page.text
    (shared,) = list_clients(carl)
    page = look(carl, shared)
    assert JOB in page.text
    assert LESS in page.text
    assert [link for link in page.links if "/jobs/" in link] == []


def test_nobody_sees_the_job_without_the_tick(rater: Respondent, carl: StaffMember) -> None:
    assert JOB not in preview(rater, carl.staff.id).text
    share(rater, carl.staff.id)
    (shared,) = list_clients(carl)
    page = look(carl, shared)
    assert JOB not in page.text
    assert LESS not in page.text


def test_the_reader_of_a_link_sees_the_job_too_until_the_client_deletes_it(
    rater: Respondent, mallory: Respondent
) -> None:
    (shared,) = find_shared(share(rater, "link", has_jobs="y"))
    mallory.open(shared)
    assert LESS in mallory.send(mallory.page.find_form(shared)).text
    rater.open(f"{rater.base}/jobs/present")
    rater.send(rater.page.find_form("/forget"))
    assert JOB not in mallory.open(shared).text


def test_the_tick_is_offered_only_to_those_who_have_rated_a_job(
    sharer: Respondent, carl: StaffMember
) -> None:
    page = sharer.open(f"{sharer.base}/share")
    assert page.find_all("input", name="has_jobs") == []
    rate(sharer, people="0")
    page = sharer.open(f"{sharer.base}/share")
    assert len(page.find_all("input", name="has_jobs")) == 1
