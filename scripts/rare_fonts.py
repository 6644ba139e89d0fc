"""Lay the pieces of the face for rare characters into ``documents/built_fonts`` (``documents/rare.py``).

They come with the packages of the pages (``hanamin`` in ``web/package-lock.json``, pinned by digest), so that the text
of a contract and a page on a phone show the same shapes. Its licence is the SIL Open Font License 1.1.
"""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "web" / "node_modules" / "hanamin"
LAID = ROOT / "documents" / "built_fonts"
INDEX = LAID / "pieces.json"

RULE = re.compile(
    r'url\((HanaMinB\.CJK-Unified-Ideographs-Extension-[B-F][\w.-]*\.woff2)\) format\("woff2"\);\s*'
    r"unicode-range: U\+([0-9a-f]+)-([0-9a-f]+);"
)
"""One piece of the package's style sheet: the file, its first and its last code point. ``web/build/rareHan.ts`` reads
the same."""


def are_laid() -> bool:
    """Whether they lie there."""
    return INDEX.is_file()


def lay() -> None:
    """Copy them, and write which has what; the index last, for its presence says that all is there."""
    rows = [
        {"file": name, "first": int(first, 16), "last": int(last, 16)}
        for name, first, last in RULE.findall((PACKAGE / "HanaMin.css").read_text(encoding="utf-8"))
    ]
    if not rows:
        raise SystemExit("the package hanamin is not as it was: no piece of extensions B to F")
    shutil.rmtree(LAID, ignore_errors=True)
    LAID.mkdir()
    for row in rows:
        shutil.copyfile(PACKAGE / str(row["file"]), LAID / str(row["file"]))
    INDEX.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
