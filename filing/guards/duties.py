"""Duties done on a case, read from the case itself, and whether somebody may do another (``identity.staff``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filing.calendar import beijing_day
from filing.case.papers import MaterialSource
from filing.engine.roles import subject_of
from filing.engine.situation import SYSTEM_ACCOUNT
from identity.findings import Finding
from identity.staff import DutyDone, StaffRole, check_own_case, separation

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date

    from filing.case import Case
    from filing.case.filing import Review
    from filing.engine.situation import Situation
    from identity.findings import Findings
    from identity.subjects import Subject

__all__ = ["duties_done", "objections_to_duty", "people_of"]


def objections_to_duty(situation: Situation, role: StaffRole) -> Findings:
    """Every reason why whoever acts may not do this duty here: another duty done before, or a case of their own."""
    who = situation.who
    own = () if who.person is None else _own_case(situation, who.person.subject)
    apart = separation(who.account_id, role, duties_done(situation.case))
    return (*own, *(apart or _same_person(situation, role)))


def duties_done(case: Case) -> tuple[DutyDone, ...]:
    """Who has acted in which role on the case so far."""
    return tuple(dict.fromkeys(_duties(case)))


def people_of(situation: Situation) -> tuple[Subject, ...]:
    """Everybody in the case: parties, and those who act for them."""
    today = beijing_day(situation.now)
    return tuple(_subjects(situation.case, today))


def _own_case(situation: Situation, officer: Subject) -> Findings:
    """Of whoever opened it too: before the house is checked there are no parties yet."""
    opened = situation.who.key is not None and situation.who.key == situation.case.head.entrant_key
    return check_own_case(officer, (*people_of(situation), *((officer,) if opened else ())))


def _subjects(case: Case, today: date) -> Iterator[Subject]:
    for party in case.people.parties:
        yield subject_of(party.identified, today)
    for record in case.people.representations:
        yield subject_of(record.representative, today)


def _duties(case: Case) -> Iterator[DutyDone]:
    for review in _reviews(case):
        if review.claimed_by is not None:
            yield DutyDone(review.claimed_by, StaffRole.REVIEWER)
    if case.filing.sealed_by not in (None, SYSTEM_ACCOUNT):
        yield DutyDone(str(case.filing.sealed_by), StaffRole.SEALING_OFFICER)
    for material in case.papers.materials:
        if material.source is MaterialSource.WINDOW:
            yield DutyDone(material.added_by, StaffRole.WINDOW_CLERK)
    current = case.cancelling.current
    for consent in () if current is None else current.consents:
        if consent.in_person:
            yield DutyDone(consent.by, StaffRole.WINDOW_CLERK)


def _reviews(case: Case) -> tuple[Review, ...]:
    newest = () if case.filing.review is None else (case.filing.review,)
    return (*case.filing.past.reviews, *newest)


def _same_person(situation: Situation, role: StaffRole) -> Findings:
    """Somebody with two accounts is one person: whoever claimed the review does not seal under another name."""
    keys = {review.claimed_key for review in _reviews(situation.case)} - {None}
    if role is not StaffRole.SEALING_OFFICER or situation.who.key not in keys:
        return ()
    return (
        Finding(
            "staff.separation",
            zh="审核人员不得以另一账号用印，请由其他人员办理",
            en="whoever reviewed does not seal under another account: another officer must act",
            facts=(("done", StaffRole.REVIEWER.value), ("wanted", role.value)),
        ),
    )
