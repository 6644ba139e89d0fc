"""Read the messages of every city. The only module here that reads files; what is wrong is said with file and line."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from jsonschema import Draft202012Validator

from filing.messages.book import LONGEST_TEXT, MessageBook, WordsFile, wrong_names
from filing.profile.errors import Problem, ProfileInvalid
from filing.profile.load import PROFILE_FILE
from filing.profile.marked_yaml import Marked, read_marked
from filing.profile.shape import Refused, build, schema_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path as Folder

__all__ = ["MESSAGES_FILE", "load_messages", "messages_schema", "parse_messages"]

MESSAGES_FILE: Final = "messages.yaml"
"""Beside a city's profile; a city without one speaks in the house's words under its own name."""

SCHEMA_ID: Final = "urn:qianshu:schema:messages:1"


def load_messages(root: Folder) -> Mapping[str, MessageBook]:
    """The book of every city below ``root``, by the name of its folder; :class:`ProfileInvalid` for a wrong one."""
    folders = sorted(path.parent for path in root.glob(f"*/{PROFILE_FILE}"))
    return {folder.name: _book(folder) for folder in folders}


def parse_messages(text: str, file: str = MESSAGES_FILE) -> WordsFile:
    """The messages a text holds, checked; ``file`` is what errors call it."""
    marked = read_marked(text)
    if isinstance(marked, Problem):
        raise ProfileInvalid(file, (marked,))
    _demand(file, marked, _of_schema(marked))
    try:
        words: WordsFile = build(WordsFile, marked.data)
    except Refused as refused:
        raise ProfileInvalid(file, (_placed(refused.problem, marked),)) from refused
    _demand(file, marked, _of_places(words))
    return words


@cache
def messages_schema() -> dict[str, Any]:
    """The schema of ``messages.yaml``."""
    return schema_of(WordsFile, SCHEMA_ID)


def _book(folder: Folder) -> MessageBook:
    own, path = _house_words(), folder / MESSAGES_FILE
    if not path.is_file():
        return MessageBook(own.signature, own.codes, own.texts)
    city = parse_messages(path.read_text(encoding="utf-8"), f"{folder.name}/{MESSAGES_FILE}")
    return MessageBook(city.signature, {**own.codes, **city.codes}, {**own.texts, **city.texts})


@cache
def _house_words() -> WordsFile:
    text = (files("filing.messages") / "house.yaml").read_text(encoding="utf-8")
    return parse_messages(text, "filing/messages/house.yaml")


def _of_schema(marked: Marked) -> Iterator[Problem]:
    for error in Draft202012Validator(messages_schema()).iter_errors(marked.data):
        path = tuple(error.absolute_path)
        if "propertyNames" in tuple(error.absolute_schema_path)[-2:]:  # the key itself is wrong: its line
            path = (*path, str(error.instance))
        yield Problem(path, f"不符合格式：{error.message}", f"against the schema: {error.message}")


def _of_places(words: WordsFile) -> Iterator[Problem]:
    for part, texts in (("codes", words.codes), ("texts", words.texts)):
        for key, each in texts.items():
            for language, text in (("zh", each.zh), ("en", each.en)):
                for wrong in _of_text(key, text):
                    yield Problem((part, key.value, language), f"短信文本有误：{wrong}", f"text: {wrong}")


def _of_text(key: Any, text: str) -> Iterator[str]:  # noqa: ANN401 - a key of either kind
    yield from wrong_names(key, text)
    if len(text) > LONGEST_TEXT:
        yield f"longer than {LONGEST_TEXT}"


def _demand(file: str, marked: Marked, problems: Iterator[Problem]) -> None:
    found = tuple(_placed(problem, marked) for problem in problems)
    if found:
        raise ProfileInvalid(file, tuple(sorted(found, key=lambda problem: problem.line)))


def _placed(problem: Problem, marked: Marked) -> Problem:
    return Problem(problem.path, problem.zh, problem.en, marked.line_of(problem.path))
