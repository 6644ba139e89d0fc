"""Who asks: a person by the session cookie, a program by its token. ``Depends`` lives here, behind aliases."""

import hmac
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request, Security
from fastapi.params import Depends as Dependency
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from api.client_certificates import certificate_of, thumbprint
from api.errors import ApiError, Forbidden, Unauthenticated
from api.ports import SessionFacts
from api.rates import Rate
from api.sessions import Session
from api.state import ApiState
from api.tokens import AccessToken, invalid_token
from identity.acting import ActingPerson, Machine
from identity.staff import StaffRole

__all__ = [
    "AnyCaller",
    "Api",
    "Asker",
    "Caller",
    "LoggedIn",
    "Now",
    "OnlyMachine",
    "OnlyPerson",
    "account_of",
    "guarded",
    "require_role",
    "require_scope",
]

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})

_cookie = APIKeyCookie(
    name="__Host-qianshu",
    scheme_name="session",
    auto_error=False,
    description="A person's session: set by `/v1/login/callback`. Unsafe methods also need `X-CSRF-Token` from `/v1/me`"
    " and must come from this site (Fetch Metadata, or Origin). On plain-http loopback the cookie is called `qianshu`.",
)
_bearer = HTTPBearer(
    scheme_name="machine",
    bearerFormat="JWT",
    auto_error=False,
    description="A program's access token from `/v1/oauth/token` (RFC 6749 § 4.4, RFC 6750).",
)


def _api(request: Request) -> ApiState:
    state: ApiState = request.state.api
    return state


Api = Annotated[ApiState, Depends(_api)]
"""Services and what is made of them."""


def _now(api: Api) -> datetime:
    return api.services.clock()


Now = Annotated[datetime, Depends(_now)]
"""Present time, aware, once for the request."""


@dataclass(frozen=True, slots=True)
class Asker:
    """A person with their session."""

    person: ActingPerson
    """Who acts."""

    session: Session
    """Their session."""

    token: str
    """Its token."""

    @property
    def facts(self) -> SessionFacts:
        """What the session remembers."""
        if self.session.facts is None:
            raise LookupError("a session without anybody was let in")
        return self.session.facts


def _asker(request: Request, api: Api, now: Now, _: Annotated[str | None, Security(_cookie)]) -> Asker | None:
    token = request.session.get("token")
    session = api.sessions.read(token, now) if isinstance(token, str) else None
    if not isinstance(token, str) or session is None or session.facts is None:
        return None
    person = api.services.people.login.acting(session.facts, now)
    if person is None:
        return None
    if request.method not in SAFE:
        _require_same_site(request, api.services.settings.base_url, session)
    api.sessions.renew(token, session, now)
    return Asker(person, session, token)


def _machine(
    request: Request, api: Api, now: Now, credentials: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)]
) -> Machine | None:
    if credentials is None:
        return None
    token = api.tokens.read(credentials.credentials, now)
    _require_certificate(request, token)
    record = api.services.machines.book.load(token.client_id)
    if record is None or (record.ended_at is not None and record.ended_at <= now):
        raise invalid_token()
    machine = record.machine
    granted = tuple(scope for scope in machine.scopes if scope in token.scopes)
    return replace(machine, scopes=granted)


def _require_certificate(request: Request, token: AccessToken) -> None:
    """A token got over mutual TLS is good with the same certificate only (RFC 8705 § 3)."""
    if token.thumbprint is None:
        return
    shown = certificate_of(request)
    if shown is None or not hmac.compare_digest(thumbprint(shown), token.thumbprint):
        raise invalid_token()


Caller = ActingPerson | Machine


def _caller(
    asker: Annotated[Asker | None, Depends(_asker)], machine: Annotated[Machine | None, Depends(_machine)]
) -> Caller:
    if machine is not None and asker is not None:
        raise ApiError(
            "request.malformed", zh="不能同时使用会话与令牌", en="come with a session or with a token, not with both"
        )
    if machine is not None:
        return machine
    if asker is None:
        raise _nobody()
    return asker.person


def _logged_in(asker: Annotated[Asker | None, Depends(_asker)]) -> Asker:
    if asker is None:
        raise _nobody()
    return asker


def _person(asker: Annotated[Asker, Depends(_logged_in)]) -> ActingPerson:
    return asker.person


def _only_machine(machine: Annotated[Machine | None, Depends(_machine)]) -> Machine:
    if machine is None:
        raise _nobody()
    return machine


LoggedIn = Annotated[Asker, Depends(_logged_in)]
"""A person with their session."""

OnlyPerson = Annotated[ActingPerson, Depends(_person)]
"""A person."""

OnlyMachine = Annotated[Machine, Depends(_only_machine)]
"""A program."""

AnyCaller = Annotated[Caller, Depends(_caller)]
"""Either."""


def account_of(caller: Caller) -> str:
    """Whose requests these are."""
    return caller.client_id if isinstance(caller, Machine) else caller.account_id


def guarded(rate: Rate) -> Dependency:
    """A dependency that counts a request against ``rate``: of the caller where one is known, else of the address."""

    def spend_known(api: Api, caller: AnyCaller) -> None:
        api.rates.spend(Rate.MACHINE if isinstance(caller, Machine) else rate, account_of(caller))

    def spend_unknown(request: Request, api: Api) -> None:
        api.rates.spend(rate, request.client.host if request.client else "nobody")

    return Dependency(spend_unknown if rate in _BY_ADDRESS else spend_known)


_BY_ADDRESS = frozenset({Rate.LOGIN, Rate.TOKEN, Rate.PUBLIC})


def require_role(person: ActingPerson, city: str, *roles: StaffRole) -> None:
    """Raises :class:`Forbidden` (``auth.role``) unless they hold one of the roles in this city."""
    if not any(person.has_role(role, city) for role in roles):
        raise Forbidden(
            "auth.role", zh="需要该城市的相应岗位", en="this needs a role in that city which you do not hold"
        )


def require_scope(machine: Machine, scope: str, city: str | None = None) -> None:
    """Raises :class:`Forbidden` (``auth.scope``) unless it was granted the scope, in ``city`` if one is given."""
    if scope not in machine.scopes or (city is not None and city not in machine.cities):
        raise Forbidden("auth.scope", zh="令牌没有该权限范围", en="the token does not hold this scope", scope=scope)


def _nobody() -> Unauthenticated:
    return Unauthenticated("auth.required", zh="请先登录，或者提供访问令牌", en="log in, or come with an access token")


def _require_same_site(request: Request, base_url: str, session: Session) -> None:
    """No other site may act with somebody's cookie (OWASP CSRF: Fetch Metadata, else Origin; and always the token).

    Browsers send ``Sec-Fetch-Site`` on https and loopback since 2023; a client that is no browser sends neither header
    and has no cookie of anybody else's. The token alone would do; the headers keep a leaked token from being enough.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    foreign = site not in (None, "same-origin") or (site is None and origin is not None and not _same(origin, base_url))
    offered = request.headers.get("x-csrf-token", "")
    if foreign or not hmac.compare_digest(offered.encode(), session.csrf.encode()):
        raise Forbidden(
            "csrf.refused",
            zh="请求未通过跨站校验，请刷新页面后重试",
            en="the request does not come from our own page: send X-CSRF-Token from /v1/me",
        )


def _same(origin: str, base_url: str) -> bool:
    try:
        one, other = urlsplit(origin), urlsplit(base_url)
    except ValueError:
        return False
    return (one.scheme, one.netloc.lower()) == (other.scheme, other.netloc.lower())
