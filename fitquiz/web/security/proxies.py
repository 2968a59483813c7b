"""Reads the headers of trusted proxies, and refuses unknown host names.

FITQUIZ_PROXIES lists the IP addresses of trusted proxies. The app reads the headers
`X-Forwarded-For`, `X-Forwarded-Proto` and `X-Forwarded-Host` only from a trusted proxy.
The app ignores these headers if another sender sets them.

Werkzeug's ProxyFix cannot replace this module, because ProxyFix does not check who sent a request.
"""

import re
from collections.abc import Iterable
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask, abort, request
from werkzeug.sansio.utils import host_is_trusted

from fitquiz.config.settings import Settings, SettingsError

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
_FORWARDING_HEADERS = (
    "HTTP_FORWARDED",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PORT",
    "HTTP_X_FORWARDED_PREFIX",
    "HTTP_X_FORWARDED_SERVER",
)
_ADDRESS_WITH_PORT = re.compile(r"(?:\[(?P<v6>[^\]]*)\]|(?P<v4>[\d.]+))(?::\d{1,5})?\Z")
_HOST_NAME = re.compile(
    r"""
    (?:[a-z0-9_] (?:[a-z0-9_-]*[a-z0-9])? \.)*  # subdomains
    [a-z0-9] (?:[a-z0-9-]*[a-z0-9])? \Z         # the last part of a name or IPv4 address
    | \[[0-9a-f:.]+\] \Z                        # an IPv6 address
    """,
    re.VERBOSE,
)
_PORT = re.compile(r":\d*\Z")
_MONITORING_BLUEPRINT = "health"


class TrustedProxies:
    """WSGI middleware that reads the visitor's IP address, the scheme and the host.

    Trusted proxies send this information in headers.
    """

    def __init__(self, app: WSGIApplication, trusted: Iterable[Network]) -> None:
        self._app = app
        self._trusted = tuple(trusted)

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Remove the forwarding headers from `environ`, and call the app.

        If a trusted proxy sent the request, first read the visitor's IP address, scheme and host
        from these headers.
        """
        forwarded = {name: environ.pop(name, "") for name in _FORWARDING_HEADERS}
        if self._trusted:
            sender = read_address(environ.get("REMOTE_ADDR", ""))
            if sender is not None and self._is_trusted(sender):
                self._apply(forwarded, sender, environ)
        return self._app(environ, start_response)

    def _apply(
        self, forwarded: dict[str, str], sender: Address, environ: WSGIEnvironment
    ) -> None:
        visitor = self._find_visitor(sender, forwarded["HTTP_X_FORWARDED_FOR"])
        environ["REMOTE_ADDR"] = str(visitor)

        scheme = _last(forwarded["HTTP_X_FORWARDED_PROTO"]).lower()
        if scheme in ("http", "https"):
            environ["wsgi.url_scheme"] = scheme

        host = _last(forwarded["HTTP_X_FORWARDED_HOST"])
        # Without a list of hosts, host_is_trusted returns True for every well-formed host.
        if host_is_trusted(host):
            environ["HTTP_HOST"] = host

    def _is_trusted(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)

    def _find_visitor(self, sender: Address, forwarded_for: str) -> Address:
        """Return the visitor's IP address.

        Each proxy adds an IP address at the end of `forwarded_for`. A visitor can invent the
        entries at the start. Therefore, read the entries from the end to the start.

        Stop after an IP address that does not belong to a trusted proxy. Stop before an entry that
        is no IP address. Return the IP address that was read last. If no IP address was read,
        return `sender`.
        """
        visitor = sender
        for entry in reversed(forwarded_for.split(",")):
            address = read_address(entry.strip())
            if address is None:
                break
            visitor = address
            if not self._is_trusted(address):
                break
        return visitor


def init_proxies(app: Flask, settings: Settings) -> None:
    """Read FITQUIZ_PROXIES and FITQUIZ_HOSTS, and apply them to every request.

    Raise SettingsError if FITQUIZ_PROXIES or FITQUIZ_HOSTS is malformed.
    """
    networks = read_networks(settings.proxies)
    app.wsgi_app = TrustedProxies(app.wsgi_app, networks)  # type: ignore[method-assign]  # as Flask's docs show
    hosts = read_hosts(settings.hosts)
    if hosts:
        app.before_request(lambda: _refuse_unknown_host(hosts))


def read_networks(text: str) -> list[Network]:
    """Return the networks in a comma-separated list.

    A single IP address is a network of one IP address. Raise SettingsError if an entry is neither
    an IP address nor a network.
    """
    try:
        return [ip_network(each) for each in _split(text)]
    except ValueError as error:
        raise SettingsError(
            f"FITQUIZ_PROXIES is {text!r}; "
            "write addresses or networks with commas between them, "
            "for example 127.0.0.1, 10.0.0.0/8."
        ) from error


def read_hosts(text: str) -> list[str]:
    """Return the host names in a comma-separated list, in lower case.

    Raise SettingsError if an entry is neither a host name nor an IP address.
    """
    hosts = [each.lower() for each in _split(text)]
    if not all(_HOST_NAME.match(each) for each in hosts):
        raise SettingsError(
            f"FITQUIZ_HOSTS is {text!r}; "
            "write names with commas between them, without http:// and without a port, "
            "for example fit.example.org."
        )
    return hosts


def read_address(text: str) -> Address | None:
    """Return the IP address in `text`, without its port and its zone.

    Return an IPv4-mapped IPv6 address as an IPv4 address. Return None if `text` is no IP address.
    """
    with_port = _ADDRESS_WITH_PORT.match(text)
    if with_port:
        text = with_port["v6"] or with_port["v4"] or ""
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if isinstance(address, IPv4Address):
        return address
    if address.ipv4_mapped:
        return address.ipv4_mapped
    # int() removes the zone, for example "%eth0". A zone has a meaning on one machine only.
    return IPv6Address(int(address))


def _refuse_unknown_host(hosts: list[str]) -> None:
    """Answer 400 if the Host header is not in FITQUIZ_HOSTS.

    Accept every Host header for `/healthz`, `/readyz` and `/metrics`.

    Flask's setting TRUSTED_HOSTS cannot replace this function. TRUSTED_HOSTS makes no exception
    for these pages, and refuses capital letters and IPv6 addresses. With TRUSTED_HOSTS, Flask also
    raises an error before the app can make an error page.
    """
    if request.blueprint == _MONITORING_BLUEPRINT:
        return
    host = _PORT.sub("", request.host.lower())
    if host not in hosts:
        abort(400)


def _split(text: str) -> list[str]:
    parts = [each.strip() for each in text.split(",")]
    return [each for each in parts if each]


def _last(text: str) -> str:
    """Return the last entry of a comma-separated list. The trusted proxy added this entry."""
    return text.rpartition(",")[2].strip()
