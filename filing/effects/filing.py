"""Effects: the contract is filed, amended, archived.

A filing number is made of the city's code and the case number, which is unique already: no counter has to be asked in
the middle of an automatic step, and the number is the same however often the step is tried. A contract filed anew
after its filing was revoked gets the next ordinal.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from filing.engine.outcome import Task
from filing.guards.review import open_amendment
from filing.profile import Effect

if TYPE_CHECKING:
    from collections.abc import Mapping

    from filing.case import Case
    from filing.effects import Follow
    from filing.engine.outcome import Outcome
    from filing.engine.situation import Situation
    from filing.profile import FlowProfile

__all__ = ["ARCHIVE", "EFFECTS", "STAMP", "archive_task", "filing_number", "stamp_task"]

STAMP: Final = "stamp"
"""Kind of the task that finishes the filed file: the stamp where the city has one, then B-LTA."""

ARCHIVE: Final = "archive"
"""Kind of the task that makes the evidence report and seals the dossier."""


def filing_number(profile: FlowProfile, case: Case) -> str:
    """备案编号 of the filing that is being made."""
    number, earlier = f"{profile.city.region_code}备{case.case_no}", len(case.filing.past.numbers)
    return f"{number}-{earlier + 1}" if earlier else number


def stamp_task(case: Case) -> Task:
    """Finish the file of this filing and this text, once."""
    nth = len(case.filing.past.numbers) + 1
    key = f"{STAMP}:{case.case_no}:{nth}:{case.text.version}"
    return Task(STAMP, {"case_no": case.case_no, "text_version": case.text.version}, dedupe_key=key)


def archive_task(case: Case, occasion: str) -> Task:
    """Close the dossier as it is after ``occasion``."""
    return Task(ARCHIVE, {"case_no": case.case_no}, dedupe_key=f"{ARCHIVE}:{case.case_no}:{occasion}")


def _assign_filing_number(situation: Situation, outcome: Outcome) -> Outcome:
    number = filing_number(situation.profile, outcome.case)
    filing = replace(outcome.case.filing, number=number)
    return outcome.with_case(filing=filing).noting("filing.numbered", number=number)


def _record_filing(situation: Situation, outcome: Outcome) -> Outcome:
    filing = replace(
        outcome.case.filing, filed_at=situation.now, revoked_at=None, sealed_by=situation.who.account_id, sealed=None
    )
    # Whoever had the file of a revoked filing has not got this one.
    registry = replace(outcome.case.registry, pushed=(), acknowledged_at=None)
    recorded = outcome.with_case(filing=filing, registry=registry).noting("filing.recorded")
    # Where no stamp is put on, the file is still sealed and offered (WH-12).
    return recorded if situation.profile.filing.stamp else recorded.then(stamp_task(recorded.case))


def _stamp_filing(_: Situation, outcome: Outcome) -> Outcome:
    return outcome.then(stamp_task(outcome.case))


def _push_to_recipients(situation: Situation, outcome: Outcome) -> Outcome:
    """Only said here: what is pushed is the sealed file, so ``record-sealed`` makes the tasks (HS-34, WH-09)."""
    names = [recipient.value for recipient in situation.profile.filing.recipients]
    return outcome.noting("filing.to_be_pushed", recipients=names)


def _record_amendment(situation: Situation, outcome: Outcome) -> Outcome:
    """H-06: the amended text stands from now on; the earlier one and everything done on it stay where they are."""
    case = outcome.case
    change, amending = open_amendment(case), case.filing.amending
    if change is None or amending is None or change.text is None:
        raise LookupError("no amendment to record")
    done = replace(change, effective_at=situation.now)
    text = replace(
        case.text,
        clauses=amending.clauses,
        version=change.text.version,
        fixed=change.text,
        amendments=(*case.text.amendments[:-1], done),
    )
    signing = replace(case.signing, side_codes=(*case.signing.side_codes, *amending.codes))
    amended = outcome.with_case(text=text, signing=signing, filing=replace(case.filing, amending=None))
    noted = amended.noting("text.amended", number=change.number, sha256=change.text.sha256)
    return noted.then(stamp_task(noted.case))


def _archive(situation: Situation, outcome: Outcome) -> Outcome:
    position = outcome.case.position
    occasion = f"{'none' if position is None else position.state.value}@{situation.now.isoformat()}"
    return outcome.then(archive_task(outcome.case, occasion))


EFFECTS: Final[Mapping[Effect, Follow]] = MappingProxyType(
    {
        Effect.ASSIGN_FILING_NUMBER: _assign_filing_number,
        Effect.RECORD_FILING: _record_filing,
        Effect.STAMP_FILING: _stamp_filing,
        Effect.PUSH_TO_RECIPIENTS: _push_to_recipients,
        Effect.RECORD_AMENDMENT: _record_amendment,
        Effect.ARCHIVE: _archive,
    }
)
"""By name."""
