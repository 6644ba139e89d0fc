"""What jobs need besides a case, and what a job is to its handler."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from filing.acts.perform import Asked, Performed, SystemCaller, perform_act
from filing.errors import FilingError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from filing.acts.perform import House
    from filing.acts.spec import ActSpec
    from filing.case import Case
    from filing.contract import ContractCase
    from filing.messages import MessageBook
    from filing.profile import FlowProfile
    from identity.outside import SmsSender
    from identity.ports import Sealer

__all__ = [
    "ClosedDossier",
    "DossierDesk",
    "Handler",
    "Job",
    "Later",
    "StampFace",
    "StillWaiting",
    "case_of",
    "do_as_system",
    "profile_of",
]


class StillWaiting(FilingError):  # noqa: N818 - the family name says error
    """Somebody outside has not decided yet: ask again later (``later.still_waiting``)."""

    def __init__(self, kind: str) -> None:
        super().__init__(
            "later.still_waiting", zh="对方尚未办结，稍后再查", en="not decided yet: asked again later", kind=kind
        )


class Job(Protocol):
    """One row of work as it was claimed (``jobs.ports.Task``, ``storage.records.OutboxTask``)."""

    @property
    def task_id(self) -> int: ...

    @property
    def kind(self) -> str: ...

    @property
    def payload(self) -> Mapping[str, Any]: ...


@dataclass(frozen=True, slots=True)
class StampFace:
    """What the filing stamp shows besides name, number and date."""

    verification: str
    """What its QR leads to."""

    seal_number: str
    """Thirteen digits on the seal's lower arc."""


@dataclass(frozen=True, slots=True)
class ClosedDossier:
    """What closing a dossier left behind."""

    evidence_sha256: str | None
    """The sealed evidence report; ``None`` where no contract was sealed."""

    manifest_number: int
    """Number of the sealed manifest."""


class DossierDesk(Protocol):
    """Evidence report and dossier of a case.

    ``close`` MUST list every object of the case and its journal, MUST be durable when it returns, and MUST be harmless
    twice: an unchanged case keeps the manifest it has. ``contract`` is the file of the present text, ``None`` where
    none was ever fixed. Called under the case's lock.
    """

    def close(self, case: Case, contract: ContractCase | None) -> ClosedDossier: ...


@dataclass(frozen=True, slots=True)
class Later:
    """Wired once per process."""

    house_of: Callable[[str], House]
    """The house in which a case is worked on, by case number: each city has a desk of its own."""

    clock: Callable[[], datetime]
    """Present time, aware."""

    books: Mapping[str, MessageBook]
    """Messages, by city."""

    sealer: Sealer
    """Opens messages that hold a secret."""

    stamp_face: Callable[[str, str], StampFace]
    """By city and case number."""

    dossiers: DossierDesk
    """Evidence reports and dossiers."""

    due_cases: Callable[[datetime, int], Sequence[str]]
    """Numbers of cases whose deadline has passed, at most so many."""

    phone_of_account: Callable[[str], str | None]
    """The registered telephone of an account."""

    sms: SmsSender
    """Messages."""


class Handler(Protocol):
    """Does one kind of work. MUST be harmless twice; raises ``OutsideUnavailable`` and the like to be called again."""

    def __call__(self, later: Later, job: Job, /) -> None: ...


def case_of(house: House, case_no: str) -> Case:
    """The case as it is. Raises ``FilingError`` (``case.unknown``)."""
    with house.cases.exclusive(case_no) as unit:
        return unit.case


def profile_of(house: House, case: Case) -> FlowProfile:
    """The city's profile."""
    return house.cities[case.head.city]


def do_as_system(house: House, case_no: str, act: ActSpec[Any, Any], said: object) -> Performed:
    """The service itself does an act."""
    return perform_act(house, case_no, Asked(act, said, SystemCaller()))
