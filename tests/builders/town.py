"""A town in memory: a book of cases, their contract files and everything outside, copied whenever a test wants its own.

The book keeps what the records keep (``storage.records``): the case through its bytes, a journal that only grows, one
live case for each house and each filing number, tasks by their keys, the registry's feed. Nothing here decides.
"""

from __future__ import annotations

import copy
import hashlib
import io
import json
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

from filing.acts.perform import Asked, SystemCaller, open_case, perform_act
from filing.acts.perform import House as ActHouse
from filing.acts.world import Outside, World
from filing.case import case_from_json, case_to_json, index_of
from filing.contract import ContractCase
from filing.later import HANDLERS, ClosedDossier, Later, StampFace
from filing.messages import load_messages
from notary.every_act import EVERY_ACT
from notary.later import HANDLERS as NOTARY_HANDLERS
from notary.later import NotaryLater
from storage.errors import CaseMissing, FilingNumberTaken, PropertyTaken
from tests.builders.cases import CITIES, calendar, cities, key_of
from tests.builders.desks import Codes, Files, Links, Numbers
from tests.builders.keyring import NOW
from tests.builders.notary_world import Offices, Packages, Probe, Recordings, ScanDesk, with_notary
from tests.fakes.outside import (
    FakeContractRecipients,
    FakeELicences,
    FakeFaceCheck,
    FakeLandRegister,
    FakeQualificationOffice,
    FakeSms,
    FakeSupervisionBank,
    FakeUseCategoryOffice,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from filing.acts.perform import Performed
    from filing.case import Case, CaseIndex
    from filing.contract import SigningDesk
    from filing.engine.outcome import Fact, FeedItem, Outcome, Task
    from filing.lifecycle import State

__all__ = ["UNSAID", "Book", "Entry", "Row", "Town", "TrialBook"]

UNSAID: Final = "case.changed"
"""Event of a change that no fact tells of, as ``qianshu.service.book`` writes it."""

_SPOKEN_FOR = "sms"
"""Messages whose words a desk has sealed: nobody opens them here."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of a journal."""

    at: datetime
    event: str
    data: Mapping[str, object]
    account_id: str = ""


@dataclass
class Book:
    """A ``filing.acts.perform.CaseBook``."""

    cases: dict[str, Case] = field(default_factory=dict)
    versions: dict[str, int] = field(default_factory=dict)
    journals: dict[str, tuple[Entry, ...]] = field(default_factory=dict)
    tasks: dict[str, Row] = field(default_factory=dict)
    feed: list[tuple[str, FeedItem]] = field(default_factory=list)

    @contextmanager
    def exclusive(self, case_no: str) -> Iterator[_Unit]:
        if case_no not in self.cases:
            raise CaseMissing(case_no)
        yield _Unit(self, case_no)

    def create(self, outcome: Outcome, account_id: str, now: datetime) -> int:
        assert outcome.case.case_no not in self.cases
        return self.write(outcome, account_id, now)

    def write(self, outcome: Outcome, account_id: str, now: datetime) -> int:
        case_no = outcome.case.case_no
        self.require_free(outcome.case)
        self.cases[case_no] = case_from_json(case_to_json(outcome.case))
        self.versions[case_no] = self.versions.get(case_no, 0) + 1
        said = [Entry(now, fact.event, fact.data, account_id) for fact in outcome.facts]
        self.note(case_no, *(said or [Entry(now, UNSAID, {}, account_id)]))
        for task in outcome.tasks:
            self.queue(task)
        self.feed += [(case_no, item) for item in outcome.feed]
        return self.versions[case_no]

    def note(self, case_no: str, *entries: Entry) -> None:
        self.journals[case_no] = (*self.journals.get(case_no, ()), *entries)

    def queue(self, task: Task) -> None:
        number = len(self.tasks) + 1
        row = Row(number, task.kind, dict(task.payload), task.not_before)
        self.tasks.setdefault(task.dedupe_key or f"#{number}", row)

    def require_free(self, case: Case) -> None:
        """As the unique indexes of ``storage.records.tables`` do."""
        mine = index_of(case, key_of)
        for other in self.others(case.case_no):
            if mine.property_key is not None and other.property_key == mine.property_key:
                raise PropertyTaken
            if mine.filing_number is not None and other.filing_number == mine.filing_number:
                raise FilingNumberTaken

    def others(self, case_no: str) -> Sequence[CaseIndex]:
        return [index_of(case, key_of) for number, case in self.cases.items() if number != case_no]


@dataclass(frozen=True)
class _Unit:
    book: Book
    case_no: str

    @property
    def case(self) -> Case:
        return self.book.cases[self.case_no]

    @property
    def version(self) -> int:
        return self.book.versions[self.case_no]

    def commit(self, outcome: Outcome, account_id: str, now: datetime) -> int:
        return self.book.write(outcome, account_id, now)

    def refuse(self, fact: Fact, account_id: str, now: datetime) -> None:
        self.book.note(self.case_no, Entry(now, fact.event, fact.data, account_id))


@dataclass
class TrialBook:
    """One case that is never changed: what would be written is only remembered."""

    case: Case
    written: list[Outcome] = field(default_factory=list)
    refused: list[tuple[str, Fact]] = field(default_factory=list)
    version: int = 7

    @contextmanager
    def exclusive(self, case_no: str) -> Iterator[TrialBook]:
        assert case_no == self.case.case_no
        yield self

    def create(self, outcome: Outcome, account_id: str, now: datetime) -> int:
        return self.commit(outcome, account_id, now)

    def commit(self, outcome: Outcome, account_id: str, now: datetime) -> int:
        case_from_json(case_to_json(outcome.case))
        self.written.append(outcome)
        return self.version + 1

    def refuse(self, fact: Fact, account_id: str, now: datetime) -> None:
        self.refused.append((account_id, fact))


@dataclass(frozen=True, slots=True)
class Row:
    """A task as the outbox hands it out."""

    task_id: int
    kind: str
    payload: dict[str, Any]
    not_before: datetime | None = None


@dataclass
class Store:
    """Contract files of every case and text: objects by digest, a journal for each."""

    objects: dict[str, bytes] = field(default_factory=dict)
    journals: dict[tuple[str, int], tuple[Entry, ...]] = field(default_factory=dict)

    def put(self, source: bytes, *, media_type: str, retain_until: datetime) -> None:
        self.objects.setdefault(hashlib.sha256(source).hexdigest(), source)

    def contains(self, sha256: str) -> bool:
        return sha256 in self.objects

    def open(self, sha256: str) -> io.BytesIO:
        return io.BytesIO(self.objects[sha256])


@dataclass(frozen=True)
class _ContractJournal:
    store: Store
    name: tuple[str, int]

    def append(self, event: str, data: Mapping[str, object], now: datetime) -> None:
        self.store.journals[self.name] = (*self.entries(), Entry(now, event, data))

    def entries(self) -> tuple[Entry, ...]:
        return self.store.journals.get(self.name, ())

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        yield


@dataclass
class Dossiers:
    """Counts."""

    closed: dict[str, int] = field(default_factory=dict)

    def close(self, case: Case, contract: object) -> ClosedDossier:
        self.closed[case.case_no] = self.closed.get(case.case_no, 0) + 1
        return ClosedDossier(None if case.filing.sealed is None else "e" * 64, self.closed[case.case_no])


class Sealer:
    """Nobody opens anything here."""

    def encrypt(self, evidence: bytes, context: str) -> bytes:
        return evidence[::-1]

    def decrypt(self, envelope: bytes, context: str) -> bytes:
        return envelope[::-1]


@dataclass
class Town:
    """Everything an act can meet. ``fork`` answers another that shares nothing that changes."""

    desk: SigningDesk
    now: datetime = NOW
    book: Book = field(default_factory=Book)
    store: Store = field(default_factory=Store)
    files: Files = field(default_factory=Files)
    codes: Codes = field(default_factory=Codes)
    links: Links = field(default_factory=Links)
    serials: Numbers = field(default_factory=Numbers)
    dossiers: Dossiers = field(default_factory=Dossiers)
    land: FakeLandRegister = field(default_factory=FakeLandRegister)
    use_office: FakeUseCategoryOffice = field(default_factory=FakeUseCategoryOffice)
    qualification: FakeQualificationOffice = field(default_factory=FakeQualificationOffice)
    licences: FakeELicences = field(default_factory=FakeELicences)
    bank: FakeSupervisionBank = field(default_factory=FakeSupervisionBank)
    recipients: FakeContractRecipients = field(default_factory=FakeContractRecipients)
    face: FakeFaceCheck = field(default_factory=FakeFaceCheck)
    sms: FakeSms = field(default_factory=FakeSms)
    offices: Offices = field(default_factory=Offices)
    recordings: Recordings = field(default_factory=Recordings)
    video: Probe = field(default_factory=Probe)
    scan_codes: ScanDesk = field(default_factory=ScanDesk)
    packages: Packages = field(default_factory=Packages)
    done: set[int] = field(default_factory=set)
    answers: dict[tuple[str, str], Mapping[str, object]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for fake in self.outside.values():
            fake.clock = lambda: self.now

    @property
    def outside(self) -> dict[str, Any]:
        """Services by the name of their port."""
        return {
            "land_register": self.land,
            "qualification": self.qualification,
            "use_category": self.use_office,
            "licences": self.licences,
            "bank": self.bank,
            "recipients": self.recipients,
            "face": self.face,
            "sms": self.sms,
        }

    @property
    def world(self) -> World:
        return with_notary(self._world, self.offices, self.recordings, self.video, self.scan_codes)

    @property
    def _world(self) -> World:
        return World(
            outside=Outside(**self.outside),
            desk=self.desk,
            contract=self.contract,
            evidence=self.files,
            codes=self.codes,
            links=self.links,
            numbers=self.serials,
            key_of=key_of,
            house_key_of=lambda profile, number: f"house:{profile.city.name}:{number}",
            read_text=_read_text,
        )

    @property
    def house(self) -> ActHouse:
        return self.house_with(self.book)

    def house_with(self, book: Any) -> ActHouse:
        return ActHouse(book, self.world, cities(), calendar(), lambda: self.now)

    def contract(self, case_no: str, version: int) -> ContractCase:
        return ContractCase(
            case_no=case_no,
            journal=_ContractJournal(self.store, (case_no, version)),
            archive=self.store,
            clock=lambda: self.now,
            retain_until=self.now + timedelta(days=30 * 365),
        )

    def fork(self) -> Town:
        return replace(self, **{one.name: _copied(getattr(self, one.name)) for one in fields(self)})

    # --- acting ------------------------------------------------------------------------------------------------------

    def open(self, city: str, caller: Any, act: str = "open", **said: Any) -> Performed:
        return open_case(self.house, city, self.asked(act, caller, **said))

    def do(self, case_no: str, name: str, caller: Any = None, **said: Any) -> Performed:
        """Perform an act; without a caller the service itself does."""
        performed = perform_act(self.house, case_no, self.asked(name, caller or SystemCaller(), **said))
        self.answers[case_no, name] = performed.answer
        return performed

    def asked(self, name: str, caller: Any, *, as_actor: Any = None, **said: Any) -> Asked:
        act = EVERY_ACT[name]
        return Asked(act, act.input(**said), caller, said.get("reason"), as_actor=as_actor)

    def case(self, case_no: str) -> Case:
        return self.book.cases[case_no]

    def state(self, case_no: str) -> State:
        position = self.case(case_no).position
        assert position is not None
        return position.state

    def looked_at(self) -> None:
        """Whoever was sent to the face check has shown their face."""
        for ref, (_, _, result) in self.face.sessions.items():
            if result.at is None:
                self.face.press(ref, "passed")

    # --- what follows ------------------------------------------------------------------------------------------------

    @property
    def later(self) -> Later:
        return Later(
            house_of=lambda _: self.house,
            clock=lambda: self.now,
            books=_BOOKS,
            sealer=Sealer(),
            stamp_face=lambda _, case_no: StampFace(f"https://verify.test/{case_no}", "4202000012345"),
            dossiers=self.dossiers,
            due_cases=self._due,
            phone_of_account=lambda account: account.removeprefix("acc-"),
            sms=self.sms,
        )

    def _due(self, now: datetime, _: int) -> list[str]:
        return [
            number
            for number, case in self.book.cases.items()
            if case.head.expires_at is not None and case.head.expires_at <= now
        ]

    def waiting(self, *kinds: str) -> list[Row]:
        rows = [row for row in self.book.tasks.values() if row.task_id not in self.done and row.kind != _SPOKEN_FOR]
        known = [row for row in rows if row.kind in HANDLERS or row.kind in NOTARY_HANDLERS]
        return [row for row in known if (not kinds or row.kind in kinds) and self._is_due(row)]

    def _is_due(self, row: Row) -> bool:
        # Rows that wait for another try do so in the outbox; here only what has its day waits for it.
        return row.not_before is None or row.kind not in NOTARY_HANDLERS or row.not_before <= self.now

    @property
    def exchange(self) -> NotaryLater:
        return NotaryLater(self.later, self.packages, lambda case_no: _lines(self.book.journals[case_no]))

    def work_off(self, *kinds: str) -> None:
        """Do what is queued, and what that queues; raises what a handler raises, and keeps its row."""
        while rows := self.waiting(*kinds):
            for row in rows:
                self._handle(row)
                self.done.add(row.task_id)

    def _handle(self, row: Row) -> None:
        if row.kind in NOTARY_HANDLERS:
            NOTARY_HANDLERS[row.kind](self.exchange, row)
        else:
            HANDLERS[row.kind](self.later, row)


def _lines(journal: Sequence[Entry]) -> bytes:
    """A journal as it goes into packages."""
    told = [{"at": entry.at, "event": entry.event, "data": entry.data, "actor": entry.account_id} for entry in journal]
    return b"".join(json.dumps(line, ensure_ascii=False, default=str).encode() + b"\n" for line in told)


_BOOKS = load_messages(CITIES)
_TEXTS: dict[tuple[str, str], str] = {}


def _read_text(city: str, name: str) -> str:
    if (city, name) not in _TEXTS:
        _TEXTS[city, name] = (CITIES / city / "templates" / f"{name}.yaml").read_text(encoding="utf-8")
    return _TEXTS[city, name]


def _copied(part: Any) -> Any:
    """A part of a town with containers of its own; what they hold are values."""
    if isinstance(part, dict | list | set):
        return part.copy()
    if getattr(type(part), "__module__", "").startswith("tests.") and hasattr(part, "__dict__"):
        made = copy.copy(part)
        made.__dict__ = {name: _copied(value) for name, value in vars(part).items()}
        return made
    return part
