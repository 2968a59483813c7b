"""Random requests that no browser would send. The seed of a failed run repeats the run."""

import json
import string
from collections.abc import Mapping
from dataclasses import dataclass
from random import Random
from typing import Any
from urllib.parse import quote_from_bytes, unquote_to_bytes, urlencode

from tests.web.support.answering import PACK
from tests.web.support.calls import FORMS, Call, values_of
from tests.web.support.junk_texts import MARKER, NUMBERS, TEXTS
from tests.web.support.stage import EVERYBODY, Stage

QUERIES = ("language", "handle", "token", "_anchor", "x")
OWN_QUERIES = {
    "sign_in.sign_in": "onward",
    "second_factors.code": "onward",
    "staff_admin.log": "before",
    "reports.report": "unit compare page",
    "shared_report.report": "unit compare page",
    "reports.download": "unit compare",
    "comparisons.compare": "with",
    "answering.item": "from",
    "invitations.personal": "done",
}
"""By route, the query parameters that the route reads."""
HEADERS: Mapping[str, tuple[str, ...]] = {
    "Accept-Language": (
        "nb",
        "en;q=zz",
        "*;q=9",
        ",,,;;;",
        "x" * 5000,
        "nb;q=1e9999",
        "\xff",
        "en;q=nan,nb;q=-1",
        MARKER,
    ),
    "Accept-Encoding": (
        "gzip",
        "gzip;q=0",
        "*",
        "gzip;q=x",
        "br, gzip;q=nan",
        ";",
        "identity;q=0,*;q=0",
        "\xff",
    ),
    "Range": (
        "bytes=0-1",
        "bytes=9-1",
        "bytes=-1",
        "bytes=a-b",
        "bytes=0-0,2-3,-9",
        "x",
        "bytes=99999999999999-",
    ),
    "If-None-Match": ("*", '"x"', "W/", '"', "x,y,", '"a" "b"'),
    "If-Range": ("x", '"x"', "Wed, 21 Oct 2015 07:28:00 GMT"),
    "If-Modified-Since": ("Wed, 21 Oct 9999 07:28:00 GMT", "yesterday", "Wed, 99 Foo 2015", "-1"),
    "Host": (
        "evil.example",
        "localhost:99999",
        "[::1",
        "a b",
        "",
        "x" * 300,
        "localhost, evil",
        MARKER,
        "\xff",
        "[v1.x]",
    ),
    "Origin": (
        "http://localhost",
        "null",
        "http://[",
        "://",
        "http://localhost.evil.example",
        "x" * 9000,
    ),
    "Referer": ("http://localhost/", "http://[::", "\xff", MARKER),
    "Cookie": (
        "attempts=idle." + "A" * 43,
        "attempts=" + "A" * 43 + ".aaaaaa.x",
        "attempts-kept=kept." + "A" * 43,
        "staff=" + "A" * 43,
        "form=x.y.z",
        "form=.eJw",
        "=;=;",
        'attempts="\\377"',
        "\xff",
    ),
    "X-Forwarded-For": ("127.0.0.1", "x" * 999, MARKER),
    "X-Forwarded-Host": ("evil.example",),
    "X-HTTP-Method-Override": ("DELETE",),
    "Content-Length": ("-1", "x", "99999999999999999999", "0"),
    "Transfer-Encoding": ("chunked", "x"),
    "Content-Type": (
        "application/json",
        "multipart/form-data",
        "multipart/form-data; boundary=",
        "multipart/form-data; boundary=" + "x" * 300,
        "application/x-www-form-urlencoded; charset=utf-16",
        "text/html; charset=\xff",
        ";;;",
        "",
    ),
}
ITEMS = [item.id for item in PACK.items_of(PACK.first_parts)]
ODD_ANSWERS: tuple[Any, ...] = (
    *range(5),
    *range(5),
    None,
    -1,
    10**30,
    2.0,
    float("nan"),
    float("inf"),
    True,
    "3",
    [],
    {},
    MARKER,
    [[[["\ud800"]]]],
)
"""Values of an answer and of its time, about half of them valid."""
ODD_METHODS = ("HEAD", "OPTIONS", "PUT", "DELETE", "PATCH", "TRACE", "X")


@dataclass(frozen=True)
class Request:
    """A request, and the name of the person who sends the request."""

    who: str
    method: str
    path: str
    query: str
    body: bytes
    headers: Mapping[str, str]


def draw_request(chance: Random, stage: Stage) -> Request:
    """Draw a valid request of a person, with one or more faults in it."""
    rule = chance.choice(list(stage.app.url_map.iter_rules()))
    usual = Call(rule.endpoint, "", "").doer
    who = usual if chance.random() < 0.6 else chance.choice((*EVERYBODY, "tora", "owing"))
    values = {
        name: quote_value(value) for name, value in values_of(stage, rule.endpoint, rule).items()
    }
    if values and chance.random() < 0.2:
        values[chance.choice([*values])] = quote_value(draw_text(chance))
    path = _fill_in(str(rule), values)
    looking = chance.random() < 0.35 or "POST" not in (rule.methods or ())
    method = chance.choice(ODD_METHODS) if chance.random() < 0.1 else "GET" if looking else "POST"
    form = FORMS.get(rule.endpoint, {})
    fields = dict(form(stage) if callable(form) else form)
    body, kind = draw_body(chance, {"csrf_token": stage.people[who].csrf, **fields})
    headers = {"Content-Type": kind}
    for name in chance.sample([*HEADERS], chance.choice((0, 0, 0, 0, 1, 1, 2))):
        headers[name] = chance.choice(HEADERS[name])
    return Request(
        who,
        method,
        path,
        draw_query(chance, OWN_QUERIES.get(rule.endpoint, "")),
        body if method not in ("GET", "HEAD") else b"",
        headers,
    )


def draw_text(chance: Random) -> str:
    """Draw a text. A person can type some of these texts, but not all."""
    if (lot := chance.random()) < 0.8:
        return chance.choice(NUMBERS if lot < 0.2 else TEXTS)
    letters = string.printable + "æøåÅ\u202e\u0000\u200d\ud800\U0001f600<>&\"'"
    return "".join(chance.choice(letters) for _ in range(chance.choice((1, 5, 50, 500))))


def draw_batch(chance: Random, stage: Stage) -> Request:
    """Draw a request with answers of Alice's in the background. Only the answers have faults."""
    path = f"/en/attempts/{stage.values['open_handle']}/items.json"
    fields = {"csrf_token": stage.people["alice"].csrf, "answers": _encode(draw_answers(chance))}
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return Request("alice", "POST", path, "", urlencode(fields).encode(), kind)


def draw_answers(chance: Random) -> str:
    """Draw the field `answers` of the script. Most texts are JSON with nearly the right structure."""
    if chance.random() < 0.2:
        return draw_text(chance)
    entries: list[Any] = []
    for _ in range(chance.choice((0, 1, 2, 2, 30, 501))):
        item = chance.choice((*ITEMS, draw_text(chance)))
        answer, given = chance.choice(ODD_ANSWERS), chance.choice(ODD_ANSWERS)
        entries.append({"item": item, "answer": answer, "given": given})
    if entries and chance.random() < 0.3:
        broken = chance.choice(entries)
        broken[chance.choice([*broken])] = chance.choice(ODD_ANSWERS)
        del broken[chance.choice([*broken])]
    if chance.random() < 0.1:
        entries.append(chance.choice(ODD_ANSWERS))
    return json.dumps(chance.choice((entries, entries, entries, entries[:1], {"answers": entries})))


def draw_query(chance: Random, own: str) -> str:
    """Draw the query string."""
    if own and chance.random() < 0.7:
        return "&".join(
            f"{chance.choice(own.split())}={quote_value(draw_text(chance))}"
            for _ in range(chance.randint(1, 2))
        )
    if chance.random() < 0.8:
        return ""
    if chance.random() < 0.2:
        return quote_value(draw_text(chance)) + chance.choice(
            ("", "&&&", "=", "%", "%E0%A4%A", "&a=b&a=c")
        )
    return "&".join(
        f"{chance.choice(QUERIES)}={quote_value(draw_text(chance))}"
        for _ in range(chance.randint(1, 3))
    )


def draw_body(chance: Random, fields: dict[str, Any]) -> tuple[bytes, str]:
    """Return a body and its content type. Some of the right fields are changed, left out, doubled or added."""
    pairs = [
        (name, each)
        for name, value in fields.items()
        for each in (value if isinstance(value, list) else [value])
    ]
    for _ in range(chance.choice((0, 1, 1, 1, 1, 2, 3))):
        at = chance.randrange(len(pairs))
        name = pairs[at][0] if chance.random() < 0.8 else draw_text(chance)[:200]
        if name == "csrf_token" and chance.random() < 0.8:
            continue
        deed = chance.choice(("change", "change", "change", "double", "leave out", "add"))
        pairs[at : at + (deed != "add")] = {
            "change": [(name, draw_answers(chance) if name == "answers" else draw_text(chance))],
            "double": [pairs[at], (name, draw_text(chance))],
            "leave out": [],
            "add": [(name, draw_text(chance))],
        }[deed]
        pairs = pairs or [("csrf_token", "")]
    encoded = [(_encode(name), _encode(value)) for name, value in pairs]
    if chance.random() < 0.75:
        return urlencode(encoded).encode(), "application/x-www-form-urlencoded"
    if chance.random() < 0.3:
        return chance.randbytes(chance.choice((1, 30, 3000))), chance.choice(
            HEADERS["Content-Type"]
        )
    parts = [
        b'--b\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % pair for pair in encoded
    ]
    body = b"".join(parts) + b"--b--\r\n"
    if chance.random() < 0.5:
        at = chance.randrange(len(body))
        body = (
            body[:at]
            + chance.choice((b"", b"\x00", b"--b", b"\r\n\r\n"))
            + body[at + chance.choice((0, 1, 9)) :]
        )
    return body, "multipart/form-data; boundary=b"


def send_request(stage: Stage, request: Request) -> Any:
    """Send the request without corrections by the test client."""
    environ: dict[str, Any] = {
        "PATH_INFO": unquote_to_bytes(request.path).decode("latin-1"),
        "QUERY_STRING": request.query,
        "REQUEST_URI": f"{request.path}?{request.query}",
    }
    person = stage.people[request.who]
    cookies = "; ".join(f"{name}={value}" for name, value in person.cookies.items())
    environ["HTTP_COOKIE"] = f"{cookies}; {request.headers.get('Cookie', '')}".strip("; ")
    for name, value in request.headers.items():
        if name != "Cookie":
            key = name.upper().replace("-", "_")
            environ[key if key in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{key}"] = value
    client = stage.app.test_client(use_cookies=False)
    return client.open("/", method=request.method, data=request.body, environ_overrides=environ)


def quote_value(text: object) -> str:
    """Return a percent-encoded text. A surrogate becomes three bytes, as in UTF-8 without checks."""
    return quote_from_bytes(_encode(text), safe="-_.")


def _encode(text: object) -> bytes:
    return str(text).encode("utf-8", "surrogatepass")


def _fill_in(rule: str, values: Mapping[str, str]) -> str:
    path = ""
    for part in rule.split("<"):
        named, closed, rest = part.partition(">")
        path += values[named.rpartition(":")[2]] + rest if closed else part
    return path
