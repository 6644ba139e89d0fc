"""What holds of a town after every step, whatever anybody did (rules.md § 7.4, invariants a to e, and what the house
promises besides). Each function answers everything that is wrong, in words.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from filing.case import case_from_json, case_to_json, index_of
from filing.lifecycle import PERMITS, State, TextAccess
from filing.profile.signing import SignMethod
from tests.attacks.callers import NAMESAKE
from tests.attacks.trying import personal_words
from tests.builders.cases import PEOPLE, key_of, profile
from tests.builders.walk import CLERK, OPERATOR

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from filing.case import Case
    from filing.case.people import CaseParty
    from tests.builders.town import Entry, Town

__all__ = ["Seen", "wrong_in"]

KEYS: Final = {one.account: one.key for one in (*PEOPLE, CLERK, OPERATOR, NAMESAKE)}
"""Whose account it is, by ``person_key``."""

WORDS: Final = frozenset(
    word for one in (*PEOPLE, CLERK, OPERATOR, NAMESAKE) for word in (one.name, one.number, one.phone)
)
"""Everything personal of everybody in play."""


@dataclass
class Seen:
    """The town as it was after the step before."""

    cases: dict[str, Case] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    journals: dict[str, tuple[Entry, ...]] = field(default_factory=dict)
    objects: frozenset[object] = frozenset()
    tasks: int = 0
    feed: int = 0

    @classmethod
    def of(cls, town: Town) -> Seen:
        book = town.book
        objects = frozenset((*town.store.objects, *town.files.kept))
        return cls(dict(book.cases), dict(book.versions), dict(book.journals), objects, len(book.tasks), len(book.feed))


def wrong_in(town: Town, before: Seen) -> list[str]:
    """Everything that must not be."""
    changed = [number for number, version in town.book.versions.items() if version != before.versions.get(number)]
    moved = [number for number, lines in town.book.journals.items() if lines is not before.journals.get(number)]
    found = [wrong for number in changed for check in _OF_CASE for wrong in check(town, number)]
    found += [wrong for number in {*changed, *moved} for check in _OF_JOURNAL for wrong in check(town, before, number)]
    return [*found, *_houses(town), *_evidence(town, before), *_in_clear(town, before), *_feed(town, before)]


# --- of a case -------------------------------------------------------------------------------------------------------


def _text_stands(town: Town, number: str) -> Iterator[str]:
    """(b) Everything that counts names the text that stands; while it is written nothing counts."""
    case = town.case(number)
    fixed, position = case.text.fixed, case.position
    assert position is not None
    state = position.resume_state or position.state
    if PERMITS[state].text is TextAccess.FIXED and state not in (State.EXPIRED, State.VOID) and fixed is None:
        yield f"{number}: {state.value} without a text"
    if PERMITS[position.state].text is TextAccess.EDITABLE and fixed is not None:
        yield f"{number}: drafting with a text that stands"
    digests = {fixed.sha256 if fixed else None}
    if any(change.effective_at for change in case.text.amendments):
        # A change keeps what was agreed before beside what was agreed anew (H-06).
        return
    for what, digest in _naming_a_text(case):
        if digest not in digests:
            yield f"{number}: {what} names another text"


def _naming_a_text(case: Case) -> Iterator[tuple[str, str]]:
    for confirmation in case.text.confirmations:
        yield "a confirmation", confirmation.text_sha256
    for receipt in case.text.receipts:
        if receipt.subject == "contract":
            yield "a receipt", receipt.sha256
    for task in case.signing.tasks:
        yield f"the task of {task.party}", task.text_sha256
    for code in case.signing.side_codes:
        yield "a code", code.text_sha256
    for file in case.papers.undertakings:
        yield "an undertaking", file.text_sha256
    for paper in case.signing.extra_papers:
        yield "a paper", paper.text_sha256
    if case.signing.wet is not None:
        yield "the scan", case.signing.wet.text_sha256


def _signers(town: Town, number: str) -> Iterator[str]:
    """(d) Whoever signs is the party, or somebody the case names for it."""
    case = town.case(number)
    for task in case.signing.tasks:
        party = case.people.party(task.party)
        if party is None or task.signer not in _hands_of(case, party):
            yield f"{number}: {task.party} is signed for by nobody of theirs"
        if (task.signed_at is None) != (task.revision_sha256 is None):
            yield f"{number}: {task.party} is half signed"


def _hands_of(case: Case, party: CaseParty) -> set[str]:
    acting = [record.representative for record in case.people.representations if record.party == party.key]
    return {key_of(one.id_type, one.id_number) for one in (party.identified, *acting)}


def _codec(town: Town, number: str) -> Iterator[str]:
    case = town.case(number)
    if case_from_json(case_to_json(case)) != case:
        yield f"{number}: is not what it is when read again"


def _cancelled(town: Town, number: str) -> Iterator[str]:
    """(e) What has ended holds no house, waits for no deadline, and still names what was done."""
    case = town.case(number)
    assert case.position is not None
    if case.position.state not in (State.VOID, State.EXPIRED):
        return
    if case.cancelling.hidden_at is None or case.head.expires_at is not None:
        yield f"{number}: has ended and is still shown, or waits"
    if case.filing.in_force:
        yield f"{number}: has ended and is filed"
    fixed = case.text.fixed
    if fixed is not None and fixed.sha256 not in town.store.objects and fixed.sha256 not in _kept(town, number):
        yield f"{number}: has ended and its text is gone"


def _kept(town: Town, number: str) -> set[str]:
    return {sha256 for case_no, sha256 in town.files.kept if case_no == number}


_OF_CASE: Final[tuple[Callable[[Town, str], Iterator[str]], ...]] = (_text_stands, _signers, _codec, _cancelled)


# --- of a journal ----------------------------------------------------------------------------------------------------


def _growing(town: Town, before: Seen, number: str) -> Iterator[str]:
    """Journals only grow, versions only rise, and no change is without a word."""
    was, now = before.journals.get(number, ()), town.book.journals[number]
    if now[: len(was)] != was:
        yield f"{number}: its journal was rewritten"
    said = [entry for entry in now[len(was) :] if entry.event != "act.refused"]
    rise = town.book.versions[number] - before.versions.get(number, 0)
    if rise < 0 or rise > len(said):
        yield f"{number}: {rise} changes and {len(said)} entries"
    if before.cases.get(number) != town.case(number) and rise == 0:
        yield f"{number}: changed under one version"


def _moves(town: Town, before: Seen, number: str) -> Iterator[str]:
    """(a) Only the registry leads out of ``registering``; the journal tells each move from where the last one led."""
    state = None
    for place, entry in enumerate(town.book.journals[number]):
        if entry.event != "case.moved":
            continue
        if entry.data["from"] != state:
            yield f"{number}: moved from {entry.data['from']}, was {state}"
        new = place >= len(before.journals.get(number, ()))
        if new and state == State.REGISTERING.value and entry.data["capacity"] != "registry":
            yield f"{number}: {entry.data['capacity']} led out of registering"
        state = entry.data["to"]
    position = town.case(number).position
    if position is None or position.state.value != state:
        yield f"{number}: is not where its journal left it"


def _hands(town: Town, before: Seen, number: str) -> Iterator[str]:
    """(d) A signature by hand was confirmed by its signer, under their own account."""
    case = town.case(number)
    for entry in town.book.journals[number][len(before.journals.get(number, ())) :]:
        if entry.event != "signing.signed" or case.signing.method is not SignMethod.APP:
            continue
        task = case.signing.task(str(entry.data["party"]))
        if task is None or KEYS.get(entry.account_id) != task.signer:
            yield f"{number}: {entry.data['party']} was signed for by {entry.account_id}"


_OF_JOURNAL: Final[tuple[Callable[[Town, Seen, str], Iterator[str]], ...]] = (_growing, _moves, _hands)


# --- of the town -----------------------------------------------------------------------------------------------------


def _houses(town: Town) -> Iterator[str]:
    """(c) One live case for each house."""
    indexes = [index_of(case, key_of) for case in town.book.cases.values()]
    for name in ("property_key", "filing_number"):
        held = [value for index in indexes if (value := getattr(index, name)) is not None]
        if len(held) != len(set(held)):
            yield f"one {name} for two cases"


def _evidence(town: Town, before: Seen) -> Iterator[str]:
    """(e) No object ever goes."""
    gone = before.objects - {*town.store.objects, *town.files.kept}
    if gone:
        yield f"evidence is gone: {sorted(map(str, gone))}"


def _in_clear(town: Town, before: Seen) -> Iterator[str]:
    """Nothing personal in facts, tasks and lines of the feed."""
    told: list[Any] = [
        [entry.event, entry.data]
        for number, lines in town.book.journals.items()
        for entry in lines[len(before.journals.get(number, ())) :]
    ]
    told += [[row.kind, row.payload] for row in list(town.book.tasks.values())[before.tasks :]]
    told += list(list(town.book.tasks)[before.tasks :])
    told += [[item.kind, item.data] for _, item in town.book.feed[before.feed :]]
    if not told:
        return
    text = json.dumps(
        told, ensure_ascii=False, default=lambda value: dict(value) if hasattr(value, "items") else str(value)
    )
    addresses = frozenset[str]().union(*(personal_words(case) for case in town.book.cases.values()))
    for word in WORDS | addresses:
        if word in text:
            yield f"{word} is in clear: {text[max(0, text.index(word) - 120) :][:240]}"


def _plain(value: object) -> object:
    return dict(value) if hasattr(value, "items") else str(value)  # type: ignore[call-overload]


OF_OFFICES = frozenset({"package", "withdrawn", "confirmed", "restored", "overdue"})
"""What a notary office is told."""


def _feed(town: Town, before: Seen) -> Iterator[str]:
    """The registry is offered sealed files only, and told of a revoked one only after it was offered; of contracts that
    were filed elsewhere it hears that they ended, or that their end is undone. An office gets packages.
    """
    offered = {(number, item.sha256) for number, item in town.book.feed if item.kind != "revoked"}
    for number, item in town.book.feed[before.feed :]:
        imported = profile(town.case(number).head.city).sale is None
        if item.to != "registry" or imported:
            known = {"revoked", "restored"} if item.to == "registry" else OF_OFFICES
            if item.kind not in known or (item.sha256 is None) == (item.kind == "package"):
                yield f"{number}: {item.kind} to {item.to}"
            continue
        filing = town.case(number).filing
        sealed = {one.sha256 for one in (*filing.past.sealed, *([filing.sealed] if filing.sealed else []))}
        if item.sha256 not in sealed or item.sha256 not in town.store.objects:
            yield f"{number}: {item.kind} of a file that is not sealed"
        if item.kind == "revoked" and (number, item.sha256) not in offered:
            yield f"{number}: revoked what was never offered"
