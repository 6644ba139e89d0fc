"""Everything the ways in stand on, in memory: acts are the real ones, on cases kept in a dictionary."""

from __future__ import annotations

import hashlib
import io
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from limits.storage import MemoryStorage

from api import (
    ApiServices,
    ApiSettings,
    CaseServices,
    CityServices,
    MachineServices,
    NotaryServices,
    OperationsServices,
    PeopleServices,
)
from api.client_secrets import secret_hash
from api.errors import NotFound, RequestClash
from api.ports import (
    AgentBindingView,
    CityLink,
    HandlerView,
    KeptAnswer,
    MachineRecord,
    PublicFiling,
    SessionFacts,
    TaskCounts,
    WebhookDelivery,
)
from documents.field_places import FieldPlace
from documents.pages import PageSize
from filing.acts.perform import House, open_case, perform_act
from filing.calendar import beijing_day
from filing.case import case_from_json, case_to_json
from filing.engine.roles import parties_of
from filing.errors import FilingError
from filing.lifecycle import State
from identity.acting import Machine, MachineKind
from identity.errors import CodeError, SignLinkError
from identity.outside import LoginStart, OutsideService, OutsideUnavailable
from identity.staff import StaffGrant
from identity.trust_level import CheckMethod
from notary.members import Grantor, OfficeMember, entered, listed, removed
from notary.offices import NotaryOffice, acts_at, acts_in_city
from notary.ports import KeptFile
from signing.containers import container_report_to_dict, open_container
from signing.validation import TrustAnchors
from storage.errors import ObjectMissing, UploadStopped
from storage.operations import KeptCheck, OperatorAct, RenewalCounts
from tests.builders.cases import LOGIN, calendar, cities, key_of
from tests.builders.keyring import NOW

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from filing.acts.perform import Asked, Performed
    from filing.case import Case
    from filing.engine.outcome import Fact, Outcome
    from identity.acting import ActingPerson
    from identity.outside import LoginCallback

SECRET = "registry-secret-of-a-test"
SCOPES = ("feed:read", "contracts:read", "cases:act", "webhooks:manage")


@dataclass
class Kept:
    """A case in memory."""

    case: Case
    version: int
    updated_at: datetime


@dataclass
class Line:
    """A line of a journal, or of the feed."""

    seq: int
    at: datetime
    event: str
    actor: str
    data: Mapping[str, object]
    sha256: str = "0" * 64


@dataclass
class FeedRow:
    position: int
    city: str
    case_no: str
    kind: str
    at: datetime
    sha256: str | None
    data: Mapping[str, object]
    recipient: str = "registry"


@dataclass
class World:
    """Records, people and programs of one test."""

    now: datetime = NOW
    cases: dict[str, Kept] = field(default_factory=dict)
    journal: dict[str, list[Line]] = field(default_factory=dict)
    feed: list[FeedRow] = field(default_factory=list)
    answers: dict[tuple[str, str], tuple[str, KeptAnswer | None]] = field(default_factory=dict)
    sessions: dict[str, tuple[str | None, bytes, datetime]] = field(default_factory=dict)
    people: dict[str, ActingPerson] = field(default_factory=dict)
    machines: dict[str, MachineRecord] = field(default_factory=dict)
    webhooks: dict[str, Any] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    grants: list[StaffGrant] = field(default_factory=list)
    offices: dict[str, NotaryOffice] = field(default_factory=dict)
    members: list[OfficeMember] = field(default_factory=list)
    down: set[str] = field(default_factory=set)
    desk: dict[str, Any] = field(default_factory=dict)
    performed: list[str] = field(default_factory=list)
    drawn: list[int] = field(default_factory=list)
    assertions: set[tuple[str, str]] = field(default_factory=set)
    number: int = 0
    lock: Any = field(default_factory=threading.RLock)

    def keep(self, case: Case, version: int = 1) -> None:
        self.cases[case.case_no] = Kept(case, version, self.now)

    def know(self, *people: ActingPerson) -> None:
        for person in people:
            self.people[person.account_id] = person

    def tell(self, city: str, case_no: str, kind: str = "filed", sha256: str | None = None) -> None:
        self.feed.append(FeedRow(len(self.feed) + 1, city, case_no, kind, self.now, sha256, {"filing_number": case_no}))

    def tell_office(
        self, recipient: str, case_no: str, /, kind: str = "package", sha256: str | None = None, **data: object
    ) -> None:
        row = FeedRow(len(self.feed) + 1, "zhongshan-notary", case_no, kind, self.now, sha256, data, recipient)
        self.feed.append(row)

    def register(self, client_id: str = "registry", *cities_: str, kind: MachineKind = MachineKind.REGISTRY) -> None:
        self.admit(Machine(client_id, kind, cities_ or ("huangshi",), SCOPES))

    def admit(self, machine: Machine, **more: Any) -> None:
        """Register a program with the secret of tests."""
        hashes = () if more.get("public_keys") else (secret_hash(machine.client_id, SECRET),)
        self.machines[machine.client_id] = MachineRecord(machine, hashes, **more)


class Unit:
    """A case under its lock (``filing.acts.perform.CaseUnit``)."""

    def __init__(self, world: World, kept: Kept, keep: Any) -> None:
        self._world, self._kept, self._keep = world, kept, keep

    @property
    def case(self) -> Case:
        return self._kept.case

    @property
    def version(self) -> int:
        return self._kept.version

    def commit(self, outcome: Outcome, account_id: str, now: datetime) -> int:
        return write(self._world, outcome, (account_id, now, self.version + 1), self._keep)

    def refuse(self, fact: Fact, account_id: str, now: datetime) -> None:
        note(self._world, self.case.case_no, [fact], account_id, now)


@dataclass
class Book:
    """``filing.acts.perform.CaseBook``."""

    world: World
    keep: Any = None

    @contextmanager
    def exclusive(self, case_no: str) -> Iterator[Unit]:
        with self.world.lock:
            kept = self.world.cases.get(case_no)
            if kept is None:
                raise FilingError("case.unknown", zh="没有", en="none")
            yield Unit(self.world, kept, self.keep)

    def create(self, outcome: Outcome, account_id: str, now: datetime) -> int:
        return write(self.world, outcome, (account_id, now, 1), self.keep)


def write(world: World, outcome: Outcome, who: tuple[str, datetime, int], keep: Any) -> int:
    account_id, now, version = who
    case = case_from_json(case_to_json(outcome.case))
    world.cases[case.case_no] = Kept(case, version, now)
    note(world, case.case_no, list(outcome.facts), account_id, now)
    for item in outcome.feed:
        if item.to == "registry":
            world.tell(case.head.city, case.case_no, item.kind, item.sha256)
        else:
            world.tell_office(item.to, case.case_no, item.kind, item.sha256, **item.data)
    if keep is not None:
        from filing.acts.perform import Performed  # noqa: PLC0415

        digest, _ = world.answers[keep.key.principal, keep.key.key]
        answer = keep.render(Performed(outcome.case, version, outcome.answer))
        world.answers[keep.key.principal, keep.key.key] = (digest, answer)
    return version


def note(world: World, case_no: str, facts: list[Fact], account_id: str, now: datetime) -> None:
    lines = world.journal.setdefault(case_no, [])
    for fact in facts:
        lines.append(Line(len(lines) + 1, now, fact.event, account_id, dict(fact.data)))


class Down:
    """The outside world when none of it answers."""

    def __getattr__(self, name: str) -> Down:
        return self

    def __call__(self, *_: object, **__: object) -> Any:
        raise OutsideUnavailable(OutsideService.FACE, "slow")


@dataclass
class FakeActs:
    world: World

    def perform(self, case_no: str, asked: Asked, keep: Any) -> Performed:
        self.world.performed.append(asked.act.name)
        return perform_act(self._house(keep), case_no, asked)

    def open(self, city: str, asked: Asked, keep: Any) -> Performed:
        self.world.performed.append(asked.act.name)
        return open_case(self._house(keep), city, asked)

    def _house(self, keep: Any) -> House:
        return House(Book(self.world, keep), self._ports(), cities(), calendar(), lambda: self.world.now)

    def _ports(self) -> Any:
        def following(name: str, day: date) -> int:
            self.world.number += 1
            return self.world.number

        down = Down()
        return SimpleNamespace(
            key_of=key_of,
            numbers=SimpleNamespace(next=following),
            house_key_of=lambda profile, number: f"{profile.city.name}:{number}",
            read_text=read_text,
            outside=down,
            desk=down,
            contract=down,
            evidence=down,
            codes=down,
            links=down,
        )


@dataclass
class FakeReader:
    world: World

    def load(self, case_no: str) -> Kept | None:
        return self.world.cases.get(case_no)

    def load_many(self, case_nos: Sequence[str]) -> dict[str, Kept]:
        return {number: self.world.cases[number] for number in case_nos if number in self.world.cases}

    def by_filing_number(self, number: str) -> Kept | None:
        return next((kept for kept in self.world.cases.values() if kept.case.filing.number == number), None)

    def concerning(self, person: ActingPerson, asked: Any, now: datetime) -> Any:
        mine = [
            kept
            for kept in self.world.cases.values()
            if kept.case.head.entrant == person.account_id
            or parties_of(cities()[kept.case.head.city], kept.case, person, now)
        ]
        return self._page(sorted(mine, key=lambda kept: kept.case.case_no, reverse=True), asked)

    def queue(self, city: str, states: Sequence[State], asked: Any) -> Any:
        fit = [k for k in self.world.cases.values() if k.case.head.city == city and k.case.position.state in states]
        return self._page(sorted(fit, key=lambda kept: kept.case.case_no), asked)

    def counts(self, city: str) -> dict[State, int]:
        found: dict[State, int] = {}
        for kept in self.world.cases.values():
            if kept.case.head.city == city:
                found[kept.case.position.state] = found.get(kept.case.position.state, 0) + 1
        return found

    def opened(self, city: str, since: date) -> dict[date, int]:
        begun = [beijing_day(k.case.head.opened_at) for k in self.world.cases.values() if k.case.head.city == city]
        return {day: begun.count(day) for day in begun if day >= since}

    def counts_of(self, cities: Sequence[str]) -> dict[tuple[str, State], int]:
        return {(city, state): number for city in cities for state, number in self.counts(city).items()}

    def begun(self, cities: Sequence[str], since: date) -> dict[tuple[str, date, State], int]:
        found: dict[tuple[str, date, State], int] = {}
        for kept in self.world.cases.values():
            head = kept.case.head
            key = head.city, beijing_day(head.opened_at), kept.case.position.state
            if head.city in cities and key[1] >= since:
                found[key] = found.get(key, 0) + 1
        return found

    def journal(self, case_no: str, after_seq: int, limit: int) -> list[Line]:
        return [line for line in self.world.journal.get(case_no, []) if line.seq > after_seq][:limit]

    def key_of(self, person: ActingPerson) -> str:
        return f"key-{person.account_id}"

    def open_link(self, token: str, person: ActingPerson, now: datetime) -> str:
        raise SignLinkError("sign_link.another_person", zh="链接无效", en="no such link")

    def find_to_join(self, city: str, keys: Mapping[str, str], now: datetime) -> str | None:
        kept = self.world.cases.get(keys.get("case_number", ""))
        fits = kept is not None and kept.case.head.city == city
        return keys["case_number"] if fits and keys.get("seller_name") == "周明远" else None

    def _page(self, found: list[Kept], asked: Any) -> Any:
        start = int(asked.cursor or 0)
        rows = tuple(_row(kept) for kept in found[start : start + asked.limit])
        further = str(start + asked.limit) if len(found) > start + asked.limit else None
        return SimpleNamespace(rows=rows, next_cursor=further)


def _row(kept: Kept) -> Any:
    case = kept.case
    return SimpleNamespace(
        case_no=case.case_no,
        city=case.head.city,
        state=case.position.state,
        resume_state=case.position.resume_state,
        version=kept.version,
        opened_at=case.head.opened_at,
        updated_at=kept.updated_at,
        expires_at=case.head.expires_at,
        filing_number=case.filing.number,
        signing_method=case.signing.method,
    )


@dataclass
class FakeFiles:
    world: World

    def contract(self, case_no: str, sha256: str) -> bytes:
        if sha256 not in self.world.files:
            raise ObjectMissing("storage.object_missing", zh="没有", en="none")
        return self.world.files[sha256]

    material = contract

    def page(self, case_no: str, sha256: str, number: int, width_px: int) -> bytes:
        if number > 1:
            raise NotFound("page.out_of_range", zh="没有", en="none")
        self.world.drawn.append(width_px)
        return self.contract(case_no, sha256)[:4] + b"-as-a-picture"

    def sheets(self, case_no: str, sha256: str) -> tuple[tuple[PageSize, ...], tuple[FieldPlace, ...]]:
        self.contract(case_no, sha256)
        return (PageSize(595, 842),), (FieldPlace("seller-1", 1, 0.1, 0.8, 0.4, 0.1, is_signed=False),)

    def evidence_report(self, case_no: str, sha256: str) -> bytes:
        return b"report on " + self.contract(case_no, sha256)


@dataclass
class FakeFeed:
    world: World
    looks: int = 0
    reads: int = 0

    def after(self, cities: Sequence[str], position: int, limit: int, recipient: str = "registry") -> list[FeedRow]:
        self.reads += 1
        mine = [row for row in self.world.feed if row.city in cities and row.recipient == recipient]
        return [row for row in mine if row.position > position][:limit]

    def before(self, city: str, position: int | None, limit: int) -> list[FeedRow]:
        mine = [row for row in self.world.feed if row.city == city and row.recipient == "registry"]
        return [row for row in mine if position is None or row.position < position][-limit:]

    def newest(self) -> int:
        self.looks += 1
        return self.world.feed[-1].position if self.world.feed else 0


@dataclass
class FakeRequests:
    world: World

    def begin(self, key: Any, now: datetime) -> KeptAnswer | None:
        with self.world.lock:
            known = self.world.answers.get((key.principal, key.key))
            if known is None:
                self.world.answers[key.principal, key.key] = (key.request_sha256, None)
                return None
        if known[0] != key.request_sha256:
            raise RequestClash.mismatch()
        if known[1] is None:
            raise RequestClash.in_progress()
        return known[1]

    def keep(self, key: Any, answer: KeptAnswer, now: datetime) -> None:
        self.world.answers[key.principal, key.key] = (key.request_sha256, answer)

    def drop(self, key: Any) -> None:
        if self.world.answers.get((key.principal, key.key), ("", None))[1] is None:
            self.world.answers.pop((key.principal, key.key), None)


@dataclass
class FakeSessions:
    world: World

    def read(self, key: str, now: datetime) -> bytes | None:
        found = self.world.sessions.get(key)
        return found[1] if found is not None and now < found[2] else None

    def create(self, key: str, account_id: str | None, content: bytes, expires_at: datetime) -> None:
        self.world.sessions[key] = (account_id, content, expires_at)

    def update(self, key: str, content: bytes, expires_at: datetime) -> bool:
        if key not in self.world.sessions:
            return False
        self.world.sessions[key] = (self.world.sessions[key][0], content, expires_at)
        return True

    def remove(self, key: str) -> bool:
        return self.world.sessions.pop(key, None) is not None

    def end_all(self, account_id: str) -> int:
        mine = [key for key, value in self.world.sessions.items() if value[0] == account_id]
        for key in mine:
            del self.world.sessions[key]
        return len(mine)


@dataclass
class FakeLogin:
    """The platform says you are whoever ``code`` names."""

    world: World

    def begin(self, return_url: str, hint: str | None) -> LoginStart:
        if "identity_provider" in self.world.down:
            raise OutsideUnavailable(OutsideService.IDENTITY_PROVIDER, "slow")
        self.world.number += 1
        state = f"state-{self.world.number}"
        return LoginStart(f"https://idp.example/authorize?state={state}", state, "nonce", "verifier", return_url)

    def finish(self, start: LoginStart, callback: LoginCallback, now: datetime) -> SessionFacts:
        from identity.outside import LoginRefused  # noqa: PLC0415

        if callback.state != start.state or callback.code not in self.world.people:
            raise LoginRefused(OutsideService.IDENTITY_PROVIDER, "state")
        return SessionFacts(callback.code, (LOGIN["huangshi"],), now)

    def acting(self, session: SessionFacts, now: datetime) -> ActingPerson | None:
        person = self.world.people.get(session.account_id)
        if person is None:
            return None
        login = replace(person.login, card=session.card, capacity=session.capacity)
        return replace(person, login=login, organisation_account_id=session.organisation_account_id)

    def send_code(self, session: SessionFacts, now: datetime) -> Mapping[str, object]:
        return {"phone": "139****0001", "expires_at": (now + timedelta(minutes=5)).isoformat()}

    def give_code(self, session: SessionFacts, code: str, now: datetime) -> SessionFacts:
        if code != "123456":
            raise CodeError("code.wrong", zh="不正确", en="wrong", tries_left=4)
        return replace(session, methods=(*session.methods, CheckMethod.SMS), code_phone="13900000001")

    def links(self, account_id: str) -> list[CityLink]:
        return [CityLink("huangshi", linked=True, old_account=False, kind="individual")]

    def link(self, account_id: str, city: str, old: Any, now: datetime) -> CityLink:
        return CityLink(city, linked=True, old_account=False, kind="linked" if old else "individual")

    def ask_agency(self, account_id: str, city: str, now: datetime) -> CityLink:
        return CityLink(city, linked=False, old_account=False, kind=None, agency_asked=True)


@dataclass
class FakeAuthority:
    world: World

    def handlers_of(self, person: ActingPerson) -> list[HandlerView]:
        return [self._view()]

    def appoint(self, person: Any, city: str, asked: Any, now: datetime) -> HandlerView:
        return self._view()

    def ask_consent(self, person: Any, binding_id: str, now: datetime) -> Mapping[str, object]:
        return {"phone": "139****0001"}

    def consent(self, person: Any, binding_id: str, code: str, now: datetime) -> HandlerView:
        return self._view()

    def unbind(self, person: Any, binding_id: str, now: datetime) -> HandlerView:
        return self._view()

    def bind_agent(self, clerk: Any, city: str, asked: Any, now: datetime) -> AgentBindingView:
        return AgentBindingView("b-1", city, "acc", asked.certificate_number, now)

    def unbind_agent(self, clerk: Any, city: str, binding_id: str, now: datetime) -> AgentBindingView:
        return AgentBindingView(binding_id, city, "acc", "鄂(2022)黄石市不动产权第0012345号", now, now)

    def confirm_agency(self, officer: Any, city: str, account_id: str, now: datetime) -> CityLink:
        return CityLink(city, linked=True, old_account=False, kind="agency")

    def _view(self) -> HandlerView:
        return HandlerView("h-1", "黄石市示例置业有限公司", "91420200MA49X7Q2AG", "周*", "bound", NOW, None)


@dataclass
class FakeStaff:
    world: World

    def in_city(self, city: str) -> list[StaffGrant]:
        return [grant for grant in self.world.grants if grant.city == city]

    def grant(self, grantor: Any, city: str, to: Any, now: datetime) -> StaffGrant:
        made = StaffGrant(f"g-{len(self.world.grants)}", to[0], to[1], city, grantor.account_id, now)
        self.world.grants.append(made)
        return made

    def revoke(self, grantor: Any, city: str, grant_id: str, now: datetime) -> StaffGrant:
        for grant in self.world.grants:
            if (grant.grant_id, grant.city) == (grant_id, city):
                return replace(grant, revoked_at=now, revoked_by=grantor.account_id)
        raise NotFound("request.not_found", zh="没有", en="none")

    def names_of(self, account_ids: Any) -> dict[str, str]:
        return {each: self.world.people[each].subject.name for each in account_ids if each in self.world.people}

    def find(self, somebody: Any, now: datetime) -> str:
        for person in self.world.people.values():
            if (person.subject.name, person.subject.number.normalised) == (somebody.name, somebody.id_number):
                return person.account_id
        raise NotFound("account.unknown", zh="没有该账号", en="there is no such account")


@dataclass
class FakeMachines:
    world: World

    def load(self, client_id: str) -> MachineRecord | None:
        return self.world.machines.get(client_id)

    def use_assertion(self, client_id: str, jti: str, expires_at: datetime) -> bool:
        fresh = (client_id, jti) not in self.world.assertions
        self.world.assertions.add((client_id, jti))
        return fresh


@dataclass
class FakeWebhooks:
    world: World

    def add(self, subscription: Any) -> None:
        self.world.webhooks[subscription.subscription_id] = subscription

    def load(self, subscription_id: str) -> Any:
        return self.world.webhooks.get(subscription_id)

    def of_client(self, client_id: str) -> list[Any]:
        return [one for one in self.world.webhooks.values() if one.client_id == client_id and one.ended_at is None]

    def end(self, subscription_id: str, now: datetime) -> None:
        self.world.webhooks[subscription_id] = replace(self.world.webhooks[subscription_id], ended_at=now)

    def deliveries(self, subscription_id: str, before: int | None, limit: int) -> list[WebhookDelivery]:
        return [WebhookDelivery(subscription_id, 1, 1, NOW, 500, "webhook.status")]


@dataclass
class FakeOffices:
    """The rules of who may enter whom are the real ones."""

    world: World

    def load(self, office_id: str) -> NotaryOffice | None:
        return self.world.offices.get(office_id)

    def in_city(self, region_code: str, now: datetime) -> list[NotaryOffice]:
        return [office for office in self.world.offices.values() if acts_in_city(office, region_code)]

    def at_place(self, region_code: str, now: datetime) -> list[NotaryOffice]:
        return [office for office in self.world.offices.values() if acts_at(office, region_code)]

    def members(self, office_id: str) -> list[OfficeMember]:
        return [one for one in self.world.members if one.office_id == office_id]

    def add_member(self, grantor: ActingPerson, city: str, asked: Any, now: datetime) -> OfficeMember:
        number = f"m-{len(self.world.members) + 1}"
        wanted = OfficeMember(number, asked.office_id, asked.kind, asked.subject, grantor.account_id, now)
        self.world.members.append(entered(self._grantor(grantor, city), self._office(asked.office_id), wanted))
        return wanted

    def end_member(self, grantor: ActingPerson, city: str, member: tuple[str, str], now: datetime) -> OfficeMember:
        for at, one in enumerate(self.world.members):
            if (one.office_id, one.member_id) == member:
                self.world.members[at] = removed(self._grantor(grantor, city), self._office(member[0]), one, now)
                return self.world.members[at]
        raise NotFound("notary.member_unknown", zh="没有", en="none")

    def enter_office(self, grantor: ActingPerson, city: str, office: NotaryOffice, now: datetime) -> None:
        self.world.offices[office.office_id] = listed(self._grantor(grantor, city), office)

    def end_office(self, grantor: ActingPerson, city: str, office_id: str, now: datetime) -> None:
        self._change(grantor, city, office_id, ended_at=now)

    def trust(self, grantor: ActingPerson, city: str, office_id: str, certificate: Any, now: datetime) -> None:
        held = (*self._office(office_id).certificates, replace(certificate, trusted_from=now))
        self._change(grantor, city, office_id, certificates=held)

    def distrust(self, grantor: ActingPerson, city: str, office_id: str, sha256: str, now: datetime) -> None:
        held = self._office(office_id).certificates
        if all(hashlib.sha256(one.der).hexdigest() != sha256 for one in held):
            raise NotFound("notary.certificate_unknown", zh="没有", en="none")
        self._change(grantor, city, office_id, certificates=tuple(replace(one, withdrawn_at=now) for one in held))

    def _change(self, grantor: ActingPerson, city: str, office_id: str, **changes: Any) -> None:
        office = listed(self._grantor(grantor, city), self._office(office_id))
        self.world.offices[office_id] = replace(office, **changes)

    def told(self, office_id: str, before: int | None, limit: int) -> list[tuple[str, int]]:
        last: dict[str, int] = {}
        for row in self.world.feed:
            if row.recipient == f"office:{office_id}":
                last[row.case_no] = row.position
        found = sorted(last.items(), key=lambda told: -told[1])
        return [told for told in found if before is None or told[1] < before][:limit]

    def code_address(self, case: Case, party: str, now: datetime) -> str:
        return f"https://sign.example/n/{case.case_no}.{party}.secret"

    def _office(self, office_id: str) -> NotaryOffice:
        if office_id not in self.world.offices:
            raise NotFound("notary.office_unknown", zh="没有", en="none")
        return self.world.offices[office_id]

    def _grantor(self, person: ActingPerson, city: str) -> Grantor:
        return Grantor(person.account_id, person.staff, city, cities()[city].city.region_code)


@dataclass
class FakeStreams:
    """Files of cases as streams that seek; every read is counted."""

    world: World
    read: list[int] = field(default_factory=list)

    def facts(self, case_no: str, sha256: str) -> KeptFile:
        content = self._content(sha256)
        return KeptFile(sha256, 0, len(content), "application/octet-stream")

    @contextmanager
    def open(self, case_no: str, sha256: str) -> Iterator[io.BytesIO]:
        kept = self.read

        class Counted(io.BytesIO):
            def read(self, size: int | None = -1) -> bytes:
                piece = super().read(size)
                kept.append(len(piece))
                return piece

        yield Counted(self._content(sha256))

    def _content(self, sha256: str) -> bytes:
        if sha256 not in self.world.files:
            raise ObjectMissing("storage.object_missing", zh="没有", en="none")
        return self.world.files[sha256]


@dataclass
class FakePackages:
    """Really looked into, trusting whom the test says."""

    world: World
    trust: TrustAnchors = field(default_factory=lambda: TrustAnchors(()))

    def examine(self, case_no: str, sha256: str, now: datetime) -> Mapping[str, object]:
        stream = io.BytesIO(self.world.files[sha256])
        return container_report_to_dict(open_container(stream, trust=self.trust, now=now))


@dataclass
class FakePublic:
    world: World
    seen: list[Path] = field(default_factory=list)

    def verify(self, file: Path, now: datetime) -> Mapping[str, object]:
        self.seen.append(file)
        content = file.read_bytes()
        return {"verdict": "failed", "verified_at": now.isoformat(), "file": {"size_bytes": len(content)}}

    def filing(self, code: str) -> PublicFiling | None:
        kept = self.world.cases.get(code)
        if kept is None or kept.case.filing.number is None:
            return None
        parties = tuple((p.side.value, p.identified.name, True) for p in kept.case.people.parties)
        return PublicFiling(
            kept.case.filing.number,
            kept.case.head.city,
            kept.case.position.state,
            date(2026, 11, 21),
            in_force=True,
            location="湖滨中路18号3栋602室",
            parties=parties,
            sha256=None,
        )

    def trust_anchors(self) -> bytes:
        return b"-----BEGIN CERTIFICATE-----\n"


@dataclass
class FakeOperations:
    world: World
    requeued: list[int] = field(default_factory=list)

    def readiness(self) -> Mapping[str, bool]:
        return {name: name not in self.world.down for name in ("database", "objects", "broker")}

    def tasks(self) -> TaskCounts:
        return TaskCounts({"pending": 3, "failed": 1}, NOW)

    def failed_tasks(self, after_id: int, limit: int) -> list[Any]:
        task = SimpleNamespace(
            task_id=7, kind="sms", case_no="2026112100001", attempt=9, last_error_code="outside.refused"
        )
        return [task] if after_id < 7 else []

    def requeue(self, task_id: int, account_id: str, now: datetime) -> bool:
        self.requeued.append(task_id)
        return task_id == 7


@dataclass
class FakeOperatorDesk:
    """The operator's desk over values that tests put into ``World.desk``."""

    world: World

    def kinds(self, now: datetime) -> list[Any]:
        return self.world.desk.get("kinds", [])

    def late(self, now: datetime) -> int:
        return self.world.desk.get("late", 0)

    def work(self, state: str, after: tuple[datetime, int] | None, limit: int) -> list[Any]:
        found = [one for one in self.world.desk.get("work", []) if one.state == state]
        return [one for one in found if after is None or (one.since_at, one.task_id) > after][:limit]

    def subscribers(self, cities: Sequence[str]) -> list[Any]:
        return [one for one in self.world.desk.get("subscribers", []) if set(one.cities) & set(cities)]

    def attempts(self, subscription_id: str, before: int | None, limit: int) -> list[Any]:
        found = self.world.desk.get("attempts", [])
        return [one for one in found if before is None or one.position < before][:limit]

    def deliver_again(self, subscription_id: str, position: int | None, account_id: str, now: datetime) -> bool:
        self._act("delivery.again", account_id, {"subscription_id": subscription_id})
        return position != 99

    def outside(self, now: datetime) -> list[Any]:
        return self.world.desk.get("outside", [])

    def renewals(self, cities: Sequence[str], now: datetime) -> RenewalCounts:
        return RenewalCounts(len(self.world.desk.get("files", [])), 1, 0, 0, 2, NOW)

    def due_files(
        self, cities: Sequence[str], after: tuple[datetime, int] | None, limit: int, *, unreadable: bool
    ) -> list[Any]:
        found = [one for one in self.world.desk.get("files", []) if one.line.city in cities]
        fit = [one for one in found if (one.due_at is None) is unreadable]
        return [one for one in fit if after is None or (one.due_at, one.line.position) > after][:limit]

    def renewing(self, sha256s: Sequence[str]) -> Mapping[str, str]:
        return {one: state for one, state in self.world.desk.get("renewing", {}).items() if one in sha256s}

    def renew(self, cities: Sequence[str], sha256: str, account_id: str, now: datetime) -> bool:
        files = self.world.desk.get("files", [])
        if not any(one.line.sha256 == sha256 and one.line.city in cities for one in files):
            return False
        self._act("archive.renewal_asked", account_id, {"sha256": sha256})
        self.world.desk.setdefault("renewing", {})[sha256] = "pending"
        return True

    def certificates_of(self, cities: Sequence[str]) -> list[Any]:
        return [one for one in self.world.desk.get("certificates", []) if one.city in cities]

    def check_archive(self, account_id: str, now: datetime) -> KeptCheck | None:
        checks = self.world.desk.setdefault("checks", [])
        if any(one.finished_at is None for one in checks):
            return None
        self._act("archive.check_asked", account_id, {"check_id": len(checks) + 1})
        checks.insert(0, KeptCheck(len(checks) + 1, now, account_id, None, None, None, None))
        return checks[0]

    def archive_checks(self, before: int | None, limit: int) -> list[Any]:
        return [one for one in self.world.desk.get("checks", []) if before is None or one.check_id < before][:limit]

    def archive_check(self, check_id: int) -> Any:
        return next((one for one in self.world.desk.get("checks", []) if one.check_id == check_id), None)

    def acts(self, before: int | None, limit: int) -> list[Any]:
        return self.world.desk.get("acts", [])[:limit]

    def _act(self, event: str, account_id: str, data: dict[str, Any]) -> None:
        acts = self.world.desk.setdefault("acts", [])
        acts.insert(0, OperatorAct(len(acts) + 1, self.world.now, event, account_id, data))


class NoUploads:
    """No uploads come in: tests of uploads bring a real desk."""

    def find(self, upload_id: str) -> Any:
        raise UploadStopped("upload.unknown", zh="没有", en="none")


def read_text(city: str, name: str) -> str:
    path = Path(__file__).resolve().parents[2] / "cities" / city / "templates" / f"{name}.yaml"
    if not path.exists():
        raise LookupError(name)
    return path.read_text(encoding="utf-8")


def services(world: World, **settings: Any) -> ApiServices:
    """Everything, in memory."""
    chosen = {"base_url": "http://127.0.0.1", "signing_secret": b"k" * 32, **settings}
    return ApiServices(
        settings=ApiSettings(**chosen),
        clock=lambda: world.now,
        cases=CaseServices(
            FakeActs(world),
            FakeReader(world),
            FakeFiles(world),
            FakeFeed(world),
            FakeRequests(world),
            NoUploads(),  # type: ignore[arg-type]
        ),
        people=PeopleServices(FakeLogin(world), FakeSessions(world), FakeAuthority(world), FakeStaff(world)),
        machines=MachineServices(FakeMachines(world), FakeWebhooks(world)),
        notary=NotaryServices(FakeOffices(world), FakeStreams(world), FakePackages(world)),
        cities=CityServices(cities(), read_text, calendar()),
        public=FakePublic(world),
        operations=OperationsServices(FakeOperations(world), FakeOperatorDesk(world)),
        limits=MemoryStorage(),
    )
