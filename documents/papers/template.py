"""A paper's template: a title and blocks, as YAML; parsed once, refused whole when anything in it is not known.

    title: 承诺书
    blocks:
      - p: 本人{seller_names}就坐落于{house_location}的房屋郑重承诺：
      - items: [所提交的材料真实、合法、有效, 知悉交易风险]
      - h: 申请人
      - table: [[合同编号, "{case_no}"], [备案编号, "{filing_number?}"]]
      - people: {of: sellers, columns: [[姓名, name], [证件号码, id_number]]}
      - sign: [出卖人, 买受人]
      - boxes: {of: sellers, label: 出卖人}

``{name}`` must be given; ``{name?}`` leaves a blank line to be filled by hand. ``sign`` is for pens, ``boxes`` makes
signature fields named by the people's ``key``.
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

__all__ = ["Block", "PaperTemplate", "Values", "names_used", "parse_template"]

PLACEHOLDER: Final = re.compile(r"\{([a-z][a-z0-9_]*)(\?)?\}")

People = Sequence[Mapping[str, str]]

Values = Mapping[str, str | People]
"""What fills a template: texts, and lists of people under ``sellers``, ``buyers``, ``parties`` …"""

KINDS: Final = frozenset({"p", "h", "items", "table", "people", "sign", "boxes"})


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


def parse_template(text: str) -> PaperTemplate:
    """The template in ``text``. Raises :class:`PaperTemplateError` (``paper.template_invalid``)."""
    try:
        data = yaml.safe_load(text)
    except yaml.YAMLError as cause:
        raise PaperTemplateError("not YAML") from cause
    if not isinstance(data, dict) or set(data) != {"title", "blocks"} or not isinstance(data["blocks"], list):
        raise PaperTemplateError("a template has a title and blocks")
    return PaperTemplate(_text(data["title"], "title"), tuple(_block(each) for each in data["blocks"]))


def names_used(template: PaperTemplate) -> frozenset[str]:
    """Every name the template asks for; lists of people by their own name."""
    return frozenset(name for block in template.blocks for name in _names(block)) | frozenset(
        match[1] for match in PLACEHOLDER.finditer(template.title)
    )


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


def _people(content: object, where: str) -> None:
    if not isinstance(content, dict) or set(content) != {"of", "columns"}:
        raise PaperTemplateError(f"{where}: of and columns are needed")
    _text(content["of"], where)
    _pairs(content["columns"], where)


def _boxes(content: object, where: str) -> None:
    if not isinstance(content, dict) or set(content) != {"of", "label"}:
        raise PaperTemplateError(f"{where}: of and label are needed")
    _text(content["of"], where)
    _text(content["label"], where)


_CHECKS: Final = {
    "p": _text,
    "h": _text,
    "items": _texts,
    "table": _pairs,
    "people": _people,
    "sign": _texts,
    "boxes": _boxes,
}


def _names(block: Block) -> Iterator[str]:
    if block.kind in ("people", "boxes"):
        yield block.content["of"]
        return
    for text in _all_texts(block.content):
        yield from (match[1] for match in PLACEHOLDER.finditer(text))


def _all_texts(content: object) -> Iterator[str]:
    if isinstance(content, str):
        yield content
    elif isinstance(content, list):
        for each in content:
            yield from _all_texts(each)
