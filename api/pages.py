"""The built pages of ``web``: one document for the phones of parties, one for the desks of staff, and their parts.

What belongs to a page is under ``/assets/`` and carries its digest in its name, so it never changes; the documents name
those parts and are never kept. An address that a page made for itself (``/cases/…``) is answered with the page's
document; any other unknown address stays unknown.
"""

from __future__ import annotations

import json
import mimetypes
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from fastapi import APIRouter, Request
from starlette.responses import FileResponse, Response

from api.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["CONTENT_SECURITY_POLICY", "DOCUMENTS", "PAGES_HEADERS", "are_built", "pages_router"]

DOCUMENTS: Final[Mapping[str, str]] = {
    **dict.fromkeys(("", "matters", "new", "join", "cases", "me", "s", "n", "c", "verify", "help"), "index.html"),
    "desk": "desk.html",
}
"""First part of an address of a page → the document that answers it; ``web/src/*/router.ts`` know the rest."""

LOOSE: Final = ("favicon.svg", "robots.txt")
"""Files that are asked for by a fixed name."""

CONTENT_SECURITY_POLICY: Final = "; ".join(  # noqa: FLY002 - a line for each, beside its reason
    (
        "default-src 'none'",
        "script-src 'self'",
        # No element or attribute of style in the markup: the pages set styles through the DOM only.
        "style-src 'self'",
        "font-src 'self'",
        # blob: a page of a contract, a photo before it is sent; data: symbols of the component libraries.
        "img-src 'self' blob: data:",
        # blob: a video before it is sent.
        "media-src 'self' blob:",
        "connect-src 'self'",
        "worker-src 'self'",
        "manifest-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
"""CSP Level 3. Nothing is fetched from another host."""

PAGES_HEADERS: Final[Mapping[str, str]] = {
    "content-security-policy": CONTENT_SECURITY_POLICY,
    "permissions-policy": "camera=(self), microphone=(self), geolocation=(), payment=(), usb=()",
}
"""Besides what the edge sends with everything."""

METHODS: Final = ["GET", "HEAD"]

IMMUTABLE: Final = "public, max-age=31536000, immutable"
"""RFC 8246: the name holds the digest."""

ENCODINGS: Final = (("br", ".br"), ("gzip", ".gz"))
"""Made by the build beside each file worth it; the first that the browser takes."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A file of the build."""

    path: Path
    """Where it lies."""

    media_type: str
    """What it is."""

    hints: Mapping[tuple[str, ...], str] = field(default_factory=dict)
    """Parts of an address, ``*`` for any → ``Link`` of what its page asks for next."""


def are_built(folder: Path) -> bool:
    """Whether the pages were built there."""
    return all((folder / name).is_file() for name in set(DOCUMENTS.values()))


def pages_router(folder: Path) -> APIRouter:
    """Ways to the pages in ``folder``. Nothing is read from outside of what the build made: names are looked up in a
    table, not on the disk.
    """
    parts = {file.name: _kept(file) for file in (folder / "assets").iterdir() if _is_served(file)}
    router = APIRouter(include_in_schema=False)
    hints = _hints(folder)

    @router.api_route("/assets/{name}", methods=METHODS, name="page_part")
    def part(request: Request, name: str) -> Response:
        return _answer(request, parts.get(name), IMMUTABLE)

    for name in LOOSE:
        _add(router, f"/{name}", _kept(folder / name), "public, max-age=3600")
    for first, document in DOCUMENTS.items():
        for path in (f"/{first}", f"/{first}/{{rest:path}}") if first else ("/",):
            _add(router, path, replace(_kept(folder / document), hints=hints), "no-store")
    return router


def _add(router: APIRouter, path: str, kept: _Kept, cache: str) -> None:
    def page(request: Request) -> Response:
        return _answer(request, kept, cache)

    router.add_api_route(path, page, methods=METHODS, name="page")


def _hints(folder: Path) -> Mapping[tuple[str, ...], str]:
    """What the build knows of the parts that a page will ask for (``web/build/hints.ts``)."""
    file = folder / "hints.json"
    known = json.loads(file.read_text(encoding="utf-8")) if file.is_file() else {}
    return {tuple(address.strip("/").split("/")): ", ".join(map(_link, files)) for address, files in known.items()}


def _link(file: str) -> str:
    """RFC 8288; a style must say so."""
    return f"<{file}>; rel=preload; as=style; crossorigin" if file.endswith(".css") else f"<{file}>; rel=modulepreload"


def _hinted(request: Request, kept: _Kept) -> Mapping[str, str]:
    parts = request.url.path.strip("/").split("/")
    for address, link in kept.hints.items():
        if len(address) == len(parts) and all(one in ("*", part) for one, part in zip(address, parts, strict=True)):
            return {"link": link} if link else {}
    return {}


def _is_served(file: Path) -> bool:
    return file.is_file() and file.suffix not in {suffix for _, suffix in ENCODINGS}


def _kept(file: Path) -> _Kept:
    media_type = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    if file.suffix in (".js", ".mjs"):
        media_type = "text/javascript"
    return _Kept(file, media_type)


def _answer(request: Request, kept: _Kept | None, cache: str) -> Response:
    if kept is None:
        raise NotFound("request.not_found", zh="没有该页面", en="there is no such page")
    headers = {**PAGES_HEADERS, **_hinted(request, kept), "cache-control": cache, "vary": "Accept-Encoding"}
    taken = request.headers.get("accept-encoding", "")
    for encoding, suffix in ENCODINGS:
        smaller = kept.path.with_name(kept.path.name + suffix)
        if encoding in taken and smaller.is_file():
            return FileResponse(smaller, headers=headers | {"content-encoding": encoding}, media_type=kept.media_type)
    return FileResponse(kept.path, headers=headers, media_type=kept.media_type)
