"""A paper's template: a title and blocks, as YAML; parsed once, refused whole when anything in it is not known.

    title: 承诺书
    subtitle: （电子公证）              # these three may be left out
    head: [[编号, "{case_no}"], [日期, "{today}"]]
    code: "{case_no}"                # a QR code beside the title
    blocks:
      - p: 本人{seller_names}就坐落于{house_location}的房屋郑重承诺：
      - items: [所提交的材料真实、合法、有效, 知悉交易风险]
      - articles: [[合同的终止, 双方同意终止合同。], [送达, "{+phone}以短信送达。", "{!phone}以邮件送达。"]]
      - h: 申请人
      - table: [[合同编号, "{case_no}"], [备案编号, "{filing_number?}"]]
      - grid: {columns: [[材料, 3], [份数, 1]], rows: [[合同, 一份]]}
      - people: {of: sellers, columns: [[姓名, name], [证件号码, id_number]]}
      - cards: {of: buyers, label: 买受人, fields: [[姓名, name], [证件号码, id_number], [住址, address, wide]]}
      - sign: [出卖人, 买受人]
      - boxes: {of: sellers, label: 出卖人}
      - note: 本表一式一份。

``{name}`` must be given; ``{name?}`` leaves a blank line to be filled by hand. A piece (paragraph, item, row, text
of an article) with ``{+name}`` in it stands only where the name is known, one with ``{!name}`` only where it is not;
neither prints anything. An article is left out when all its texts are, and articles are numbered as they stand. A list
of people that is there and empty leaves its block out; a column or field nobody has a value for is left out too.
``sign`` is for pens, ``boxes`` makes signature fields named by the people's ``key``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import yaml

from documents.errors import PaperTemplateError

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["CONDITION", "PLACEHOLDER", "Block", "PaperTemplate", "People", "Values", "names_used", "parse_template"]

PLACEHOLDER: Final = re.compile(r"\{([a-z][a-z0-9_]*)(\?)?\}")

CONDITION: Final = re.compile(r"\{([+!])([a-z][a-z0-9_]*)\}")
"""That the piece it stands in is wanted only where a name is known, or only where it is not."""

People = Sequence[Mapping[str, str]]

Values = Mapping[str, str | People]
"""What fills a template: texts, and lists of people under ``sellers``, ``buyers``, ``parties`` …"""

WIDE: Final = "wide"
"""Third part of a card's field that takes a whole line."""

OF_PEOPLE: Final = frozenset({"people", "cards", "boxes"})

OPTIONAL: Final = frozenset({"subtitle", "head", "code"})


@dataclass(frozen=True, slots=True)
class Block:
    """One part of a paper."""

    kind: str
    """One of ``KINDS``."""

    content: Any
    """Text, list of texts, list of pairs, or a mapping, as the kind has it."""


@dataclass(frozen=True, slots=True)
class PaperTemplate:
    """A paper to be filled."""

    title: str
    """Stands above it."""

    blocks: tuple[Block, ...]
    """In order."""

    subtitle: str = ""
    """Stands below the title."""

    head: tuple[tuple[str, str], ...] = ()
    """Labels and texts of the line below: number, date."""

    code: str = ""
    """What the QR code beside the title says."""


def parse_template(text: str) -> PaperTemplate:
    """The template in ``text``. Raises :class:`PaperTemplateError` (``paper.template_invalid``)."""
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as cause:
        raise PaperTemplateError("not YAML") from cause
    if not isinstance(data, dict) or not {"title", "blocks"} <= set(data) <= {"title", "blocks"} | OPTIONAL:
        raise PaperTemplateError("a template has a title and blocks")
    if not isinstance(data["blocks"], list):
        raise PaperTemplateError("blocks are a list")
    if "head" in data:
        _pairs(data["head"], "head")
    blocks = tuple(_block(each) for each in data["blocks"])
    head = tuple((label, said) for label, said in data.get("head", ()))
    optional = [_text(data[name], name) if name in data else "" for name in ("subtitle", "code")]
    return PaperTemplate(_text(data["title"], "title"), blocks, optional[0], head, optional[1])


def names_used(template: PaperTemplate) -> frozenset[str]:
    """Every name the template asks for; lists of people by their own name."""
    above = [template.title, template.subtitle, template.code, *(text for pair in template.head for text in pair)]
    of_blocks = frozenset(name for block in template.blocks for name in _names(block))
    return of_blocks | frozenset(name for text in above for name in _names_in(text))


def _block(data: object) -> Block:
    if not isinstance(data, dict) or len(data) != 1:
        raise PaperTemplateError("a block has one kind")
    kind, content = next(iter(data.items()))
    if kind not in KINDS:
        raise PaperTemplateError(f"no block {kind!r}")
    _CHECKS[kind](content, kind)
    return Block(kind, content)


def _text(content: object, where: str) -> str:
    if not isinstance(content, str) or not content.strip():
        raise PaperTemplateError(f"{where}: a text is needed")
    return content


def _texts(content: object, where: str) -> None:
    if not isinstance(content, list) or not content:
        raise PaperTemplateError(f"{where}: a list of texts is needed")
    for each in content:
        _text(each, where)


def _pairs(content: object, where: str) -> None:
    if not isinstance(content, list) or not content:
        raise PaperTemplateError(f"{where}: a list of pairs is needed")
    for each in content:
        if not isinstance(each, list) or len(each) != 2:
            raise PaperTemplateError(f"{where}: a pair has two texts")
        _texts(each, where)


def _articles(content: object, where: str) -> None:
    if not isinstance(content, list) or not content:
        raise PaperTemplateError(f"{where}: a list of articles is needed")
    for each in content:
        if not isinstance(each, list) or len(each) < 2:
            raise PaperTemplateError(f"{where}: an article has a title and texts")
        _texts(each, where)


def _grid(content: object, where: str) -> None:
    if not isinstance(content, dict) or set(content) != {"columns", "rows"}:
        raise PaperTemplateError(f"{where}: columns and rows are needed")
    columns, rows = content["columns"], content["rows"]
    if not isinstance(columns, list) or not all(_is_column(each) for each in columns) or not columns:
        raise PaperTemplateError(f"{where}: a column has a label and a width")
    if not isinstance(rows, list) or not all(isinstance(row, list) and len(row) == len(columns) for row in rows):
        raise PaperTemplateError(f"{where}: a row has as many texts as there are columns")
    for row in rows:
        _texts(row, where)


def _is_column(each: object) -> bool:
    """A label and how wide it is beside the others."""
    return isinstance(each, list) and len(each) == 2 and isinstance(each[0], str) and isinstance(each[1], int)


def _people(content: object, where: str) -> None:
    if not isinstance(content, dict) or set(content) != {"of", "columns"}:
        raise PaperTemplateError(f"{where}: of and columns are needed")
    _text(content["of"], where)
    _pairs(content["columns"], where)


def _cards(content: object, where: str) -> None:
    if not isinstance(content, dict) or set(content) != {"of", "label", "fields"}:
        raise PaperTemplateError(f"{where}: of, label and fields are needed")
    _text(content["of"], where)
    _text(content["label"], where)
    fields = content["fields"]
    if not isinstance(fields, list) or not fields:
        raise PaperTemplateError(f"{where}: a list of fields is needed")
    for each in fields:
        if not isinstance(each, list) or len(each) not in (2, 3) or each[2:] not in ([], [WIDE]):
            raise PaperTemplateError(f"{where}: a field has a label, a name and may be {WIDE}")
        _texts(each, where)


def _boxes(content: object, where: str) -> None:
    if not isinstance(content, dict) or set(content) != {"of", "label"}:
        raise PaperTemplateError(f"{where}: of and label are needed")
    _text(content["of"], where)
    _text(content["label"], where)


_CHECKS: Final = {
    "p": _text,
    "h": _text,
    "note": _text,
    "items": _texts,
    "articles": _articles,
    "table": _pairs,
    "grid": _grid,
    "people": _people,
    "cards": _cards,
    "sign": _texts,
    "boxes": _boxes,
}

KINDS: Final = frozenset(_CHECKS)


def _names(block: Block) -> Iterator[str]:
    if block.kind in OF_PEOPLE:
        yield block.content["of"]
        return
    content = block.content["rows"] if block.kind == "grid" else block.content
    for text in _all_texts(content):
        yield from _names_in(text)


def _names_in(text: str) -> Iterator[str]:
    yield from (match[1] for match in PLACEHOLDER.finditer(text))
    yield from (match[2] for match in CONDITION.finditer(text))


def _all_texts(content: object) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, list):
        for each in content:
            yield from _all_texts(each)
