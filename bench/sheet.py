"""What a part of the bench of the service measured: one table, printed and kept as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

__all__ = ["OUT", "Sheet", "keep", "percentile", "show"]

OUT = Path("out/bench")


@dataclass(frozen=True, slots=True)
class Sheet:
    """One table."""

    name: str
    """Of the part; also of the file below ``out/bench``."""

    title: str
    """What was measured, on what."""

    columns: tuple[str, ...]
    """Headings; the first column holds words, the others numbers."""

    lines: tuple[tuple[object, ...], ...]
    """As many values as there are headings."""

    notes: tuple[str, ...] = ()
    """What is to be known when reading it."""


def show(sheet: Sheet) -> None:
    """Print it."""
    table = Table(title=sheet.title)
    for number, heading in enumerate(sheet.columns):
        table.add_column(heading, justify="right" if number else "left")
    for line in sheet.lines:
        table.add_row(*map(_text, line))
    console = Console()
    console.print(table)
    for note in sheet.notes:
        console.print(f"  {note}", highlight=False)


def keep(sheet: Sheet) -> None:
    """Write it to ``out/bench/NAME.json``."""
    OUT.mkdir(parents=True, exist_ok=True)
    text = json.dumps(asdict(sheet), ensure_ascii=False, indent=1)
    (OUT / f"{sheet.name}.json").write_text(text + "\n", encoding="utf-8")


def percentile(values: list[float], share: float) -> float:
    """The value that ``share`` of them do not exceed (nearest rank); ``ValueError`` without values."""
    if not values:
        raise ValueError("nothing was measured")
    ordered = sorted(values)
    return ordered[max(0, -(-int(len(ordered) * share * 1000) // 1000) - 1)]


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else "–" if value is None else str(value)
