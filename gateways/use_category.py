"""The office that decides unclear uses, over HTTP (``docs/outside-world.md`` § 6)."""

from datetime import datetime
from typing import Annotated

import msgspec

from filing.outside import (
    OutsideService,
    Restriction,
    UseCategory,
    UseCategoryAnswer,
    UseCategoryQuestion,
    UseCategoryState,
)
from gateways.answers import Answer, checked_reference, segment, wrong
from gateways.http import HttpAdapter

__all__ = ["HttpUseCategoryOffice"]

_At = Annotated[datetime, msgspec.Meta(tz=True)]


class _Question(Answer, frozen=True):
    ref: str
    case_number: str
    certificate_number: str
    state: UseCategoryState
    asked_at: _At
    use_category: UseCategory | None
    restriction: Restriction | None
    decided_at: _At | None


class HttpUseCategoryOffice(HttpAdapter):
    """:class:`filing.outside.UseCategoryOffice`."""

    SERVICE = OutsideService.USE_CATEGORY

    def ask(self, question: UseCategoryQuestion) -> UseCategoryAnswer:
        """The question of this case and certificate, asked now or before."""
        return self._believed(self._http.post("ask", "questions", question, _Question), question)

    def answer(self, ref: str, question: UseCategoryQuestion) -> UseCategoryAnswer:
        """How it stands."""
        said = self._http.get("answer", f"questions/{segment(ref)}", _Question)
        if said.ref != ref:
            raise wrong(self._http.service, "other_reference")
        return self._believed(said, question)

    def _believed(self, said: _Question, question: UseCategoryQuestion) -> UseCategoryAnswer:
        service = self._http.service
        if said.case_number != question.case_number:
            raise wrong(service, "other_case")
        if said.certificate_number != question.certificate_number:
            raise wrong(service, "other_house")
        if said.state is UseCategoryState.DECIDED:
            _demand_decision(said)
        ref = checked_reference(service, said.ref)
        decision = (said.use_category, said.restriction, said.decided_at)
        if said.state is UseCategoryState.PENDING and any(decision):
            raise wrong(service, "state")
        return UseCategoryAnswer(ref, said.state, said.asked_at, *decision)


def _demand_decision(said: _Question) -> None:
    """A decision that leaves it unclear is none."""
    clear = said.use_category not in (None, UseCategory.UNCLEAR)
    known = said.restriction not in (None, Restriction.UNKNOWN)
    if not (clear and known and said.decided_at):
        raise wrong(OutsideService.USE_CATEGORY, "undecided")
