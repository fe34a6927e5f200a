"""The files that pages need: read once, stripped, compressed, and named by their content.

A name such as /static/3f2a9c01b7d4/office.css never changes its bytes, so browsers keep it for a year without asking.
Bootstrap's stylesheet comes from the installed Bootstrap-Flask package; nothing is fetched from another host.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Request, Response

if TYPE_CHECKING:
    from flask import Flask

FOLDER = Path(__file__).parent / "static"
BOOTSTRAP = "bootstrap.min.css"
ENDPOINT = "static"
FOR_EVER = "public, max-age=31536000, immutable"

# Strings and url(…) are kept as they are; only comments and spaces between them go.
_STRING = r"\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*'"
_KEPT = re.compile(rf"({_STRING}|url\((?:{_STRING}|[^)]*)\)|/\*!.*?\*/)|/\*.*?\*/", re.S)


@dataclass(frozen=True)
class Asset:
    """One file as it is served: its bytes, the same gzipped (None where that gains nothing), and its digest."""

    name: str
    body: bytes
    gzipped: bytes | None
    digest: str

    @property
    def address(self) -> str:
        return f"/static/{self.digest}/{self.name}"

    @property
    def content_type(self) -> str:
        kind = mimetypes.guess_type(self.name)[0] or "application/octet-stream"
        return f"{kind}; charset=utf-8" if kind.startswith("text/") or kind.endswith("javascript") else kind


def strip_css(text: str) -> str:
    """CSS without comments and needless spaces. Licence comments (/*! … */), strings and url(…) stay as written."""
    kept: list[str] = []

    def keep(found: re.Match[str]) -> str:
        if found[1] is None:
            return " "
        kept.append(found[1])
        return f"\0{len(kept) - 1}\0"

    text = re.sub(r"\s+", " ", _KEPT.sub(keep, text))
    text = re.sub(r" ?([{};,>]) ?", r"\1", text)
    text = re.sub(r": ", ":", text).replace(";}", "}")
    return re.sub(r"\0(\d+)\0", lambda found: kept[int(found[1])], text).strip()


@cache
def shelf() -> Mapping[str, Asset]:
    """Every asset by name, read once for each process."""
    files = [path for path in sorted(FOLDER.iterdir()) if path.is_file()]
    return {path.name: _asset(path) for path in [_bootstrap(), *files]}


def address(name: str) -> str:
    """Where a page finds the asset, with its digest in the path; KeyError when there is no such file."""
    return shelf()[name].address


def init(app: Flask) -> None:
    """Serve the shelf under /static/. The route is declared public in `web`."""
    app.add_url_rule("/static/<digest>/<name>", ENDPOINT, _serve)


def _serve(digest: str, name: str) -> Callable[..., Iterable[bytes]]:
    asset = shelf().get(name)
    if asset is None:
        raise NotFound
    return lambda environ, start_response: _answer(asset, digest, environ)(environ, start_response)


def _answer(asset: Asset, digest: str, environ: dict[str, Any]) -> Response:
    """An earlier digest gets today's bytes and must ask again: a page kept since the last release still looks right."""
    request = Request(environ)
    packed = asset.gzipped is not None and request.accept_encodings["gzip"] > 0
    response = Response(asset.gzipped if packed else asset.body, content_type=asset.content_type)
    response.headers["Cache-Control"] = FOR_EVER if digest == asset.digest else "no-cache"
    response.headers["Vary"] = "Accept-Encoding"
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.set_etag(f"{asset.digest}-gzip" if packed else asset.digest)
    return response.make_conditional(request)


def _bootstrap() -> Path:
    """Bootstrap's file inside the installed package, found without importing it."""
    package = find_spec("flask_bootstrap")
    if package is None or not package.submodule_search_locations:
        raise FileNotFoundError("Bootstrap-Flask is not installed: pip install -r requirements.txt")
    return Path(package.submodule_search_locations[0]) / "static" / "bootstrap5" / "css" / BOOTSTRAP


def _asset(path: Path) -> Asset:
    body = path.read_bytes()
    if path.name == BOOTSTRAP:
        body = re.sub(rb"/\*# sourceMappingURL=.*?\*/\s*$", b"", body)  # its map is not served
    elif path.suffix == ".css":
        body = strip_css(body.decode()).encode()
    packed = gzip.compress(body, 9, mtime=0)
    digest = hashlib.sha256(body).hexdigest()[:12]
    return Asset(path.name, body, packed if len(packed) < len(body) else None, digest)
