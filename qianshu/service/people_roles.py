"""Roles of staff (``api.ports.StaffDesk``).

``Roles(accounts, staff)``: the stores of accounts and grants. The first administrator of a city is made at the command
line (:func:`grant_at_command_line`); everybody else by one.
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Final

from identity.errors import AccountError, NotAllowed
from identity.numbers import folded
from identity.staff import StaffGrant, check_roles_together, granted, grants_at, revoked
from qianshu.service.people_agents import subject_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from api.ports import Somebody
    from identity.acting import ActingPerson
    from identity.ports import Accounts, Staff
    from identity.staff import StaffRole

__all__ = ["BOOTSTRAP", "Roles", "grant_at_command_line"]

BOOTSTRAP: Final = "bootstrap"
"""Stands as grantor where somebody with the keys of the machine gave a role."""


class Roles:
    """``api.ports.StaffDesk``."""

    def __init__(self, accounts: Accounts, staff: Staff) -> None:
        self._accounts = accounts
        self._staff = staff

    def in_city(self, city: str) -> Sequence[StaffGrant]:
        """Everybody's roles, those that have ended too."""
        return self._staff.in_city(city)

    def grant(self, grantor: ActingPerson, city: str, to: tuple[str, StaffRole], now: datetime) -> StaffGrant:
        """Give ``to[0]`` the role ``to[1]``; what they hold already is not given twice."""
        account_id, role = to
        _demand_account(self._accounts, account_id)
        wanted = StaffGrant(uuid.uuid4().hex, account_id, role, city, grantor.account_id, now)
        given = granted((grantor.account_id, grantor.staff), _held(self._staff, account_id, now), wanted)
        self._staff.save(given)
        return given

    def revoke(self, grantor: ActingPerson, city: str, grant_id: str, now: datetime) -> StaffGrant:
        """Take a role; once."""
        grant = self._staff.load(grant_id)
        if grant is None or grant.city != city:
            raise AccountError("authority.unknown", zh="没有该岗位授权", en="there is no such role in this city")
        ended = revoked((grantor.account_id, grantor.staff), grant, now)
        self._staff.save(ended)
        return ended

    def names_of(self, account_ids: Iterable[str]) -> Mapping[str, str]:
        """Names of these accounts."""
        found = {each: self._accounts.load(each) for each in set(account_ids)}
        return {each: account.subject.name for each, account in found.items() if account is not None}

    def find(self, somebody: Somebody, now: datetime) -> str:
        """The newest account of somebody whose name and number are both told."""
        wanted = subject_of(somebody, now)
        alive = [one for one in self._accounts.by_person(wanted.number) if one.closed_at is None]
        fit = [one for one in alive if folded(one.subject.name) == folded(wanted.name)]
        if not fit:
            raise AccountError("account.unknown", zh="没有该账号", en="there is no such account")
        return fit[-1].account_id


def grant_at_command_line(
    accounts: Accounts, staff: Staff, to: tuple[str, StaffRole], city: str, now: datetime
) -> StaffGrant:
    """A role given by whoever runs the service. An auditor still holds no other role beside."""
    account_id, role = to
    _demand_account(accounts, account_id)
    wanted = StaffGrant(uuid.uuid4().hex, account_id, role, city, BOOTSTRAP, now)
    held = _held(staff, account_id, now)
    findings = check_roles_together(held, wanted)
    if findings:
        raise NotAllowed(findings)
    given = next((one for one in held if (one.role, one.city) == (role, city)), wanted)
    staff.save(given)
    return given


def _held(staff: Staff, account_id: str, now: datetime) -> tuple[StaffGrant, ...]:
    return grants_at(staff.of_account(account_id), now)


def _demand_account(accounts: Accounts, account_id: str) -> None:
    account = accounts.load(account_id)
    if account is None or account.closed_at is not None:
        raise AccountError("account.unknown", zh="没有该账号", en="there is no such account")
