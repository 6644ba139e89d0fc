"""``qianshu staff``: the first roles of a city, given by whoever runs the service.

All others are given by the city's administrator.

Whoever is to have a role has logged in once, so that there is an account.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from errors import QianshuError
from identity.numbers import IdType, check_number
from identity.staff import StaffRole
from qianshu.commands.opened import of_service, opened_records, require_cities

if TYPE_CHECKING:
    from identity.ports import Accounts
    from identity.staff import StaffGrant
    from qianshu.commands.opened import ServiceAt

__all__ = ["staff"]


@click.group()
def staff() -> None:
    """Roles of staff. 工作人员岗位。"""


@staff.command()
@click.option("--account", "account_id", help="Identifier of the account. 账号标识。")
@click.option("--person", "number", help="Identity number of somebody who has logged in. 已登录过的人员证件号码。")
@click.option(
    "--id-type",
    type=click.Choice([kind.value for kind in IdType]),
    default=IdType.RESIDENT_ID.value,
    help="Which document the number is of. 证件类型。",
)
@click.option("--role", required=True, type=click.Choice([role.value for role in StaffRole]), help="岗位。")
@click.option("--city", required=True, help="Name of the city's folder. 城市。")
@of_service
def grant(  # noqa: PLR0913 - one parameter per option
    *,
    account_id: str | None,
    number: str | None,
    id_type: str,
    role: str,
    city: str,
    at: ServiceAt,
) -> None:
    """Give a role, e.g. the first administrator's. 授予岗位，例如首位管理员。"""
    from qianshu.service.people_roles import grant_at_command_line  # noqa: PLC0415 - not for --help
    from qianshu.service.people_stores import open_people  # noqa: PLC0415 - likewise

    if (account_id is None) == (number is None):
        raise click.UsageError("--account or --person")
    require_cities(at, [city])
    now = datetime.now(UTC)
    with opened_records(at) as records:
        people = open_people(records.database, records.key, records.secret)
        found = account_id or _account_of(people.accounts, id_type, str(number), now)
        given = grant_at_command_line(people.accounts, people.staff, (found, StaffRole(role)), city, now)
    click.echo(_line(given))


@staff.command("list")
@click.option("--city", required=True, help="Name of the city's folder. 城市。")
@of_service
def list_roles(city: str, at: ServiceAt) -> None:
    """Everybody's roles in a city, those that have ended too. 列出岗位。"""
    from storage.people import SqlStaff  # noqa: PLC0415 - not for --help

    with opened_records(at) as records:
        for each in SqlStaff(records.database).in_city(city):
            click.echo(_line(each))


def _account_of(accounts: Accounts, id_type: str, number: str, now: datetime) -> str:
    """The one account of a person. Raises ``staff.no_account``, ``staff.several_accounts``."""
    found = accounts.by_person(check_number(IdType(id_type), number, now.date()))
    alive = [one.account_id for one in found if one.closed_at is None]
    if not alive:
        raise QianshuError(
            "staff.no_account", zh="该人员尚未登录过，没有账号", en="this person has never logged in: no account yet"
        )
    if len(alive) > 1:
        raise QianshuError(
            "staff.several_accounts",
            zh="该人员有多个账号，请用 --account 指定",
            en="this person has several accounts: say which with --account",
            accounts=alive,
        )
    return alive[0]


def _line(grant: StaffGrant) -> str:
    ended = "" if grant.revoked_at is None else f"  – {grant.revoked_at:%Y-%m-%d %H:%M} {grant.revoked_by}"
    since = f"{grant.granted_at:%Y-%m-%d %H:%M} {grant.granted_by}"
    return f"{grant.grant_id}  {grant.city}  {grant.role.value:15}  {grant.account_id}  {since}{ended}"
