"""An agent's account bound to a house by a clerk of an outlet (SZ-13…15), and what follows from it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from identity.accounts.model import Agent, AgentBinding
from identity.errors import AccountError, NotAllowed
from identity.findings import Finding, Findings
from identity.representation import Basis, Representation, missing_papers, rule_for
from identity.staff import StaffRole, check_own_case
from identity.subjects import PartyKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from identity.acting import ActingPerson
    from identity.representation import Mandate, RepresentationRule
    from identity.subjects import Subject

__all__ = ["BindingRequest", "bind_agent", "representation_from", "unbind_agent"]

MATTER = "check_property"
"""What the binding is for: the agent checks the property online (SZ-14 step 3, SZ-18)."""


@dataclass(frozen=True, slots=True)
class BindingRequest:
    """What the clerk enters from the papers on the desk."""

    city: str
    """Where."""

    agent: Agent
    """Who came."""

    principal: Subject
    """The owner who gave the mandate."""

    certificate_number: str
    """The title's number, in its one written form (:func:`identity.numbers.read_certificate`)."""

    mandate: Mandate
    """The mandate with its attestation and the papers that came with it, the application form among them (SZ-15)."""

    mandate_number: str
    """Number of the notarial certificate."""


def bind_agent(
    clerk: ActingPerson, request: BindingRequest, rules: Iterable[RepresentationRule], now: datetime
) -> AgentBinding:
    """The binding. ``rules`` are the city's. Raises :class:`NotAllowed` with every reason."""
    findings = tuple(_against(clerk, request, tuple(rules)))
    if findings:
        raise NotAllowed(findings)
    return AgentBinding(
        uuid.uuid4().hex,
        request.city,
        request.agent,
        request.principal,
        request.certificate_number,
        request.mandate,
        request.mandate_number,
        bound_by=clerk.account_id,
        bound_at=now,
    )


def unbind_agent(binding: AgentBinding, clerk: ActingPerson, now: datetime) -> AgentBinding:
    """Ended by a clerk of the city; ended once."""
    if not clerk.has_role(StaffRole.WINDOW_CLERK, binding.city):
        raise AccountError("authority.unknown", zh="没有该授权", en="there is no such authority of yours")
    return binding if binding.ended_at is not None else replace(binding, ended_at=now)


def representation_from(binding: AgentBinding) -> Representation:
    """What :func:`identity.representation.check_representation` judges."""
    return Representation(
        binding.principal,
        binding.agent.subject,
        Basis.AGENT_POA,
        mandate=binding.mandate,
        bound_at=binding.bound_at,
        ended_at=binding.ended_at,
    )


def _against(clerk: ActingPerson, request: BindingRequest, rules: tuple[RepresentationRule, ...]) -> Iterator[Finding]:
    if not clerk.has_role(StaffRole.WINDOW_CLERK, request.city):
        yield Finding(
            "agent.not_clerk", zh="关联业务须由业务网点窗口人员办理", en="binding is done by a clerk of an outlet"
        )
    yield from check_own_case(clerk.subject, (request.agent.subject, request.principal))
    if request.principal.kind is not PartyKind.PERSON:
        # Organisations act by their handlers (SZ-17).
        yield Finding(
            "agent.principal_kind",
            zh="法人或其他组织由经办人办理",
            en="an organisation acts by its handler, not an agent",
        )
    yield from _of_mandate(request, rules)


def _of_mandate(request: BindingRequest, rules: tuple[RepresentationRule, ...]) -> Findings:
    rule = rule_for(rules, Representation(request.principal, request.agent.subject, Basis.AGENT_POA), MATTER)
    if rule is None:
        return (
            Finding(
                "representation.basis",
                zh="该类当事人不能以此种方式由他人代为办理",
                en="a party of this kind cannot be represented in this way here",
            ),
        )
    vouched = not rule.attestations or request.mandate.attestation in rule.attestations
    missing = missing_papers(rule.papers, request.mandate.papers, "mandate.paper_missing")
    if vouched:
        return missing
    return (
        Finding(
            "mandate.attestation", zh="授权委托书须经公证或者认证", en="the mandate must be notarised or certified"
        ),
        *missing,
    )
