"""Logging in by the identity platform (OpenID Connect), and what a session is good for."""

from dataclasses import replace
from typing import Annotated, Any, Final
from urllib.parse import quote, urlsplit

from fastapi import APIRouter, Query, Request
from pydantic import Field
from starlette.responses import RedirectResponse, Response

from api.callers import Api, LoggedIn, Now, guarded
from api.documented import both, problems
from api.errors import ApiError
from api.inputs import ReadInput
from api.ports import SessionFacts
from api.rates import Rate
from api.views.base import At, View
from identity.accounts import CardChoice, choose_card
from identity.acting import ActingPerson, Membership
from identity.numbers import IdType, Region
from identity.numbers.masks import mask_number, mask_phone
from identity.outside import LoginCallback, LoginRefused, OutsideService
from identity.staff import StaffRole
from identity.subjects import PartyKind
from identity.trust_level import Card, CheckMethod, LoginCapacity

__all__ = ["router"]

router = APIRouter(tags=["login"])

CALLBACK: Final = "/v1/login/callback"

RESERVED: Final = ":/?#[]@!$&'()*+,;=%"
"""What an address is made of besides letters and digits (RFC 3986 § 2.2), and the sign of what is escaped."""


class CardView(View):
    """An organisation you may act for."""

    organisation_account_id: str
    """What to name when its card is chosen."""
    name: str
    """Name of the organisation."""
    in_force: bool
    """Whether you act for it today."""


class RoleView(View):
    """A role of staff in force."""

    role: StaffRole
    """Which."""
    city: str
    """Where."""


class MeView(View):
    """Who you are here."""

    account_id: str
    """Your account."""
    name: str
    """Registered name."""
    id_type: IdType
    """Which document."""
    id_number: str
    """Masked."""
    kind: PartyKind
    """Person or organisation."""
    region: Region
    """Where you belong."""
    phone: str | None
    """Registered mobile, masked."""
    level: int | None
    """Trust level; none before real-name checking."""
    methods: tuple[CheckMethod, ...]
    """Everything done in this session."""
    card: Card
    """Card chosen."""
    capacity: LoginCapacity
    """As whom you come."""
    organisation_account_id: str | None
    """The organisation whose card was chosen."""
    cards: tuple[CardView, ...]
    """Organisations you are a handler of."""
    roles: tuple[RoleView, ...]
    """Roles of staff."""
    offices: tuple[str, ...]
    """Notary offices you work for, by identifier."""
    csrf_token: str
    """For the header `X-CSRF-Token` of every unsafe request."""
    session_ends_at: At
    """Not longer, whatever happens."""


class CardInput(ReadInput):
    """The card to act with (SZ-24, SZ-33)."""

    card: Card = Field(description="Your own, or an organisation's.", examples=["personal"])
    capacity: LoginCapacity = Field(LoginCapacity.OWNER, description="As whom: owner, agent, handler.")
    organisation_account_id: str | None = Field(None, max_length=128, description="Which organisation, with its card.")


class CodeInput(ReadInput):
    """A code from a text message."""

    code: str = Field(max_length=12, description="Six digits.", examples=["123456"])


class CodeSentView(View):
    """A code is on its way."""

    sent: dict[str, Any]
    """Masked telephone, `expires_at`, `resend_at`."""


@router.get(
    "/login",
    response_class=RedirectResponse,
    status_code=303,
    dependencies=[guarded(Rate.LOGIN)],
    summary="登录",
    description=both(
        "跳转到统一身份认证平台登录；登录后回到 `return_to`。",
        "Leads the browser to the identity platform; after it, to `return_to` on this site.",
    ),
    responses=problems("outside.unavailable", "rate.limited", base=()),
)
def login(
    request: Request,
    api: Api,
    now: Now,
    return_to: Annotated[str, Query(max_length=2048, description="A path of this site.")] = "/",
    hint: Annotated[str | None, Query(max_length=128, description="Whom the platform should expect.")] = None,
) -> RedirectResponse:
    """Begin a login."""
    url = api.services.settings.base_url.rstrip("/") + CALLBACK
    start = api.services.people.login.begin(url, hint)
    request.session.clear()
    request.session["token"] = api.sessions.begin_login(start, _path(return_to), now)
    return RedirectResponse(start.url, 303)


@router.get(
    "/login/callback",
    response_class=RedirectResponse,
    status_code=303,
    dependencies=[guarded(Rate.LOGIN)],
    summary="登录返回",
    description=both("认证平台登录后返回此处。", "Where the identity platform sends the browser back to."),
    responses=problems("outside.login_refused", "account.closed", "account.person_changed", base=("rate.limited",)),
)
def login_callback(request: Request, api: Api, now: Now) -> RedirectResponse:
    """Finish a login."""
    token = request.session.get("token")
    session = api.sessions.take_login(token, now) if isinstance(token, str) else None
    request.session.clear()
    if session is None or session.login is None:
        raise LoginRefused(OutsideService.IDENTITY_PROVIDER, "state")
    facts = api.services.people.login.finish(session.login, _callback(request), now)
    request.session["token"] = api.sessions.log_in(facts, now)
    return RedirectResponse(session.return_to, 303)


@router.post(
    "/logout",
    status_code=204,
    dependencies=[guarded(Rate.READ)],
    summary="退出登录",
    description=both("结束本次会话。", "Ends the session, on the server too."),
    responses=problems("csrf.refused"),
)
def logout(request: Request, api: Api, asker: LoggedIn) -> Response:
    """End the session."""
    api.sessions.end(asker.token)
    request.session.clear()
    return Response(status_code=204)


@router.get(
    "/me",
    dependencies=[guarded(Rate.READ)],
    summary="我的身份",
    description=both(
        "当前登录人、可选卡片、岗位，以及后续请求所需的 CSRF 令牌。",
        "Who is logged in, the cards and roles they have, and the token that unsafe requests need.",
    ),
    responses=problems(),
)
def me(asker: LoggedIn, now: Now) -> MeView:
    """Who is logged in."""
    return _me(asker.person, asker.facts, (asker.session.csrf, asker.session.ends_at), now)


@router.put(
    "/me/card",
    dependencies=[guarded(Rate.READ)],
    summary="选择卡片",
    description=both(
        "选择个人卡片或者机构卡片，以及办理身份（权利人、代理人、经办人）。",
        "Choose your own card or an organisation's, and in which capacity you come.",
    ),
    responses=problems("login.not_handler", "csrf.refused"),
)
def choose(api: Api, asker: LoggedIn, now: Now, said: CardInput) -> MeView:
    """Choose a card."""
    login = choose_card(asker.person, CardChoice(said.card, said.capacity, said.organisation_account_id), now)
    organisation = said.organisation_account_id if login.card is Card.ORGANISATION else None
    facts = replace(asker.facts, card=login.card, capacity=login.capacity, organisation_account_id=organisation)
    _change(api, asker, facts)
    person = replace(asker.person, login=login, organisation_account_id=organisation)
    return _me(person, facts, (asker.session.csrf, asker.session.ends_at), now)


@router.post(
    "/me/code",
    status_code=202,
    dependencies=[guarded(Rate.CODE)],
    summary="发送登录验证码",
    description=both(
        "向认证平台登记的手机号发送验证码：不能或者不愿人脸识别的，以密码登录加短信核验（SZ-21、SZ-22）。",
        "Sends a code to the telephone registered on the platform: the way beside the face.",
    ),
    responses=problems("code.too_soon", "code.too_many", "account.no_phone", "csrf.refused"),
)
def send_code(api: Api, asker: LoggedIn, now: Now) -> CodeSentView:
    """Send a code."""
    return CodeSentView(sent=dict(api.services.people.login.send_code(asker.facts, now)))


@router.put(
    "/me/code",
    dependencies=[guarded(Rate.CODE)],
    summary="核验登录验证码",
    description=both("核验登录验证码。", "Gives the code back; `sms` is then among the methods of the session."),
    responses=problems("code.wrong", "code.none", "code.expired", "code.locked", "csrf.refused"),
)
def give_code(api: Api, asker: LoggedIn, now: Now, said: CodeInput) -> MeView:
    """Give a code back."""
    facts = api.services.people.login.give_code(asker.facts, said.code, now)
    _change(api, asker, facts)
    login = replace(asker.person.login, methods=facts.methods, code_phone=facts.code_phone)
    person = replace(asker.person, login=login)
    return _me(person, facts, (asker.session.csrf, asker.session.ends_at), now)


def _change(api: Api, asker: LoggedIn, facts: SessionFacts) -> None:
    if not api.sessions.change(asker.token, asker.session, facts):
        raise ApiError("auth.required", zh="会话已结束，请重新登录", en="the session has ended: log in again")


def _me(person: ActingPerson, facts: SessionFacts, session: tuple[str, At], now: At) -> MeView:
    csrf, ends_at = session
    return MeView(
        account_id=person.account_id,
        name=person.subject.name,
        id_type=person.subject.number.type,
        id_number=mask_number(person.subject.number.normalised),
        kind=person.subject.kind,
        region=person.region,
        phone=None if person.phone is None else mask_phone(person.phone),
        level=None if person.real_name is None else person.real_name.level,
        methods=facts.methods,
        card=facts.card,
        capacity=facts.capacity,
        organisation_account_id=facts.organisation_account_id,
        cards=tuple(_card(membership, now) for membership in person.memberships),
        roles=tuple(RoleView(role=grant.role, city=grant.city) for grant in person.staff),
        offices=person.offices,
        csrf_token=csrf,
        session_ends_at=ends_at,
    )


def _card(membership: Membership, now: At) -> CardView:
    return CardView(
        organisation_account_id=membership.organisation_account_id,
        name=membership.organisation.name,
        in_force=membership.in_force(now),
    )


def _callback(request: Request) -> LoginCallback:
    query = request.query_params
    return LoginCallback(
        state=query.get("state", ""), code=query.get("code"), error=query.get("error"), issuer=query.get("iss")
    )


def _path(return_to: str) -> str:
    """A path of this site, and no other: an open redirect would lend our name to anybody (OWASP).

    Numbers of cases may hold Chinese words (WH-37); addresses are ASCII (RFC 3986 § 2.1): they are escaped, and
    what was escaped already stays as it is.
    """
    try:
        parts = urlsplit(return_to)
    except ValueError:
        return "/"
    local = not parts.scheme and not parts.netloc and return_to.startswith("/") and not return_to.startswith("//")
    printable = return_to.isprintable() and "\\" not in return_to
    return quote(return_to, safe=RESERVED) if local and printable else "/"
