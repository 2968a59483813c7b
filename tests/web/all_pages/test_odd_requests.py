"""Single requests that once made a failure of ours, each answered as what it is."""

import pytest

from tests.web.support.counselling import fill
from tests.web.support.stage import Stage

NAMELESS = b'--b\r\nContent-Disposition: form-data; name=\r\n\r\nx"\r\n--b--\r\n'


@pytest.mark.parametrize("before", ["9" * 5000, "NaN"])
def test_a_page_of_the_log_before_no_number_is_the_first(stage: Stage, before: str) -> None:
    assert stage.ask("ada", "GET", f"/en/staff/log?before={before}").status_code == 200


@pytest.mark.parametrize("before", ["-1", "0", "-9223372036854775809"])
def test_a_page_of_the_log_before_all_leads_to_the_first(stage: Stage, before: str) -> None:
    answer = stage.ask("ada", "GET", f"/en/staff/log?before={before}")
    assert (answer.status_code, answer.location) == (303, "/en/staff/log")


@pytest.mark.parametrize("host", ["x" * 300, f"{'x' * 64}.example"])
@pytest.mark.parametrize("address", ["/en/", "/en/?x=%00", "/en/sign-in"])
def test_a_host_that_cannot_be_one_is_refused(stage: Stage, host: str, address: str) -> None:
    for method in ("GET", "POST"):
        response = stage.ask("hana", method, address, headers={"Host": host})
        assert response.status_code == 400
        assert host not in response.text


def test_a_form_in_many_parts_with_a_field_without_a_name_is_refused(stage: Stage) -> None:
    client = stage.people["hana"].sit_down(stage.app)
    response = client.post(
        "/en/sign-in", data=NAMELESS, content_type="multipart/form-data; boundary=b"
    )
    assert response.status_code == 400


def test_a_link_without_a_note_is_one_with_an_empty_note(stage: Stage) -> None:
    fields = {name: value for name, value in fill().items() if name != "note"}
    assert stage.ask("carl", "POST", "/en/links/new", fields).status_code == 303


@pytest.mark.parametrize("cap", ["9" * 400, f"-{'9' * 400}", "1" * 17])
def test_a_number_too_long_to_be_compared_is_outside_what_is_possible(
    stage: Stage, cap: str
) -> None:
    response = stage.ask(
        "hana", "POST", f"/en/campaigns/{stage.values['fresh_id']}/edit", {"cap": cap}
    )
    assert response.status_code == 400
    assert "too small or too large" in response.text


@pytest.mark.parametrize("name", [" ", "\u200b", "Nora\x07", "\u202e\ufeff", "\ufffe", ""])
def test_a_name_of_staffs_that_cannot_be_seen_is_refused(stage: Stage, name: str) -> None:
    fields = {"name": name, "email": "nora@example.org", "permissions": "hr"}
    assert stage.ask("ada", "POST", "/en/staff/new", fields).status_code == 400


def test_a_name_of_staffs_does_not_turn_the_line_round_that_it_stands_in(stage: Stage) -> None:
    fields = {
        "name": "Nora\u202e\u200b  N.",
        "email": "nora\u202e@example.org",
        "permissions": "hr",
    }
    assert stage.ask("ada", "POST", "/en/staff/new", fields).status_code == 303
    names = {(row[1], row[2]) for row in stage.dump()["staff"]}
    assert {"Nora N.", "nora@example.org"} <= {each for pair in names for each in pair}
