"""The outside world without HTTP: each port in memory, held to the same contract suite as the real adapters.

``down`` on any of them is an error that every call raises until it is taken away.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from itertools import count

from filing.outside import (
    ELicence,
    FiledContract,
    HouseQuery,
    LicenceAuthorisation,
    OutsideError,
    OutsideRefused,
    OutsideService,
    OwnTitle,
    OwnTitleQuery,
    OwnTitleState,
    PushReceipt,
    Qualification,
    QualificationApplication,
    QualificationState,
    RegisteredHouse,
    RegisteredOwner,
    SupervisionAccount,
    SupervisionRequest,
    SupervisionState,
    SupervisionWay,
    UseCategoryAnswer,
    UseCategoryQuestion,
    UseCategoryState,
)
from identity.errors import CertificateNumberError
from identity.numbers import CERTIFICATE_FORMS, check_number, folded, read_certificate
from identity.outside import (
    FaceOutcome,
    FaceResult,
    FaceSession,
    LoginCallback,
    LoginClaims,
    LoginRefused,
    LoginStart,
    OutsideAnswerWrong,
    SmsReceipt,
)
from identity.subjects import Subject


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass
class _Fake:
    clock: Callable[[], datetime] = _now
    down: OutsideError | None = None
    numbers: count = field(default_factory=lambda: count(1))

    def _called(self) -> datetime:
        if self.down is not None:
            raise self.down
        return self.clock()

    def _ref(self, prefix: str) -> str:
        return f"{prefix}-{next(self.numbers):06}"


@dataclass(frozen=True)
class SentMessage:
    request_id: str
    phone: str
    text: str
    values: Mapping[str, str]


@dataclass
class FakeSms(_Fake):
    """``sent`` is the outbox; codes are in ``values``."""

    sent: list[SentMessage] = field(default_factory=list)
    _receipts: dict[str, tuple[SentMessage, SmsReceipt]] = field(default_factory=dict)

    def send(self, phone: str, text_template: str, values: Mapping[str, str], *, request_id: str) -> SmsReceipt:
        now = self._called()
        message = SentMessage(request_id, phone, text_template.format_map(values), dict(values))
        if request_id in self._receipts:
            before, receipt = self._receipts[request_id]
            if before != message:
                raise OutsideRefused(OutsideService.SMS, "conflict", said="request_id_used")
            return receipt
        receipt = SmsReceipt(self._ref("sms"), now)
        self._receipts[request_id] = message, receipt
        self.sent.append(message)
        return receipt


@dataclass
class FakeFaceCheck(_Fake):
    """``press`` says what the camera saw."""

    sessions: dict[str, tuple[Subject, str, FaceResult]] = field(default_factory=dict)

    def start(self, subject: Subject, purpose: str, return_url: str) -> FaceSession:
        now = self._called()
        ref = self._ref("face")
        self.sessions[ref] = subject, purpose, FaceResult(ref, FaceOutcome.PENDING)
        return FaceSession(ref, f"{return_url}#{ref}", now + timedelta(minutes=15))

    def result(self, ref: str, subject: Subject, purpose: str) -> FaceResult:
        self._called()
        if ref not in self.sessions:
            raise OutsideRefused(OutsideService.FACE, "unknown")
        of, what_for, result = self.sessions[ref]
        if of.number != subject.number:
            raise OutsideAnswerWrong(OutsideService.FACE, "other_person")
        if what_for != purpose:
            raise OutsideAnswerWrong(OutsideService.FACE, "other_purpose")
        return result

    def press(self, ref: str, outcome: str) -> None:
        of, what_for, _ = self.sessions[ref]
        result = FaceResult(ref, FaceOutcome(outcome), self._ref("cmp"), self.clock())
        self.sessions[ref] = of, what_for, result


@dataclass
class FakeIdentityProvider(_Fake):
    """Logs in whomever ``accounts`` has under the hint."""

    accounts: dict[str, LoginClaims] = field(default_factory=dict)

    def begin(self, return_url: str, *, hint: str | None = None) -> LoginStart:
        self._called()
        state = self._ref("state")
        return LoginStart(f"{return_url}?state={state}&code={hint}", state, self._ref("nonce"), "verifier", return_url)

    def finish(self, start: LoginStart, callback: LoginCallback) -> LoginClaims:
        now = self._called()
        if callback.state != start.state:
            raise LoginRefused(OutsideService.IDENTITY_PROVIDER, "state")
        if callback.error is not None:
            raise LoginRefused(OutsideService.IDENTITY_PROVIDER, "denied")
        if callback.code not in self.accounts:
            raise LoginRefused(OutsideService.IDENTITY_PROVIDER, "code")
        return replace(self.accounts[callback.code], logged_in_at=now)


@dataclass
class FakeLandRegister(_Fake):
    """Knows ``houses``; a query for own titles is ready after ``wait``. ``check_codes`` by certificate number."""

    houses: tuple[RegisteredHouse, ...] = ()
    check_codes: dict[str, str] = field(default_factory=dict)
    wait: timedelta = timedelta(seconds=90)
    queries: dict[str, tuple[str, Subject, datetime]] = field(default_factory=dict)

    def find(self, query: HouseQuery) -> tuple[RegisteredHouse, ...]:
        today = self._called().date()
        return tuple(house for house in self.houses if self._fits(house, query, today))

    def ask_own_titles(self, city: str, person: Subject) -> OwnTitleQuery:
        now = self._called()
        number = self._ref("CX")
        self.queries[number] = city, person, now
        return OwnTitleQuery(number, person.name, OwnTitleState.PENDING, now)

    def own_titles(self, city: str, number: str, person: Subject) -> OwnTitleQuery:
        now = self._called()
        if number not in self.queries:
            raise OutsideRefused(OutsideService.LAND_REGISTER, "unknown")
        asked_city, of, asked_at = self.queries[number]
        if of.number != person.number or asked_city != city:
            raise OutsideAnswerWrong(OutsideService.LAND_REGISTER, "other_person")
        if now < asked_at + self.wait:
            return OwnTitleQuery(number, of.name, OwnTitleState.PENDING, asked_at)
        own = [house for house in self.houses if house.city == city and _owned_by(house, person.number.normalised)]
        return OwnTitleQuery(
            number, of.name, OwnTitleState.READY, asked_at, tuple(_line(house, asked_at) for house in own)
        )

    def _fits(self, house: RegisteredHouse, query: HouseQuery, today: date) -> bool:
        title = house.title
        pairs = (
            (query.certificate_type, title.certificate_type),
            (query.check_code, self.check_codes.get(title.certificate_number)),
            (query.region, title.region),
            (query.unit_number, title.unit_number),
        )
        return (
            house.city == query.city
            and all(asked in (None, registered) for asked, registered in pairs)
            and (query.certificate_number is None or folded(query.certificate_number) in _numbers(house, today))
            and any(_is(owner, query) for owner in house.owners)
        )


def _numbers(house: RegisteredHouse, today: date) -> set[str]:
    found = {folded(house.title.certificate_number)}
    for form in CERTIFICATE_FORMS.values():
        try:
            read = read_certificate(house.title.certificate_number, (form,), today)
        except CertificateNumberError:
            continue
        found |= {read.normalised, read.lookup}
    return found


def _is(owner: RegisteredOwner, query: HouseQuery) -> bool:
    named = query.owner_name in (None, owner.name)
    return named and (query.owner_id_number is None or folded(query.owner_id_number) == owner.id_number)


def _owned_by(house: RegisteredHouse, number: str) -> bool:
    return any(owner.id_number == number for owner in house.owners)


def _line(house: RegisteredHouse, at: datetime) -> OwnTitle:
    return OwnTitle(
        "存量房转移登记", "不动产登记", house.title.certificate_number, house.building.floor_area, at, "现势", house
    )


@dataclass
class FakeQualificationOffice(_Fake):
    """Leaves applications at ``applied`` until ``decide``."""

    applications: dict[str, tuple[QualificationApplication, Qualification]] = field(default_factory=dict)

    def apply(self, application: QualificationApplication) -> Qualification:
        self._called()
        for asked, qualification in self.applications.values():
            if asked == application and qualification.state is not QualificationState.VOIDED:
                return qualification
        code = self._ref("GFZG")
        qualification = Qualification(code, application.case_number, QualificationState.APPLIED)
        self.applications[code] = application, qualification
        return qualification

    def state(self, code: str, application: QualificationApplication) -> Qualification:
        self._called()
        if code not in self.applications:
            raise OutsideRefused(OutsideService.QUALIFICATION, "unknown")
        asked, qualification = self.applications[code]
        if asked.buyer.number != application.buyer.number:
            raise OutsideAnswerWrong(OutsideService.QUALIFICATION, "other_person")
        if asked.case_number != application.case_number:
            raise OutsideAnswerWrong(OutsideService.QUALIFICATION, "other_case")
        return qualification

    def void(self, code: str, application: QualificationApplication) -> Qualification:
        states = {QualificationState.APPLIED, QualificationState.PASSED, QualificationState.REFUSED}
        return self._move(code, application, states, QualificationState.VOIDED)

    def use(self, code: str, application: QualificationApplication) -> Qualification:
        return self._move(code, application, {QualificationState.PASSED}, QualificationState.USED)

    def release(self, code: str, application: QualificationApplication) -> Qualification:
        return self._move(code, application, {QualificationState.USED}, QualificationState.PASSED)

    def decide(self, code: str, state: str, reason: str | None = None) -> None:
        asked, qualification = self.applications[code]
        decided = replace(qualification, state=QualificationState(state), reason=reason, decided_at=self.clock())
        self.applications[code] = asked, decided

    def _move(
        self,
        code: str,
        application: QualificationApplication,
        allowed: set[QualificationState],
        result: QualificationState,
    ) -> Qualification:
        before = self.state(code, application)
        if before.state is not result and before.state not in allowed:
            raise OutsideRefused(OutsideService.QUALIFICATION, "conflict", said=f"state_{before.state.value}")
        moved = replace(before, state=result)
        self.applications[code] = application, moved
        return moved


@dataclass
class FakeUseCategoryOffice(_Fake):
    """Leaves questions pending until ``decide``."""

    questions: dict[str, tuple[UseCategoryQuestion, UseCategoryAnswer]] = field(default_factory=dict)

    def ask(self, question: UseCategoryQuestion) -> UseCategoryAnswer:
        now = self._called()
        for asked, said in self.questions.values():
            if asked == question:
                return said
        ref = self._ref("use")
        self.questions[ref] = question, UseCategoryAnswer(ref, UseCategoryState.PENDING, now)
        return self.questions[ref][1]

    def answer(self, ref: str, question: UseCategoryQuestion) -> UseCategoryAnswer:
        self._called()
        if ref not in self.questions:
            raise OutsideRefused(OutsideService.USE_CATEGORY, "unknown")
        asked, said = self.questions[ref]
        if asked.certificate_number != question.certificate_number:
            raise OutsideAnswerWrong(OutsideService.USE_CATEGORY, "other_house")
        return said

    def decide(self, ref: str, **decision: object) -> None:
        asked, said = self.questions[ref]
        decided = replace(said, state=UseCategoryState.DECIDED, decided_at=self.clock(), **decision)
        self.questions[ref] = asked, decided


@dataclass
class FakeELicences(_Fake):
    """``licences`` by identity number."""

    licences: dict[str, tuple[ELicence, ...]] = field(default_factory=dict)

    def fetch(self, person: Subject, authorisation: LicenceAuthorisation) -> tuple[ELicence, ...]:
        self._called()
        if len(authorisation.document_sha256) != 64:
            raise OutsideRefused(OutsideService.E_LICENCES, "credential")
        own = self.licences.get(person.number.normalised, ())
        return tuple(licence for licence in own if licence.kind in authorisation.kinds)


@dataclass
class FakeSupervisionBank(_Fake):
    """CCB online, RCB at a branch; ``decide`` opens or declines."""

    accounts: dict[str, tuple[SupervisionRequest, SupervisionAccount]] = field(default_factory=dict)

    def open(self, request: SupervisionRequest) -> SupervisionAccount:
        self._called()
        for asked, account in self.accounts.values():
            if asked == request:
                return account
        ways = {"CCB": SupervisionWay.ONLINE_REDIRECT, "RCB": SupervisionWay.BRANCH}
        if request.bank not in ways:
            raise OutsideRefused(OutsideService.BANK, "refused", said="bank_unknown")
        ref, way = self._ref("bank"), ways[request.bank]
        online = way is SupervisionWay.ONLINE_REDIRECT
        account = SupervisionAccount(
            ref,
            request.bank,
            way,
            SupervisionState.AWAITING_PARTIES,
            url=f"https://bank.example/{ref}" if online else None,
            branches=() if online else ("石岐支行",),
        )
        self.accounts[ref] = request, account
        return account

    def state(self, ref: str, request: SupervisionRequest) -> SupervisionAccount:
        self._called()
        if ref not in self.accounts:
            raise OutsideRefused(OutsideService.BANK, "unknown")
        asked, account = self.accounts[ref]
        if asked.case_number != request.case_number:
            raise OutsideAnswerWrong(OutsideService.BANK, "other_case")
        return account

    def decide(self, ref: str, state: str) -> None:
        asked, account = self.accounts[ref]
        opened = {"account_number": f"4400{ref[-6:]}", "opened_at": self.clock()} if state == "opened" else {}
        self.accounts[ref] = asked, replace(account, state=SupervisionState(state), url=None, **opened)


@dataclass
class FakeContractRecipients(_Fake):
    """``received`` by recipient, case and filing number."""

    names: tuple[str, ...] = ("registry", "tax", "housing_fund", "banks")
    received: dict[tuple[str, str, str], tuple[FiledContract, PushReceipt]] = field(default_factory=dict)

    def push(self, recipient: str, contract: FiledContract) -> PushReceipt:
        now = self._called()
        if recipient not in self.names:
            raise OutsideRefused(OutsideService.RECIPIENTS, "not_configured")
        if hashlib.sha256(contract.pdf).hexdigest() != contract.pdf_sha256:
            raise OutsideRefused(OutsideService.RECIPIENTS, "refused", said="digest")
        key = (recipient, contract.case_number, contract.filing_number)
        if key in self.received:
            before, receipt = self.received[key]
            if before.pdf_sha256 != contract.pdf_sha256:
                raise OutsideRefused(OutsideService.RECIPIENTS, "conflict", said="another_file")
            return receipt
        receipt = PushReceipt(recipient, self._ref("in"), now, contract.pdf_sha256)
        self.received[key] = contract, receipt
        return receipt


def owner_subject(owner: RegisteredOwner, today: date) -> Subject:
    """A registered owner as a subject."""
    return Subject(owner.name, check_number(owner.id_type, owner.id_number, today), owner.kind)
