"""``python -m bench``: one table on the screen, ``out/bench.json`` beside it."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from bench import lifecycle, memory, party_signature, typesetting, verification

if TYPE_CHECKING:
    from bench.measure import Row

OUT = Path("out/bench.json")


def main() -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})  # per core: everything on one
    rows: list[Row] = []
    for part in (party_signature, typesetting, verification, lifecycle, memory):
        rows += part.measure()
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(json.dumps([row.as_dict() for row in rows], ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    Console().print(_table(rows))


def _table(rows: list[Row]) -> Table:
    table = Table(title="Qianshu bench (one core)")
    for heading in ("what", "ours", "baseline", "ratio", "target"):
        table.add_column(heading, justify="left" if heading in {"what", "target"} else "right")
    for row in rows:
        baseline = "–" if row.baseline is None else f"{row.baseline:g} {row.unit}"
        ratio = "–" if row.ratio is None else f"{row.ratio:g}×"
        table.add_row(row.name, f"{row.value:g} {row.unit}", baseline, ratio, row.target)
    return table


main()
