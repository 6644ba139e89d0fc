"""Templates and data to PDF/A-3a: any document of the house, set by one warm Typst compiler per process.

A template is a ``.typ`` file inside the house; it reads its data with ``json(bytes(sys.inputs.data))`` and its
look from ``/documents/templates/house.typ``. Equal input gives equal bytes: the only clock is ``made_at``.
System fonts, warnings, and characters without a glyph are refused.
"""

from __future__ import annotations

import hashlib
import json
import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typst

from documents.boxes import FieldBox
from documents.errors import TypesettingError
from documents.fonts import FontSet, default_fonts, rare_pieces, refuse_missing_glyphs

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from documents.rare import RarePiece

__all__ = ["TEMPLATES", "Attachment", "Manuscript", "TypesetPdf", "Typesetter", "typeset"]

HOUSE = Path(__file__).resolve().parent.parent
"""What Typst may read, and what ``/`` means in a template: the folder that holds the rooms."""

TEMPLATES = HOUSE / "documents" / "templates"
"""The house's own templates."""

KEPT_COMPILERS: Final = 4
"""Beside the plain one: each for another set of pieces of the rare face; a name rarely needs two."""

PDF_STANDARD: Final = "a-3a"
"""ISO 19005-3 level A: embedded fonts, tagged structure, associated files."""


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file to embed as an associated file (ISO 19005-3 § 6.8) with AFRelationship ``Data``."""

    name: str
    """File name inside the PDF, e.g. ``contract.json``."""

    content: bytes
    """UTF-8 text, embedded byte for byte."""

    media_type: str
    """E.g. ``application/json``."""

    description: str
    """What it is, for people (/Desc)."""


@dataclass(frozen=True, slots=True)
class Manuscript:
    """Everything a document is made from."""

    template: Path
    """The main ``.typ`` file, inside :data:`HOUSE`."""

    title: str
    """Document title: shown in the window bar and written into the metadata."""

    data: Mapping[str, object]
    """JSON-ready data for the template. Every text in it is checked for glyphs."""

    made_at: datetime
    """Creation time written into the PDF, aware; the second counts, fractions are cut."""

    attachment: Attachment | None = None
    """The document's own data, if it carries them."""


@dataclass(frozen=True, slots=True)
class TypesetPdf:
    """A finished PDF/A-3a file and where its signature fields go."""

    pdf: bytes
    """The file: PDF 1.7, classic cross-reference table, no form yet."""

    sha256: str
    """SHA-256 of ``pdf``, lower-case hex."""

    boxes: tuple[FieldBox, ...]
    """In reading order; names are unique."""

    page_count: int
    """Pages in the file."""


class Typesetter:
    """A warm Typst compiler, and others for texts with rare characters. Threads may share it: compiling and asking for
    positions happen under one lock.
    """

    def __init__(self, fonts: FontSet, root: Path = HOUSE) -> None:
        self.fonts = fonts
        self._root = root
        self._lock = threading.Lock()
        self._plain = self._compiler(())
        self._with_pieces: OrderedDict[tuple[RarePiece, ...], typst.Compiler] = OrderedDict()

    def typeset(self, manuscript: Manuscript) -> TypesetPdf:
        """Set one document. Raises :class:`GlyphError` or :class:`TypesettingError`."""
        if manuscript.made_at.tzinfo is None:  # would be read in the machine's own time zone
            raise _failed("made_at must be aware")
        refuse_missing_glyphs(manuscript.title, self.fonts, "title")
        refuse_missing_glyphs(manuscript.data, self.fonts)
        pieces = rare_pieces((manuscript.title, manuscript.data), self.fonts)
        inputs = self._inputs(manuscript, pieces)
        with self._lock:  # a query answers for the document compiled last
            compiler = self._compiler_with(pieces)
            pdf = _compile(compiler, manuscript, inputs)
            marks = json.loads(compiler.query("<qianshu-box>", field="value"))
            pages = json.loads(compiler.query("<qianshu-pages>", field="value"))
        if not pages:
            raise _failed("the template does not use house.typ: no page count")
        boxes = tuple(_box(mark) for mark in marks)
        _refuse_bad_boxes(boxes)
        pdf = _show_title(pdf)
        return TypesetPdf(pdf, hashlib.sha256(pdf).hexdigest(), boxes, int(pages[-1]))

    def _inputs(self, manuscript: Manuscript, pieces: tuple[RarePiece, ...]) -> dict[str, str]:
        rare = [piece.family for piece in pieces]
        house = {
            "title": manuscript.title,
            "body_font": [self.fonts.body_family, *rare],
            "heading_font": [self.fonts.heading_family, *rare],
            "attachment": None,
        }
        inputs = {"data": _to_json(manuscript.data)}
        if manuscript.attachment:
            extra = manuscript.attachment
            house["attachment"] = extra.name
            inputs |= {"attached": extra.content.decode(), "attached_type": extra.media_type}
            inputs["attached_description"] = extra.description
        return inputs | {"house": _to_json(house)}

    def _compiler_with(self, pieces: tuple[RarePiece, ...]) -> typst.Compiler:
        """Most texts need no piece, and must not pay for those that do."""
        if not pieces:
            return self._plain
        found = self._with_pieces.pop(pieces, None) or self._compiler(pieces)
        self._with_pieces[pieces] = found
        if len(self._with_pieces) > KEPT_COMPILERS:
            self._with_pieces.popitem(last=False)
        return found

    def _compiler(self, pieces: tuple[RarePiece, ...]) -> typst.Compiler:
        rare = self.fonts.rare
        folders = [self.fonts.folder, *(rare.unpacked(piece).parent for piece in pieces if rare)]
        faces = typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(folder) for folder in folders]
        )
        return typst.Compiler(root=str(self._root), font_paths=faces, ignore_system_fonts=True)


@cache
def default_typesetter() -> Typesetter:
    """The process's warm compiler with the packaged fonts."""
    return Typesetter(default_fonts())


def typeset(manuscript: Manuscript) -> TypesetPdf:
    """Set one document with the packaged fonts."""
    return default_typesetter().typeset(manuscript)


def _compile(compiler: typst.Compiler, manuscript: Manuscript, inputs: dict[str, str]) -> bytes:
    try:
        pdf, warnings = compiler.compile_with_warnings(
            str(manuscript.template),  # by path: after a compile from bytes a query finds no document
            format="pdf",
            sys_inputs=inputs,
            pdf_standards=[PDF_STANDARD],
            timestamp=int(manuscript.made_at.timestamp()),
        )
    except RuntimeError as error:
        raise _failed(getattr(error, "diagnostic", str(error))) from error
    if warnings or not isinstance(pdf, bytes):  # e.g. an unknown family, after which text is silently left out
        raise _failed("; ".join(warning.message for warning in warnings))
    return pdf


def _to_json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _show_title(pdf: bytes) -> bytes:
    """Have viewers show the document's title (ISO 32000-2 § 12.2, DisplayDocTitle).

    Typst says so only in files that claim PDF/UA, a claim that signature fields added later would not keep. It writes
    the catalogue as the last object, so a longer catalogue moves nothing but the table after it.
    """
    start = pdf.rpartition(b"startxref\n")[2].partition(b"\n")[0]
    table = int(start) if start.isdigit() else -1
    catalogue = pdf.rfind(b"<</Type/Catalog", 0, max(table, 0))
    place = pdf.find(b"/ViewerPreferences<<", catalogue) + len(b"/ViewerPreferences<<")
    if catalogue < 0 or pdf[table : table + 5] != b"xref\n" or not catalogue < place < table - len(b"\nendobj\n"):
        raise _failed("the catalogue is not where Typst used to write it")
    wish = b"/DisplayDocTitle true"
    moved = pdf[:place] + wish + pdf[place:].rpartition(b"startxref\n")[0]
    return moved + b"startxref\n%d\n%%%%EOF" % (table + len(wish))


def _box(mark: dict[str, object]) -> FieldBox:
    """Typst counts pages from 1 and points from the top left; PDF from the bottom left (ISO 32000-2 § 8.3.2.3)."""
    x, top, width, height, page_height = (float(str(mark[key])) for key in ("x", "y", "w", "h", "page_height"))
    bottom = page_height - top - height
    rect = (round(x, 3), round(bottom, 3), round(x + width, 3), round(bottom + height, 3))
    return FieldBox(str(mark["name"]), int(str(mark["page"])) - 1, rect, str(mark["label"]))


def _refuse_bad_boxes(boxes: tuple[FieldBox, ...]) -> None:
    """A template must not name two fields alike, lay one on another, or run over the paper's edge."""
    if len({box.name for box in boxes}) != len(boxes):
        raise _failed("two signature boxes share a name")
    for index, box in enumerate(boxes):
        if box.rect[1] < 0:
            raise _failed(f"the box {box.name} runs over the page")
        for other in boxes[index + 1 :]:
            if box.page_index == other.page_index and _overlap(box.rect, other.rect):
                raise _failed(f"the boxes {box.name} and {other.name} overlap")


def _overlap(one: tuple[float, float, float, float], two: tuple[float, float, float, float]) -> bool:
    return one[0] < two[2] and two[0] < one[2] and one[1] < two[3] and two[1] < one[3]


def _failed(diagnostic: str) -> TypesettingError:
    return TypesettingError(
        "typesetting.failed",
        zh="文书排版失败，请联系系统管理员",
        en="the document could not be typeset",
        diagnostic=diagnostic,
    )
