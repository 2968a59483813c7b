"""Turns the scope of an ASGI request into a WSGI environment."""

import sys
from collections.abc import Mapping
from typing import Any

Scope = Mapping[str, Any]


def make_environ(scope: Scope) -> dict[str, Any]:
    """Return the WSGI environment of a request.

    Do not add the environment variables of the process.
    """
    server_name, server_port = scope.get("server") or ("", None)
    client_address, _client_port = scope.get("client") or ("", None)
    # WSGI requires a text in which each character is one byte of the UTF-8 path.
    path = scope["path"].encode("utf-8", "surrogatepass").decode("latin-1")

    environ: dict[str, Any] = {
        "REQUEST_METHOD": scope["method"],
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": scope["query_string"].decode("latin-1"),
        "SERVER_NAME": str(server_name),
        "SERVER_PORT": str(server_port or ""),
        "SERVER_PROTOCOL": f"HTTP/{scope['http_version']}",
        "REMOTE_ADDR": str(client_address),
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": scope.get("scheme", "http"),
        "wsgi.errors": sys.stderr,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
    }
    for name, value in scope["headers"]:
        _add_header(environ, name.decode("latin-1"), value.decode("latin-1"))
    return environ


def _add_header(environ: dict[str, Any], name: str, value: str) -> None:
    """Add a header to `environ`. If the header is repeated, join its values."""
    # Ignore a header whose name contains an underscore. Otherwise, a client could send
    # X_Forwarded_For, which has the same key in `environ` as the proxy's X-Forwarded-For.
    if "_" in name:
        return

    key = name.replace("-", "_").upper()
    if key in ("CONTENT_TYPE", "CONTENT_LENGTH"):
        environ[key] = value
        return

    earlier = environ.get(f"HTTP_{key}")
    if earlier is None:
        environ[f"HTTP_{key}"] = value
    else:
        separator = "; " if key == "COOKIE" else ","
        environ[f"HTTP_{key}"] = f"{earlier}{separator}{value}"
