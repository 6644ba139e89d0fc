"""A world for acts of one case: real keys, time-stamps and contract files; everything outside answers from memory.

:class:`Desks` performs acts through ``filing.acts.perform`` on a case it holds. Fakes keep to the ports: a code
is good once, for what it was sent for; a face result is about who was asked.
"""

from __future__ import annotations

import hashlib
import itertools
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from errors import QianshuError
from filing.acts.perform import Asked, SystemCaller, perform_act
from filing.acts.perform import House as ActHouse
from filing.acts.world import CodePicture, CodeRequest, CodeVerified, HandedOff, Outside, World
from filing.case import case_from_json, case_to_json
from filing.case.signing import CaseSigning
from filing.case.text import FixedText, TextSource
from filing.contract import ContractCase, certify_text, fix_text
from filing.contract.acts import read_acts
from filing.facts import method_of
from filing.lifecycle import CasePosition, State
from filing.outside import ELicence, LicenceAuthorisation, OutsideRefused, OutsideService, Qualification
from filing.outside import QualificationState as OfficeState
from filing.profile.entry import CoOwnership
from filing.terms import build_terms
from identity.errors import CodeError
from identity.outside import FaceOutcome, FaceResult, FaceSession, OutsideAnswerWrong
from identity.subjects import Side
from notary.every_act import EVERY_ACT
from tests.builders.cases import CITIES, calendar, cities, drafting, key_of
from tests.builders.consents import consenting
from tests.builders.house import cheap_guessing, lay_keys, opened
from tests.builders.keyring import NOW
from tests.builders.notary_world import Offices, Probe, Recordings, ScanDesk, with_notary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from filing.acts.perform import Performed
    from filing.case import Case
    from filing.case.people import CaseParty
    from filing.engine.outcome import Fact, Outcome, Task
    from filing.engine.situation import Situation
    from filing.profile import Actor
    from identity.acting import ActingPerson
    from identity.subjects import Subject
    from qianshu.bootstrap import House


@dataclass
class Codes:
    """Codes that always are ``246810``, but one is good once and only for what it was sent for."""

    sent: list[CodeRequest] = field(default_factory=list)
    open: set[tuple[str, str]] = field(default_factory=set)

    CODE = "246810"

    def request(self, request: CodeRequest, account_id: str, now: datetime) -> Mapping[str, object]:
        self.sent.append(request)
        self.open.add((request.phone, request.bound_to))
        return {"code_id": f"code-{len(self.sent)}", "sealed": "…"}

    def verify(self, request: CodeRequest, code: str, now: datetime) -> CodeVerified:
        slot = (request.phone, request.bound_to)
        if code != self.CODE or slot not in self.open:
            raise CodeError("code.wrong", zh="验证码错误", en="the code is wrong")
        self.open.discard(slot)
        return CodeVerified(f"code-for-{request.phone[-4:]}", now)


@dataclass
class Links:
    invited: list[tuple[str, str]] = field(default_factory=list)
    handed_off: list[tuple[str, str]] = field(default_factory=list)

    def invite(self, party: Any, situation: Situation, text_sha256: str) -> Mapping[str, object]:
        self.invited.append((party.key, text_sha256))
        return {"link_id": f"link-{len(self.invited)}", "sealed": "…"}

    def hand_off(self, party: str, person_key: str, situation: Situation, text_sha256: str) -> HandedOff:
        self.handed_off.append((party, person_key))
        link = f"link-{len(self.handed_off)}"
        expires_at = situation.now + timedelta(minutes=15)
        return HandedOff(link, f"https://app.qianshu.example/s/{link}", CodePicture("M4 4h7v1h-7z", 45), expires_at)


@dataclass
class Files:
    kept: dict[tuple[str, str], bytes] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)

    def put(self, case_no: str, content: bytes, media_type: str) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        self.kept[case_no, sha256] = content
        self.types[sha256] = media_type
        return sha256

    def get(self, case_no: str, sha256: str) -> bytes:
        return self.kept[case_no, sha256]


@dataclass
class Face:
    outcome: FaceOutcome = FaceOutcome.PASSED
    at: datetime = NOW
    sessions: dict[str, tuple[str, str]] = field(default_factory=dict)

    def start(self, subject: Subject, purpose: str, return_url: str) -> FaceSession:
        ref = f"face-{len(self.sessions) + 1}"
        self.sessions[ref] = (subject.number.normalised, purpose)
        return FaceSession(ref, "https://face.example/1", NOW + timedelta(minutes=5))

    def result(self, ref: str, subject: Subject, purpose: str) -> FaceResult:
        if self.sessions.get(ref) != (subject.number.normalised, purpose):
            raise OutsideAnswerWrong(OutsideService.FACE, "other_person")
        return FaceResult(ref, self.outcome, f"cmp-{ref}", self.at)


@dataclass
class Office:
    """The qualification office."""

    answer: OfficeState = OfficeState.APPLIED
    reason: str | None = None
    asked: list[tuple[str, str]] = field(default_factory=list)
    void_refused: bool = False

    def apply(self, application: Any) -> Qualification:
        self.asked.append(("apply", application.buyer.name))
        return Qualification("ZG2026001", application.case_number, OfficeState.APPLIED)

    def state(self, code: str, application: Any) -> Qualification:
        self.asked.append(("state", code))
        return Qualification(code, application.case_number, self.answer, self.reason, NOW)

    def void(self, code: str, application: Any) -> Qualification:
        if self.void_refused:
            raise OutsideRefused(OutsideService.QUALIFICATION, "conflict")
        self.asked.append(("void", code))
        return Qualification(code, application.case_number, OfficeState.VOIDED)

    def use(self, code: str, application: Any) -> Qualification:
        self.asked.append(("use", code))
        return Qualification(code, application.case_number, OfficeState.USED)

    def release(self, code: str, application: Any) -> Qualification:
        self.asked.append(("release", code))
        return Qualification(code, application.case_number, OfficeState.PASSED)


@dataclass
class Licences:
    held: dict[str, tuple[ELicence, ...]] = field(default_factory=dict)
    asked: list[LicenceAuthorisation] = field(default_factory=list)

    def fetch(self, person: Subject, authorisation: LicenceAuthorisation) -> tuple[ELicence, ...]:
        self.asked.append(authorisation)
        return self.held.get(person.name, ())


class Unasked:
    """A service that no act of these tests may ask."""

    def __getattr__(self, name: str) -> Any:
        raise AssertionError(f"asked: {name}")


class Numbers:
    def __init__(self) -> None:
        self.given: dict[str, int] = {}

    def next(self, name: str, day: Any) -> int:
        self.given[name] = self.given.get(name, 0) + 1
        return self.given[name]


@dataclass
class Desks:
    """A case, the world around it, and everything that came of the acts on it."""

    service: House
    case: Case
    now: datetime = NOW
    codes: Codes = field(default_factory=Codes)
    links: Links = field(default_factory=Links)
    files: Files = field(default_factory=Files)
    face: Face = field(default_factory=Face)
    office: Office = field(default_factory=Office)
    licences: Licences = field(default_factory=Licences)
    offices: Offices = field(default_factory=Offices)
    recordings: Recordings = field(default_factory=Recordings)
    video: Probe = field(default_factory=Probe)
    scan_codes: ScanDesk = field(default_factory=ScanDesk)
    facts: list[Fact] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    refused: list[Fact] = field(default_factory=list)
    version: int = 1
    consents_given: bool = True
    """People have consented by themselves to whatever an act needs; tests of consents say no."""

    def contract(self, case_no: str, version: int) -> ContractCase:
        return replace(self.service.case(f"{case_no}.{version}"), case_no=case_no)

    @property
    def world(self) -> World:
        outside = Outside(
            land_register=Unasked(),
            qualification=self.office,
            use_category=Unasked(),
            licences=self.licences,
            bank=Unasked(),
            recipients=Unasked(),
            face=self.face,
            sms=Unasked(),
        )
        made = World(
            outside=outside,
            desk=self.service.desk,
            contract=self.contract,
            evidence=self.files,
            codes=self.codes,
            links=self.links,
            numbers=Numbers(),
            key_of=key_of,
            house_key_of=lambda _, number: f"house:{number}",
            read_text=lambda city, name: (CITIES / city / "templates" / f"{name}.yaml").read_text(encoding="utf-8"),
        )
        return with_notary(made, self.offices, self.recordings, self.video, self.scan_codes)

    def fix(self) -> None:
        """Fix the text as ``generate-text`` does."""
        profile = cities()[self.case.head.city]
        version = self.case.text.version + 1
        contract = self.contract(self.case.case_no, version)
        text = fix_text(contract, build_terms(self.case, profile))
        certified = certify_text(contract, self.service.desk)
        boxes: Any = text.facts["boxes"]
        source = TextSource(
            str(text.facts["terms_sha256"]), int(str(text.facts["pages"])), tuple(box["name"] for box in boxes)
        )
        fixed = FixedText(version, str(certified.sha256), self.now, source)
        method = method_of(profile.sale, self.case, self.now).method
        self.case = replace(
            self.case,
            text=replace(self.case.text, version=version, fixed=fixed, confirmations=()),
            signing=CaseSigning(method=method, head_sha256=fixed.sha256),
            position=CasePosition(State.TEXT_READY),
        )

    @property
    def text(self) -> str:
        fixed = self.case.text.fixed
        assert fixed is not None
        return fixed.sha256

    def do(
        self,
        name: str,
        person: ActingPerson | None,
        *,
        reason: str | None = None,
        as_actor: Actor | None = None,
        **said: Any,
    ) -> Performed:
        """Perform an act; without a person the service itself does. Raises what the act raises."""
        act = EVERY_ACT[name]
        caller = SystemCaller() if person is None else person
        asked = Asked(act, act.input(**said), caller, reason, as_actor=as_actor)
        house = ActHouse(_Book(self), self.world, cities(), calendar(), lambda: self.now)
        with self._consented(act, person):
            return perform_act(house, self.case.case_no, asked)

    @contextmanager
    def _consented(self, act: Any, person: ActingPerson | None) -> Iterator[None]:
        """What is refused leaves nothing behind, a consent as little as anything."""
        before = self.case
        if self.consents_given:
            self.case = consenting(self.case, act, person, self.now)
        try:
            yield
        except BaseException:
            self.case = before
            raise

    def pdf(self) -> bytes:
        """The newest revision of the contract file."""
        contract = self.contract(self.case.case_no, self.case.text.version)
        head = read_acts(contract.journal.entries()).head_sha256
        assert head == self.case.signing.head_sha256
        with contract.archive.open(str(head)) as stream:
            return stream.read()


class _Book:
    def __init__(self, desks: Desks) -> None:
        self.desks = desks

    @contextmanager
    def exclusive(self, case_no: str) -> Iterator[_Unit]:
        yield _Unit(self.desks)

    def create(self, outcome: Outcome, account_id: str, now: datetime) -> int:
        raise NotImplementedError


class _Unit:
    def __init__(self, desks: Desks) -> None:
        self.desks = desks

    @property
    def case(self) -> Case:
        return self.desks.case

    @property
    def version(self) -> int:
        return self.desks.version

    def commit(self, outcome: Outcome, account_id: str, now: datetime) -> int:
        # through its bytes, as records keep it: what cannot be stored is found here
        self.desks.case = case_from_json(case_to_json(outcome.case))
        self.desks.facts += outcome.facts
        self.desks.tasks += outcome.tasks
        self.desks.version += 1
        return self.desks.version

    def refuse(self, fact: Fact, account_id: str, now: datetime) -> None:
        self.desks.refused.append(fact)


def desks_for(service: House, case: Case, **parts: Any) -> Desks:
    """A case whose text is fixed, in a real contract file."""
    desks = Desks(service, case, **parts)
    desks.fix()
    return desks


def strokes_document(folder: Path | None = None) -> dict[str, Any]:
    """A signature as a telephone sends it."""
    from filing.acts.signing.ink import SIGN  # noqa: PLC0415 - the act's own example must be a signature

    return dict(SIGN.doc.example["strokes"])


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A service with real keys, whose passphrase is cheap; one for all tests, each case has its own files."""
    with cheap_guessing():
        yield opened(lay_keys(tmp_path_factory.mktemp("service")))


_NUMBERS = itertools.count(1)


@pytest.fixture
def text_ready(service: House) -> Callable[..., Desks]:
    """A case of a city with its text fixed: ``text_ready("huangshi", *parties, **sections)``."""

    def make(city: str, *parties: CaseParty, **changes: Any) -> Desks:
        case = drafting(city, *parties)
        if len(case.people.of_side(Side.BUYER)) > 1:
            case = replace(case, people=replace(case.people, co_ownership=CoOwnership.JOINT))
        numbered = replace(case, head=replace(case.head, case_no=f"20261121{next(_NUMBERS):05}"))
        return desks_for(service, replace(numbered, **changes))

    return make


def code_of(attempt: Callable[[], object]) -> str:
    """The code of the refusal that ``attempt`` ends in."""
    with pytest.raises(QianshuError) as caught:
        attempt()
    return caught.value.code
