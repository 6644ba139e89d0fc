"""Guards: what is entered and the text made of it."""

from __future__ import annotations

from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from filing.case.people import PartyRole
from filing.profile import Guard
from filing.profile.entry import CaseField, Confirmers, CoOwnership
from filing.terms import find_problems
from filing.terms.house import house_conflicts
from identity.findings import Finding
from identity.subjects import Side

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from filing.case import Case
    from filing.case.people import CaseParty
    from filing.engine.situation import Situation
    from filing.guards import GuardCheck
    from filing.profile import Sale
    from identity.findings import Findings

__all__ = [
    "GUARDS",
    "buyer_share_findings",
    "locked_findings",
    "must_confirm",
    "seller_share_findings",
    "unconfirmed",
]


def _fields_filled(situation: Situation) -> Findings:
    """Everything the model text needs is there and fits together (ZS-25)."""
    return tuple(
        Finding(each.code, each.zh, each.en, facts=(("path", each.path), ("party", each.party or "")))
        for each in find_problems(situation.case, situation.profile)
    )


def locked_findings(situation: Situation, clauses: Mapping[str, Any]) -> Findings:
    """Registered facts that were typed otherwise (SZ-56, WH-27)."""
    if CaseField.PROPERTY not in situation.sale.entry.locked:
        return ()
    typed = clauses.get("house")
    paths = house_conflicts(situation.case.house, typed) if isinstance(typed, dict) else ()
    return tuple(
        Finding(
            "field.locked",
            "该项取自产权登记信息，不可修改；如有问题请到不动产登记中心更正",
            "this comes from the land register and cannot be changed here; have it corrected at the land registry",
            facts=(("path", path),),
        )
        for path in paths
    )


def _locked_untouched(situation: Situation) -> Findings:
    checked = situation.case.house.checked
    on_title = {party.key for party in situation.case.people.parties if party.on_title}
    missing = set(() if checked is None else checked.owners) - on_title
    gone = tuple(
        Finding("owner.missing", "产权人未列入合同", "an owner is not in the contract", facts=(("party", key),))
        for key in sorted(missing)
    )
    return (*locked_findings(situation, situation.case.text.clauses), *gone)


def _shares_complete(situation: Situation) -> Findings:
    allowed = situation.sale.entry.co_ownership
    zero_allowed = situation.sale.entry.zero_share_allowed
    return (
        *buyer_share_findings(situation.case, allowed),
        *(
            finding
            for finding in seller_share_findings(situation.case)
            if finding.code != "share.zero" or not zero_allowed
        ),
    )


def buyer_share_findings(case: Case, allowed: tuple[CoOwnership, ...]) -> Findings:
    """Sole has one buyer, by share and joint have several, shares make exactly 1 (ZS-31, H-01)."""
    chosen, buyers = case.people.co_ownership, case.people.of_side(Side.BUYER)
    if chosen is None or chosen not in allowed:
        return (_no("co_ownership.missing", "须选择共有性质", "choose how the buyers will hold the house"),)
    if chosen is CoOwnership.SOLE and len(buyers) > 1:
        return (_no("co_ownership.sole", "单独所有只能有一名买受人", "sole ownership has one buyer"),)
    if chosen is not CoOwnership.SOLE and len(buyers) < 2:
        return (_no("co_ownership.alone", "共有的必须设置共有人信息", "co-ownership needs the other owners' data"),)
    if chosen is not CoOwnership.BY_SHARE and any(buyer.shares.held is not None for buyer in buyers):
        return (_no("share.not_divided", "只有按份共有才填写份额", "shares are told where buyers hold by shares"),)
    return _buyer_shares(buyers) if chosen is CoOwnership.BY_SHARE else ()


def _buyer_shares(buyers: tuple[CaseParty, ...]) -> Findings:
    held = [party.shares.held for party in buyers]
    if any(share is None or share <= 0 for share in held):
        return (_no("share.missing", "按份共有须填写每人份额", "every buyer needs a share"),)
    total = sum((share for share in held if share is not None), Fraction(0))
    if total != 1:
        return (_no("share.sum", f"份额之和应为1，现为{total}", f"shares must sum to 1, not {total}"),)
    return ()


def seller_share_findings(case: Case) -> Findings:
    """What owners transfer: between nothing and what they hold, and somebody transfers something (SZ-57)."""
    owners = case.people.of_side(Side.SELLER)
    found = [finding for party in owners for finding in _of_owner(party)]
    if owners and all(party.role is PartyRole.CO_OWNER for party in owners):
        found.append(_no("share.nobody_sells", "至少有一名产权人转让", "at least one owner must transfer"))
    return tuple(found)


def _of_owner(party: CaseParty) -> Iterator[Finding]:
    held, moved = party.shares.held, party.shares.transferred
    if moved is None:
        return
    if moved < 0 or moved > (1 if held is None else held):
        yield _no(
            "share.too_much", "转让的份额不能超过所持份额", "nobody transfers more than they hold", party=party.key
        )
    if moved == 0 and party.on_title:
        yield _no("share.zero", "本市不支持转让份额为0", "an owner cannot transfer nothing here", party=party.key)


def _co_owner_choice(situation: Situation) -> Findings:
    """The seller has said whether there are co-owners, and it is so (WH-28)."""
    said = situation.case.people.seller_co_owners
    if said is None:
        return (_no("co_owners.unsaid", "请选择是否有共有人", "say whether there are co-owners"),)
    several = len(situation.case.people.of_side(Side.SELLER)) > 1
    if said is several:
        return ()
    return (
        _no("co_owners.contradicts", "共有人的选择与所列权利人不一致", "the owners listed contradict what was said"),
    )


def _forms_complete(situation: Situation) -> Findings:
    filled = situation.case.text.forms
    return tuple(
        _no("form.missing", "须先填写必填表单", "a form that is needed is not filled", form=form.name)
        for form in situation.sale.entry.forms
        if form.required and not filled.get(form.name)
    )


def must_confirm(sale: Sale, case: Case) -> tuple[str, ...]:
    """Keys of everybody who confirms the text before signing starts: every buyer, and every owner where there are
    several (HS-29, HS-30); a sole seller entered it and is not asked again.
    """
    if sale.preparation.confirmers is Confirmers.NOBODY:
        return ()
    sellers, buyers = case.people.of_side(Side.SELLER), case.people.of_side(Side.BUYER)
    return tuple(party.key for party in (*(sellers if len(sellers) > 1 else ()), *buyers))


def unconfirmed(sale: Sale, case: Case) -> tuple[str, ...]:
    """Those of them who have not confirmed the text as it stands."""
    fixed = case.text.fixed
    said = {one.party for one in case.text.confirmations if fixed is not None and one.text_sha256 == fixed.sha256}
    return tuple(key for key in must_confirm(sale, case) if key not in said)


def _confirmations_complete(situation: Situation) -> Findings:
    return tuple(
        _no("confirmation.missing", "尚有当事人未确认合同", "a party has not confirmed the text", party=key)
        for key in unconfirmed(situation.sale, situation.case)
    )


def _no(code: str, zh: str, en: str, **facts: str) -> Finding:
    return Finding(code, zh, en, facts=tuple(facts.items()))


GUARDS: Final[Mapping[Guard, GuardCheck]] = MappingProxyType(
    {
        Guard.FIELDS_FILLED: _fields_filled,
        Guard.LOCKED_FIELDS_UNTOUCHED: _locked_untouched,
        Guard.SHARES_COMPLETE: _shares_complete,
        Guard.CO_OWNER_CHOICE_MADE: _co_owner_choice,
        Guard.FORMS_COMPLETE: _forms_complete,
        Guard.CONFIRMATIONS_COMPLETE: _confirmations_complete,
    }
)
"""By name."""
