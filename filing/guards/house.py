"""Guards: the house, as the land register answered (SZ-18…28, HS-06…14, WH-04…25, H-02)."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from filing.calendar import beijing_day
from filing.engine.roles import parties_of
from filing.facts import house_facts
from filing.profile import Guard, HouseUse, Restriction
from filing.profile.house import UnknownRestriction
from identity.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping

    from filing.case.house import Assessment
    from filing.engine.situation import Situation
    from filing.guards import GuardCheck
    from identity.findings import Findings

__all__ = ["GUARDS"]


def _found(situation: Situation) -> Findings:
    if situation.case.house.checked is not None:
        return ()
    return (
        Finding(
            "house.not_found",
            "产权信息查询失败，请核对后重试，或者联系不动产登记中心查明正确产权信息",
            "no such house in the land register: check what was entered, or ask the land registry",
        ),
    )


def _state_allowed(situation: Situation) -> Findings:
    checked = situation.case.house.checked
    allowed = situation.sale.house.states_allowed
    barred = frozenset() if checked is None else checked.states - allowed
    if not barred:
        return ()
    return (
        Finding(
            "house.state",
            "房屋当前的权利状态不能办理网签",
            "a house in this state cannot be sold here",
            facts=(
                ("states", " ".join(sorted(state.value for state in barred))),
                ("allowed", " ".join(sorted(state.value for state in allowed))),
            ),
        ),
    )


def _unlocked(situation: Situation) -> Findings:
    """The house can be told from others. That it is free is held by the records, which take each key once (H-48)."""
    if situation.case.house.key is not None:
        return ()
    return (Finding("house.no_key", "房屋尚未核验，无法锁定", "the house is not known yet and cannot be locked"),)


def _query_fresh(situation: Situation) -> Findings:
    """Checked on this very Beijing day, by a query of this very day (WH-05)."""
    house, today = situation.case.house, beijing_day(situation.now)
    times = [None if house.checked is None else house.checked.checked_at]
    if house.checked is not None and house.checked.query_no == house.query_no:
        times.append(house.query_asked_at)
    if all(moment is not None and beijing_day(moment) == today for moment in times):
        return ()
    return (
        Finding(
            "house.query_stale",
            "请在本日先进行一次个人房产信息查询再进行操作",
            "query your own titles today first, then go on",
        ),
    )


def _owner_matched(situation: Situation) -> Findings:
    """Whoever checks the house is an owner, or acts for one (ZS-20, SZ-18, HS-07, WH-18, H-28)."""
    checked, person = situation.case.house.checked, situation.who.person
    mine = () if person is None else parties_of(situation.profile, situation.case, person, situation.now)
    if checked is not None and set(mine) & set(checked.owners):
        return ()
    return (
        Finding(
            "house.not_owner",
            "出卖人和产权人必须是同一人，登录信息与产权证书记载不一致",
            "the seller must be the owner: who logged in is not who the title names",
        ),
    )


def _not_blacklisted(situation: Situation) -> Findings:
    checked = situation.case.house.checked
    if checked is None or not checked.blacklisted_owner:
        return ()
    return (Finding("house.blacklisted", "业主已被纳入黑名单", "an owner is on the blacklist"),)


def _one_use(situation: Situation) -> Findings:
    checked = situation.case.house.checked
    if checked is None or not checked.mixed_uses:
        return ()
    return (
        Finding(
            "house.mixed_uses",
            "一证多房且用途大类不一致，须先到不动产登记中心办理分证",
            "one certificate with houses of different use: have it split at the land registry first",
        ),
    )


def _use_settled(situation: Situation) -> Findings:
    if house_facts(situation.case).use is not HouseUse.UNCLEAR:
        return ()
    return (
        Finding(
            "house.use_unclear",
            "房屋用途大类尚待核定",
            "the use category of the house is still being decided",
            facts=_due(situation.case.house.assessment),
        ),
    )


def _restriction_known(situation: Situation) -> Findings:
    if house_facts(situation.case).restriction is not Restriction.UNKNOWN:
        return ()
    if situation.sale.house.unknown_restriction is UnknownRestriction.OFFLINE_APPOINTMENT:
        return (
            Finding(
                "house.offline_appointment",
                "无法判断是否属于限购范围，请交易当事人向房屋所在区房管部门预约线下申报网签",
                "whether the purchase is restricted cannot be told: book an appointment at the district housing office",
            ),
        )
    return (
        Finding(
            "house.restriction_unknown",
            "是否属于限购范围尚待核定",
            "whether the purchase is restricted is still being decided",
            facts=_due(situation.case.house.assessment),
        ),
    )


def _due(assessment: Assessment | None) -> tuple[tuple[str, str], ...]:
    return () if assessment is None else (("due_on", assessment.due_on.isoformat()),)


GUARDS: Final[Mapping[Guard, GuardCheck]] = MappingProxyType(
    {
        Guard.PROPERTY_FOUND: _found,
        Guard.PROPERTY_STATE_ALLOWED: _state_allowed,
        Guard.PROPERTY_UNLOCKED: _unlocked,
        Guard.PROPERTY_QUERY_FRESH: _query_fresh,
        Guard.OWNER_MATCHED: _owner_matched,
        Guard.OWNER_NOT_BLACKLISTED: _not_blacklisted,
        Guard.ONE_USE_PER_CERTIFICATE: _one_use,
        Guard.USE_CATEGORY_SETTLED: _use_settled,
        Guard.RESTRICTION_KNOWN: _restriction_known,
    }
)
"""By name."""
