"""What the service itself notes: a package was built, a term has run out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from filing.acts.spec import ActDoc, ActSpec
from filing.case.notary import NotaryState
from filing.effects.telling import ENTRANT, tell
from filing.engine.outcome import FeedItem, Outcome
from filing.messages.keys import MessageKey
from filing.profile import Actor
from notary.acts.inputs import Overdue, PackageRecorded
from notary.errors import NotaryError
from notary.handing_in import OVERDUE_TASK
from notary.matter import MATTER_STATES, feeding_office, has_notary, matter_of, with_exchange, with_matter
from notary.term import overdue_from

if TYPE_CHECKING:
    from filing.case import Case
    from filing.case.notary import NotaryMatter, PackageVersion
    from filing.engine.situation import Situation

__all__ = ["RECORD_NOTARY_PACKAGE", "TELL_NOTARY_OVERDUE", "ordered_package"]


def ordered_package(case: Case, number: int) -> PackageVersion | None:
    """The package of this number, while it is wanted and not built."""
    matter = case.notary.current
    packages = () if matter is None else matter.exchange.packages
    newer = any(package.number > number and package.sha256 is not None for package in packages)
    found = next((package for package in packages if package.number == number), None)
    if found is None or found.sha256 is not None or found.superseded_at is not None or newer:
        return None
    return found


def _check_record(situation: Situation, made: PackageRecorded) -> None:
    if ordered_package(situation.case, made.number) is None:
        raise NotaryError(
            "package.not_wanted", zh="该材料包已登记或者不再需要", en="this package is there already or is not wanted"
        )


def _record(situation: Situation, made: PackageRecorded, _: None) -> Outcome:
    """An office holds one package at a time: the one before is superseded, and stays."""
    matter = matter_of(situation)
    packages = tuple(_as_recorded(package, made, situation) for package in matter.exchange.packages)
    first = matter.state is NotaryState.PREPARED
    recorded = replace(with_exchange(matter, packages=packages), state=NotaryState.PUSHED if first else matter.state)
    noted = with_matter(Outcome(situation.case), recorded).noting(
        "notary.package_sealed",
        matter=matter.number,
        number=made.number,
        sha256=made.sha256,
        size_bytes=made.size_bytes,
        sealed_at=made.sealed_at.isoformat(),
    )
    return feeding_office(noted, recorded, _line(recorded, made))


def _as_recorded(package: PackageVersion, made: PackageRecorded, situation: Situation) -> PackageVersion:
    if package.number == made.number:
        return replace(package, sha256=made.sha256, size_bytes=made.size_bytes, sealed_at=made.sealed_at)
    older = package.number < made.number and package.superseded_at is None
    return replace(package, superseded_at=situation.now) if older else package


def _line(matter: NotaryMatter, made: PackageRecorded) -> FeedItem:
    complete = any(each.complete for each in matter.exchange.packages if each.number == made.number)
    data = {"number": made.number, "complete": complete, "size_bytes": made.size_bytes}
    return FeedItem("package", made.sha256, data)


def _check_overdue(situation: Situation, said: Overdue) -> None:
    matter = matter_of(situation)
    decision = matter.exchange.decision
    runs = matter.state is NotaryState.ACCEPTED and decision.due_on == said.due_on
    if not runs or decision.overdue_told_at is not None or situation.now < overdue_from(said.due_on):
        raise NotaryError("notary.not_overdue", zh="期限未届满或者已经提示", en="the term runs still, or this was told")


def _overdue(situation: Situation, said: Overdue, _: None) -> Outcome:
    """Office and bureau are told once: the bureau by its list of cases, the office by its feed (公证法 art. 30)."""
    matter = matter_of(situation)
    told = with_exchange(matter, decision=replace(matter.exchange.decision, overdue_told_at=situation.now))
    noted = with_matter(Outcome(situation.case), told).noting(
        "notary.overdue", matter=matter.number, due_on=said.due_on.isoformat()
    )
    fed = feeding_office(noted, matter, FeedItem("overdue", None, {"due_on": said.due_on.isoformat()}))
    return tell(fed, MessageKey.PROGRESS, (ENTRANT,), f"overdue@{said.due_on.isoformat()}")


RECORD_NOTARY_PACKAGE: Final = ActSpec(
    name="record-notary-package",
    by=frozenset({Actor.SYSTEM}),
    states=MATTER_STATES,
    input=PackageRecorded,
    check=_check_record,
    decide=_record,
    fits=has_notary,
    doc=ActDoc(
        zh="登记已生成并签章的材料包，公证处可以领取；此前的材料包标记为已被替代。",
        en="Record a package that was built and sealed: the office can pull it; the one before is superseded.",
        example={"number": 1, "sha256": "0" * 64, "size_bytes": 1048576, "sealed_at": "2026-11-21T08:00:00Z"},
        errors=("notary.none", "package.not_wanted"),
    ),
    rules=("ZN-05", "ZN-07"),
)
"""A package is there."""

TELL_NOTARY_OVERDUE: Final = ActSpec(
    name=OVERDUE_TASK,
    by=frozenset({Actor.SYSTEM}),
    states=MATTER_STATES,
    input=Overdue,
    check=_check_overdue,
    decide=_overdue,
    fits=has_notary,
    doc=ActDoc(
        zh="公证办结期限届满未办结：提示公证处和主管部门一次。",
        en="A term has run out without a certificate: office and bureau are told, once.",
        example={"due_on": "2026-12-11"},
        errors=("notary.none", "notary.not_overdue"),
    ),
    rules=("ZN-18",),
)
"""A term has run out."""
