"""Steps of clients with return codes: begin with a counsellor's link, and type the code in another browser."""

import re
from dataclasses import dataclass

from tests.web.support.answering import agree
from tests.web.support.counselling import begin, read_return_code
from tests.web.support.page import Page
from tests.web.support.respondent import Respondent

_FORM_TOKEN = re.compile(r'name="csrf_token"[^>]*>')


@dataclass(frozen=True)
class Begun:
    """An attempt that Alice has begun with a link: the addresses of both, and the return code."""

    link: str
    base: str
    code: str


def begin_by(alice: Respondent, link: str) -> Begun:
    begin(alice, link)
    alice.answer(3)
    base = alice.base
    return Begun(link, base, read_return_code(alice))


def type_code(person: Respondent, link: str, code: str, status: int = 200) -> Page:
    """Open the page of the link, follow it to the form for the code, and send the code."""
    person.open(person.open(link).find_link("/return"))
    return person.send(person.page.find_form("/return"), status, code=code)


def come_back(person: Respondent, link: str, code: str, device: str = "own") -> Page:
    """Type a right code, and say whose device it is."""
    page = type_code(person, link, code)
    return person.send(page.find_form("/return"), device=device)


def post_code(person: Respondent, link: str, code: str) -> tuple[int, str]:
    """Send a code without looking at the page of the link, and return the status and the text."""
    fields = {"csrf_token": person.read_token(), "code": code, "device": "own"}
    response = person.post(f"{link}/return", fields)
    text = _FORM_TOKEN.sub("", response.text)
    return response.status_code, text.replace(code, "")


def list_devices(person: Respondent) -> set[str]:
    """Return how this browser holds attempts: as an own device, as a shared device, both or neither."""
    names = [cookie.key for cookie in (person.client._cookies or {}).values()]
    held = [name for name in names if name.startswith("attempts")]
    return {"shared" if name == "attempts" else "own" for name in held}


def end(alice: Respondent, begun: Begun) -> None:
    """Answer the other items, and send all answers."""
    alice.open(f"{begun.base}/")
    alice.answer_all(agree())
    alice.finish()
