"""Who may act for whom: a representation, the city's rule for it, and every reason against it.

What a mandate must hold is 民法典 art. 165: agent, matter, authority, period, the principal's signature. Guardians of
one ward together are ``identity.guardians``; both sides of a sale together are ``identity.sides``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - records are read back by these types
from enum import Enum
from typing import TYPE_CHECKING

from identity.capacity import Capacity
from identity.errors import RuleTableError
from identity.findings import Finding, Findings
from identity.numbers import PersonMatch, folded
from identity.subjects import PartyKind, Subject, match_subjects

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = [
    "Attestation",
    "Basis",
    "Demand",
    "Kinship",
    "Mandate",
    "Occasion",
    "Period",
    "Representation",
    "RepresentationRule",
    "Standing",
    "check_representation",
    "missing_papers",
    "rule_for",
]


class Basis(Enum):
    """What somebody acts for another by."""

    AGENT_POA = "agent_poa"
    GUARDIAN = "guardian"
    HANDLER = "handler"
    LEGAL_REP = "legal_rep"
    WINDOW_STAFF = "window_staff"


class Attestation(Enum):
    """Who vouches for a mandate."""

    NONE = "none"
    NOTARISED = "notarised"
    """公证."""
    CERTIFIED = "certified"
    """认证, e.g. by a consulate (SZ-34)."""


class Kinship(Enum):
    """What a guardian is to the ward."""

    FATHER = "father"
    MOTHER = "mother"
    OTHER = "other"


class Demand(Enum):
    """What a rule may ask of a representation."""

    PERIOD = "period"
    """A period is stated (SZ-10)."""
    CONSENT = "consent"
    """The representative has agreed (SZ-09)."""
    BINDING = "binding"
    """An outlet has bound the account to the house (SZ-13, SZ-14)."""
    NAMED_MATTER = "named_matter"
    """The mandate names this very matter (ZS-49)."""


@dataclass(frozen=True, slots=True)
class Period:
    """From when until when; the end is no longer inside."""

    starts_at: datetime
    """Aware."""

    ends_at: datetime | None
    """Aware; ``None`` is until revoked."""

    def __post_init__(self) -> None:
        naive = self.starts_at.tzinfo is None or (self.ends_at is not None and self.ends_at.tzinfo is None)
        if naive or (self.ends_at is not None and self.ends_at <= self.starts_at):
            raise RuleTableError(
                "rule_table.period",
                zh="授权期限须带时区，且止期晚于起期",
                en="a period needs time zones and must end after it starts",
            )


@dataclass(frozen=True, slots=True)
class Mandate:
    """A written power of attorney (授权委托书)."""

    scope: str
    """Its words on the matters and the authority, as they stand."""

    matters: tuple[str, ...]
    """The matters that the reader of the paper found named."""

    attestation: Attestation = Attestation.NONE
    """Who vouches for it."""

    papers: tuple[str, ...] = ()
    """Kinds of paper that came with it and were seen in the original."""


@dataclass(frozen=True, slots=True)
class Representation:
    """Somebody acts for a party."""

    principal: Subject
    """The party."""

    representative: Subject
    """Who acts."""

    basis: Basis
    """By what."""

    mandate: Mandate | None = None
    """The power of attorney, if it rests on one."""

    period: Period | None = None
    """For how long."""

    bound_at: datetime | None = None
    """When an outlet bound the representative's account to the house (SZ-14)."""

    consented_at: datetime | None = None
    """When the representative agreed (SZ-09)."""

    ended_at: datetime | None = None
    """When the principal ended it (SZ-11)."""

    kinship: Kinship | None = None
    """Of a guardian: what they are to the ward."""


@dataclass(frozen=True, slots=True)
class RepresentationRule:
    """What a city asks of one basis, for some kinds of party and some matters."""

    basis: Basis
    """Which basis."""

    kinds: tuple[PartyKind, ...]
    """For parties of these kinds. A kind that no rule of the basis names cannot be represented so (SZ-17)."""

    matters: tuple[str, ...] = ()
    """For these matters; empty is all of them."""

    demands: frozenset[Demand] = frozenset()
    """What it must have."""

    attestations: tuple[Attestation, ...] = ()
    """Any one of these; empty asks for none (ZS-48, SZ-34)."""

    wording: tuple[str, ...] = ()
    """Words that must all stand in the mandate's scope (ZS-49)."""

    papers: tuple[tuple[str, ...], ...] = ()
    """Papers that must come with it; of each group any one."""

    min_trust_level: int = 0
    """The representative's own level (SZ-24)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of the representative at the moment of the act."""

    trust_level: int
    """Of the real-name check."""

    capacity: Capacity
    """Civil capacity; nobody of less than full capacity acts for another (民法典 art. 173)."""


@dataclass(frozen=True, slots=True)
class Occasion:
    """What is to be done, and when."""

    matter: str
    """The matter, as rules and mandates name it, e.g. ``cancel_filing``."""

    at: datetime
    """Aware."""


def rule_for(
    rules: Iterable[RepresentationRule], representation: Representation, matter: str
) -> RepresentationRule | None:
    """The first rule that covers the basis, the kind of party and the matter."""
    for rule in rules:
        covers = rule.basis is representation.basis and representation.principal.kind in rule.kinds
        if covers and (not rule.matters or matter in rule.matters):
            return rule
    return None


def check_representation(
    representation: Representation, rules: Iterable[RepresentationRule], standing: Standing, occasion: Occasion
) -> Findings:
    """Every reason why this representative may not do this for this party now; empty if there is none.

    Does not check whether a mandate is genuine (whoever saw the original did), nor other representatives.
    """
    rule = rule_for(rules, representation, occasion.matter)
    if rule is None:
        return (
            _finding(
                "representation.basis",
                "该类当事人不能以此种方式由他人代为办理",
                "a party of this kind cannot be represented in this way here",
                basis=representation.basis.value,
                kind=representation.principal.kind.value,
            ),
        )
    return (
        *_of_persons(representation, rule, standing),
        *_of_time(representation, rule, occasion.at),
        *_of_mandate(representation.mandate, rule, occasion.matter),
    )


def missing_papers(groups: Iterable[tuple[str, ...]], brought: Iterable[str], code: str) -> Findings:
    """One finding ``code`` for each group of which no paper was brought."""
    have = frozenset(brought)
    return tuple(
        _finding(
            code,
            "缺少必须提交的材料",
            "a paper that must be brought is missing",
            any_of=" ".join(group),
        )
        for group in groups
        if have.isdisjoint(group)
    )


def _of_persons(representation: Representation, rule: RepresentationRule, standing: Standing) -> Iterator[Finding]:
    if representation.representative.kind is not PartyKind.PERSON:
        yield _finding(
            "representation.not_a_person", "代为办理的必须是自然人", "only a natural person can act for a party"
        )
    if match_subjects(representation.principal, representation.representative) is PersonMatch.SAME:
        yield _finding(
            "representation.self", "不能委托本人代理本人", "nobody can be named as representative of themselves"
        )
    if standing.capacity is not Capacity.FULL:
        yield _finding(
            "representation.capacity",
            "代为办理的人须具有完全民事行为能力",
            "the representative must have full civil capacity",
        )
    if standing.trust_level < rule.min_trust_level:
        yield _finding(
            "representation.trust_level",
            f"代为办理的人账号可信等级须达到{rule.min_trust_level}级",
            f"the representative's account must reach trust level {rule.min_trust_level}",
            needed=str(rule.min_trust_level),
            found=str(standing.trust_level),
        )


def _of_time(representation: Representation, rule: RepresentationRule, now: datetime) -> Iterator[Finding]:
    ended, period = representation.ended_at, representation.period
    if ended is not None and ended <= now:
        yield _finding("representation.ended", "授权已被解除", "the authority has been ended")
    if period is None:
        if Demand.PERIOD in rule.demands:
            yield _finding("representation.period_missing", "须填写授权时间", "the period of authority must be stated")
    elif now < period.starts_at:
        yield _finding("representation.not_started", "授权时间尚未开始", "the period of authority has not begun")
    elif period.ends_at is not None and period.ends_at <= now:
        yield _finding("representation.expired", "授权时间已过", "the period of authority is over")
    if Demand.CONSENT in rule.demands and not _happened(representation.consented_at, now):
        yield _finding(
            "representation.consent",
            "经办人尚未登录并确认绑定",
            "the handler has not logged in and confirmed the binding",
        )
    if Demand.BINDING in rule.demands and not _happened(representation.bound_at, now):
        yield _finding(
            "representation.binding",
            "代理人账号尚未在业务网点关联该房产",
            "the agent's account has not been bound to this house at an outlet",
        )


def _of_mandate(mandate: Mandate | None, rule: RepresentationRule, matter: str) -> Iterator[Finding]:
    if mandate is None:
        if rule.attestations or rule.wording or Demand.NAMED_MATTER in rule.demands:
            yield _finding("mandate.missing", "须提供授权委托书", "a written mandate is needed")
        yield from missing_papers(rule.papers, (), "mandate.paper_missing")
        return
    if rule.attestations and mandate.attestation not in rule.attestations:
        yield _finding(
            "mandate.attestation",
            "授权委托书须经公证（或者规则允许的认证）",
            "the mandate must be notarised, or certified where the rule allows it",
            accepted=" ".join(attestation.value for attestation in rule.attestations),
        )
    absent = [word for word in rule.wording if folded(word) not in folded(mandate.scope)]
    if absent or (Demand.NAMED_MATTER in rule.demands and matter not in mandate.matters):
        yield _finding(
            "mandate.matter",
            "授权委托书必须注明本次办理的委托事项",
            "the mandate must name this very matter",
            matter=matter,
            absent=" ".join(absent),
        )
    yield from missing_papers(rule.papers, mandate.papers, "mandate.paper_missing")


def _happened(moment: datetime | None, now: datetime) -> bool:
    return moment is not None and moment <= now


def _finding(code: str, zh: str, en: str, **facts: str) -> Finding:
    return Finding(code, zh, en, facts=tuple(facts.items()))
