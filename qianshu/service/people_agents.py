"""What a clerk enters from the papers of an agent (SZ-13…15), read into values of ``identity``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from api.ports import AgentBindingView
from filing.acts.world import MandateQuestion
from filing.calendar import beijing_day
from identity.accounts import Agent, BindingRequest
from identity.numbers import CERTIFICATE_FORMS, IdType, PersonMatch, check_number, folded, read_certificate
from identity.representation import Attestation, Mandate
from identity.subjects import PartyKind, Subject, match_subjects

if TYPE_CHECKING:
    from datetime import datetime

    from api.ports import AgentAsked, Somebody
    from filing.acts.world import MandateJudge
    from filing.profile import FlowProfile
    from identity.accounts import AgentBinding
    from qianshu.service.people_stores import PeopleStores

__all__ = ["agent_request", "agent_view", "same_mandate", "subject_of", "with_certificate"]

MATTER: Final = "check_property"
"""What an agent is bound for (SZ-14)."""


def subject_of(somebody: Somebody, now: datetime) -> Subject:
    """Whoever was typed. Raises :class:`identity.errors.NumberError`."""
    number = check_number(IdType(somebody.id_type), somebody.id_number, beijing_day(now))
    kind = PartyKind.ENTERPRISE if number.type is IdType.USCC else PartyKind.PERSON
    return Subject(somebody.name.strip(), number, kind)


def agent_request(stores: PeopleStores, profile: FlowProfile, asked: AgentAsked, now: datetime) -> BindingRequest:
    """What the clerk wants. The agent's newest account is the one that is bound, if they ever logged in."""
    agent = subject_of(asked.agent, now)
    accounts = [one for one in stores.accounts.by_person(agent.number) if one.closed_at is None]
    return BindingRequest(
        profile.city.name,
        Agent(agent, accounts[-1].account_id if accounts else None),
        subject_of(asked.principal, now),
        certificate_number(profile, asked.certificate_number, now),
        Mandate(asked.scope, asked.matters, Attestation(asked.attestation), asked.papers),
        asked.mandate_number,
    )


def with_certificate(request: BindingRequest, pdf: bytes, judge: MandateJudge, now: datetime) -> BindingRequest:
    """The request resting on an electronic certificate: it names both people and this very house (SZ-13, SZ-14).

    Raises ``CertificateRefused`` with every finding.
    """
    principal, agent = request.principal, request.agent.subject
    found = judge(pdf, MandateQuestion(principal, agent, MATTER, (request.certificate_number,)), now)
    papers = tuple(dict.fromkeys((*request.mandate.papers, "mandate_original")))
    mandate = Mandate(found.scope, request.mandate.matters, Attestation.NOTARISED, papers)
    return replace(request, mandate=mandate, mandate_number=found.number)


def certificate_number(profile: FlowProfile, text: str, now: datetime) -> str:
    """A title's number in its one written form, by the city's forms. Raises ``CertificateNumberError``."""
    sale = profile.sale
    forms = () if sale is None else tuple(CERTIFICATE_FORMS[name] for name in sale.house.certificate_forms)
    return read_certificate(text, forms, beijing_day(now)).normalised if forms else folded(text)


def same_mandate(stores: PeopleStores, made: AgentBinding) -> AgentBinding | None:
    """The binding in force of the same agent, owner, house and mandate."""
    for kept in stores.authorities.agents_of_house(made.city, made.certificate_number):
        same_people = (
            match_subjects(kept.agent.subject, made.agent.subject),
            match_subjects(kept.principal, made.principal),
        )
        same_paper = kept.mandate_number == made.mandate_number and kept.mandate == made.mandate
        if kept.ended_at is None and same_paper and set(same_people) == {PersonMatch.SAME}:
            return kept
    return None


def agent_view(binding: AgentBinding) -> AgentBindingView:
    """As the ways in show it."""
    return AgentBindingView(
        binding.binding_id,
        binding.city,
        binding.agent.account_id or "",
        binding.certificate_number,
        binding.bound_at,
        binding.ended_at,
    )
