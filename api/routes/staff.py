"""Roles of staff, given and taken by administrators of the city."""

from collections.abc import Mapping

from fastapi import APIRouter
from pydantic import Field
from starlette.responses import Response

from api.callers import Api, Now, OnlyPerson, guarded, require_role
from api.documented import both, problems
from api.inputs import ReadInput
from api.once import Repeatable
from api.rates import Rate
from api.routes.authority import SomebodyInput, require_city
from api.routes.parameters import CityName, Key
from api.views.base import At, View
from identity.staff import StaffRole

__all__ = ["router"]

router = APIRouter(prefix="/desk/{city}/staff", tags=["staff"], dependencies=[guarded(Rate.READ)])


class GrantView(View):
    """A role of an account, and who is answerable for it."""

    grant_id: str
    """Identifier."""
    account_id: str
    """Who holds it."""
    name: str | None = None
    """Their name."""
    role: StaffRole
    """Which."""
    city: str
    """Where."""
    granted_by: str
    """Account that granted it."""
    granted_by_name: str | None = None
    """Their name; none where it was given at the command line."""
    granted_at: At
    """When."""
    revoked_at: At | None
    """When it ended."""
    revoked_by: str | None
    """Account that ended it."""
    revoked_by_name: str | None = None
    """Their name."""


class StaffView(View):
    """Everybody's roles in a city, those that have ended too."""

    grants: tuple[GrantView, ...]
    """Every grant."""


class AccountFoundView(View):
    """An account."""

    account_id: str
    """Identifier."""


class GrantInput(ReadInput):
    """A role to be given."""

    account_id: str = Field(max_length=128, pattern="^[A-Za-z0-9_-]+$", description="To whom.")
    role: StaffRole = Field(description="Which.", examples=["reviewer"])


@router.get(
    "",
    summary="岗位列表",
    description=both("该城市全部岗位授权，含已结束的。", "Every grant in the city. For administrators and auditors."),
    responses=problems("auth.role"),
)
def staff(api: Api, person: OnlyPerson, city: CityName) -> StaffView:
    """Everybody's roles."""
    require_city(api, city)
    require_role(person, city, StaffRole.ADMIN, StaffRole.AUDITOR)
    found = api.services.people.staff.in_city(city)
    names = api.services.people.staff.names_of(
        account for one in found for account in (one.account_id, one.granted_by, one.revoked_by) if account
    )
    return StaffView(grants=tuple(_named(GrantView.model_validate(one), names) for one in found))


def _named(grant: GrantView, names: Mapping[str, str]) -> GrantView:
    return grant.model_copy(
        update={
            "name": names.get(grant.account_id),
            "granted_by_name": names.get(grant.granted_by),
            "revoked_by_name": names.get(grant.revoked_by or ""),
        }
    )


@router.post(
    "/find",
    summary="查找账号",
    description=both(
        "按姓名与证件号码（须同时相符）查找曾登录过的人员的账号，以便授予岗位。仅限管理员。",
        "The account of somebody who has logged in before, by name and identity number, both of which must fit. For"
        " administrators who are to give a role.",
    ),
    responses=problems("auth.role", "account.unknown", "number.checksum", "csrf.refused"),
)
def find_account(api: Api, person: OnlyPerson, now: Now, city: CityName, said: SomebodyInput) -> AccountFoundView:
    """Whose account."""
    require_city(api, city)
    require_role(person, city, StaffRole.ADMIN)
    return AccountFoundView(account_id=api.services.people.staff.find(said.to_core(), now))


@router.post(
    "",
    status_code=201,
    response_model=GrantView,
    summary="授予岗位",
    description=both(
        "管理员授予岗位；不得授予本人，审计人员不得兼任其他岗位。",
        "An administrator gives a role: never to themselves; an auditor holds nothing else.",
    ),
    responses=problems(
        "staff.not_grantor", "staff.grant_self", "staff.auditor_acts", "account.unknown", "csrf.refused"
    ),
)
def grant(api: Api, person: OnlyPerson, once: Repeatable, city: CityName, said: GrantInput) -> Response:
    """Give a role."""
    require_city(api, city)
    granted, to = api.services.people.staff.grant, (said.account_id, said.role)
    return once.make(said, lambda: GrantView.model_validate(granted(person, city, to, once.now)))


@router.delete(
    "/{grant_id}",
    summary="撤销岗位",
    description=both(
        "管理员撤销岗位，记录保留；其会话随即不再具有该岗位。",
        "An administrator takes a role away; the record is kept. It ends with the next request of its holder.",
    ),
    responses=problems("staff.not_grantor", "staff.grant_self", "request.not_found", "csrf.refused"),
)
def revoke(api: Api, person: OnlyPerson, now: Now, city: CityName, grant_id: Key) -> GrantView:
    """Take a role away."""
    require_city(api, city)
    return GrantView.model_validate(api.services.people.staff.revoke(person, city, grant_id, now))
