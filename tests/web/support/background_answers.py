"""Requests of the script that sends answers in the background."""

import json

from werkzeug.test import TestResponse

from tests.web.support.respondent import Respondent


def read_background_items(person: Respondent) -> TestResponse:
    """Read the statements and the stored answers as the script does."""
    return person.client.get(f"{person.base}/items.json")


def post_background_answers(
    person: Respondent, answers: object, token: str | None = None, closing: str = "false"
) -> TestResponse:
    """Send answers as the script does."""
    return post_background_text(person, json.dumps(answers), token, closing)


def post_background_text(
    person: Respondent, text: str, token: str | None = None, closing: str = "false"
) -> TestResponse:
    """Send the field of the answers as it is."""
    if token is None:
        token = read_background_items(person).get_json()["token"]
    return person.client.post(
        f"{person.base}/items.json",
        data={"csrf_token": token, "closing": closing, "answers": text},
        headers={"Origin": person.host, "Sec-Fetch-Site": "same-origin"},
    )
