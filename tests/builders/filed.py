"""Signed, filed and cancelled cases with their real contract files, and the jobs that follow an act.

:class:`Office` is a :class:`tests.builders.desks.Desks` that also keeps the registry's feed, answers for bank, message
service and recipients, and works off the tasks the acts left, as the outbox would.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from filing.acts.perform import Asked, SystemCaller, perform_act
from filing.acts.perform import House as ActHouse
from filing.case import case_from_json, case_to_json
from filing.case.filing import Sealed
from filing.case.signing import SideCode, SigningTask
from filing.contract import CodeGiven, PartySigning, read_acts, sign_contract
from filing.later import EXPIRE_DRAFTS, HANDLERS, ClosedDossier, Later, StampFace
from filing.lifecycle import CasePosition, State
from filing.messages import load_messages
from filing.outside import (
    OutsideRefused,
    OutsideService,
    OutsideUnavailable,
    PushReceipt,
    SupervisionAccount,
    SupervisionState,
    SupervisionWay,
)
from filing.profile import Actor
from filing.profile.entry import CoOwnership
from identity.acting import Machine, MachineKind
from identity.numbers import mask_number
from identity.outside import SmsReceipt
from identity.staff import StaffRole
from identity.subjects import Side
from notary.every_act import EVERY_ACT
from qianshu.bootstrap import House
from tests.builders.cases import (
    BUYER,
    CITIES,
    OFFICIAL,
    OFFICIAL_2,
    SELLER,
    acting,
    calendar,
    cities,
    drafting,
    resident,
    staff,
)
from tests.builders.desks import Desks
from tests.builders.house import cheap_guessing, lay_keys, opened
from tests.builders.keyring import NOW

if TYPE_CHECKING:
    from filing.acts.perform import Performed
    from filing.acts.world import World
    from filing.case import Case
    from filing.case.people import CaseParty
    from filing.contract import ContractCase
    from filing.engine.outcome import Fact, FeedItem, Outcome, Task
    from identity.acting import ActingPerson

CLERK = resident("冯窗口", 17, "13900000021", "19780506")
"""A clerk at the window."""

_NUMBERS = itertools.count(1)
_BOOKS = load_messages(CITIES)


@dataclass
class Bank:
    """A bank that opens when it is told to."""

    opened: bool = False
    asked: list[Any] = field(default_factory=list)

    def open(self, request: Any) -> SupervisionAccount:
        self.asked.append(request)
        return self._account(request, SupervisionState.AWAITING_PARTIES)

    def state(self, ref: str, request: Any) -> SupervisionAccount:
        state = SupervisionState.OPENED if self.opened else SupervisionState.AWAITING_PARTIES
        return self._account(request, state)

    def _account(self, request: Any, state: SupervisionState) -> SupervisionAccount:
        online = request.bank == "CCB"
        return SupervisionAccount(
            "JG-1",
            request.bank,
            SupervisionWay.ONLINE_REDIRECT if online else SupervisionWay.BRANCH,
            state,
            url="https://bank.example/1" if online else None,
            branches=() if online else ("石岐支行",),
            opened_at=NOW if state is SupervisionState.OPENED else None,
        )


@dataclass
class Messages:
    """A message service that keeps what it sent, once for each request; down when told so."""

    sent: dict[str, tuple[str, str, dict[str, str]]] = field(default_factory=dict)
    down: bool = False

    def send(self, phone: str, text_template: str, values: Any, *, request_id: str) -> SmsReceipt:
        if self.down:
            raise OutsideUnavailable(OutsideService.SMS, "unreachable")
        self.sent.setdefault(request_id, (phone, text_template, dict(values)))
        return SmsReceipt(f"sms-{request_id}", NOW)

    def to(self, phone: str) -> list[str]:
        """Texts as somebody reads them."""
        return [text.format(**values) for to, text, values in self.sent.values() if to == phone]


@dataclass
class Recipients:
    """Recipients of filed contracts; those in ``down`` do not answer."""

    got: list[tuple[str, Any]] = field(default_factory=list)
    down: set[str] = field(default_factory=set)

    def push(self, recipient: str, contract: Any) -> PushReceipt:
        if recipient in self.down:
            raise OutsideUnavailable(OutsideService.RECIPIENTS, "unreachable")
        if recipient not in {"registry", "tax", "housing_fund", "banks"}:
            raise OutsideRefused(OutsideService.RECIPIENTS, "unknown")
        self.got.append((recipient, contract))
        return PushReceipt(recipient, f"R-{recipient}", NOW, contract.pdf_sha256)


class Sealer:
    """Encryption that only turns bytes round; what matters here is who opens what."""

    def encrypt(self, evidence: bytes, context: str) -> bytes:
        return context.encode() + b"|" + evidence[::-1]

    def decrypt(self, envelope: bytes, context: str) -> bytes:
        found, _, body = envelope.partition(b"|")
        assert found == context.encode()
        return body[::-1]


@dataclass
class Dossiers:
    """Counts how often a dossier was closed; the archive itself has tests of its own."""

    closed: list[tuple[str, int | None]] = field(default_factory=list)

    def close(self, case: Case, contract: ContractCase | None) -> ClosedDossier:
        sealed = case.filing.sealed
        version = None if contract is None else case.text.version
        self.closed.append((case.case_no, version))
        return ClosedDossier(None if sealed is None else "e" * 64, len(self.closed))


@dataclass(frozen=True)
class Row:
    """A task as the outbox hands it out."""

    task_id: int
    kind: str
    payload: dict[str, Any]


@dataclass
class Office(Desks):
    """A case with the jobs that follow its acts."""

    feed: list[FeedItem] = field(default_factory=list)
    bank: Bank = field(default_factory=Bank)
    sms: Messages = field(default_factory=Messages)
    recipients: Recipients = field(default_factory=Recipients)
    dossiers: Dossiers = field(default_factory=Dossiers)
    rows: dict[str, Row] = field(default_factory=dict)
    done: set[int] = field(default_factory=set)

    @property
    def world(self) -> World:
        made = super().world
        outside = replace(made.outside, bank=self.bank, sms=self.sms, recipients=self.recipients)
        return replace(made, outside=outside)

    @property
    def house(self) -> ActHouse:
        return ActHouse(_Book(self), self.world, cities(), calendar(), lambda: self.now)

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
            sms=self.world.outside.sms,
        )

    def _due(self, now: datetime, _: int) -> list[str]:
        expires_at = self.case.head.expires_at
        return [self.case.case_no] if expires_at is not None and expires_at <= now else []

    @property
    def state(self) -> State:
        assert self.case.position is not None
        return self.case.position.state

    def do(  # type: ignore[override]  # machines act here too
        self,
        name: str,
        caller: ActingPerson | Machine | None = None,
        *,
        as_actor: Actor | None = None,
        **said: Any,
    ) -> Performed:
        act = EVERY_ACT[name]
        asked = Asked(act, act.input(**said), caller or SystemCaller(), as_actor=as_actor)
        return perform_act(self.house, self.case.case_no, asked)

    def queue(self, *tasks: Task) -> None:
        """Of equal keys the first is kept, as the outbox does."""
        for task in tasks:
            number = len(self.rows) + 1
            key = task.dedupe_key or f"#{number}"
            self.rows.setdefault(key, Row(number, task.kind, dict(task.payload)))

    def waiting(self, kind: str | None = None) -> list[Row]:
        return [
            row
            for row in self.rows.values()
            # Messages with a code are sealed by nobody here; they have tests of their own.
            if row.task_id not in self.done and row.kind in HANDLERS and kind in (None, row.kind) and row.kind != "sms"
        ]

    def work_off(self, kind: str | None = None) -> None:
        """Do what is queued, and what that queues; raises what a handler raises, and keeps its row."""
        while rows := self.waiting(kind):
            for row in rows:
                HANDLERS[row.kind](self.later, row)
                self.done.add(row.task_id)

    def queue_beat(self) -> None:
        """What the beat sends once a minute."""
        HANDLERS[EXPIRE_DRAFTS](self.later, Row(0, EXPIRE_DRAFTS, {}))

    def told(self, someone: Any) -> list[str]:
        """Everything somebody was written."""
        return self.sms.to(someone.phone)

    def acts_of_contract(self) -> Any:
        return read_acts(self.contract(self.case.case_no, self.case.text.version).journal.entries())


class _Book:
    def __init__(self, office: Office) -> None:
        self.office = office

    @contextmanager
    def exclusive(self, case_no: str) -> Iterator[_Unit]:
        yield _Unit(self.office)

    def create(self, outcome: Outcome, account_id: str, now: datetime) -> int:
        raise NotImplementedError


@dataclass
class _Unit:
    office: Office

    @property
    def case(self) -> Case:
        return self.office.case

    @property
    def version(self) -> int:
        return self.office.version

    def commit(self, outcome: Outcome, account_id: str, now: datetime) -> int:
        office = self.office
        office.case = case_from_json(case_to_json(outcome.case))
        office.facts += outcome.facts
        office.tasks += outcome.tasks
        office.feed += outcome.feed
        office.queue(*outcome.tasks)
        office.version += 1
        return office.version

    def refuse(self, fact: Fact, account_id: str, now: datetime) -> None:
        self.office.refused.append(fact)


# --- cases -----------------------------------------------------------------------------------------------------------


def fixed(service: House, city: str, *parties: CaseParty, **changes: Any) -> Office:
    """A case whose text is fixed and certified, in a file of its own."""
    case = drafting(city, *parties)
    if len(case.people.of_side(Side.BUYER)) > 1:
        case = replace(case, people=replace(case.people, co_ownership=CoOwnership.JOINT))
    prefix = cities()[city].filing.case_number.prefix
    numbered = replace(case, head=replace(case.head, case_no=f"{prefix}20261121{next(_NUMBERS):05}"))
    office = Office(service, numbered)
    office.fix()
    office.case = replace(office.case, **changes)
    return office


def signed(service: House, city: str, *parties: CaseParty) -> Office:
    """Everybody's own signature is in the file; the case is signed."""
    office = fixed(service, city, *parties)
    contract, text = office.contract(office.case.case_no, 1), office.text
    tasks = []
    for party in office.case.people.parties:
        who = party.identified
        act = sign_contract(
            contract,
            service.desk,
            PartySigning(
                party.key, who.name, mask_number(who.id_number), "当事人", code=CodeGiven("c-1", "139****0001")
            ),
        )
        tasks.append(SigningTask(party.key, "k", text, signed_at=NOW, revision_sha256=act.sha256))
    signing = replace(
        office.case.signing,
        tasks=tuple(tasks),
        head_sha256=tasks[-1].revision_sha256,
        side_codes=tuple(
            SideCode(side, f"{side.value}-1", text, NOW, "c-1")
            for side in Side
            if office.case.head.city in ("zhongshan", "wuhan")
        ),
    )
    office.case = replace(office.case, signing=signing, position=CasePosition(State.SIGNED))
    return office


def filed(service: House, city: str, *parties: CaseParty) -> Office:
    """Filed, its file sealed for what tests of rules need: the contract itself is not stamped."""
    office = signed(service, city, *parties)
    sealed = Sealed(str(office.case.signing.head_sha256), NOW)
    filing = replace(
        office.case.filing, number="备-1", filed_at=NOW, sealed=sealed, sealed_by="acc-sealer", required=True
    )
    office.case = replace(office.case, filing=filing, position=CasePosition(State.FILED))
    return office


def in_review(service: House, city: str = "huangshi") -> Office:
    """Handed in by the seller."""
    office = signed(service, city)
    office.do("submit-filing", seller(city))
    return office


def reviewed_and_filed(service: House, city: str = "huangshi") -> Office:
    """Through review by two officers, to the sealed file."""
    office = in_review(service, city)
    office.do("claim-review", reviewer(city))
    office.do("approve-review", reviewer(city))
    office.do("seal-filing", sealer(city))
    office.work_off()
    return office


def seller(city: str = "huangshi") -> ActingPerson:
    return acting(SELLER, city)


def buyer(city: str = "huangshi") -> ActingPerson:
    return acting(BUYER, city)


def reviewer(city: str = "huangshi") -> ActingPerson:
    return staff(StaffRole.REVIEWER, city, OFFICIAL)


def sealer(city: str = "huangshi") -> ActingPerson:
    return staff(StaffRole.SEALING_OFFICER, city, OFFICIAL_2)


def clerk(city: str = "huangshi") -> ActingPerson:
    return staff(StaffRole.WINDOW_CLERK, city, CLERK)


def registry(city: str = "huangshi") -> Machine:
    return Machine("registry-1", MachineKind.REGISTRY, (city,), ("registry",))


def notary_office(city: str = "zhongshan-notary") -> Machine:
    return Machine("notary-1", MachineKind.NOTARY, (city,), ("notary",))


def later_by(office: Office, **time: float) -> None:
    """Time passes."""
    office.now += timedelta(**time)


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A service with real keys, whose passphrase is cheap."""
    with cheap_guessing():
        yield opened(lay_keys(tmp_path_factory.mktemp("filed")))


@pytest.fixture
def make(service: House) -> Callable[..., Office]:
    """``make(signed, "huangshi")``: a case by one of the functions here."""
    return lambda how, *args, **changes: how(service, *args, **changes)
