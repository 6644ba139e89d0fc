"""Which pages were looked at: what :meth:`Person.finds_nothing_wrong` notes, beside the routes that the pages have.

Notes lie in ``out/screenshots/notes``, one file for each picture, so that processes side by side do not meet. A note
names the build it was made of: what an older build looked like proves nothing.
"""

from __future__ import annotations

import json
import re
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "out" / "screenshots"
NOTES = SCREENSHOTS / "notes"
BUILD = ROOT / "qianshu" / "built_pages" / "source.sha256"

LANGUAGES = ("zh", "en")
SIDES = {"party": "", "desk": "/desk"}
"""Folder below ``web/src`` → what its addresses begin with."""


@dataclass(frozen=True, slots=True)
class Note:
    """A picture of a page."""

    name: str
    """Of its file, without language."""

    path: str
    """Where the browser was."""

    language: str
    """``zh`` or ``en``."""

    looked: bool
    """Axe looked at it too, not only whoever sees the picture."""


@dataclass(frozen=True, slots=True)
class Route:
    """A page, as its router has it."""

    side: str
    """``party`` or ``desk``."""

    pattern: str
    """``/cases/:caseNo/house``."""

    def fits(self, path: str) -> bool:
        """Whether this page answers an address."""
        # Unknown addresses are a route too: it answers what no other does, so it is asked last.
        inner = re.sub(r":\w+\(\.\*\)\*", ".*", self.pattern)
        inner = re.sub(r":\w+", "[^/]+", inner)
        return re.fullmatch(inner, path.rstrip("/") or "/") is not None


def note(made: Note) -> None:
    """Remember a picture."""
    NOTES.mkdir(parents=True, exist_ok=True)
    file = NOTES / f"{made.name}-{made.language}-{crc32(made.path.encode()):08x}.json"
    file.write_text(json.dumps({**asdict(made), "build": _build()}, ensure_ascii=False), encoding="utf-8")


def notes() -> list[Note]:
    """Every picture of the pages as they are built now."""
    found = [json.loads(file.read_text(encoding="utf-8")) for file in sorted(NOTES.glob("*.json"))]
    return [Note(**{key: one[key] for key in one if key != "build"}) for one in found if one["build"] == _build()]


def routes() -> list[Route]:
    """Every page of both sides."""
    return [
        Route(side, pattern)
        for side in SIDES
        for pattern in routes_in((ROOT / "web" / "src" / side / "router.ts").read_text(encoding="utf-8"))
    ]


def routes_in(router: str) -> Iterator[str]:
    """The addresses of a ``router.ts``: a line each, children deeper than the page they stand in.

    Raises ``AssertionError`` if there is a ``path:`` it does not understand.
    """
    parent, inside, understood = "", 0, 0
    table = router.partition("router.beforeEach")[0]
    for line in table.splitlines():
        found = re.match(r"(\s*)(?:\{ )?path: '([^']*)',(.*)", line)
        if found is None:
            continue
        understood += 1
        indent, path, rest = len(found[1]), found[2], found[3]
        if not rest.strip():
            # Alone on its line: the frame of those below.
            parent, inside = path, indent
        elif "redirect:" not in rest:
            child = parent and indent > inside
            yield f"{parent}/{path}".rstrip("/") if child else path
    assert understood == len(re.findall(r"\bpath: '", table)), (
        "a route of another form: teach tests/builders/pictures.py"
    )


def missing(known: Iterable[Route], made: Iterable[Note]) -> list[str]:
    """Pages without a picture in a language, or that axe never looked at, in words."""
    known, made = list(known), list(made)
    seen = {(_route(known, one.path), one.language) for one in made}
    looked = {_route(known, one.path) for one in made if one.looked}
    wanted = [(route, language) for route in known for language in LANGUAGES]
    faults = [
        f"{SIDES[route.side]}{route.pattern}: no picture in {language}"
        for route, language in wanted
        if (route, language) not in seen
    ]
    return faults + [f"{SIDES[route.side]}{route.pattern}: axe never looked" for route in known if route not in looked]


def _route(known: list[Route], path: str) -> Route | None:
    side = "desk" if path == "/desk" or path.startswith("/desk/") else "party"
    own = path.removeprefix(SIDES[side]) or "/"
    fitting = [route for route in known if route.side == side and route.fits(own)]
    # The more that is said, the better: /cases/1/notary/p is not /:rest, /notary/1 is not /notary/:caseNo of others.
    return max(fitting, key=lambda route: len(re.sub(r":\w+(\(\.\*\)\*)?", "", route.pattern)), default=None)


def _build() -> str:
    return BUILD.read_text(encoding="ascii") if BUILD.is_file() else ""
