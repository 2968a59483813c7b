"""Every secret is long enough, and only its owner gets to see it."""

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
"""For each secret: its key in `Stage.tokens`, and whose pages may show it.

Everybody may see a secret that is in the address of the page.
"""


def read_secrets(stage: Stage) -> Mapping[str, str]:
    """Return all secrets by name, those in cookies too."""
    secrets = {name: stage.tokens[key] for name, (key, _) in KEPT.items()}
    cookies = stage.people["alice"].cookies
    attempt_tokens = [
        value.split(".")[1] for name, value in cookies.items() if name.startswith("attempts-kept-")
    ]
    for number, token in enumerate(attempt_tokens):
        secrets[f"attempt {number}"] = token
    for who in ("hana", "carl", "ada", "owing"):
        secrets[f"sign-in of {who}"] = stage.people[who].cookies["staff"]
    return secrets


def list_looks(stage: Stage) -> Iterator[tuple[str, str, str]]:
    """Yield the person, the address and the content, for every person and every page."""
    for who in EVERYBODY:
        client = stage.people[who].sit_down(stage.app)
        for call in list_calls(stage, "GET"):
            response = client.get(call.address)
            if "static" in call.address:
                continue
            seen = f"{response.text}{response.location or ''}"
            yield who, call.address, seen


def test_every_token_has_256_bits_and_every_code_50(stage: Stage) -> None:
    for name, secret in read_secrets(stage).items():
        if name == "short code":
            assert re.fullmatch(rf"[{ALPHABET}]{{5}}-[{ALPHABET}]{{5}}", secret)
        else:
            assert LONG.match(secret), name
    assert math.log2(len(ALPHABET) ** CHARACTERS) == 50
    # Alice's own link has the same token as one of her attempts.
    secrets = read_secrets(stage)
    assert len(set(secrets.values())) == len(secrets) - 1


def test_each_form_has_a_new_token_of_the_same_length(stage: Stage) -> None:
    tokens = set()
    for _ in range(9):
        page = stage.ask("nobody", "GET", f"/en/packs/{PACK.id}/begin")
        form = parse_page(page).find_form("/begin")
        tokens.add(form.fields["token"])
    assert len(tokens) == 9
    assert all(map(LONG.match, tokens))


def test_the_database_holds_no_secret(stage: Stage) -> None:
    held = repr(stage.dump())
    hidden = {name: secret for name, secret in read_secrets(stage).items() if secret in held}
    assert hidden == {}
    assert PASSWORD not in held


def test_only_its_owner_sees_a_secret(stage: Stage) -> None:
    secrets = read_secrets(stage)
    misplaced = set()
    for who, address, seen in list_looks(stage):
        for name, secret in secrets.items():
            entitled: tuple[str, ...] = ()
            if name in KEPT:
                entitled = KEPT[name][1]
            elif name.startswith("attempt"):
                entitled = ("alice",)
            if secret in seen and secret not in address and who not in entitled:
                misplaced.add((name, who, address))
    assert misplaced == set()


def test_no_title_holds_a_secret_and_no_other_site_gets_the_address(stage: Stage) -> None:
    secrets = list(read_secrets(stage).values())
    for call in list_calls(stage, "GET"):
        response = stage.ask(call.doer, "GET", call.address)
        assert response.headers["Referrer-Policy"] == "same-origin"
        if response.mimetype == "text/html" and response.status_code == 200:
            title = parse_page(response).title
            assert [secret for secret in secrets if secret in title] == []


def test_the_audit_log_holds_no_secret(stage: Stage) -> None:
    noted = ""
    for call in list_unsafe(stage):
        stage.restore()
        stage.ask(call.doer, call.method, call.address, call.fields(stage))
        noted += repr(stage.dump()["audit"])
    assert noted.count("Ada") >= 5
    for secret in (*read_secrets(stage).values(), PASSWORD, NEW_PASSWORD):
        assert secret not in noted


def test_pages_with_a_secret_address_are_not_indexed_or_stored(stage: Stage) -> None:
    for call in list_calls(stage, "GET"):
        if call.needed == "bearer":
            response = stage.ask("nobody", "GET", call.address)
            assert response.headers["X-Robots-Tag"] == "noindex, nofollow"
            assert response.headers["Cache-Control"] == "no-store"
