"""What the selling side adds to the title: how to reach everybody, what is transferred, who consents besides.

Names, numbers, regions and shares held come from the register and are not asked (SZ-56, ZS-20, WH-27).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date  # noqa: TC003 - read at run time by the ways in
from typing import TYPE_CHECKING, Final

from filing.acts.entry.identify import (
    ContactInput,
    IdentityInput,
    contact_from,
    identified_from,
    refuse,
    require_shown,
    share_from,
)
from filing.acts.entry.keys import with_keys
from filing.acts.spec import ActDoc, ActSpec
from filing.calendar import beijing_day
from filing.case.people import CaseParty, OrganisationHead, PartyRole, Shares
from filing.engine.outcome import Outcome
from filing.errors import InputRefused
from filing.guards.people import id_findings, side_findings
from filing.guards.text import seller_share_findings
from filing.lifecycle import State
from filing.profile import Actor
from filing.profile.entry import CaseField
from identity.findings import refusals
from identity.numbers import Sex  # noqa: TC001 - read at run time by the ways in
from identity.subjects import Side

if TYPE_CHECKING:
    from fractions import Fraction

    from filing.case import Case
    from filing.engine.situation import Situation

__all__ = ["SET_SELLERS", "CoOwnerInput", "OwnerInput", "SellersInput", "heads_with", "require_people"]


@dataclass(frozen=True, slots=True)
class OwnerInput:
    """What is added to one owner of the title."""

    party: str
    """Key of the party."""

    contact: ContactInput
    """How to reach them."""

    transferred_share: str | None = None
    """Part of the whole house, e.g. ``1/2``; ``0`` does not transfer (SZ-57); left out: everything held."""

    nationality: str | None = None
    """Country, where the register knows only that it is another."""

    birth_date: date | None = None
    """Where the number does not tell it."""

    sex: Sex | None = None
    """Where the number does not tell it."""

    head_name: str | None = None
    """Of an organisation: its legal representative."""

    limited_capacity: bool = False
    """Declared to lack full civil capacity for another reason than age."""

    usable_online: bool = True
    """Can use the city's app and be checked there (SZ-44, SZ-49)."""


@dataclass(frozen=True, slots=True)
class CoOwnerInput:
    """A co-owner whom the title does not name, and who consents (HS-21; 城市房地产管理法 art. 38)."""

    identity: IdentityInput
    """Who."""

    contact: ContactInput
    """How to reach them."""


@dataclass(frozen=True, slots=True)
class SellersInput:
    """The selling side."""

    owners: tuple[OwnerInput, ...]
    """Every owner of the title."""

    co_owners: tuple[CoOwnerInput, ...] = ()
    """Co-owners besides."""

    has_co_owners: bool | None = None
    """The seller's word on whether there are co-owners, where the city asks (WH-28)."""


def require_people(situation: Situation, case: Case) -> None:
    """What can be told of the people at once is said at once. Raises ``InputRefused``."""
    today = beijing_day(situation.now)
    found = [finding for party in case.people.parties for finding in id_findings(situation.profile, party, today)]
    found += [finding for finding in side_findings(case, today) if finding.code != "sides.own_share"]
    if refusals(found):
        raise InputRefused(refusals(found))


def heads_with(heads: tuple[OrganisationHead, ...], party: str, name: str | None) -> tuple[OrganisationHead, ...]:
    """The heads with this party's, if one was named."""
    if name is None:
        return heads
    require_shown(name.strip(), "head_name")
    return (*(head for head in heads if head.party != party), OrganisationHead(party, "法定代表人", name.strip()))


def _entered(situation: Situation, typed: SellersInput) -> Case:
    case, today = situation.case, beijing_day(situation.now)
    _require_every_owner(case, typed)
    _require_shares_kept(situation, typed)
    owners, heads = [], case.people.heads
    for place, each in enumerate(typed.owners):
        party = case.people.party(each.party)
        if party is None:
            raise LookupError("every owner was looked for")
        owners.append(_owner(party, each, f"owners.{place}"))
        heads = heads_with(heads, each.party, each.head_name)
    besides = [
        CaseParty(
            key=f"new-{place}",
            side=Side.SELLER,
            role=PartyRole.CO_OWNER,
            identified=identified_from(each.identity, today, f"co_owners.{place}.identity"),
            contact=contact_from(each.contact, f"co_owners.{place}.contact"),
        )
        for place, each in enumerate(typed.co_owners)
    ]
    sellers = sorted((*owners, *besides), key=lambda party: party.role is PartyRole.CO_OWNER)
    people = replace(
        case.people,
        parties=(*sellers, *case.people.of_side(Side.BUYER)),
        heads=heads,
        seller_co_owners=case.people.seller_co_owners if typed.has_co_owners is None else typed.has_co_owners,
    )
    return _with_same_people(case, replace(case, people=people))


def _with_same_people(before: Case, after: Case) -> Case:
    """A consenting co-owner who was there already keeps what was recorded of them."""
    known = {party.identified.id_number: party for party in before.people.of_side(Side.SELLER) if not party.on_title}
    parties = tuple(
        replace(party, key=known[party.identified.id_number].key)
        if not party.on_title and party.side is Side.SELLER and party.identified.id_number in known
        else party
        for party in after.people.parties
    )
    return with_keys(replace(after, people=replace(after.people, parties=parties)))


def _require_every_owner(case: Case, typed: SellersInput) -> None:
    on_title = {party.key for party in case.people.of_side(Side.SELLER) if party.on_title}
    named = [each.party for each in typed.owners]
    if set(named) != on_title or len(named) != len(on_title):
        raise refuse(
            "owners.all",
            "须逐一填写产权证书上的每一名权利人",
            "every owner of the title is entered, each once, and nobody else",
            "owners",
        )


def _require_shares_kept(situation: Situation, typed: SellersInput) -> None:
    """After a revoked filing the shares stay as they were signed (SZ-94, SZ-95, H-23)."""
    fixed = situation.sale.entry.fixed_when_refiling
    if not situation.case.text.refiling or CaseField.SELLER_SHARE not in fixed:
        return
    before = {party.key: _moved(party.shares.transferred) for party in situation.case.people.of_side(Side.SELLER)}
    now = {each.party: _moved(share_from(each.transferred_share, "owners")) for each in typed.owners}
    if typed.co_owners or any(before.get(key) != share for key, share in now.items()):
        raise refuse(
            "field.fixed_when_refiling",
            "注销备案后重新申请的，该项不可修改；如需修改请注销网签后重新签订",
            "this stays as it was when a filing is revoked; cancel the net-sign to change it",
            "owners",
        )


def _moved(share: Fraction | None) -> str:
    return "all" if share is None else str(share)


def _owner(party: CaseParty, typed: OwnerInput, path: str) -> CaseParty:
    moved = share_from(typed.transferred_share, f"{path}.transferred_share")
    who = party.identified
    require_shown(who.name, f"{path}.party")
    told = replace(
        who,
        nationality=who.nationality or (typed.nationality or ""),
        birth_date=who.birth_date or typed.birth_date,
        sex=who.sex or typed.sex,
    )
    return replace(
        party,
        role=PartyRole.CO_OWNER if moved == 0 else PartyRole.SELLER,
        identified=told,
        contact=contact_from(typed.contact, f"{path}.contact"),
        shares=Shares(party.shares.held, moved),
        limited_capacity=typed.limited_capacity,
        usable_online=typed.usable_online,
    )


def _check(situation: Situation, typed: SellersInput) -> None:
    after = _entered(situation, typed)
    require_people(situation, after)
    zero_allowed = situation.sale.entry.zero_share_allowed
    found = [one for one in seller_share_findings(after) if one.code != "share.zero" or not zero_allowed]
    if found:
        raise InputRefused(tuple(found))


def _decide(situation: Situation, typed: SellersInput, _: None) -> Outcome:
    after = _entered(situation, typed)
    roles = {party.key: party.role.value for party in after.people.of_side(Side.SELLER)}
    return Outcome(after).noting("sellers.entered", parties=roles)


SET_SELLERS: Final = ActSpec(
    name="set-sellers",
    by=frozenset({Actor.SELLER}),
    states=frozenset({State.DRAFTING}),
    input=SellersInput,
    check=_check,
    decide=_decide,
    doc=ActDoc(
        zh="填写出卖人信息：联系方式、实际转让份额、是否有共有人；姓名、证件、所占份额取自产权登记，不可修改。",
        en="Enter the selling side: contacts, shares transferred, co-owners. What is registered is not asked again.",
        example={
            "owners": [
                {
                    "party": "seller-1",
                    "contact": {"phone": "13900000001", "address": "黄石市湖滨中路18号"},
                }
            ],
            "has_co_owners": False,
        },
        errors=("input.refused",),
    ),
    rules=("ZS-26", "ZS-29", "SZ-56", "SZ-57", "HS-15", "HS-21", "WH-28", "H-49"),
)
"""The selling side."""
