"""YAML as plain data, together with the line on which every value stands.

The core schema of YAML 1.2 (§ 10.2) without surprises: only ``true``/``false``, ``null`` and decimal integers are not
text, so ``no`` and ``2026-01-01`` stay what somebody wrote. Refused: duplicate keys (§ 3.2.1.1), aliases and tags,
because then a line no longer says where a value comes from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import yaml

from filing.profile.errors import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Marked", "Path", "read_marked"]

Path = tuple["str | int", ...]
"""Where a value stands in the data: keys and places."""

_INTEGER: Final = re.compile(r"-?(0|[1-9][0-9]*)")
_WORDS: Final[Mapping[str, object]] = {"true": True, "false": False, "null": None, "~": None, "": None}

MAX_DEPTH: Final = 20
"""No profile is deeper; a file that is must not exhaust the stack."""


@dataclass(frozen=True, slots=True)
class Marked:
    """Data and where it stands."""

    data: object
    """Dictionaries, lists, text, integers, booleans, ``None``."""

    lines: Mapping[Path, int]
    """Line of every value, from 1; of a mapping's member the line of its key."""

    def line_of(self, path: Path) -> int:
        """The line of a value, or of the nearest thing around it that is there."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


class _BrokenYaml(Exception):  # noqa: N818 - carries a problem, never leaves this module
    def __init__(self, line: int, zh: str, en: str) -> None:
        super().__init__(en)
        self.problem = Problem(path=(), line=line, zh=zh, en=en)


def read_marked(text: str) -> Marked | Problem:
    """Read one document; a :class:`Problem` with its line if it is not such YAML."""
    lines: dict[Path, int] = {}
    try:
        _refuse_unfit(text)
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        data = None if node is None else _value(node, (), lines)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = 1 if mark is None else mark.line + 1
        said = getattr(error, "problem", None) or str(error)
        return Problem(path=(), line=line, zh=f"不是正确的 YAML：{said}", en=f"not YAML: {said}")
    except _BrokenYaml as broken:
        return broken.problem
    return Marked(data, lines)


def _refuse_unfit(text: str) -> None:
    """The parser reads step by step, so that depth is known before anything recurses over it."""
    depth = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        line = 1 if event.start_mark is None else event.start_mark.line + 1
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MAX_DEPTH:
            raise _BrokenYaml(line, "嵌套过深", f"nested deeper than {MAX_DEPTH}")
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None) is not None:
            raise _BrokenYaml(line, "不得使用锚点或者引用", "anchors and aliases are not allowed")
        if getattr(event, "tag", None) is not None:
            raise _BrokenYaml(line, "不得使用类型标签", "tags are not allowed")


def _value(node: yaml.Node, path: Path, lines: dict[Path, int]) -> object:
    lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.MappingNode):
        return dict(_members(node, path, lines))
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, (*path, place), lines) for place, item in enumerate(node.value)]
    return _scalar(str(node.value), quoted=getattr(node, "style", None) is not None)


def _members(node: yaml.MappingNode, path: Path, lines: dict[Path, int]) -> Iterator[tuple[str, object]]:
    seen: set[str] = set()
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, yaml.ScalarNode):
            raise _BrokenYaml(line, "键必须是文字", "a key must be text")
        key = str(key_node.value)
        if key in seen:
            raise _BrokenYaml(line, f"“{key}”重复", f"{key!r} occurs twice")
        seen.add(key)
        lines[(*path, key)] = line
        yield key, _value(value_node, (*path, key), lines)


def _scalar(text: str, *, quoted: bool) -> object:
    if quoted:
        return text
    if text in _WORDS:
        return _WORDS[text]
    return int(text) if _INTEGER.fullmatch(text) else text
