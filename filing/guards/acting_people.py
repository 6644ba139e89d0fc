"""What must hold of whoever acts: how they logged in, how surely they are known, what they have read and shown.

Which notice and which check is asked for follows from where the case is: each state has one event these guards stand
before.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from filing.lifecycle import Event, State
from filing.profile import Actor
from filing.profile.people import CheckPurpose, PersonGroup
from filing.profile.signing import SignMethod, SignStep
from identity.findings import Finding
from identity.numbers import Region
from identity.subjects import PartyKind, Side
from identity.trust_level import Card, check_property_visit

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from filing.case.signing import SigningTask
    from filing.engine.situation import Situation
    from filing.profile.entry import NoticeRule
    from filing.profile.people import IdentityCheck
    from identity.acting import ActingPerson
    from identity.findings import Findings

__all__ = ["face_checked", "group_of", "logged_in", "notice_read", "notices_before", "trust_level_reached"]

_BEFORE: Final[Mapping[State | None, Event]] = MappingProxyType(
    {
        State.OPENED: Event.VERIFY_PROPERTY,
        State.DRAFTING: Event.GENERATE_TEXT,
        State.TEXT_READY: Event.START_SIGNING,
    }
)

_PURPOSE: Final[Mapping[State | None, CheckPurpose]] = MappingProxyType(
    {State.OPENED: CheckPurpose.OPEN, State.DRAFTING: CheckPurpose.JOIN, State.SIGNING: CheckPurpose.SIGN}
)

_SIDE_OF: Final[Mapping[Actor, Side]] = MappingProxyType({Actor.SELLER: Side.SELLER, Actor.BUYER: Side.BUYER})


def group_of(person: ActingPerson) -> PersonGroup:
    """How the manuals tell people apart at the door; a handler with the organisation's card is the organisation."""
    if person.subject.kind is not PartyKind.PERSON or person.login.card is Card.ORGANISATION:
        return PersonGroup.ORGANISATION
    return PersonGroup.MAINLAND if person.region is Region.CN else PersonGroup.OVERSEAS


def logged_in(situation: Situation) -> Findings:
    """By one of the ways the city has for such a person (ZS-05…09, SZ-16, SZ-17, HS-02, WH-02)."""
    person = situation.who.person
    if person is None:
        return (Finding("login.nobody", "须由本人登录办理", "somebody must log in for this"),)
    ways = [way for way in situation.profile.people.login if way.group is group_of(person)]
    if any(set(way.methods) <= set(person.login.methods) for way in ways):
        return ()
    accepted = " | ".join(" ".join(method.value for method in way.methods) for way in ways) or "none"
    return (
        Finding(
            "login.way",
            "请按本市规定的方式登录后办理",
            "log in in one of the ways this city takes",
            facts=(("group", group_of(person).value), ("accepted", accepted)),
        ),
    )


def trust_level_reached(situation: Situation) -> Findings:
    """The city's level, reached in a way that counts and logged in accordingly (SZ-03, SZ-20…25, SZ-39)."""
    policy, person = situation.profile.people.trust, situation.who.person
    if policy is None:
        return ()
    if person is None:
        return (Finding("login.nobody", "须由本人登录办理", "somebody must log in for this"),)
    return check_property_visit(person.real_name, person.login, policy)


def notices_before(situation: Situation) -> tuple[NoticeRule, ...]:
    """The notices that must be read before the next event from this state."""
    event, sale = _BEFORE.get(_state(situation)), situation.profile.sale
    return () if sale is None else tuple(notice for notice in sale.entry.notices if notice.before is event)


def notice_read(situation: Situation) -> Findings:
    """Everybody who must has read and ticked (HS-04, HS-24, WH-08, ZS-34)."""
    return tuple(
        Finding(
            "notice.unread",
            "请先阅读并勾选同意须知",
            "read the notice and tick that you agree first",
            facts=(("notice", notice.template), ("side", side.value), ("reader", reader)),
        )
        for notice in notices_before(situation)
        for side in notice.sides
        for reader in _unread(situation, notice, side)
    )


def face_checked(situation: Situation) -> Findings:
    """The city's check of the person at this point has been passed, by face or by another way (HS-05, HS-24, HS-32)."""
    purpose = _PURPOSE.get(_state(situation))
    return tuple(
        Finding(
            "person.unchecked",
            "须先完成身份核验（人脸识别或者窗口核验）",
            "the person must be checked first, by face or at the window",
            facts=(("purpose", rule.purpose.value), ("methods", " ".join(method.value for method in rule.any_of))),
        )
        for rule in situation.profile.people.checks
        if rule.purpose is purpose
        for _ in _unchecked(situation, rule)
    )


def _unread(situation: Situation, notice: NoticeRule, side: Side) -> Iterator[str]:
    receipts = [one for one in situation.case.text.receipts if one.subject == notice.template]
    if _SIDE_OF.get(situation.who.actor) is side:
        if all(one.reader != situation.who.account_id for one in receipts):
            yield "you"
    elif not any(one.party is not None and _is_of(situation, one.party, side) for one in receipts):
        yield side.value
    for party in situation.case.people.of_side(side):
        # Who came in by themselves answers for themselves; who was typed in is asked when they come.
        if party.joined_at is not None and all(one.party != party.key for one in receipts):
            yield party.key


def _unchecked(situation: Situation, rule: IdentityCheck) -> Iterator[str]:
    if rule.purpose is CheckPurpose.SIGN:
        yield from (task.party for task in situation.case.signing.tasks if not _signer_checked(situation, task))
        return
    if _SIDE_OF.get(situation.who.actor) in rule.sides and not _passed(situation, situation.who.key, rule):
        yield "you"


def _signer_checked(situation: Situation, task: SigningTask) -> bool:
    if situation.case.signing.method is SignMethod.WET:
        return True
    return any(step.step is SignStep.FACE_OR_CERT_CHECK for step in task.steps)


def _passed(situation: Situation, key: str | None, rule: IdentityCheck) -> bool:
    return any(
        check.person_key == key and check.purpose is rule.purpose and check.method in rule.any_of
        for check in situation.case.people.checks
    )


def _is_of(situation: Situation, key: str, side: Side) -> bool:
    party = situation.case.people.party(key)
    return party is not None and party.side is side


def _state(situation: Situation) -> State | None:
    return None if situation.case.position is None else situation.case.position.state
