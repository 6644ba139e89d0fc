"""``python -m bench [PART …]``: tables on the screen, ``out/bench.json`` and ``out/bench/`` beside them.

Without a part: all of them, as long as each takes by default. ``python -m bench PART --help`` says what one takes.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import sys
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from bench.databases import PostgresMissing
from bench.sheet import OUT, keep, show

if TYPE_CHECKING:
    from bench.measure import Row

ON_ONE_CORE = ("party_signature", "typesetting", "verification", "lifecycle", "memory")
"""The contract PDF: against others, everything on one core."""

OF_THE_PAGES = ("reader",)
"""Named alone only: they need a browser."""

OF_THE_SERVICE = ("sales", "requests", "growth", "feed", "package", "uploads")
"""The service: processes and clients on all cores there are."""


def main() -> None:
    name, *rest = sys.argv[1:] or ("all",)
    if name == "all":
        _on_one_core(ON_ONE_CORE)
        for part in OF_THE_SERVICE:
            _of_the_service(part, rest)
    elif name in ON_ONE_CORE:
        _on_one_core((name,))
    elif name in (*OF_THE_SERVICE, *OF_THE_PAGES):
        _of_the_service(name, rest)
    else:
        sys.exit(f"python -m bench [{' | '.join((*ON_ONE_CORE, *OF_THE_SERVICE, *OF_THE_PAGES))}]")


def _on_one_core(parts: tuple[str, ...]) -> None:
    all_cores = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(all_cores)})
    rows: list[Row] = []
    for part in parts:
        rows += importlib.import_module(f"bench.{part}").measure()
    os.sched_setaffinity(0, all_cores)
    OUT.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps([row.as_dict() for row in rows], ensure_ascii=False, indent=1)
    OUT.with_suffix(".json").write_text(text + "\n", encoding="utf-8")
    Console().print(_table(rows))


def _of_the_service(part: str, rest: list[str]) -> None:
    module = importlib.import_module(f"bench.{part}")
    parser = argparse.ArgumentParser(prog=f"python -m bench {part}", description=module.__doc__)
    module.arguments(parser)
    try:
        sheets = module.measure(parser.parse_args(rest))
    except PostgresMissing as missing:
        Console().print(f"{part}: left out. {missing}", highlight=False)
        return
    for sheet in sheets:
        keep(sheet)
        show(sheet)


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
