"""The faces every document is set in, and which characters they can show.

Body text is a serif face (宋体), headings a sans face (黑体). By default both come from the installed package
``mplfonts``, which is found but never imported (it imports matplotlib). A deployment may name a folder of its own
instead; collections (``.ttc``) in it are split, for Typst and PDF want single faces. Rare characters, which both lack,
come from a third face, in pieces (``documents.rare``).

Typst is given a folder holding these two files only: it would read every font of a larger one, and could then set
text in a face nobody chose.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import struct
import tempfile
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont, TTLibError

from documents.errors import GlyphError, TypesettingError
from documents.rare import LAID, RareFace, RarePiece, find_rare_face

__all__ = ["FontSet", "covers", "find_fonts", "first_missing", "rare_pieces", "refuse_missing_glyphs"]

BODY_FAMILIES = ("Noto Serif CJK SC", "Noto Serif SC", "Source Han Serif SC")
"""Faces accepted for body text, best first."""

HEADING_FAMILIES = ("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC")
"""Faces accepted for headings, best first."""

REGULAR_WEIGHT = 400
"""OpenType ``OS/2.usWeightClass`` of the one weight used; bold is never faked."""

REFUSED_CATEGORIES = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Mc", "Me", "Zl", "Zp"})
"""Unicode categories no value may hold even if a font maps them: they change how *other* characters look (variation
selectors, combining marks, direction overrides), or look like nothing, or differ from font to font (private use)."""


@dataclass(frozen=True, slots=True)
class FontSet:
    """Two single-face font files alone in a folder."""

    folder: Path
    """The folder given to Typst: holds the two files and nothing else."""

    body: Path
    """The serif face."""

    body_family: str
    """Its family name, as the templates ask for it."""

    heading: Path
    """The sans face."""

    heading_family: str
    """Its family name."""

    rare: RareFace | None = None
    """For characters that not both have; absent where the build laid none."""


@dataclass(frozen=True, slots=True)
class _Face:
    family: str
    source: Path
    number: int | None
    """Index in a collection; None for a single-face file."""


def find_fonts(folder: Path | None = None, cache_folder: Path | None = None, rare_folder: Path = LAID) -> FontSet:
    """Find both faces in ``folder`` (default: the installed ``mplfonts``) and lay them alone in a cache folder.
    ``rare_folder`` holds the pieces of the third face, if any were laid.

    Safe when several processes do it at once: the folder appears complete, by one rename, or not at all.
    """
    files = _font_files(folder) if folder else _packaged_files()
    faces = [face for path in files for face in _faces_of(path)]
    body, heading = _choose(faces, BODY_FAMILIES, folder), _choose(faces, HEADING_FAMILIES, folder)
    cache = cache_folder or _default_cache()
    laid = _lay_out((body, heading), cache)
    rare = find_rare_face(cache, rare_folder)
    return FontSet(laid, laid / "body.otf", body.family, laid / "heading.otf", heading.family, rare)


@cache
def default_fonts() -> FontSet:
    """The packaged faces, looked up once per process."""
    return find_fonts()


def covers(char: str, fonts: FontSet | None = None) -> bool:
    """Whether ``char`` (one code point) can be shown on its own, so that it may stand anywhere."""
    chosen = fonts or default_fonts()
    return _shown(char, chosen.body, chosen.heading) or bool(chosen.rare and chosen.rare.piece_of(char))


def first_missing(text: str, fonts: FontSet | None = None) -> str | None:
    """The first character of ``text`` that cannot be shown, but for line feeds."""
    return next((char for char in text if char != "\n" and not covers(char, fonts)), None)


def rare_pieces(value: object, fonts: FontSet) -> tuple[RarePiece, ...]:
    """Pieces of the rare face that ``value`` (JSON-ready data) needs beside both faces: mostly none."""
    if fonts.rare is None:
        return ()
    return fonts.rare.pieces_of(char for char in _characters(value) if not _shown(char, fonts.body, fonts.heading))


def refuse_missing_glyphs(value: object, fonts: FontSet | None = None, path: str = "") -> None:
    """Raise :class:`GlyphError` for the first character, in any text inside ``value``, that cannot be shown.

    ``value`` is JSON-ready data; a line feed is allowed, for a text may have paragraphs.
    """
    if isinstance(value, str):
        if char := first_missing(value, fonts):
            raise _missing(char, path)
    elif isinstance(value, dict):
        for key, item in value.items():
            refuse_missing_glyphs(item, fonts, f"{path}.{key}".lstrip("."))
    elif isinstance(value, (list, tuple)):
        for index, item in enumerate(value):
            refuse_missing_glyphs(item, fonts, f"{path}.{index}".lstrip("."))


def _characters(value: object) -> set[str]:
    if isinstance(value, str):
        return set(value)
    if isinstance(value, dict):
        return set().union(*map(_characters, value.values()))
    if isinstance(value, (list, tuple)):
        return set().union(*map(_characters, value))
    return set()


@lru_cache(maxsize=65536)
def _shown(char: str, *faces: Path) -> bool:
    """Cached: a contract uses the same thousand characters over and over."""
    if unicodedata.category(char) in REFUSED_CATEGORIES:
        return False
    return all(_maps(_coverage(face), ord(char)) for face in faces)


def _missing(char: str, path: str) -> GlyphError:
    code_point = f"U+{ord(char):04X}"
    return GlyphError(
        "glyph.missing",
        zh=f"“{path}”中的字符 {code_point} 无法用内嵌字体显示，文本尚未生成，已填写的内容都在；"
        "请核对或改用规范字，确与证件一致的请到窗口办理",
        en=f"the character {code_point} in {path!r} cannot be shown in the embedded fonts; no text was made, and all "
        "that was entered is kept: correct it, or go to the service window if this is how the document has it",
        code_point=code_point,
        field=path,
    )


def _packaged_files() -> list[Path]:
    spec = importlib.util.find_spec("mplfonts")  # finds a top-level package without importing it
    places = list(spec.submodule_search_locations or ()) if spec else []
    names = ("NotoSerifCJKsc-Regular.otf", "NotoSansCJKsc-Regular.otf")
    return [path for place in places for name in names if (path := Path(place) / "fonts" / name).is_file()]


def _font_files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in {".otf", ".ttf", ".ttc", ".otc"})


def _faces_of(path: Path) -> list[_Face]:
    named: list[tuple[str | None, int | None]]
    try:
        with path.open("rb") as stream:  # opened here: fontTools leaves a file it cannot read open
            if path.suffix.lower() in {".ttc", ".otc"}:
                collection = TTCollection(stream, lazy=True)
                named = [(_regular_family(font), number) for number, font in enumerate(collection.fonts)]
            else:
                named = [(_regular_family(TTFont(stream, lazy=True)), None)]
    except (TTLibError, OSError, struct.error):
        return []  # not a font this house can read: the same as not there
    return [_Face(family, path, number) for family, number in named if family]


def _regular_family(font: TTFont) -> str | None:
    """Family name (OpenType ``name`` 16, else 1) of a static face of regular weight, else None."""
    if "fvar" in font or font["OS/2"].usWeightClass != REGULAR_WEIGHT:
        return None
    name: str | None = font["name"].getDebugName(16) or font["name"].getDebugName(1)
    return name


def _choose(faces: list[_Face], families: tuple[str, ...], folder: Path | None) -> _Face:
    for family in families:
        for face in faces:
            if face.family == family:
                return face
    place = str(folder) if folder else "mplfonts"
    raise TypesettingError(
        "fonts.missing",
        zh=f"在 {place} 中找不到字体：{'、'.join(families)}（常规字重）",
        en=f"no regular face of {', '.join(families)} in {place}",
        families=list(families),
    )


def _default_cache() -> Path:
    try:
        place = Path.home() / ".cache" / "qianshu" / "fonts"
        place.mkdir(parents=True, exist_ok=True)
        if os.access(place, os.W_OK):
            return place
    except (OSError, RuntimeError):
        pass  # a service account may have no home, or a read-only one
    return Path(tempfile.mkdtemp(prefix="qianshu-fonts-"))


def _lay_out(faces: tuple[_Face, _Face], cache_folder: Path) -> Path:
    """Put the two faces under fixed names in a folder named after what they are."""
    described = "\n".join(f"{f.source.resolve()}#{f.number}#{_stamp(f.source)}" for f in faces)
    target = cache_folder / hashlib.sha256(described.encode()).hexdigest()[:32]
    names = ("body.otf", "heading.otf")
    if all((target / name).is_file() for name in names):
        return target
    cache_folder.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=".draft-", dir=cache_folder))
    for face, name in zip(faces, names, strict=True):
        _place(face, draft / name)
    if target.is_dir() and not all((target / name).is_file() for name in names):
        shutil.rmtree(target, ignore_errors=True)  # links whose font is gone
    try:
        draft.rename(target)
    except OSError:  # another process was first; its folder holds the same faces
        shutil.rmtree(draft, ignore_errors=True)
    return target


def _stamp(path: Path) -> str:
    status = path.stat()
    return f"{status.st_size}.{status.st_mtime_ns}"


def _place(face: _Face, target: Path) -> None:
    if face.number is not None:
        with TTCollection(str(face.source), lazy=True) as collection:
            collection.fonts[face.number].save(str(target), reorderTables=False)
        return
    try:
        target.symlink_to(face.source.resolve())
    except OSError:  # a file system without links
        shutil.copyfile(face.source, target)


@dataclass(frozen=True, slots=True)
class _Coverage:
    starts: tuple[int, ...]
    ends: tuple[int, ...]


@cache
def _coverage(path: Path) -> _Coverage:
    """Mapped ranges of a face's format 12 ``cmap`` subtable (OpenType § cmap).

    Read by hand: fontTools builds a dictionary of 45 000 names first, which costs 0.2 s a face in every process.
    """
    with TTFont(str(path), lazy=True) as font:
        table: bytes = font.reader["cmap"]
    (count,) = struct.unpack_from(">H", table, 2)
    for record in range(count):
        (offset,) = struct.unpack_from(">I", table, 4 + record * 8 + 4)
        (form,) = struct.unpack_from(">H", table, offset)
        if form == 12:
            (groups,) = struct.unpack_from(">I", table, offset + 12)
            body = table[offset + 16 : offset + 16 + groups * 12]
            ranges = [(first, last) for first, last, glyph in struct.iter_unpack(">III", body) if glyph or last > first]
            return _Coverage(tuple(first for first, _ in ranges), tuple(last for _, last in ranges))
    raise TypesettingError(
        "fonts.unmapped",
        zh=f"字体 {path.name} 缺少完整的 Unicode 字符映射表",
        en=f"the font {path.name} has no full Unicode character map",
    )


def _maps(coverage: _Coverage, code_point: int) -> bool:
    place = bisect_right(coverage.starts, code_point) - 1
    return place >= 0 and code_point <= coverage.ends[place]
