"""Fill a paper's template and set it as PDF/A-3a, or give its words as plain text for a screen."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

from documents.errors import PaperValueMissing
from documents.papers.template import PLACEHOLDER, Block, People
from documents.typesetting import TEMPLATES, Manuscript, typeset

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from documents.papers.template import PaperTemplate, Values
    from documents.typesetting import TypesetPdf

__all__ = ["paper_digest", "paper_text", "render_paper"]

BLANK = "＿＿＿＿＿＿＿＿"
"""A line to write on, where a value is not known yet."""


def render_paper(template: PaperTemplate, values: Values, *, made_at: datetime) -> TypesetPdf:
    """Set the paper. Raises :class:`PaperValueMissing`, ``GlyphError``, ``TypesettingError``."""
    title = _filled(template.title, values)
    blocks = [_for_typst(block, values) for block in template.blocks]
    data = {"blocks": blocks, "case_no": str(values.get("case_no", ""))}
    return typeset(Manuscript(TEMPLATES / "paper.typ", title, data, made_at))


def paper_text(template: PaperTemplate, values: Values) -> str:
    """The paper's words, a block to a line, for reading on a screen. Raises :class:`PaperValueMissing`."""
    lines = [_filled(template.title, values), *(_as_text(block, values) for block in template.blocks)]
    return "\n\n".join(line for line in lines if line)


def paper_digest(text: str) -> str:
    """SHA-256, hex, of a paper's words: what a receipt of reading names."""
    return hashlib.sha256(text.encode()).hexdigest()


def _filled(text: str, values: Values) -> str:
    def value(name: str, optional: str | None) -> str:
        found = values.get(name)
        if isinstance(found, str) and found:
            return found
        if optional:
            return BLANK
        raise PaperValueMissing(name)

    return PLACEHOLDER.sub(lambda match: value(match[1], match[2]), text)


def _for_typst(block: Block, values: Values) -> dict[str, Any]:
    if block.kind == "people":
        labels = [label for label, _ in block.content["columns"]]
        fields = [field for _, field in block.content["columns"]]
        rows = [[one.get(field, "") for field in fields] for one in _people(block.content["of"], values)]
        return {"kind": "people", "labels": labels, "rows": rows}
    if block.kind == "boxes":
        people = _people(block.content["of"], values)
        boxes = [{"name": one["key"], "label": block.content["label"], "who": one.get("name", "")} for one in people]
        return {"kind": "boxes", "boxes": boxes}
    if block.kind == "table":
        return {"kind": "table", "rows": [[label, _filled(text, values)] for label, text in block.content]}
    if isinstance(block.content, list):
        return {"kind": block.kind, "texts": [_filled(text, values) for text in block.content]}
    return {"kind": block.kind, "text": _filled(block.content, values)}


def _people(name: str, values: Values) -> People:
    people = values.get(name)
    if people is None or isinstance(people, str):
        raise PaperValueMissing(name)
    return people


def _as_text(block: Block, values: Values) -> str:
    data = _for_typst(block, values)
    words = _WORDS.get(block.kind)
    return "" if words is None else words(data)


_WORDS: Final[dict[str, Callable[[dict[str, Any]], str]]] = {
    "p": lambda data: data["text"],
    "h": lambda data: data["text"],
    "items": lambda data: "\n".join(f"{number}. {text}" for number, text in enumerate(data["texts"], 1)),
    "table": lambda data: "\n".join(f"{label}：{value}" for label, value in data["rows"]),
    "people": lambda data: "\n".join(_person_line(data["labels"], row) for row in data["rows"]),
}


def _person_line(labels: list[str], row: list[str]) -> str:
    return "，".join(f"{label}：{value}" for label, value in zip(labels, row, strict=True) if value)
