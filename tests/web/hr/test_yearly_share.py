"""Hana sees what a year has left before she saves. A survey that shows nothing takes no share."""

from datetime import timedelta

from flask import Flask

from tests.web.support.campaigning import fill, send, today
from tests.web.support.sealing import seal
from tests.web.support.staff_member import StaffMember

NEW = "/en/campaigns/new"


def test_what_is_left_and_what_is_taken_is_told_before_saving(hana: StaffMember) -> None:
    assert "100% is left for these days. This survey takes 50% of the whole." in hana.open(NEW).text
    send(hana, NEW, fill(title="One"))
    page = hana.open(NEW)
    assert "50% is left for these days. This survey takes 50% of the whole." in page.text
    free = today() + timedelta(14 + 366)
    assert f"Its share is free again on {free.day} {free:%B %Y}." in page.text
    first = page.response.text.index("is left for these days")
    assert page.response.text.rindex("</details>", 0, first) < first


def test_a_closed_survey_that_nobody_answered_leaves_its_share(
    app: Flask, hana: StaffMember
) -> None:
    for title in ("One", "Two"):
        seal(app, hana.create(title, statistics="lean:1/3 strongest:1/2"))
    send(hana, NEW, fill())
