"""Guards: review, filing and the land registry."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from filing.case.filing import ReviewDecision
from filing.facts import house_facts, parties_facts
from filing.guards.duties import objections_to_duty
from filing.profile import Guard
from filing.profile.decisions import Answer, filing_required
from filing.profile.entry import CaseField
from filing.profile.people import CodePer
from identity.findings import Finding
from identity.staff import StaffRole
from identity.subjects import Side

if TYPE_CHECKING:
    from collections.abc import Mapping

    from filing.case import Case
    from filing.case.text import Amendment
    from filing.engine.situation import Situation
    from filing.guards import GuardCheck
    from filing.profile.decisions import Ruling
    from identity.findings import Findings

__all__ = ["AMENDABLE_CLAUSES", "GUARDS", "filing_ruling", "open_amendment"]

AMENDABLE_CLAUSES: Final = frozenset({"money", "performance", "liability", "annexes", "other_agreements"})
"""What the parties agree between them. Party set, names, numbers and the house are no clauses: the closed list of H-05
cannot be reached from here."""


def filing_ruling(situation: Situation) -> Ruling:
    """Whether this contract must be filed, as far as the house and the parties tell (SZ-67)."""
    parties = parties_facts(situation.case, situation.now)
    return filing_required(situation.profile, house_facts(situation.case), parties)


def open_amendment(case: Case) -> Amendment | None:
    """The change that waits for both sides."""
    newest = case.text.amendments[-1] if case.text.amendments else None
    return newest if newest is not None and newest.effective_at is None and case.filing.amending is not None else None


def _filing_required(situation: Situation) -> Findings:
    if filing_ruling(situation).answer is Answer.YES:
        return ()
    return _no(
        "filing.not_required",
        "该合同无需备案或尚不能判断，请直接打印合同到不动产登记机构办理",
        "this contract needs no filing, or it cannot be told yet: print it and go to the registry",
    )


def _filing_not_required(situation: Situation) -> Findings:
    if filing_ruling(situation).answer is Answer.NO:
        return ()
    return _no(
        "filing.required",
        "该合同须先办理备案，方可申请转移登记",
        "this contract must be filed before the transfer is applied for",
    )


def _review_passed(situation: Situation) -> Findings:
    review = situation.case.filing.review
    if review is None or review.decision is not ReviewDecision.APPROVED:
        return _no("review.not_passed", "合同尚未审核通过", "the contract has not passed review")
    return objections_to_duty(situation, StaffRole.SEALING_OFFICER)


def _reason_given(situation: Situation) -> Findings:
    if situation.reason is not None and situation.reason.strip():
        return ()
    return _no("reason.missing", "请填写原因", "a reason must be given")


def _amendable_fields_only(situation: Situation) -> Findings:
    rule, amending = situation.profile.filing.amend, situation.case.filing.amending
    if rule is None or amending is None:
        return _no("amendment.none", "没有待办的合同变更", "there is no change under way")
    changed = {
        name
        for name in {*amending.clauses, *situation.case.text.clauses}
        if amending.clauses.get(name) != situation.case.text.clauses.get(name)
    }
    closed = {CaseField.PARTY_SET, CaseField.PARTY_NAME, CaseField.PARTY_ID_NUMBER, CaseField.PROPERTY}
    if changed <= AMENDABLE_CLAUSES and closed <= rule.not_fields:
        return ()
    return _no(
        "amendment.fixed_field",
        "当事人姓名、证件号码、房屋信息等重要信息不可变更，请注销后重新签订",
        "names, ID numbers and the house cannot be changed: cancel and sign anew",
        changed=" ".join(sorted(changed - AMENDABLE_CLAUSES)),
    )


def _amendment_recorded(situation: Situation) -> Findings:
    change = open_amendment(situation.case)
    recorded = change is not None and all(words.strip() for words in (change.item, change.before, change.after))
    if recorded and change is not None and change.text is not None:
        return ()
    return _no(
        "amendment.not_recorded",
        "请先填写变更事项、变更前内容、变更后内容",
        "the item, the content before and the content after must be written down first",
    )


def _amendment_agreed(situation: Situation) -> Findings:
    rule, amending = situation.profile.filing.amend, situation.case.filing.amending
    change = open_amendment(situation.case)
    digest = None if change is None or change.text is None else change.text.sha256
    codes = () if amending is None else tuple(code for code in amending.codes if code.text_sha256 == digest)
    if rule is not None and rule.codes is CodePer.PERSON:
        agreed = {party.key for party in situation.case.people.parties} <= {code.party for code in codes}
    else:
        agreed = set(Side) <= {code.side for code in codes}
    if agreed:
        return ()
    return _no("amendment.not_agreed", "须买卖双方验证码均验证通过", "the codes of both sides are needed")


def _no(code: str, zh: str, en: str, **facts: str) -> Findings:
    return (Finding(code, zh=zh, en=en, facts=tuple(facts.items())),)


GUARDS: Final[Mapping[Guard, GuardCheck]] = MappingProxyType(
    {
        Guard.FILING_REQUIRED: _filing_required,
        Guard.FILING_NOT_REQUIRED: _filing_not_required,
        Guard.REVIEW_PASSED: _review_passed,
        Guard.REASON_GIVEN: _reason_given,
        Guard.AMENDABLE_FIELDS_ONLY: _amendable_fields_only,
        Guard.AMENDMENT_RECORDED: _amendment_recorded,
        Guard.AMENDMENT_AGREED: _amendment_agreed,
    }
)
"""By name."""
