"""Characters that few fonts have: CJK Unified Ideographs Extensions B to F, of which names of living people are made.

They are the third level of GB 18030-2022. The face (花園明朝 HanaMinB, SIL OFL 1.1) comes with the packages of the
pages, cut into pieces of a thousand characters each; ``scripts/rare_fonts.py`` lays them beside this module (``make
web``).
A piece is unpacked when a text first needs it, into the cache of fonts. Without the pieces such characters are
refused by code point, as any other that cannot be shown.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fontTools.ttLib import TTFont

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["LAID", "RareFace", "RarePiece", "find_rare_face"]

LAID = Path(__file__).resolve().parent / "built_fonts"
"""Where the build lays the pieces."""

INDEX = "pieces.json"
"""Which piece has which characters."""


@dataclass(frozen=True, slots=True)
class RarePiece:
    """One file of the face."""

    first: int
    """First code point it maps."""

    last: int
    """Last code point it maps; all between are mapped too."""

    source: Path
    """WOFF 2 (W3C Recommendation), as the pages serve it."""

    @property
    def family(self) -> str:
        """A name of its own: the typesetter chooses faces by family, and all pieces come with the same one."""
        return f"HanaMinB {self.first:X}"


@dataclass(frozen=True, slots=True)
class RareFace:
    """All pieces of the face."""

    pieces: tuple[RarePiece, ...]
    """In the order of code points, none overlapping another."""

    cache_folder: Path
    """Where pieces are unpacked."""

    def piece_of(self, char: str) -> RarePiece | None:
        """The piece that has ``char`` (one code point), if any has."""
        place = bisect_right(self.pieces, ord(char), key=lambda piece: piece.first) - 1
        piece = self.pieces[place] if place >= 0 else None
        return piece if piece and ord(char) <= piece.last else None

    def pieces_of(self, chars: Iterable[str]) -> tuple[RarePiece, ...]:
        """The pieces that have any of ``chars``, in order, each once."""
        found = {piece for char in chars if (piece := self.piece_of(char))}
        return tuple(sorted(found, key=lambda piece: piece.first))

    def unpacked(self, piece: RarePiece) -> Path:
        """The piece as a TrueType file alone in a folder, under its own family name. Equal input gives equal bytes.

        Safe when several processes do it at once: the file appears complete, by one rename.
        """
        status = piece.source.stat()
        described = f"{piece.source.resolve()}.{status.st_size}.{status.st_mtime_ns}"
        folder = self.cache_folder / f"rare-{hashlib.sha256(described.encode()).hexdigest()[:32]}"
        target = folder / "face.ttf"
        if not target.is_file():
            folder.mkdir(parents=True, exist_ok=True)
            _unpack(piece, target)
        return target


def find_rare_face(cache_folder: Path, folder: Path = LAID) -> RareFace | None:
    """The face in ``folder``, if the build laid one there."""
    index = folder / INDEX
    if not index.is_file():
        return None
    rows = json.loads(index.read_text(encoding="utf-8"))
    pieces = (RarePiece(row["first"], row["last"], folder / row["file"]) for row in rows)
    return RareFace(tuple(sorted(pieces, key=lambda piece: piece.first)), cache_folder)


def _unpack(piece: RarePiece, target: Path) -> None:
    handle, draft = tempfile.mkstemp(prefix=".draft-", dir=target.parent)
    with TTFont(piece.source, recalcTimestamp=False) as font, os.fdopen(handle, "wb") as stream:
        font.flavor = None
        for record in font["name"].names:
            if record.nameID in (1, 4):
                record.string = piece.family
            elif record.nameID == 6:
                record.string = piece.family.replace(" ", "-")
        font.save(stream)
    Path(draft).rename(target)
