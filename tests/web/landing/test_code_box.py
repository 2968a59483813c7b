"""The box for a code takes a code as people write it, and a whole link, and leads to no other site."""

import time
from collections.abc import Callable

import pytest

from fitquiz.store.accounts.rate_limit_counters import RateLimit
from fitquiz.web.limits import rate_limits
from fitquiz.web.security.access import BEARER
from fitquiz.web.site.pasted_addresses import MAX_CHARACTERS
from tests.web.support.calls import list_calls
from tests.web.support.clock import Clock
from tests.web.support.page_checks import check_page
from tests.web.support.respondent import Respondent
from tests.web.support.stage import Stage
from tests.web.support.wrapping import GAPS

TEXTS: tuple[Callable[[str], str], ...] = (
    str.lower,
    lambda code: code.replace("-", ""),
    lambda code: code.replace("-", " "),
    lambda code: code.replace("-", "\u2013"),
    lambda code: code.replace("-", " \u2014 "),
    lambda code: code.replace("-", "\u2011"),
    lambda code: " ".join(code.replace("-", "")),
    lambda code: code.replace("0", "o").replace("1", "l").replace("V", "u"),
    lambda code: "".join(chr(ord(each) + 0xFEE0) for each in code),
    lambda code: f"kode: {code}",
    lambda code: f"Kode: {' '.join(code.replace('-', ''))}",
    lambda code: f"Koden din er {code.lower()}.",
    lambda code: f"skriv koden {code}, takk",
    lambda code: f"Your code is {' '.join(code)}!",
    lambda code: f"«{code}»",
    lambda code: f"Gå til localhost/code og skriv {code}",
    lambda code: f"http://localhost/nb/code {code}",
)
LINKS = (
    "{}",
    "http://localhost{}",
    "https://fit.example.org{}.",
    "fit.example.org{}",
    "  <https://intranett.example:8443/fitquiz{}>  ",
    "Svar her: https://fit.example.org{}) innen fredag",
    "https://evil.example{}?utm_source=x#y",
    "https://safe.example/?url=https%3A%2F%2Ffit.example.org{}&data=05%7C01",
)
FOREIGN = (
    "https://evil.example/",
    "https://evil.example/en/privacy",
    "http://localhost.evil.example/en/privacy",
    "http://localhost@evil.example/en/privacy",
    "www.example.org/survey",
    "javascript://evil.example/%0aalert(1)",
    "//evil.example/",
)


def send(stage: Stage, text: str) -> str:
    """Type a text into the box, and return where it leads."""
    response = stage.ask("nobody", "POST", "/en/code", {"code": text})
    if response.status_code == 303:
        return str(response.location)
    check_page(response, 400)
    return ""


@pytest.mark.parametrize("change", TEXTS)
def test_a_code_is_found_as_people_write_it(stage: Stage, change: Callable[[str], str]) -> None:
    link = f"/en/invitations/{stage.tokens['invitation_landing.start']}"
    assert send(stage, change(stage.tokens["code"])) == link


def test_a_link_of_every_kind_leads_to_its_page(stage: Stage) -> None:
    calls = [call for call in list_calls(stage, "GET") if call.needed == BEARER]
    assert len(calls) == 10
    for call in calls:
        for form in LINKS:
            assert send(stage, form.format(call.address)) == call.address, form


@pytest.mark.parametrize("gap", GAPS)
def test_a_link_that_a_mail_program_has_wrapped_is_joined(stage: Stage, gap: str) -> None:
    for call in list_calls(stage, "GET"):
        if call.needed == BEARER:
            middle = call.address.index(stage.tokens[call.endpoint]) + 20
            wrapped = f"{call.address[:middle]}{gap}{call.address[middle:]}"
            for form in (
                "https://fit.example.org{}",
                "Svar her: http://localhost{}, takk.\nHilsen Kari",
            ):
                assert send(stage, form.format(wrapped)) == call.address, form


def test_a_link_keeps_its_own_language(stage: Stage) -> None:
    token = stage.tokens["public_share.shared"]
    assert send(stage, f"https://fit.example.org/NB/Shared/{token}") == f"/nb/shared/{token}"
    assert send(stage, f"https://fit.example.org/shared/{token}") == f"/en/shared/{token}"


def test_an_address_of_ours_leads_there(stage: Stage) -> None:
    assert send(stage, "http://localhost/nb/Privacy.") == "/nb/privacy"
    assert send(stage, "Se http://LOCALHOST/EN/Sign-in, takk") == "/en/sign-in"
    assert send(stage, "http://localhost/nowhere") == ""


@pytest.mark.parametrize("text", FOREIGN)
def test_an_address_of_another_site_leads_nowhere_and_gets_a_sentence(
    alice: Respondent, text: str
) -> None:
    alice.open("/en/code")
    page = alice.send(alice.page.find_form("/code"), 400, code=text)
    assert "This link leads to another site" in page.text
    assert page.find_all("input", name="code")[0].get("value") == text


@pytest.mark.parametrize(
    "text", [f"https://fit.example.org/en/invitations/{'A' * 42}", "http://localhost/en/shar"]
)
def test_a_link_that_is_cut_short_gets_a_sentence(alice: Respondent, text: str) -> None:
    alice.open("/en/code")
    page = alice.send(alice.page.find_form("/code"), 400, code=text)
    assert "Part of this link is missing" in page.text


def test_the_box_takes_a_long_link_and_refuses_a_book(alice: Respondent) -> None:
    alice.open("/en/code")
    link = f"/en/shared/{'A' * 43}"
    long = f"https://safe.example/?url={'x' * 1500}&to=https%3A%2F%2Ffit.example.org{link}"
    form = alice.page.find_form("/code")
    assert alice.post(form.action, {**form.press(), "code": long}).location == link
    page = alice.send(form, 400, code="x" * (MAX_CHARACTERS + 1))
    assert "This is too long" in page.text


def test_a_right_code_works_however_many_wrong_ones_a_colleague_has_typed(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    Clock(monkeypatch).stop()
    monkeypatch.setattr(rate_limits, "CODES_PER_ADDRESS", RateLimit("code", 3, 10))
    wrong = {"code": "ABCDE-FGHJK"}
    statuses = [stage.ask("mallory", "POST", "/en/code", wrong).status_code for _ in range(6)]
    assert statuses == [400] * 3 + [429] * 3
    for _ in range(5):
        assert send(stage, stage.tokens["code"])
    assert stage.ask("mallory", "POST", "/en/code", wrong).status_code == 429


def test_an_office_may_mistype_many_codes() -> None:
    assert rate_limits.CODES_PER_ADDRESS.tries == 120
    assert rate_limits.CODES_PER_ADDRESS.minutes == 10


@pytest.mark.parametrize("text", ["." * 1999, "/." * 999, "a:" * 999, "/shared/" * 240, "a " * 999])
def test_a_long_strange_text_is_answered_at_once(stage: Stage, text: str) -> None:
    began = time.perf_counter()
    assert send(stage, text) == ""
    assert time.perf_counter() - began < 2


def test_right_codes_and_links_do_not_count(stage: Stage) -> None:
    before = stage.dump()["throttle"]
    for text in (stage.tokens["code"], f"/en/return/{'A' * 43}", "https://evil.example/"):
        stage.ask("nobody", "POST", "/en/code", {"code": text})
    assert stage.dump()["throttle"] == before


def test_the_box_offers_to_paste_a_link(alice: Respondent) -> None:
    assert "You can also paste the whole link" in alice.open("/en/code").text
    assert "Du kan også lime inn hele lenken" in alice.open("/nb/code").text


@pytest.mark.parametrize("typed", ["ABCD-EFGH", "code: abcd efgh"])
def test_a_return_code_is_told_where_to_go(alice: Respondent, typed: str) -> None:
    alice.send(alice.open("/en/code").find_form("/code"), status=400, code=typed)
    assert "This looks like a return code" in alice.page.text
