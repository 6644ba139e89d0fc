"""Separate consents that people in tests have given already, where a test is about something else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from filing.case.consents import SeparateConsent
from filing.guards.consents import CONSENT_WORDS, consent_in_force
from tests.builders.cases import key_of

if TYPE_CHECKING:
    from datetime import datetime
    from typing import Any

    from filing.case import Case
    from filing.case.consents import ConsentKind
    from identity.acting import ActingPerson


def is_consented(case: Case, kind: ConsentKind, person: ActingPerson) -> bool:
    return consent_in_force(case, _key(person), kind) is not None


def consenting(case: Case, act: Any, person: ActingPerson | None, now: datetime) -> Case:
    """The case with what ``act`` needs of ``person``, as if given just now."""
    if act.consent is None or person is None or is_consented(case, act.consent, person):
        return case
    given = SeparateConsent(_key(person), person.account_id, act.consent, CONSENT_WORDS[act.consent].sha256, now)
    return replace(case, people=replace(case.people, consents=(*case.people.consents, given)))


def _key(person: ActingPerson) -> str:
    number = person.subject.number
    return key_of(number.type, number.normalised)
