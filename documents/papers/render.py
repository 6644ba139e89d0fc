"""Fill a paper's template and set it as PDF/A-3a, or give its words as plain text for a screen."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, Final

import segno

from documents.errors import PaperValueMissing
from documents.papers.template import CONDITION, PLACEHOLDER, WIDE, Block, People
from documents.typesetting import TEMPLATES, Manuscript, typeset

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from documents.papers.template import PaperTemplate, Values
    from documents.typesetting import TypesetPdf

    Data = dict[str, Any]

__all__ = ["paper_digest", "paper_text", "render_paper"]

BLANK = "＿＿＿＿＿＿＿＿"
"""A line to write on, where a value is not known yet."""


def render_paper(template: PaperTemplate, values: Values, *, made_at: datetime) -> TypesetPdf:
    """Set the paper. Raises :class:`PaperValueMissing`, ``GlyphError``, ``TypesettingError``."""
    data = {
        "blocks": _blocks(template, values),
        "case_no": str(values.get("case_no", "")),
        "subtitle": _filled(template.subtitle, values),
        "head": _pairs(template.head, values),
        "code": _code(_filled(template.code, values)),
        "code_says": _filled(template.code, values),
    }
    return typeset(Manuscript(TEMPLATES / "paper.typ", _filled(template.title, values), data, made_at))


def paper_text(template: PaperTemplate, values: Values) -> str:
    """The paper's words, a block to a line, for reading on a screen. Raises :class:`PaperValueMissing`."""
    title = _filled(template.title, values) + _filled(template.subtitle, values)
    head = "\n".join(f"{label}：{text}" for label, text in _pairs(template.head, values))
    lines = [title, head, *(_WORDS[data["kind"]](data) for data in _blocks(template, values))]
    return "\n\n".join(line for line in lines if line)


def paper_digest(text: str) -> str:
    """SHA-256, hex, of a paper's words: what a receipt of reading names."""
    return hashlib.sha256(text.encode()).hexdigest()


def _code(text: str) -> str:
    """A QR code as SVG, one path; error correction M bears a fold or a stamp."""
    if not text:
        return ""
    return segno.make(text, error="m", micro=False, boost_error=False).svg_inline(
        border=0, omitsize=True, svgclass=None, lineclass=None
    )


def _blocks(template: PaperTemplate, values: Values) -> list[Data]:
    filled = (_FILLED[block.kind](block, values) for block in template.blocks)
    return [{"kind": block.kind, **data} for block, data in zip(template.blocks, filled, strict=True) if data]


def _filled(text: str, values: Values) -> str:
    def value(name: str, optional: str | None) -> str:
        found = values.get(name)
        if isinstance(found, str) and found:
            return found
        if optional:
            return BLANK
        raise PaperValueMissing(name)

    return PLACEHOLDER.sub(lambda match: value(match[1], match[2]), CONDITION.sub("", text))


def _stands(values: Values, *piece: str) -> bool:
    """Whether a piece of the paper is wanted; ``{+name}`` and ``{!name}`` say when."""
    conditions = (match for text in piece for match in CONDITION.finditer(text))
    return all(bool(values.get(match[2])) is (match[1] == "+") for match in conditions)


def _text(block: Block, values: Values) -> Data:
    return {"text": _filled(block.content, values)} if _stands(values, block.content) else {}


def _texts(block: Block, values: Values) -> Data:
    texts = [_filled(text, values) for text in block.content if _stands(values, text)]
    return {"texts": texts} if texts else {}


def _pairs(pairs: Sequence[Sequence[str]], values: Values) -> list[list[str]]:
    return [[_filled(text, values) for text in pair] for pair in pairs if _stands(values, *pair)]


def _table(block: Block, values: Values) -> Data:
    rows = _pairs(block.content, values)
    return {"rows": rows} if rows else {}


def _grid(block: Block, values: Values) -> Data:
    rows = _pairs(block.content["rows"], values)
    labels, widths = ([column[place] for column in block.content["columns"]] for place in (0, 1))
    return {"labels": labels, "widths": widths, "rows": rows} if rows else {}


def _articles(block: Block, values: Values) -> Data:
    articles: list[Data] = []
    for title, *texts in block.content:
        standing = [_filled(text, values) for text in texts if _stands(values, text)]
        if standing:
            number = _article_number(len(articles) + 1)
            articles.append({"number": number, "title": _filled(title, values), "texts": standing})
    return {"articles": articles} if articles else {}


def _article_number(number: int) -> str:
    """第十二条; no paper of the house has a hundred articles."""
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    words = ("" if tens == 0 else "十" if tens == 1 else f"{digits[tens]}十") + ("" if ones == 0 else digits[ones])
    return f"第{words}条"


def _people_rows(block: Block, values: Values) -> Data:
    people = _people(block.content["of"], values)
    columns = [(label, field) for label, field in block.content["columns"] if any(one.get(field) for one in people)]
    if not columns:
        return {}
    rows = [[one.get(field, "") for _, field in columns] for one in people]
    return {"labels": [label for label, _ in columns], "rows": rows}


def _cards(block: Block, values: Values) -> Data:
    people, label = _people(block.content["of"], values), block.content["label"]
    cards = []
    for number, one in enumerate(people, 1):
        fields = [
            {"label": field[0], "text": one[field[1]], "wide": field[2:] == [WIDE]}
            for field in block.content["fields"]
            if one.get(field[1])
        ]
        title = label if len(people) == 1 else f"{label}（{number}）"
        cards.append({"title": title, "fields": fields})
    return {"cards": cards} if cards else {}


def _boxes(block: Block, values: Values) -> Data:
    people, label = _people(block.content["of"], values), block.content["label"]
    boxes = [{"name": one["key"], "label": label, "who": one.get("name", "")} for one in people]
    return {"boxes": boxes} if boxes else {}


def _people(name: str, values: Values) -> People:
    people = values.get(name)
    if people is None or isinstance(people, str):
        raise PaperValueMissing(name)
    return people


_FILLED: Final[dict[str, Callable[[Block, Values], Data]]] = {
    "p": _text,
    "h": _text,
    "note": _text,
    "items": _texts,
    "articles": _articles,
    "table": _table,
    "grid": _grid,
    "people": _people_rows,
    "cards": _cards,
    "sign": _texts,
    "boxes": _boxes,
}
"""A block with its values in it; nothing where it is not wanted."""


def _person_line(labels: list[str], row: list[str]) -> str:
    return "，".join(f"{label}：{value}" for label, value in zip(labels, row, strict=True) if value)


def _card_line(card: Data) -> str:
    said = "，".join(f"{field['label']}：{field['text']}" for field in card["fields"])
    return f"{card['title']}　{said}"


def _article_lines(article: Data) -> str:
    return "\n".join([f"{article['number']}　{article['title']}", *article["texts"]])


_WORDS: Final[dict[str, Callable[[Data], str]]] = {
    "p": lambda data: data["text"],
    "h": lambda data: data["text"],
    "note": lambda data: data["text"],
    "items": lambda data: "\n".join(f"{number}. {text}" for number, text in enumerate(data["texts"], 1)),
    "articles": lambda data: "\n\n".join(_article_lines(article) for article in data["articles"]),
    "table": lambda data: "\n".join(f"{label}：{value}" for label, value in data["rows"]),
    "grid": lambda data: "\n".join(_person_line(data["labels"], row) for row in data["rows"]),
    "people": lambda data: "\n".join(_person_line(data["labels"], row) for row in data["rows"]),
    "cards": lambda data: "\n".join(_card_line(card) for card in data["cards"]),
    "sign": lambda _: "",
    "boxes": lambda _: "",
}
