"""Who is believed about where a request comes from: what X-Forwarded-… says counts from the proxies that are set.

From anybody else these headers are taken away before the app sees them. The words of the proxy that speaks to us count;
what it passes on of others counts as far as they are set, too.
"""

import re
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, abort, request
from werkzeug.sansio.utils import host_is_trusted

from fitquiz.config.settings import Settings, SettingsError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
_HEADERS = (
    "FORWARDED",
    *(f"X_FORWARDED_{what}" for what in ("FOR", "PROTO", "HOST", "PORT", "PREFIX", "SERVER")),
)
_PORT = re.compile(r"(?:\[(?P<v6>[^\]]*)\]|(?P<v4>[\d.]+))(?::\d{1,5})?\Z")
_HOST = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]*[a-z0-9])?\.)*[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\Z|\[[0-9a-f:.]+\]\Z"
)
_PORT_AFTER = re.compile(r":\d*\Z")
_PROBES = "health"
"""The blueprint that whoever watches the server asks by its address."""


class Proxies:
    """Puts the visitor's address, scheme and host where the app looks for them, if a proxy that is set tells them."""

    def __init__(self, app: WSGIApplication, trusted: Iterable[Network]) -> None:
        self._app = app
        self._trusted = tuple(trusted)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Believe or take away what is said, and go on."""
        said = {name: environ.pop(f"HTTP_{name}", "") for name in _HEADERS}
        peer = read_address(environ.get("REMOTE_ADDR", "")) if self._trusted else None
        if peer is not None and self._trusts(peer):
            environ["REMOTE_ADDR"] = str(self._find_visitor(peer, said["X_FORWARDED_FOR"]))
            scheme, host = _last(said["X_FORWARDED_PROTO"]).lower(), _last(said["X_FORWARDED_HOST"])
            if scheme in ("http", "https"):
                environ["wsgi.url_scheme"] = scheme
            if host and host_is_trusted(host):
                environ["HTTP_HOST"] = host
        return self._app(environ, start_response)

    def _trusts(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)

    def _find_visitor(self, peer: Address, forwarded_for: str) -> Address:
        """Walk back from the peer as long as those that are set speak; the first other one is the visitor."""
        visitor = peer
        for entry in reversed(forwarded_for.split(",")):
            address = read_address(entry.strip())
            if address is None:
                break
            visitor = address
            if not self._trusts(address):
                break
        return visitor


def init_proxies(app: Flask, settings: Settings) -> None:
    """Read the lists, or raise SettingsError with a sentence; let no foreign host through."""
    app.wsgi_app = Proxies(app.wsgi_app, read_networks(settings.proxies))  # type: ignore[method-assign]  # as Flask says to wrap it
    hosts = read_hosts(settings.hosts)
    if hosts:
        app.before_request(lambda: _refuse_foreign_hosts(hosts))


def read_networks(text: str) -> list[Network]:
    """Return the addresses and networks of a list."""
    try:
        return [ip_network(each) for each in _split(text)]
    except ValueError as error:
        raise SettingsError(
            f"FITQUIZ_PROXIES is {text!r}; write addresses or networks with commas between, as 127.0.0.1, 10.0.0.0/8."
        ) from error


def read_hosts(text: str) -> list[str]:
    """Return the names of a list."""
    hosts = [each.lower() for each in _split(text)]
    if not all(_HOST.match(each) for each in hosts):
        raise SettingsError(
            f"FITQUIZ_HOSTS is {text!r}; write names with commas between, without http:// and port, as fit.example.org."
        )
    return hosts


def read_address(text: str) -> Address | None:
    """Return an address, with or without a port; None for anything else. IPv4 within IPv6 counts as itself."""
    found = _PORT.match(text)
    try:
        address = ip_address((found["v6"] or found["v4"] or "") if found else text)
    except ValueError:
        return None
    if isinstance(address, IPv6Address):
        return address.ipv4_mapped or IPv6Address(
            int(address)
        )  # Without its zone, which says nothing elsewhere.
    return address


def _refuse_foreign_hosts(hosts: list[str]) -> None:
    if request.blueprint != _PROBES and _PORT_AFTER.sub("", request.host.lower()) not in hosts:
        abort(400)


def _split(text: str) -> list[str]:
    return [each.strip() for each in text.split(",") if each.strip()]


def _last(text: str) -> str:
    """What the proxy that speaks to us has put there."""
    return text.rpartition(",")[2].strip()
