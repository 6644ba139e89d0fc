"""From what the identity platform says of an account to :class:`identity.outside.LoginClaims`."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any

import msgspec

from identity.errors import NumberError, RuleTableError
from identity.numbers import IdType, Region, check_number
from identity.outside import (
    HandledOrganisation,
    HandlerState,
    LoginClaims,
    LoginIdentity,
    LoginRefused,
    OutsideService,
)
from identity.representation import Period
from identity.subjects import PartyKind
from identity.trust_level import CheckMethod, RealName

__all__ = ["UserInfo", "login_claims"]

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=120)]
Level = Annotated[int, msgspec.Meta(ge=0, le=9)]
At = Annotated[datetime, msgspec.Meta(tz=True)]


class _RealName(msgspec.Struct, frozen=True):
    level: Level
    method: CheckMethod
    verified_at: At


class _Handled(msgspec.Struct, frozen=True):
    name: Text
    credit_code: Text
    kind: PartyKind
    state: HandlerState
    level: Level | None = None
    starts_at: At | None = None
    ends_at: At | None = None
    consented_at: At | None = None
    ended_at: At | None = None


class UserInfo(msgspec.Struct, frozen=True):
    """The answer of ``userinfo``. Unknown claims are ignored, as OpenID Connect Core § 5.3.2 wants."""

    sub: Annotated[str, msgspec.Meta(min_length=1, max_length=255)]
    kind: PartyKind
    name: Text
    id_type: IdType
    id_number: Text
    region: Region
    phone_number: Annotated[str, msgspec.Meta(pattern=r"^\+?[0-9][0-9 -]{4,19}\Z")] | None = None
    phone_number_verified: bool = False
    real_name: _RealName | None = None
    handler_of: tuple[_Handled, ...] = ()


def login_claims(token: Mapping[str, Any], info: UserInfo, today: date) -> LoginClaims:
    """Both together; raises :class:`LoginRefused` where they are of two people, of two levels, or a number is wrong."""
    if info.sub != token["sub"]:
        raise _refused("subject")
    _demand_same_level(token.get("acr"), info)
    return LoginClaims(
        issuer=token["iss"],
        subject=info.sub,
        identity=_identity(info, today),
        methods=_methods(token.get("amr")),
        logged_in_at=datetime.fromtimestamp(token["auth_time"], UTC),
        real_name=_real_name(info),
        handler_of=tuple(_handled(one, today) for one in info.handler_of),
    )


def _demand_same_level(acr: object, info: UserInfo) -> None:
    """The level stands signed in the id_token; what ``userinfo`` says of it must be the same."""
    level = info.real_name.level if info.real_name else 0
    if acr != str(level):
        raise _refused("level")


def _methods(amr: object) -> tuple[CheckMethod, ...]:
    """Methods we know; of others nothing follows."""
    known = {method.value: method for method in CheckMethod}
    return tuple(known[one] for one in amr if one in known) if isinstance(amr, list) else ()


def _phone(info: UserInfo) -> str | None:
    return info.phone_number if info.phone_number_verified else None


def _real_name(info: UserInfo) -> RealName | None:
    checked = info.real_name
    if checked is None:
        return None
    return RealName(checked.level, checked.method, checked.verified_at, _phone(info))


def _identity(info: UserInfo, today: date) -> LoginIdentity:
    number = _number(info.id_type, info.id_number, today)
    return LoginIdentity(info.kind, info.name, info.id_type, number, info.region, _phone(info))


def _handled(handled: _Handled, today: date) -> HandledOrganisation:
    try:
        period = Period(handled.starts_at, handled.ends_at) if handled.starts_at else None
    except RuleTableError as error:
        raise _refused("claims") from error
    return HandledOrganisation(
        name=handled.name,
        credit_code=_number(IdType.USCC, handled.credit_code, today),
        kind=handled.kind,
        state=handled.state,
        level=handled.level,
        period=period,
        consented_at=handled.consented_at,
        ended_at=handled.ended_at,
    )


def _number(kind: IdType, text: str, today: date) -> str:
    try:
        return check_number(kind, text, today).normalised
    except NumberError as error:
        raise _refused("number") from error


def _refused(reason: str) -> LoginRefused:
    return LoginRefused(OutsideService.IDENTITY_PROVIDER, reason)
