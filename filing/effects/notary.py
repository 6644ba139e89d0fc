"""Effects: a matter before a notary office is opened and closed, and its office hears what became of it.

What goes on in between is ``notary``'s; here is only what follows an event of the case.
"""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from filing.case.notary import OPEN_STATES, CaseNotary, NotaryMatter, NotaryState
from filing.engine.outcome import FeedItem
from filing.guards.cancel_situation import row_of
from filing.lifecycle import Event
from filing.profile import Effect
from filing.profile.cancelling import NotaryPurpose

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from filing.case import Case
    from filing.effects import Follow
    from filing.engine.outcome import Outcome
    from filing.engine.situation import Situation

__all__ = ["EFFECTS", "close_contract_matter", "fresh_matter", "put_aside"]

_KINDS: Final = {
    Event.FINISH_CANCEL_NETSIGN.value: "confirmed",
    Event.FINISH_CANCEL_FILING.value: "confirmed",
    Event.RESTORE_FILING.value: "restored",
}
"""What an office is told of an event; of every other that the matter was taken back."""


def fresh_matter(notary: CaseNotary, matter: NotaryMatter) -> CaseNotary:
    """``matter`` as the one that counts; the one before is put aside."""
    past = notary.past if notary.current is None else (*notary.past, notary.current)
    return CaseNotary(replace(matter, number=len(past) + 1), past)


def put_aside(matter: NotaryMatter, state: NotaryState, now: datetime) -> NotaryMatter:
    """The matter ended in ``state``: none of its packages counts, none of its codes opens anything."""
    packages = tuple(
        package if package.superseded_at is not None else replace(package, superseded_at=now)
        for package in matter.exchange.packages
    )
    tasks = tuple(replace(task, qr=None) for task in matter.tasks)
    return replace(matter, state=state, tasks=tasks, exchange=replace(matter.exchange, packages=packages))


def _open_notary_case(situation: Situation, outcome: Outcome) -> Outcome:
    """A cancellation by notary begins: nothing is before an office yet (ZN-01, ZN-04)."""
    asked = outcome.case.cancelling.current
    procedure = None if asked is None else row_of(situation.profile, asked).demands.notary
    if procedure is None:
        return outcome
    purpose = situation.profile.cancelling.notary[procedure].purpose
    opened = fresh_matter(outcome.case.notary, NotaryMatter(1, purpose, procedure, situation.now))
    number = None if opened.current is None else opened.current.number
    return outcome.with_case(notary=opened).noting("notary.prepared", matter=number, procedure=procedure)


def _close_notary_case(situation: Situation, outcome: Outcome) -> Outcome:
    """The cancellation was dropped: whatever was before an office is so no longer (ZN-07, H-40, H-41)."""
    matter = outcome.case.notary.current
    if matter is None:
        return outcome
    if matter.state in OPEN_STATES:
        matter = put_aside(matter, NotaryState.WITHDRAWN, situation.now)
    closed = outcome.with_case(notary=CaseNotary(None, (*outcome.case.notary.past, matter)))
    return closed.noting("notary.closed", matter=matter.number, state=matter.state.value)


def close_contract_matter(situation: Situation, outcome: Outcome) -> Outcome:
    """The text that was before a notary is none any more (SZ-80): taken back from the office; of a certificate that
    was issued it is only remembered.
    """
    matter = outcome.case.notary.current
    if matter is None or matter.purpose is not NotaryPurpose.CONTRACT:
        return outcome
    closed = _close_notary_case(situation, outcome)
    if matter.office is None or matter.state not in OPEN_STATES:
        return closed
    data = {"case_no": outcome.case.case_no, "matter": matter.number}
    return closed.feeding(FeedItem("withdrawn", None, data, to=f"office:{matter.office.office_id}"))


def _tell_notary_office(_: Situation, outcome: Outcome) -> Outcome:
    matter = _matter(outcome.case)
    if matter is None or matter.office is None:
        return outcome
    event = next(str(fact.data["event"]) for fact in reversed(outcome.facts) if fact.event == "case.moved")
    data = {"case_no": outcome.case.case_no, "matter": matter.number}
    kind, to = _KINDS.get(event, "withdrawn"), f"office:{matter.office.office_id}"
    return outcome.feeding(FeedItem(kind, None, data, to=to))


def _matter(case: Case) -> NotaryMatter | None:
    """The one that counts, or that did until just now."""
    if case.notary.current is not None:
        return case.notary.current
    return case.notary.past[-1] if case.notary.past else None


EFFECTS: Final[Mapping[Effect, Follow]] = MappingProxyType(
    {
        Effect.OPEN_NOTARY_CASE: _open_notary_case,
        Effect.CLOSE_NOTARY_CASE: _close_notary_case,
        Effect.TELL_NOTARY_OFFICE: _tell_notary_office,
    }
)
"""By name."""
