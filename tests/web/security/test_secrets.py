"""Every secret is long enough and of one form, and stands nowhere but with whom it belongs to."""

import math
import re
from collections.abc import Iterator, Mapping

from fitquiz.core.secrets.link_codes import ALPHABET, CHARACTERS
from tests.web.support.answering import PACK
from tests.web.support.calls import NEW_PASSWORD, list_calls, list_unsafe
from tests.web.support.page import parse_page
from tests.web.support.staff_member import PASSWORD
from tests.web.support.stage import EVERYBODY, Stage

LONG = re.compile(r"[A-Za-z0-9_-]{43}\Z")
"""256 bits in base 64."""
KEPT = {
    "own link": ("keeping.come_back", ("alice",)),
    "share": ("public_share.shared", ("alice",)),
    "open invitation": ("invitation_landing.start", ("hana",)),
    "personal invitation": ("personal", ()),
    "counsellor's link": ("link_landing.start", ("carl",)),
    "staff's one-time link": ("sign_in.choose", ()),
    "short code": ("code", ("hana",)),
}
"""Where the stage has each, and on whose pages it may stand, unless it stands in their address already."""


def read_secrets(stage: Stage) -> Mapping[str, str]:
    """All secrets by what they are; those in cookies too."""
    held = stage.people["alice"].cookies["attempts"].split(".")[1:]
    secrets = {name: stage.tokens[key] for name, (key, _) in KEPT.items()}
    secrets |= {f"attempt {number}": token for number, token in enumerate(held)}
    return secrets | {
        f"sign-in of {who}": stage.people[who].cookies["staff"]
        for who in ("hana", "carl", "ada", "owing")
    }


def list_looks(stage: Stage) -> Iterator[tuple[str, str, str]]:
    """Everybody at every page: who, where, and what they see."""
    for who in EVERYBODY:
        client = stage.people[who].sit_down(stage.app)
        for call in list_calls(stage, "GET"):
            response = client.get(call.address)
            yield (
                who,
                call.address,
                f"{response.text}{response.location or ''}" if "static" not in call.address else "",
            )


def test_every_token_has_256_bits_and_every_code_50(stage: Stage) -> None:
    for name, secret in read_secrets(stage).items():
        if name == "short code":
            assert re.fullmatch(rf"[{ALPHABET}]{{5}}-[{ALPHABET}]{{5}}", secret)
        else:
            assert LONG.match(secret), name
    assert math.log2(len(ALPHABET) ** CHARACTERS) == 50
    assert (
        len(set(read_secrets(stage).values())) == len(read_secrets(stage)) - 1
    )  # Her own link opens one of the attempts.


def test_a_fresh_token_of_a_form_is_as_long_and_never_the_same(stage: Stage) -> None:
    pages = [stage.ask("nobody", "GET", f"/en/packs/{PACK.id}/begin") for _ in range(9)]
    tokens = {parse_page(page).find_form("/begin").fields["token"] for page in pages}
    assert len(tokens) == 9
    assert all(map(LONG.match, tokens))


def test_the_database_holds_no_secret(stage: Stage) -> None:
    held = repr(stage.dump())
    hidden = {name: secret for name, secret in read_secrets(stage).items() if secret in held}
    assert hidden == {}
    assert PASSWORD not in held


def test_a_secret_stands_only_with_whom_it_belongs_to(stage: Stage) -> None:
    secrets, misplaced = read_secrets(stage), set()
    for who, address, seen in list_looks(stage):
        for name, secret in secrets.items():
            entitled = (
                KEPT[name][1] if name in KEPT else ("alice",) if name.startswith("attempt") else ()
            )
            if secret in seen and secret not in address and who not in entitled:
                misplaced.add((name, who, address))
    assert misplaced == set()


def test_no_title_and_no_address_that_leads_away_holds_a_secret(stage: Stage) -> None:
    secrets = list(read_secrets(stage).values())
    for call in list_calls(stage, "GET"):
        response = stage.ask(call.doer, "GET", call.address)
        assert response.headers["Referrer-Policy"] == "same-origin"
        if response.mimetype == "text/html" and response.status_code == 200:
            title = parse_page(response).title
            assert [secret for secret in secrets if secret in title] == []


def test_what_is_done_is_noted_without_a_secret(stage: Stage) -> None:
    noted = ""
    for call in list_unsafe(stage):
        stage.restore()
        stage.ask(call.doer, call.method, call.address, call.fields(stage))
        noted += repr(stage.dump()["audit"])
    assert noted.count("Ada") >= 5
    assert [
        each for each in (*read_secrets(stage).values(), PASSWORD, NEW_PASSWORD) if each in noted
    ] == []


def test_looking_at_a_secret_address_hands_it_to_no_other_site(stage: Stage) -> None:
    for call in list_calls(stage, "GET"):
        if call.needed == "bearer":
            response = stage.ask("nobody", "GET", call.address)
            assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
            assert response.headers["Cache-Control"] == "no-store"
