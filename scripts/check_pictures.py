"""Fail if a page of ``web/src/*/router.ts`` was not looked at by the browser tests: in both languages, and by axe.

Run after all of ``tests/browser`` (``make browser``, CI). Where no picture was made of the pages as they are built now,
nothing is judged, unless every tool is required.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tests.builders.pictures import missing, notes, routes


def main() -> int:
    made = notes()
    if not made and os.environ.get("QIANSHU_REQUIRE_TOOLS") != "1":
        print("no pictures of these pages: nothing to judge (make browser makes them)")
        return 0
    faults = missing(routes(), made)
    print("\n".join(faults) if faults else f"{len(routes())} pages, {len(made)} pictures")
    return 1 if faults else 0


sys.exit(main())
