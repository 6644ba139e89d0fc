"""A case driven by its people through acts, who they are, and how a case stood on its way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from filing.case import Case, CaseHead
from filing.guards.consents import CONSENT_WORDS
from filing.lifecycle import State
from identity.acting import Machine, MachineKind
from identity.staff import StaffRole
from notary.every_act import EVERY_ACT
from tests.builders.cases import AGENT, BUYER, COMPANY, OFFICIAL, OFFICIAL_2, SELLER, acting, profile, resident, staff
from tests.builders.consents import is_consented
from tests.builders.notary_world import OFFICE_ID
from tests.builders.said import said_by
from tests.builders.town import Town

if TYPE_CHECKING:
    from filing.acts.perform import Performed
    from identity.acting import ActingPerson

CLERK = resident("冯窗口", 17, "13900000021", "19780506")

OPERATOR = resident("卫经办", 19, "13900000022", "19820607")
"""The developer's handler."""


@dataclass(frozen=True)
class Cast:
    """Everybody who may act in a case of one city."""

    seller: ActingPerson
    buyer: ActingPerson
    agent: ActingPerson
    reviewer: ActingPerson
    sealer: ActingPerson
    clerk: ActingPerson
    registry: Machine
    notary: Machine


def cast_of(city: str) -> Cast:
    imported = profile(city).sale is None
    return Cast(
        seller=acting(OPERATOR, city, handles=COMPANY) if imported else acting(SELLER, city),
        buyer=acting(BUYER, city),
        agent=acting(AGENT, city),
        reviewer=staff(StaffRole.REVIEWER, city, OFFICIAL),
        sealer=staff(StaffRole.SEALING_OFFICER, city, OFFICIAL_2),
        clerk=staff(StaffRole.WINDOW_CLERK, city, CLERK),
        registry=Machine(f"registry-of-{city}", MachineKind.REGISTRY, (city,), ("registry",)),
        notary=Machine(f"notary-of-{city}", MachineKind.NOTARY, (city,), ("notary",), office=OFFICE_ID),
    )


@dataclass(frozen=True)
class Snapshot:
    """A case where it came to a state, and the town around it. Fork the town before acting in it."""

    way: str
    name: str
    """Name of the state, or of a turn of the way."""

    town: Town
    case_no: str

    @property
    def case(self) -> Case:
        return self.town.case(self.case_no)

    @property
    def city(self) -> str:
        return self.case.head.city

    @property
    def state(self) -> State:
        return self.town.state(self.case_no)

    def __str__(self) -> str:
        return f"{self.way}/{self.name}"


@dataclass
class Walk:
    """One case on its way."""

    way: str
    city: str
    town: Town
    case_no: str = ""
    seen: dict[str, Snapshot] = field(default_factory=dict)
    done: set[tuple[str, str, str | None]] = field(default_factory=set)
    """Act, city and state before, of everything that was ever done."""

    moves: set[tuple[str | None, str]] = field(default_factory=set)
    """State and event of every move."""

    @property
    def cast(self) -> Cast:
        return cast_of(self.city)

    @property
    def case(self) -> Case:
        return self.town.case(self.case_no)

    def open(self, act: str = "open", **said: Any) -> None:
        person = self.cast.seller
        nothing = Case(CaseHead("", self.city, 1, self.town.now, "", ""))
        performed = self.town.open(self.city, person, act, **(said or said_by(self.town, nothing, act, person)))
        self.case_no = performed.case.case_no
        self._been(act, None)

    def do(self, act: str, caller: Any = None, **changes: Any) -> Performed:
        """Perform an act as whoever means well would, with ``changes``."""
        needed = EVERY_ACT[act].consent
        if needed is not None and not is_consented(self.case, needed, caller):
            self.do("give-consent", caller, kind=needed, sha256=CONSENT_WORDS[needed].sha256)
        before = self.town.state(self.case_no).value
        said = {**said_by(self.town, self.case, act, caller), **changes}
        performed = self.town.do(self.case_no, act, caller, **said)
        self._been(act, before)
        return performed

    def _been(self, act: str, before: str | None) -> None:
        self.done.add((act, self.city, before))
        self.moves |= moves_in(self.town, self.case_no)
        self.mark(self.town.state(self.case_no).value)

    def mark(self, name: str) -> None:
        """Remember this point, if it is the first of its name."""
        if name not in self.seen:
            self.seen[name] = Snapshot(self.way, name, self.town.fork(), self.case_no)

    def branch(self, name: str | State) -> Walk:
        """Another walk from a point that was remembered."""
        return replace(self, town=self.seen[str(name)].town.fork())

    def later(self, **time: float) -> None:
        self.town.now += timedelta(**time)

    def work_off(self, *kinds: str) -> None:
        """Whatever the acts have left to do, as the service's own acts."""
        before, state = len(self.town.book.journals[self.case_no]), self.town.state(self.case_no).value
        self.town.work_off(*kinds)
        told = {entry.event for entry in self.town.book.journals[self.case_no][before:]}
        self.done |= {(act, self.city, state) for event, act in _OF_SERVICE.items() if event in told}


def moves_in(town: Town, case_no: str) -> set[tuple[str | None, str]]:
    """State and event of every move of a case, as its journal tells."""
    moved = [entry.data for entry in town.book.journals[case_no] if entry.event == "case.moved"]
    return {(each["from"], str(each["event"])) for each in moved}  # type: ignore[misc]


_OF_SERVICE: Final = {
    "filing.sealed": "record-sealed",
    "dossier.closed": "record-archived",
    "registry.pushed": "record-pushed",
    "qualification.reported": "report-qualification",
    "qualification.settled": "settle-qualification",
    "notary.package_sealed": "record-notary-package",
    "notary.overdue": "tell-notary-overdue",
}
"""Facts by which acts of the service are known."""
