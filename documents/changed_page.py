"""A page of a stranger's file as it looks now, with what looks different from how it was signed outlined in red.

Drawn in a confined process (``documents.uploads.child``). What was signed is the file's own beginning: the bytes up to
where the signature's revision ends (ISO 32000-2 § 12.8.1). Whatever differs is outlined, later signatures included: the
picture shows, the report judges.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PIL import Image, ImageChops, ImageDraw

from documents.errors import UploadError
from documents.pages import PageImageError, draw_page
from documents.uploads.child import DEFAULT_BOUNDS, run_in_child, serve_parent
from documents.uploads.errors import refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from documents.uploads.child import ChildBounds

__all__ = ["changed_page", "main"]

WIDTH_PX: Final = 900
"""Text of a contract is read at it on a telephone held across."""

CELL_PX: Final = 12
"""A line of text is about so high at this width: characters that changed side by side become one outline."""

TOLERANCE: Final = 24
"""Grey levels, as ``signing.validation.rendering``."""

RED: Final = (179, 38, 30)

_FILE, _PICTURE = "file.pdf", "page.png"

Cell = tuple[int, int]


def changed_page(file: Path, page: int, signed_end: int | None, *, bounds: ChildBounds = DEFAULT_BOUNDS) -> bytes:
    """PNG of ``page`` (from 1); outlined is what is not so in the first ``signed_end`` bytes.

    Raises :class:`UploadError` for a page that cannot be drawn.
    """
    with tempfile.TemporaryDirectory(prefix="changed-") as name:
        folder = Path(name)
        (folder / _FILE).write_bytes(file.read_bytes())
        run_in_child(__name__, {"page": page, "signed_end": signed_end}, folder, bounds)
        return (folder / _PICTURE).read_bytes()


def main() -> None:
    """The child."""
    serve_parent(_work, UploadError)


def _work(asked: Mapping[str, Any]) -> dict[str, Any]:
    content, index, end = Path(_FILE).read_bytes(), int(asked["page"]) - 1, asked["signed_end"]
    try:
        now = _drawn(content, index)
    except PageImageError:
        raise refusal("upload.malformed", reason="page") from None
    before = None if end is None else _as_signed(content[:end], index)
    if end is not None:
        _outline(now, before)
    now.save(_PICTURE, "PNG", optimize=True)
    return {}


def _drawn(content: bytes, index: int) -> Image.Image:
    return draw_page(content, index, width_px=WIDTH_PX)


def _as_signed(content: bytes, index: int) -> Image.Image | None:
    """``None`` where there was no such page, or nothing that can be drawn."""
    try:
        return _drawn(content, index)
    except PageImageError:
        return None


def _outline(now: Image.Image, before: Image.Image | None) -> None:
    """A page that was not there, or had another size, is outlined as a whole."""
    pen = ImageDraw.Draw(now)
    if before is None or before.size != now.size:
        pen.rectangle((2, 2, now.width - 3, now.height - 3), outline=RED, width=5)
        return
    difference = ImageChops.difference(now.convert("L"), before.convert("L"))
    for left, top, right, bottom in _groups(_cells(difference.point(lambda level: 255 if level > TOLERANCE else 0))):
        box = (left * CELL_PX - 4, top * CELL_PX - 4, (right + 1) * CELL_PX + 3, (bottom + 1) * CELL_PX + 3)
        pen.rectangle(box, outline=RED, width=3)


def _cells(difference: Image.Image) -> set[Cell]:
    """Squares in which anything differs."""
    across, down = -(-difference.width // CELL_PX), -(-difference.height // CELL_PX)
    even = Image.new("L", (across * CELL_PX, down * CELL_PX))
    even.paste(difference)
    levels = even.reduce(CELL_PX).tobytes()
    return {(place % across, place // across) for place, level in enumerate(levels) if level}


def _groups(cells: set[Cell]) -> Iterator[tuple[int, int, int, int]]:
    """Bounds of squares that lie together, one square apart at most."""
    left = set(cells)
    while left:
        open_, group = [left.pop()], []
        while open_:
            x, y = open_.pop()
            group.append((x, y))
            near = {(x + dx, y + dy) for dx in (-2, -1, 0, 1, 2) for dy in (-1, 0, 1)} & left
            left -= near
            open_ += near
        columns, rows = [x for x, _ in group], [y for _, y in group]
        yield min(columns), min(rows), max(columns), max(rows)
