"""The static files: style sheets, scripts and images.

The URL of a static file contains a hash of the file's content. Therefore, browsers may cache a
static file for a year.
"""

import base64
import gzip
import hashlib
import mimetypes
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, request
from werkzeug.wrappers import Response as AnyResponse

from fitquiz.config.bundled_folders import find_folder

blueprint = Blueprint("static_files", __name__)
_CACHE_CONTROL = "public, max-age=31536000, immutable"
_COMPRESSED_SUFFIXES = (".css", ".js", ".svg", ".txt")
_COMMENT = re.compile(rb"^[ \t]*/\*.*?\*/\n", re.MULTILINE | re.DOTALL)
"""A comment on lines of its own, in a style sheet or a script. Browsers do not need comments."""


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A static file in memory.

    `address` is the file name with the hash of the content, for example `site.0123456789ab.css`.
    `compressed` is the content in gzip format, or None for a suffix outside
    _COMPRESSED_SUFFIXES.
    `integrity` is the value of the HTML attribute `integrity`, a hash of the content. Browsers
    refuse a file with another hash.
    """

    address: str
    mimetype: str
    content: bytes
    compressed: bytes | None
    integrity: str


def init_static_files(app: Flask) -> None:
    """Read and compress all static files. Let templates call `static_url` and `integrity`."""
    folder = find_folder("static")
    paths = [path for path in sorted(folder.iterdir()) if path.is_file()]
    # Read style sheets last, because _read_file inserts addresses of other files into style sheets.
    paths.sort(key=lambda path: path.suffix == ".css")

    files: dict[str, StaticFile] = {}
    for path in paths:
        files[path.name] = _read_file(path, files)

    def find_url(name: str) -> str:
        return f"{request.script_root}/static/{files[name].address}"

    def find_integrity(name: str) -> str:
        return files[name].integrity

    app.extensions["fitquiz_static"] = {file.address: file for file in files.values()}
    app.add_template_global(find_url, "static_url")
    app.add_template_global(find_integrity, "integrity")


@blueprint.get("/static/<address>")
def send(address: str) -> AnyResponse:
    """Send a static file. Answer 404 if no static file has this address."""
    files: Mapping[str, StaticFile] = current_app.extensions["fitquiz_static"]
    file = files.get(address)
    if file is None:
        abort(404)

    accepts_gzip = request.accept_encodings.quality("gzip") > 0
    if file.compressed and accepts_gzip:
        response = Response(file.compressed, mimetype=file.mimetype)
        response.headers["Content-Encoding"] = "gzip"
        response.set_etag(f"{file.address}.gz")
    else:
        response = Response(file.content, mimetype=file.mimetype)
        response.set_etag(file.address)

    response.headers["Cache-Control"] = _CACHE_CONTROL
    response.vary.add("Accept-Encoding")
    return response.make_conditional(request)


def _read_file(path: Path, other_files: Mapping[str, StaticFile]) -> StaticFile:
    content = path.read_bytes()
    if path.suffix in (".css", ".js"):
        content = _COMMENT.sub(b"", content)
    if path.suffix == ".css":
        content = _replace_addresses(content, other_files)

    content_hash = hashlib.sha256(content).hexdigest()[:12]
    mimetype, _encoding = mimetypes.guess_type(path.name)
    compressed = None
    if path.suffix in _COMPRESSED_SUFFIXES:
        compressed = gzip.compress(content, 9, mtime=0)

    integrity_hash = hashlib.sha384(content).digest()
    integrity = base64.b64encode(integrity_hash).decode()
    return StaticFile(
        address=f"{path.stem}.{content_hash}{path.suffix}",
        mimetype=mimetype or "application/octet-stream",
        content=content,
        compressed=compressed,
        integrity=f"sha384-{integrity}",
    )


def _replace_addresses(css: bytes, other_files: Mapping[str, StaticFile]) -> bytes:
    """Return the style sheet `css`. In each `url(…)`, replace a file's name with its address."""
    for name, file in other_files.items():
        css = css.replace(f"url({name})".encode(), f"url({file.address})".encode())
    return css
