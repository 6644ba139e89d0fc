"""City folders → checked profiles. The only module here that reads files.

1. ``profile.yaml`` is read with the line of every value; 2. its data is held against the published JSON Schema;
3. the frozen profile is built; 4. contradictions are looked for. Every problem of the first step that finds any is
reported, with file and line, and nothing is loaded.
"""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from jsonschema import Draft202012Validator

from filing.profile.calendar_data import CalendarYear, calendar_of, check_year
from filing.profile.check_cancelling import check_cancelling
from filing.profile.check_flow import check_flow
from filing.profile.check_names import check_names
from filing.profile.errors import Problem, ProfileInvalid
from filing.profile.marked_yaml import Marked, read_marked
from filing.profile.model import FlowProfile
from filing.profile.shape import Refused, build, schema_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path as Folder

    from jsonschema import ValidationError

    from filing.calendar import HolidayCalendar

__all__ = [
    "PROFILE_FILE",
    "SCHEMA_ID",
    "load_calendar",
    "load_cities",
    "load_profile",
    "parse_profile",
    "profile_schema",
]

PROFILE_FILE: Final = "profile.yaml"
"""A folder with this file is a city."""

CALENDAR_FOLDER: Final = "calendar"
"""Holiday years, one file each, beside the cities."""

SCHEMA_ID: Final = "urn:qianshu:schema:profile:1"
"""Identifies the format. A change that old readers would misread gets a new number."""

_KEYWORDS: Final = {
    "additionalProperties": ("不认识的项", "unknown member"),
    "required": ("缺少必填项", "a member is missing"),
    "enum": ("不是可选值之一", "not one of the known names"),
    "type": ("类型不符", "of the wrong type"),
    "pattern": ("格式不符", "not in the right form"),
}


def load_cities(root: Folder) -> Mapping[str, FlowProfile]:
    """Every city under ``root``, by the name of its folder; :class:`ProfileInvalid` at the first broken one."""
    folders = sorted(path.parent for path in root.glob(f"*/{PROFILE_FILE}"))
    return {folder.name: load_profile(folder) for folder in folders}


def load_profile(folder: Folder) -> FlowProfile:
    """The city in ``folder``, whose templates must be there; :class:`ProfileInvalid` with every line that is wrong."""
    file = f"{folder.name}/{PROFILE_FILE}"
    marked = _read(folder / PROFILE_FILE, file)
    profile = _profile(marked, file)
    _demand(file, marked, _of_folder(profile, folder))
    return profile


def parse_profile(text: str, file: str = PROFILE_FILE) -> FlowProfile:
    """The profile a text holds, checked in itself; ``file`` is what errors call it."""
    return _profile(_marked(text, file), file)


def load_calendar(root: Folder) -> HolidayCalendar:
    """The calendar of every year under ``root/calendar``."""
    return calendar_of(_year(path, f"{CALENDAR_FOLDER}/{path.name}") for path in _year_files(root))


@cache
def profile_schema() -> dict[str, Any]:
    """The published schema of ``profile.yaml`` (``docs/schemas/profile.schema.json``)."""
    return schema_of(FlowProfile, SCHEMA_ID)


def _profile(marked: Marked, file: str) -> FlowProfile:
    profile: FlowProfile = _built(FlowProfile, profile_schema(), marked, file)
    _demand(file, marked, (*check_names(profile), *check_flow(profile), *check_cancelling(profile)))
    return profile


def _year_files(root: Folder) -> list[Folder]:
    return sorted((root / CALENDAR_FOLDER).glob("*.yaml"))


def _year(path: Folder, file: str) -> CalendarYear:
    marked = _read(path, file)
    year: CalendarYear = _built(CalendarYear, schema_of(CalendarYear, "urn:qianshu:schema:calendar:1"), marked, file)
    _demand(file, marked, check_year(year))
    return year


def _built(cls: type, schema: dict[str, Any], marked: Marked, file: str) -> Any:  # noqa: ANN401 - an instance of cls
    _demand(file, marked, _of_schema(schema, marked.data))
    try:
        return build(cls, marked.data)
    except Refused as refused:
        raise ProfileInvalid(file, (_with_line(refused.problem, marked),)) from refused


def _read(path: Folder, file: str) -> Marked:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        problem = Problem((), f"无法读取：{error}", f"cannot be read: {error}", line=1)
        raise ProfileInvalid(file, (problem,)) from error
    return _marked(text, file)


def _marked(text: str, file: str) -> Marked:
    marked = read_marked(text)
    if isinstance(marked, Problem):
        raise ProfileInvalid(file, (marked,))
    return marked


def _demand(file: str, marked: Marked, problems: Iterable[Problem]) -> None:
    found = tuple(_with_line(problem, marked) for problem in problems)
    if found:
        raise ProfileInvalid(file, tuple(sorted(found, key=lambda problem: problem.line)))


def _with_line(problem: Problem, marked: Marked) -> Problem:
    return replace(problem, line=marked.line_of(problem.path))


def _of_schema(schema: dict[str, Any], data: object) -> Iterator[Problem]:
    for error in Draft202012Validator(schema).iter_errors(data):
        yield from _of_error(error)


def _of_error(error: ValidationError) -> Iterator[Problem]:
    if error.validator == "anyOf" and error.instance is not None and error.context:
        # Every anyOf of this schema is "something, or nothing": what is wrong with the something is what helps.
        for inner in error.context:
            if inner.validator_value != "null":
                yield from _of_error(inner)
        return
    path, rule = tuple(error.absolute_path), tuple(error.absolute_schema_path)
    zh, en = _KEYWORDS.get(str(error.validator), ("不符合格式", "against the schema"))
    if error.validator == "additionalProperties":
        for name in _unknown_members(error):
            yield Problem((*path, name), f"{zh}“{name}”", f"{en} {name!r}")
        return
    if "propertyNames" in rule[-2:]:  # the key itself is wrong: its line, not the mapping's
        path = (*path, str(error.instance))
    yield Problem(path, f"{zh}：{error.message}", f"{en}: {error.message}")


def _unknown_members(error: ValidationError) -> list[str]:
    schema, instance = error.schema, error.instance
    known = schema["properties"] if isinstance(schema, dict) else {}
    return sorted(set(instance) - set(known)) if isinstance(instance, dict) else []


def _of_folder(profile: FlowProfile, folder: Folder) -> Iterator[Problem]:
    if profile.city.name != folder.name:
        yield Problem(("city", "name"), f"与文件夹“{folder.name}”不一致", f"the folder is called {folder.name!r}")
    for name, template in profile.templates.items():
        if template.file is not None and not (folder / template.file).is_file():
            yield Problem(("templates", name, "file"), f"没有文件 {template.file}", f"there is no file {template.file}")
