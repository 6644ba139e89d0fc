"""Something was handed in, by an applicant or the developer: once nothing is wanted any more, the office goes on.

Every act that hands anything in ends with :func:`handed_in`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from filing.case.notary import NotaryState
from filing.effects.telling import ENTRANT, tell
from filing.engine.outcome import Task
from filing.messages.keys import MessageKey
from notary.matter import order_package, procedure_of, with_exchange, with_matter
from notary.term import due_on, overdue_from

if TYPE_CHECKING:
    from filing.case.notary import NotaryMatter, Supplement
    from filing.engine.outcome import Outcome
    from filing.engine.situation import Situation

__all__ = ["OVERDUE_TASK", "developer_owes", "handed_in", "open_supplement", "purchasers_owing", "with_term"]

OVERDUE_TASK: Final = "tell-notary-overdue"
"""Kind of the task that looks whether a term has run out, and name of the act it does."""


def open_supplement(matter: NotaryMatter) -> Supplement | None:
    """What the office wants and has not got yet."""
    newest = matter.exchange.supplements[-1:] if matter.state is NotaryState.SUPPLEMENT else ()
    return newest[0] if newest and newest[0].answered_at is None else None


def purchasers_owing(matter: NotaryMatter) -> tuple[str, ...]:
    """Keys of the purchasers who still have something to do."""
    return tuple(task.party for task in matter.tasks if task.submitted_at is None)


def developer_owes(matter: NotaryMatter) -> bool:
    """Whether the developer has still to answer the office."""
    wanted = open_supplement(matter)
    return wanted is not None and wanted.answer is None and any(item.step is None for item in wanted.items)


def handed_in(situation: Situation, outcome: Outcome) -> Outcome:
    """The outcome after somebody handed something in (ZN-17): with all of it there the office goes on, its
    term goes on, and a complete package is ordered; the office hears of it by that package.
    """
    matter = outcome.case.notary.current
    waiting = (NotaryState.QR_RETURNED, NotaryState.VERIFYING, NotaryState.SUPPLEMENT)
    if matter is None or matter.state not in waiting or purchasers_owing(matter) or developer_owes(matter):
        return outcome
    accepted = matter.exchange.decision.accepted_at is not None
    back = NotaryState.ACCEPTED if accepted else NotaryState.SUBMITTED
    ready = replace(_answered(situation, matter), state=back)
    noted = with_matter(outcome, ready).noting("notary.submitted", matter=matter.number, state=back.value)
    ordered = order_package(with_term(situation, noted), situation.now, complete=True)
    return tell(ordered, MessageKey.NOTARY_SUBMITTED, (ENTRANT,), f"submitted@{situation.now.isoformat()}")


def with_term(situation: Situation, outcome: Outcome) -> Outcome:
    """The outcome with the last day of the term as it is now, and a look at it when that day is over."""
    matter = outcome.case.notary.current
    if matter is None or matter.exchange.decision.accepted_at is None:
        return outcome
    exchange, days = matter.exchange, procedure_of(situation, matter).term_working_days
    due = due_on(matter.exchange.decision.accepted_at, exchange.supplements, days, situation.calendar)
    said = with_exchange(matter, decision=replace(exchange.decision, due_on=due))
    noted = with_matter(outcome, said).noting("notary.term", due_on=None if due is None else due.isoformat())
    if due is None:
        return noted
    case_no = outcome.case.case_no
    look = Task(
        OVERDUE_TASK,
        {"case_no": case_no, "due_on": due.isoformat()},
        not_before=overdue_from(due),
        dedupe_key=f"{OVERDUE_TASK}:{case_no}:{matter.number}:{due.isoformat()}",
    )
    return noted.then(look)


def _answered(situation: Situation, matter: NotaryMatter) -> NotaryMatter:
    wanted = open_supplement(matter)
    if wanted is None:
        return matter
    others = matter.exchange.supplements[:-1]
    return with_exchange(matter, supplements=(*others, replace(wanted, answered_at=situation.now)))
