"""Both sides of a sale seen together: nobody sells to themselves, no agent serves both (H-49, 民法典 art. 168)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from identity.findings import Finding, Findings, Weight
from identity.numbers import PersonMatch
from identity.representation import Basis, Representation
from identity.subjects import Subject, match_subjects

if TYPE_CHECKING:
    from collections.abc import Iterator
    from fractions import Fraction

__all__ = ["Owner", "SidePeople", "check_agents_of_sides", "check_parties_of_sides"]

BY_MANDATE = (Basis.AGENT_POA, Basis.HANDLER)
"""Those art. 168 speaks of. A parent who sells to the own child acts as guardian and is not among them."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Somebody on the selling side."""

    subject: Subject
    """Who."""

    on_title: bool
    """Whether the title names them."""

    transferred_share: Fraction
    """What they transfer; 0 is a co-owner who does not (SZ-57)."""


@dataclass(frozen=True, slots=True)
class SidePeople:
    """The people of one side."""

    parties: tuple[Subject, ...]
    """Sellers, or buyers."""

    representations: tuple[Representation, ...] = ()
    """Who acts for them."""


def check_parties_of_sides(owners: tuple[Owner, ...], buyers: tuple[Subject, ...]) -> Findings:
    """Refuse a person on both sides, but for a co-owner who buys another's share and transfers none (H-49, SZ-55)."""
    return tuple(finding for owner in owners for buyer in buyers for finding in _of_pair(owner, buyer, owners))


def check_agents_of_sides(seller: SidePeople, buyer: SidePeople) -> Findings:
    """Refuse an agent who serves both sides, or who deals with himself (民法典 art. 168).

    The law allows it with the principals' consent; this service does not take such consent online.
    """
    return (*_of_both(seller, buyer), *_of_self(seller, buyer), *_of_self(buyer, seller))


def _of_pair(owner: Owner, buyer: Subject, owners: tuple[Owner, ...]) -> Iterator[Finding]:
    match = match_subjects(owner.subject, buyer)
    if match is PersonMatch.DIFFERENT:
        return
    if match is PersonMatch.UNDECIDED:
        yield Finding(
            "sides.perhaps_same_party",
            zh="买卖双方有姓名相同、证件不同的人，请核实是否为同一人",
            en="a seller and a buyer share a name under different documents: find out whether they are one",
            weight=Weight.ASKS,
        )
        return
    others_transfer = any(other.transferred_share > 0 for other in owners if other is not owner)
    if not owner.on_title or not others_transfer:
        yield Finding("sides.same_party", zh="同一人不能同时为买卖双方", en="one person cannot be on both sides")
    elif owner.transferred_share != 0:
        yield Finding(
            "sides.own_share",
            zh="共有人购买其他共有人份额的，其本人转让的份额须为0",
            en="a co-owner who buys another's share must transfer none of their own",
        )


def _of_both(seller: SidePeople, buyer: SidePeople) -> Iterator[Finding]:
    for one in _agents(seller):
        for other in _agents(buyer):
            yield from _agent_finding(
                match_subjects(one, other),
                "sides.same_agent",
                "同一代理人不能同时代理买卖双方",
                "one agent cannot act for both sides",
            )


def _of_self(side: SidePeople, opposite: SidePeople) -> Iterator[Finding]:
    for agent in _agents(side):
        for party in opposite.parties:
            yield from _agent_finding(
                match_subjects(agent, party),
                "sides.agent_is_party",
                "代理人不能以被代理人的名义与自己交易",
                "an agent cannot conclude the sale with himself",
            )


def _agents(side: SidePeople) -> tuple[Subject, ...]:
    return tuple(one.representative for one in side.representations if one.basis in BY_MANDATE)


def _agent_finding(match: PersonMatch, code: str, zh: str, en: str) -> Iterator[Finding]:
    if match is PersonMatch.SAME:
        yield Finding(code, zh, en)
    elif match is PersonMatch.UNDECIDED:
        yield Finding(f"{code}_perhaps", f"请核实：{zh}", f"find out by the documents: {en}", weight=Weight.ASKS)
