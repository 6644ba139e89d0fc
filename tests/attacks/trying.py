"""One attempt of one act, and what is to be looked for in what came of it."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

from errors import QianshuError
from filing.acts.perform import Asked, perform_act
from notary.every_act import EVERY_ACT
from tests.builders.town import TrialBook

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from filing.case import Case
    from filing.engine.outcome import Outcome
    from tests.attacks.callers import Kind
    from tests.builders.town import Town

__all__ = ["Attempt", "attempt", "personal_words", "swapped", "words_of"]


@dataclass(frozen=True)
class Attempt:
    """What came of it."""

    act: str
    kind: str
    where: str
    code: str | None
    """Of the refusal; ``crash`` and the name of what was raised where that is no refusal."""
    refusal: str = ""
    """Everything the refusal tells, as text."""
    journalled: tuple[tuple[str, dict[str, object]], ...] = ()
    """Account and data of what was journalled for it."""
    outcome: Outcome | None = None
    account: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.act} by {self.kind}: {self.code or 'done'}"


def attempt(town: Town, kind: Kind, act: str, said: object, where: str) -> Attempt:
    """Try it on the case as ``kind`` finds it; nothing is ever written."""
    book = TrialBook(kind.case)
    asked = Asked(EVERY_ACT[act], said, kind.caller, getattr(said, "reason", None))
    code, refusal = None, ""
    try:
        perform_act(town.house_with(book), kind.case.case_no, asked)
    except QianshuError as refused:
        code, refusal = refused.code, f"{refused} {json.dumps(refused.to_dict(), ensure_ascii=False, default=str)}"
    except Exception as crash:  # noqa: BLE001 - whatever it is, it is a finding
        code = f"crash {type(crash).__name__}: {crash}"
    journalled = tuple((account, dict(fact.data)) for account, fact in book.refused if fact.event == "act.refused")
    account = getattr(kind.caller, "account_id", None) or getattr(kind.caller, "client_id", "system")
    return Attempt(act, kind.name, where, code, refusal, journalled, next(iter(book.written), None), account)


def personal_words(case: Case) -> frozenset[str]:
    """Names, numbers, telephones and addresses of everybody in a case."""
    people = [(party.identified, party.contact) for party in case.people.parties]
    people += [(record.representative, record.contact) for record in case.people.representations]
    words = {word for who, _ in people for word in (who.name, who.id_number, who.title_id_number)}
    words |= {word for _, how in people if how is not None for word in (how.phone, how.address)}
    return frozenset(word for word in words if word)


def words_of(outcome: Outcome) -> str:
    """Everything of an outcome that is kept in clear: facts, tasks, lines of the feed."""
    told = [[fact.event, fact.data] for fact in outcome.facts]
    told += [[task.kind, task.payload, task.dedupe_key] for task in outcome.tasks]
    told += [[item.kind, item.sha256, item.data] for item in outcome.feed]
    return json.dumps(told, ensure_ascii=False, default=_plain)


def _plain(value: object) -> object:
    return dict(value) if hasattr(value, "items") else str(value)


def swapped(said: Any, swap: Callable[[str, str], str | None]) -> Any | None:
    """The input with every text for which ``swap`` (name of the field, text) has another; ``None`` if there is none."""
    changed = dict(_changes(said, swap))
    return replace(said, **changed) if changed else None


def _changes(said: Any, swap: Callable[[str, str], str | None]) -> Iterator[tuple[str, Any]]:
    for each in fields(said):
        value = getattr(said, each.name)
        other = _other(each.name, value, swap)
        if other is not None:
            yield each.name, other


def _other(name: str, value: Any, swap: Callable[[str, str], str | None]) -> Any | None:
    if isinstance(value, tuple):
        changed = [_other(name, one, swap) for one in value]
        if all(one is None for one in changed):
            return None
        return tuple(old if new is None else new for old, new in zip(value, changed, strict=True))
    if is_dataclass(value) and not isinstance(value, type):
        return swapped(value, swap)
    return swap(name, value) if type(value) is str else None
