"""The matter before an office: what acts of every side do with it. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from filing.case.notary import NotaryState, PackageVersion
from filing.effects.filing import archive_task
from filing.engine.outcome import FeedItem, Task
from filing.errors import NotYours
from filing.lifecycle import TERMINAL, State
from filing.profile import Actor
from filing.profile.cancelling import NotaryPurpose
from notary.errors import NotaryError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from filing.case import Case
    from filing.case.notary import ApplicantTask, Exchange, NotaryMatter, Office
    from filing.engine.outcome import Outcome
    from filing.engine.situation import Situation
    from filing.profile import FlowProfile
    from filing.profile.cancelling import NotaryProcedure

__all__ = [
    "CONTRACT_STATES",
    "MATTER_STATES",
    "PACKAGE_TASK",
    "brings_matters",
    "closed_anew",
    "contract_procedure",
    "everybody",
    "feeding_office",
    "has_cancelling",
    "has_contracts",
    "has_notary",
    "matter_of",
    "office_of",
    "order_package",
    "packages_of",
    "place_of",
    "procedure_of",
    "require_office",
    "require_reason",
    "require_state",
    "task_of",
    "with_exchange",
    "with_matter",
    "with_task",
]

CONTRACT_STATES: Final[frozenset[State | None]] = frozenset({State.SIGNING, State.SIGNED, State.IN_REVIEW})
"""Where a case may be while its contract is before a notary (SZ-80): nothing is filed before the certificate."""

MATTER_STATES: Final = CONTRACT_STATES | {State.CANCELLING}
"""Where a case may be while anything of it is before a notary."""

PACKAGE_TASK: Final = "notary-package"
"""Kind of the task that builds a package."""


def has_notary(profile: FlowProfile, _: Actor) -> bool:
    """Whether a city has any procedure before a notary: ``ActSpec.fits`` of an office's acts."""
    return bool(profile.cancelling.notary)


def has_cancelling(profile: FlowProfile, _: Actor) -> bool:
    """Whether agreements that end a contract are notarised there: of acts of developer, purchasers and bureau."""
    return bool(_procedures(profile, NotaryPurpose.CANCELLATION))


def has_contracts(profile: FlowProfile, _: Actor) -> bool:
    """Whether contracts are notarised there before they are filed (SZ-80)."""
    return bool(_procedures(profile, NotaryPurpose.CONTRACT))


def brings_matters(profile: FlowProfile, actor: Actor) -> bool:
    """Whether it is for such an actor to take a matter back and to answer its office: whoever brought it there."""
    return has_cancelling(profile, actor) if actor is Actor.DEVELOPER else has_contracts(profile, actor)


def contract_procedure(profile: FlowProfile) -> str:
    """Name of the procedure in which a city's contracts are notarised; there is one."""
    return _procedures(profile, NotaryPurpose.CONTRACT)[0]


def _procedures(profile: FlowProfile, purpose: NotaryPurpose) -> tuple[str, ...]:
    return tuple(name for name, procedure in profile.cancelling.notary.items() if procedure.purpose is purpose)


def matter_of(situation: Situation) -> NotaryMatter:
    """The matter that counts. Raises ``NotaryError`` (``notary.none``)."""
    matter = situation.case.notary.current
    if matter is None:
        raise NotaryError("notary.none", zh="没有在办的公证事项", en="no matter is before a notary")
    return matter


def procedure_of(situation: Situation, matter: NotaryMatter) -> NotaryProcedure:
    """What the city's profile says of such a matter."""
    return situation.profile.cancelling.notary[matter.procedure]


def require_state(matter: NotaryMatter, *states: NotaryState) -> None:
    """Raises ``NotaryError`` (``notary.not_now``) in any other state."""
    if matter.state not in states:
        raise NotaryError(
            "notary.not_now",
            zh="公证事项目前的状态不能办理该事项",
            en="this cannot be done in the present state of the notary's matter",
            state=matter.state.value,
        )


def require_reason(text: str) -> str:
    """The words without blanks around them. Raises ``NotaryError`` (``notary.reason_missing``)."""
    said = text.strip()
    if not said:
        raise NotaryError("notary.reason_missing", zh="请填写内容", en="say it in words")
    return said


def place_of(profile: FlowProfile, case: Case) -> str:
    """GB/T 2260 code of where the house is (公证法 art. 25): its county, where its unit number tells one of the city's,
    else the city.
    """
    city, checked = profile.city.region_code, case.house.checked
    unit = None if checked is None else checked.record.unit_no
    in_city = unit is not None and unit.startswith(city[:4])
    return unit[:6] if unit is not None and in_city else city


def office_of(matter: NotaryMatter) -> Office:
    """The office that was chosen. Raises ``NotaryError`` (``notary.no_office``)."""
    if matter.office is None:
        raise NotaryError("notary.no_office", zh="尚未选择公证处", en="no office has been chosen yet")
    return matter.office


def require_office(situation: Situation, matter: NotaryMatter) -> Office:
    """The matter's office, if the caller belongs to it: a program by its credentials, a person by membership.

    Raises :class:`filing.errors.NotYours`, told of an office that was not chosen yet as of any other.
    """
    who = situation.who
    mine = who.person.offices if who.person is not None else ()
    if who.machine is not None and who.machine.office is not None:
        mine = (who.machine.office,)
    if matter.office is None or matter.office.office_id not in mine:
        raise NotYours("act.not_yours", zh="您不能在此案件中办理该事项", en="you may not do this in this case")
    return matter.office


def everybody(case: Case) -> tuple[str, ...]:
    """Keys of all parties."""
    return tuple(party.key for party in case.people.parties)


def task_of(matter: NotaryMatter, party: str) -> ApplicantTask:
    """What a purchaser does. Raises ``NotaryError`` (``notary.no_task``)."""
    task = matter.task(party)
    if task is None:
        raise NotaryError("notary.no_task", zh="该当事人没有公证办理任务", en="this party has no task", party=party)
    return task


def with_matter(outcome: Outcome, matter: NotaryMatter) -> Outcome:
    """The outcome with the matter replaced."""
    return outcome.with_case(notary=replace(outcome.case.notary, current=matter))


def with_task(matter: NotaryMatter, task: ApplicantTask) -> NotaryMatter:
    """The matter with one purchaser's task replaced."""
    return replace(matter, tasks=tuple(task if each.party == task.party else each for each in matter.tasks))


def with_exchange(matter: NotaryMatter, **changes: object) -> NotaryMatter:
    """The matter with parts of its exchange replaced."""
    exchange: Exchange = replace(matter.exchange, **changes)  # type: ignore[arg-type]  # names are its fields
    return replace(matter, exchange=exchange)


def packages_of(case: Case) -> Iterable[PackageVersion]:
    """Every package of every matter, oldest first."""
    matters = (*case.notary.past, *(() if case.notary.current is None else (case.notary.current,)))
    return (package for matter in matters for package in matter.exchange.packages)


def order_package(outcome: Outcome, now: datetime, *, complete: bool) -> Outcome:
    """A package of the case as it is in ``outcome`` is to be built, after the commit and outside the lock."""
    case, matter = outcome.case, outcome.case.notary.current
    if matter is None:
        raise LookupError("no matter to make a package of")
    number = max((package.number for package in packages_of(case)), default=0) + 1
    ordered = PackageVersion(number, complete=complete, ordered_at=now)
    made = with_exchange(matter, packages=(*matter.exchange.packages, ordered))
    task = Task(
        PACKAGE_TASK,
        {"case_no": case.case_no, "number": number},
        dedupe_key=f"{PACKAGE_TASK}:{case.case_no}:{number}",
    )
    return with_matter(outcome, made).noting("notary.package_ordered", number=number, complete=complete).then(task)


def closed_anew(situation: Situation, outcome: Outcome, occasion: str) -> Outcome:
    """Of a case that has ended the dossier was closed: what comes afterwards goes into another (公证法 art. 39)."""
    position = situation.case.position
    if position is None or position.state not in TERMINAL:
        return outcome
    return outcome.then(archive_task(outcome.case, occasion))


def feeding_office(outcome: Outcome, matter: NotaryMatter, item: FeedItem) -> Outcome:
    """A line for the matter's office; its number and the case's are in each. Nothing where none was chosen."""
    if matter.office is None:
        return outcome
    data = {"case_no": outcome.case.case_no, "matter": matter.number, **item.data}
    return outcome.feeding(replace(item, data=data, to=f"office:{matter.office.office_id}"))
