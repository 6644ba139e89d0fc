"""File the contract, and record the finished file.

The sealing officer's act files at once: number and date are the authority's word. Stamp and archive time-stamp are put
on by a job; ``record-sealed`` then offers the file to the registry. Nothing unsealed ever reaches the feed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime  # noqa: TC003 - inputs are built from their types
from typing import TYPE_CHECKING, Final

from filing.acts.spec import ActDoc, ActSpec, NoInput
from filing.case.filing import Sealed
from filing.effects.filing import archive_task
from filing.engine.fire import fire
from filing.engine.outcome import FeedItem, Outcome, Task
from filing.lifecycle import Event, State
from filing.profile import Actor

if TYPE_CHECKING:
    from filing.case import Case
    from filing.engine.situation import Situation
    from filing.profile import FlowProfile

__all__ = [
    "PUSH",
    "RECORD_ARCHIVED",
    "RECORD_SEALED",
    "SEAL_FILING",
    "ArchivedInput",
    "SealedInput",
    "push_tasks",
    "still_wanted",
]

PUSH: Final = "push"
"""Kind of the task that sends the sealed file to one recipient."""

_AFTER_FILING: Final[frozenset[State | None]] = frozenset(
    {State.FILED, State.REGISTERING, State.TRANSFERRED, State.CANCELLING}
)


@dataclass(frozen=True, slots=True)
class SealedInput:
    """The finished file."""

    sha256: str
    """Digest of the contract with every signature, the stamp and the archive time-stamp."""

    sealed_at: datetime
    """Time of the archive time-stamp."""

    text_version: int
    """Version of the text it is of."""


@dataclass(frozen=True, slots=True)
class ArchivedInput:
    """The dossier is closed."""

    evidence_sha256: str | None
    """The evidence report; ``None`` where there is no sealed contract to report on."""

    manifest_number: int
    """Number of the sealed manifest."""


def still_wanted(case: Case, text_version: int) -> bool:
    """Whether the file of this text is still to be finished: filed, not revoked, not amended, not done."""
    done = case.filing.sealed is not None and case.filing.sealed.text_version == text_version
    return case.filing.in_force and case.text.version == text_version and not done


def _file(situation: Situation, _: NoInput, __: None) -> Outcome:
    return fire(situation, Event.APPROVE_FILING)


def _record_sealed(situation: Situation, made: SealedInput, _: None) -> Outcome:
    case = situation.case
    if not still_wanted(case, made.text_version):
        return Outcome(case)
    before = case.filing.sealed
    past = case.filing.past if before is None else replace(case.filing.past, sealed=(*case.filing.past.sealed, before))
    sealed = Sealed(made.sha256, made.sealed_at, text_version=made.text_version)
    recorded = Outcome(case).with_case(
        filing=replace(case.filing, sealed=sealed, past=past),
        signing=replace(case.signing, head_sha256=made.sha256),
        registry=replace(case.registry, pushed=(), acknowledged_at=None),
    )
    kind = "filed" if before is None else "amended"
    noted = recorded.noting("filing.sealed", sha256=made.sha256, text_version=made.text_version)
    offered = noted.feeding(FeedItem(kind, made.sha256, _facts(case, made)))
    return offered.then(
        *push_tasks(situation.profile, case.case_no, made.sha256), archive_task(case, f"sealed@{made.sha256}")
    )


def _facts(case: Case, made: SealedInput) -> dict[str, object]:
    filed_at = case.filing.filed_at
    return {
        "case_no": case.case_no,
        "filing_number": case.filing.number,
        "filed_at": None if filed_at is None else filed_at.isoformat(),
        "text_version": made.text_version,
    }


def push_tasks(profile: FlowProfile, case_no: str, sha256: str) -> tuple[Task, ...]:
    """Send a sealed file to everybody who is to have it, each once."""
    return tuple(
        Task(
            PUSH,
            {"case_no": case_no, "recipient": recipient.value, "sha256": sha256},
            dedupe_key=f"{PUSH}:{case_no}:{sha256}:{recipient.value}",
        )
        for recipient in profile.filing.recipients
    )


def _record_archived(situation: Situation, made: ArchivedInput, _: None) -> Outcome:
    filing, sealed = situation.case.filing, situation.case.filing.sealed
    if sealed is not None and made.evidence_sha256 is not None:
        filing = replace(filing, sealed=replace(sealed, evidence_sha256=made.evidence_sha256))
    return Outcome(situation.case).with_case(filing=filing).noting("dossier.closed", manifest=made.manifest_number)


SEAL_FILING: Final = ActSpec(
    name="seal-filing",
    event=Event.APPROVE_FILING,
    by=frozenset({Actor.SEALING_OFFICER}),
    states=frozenset({State.IN_REVIEW}),
    input=NoInput,
    decide=_file,
    doc=ActDoc(
        zh="备案用印：对审核通过的合同准予备案，编制备案编号并加盖备案章。审核人员不得办理。",
        en="File an approved contract: it gets its number, and the authority's stamp. Never by whoever reviewed it.",
        example={},
        errors=("case.guards_refuse",),
    ),
    rules=("SZ-78", "HS-34"),
)
"""File."""

RECORD_SEALED: Final = ActSpec(
    name="record-sealed",
    by=frozenset({Actor.SYSTEM}),
    states=_AFTER_FILING,
    input=SealedInput,
    decide=_record_sealed,
    doc=ActDoc(
        zh="登记已加盖备案章并封存的合同文件，向登记机构推送。",
        en="Record the stamped and sealed file and offer it to the registry.",
        example={"sha256": "0" * 64, "sealed_at": "2026-11-21T08:00:00Z", "text_version": 1},
    ),
    rules=("SZ-78", "HS-34"),
)
"""The file is finished."""

RECORD_ARCHIVED: Final = ActSpec(
    name="record-archived",
    by=frozenset({Actor.SYSTEM}),
    states=frozenset(State),
    input=ArchivedInput,
    decide=_record_archived,
    doc=ActDoc(
        zh="登记案卷已封存及其证据报告。",
        en="Record that the dossier is closed, and its evidence report.",
        example={"evidence_sha256": "0" * 64, "manifest_number": 1},
    ),
    rules=("H-50",),
)
"""The dossier is closed."""
