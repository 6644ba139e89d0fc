"""What happens after the commit: packages are built outside the case's lock, terms are looked at when they end.

Killed anywhere, the row of work is done again: a package that was built and not recorded is built anew, and the one
that lies there harms nobody.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, Protocol

import msgspec

from filing.errors import FilingError
from filing.later.later import do_as_system, profile_of
from notary.acts.inputs import Overdue, PackageRecorded
from notary.acts.service import RECORD_NOTARY_PACKAGE, TELL_NOTARY_OVERDUE, ordered_package
from notary.errors import NotaryError
from notary.handing_in import OVERDUE_TASK
from notary.matter import PACKAGE_TASK
from notary.package import plan_package

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from filing.acts.perform import House
    from filing.acts.spec import ActSpec
    from filing.later import Job, Later
    from notary.package import PackagePlan
    from notary.ports import PackageDesk

__all__ = ["HANDLERS", "NotaryHandler", "NotaryLater", "build_ordered_package", "tell_overdue"]


@dataclass(frozen=True, slots=True)
class NotaryLater:
    """What the exchange's jobs need; wired once per process."""

    later: Later
    """What every job needs."""

    packages: PackageDesk
    """Builds and keeps packages."""

    journal_of: Callable[[str], bytes]
    """The journal of a case so far, JSON lines; asked for under its lock."""


class NotaryHandler(Protocol):
    """Does one kind of work. MUST be harmless twice; raises to be called again."""

    def __call__(self, exchange: NotaryLater, job: Job, /) -> None: ...


def build_ordered_package(exchange: NotaryLater, job: Job) -> None:
    """``notary-package``: build the package as the case is now, keep it, record it: that offers it to the office.

    Nothing is done for one that is there, or not wanted any more. Raises ``TimeStampError``, ``StorageError``.
    """
    case_no, number = str(job.payload["case_no"]), int(job.payload["number"])
    house = exchange.later.house_of(case_no)
    plan = _plan(exchange, house, case_no, number)
    if plan is None:
        return
    city, contents = plan
    built = exchange.packages.build(city, contents)
    said = PackageRecorded(number, built.sha256, built.size_bytes, built.sealed_at)
    _recorded(house, case_no, RECORD_NOTARY_PACKAGE, said)


def _plan(exchange: NotaryLater, house: House, case_no: str, number: int) -> tuple[str, PackagePlan] | None:
    """Case and journal of one moment; the files themselves are written once and need no lock."""
    with house.cases.exclusive(case_no) as unit:
        case = unit.case
        matter = case.notary.current
        if matter is None or ordered_package(case, number) is None:
            return None
        journal = exchange.journal_of(case_no)
    return case.head.city, plan_package(profile_of(house, case), case, matter, number, journal)


def tell_overdue(exchange: NotaryLater, job: Job) -> None:
    """``tell-notary-overdue``: the last day of a term is over; where the matter has moved on nobody is told."""
    case_no = str(job.payload["case_no"])
    said = msgspec.convert({"due_on": job.payload["due_on"]}, Overdue)
    _recorded(exchange.later.house_of(case_no), case_no, TELL_NOTARY_OVERDUE, said)


def _recorded(house: House, case_no: str, act: ActSpec[Any, Any], said: object) -> None:
    """A refusal says that the case has moved on meanwhile, and is journalled: nothing is left to do."""
    try:
        do_as_system(house, case_no, act, said)
    except (FilingError, NotaryError):
        return


HANDLERS: Final[Mapping[str, NotaryHandler]] = MappingProxyType(
    {PACKAGE_TASK: build_ordered_package, OVERDUE_TASK: tell_overdue}
)
"""By kind. Every handler is harmless twice."""
