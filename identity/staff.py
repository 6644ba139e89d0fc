"""Staff: roles per city as records that say who granted them, and which two duties one person may not hold together.

Who reviews a case does not hold the seal alone: nobody both reviews a case and puts the authority's seal on it, nobody
works as staff on a case of their own, nobody grants a role to themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from identity.errors import NotAllowed
from identity.findings import Finding, Findings, Weight
from identity.numbers import PersonMatch
from identity.subjects import match_subjects

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from datetime import datetime

    from identity.subjects import Subject

__all__ = [
    "EXCLUSIVE",
    "GRANTORS",
    "DutyDone",
    "StaffGrant",
    "StaffRole",
    "check_grant",
    "check_own_case",
    "check_roles_together",
    "granted",
    "grants_at",
    "holds_role",
    "revoked",
    "separation",
]


class StaffRole(Enum):
    """What a member of staff may be."""

    REVIEWER = "reviewer"
    SEALING_OFFICER = "sealing_officer"
    WINDOW_CLERK = "window_clerk"
    OPERATOR = "operator"
    REGISTRAR = "registrar"
    AUDITOR = "auditor"
    ADMIN = "admin"


EXCLUSIVE: frozenset[frozenset[StaffRole]] = frozenset(
    {
        frozenset({StaffRole.REVIEWER, StaffRole.SEALING_OFFICER}),
        # Whoever entered papers at the window does not judge them, nor seal what came of them.
        frozenset({StaffRole.REVIEWER, StaffRole.WINDOW_CLERK}),
        frozenset({StaffRole.SEALING_OFFICER, StaffRole.WINDOW_CLERK}),
    }
)
"""Pairs of duties that need two people in one case. One person may hold both roles and use each in other cases."""

GRANTORS = frozenset({StaffRole.ADMIN})
"""Who may give and take roles."""

OVERSIGHT = frozenset({StaffRole.AUDITOR})
"""Who looks at everything may do nothing: no other role in the same city."""


@dataclass(frozen=True, slots=True)
class StaffGrant:
    """One role of one account in one city, and who is answerable for it."""

    grant_id: str
    """Identifier of this record."""

    account_id: str
    """Who holds the role."""

    role: StaffRole
    """Which."""

    city: str
    """Where: the name of the city's folder."""

    granted_by: str
    """Account that granted it; ``bootstrap`` for the first admin, who is made at the command line."""

    granted_at: datetime
    """When; aware UTC."""

    revoked_at: datetime | None = None
    """When it ended; aware UTC."""

    revoked_by: str | None = None
    """Account that ended it."""


@dataclass(frozen=True, slots=True)
class DutyDone:
    """That somebody has acted in a role on the case in question."""

    account_id: str
    """Who."""

    role: StaffRole
    """As what."""


def grants_at(grants: Iterable[StaffGrant], now: datetime) -> tuple[StaffGrant, ...]:
    """The grants in force at ``now``."""
    return tuple(
        grant for grant in grants if grant.granted_at <= now and (grant.revoked_at is None or now < grant.revoked_at)
    )


def granted(grantor: tuple[str, tuple[StaffGrant, ...]], held: Iterable[StaffGrant], wanted: StaffGrant) -> StaffGrant:
    """``wanted``, if ``grantor`` (account and grants in force) may give it and the receiver, who holds ``held``, may
    have it. Raises :class:`NotAllowed` with every reason. What the receiver holds already is not given twice.
    """
    held = tuple(held)
    findings = (*check_grant(*grantor, wanted), *check_roles_together(held, wanted))
    if findings:
        raise NotAllowed(findings)
    return next((one for one in held if (one.role, one.city) == (wanted.role, wanted.city)), wanted)


def revoked(grantor: tuple[str, tuple[StaffGrant, ...]], grant: StaffGrant, now: datetime) -> StaffGrant:
    """``grant``, ended. Raises :class:`NotAllowed`. One that has ended stays as it is."""
    findings = check_grant(*grantor, grant)
    if findings:
        raise NotAllowed(findings)
    return grant if grant.revoked_at is not None else replace(grant, revoked_at=now, revoked_by=grantor[0])


def holds_role(grants: Iterable[StaffGrant], role: StaffRole, city: str) -> bool:
    """Whether one of ``grants``, all taken to be in force, is this role in this city."""
    return any(grant.role is role and grant.city == city for grant in grants)


def separation(account_id: str, role: StaffRole, done: Iterable[DutyDone]) -> Findings:
    """Every reason why this person may not act in ``role`` on a case where ``done`` was done before."""
    return tuple(_conflicts(account_id, role, frozenset(done)))


def check_grant(grantor: str, grantor_grants: tuple[StaffGrant, ...], wanted: StaffGrant) -> Findings:
    """Every reason why ``grantor`` may not make ``wanted``; both hold at giving and at taking away.

    ``grantor_grants`` are those in force. What the receiver holds already is :func:`check_roles_together`'s.
    """
    return tuple(_of_grant(grantor, grantor_grants, wanted))


def check_roles_together(held: Iterable[StaffGrant], wanted: StaffGrant) -> Findings:
    """Whether the receiver may hold ``wanted`` beside ``held``: an auditor holds nothing else in that city."""
    roles = {grant.role for grant in held if grant.city == wanted.city} | {wanted.role}
    if len(roles) == 1 or OVERSIGHT.isdisjoint(roles):
        return ()
    return (
        Finding(
            "staff.auditor_acts",
            zh="审计人员在同一城市不得兼任其他岗位",
            en="an auditor holds no other role in the same city",
            facts=(("city", wanted.city), ("role", wanted.role.value)),
        ),
    )


def check_own_case(officer: Subject, people: Iterable[Subject]) -> Findings:
    """Staff do not work on a case in which they are party, agent or guardian themselves; namesakes are looked at."""
    matches = {match_subjects(officer, person) for person in people}
    if PersonMatch.SAME in matches:
        return (
            Finding(
                "staff.own_case",
                zh="工作人员不得办理本人参与的案件，请交由其他人员办理",
                en="staff do not work on a case they take part in: another officer must act",
            ),
        )
    if PersonMatch.UNDECIDED in matches:
        return (
            Finding(
                "staff.perhaps_own_case",
                zh="案件中有与工作人员姓名相同的人，请核实是否为同一人",
                en="somebody in the case shares the officer's name: find out whether they are one",
                weight=Weight.ASKS,
            ),
        )
    return ()


def _conflicts(account_id: str, role: StaffRole, done: frozenset[DutyDone]) -> Iterator[Finding]:
    for duty in sorted(done, key=lambda duty: duty.role.value):
        if duty.account_id == account_id and frozenset({duty.role, role}) in EXCLUSIVE:
            yield Finding(
                "staff.separation",
                zh="同一人不得在同一案件中兼任审核、用印、窗口受理等不相容岗位",
                en="one person may not do both duties in one case: another officer must act",
                facts=(("done", duty.role.value), ("wanted", role.value)),
            )


def _of_grant(grantor: str, grantor_grants: tuple[StaffGrant, ...], wanted: StaffGrant) -> Iterator[Finding]:
    if grantor == wanted.account_id:
        yield Finding(
            "staff.grant_self", zh="不得为本人授予或者撤销岗位", en="nobody grants or takes a role of their own"
        )
    if not any(holds_role(grantor_grants, role, wanted.city) for role in GRANTORS):
        yield Finding(
            "staff.not_grantor",
            zh="只有该城市的管理员可以授予或者撤销岗位",
            en="only an administrator of that city gives or takes roles",
            facts=(("city", wanted.city),),
        )
