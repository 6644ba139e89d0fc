"""How surely somebody is who they say, and whether that suffices: levels, ways of checking, routes of logging in.

A city's policy is data. A route says: who proved themselves *so* must log in *so* (SZ-39). A level alone never
suffices, because a level reached at a window says nothing about who holds the telephone today (SZ-21, SZ-22).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime  # noqa: TC003 - records are read back by these types
from enum import Enum
from typing import TYPE_CHECKING

from identity.errors import RuleTableError
from identity.findings import Finding, Findings, Weight

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = [
    "Card",
    "CheckMethod",
    "Login",
    "LoginCapacity",
    "RealName",
    "Route",
    "TrustPolicy",
    "check_organisation_account",
    "check_property_visit",
    "check_real_name",
]


class CheckMethod(Enum):
    """Ways in which somebody is checked (``rules.md`` § 7.3)."""

    YSS_SCAN = "yss_scan"
    YSS_FACE = "yss_face"
    FACE = "face"
    BANK_CERT = "bank_cert"
    CA_CERT = "ca_cert"
    WINDOW = "window"
    PASSWORD = "password"  # noqa: S105  the name of a method
    WECHAT_REALNAME = "wechat_realname"
    DOCUMENT_INPUT = "document_input"
    VIDEO = "video"
    SMS = "sms"


FACE_METHODS = frozenset({CheckMethod.FACE, CheckMethod.YSS_FACE})


class LoginCapacity(Enum):
    """As whom somebody comes to the property check: 权利人, 其他 (SZ-33), or an organisation's handler (SZ-17)."""

    OWNER = "owner"
    AGENT = "agent"
    HANDLER = "handler"


class Card(Enum):
    """Which card the user chose after logging in (SZ-24)."""

    PERSONAL = "personal"
    ORGANISATION = "organisation"


@dataclass(frozen=True, slots=True)
class RealName:
    """What the identity platform says of an account."""

    level: int
    """Trust level (可信等级)."""

    method: CheckMethod
    """How the level was reached."""

    verified_at: datetime
    """When; aware."""

    phone: str | None = None
    """Mobile number registered there (SZ-22)."""


@dataclass(frozen=True, slots=True)
class Login:
    """One session."""

    capacity: LoginCapacity
    """As whom."""

    methods: tuple[CheckMethod, ...]
    """Everything done in this session."""

    card: Card = Card.PERSONAL
    """Card chosen."""

    code_phone: str | None = None
    """Where the one-time code went, if one was given back right."""


@dataclass(frozen=True, slots=True)
class Route:
    """Who proved themselves so must log in so."""

    capacity: LoginCapacity
    """For whom."""

    verified_by: tuple[CheckMethod, ...]
    """If the real name was checked by one of these …"""

    login_by: tuple[tuple[CheckMethod, ...], ...]
    """… one of these sets must be done in full."""


@dataclass(frozen=True, slots=True)
class TrustPolicy:
    """What a city asks of whoever checks a property."""

    min_level: int
    """Least trust level (SZ-03, SZ-20)."""

    counted: tuple[CheckMethod, ...]
    """Ways of reaching the level that count (SZ-03); the window is one where there is a fallback (SZ-21)."""

    routes: tuple[Route, ...]
    """Ways in. The first of the capacity and method decides."""

    def __post_init__(self) -> None:
        """Refuse a policy that leaves somebody nothing but their face.

        《人脸识别技术应用安全管理办法》 (2025): face recognition may not be the only way.
        """
        for capacity in {route.capacity for route in self.routes}:
            ways = [
                way for route in self.routes if route.capacity is capacity for way in _whole_ways(route, self.counted)
            ]
            if all(FACE_METHODS & way for way in ways):
                raise RuleTableError(
                    "rule_table.face_only",
                    zh="人脸识别不得作为唯一核验方式，须提供其他方式",
                    en="face recognition may not be the only way: offer another",
                    capacity=capacity.value,
                )


def check_real_name(real_name: RealName | None, policy: TrustPolicy) -> Findings:
    """Whether the account's real-name check suffices (SZ-03, SZ-12)."""
    if real_name is None:
        return (
            _finding(
                "real_name.missing",
                "注册后必须在统一身份认证平台进行实名认证",
                "after registering, the real name must be verified on the identity platform",
            ),
        )
    return tuple(_of_real_name(real_name, policy))


def check_organisation_account(level: int | None, policy: TrustPolicy) -> Findings:
    """Whether a legal person's account may add a handler (SZ-08). ``level`` is ``None`` before real-name checking."""
    if level is not None and level >= policy.min_level:
        return ()
    return (
        _finding(
            "organisation.level",
            f"法人账户等级须达到{policy.min_level}级或以上才能添加经办人",
            f"the legal person's account must reach level {policy.min_level} before it can add a handler",
            needed=str(policy.min_level),
            found="none" if level is None else str(level),
        ),
    )


def check_property_visit(real_name: RealName | None, login: Login, policy: TrustPolicy) -> Findings:
    """Every reason why this session may not do a property check (SZ-20…25, SZ-39); empty if there is none.

    An agent's mandate and binding are :func:`identity.representation.check_representation`'s (SZ-18, SZ-34).
    """
    unverified = check_real_name(real_name, policy)
    if real_name is None or unverified:
        return (*unverified, *_remedy(login))
    return (*_of_route(real_name, login, policy), *_of_card(login))


def _of_real_name(real_name: RealName, policy: TrustPolicy) -> Iterator[Finding]:
    if real_name.level < policy.min_level:
        yield _finding(
            "real_name.level",
            f"账号可信等级须达到{policy.min_level}级及以上",
            f"the account must reach trust level {policy.min_level}",
            needed=str(policy.min_level),
            found=str(real_name.level),
        )
    if real_name.method not in policy.counted:
        yield _finding(
            "real_name.method",
            "须以规则认可的方式完成实名核验",
            "the real name must be verified in a way that counts here",
            accepted=_names(policy.counted),
            found=real_name.method.value,
        )


def _of_route(real_name: RealName, login: Login, policy: TrustPolicy) -> Iterator[Finding]:
    route = _route(real_name, login, policy)
    if route is None:
        yield _finding(
            "login.capacity",
            "当前办理身份不能办理房屋产权校验；代理人、经办人请先在“我的”中选择相应的办理身份",
            "a property cannot be checked in this capacity: agents and handlers choose theirs under “Me” first",
            capacity=login.capacity.value,
        )
        return
    done = frozenset(login.methods)
    ways = [way for way in route.login_by if done.issuperset(way)]
    if not ways:
        yield _finding(
            "login.method",
            "登录方式与实名核验方式、办理身份不符：代理人请先在“我的”中选择代理人身份，其他请按要求的方式登录",
            "this way of logging in does not fit the way the real name was verified",
            accepted=" | ".join(_names(way) for way in route.login_by),
        )
    elif all(CheckMethod.SMS in way for way in ways) and not _code_reached_owner(real_name, login):
        yield _finding(
            "login.code_phone",
            "短信验证码须由用户注册手机号接收",
            "the code must go to the phone that is registered on the identity platform",
        )


def _route(real_name: RealName, login: Login, policy: TrustPolicy) -> Route | None:
    for route in policy.routes:
        if route.capacity is login.capacity and real_name.method in route.verified_by:
            return route
    return None


def _code_reached_owner(real_name: RealName, login: Login) -> bool:
    return real_name.phone is not None and login.code_phone == real_name.phone


def _of_card(login: Login) -> Iterator[Finding]:
    wanted = Card.ORGANISATION if login.capacity is LoginCapacity.HANDLER else Card.PERSONAL
    if login.card is not wanted:
        yield _finding(
            "login.card",
            "经办人须选择机构卡片，不要选择个人" if wanted is Card.ORGANISATION else "须选择个人卡片",
            "a handler chooses the organisation's card, everybody else their own",
            wanted=wanted.value,
        )


def _remedy(login: Login) -> Iterator[Finding]:
    """A handler who cannot be verified is replaced by one who can (SZ-25)."""
    if login.capacity is LoginCapacity.HANDLER:
        yield Finding(
            "real_name.replace_handler",
            zh="经办人无法通过实名核验的，法人可重新添加授权可以实名核验的经办人",
            en="if this handler cannot be verified, the organisation may authorise another who can",
            weight=Weight.ASKS,
        )


def _whole_ways(route: Route, counted: tuple[CheckMethod, ...]) -> Iterator[frozenset[CheckMethod]]:
    """What is done from a real-name check that counts to the login, each way of it."""
    for method in set(route.verified_by).intersection(counted):
        for way in route.login_by:
            yield frozenset({method, *way})


def _names(methods: tuple[CheckMethod, ...]) -> str:
    return " ".join(method.value for method in methods)


def _finding(code: str, zh: str, en: str, **facts: str) -> Finding:
    return Finding(code, zh, en, facts=tuple(facts.items()))
