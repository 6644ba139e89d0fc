"""What a case waits for, told from the case and its journal alone: for records made again from the archive, whose
outbox is empty.

Messages are not sent again: whoever logs in sees how the case stands, and asks for another code or link.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Final

from filing.acts.papers.qualification import SETTLE_QUALIFICATION
from filing.acts.review.agree import SIGN_AMENDMENT
from filing.acts.review.file import push_tasks, still_wanted
from filing.acts.signing.codes import SIGN_BY_CODES
from filing.calendar import BEIJING
from filing.case.notary import NotaryState
from filing.effects.filing import archive_task, stamp_task
from filing.effects.signing import REPORT_QUALIFICATION
from filing.engine.outcome import Task
from filing.lifecycle import TERMINAL, State
from filing.profile import QualificationState
from filing.profile.signing import SignMethod
from identity.subjects import Side

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from filing.case import Case
    from filing.case.signing import SideCode
    from filing.ports import JournalEntry
    from filing.profile import FlowProfile

__all__ = ["waiting_tasks"]

CLOSED: Final = "dossier.closed"
"""Entry of ``record-archived``."""

_TURNED: Final = {"qualification.used": "use", "qualification.released": "release"}
"""Entries after which the office is told; ``qualification.reported`` says that it was."""


def waiting_tasks(profile: FlowProfile, case: Case, entries: Sequence[JournalEntry]) -> tuple[Task, ...]:
    """Work that an outbox would hold for the case. Too much does no harm: handlers look at the case first."""
    return (
        *_of_the_house(case),
        *_of_the_qualification(case, entries),
        *_of_the_codes(case),
        *_of_the_file(profile, case),
        *_of_the_notary(case),
        *_of_the_dossier(case, entries),
    )


def _has_ended(case: Case) -> bool:
    return case.position is not None and case.position.state in TERMINAL


def _of_the_house(case: Case) -> Iterator[Task]:
    if _has_ended(case):
        return
    if case.house.waiting_for is not None:
        yield _act("retry-register", case)
    if case.house.assessment is not None and case.house.assessment.decided_at is None:
        yield _act("settle-assessment", case)


def _of_the_qualification(case: Case, entries: Sequence[JournalEntry]) -> Iterator[Task]:
    if case.papers.qualification.state is QualificationState.APPLIED:
        yield _act(SETTLE_QUALIFICATION.name, case)
    turned = [_TURNED[entry.event] for entry in entries if entry.event in _TURNED]
    told = [str(entry.data["action"]) for entry in entries if entry.event == "qualification.reported"]
    for action in turned[len(told) :]:
        yield _act(REPORT_QUALIFICATION, case, action=action)


def _of_the_codes(case: Case) -> Iterator[Task]:
    """Both codes are there, the signatures not: for want of a time-stamp, say."""
    signing, position, text = case.signing, case.position, case.text.fixed
    by_codes = position is not None and position.state is State.SIGNING and signing.method is SignMethod.OTP
    if by_codes and text is not None and _of_both_sides(signing.side_codes):
        yield _act(SIGN_BY_CODES.name, case, text_sha256=text.sha256)
    if case.filing.amending is not None and _of_both_sides(case.filing.amending.codes):
        yield _act(SIGN_AMENDMENT.name, case)


def _of_both_sides(codes: tuple[SideCode, ...]) -> bool:
    return {code.side for code in codes} == set(Side)


def _of_the_file(profile: FlowProfile, case: Case) -> Iterator[Task]:
    ours = profile.sale is not None  # a contract that others filed was sealed by others
    if ours and still_wanted(case, case.text.version):
        yield stamp_task(case)
    sealed, has = case.filing.sealed, {name for name, _ in case.registry.pushed}
    if sealed is not None and case.filing.in_force:
        pushes = push_tasks(profile, case.case_no, sealed.sha256)
        yield from (task for task in pushes if task.payload["recipient"] not in has)


def _of_the_dossier(case: Case, entries: Sequence[JournalEntry]) -> Iterator[Task]:
    sealed = case.filing.sealed
    if sealed is not None and sealed.evidence_sha256 is None:
        yield archive_task(case, f"sealed@{sealed.sha256}")
    elif _has_ended(case) and entries[-1].event != CLOSED:
        yield archive_task(case, f"ended#{len(entries)}")


def _of_the_notary(case: Case) -> Iterator[Task]:
    """Packages that were ordered and are not there, and a term that still runs (kinds are ``notary.later``'s)."""
    matter = case.notary.current
    if matter is None:
        return
    for package in matter.exchange.packages:
        if package.sha256 is None and package.superseded_at is None:
            yield _act("notary-package", case, number=package.number)
    decision = matter.exchange.decision
    if matter.state is NotaryState.ACCEPTED and decision.due_on is not None and decision.overdue_told_at is None:
        over = datetime.combine(decision.due_on + timedelta(days=1), time.min, BEIJING).astimezone(UTC)
        yield replace(_act("tell-notary-overdue", case, due_on=decision.due_on.isoformat()), not_before=over)


def _act(kind: str, case: Case, **said: object) -> Task:
    payload = {"case_no": case.case_no, **said}
    return Task(kind, payload, dedupe_key=f"again:{kind}:{case.case_no}:{'/'.join(map(str, said.values()))}")
