"""Who acts for whom outside cases: handlers, agents at the window, agencies (``api.ports.Authority``).

``HandlerDesk(stores, post, profiles)``: the stores of ``people_stores.open_people``, the ``people_stores.CodePost`` by
which a handler agrees (SZ-09), and the profiles of the cities served, by name.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from api.ports import HandlerView
from filing.acts.world import no_electronic_mandates
from identity.accounts import (
    Appointment,
    CityAccount,
    CityAccountKind,
    appoint_handler,
    bind_agent,
    confirm_agency,
    consent_subject,
    end_binding,
    handler_consents,
    unbind_agent,
)
from identity.errors import AccountError, RuleTableError
from identity.numbers import PersonMatch, check_mobile, mask_name
from identity.outside import HandlerState
from identity.representation import Period
from identity.subjects import PartyKind, match_subjects
from qianshu.service.people import city_link
from qianshu.service.people_agents import agent_request, agent_view, same_mandate, subject_of, with_certificate
from qianshu.service.people_stores import account_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from api.ports import AgentAsked, AgentBindingView, CityLink, HandlerAsked
    from filing.acts.world import MandateJudge
    from filing.profile import FlowProfile
    from identity.accounts import HandlerBinding
    from identity.acting import ActingPerson
    from identity.codes import CodeSubject
    from qianshu.service.people_stores import CodePost, PeopleStores

__all__ = ["HandlerDesk"]


class HandlerDesk:
    """``api.ports.Authority``."""

    def __init__(
        self,
        stores: PeopleStores,
        post: CodePost,
        profiles: Mapping[str, FlowProfile],
        judge_mandate: MandateJudge = no_electronic_mandates,
    ) -> None:
        self._stores = stores
        self._post = post
        self._profiles = profiles
        self._judge_mandate = judge_mandate

    def handlers_of(self, person: ActingPerson) -> Sequence[HandlerView]:
        """我的经办人 of a legal person, 我经办的法人 of a person."""
        number, authorities = person.subject.number, self._stores.authorities
        of_person = person.subject.kind is PartyKind.PERSON
        return tuple(map(_view, authorities.handled_by(number) if of_person else authorities.handlers_of(number)))

    def appoint(self, person: ActingPerson, city: str, asked: HandlerAsked, now: datetime) -> HandlerView:
        """``person`` appoints a handler, who has yet to agree; the same appointment again is the one there is."""
        wanted = Appointment(subject_of(asked.handler, now), _period(asked))
        policy = self._profiles[city].people.trust
        made = appoint_handler(person, wanted, policy, now)
        waiting = (one for one in self._stores.authorities.handlers_of(person.subject.number) if _same(one, made))
        binding = next(waiting, made)
        if binding is made:
            self._stores.authorities.save_handler(made)
        return _view(binding)

    def ask_consent(self, person: ActingPerson, binding_id: str, now: datetime) -> Mapping[str, object]:
        """Send the handler the code with which they agree (SZ-09)."""
        return self._post.send(_consent(self._binding(binding_id), person), person.account_id, now)

    def consent(self, person: ActingPerson, binding_id: str, code: str, now: datetime) -> HandlerView:
        """The handler agrees."""
        binding = self._binding(binding_id)
        proof = self._post.take(_consent(binding, person), code, now)
        agreed = handler_consents(binding, person, proof, now)
        self._stores.authorities.save_handler(agreed)
        return _view(agreed)

    def unbind(self, person: ActingPerson, binding_id: str, now: datetime) -> HandlerView:
        """Ended by either (SZ-11)."""
        ended = end_binding(self._binding(binding_id), person, now)
        self._stores.authorities.save_handler(ended)
        return _view(ended)

    def bind_agent(self, clerk: ActingPerson, city: str, asked: AgentAsked, now: datetime) -> AgentBindingView:
        """An agent's account bound to a house (SZ-14); the same mandate again is the binding there is."""
        profile = self._profiles[city]
        request = agent_request(self._stores, profile, asked, now)
        if asked.mandate_pdf is not None:
            request = with_certificate(request, asked.mandate_pdf, self._judge_mandate, now)
        made = bind_agent(clerk, request, profile.people.representation, now)
        binding = same_mandate(self._stores, made) or made
        if binding is made:
            self._stores.authorities.save_agent(made)
        return agent_view(binding)

    def unbind_agent(self, clerk: ActingPerson, city: str, binding_id: str, now: datetime) -> AgentBindingView:
        """Ended by a clerk of the city."""
        binding = self._stores.authorities.agent(binding_id)
        if binding is None or binding.city != city:
            raise _unknown()
        ended = unbind_agent(binding, clerk, now)
        self._stores.authorities.save_agent(ended)
        return agent_view(ended)

    def confirm_agency(self, officer: ActingPerson, city: str, account_id: str, now: datetime) -> CityLink:
        """Open an agency's right (ZS-15); the account is linked with it. Opened once."""
        right = self._stores.authorities.agency_right(account_id, city)
        if right is None or right.ended_at is not None:
            raise _unknown()
        opened = confirm_agency(right, officer, now)
        if right.confirmed_at is None:
            self._stores.authorities.save_agency_right(opened)
        self._link_agency(account_id, city, now)
        return city_link(self._stores, account_of(self._stores, account_id), city)

    def _link_agency(self, account_id: str, city: str, now: datetime) -> None:
        linked = self._stores.accounts.city_account(account_id, city)
        if linked is None:
            linked = CityAccount(account_id, city, CityAccountKind.AGENCY, now)
        self._stores.accounts.save_city_account(replace(linked, kind=CityAccountKind.AGENCY))

    def _binding(self, binding_id: str) -> HandlerBinding:
        binding = self._stores.authorities.handler(binding_id)
        if binding is None:
            raise _unknown()
        return binding


def _consent(binding: HandlerBinding, handler: ActingPerson) -> CodeSubject:
    """What the handler's code is bound to, its telephone in eleven digits."""
    phone = None if handler.phone is None else check_mobile(handler.phone)
    return consent_subject(binding, replace(handler, phone=phone))


def _period(asked: HandlerAsked) -> Period:
    try:
        return Period(asked.starts_at, asked.ends_at)
    except RuleTableError as error:
        raise AccountError("handler.period", zh=error.zh, en=error.en) from error


def _same(kept: HandlerBinding, wanted: HandlerBinding) -> bool:
    same_person = match_subjects(kept.handler, wanted.handler) is PersonMatch.SAME
    return kept.ended_at is None and same_person and kept.period == wanted.period


def _view(binding: HandlerBinding) -> HandlerView:
    return HandlerView(
        binding.binding_id,
        binding.organisation.name,
        binding.organisation.number.normalised,
        mask_name(binding.handler.name),
        _state(binding).value,
        binding.period.starts_at,
        binding.period.ends_at,
    )


def _state(binding: HandlerBinding) -> HandlerState:
    if binding.ended_at is not None:
        return HandlerState.UNBOUND
    return HandlerState.AWAITING_CONSENT if binding.consented_at is None else HandlerState.BOUND


def _unknown() -> AccountError:
    return AccountError("authority.unknown", zh="没有该授权", en="there is no such authority of yours")
