"""Our few static files: named by their content, compressed once at start, and kept by browsers for a year."""

import base64
import gzip
import hashlib
import mimetypes
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Blueprint, Flask, Response, abort, current_app, request
from werkzeug.wrappers import Response as AnyResponse

from fitquiz.config.bundled_folders import find_folder

blueprint = Blueprint("static_files", __name__)
_KEEP = "public, max-age=31536000, immutable"
_ZIPPED = (".css", ".js", ".svg", ".txt")


@dataclass(frozen=True, slots=True)
class StaticFile:
    """A file as it is sent. `integrity` is what a page's script tag states of it."""

    address: str
    mimetype: str
    content: bytes
    zipped: bytes | None
    integrity: str


def init_static_files(app: Flask) -> None:
    """Read all files and let templates ask for addresses and integrity."""
    files: dict[str, StaticFile] = {}
    paths = [path for path in sorted(find_folder("static").iterdir()) if path.is_file()]
    for path in sorted(
        paths, key=lambda path: path.suffix == ".css"
    ):  # Last, since style sheets name other files.
        files[path.name] = _read_file(path, files)
    app.extensions["fitquiz_static"] = {file.address: file for file in files.values()}
    app.add_template_global(
        lambda name: f"{request.script_root}/static/{files[name].address}", "static_url"
    )
    app.add_template_global(lambda name: files[name].integrity, "integrity")


@blueprint.get("/static/<address>")
def send(address: str) -> AnyResponse:
    """Send a file; only the address that names its present content is known."""
    files: Mapping[str, StaticFile] = current_app.extensions["fitquiz_static"]
    file = files.get(address) or abort(404)
    zipped = file.zipped if request.accept_encodings.quality("gzip") > 0 else None
    response = Response(zipped or file.content, mimetype=file.mimetype)
    response.headers["Cache-Control"] = _KEEP
    response.vary.add("Accept-Encoding")
    response.set_etag(f"{file.address}{'.gz' if zipped else ''}")
    if zipped:
        response.headers["Content-Encoding"] = "gzip"
    return response.make_conditional(request)


def _read_file(path: Path, named: Mapping[str, StaticFile]) -> StaticFile:
    content = path.read_bytes()
    if path.suffix == ".css":
        for name, file in named.items():
            content = content.replace(f"url({name})".encode(), f"url({file.address})".encode())
    name = f"{path.stem}.{hashlib.sha256(content).hexdigest()[:12]}{path.suffix}"
    mimetype = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    zipped = gzip.compress(content, 9, mtime=0) if path.suffix in _ZIPPED else None
    digest = base64.b64encode(hashlib.sha384(content).digest()).decode()
    return StaticFile(name, mimetype, content, zipped, f"sha384-{digest}")
