"""The identity platform: OpenID Connect, code flow with PKCE, people to choose from.

``login_hint=<person id>`` logs that person in without the page, ``<person id>:password+sms`` by other methods,
``denied`` says no. Identity data comes from ``userinfo`` only; the id_token says who, how (``amr``) and how surely
(``acr``).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from datetime import timedelta
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlencode

from joserfc import jwt
from joserfc.jwk import ECKey
from starlette.responses import RedirectResponse
from starlette.routing import Route

from sandbox.answers import answer, base_url, escaped, is_lying, page, refuse, return_allowed
from sandbox.world import Record, World, new_ref

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from sandbox.people import Person

__all__ = ["oidc_provider"]

CODE_LIFE = timedelta(seconds=60)
TOKEN_LIFE = timedelta(minutes=5)
ASKED = ("client_id", "redirect_uri", "response_type", "scope", "state", "nonce", "code_challenge")


def oidc_provider(world: World) -> Sequence[BaseRoute]:
    """Discovery, authorize, token, userinfo, JWKS."""
    provider = _Provider(world)
    return [
        Route("/.well-known/openid-configuration", provider.discovery),
        Route("/authorize", provider.authorize),
        Route("/token", provider.token, methods=["POST"]),
        Route("/userinfo", provider.userinfo),
        Route("/jwks", provider.jwks),
    ]


class _Provider:
    def __init__(self, world: World) -> None:
        self._world = world
        self._key = ECKey.generate_key("P-256", {"use": "sig", "alg": "ES256"}, auto_kid=True)

    async def discovery(self, request: Request) -> Response:
        issuer = self._issuer(request)
        # Browsers go by the public address, the service by the one it called.
        inside = f"{request.url.scheme}://{request.url.netloc}/identity"
        return answer(
            {
                "issuer": "https://another.example" if is_lying(request) else issuer,
                "authorization_endpoint": f"{issuer}/authorize",
                "token_endpoint": f"{inside}/token",
                "userinfo_endpoint": f"{inside}/userinfo",
                "jwks_uri": f"{inside}/jwks",
                "response_types_supported": ["code"],
                "grant_types_supported": ["authorization_code"],
                "subject_types_supported": ["public"],
                "id_token_signing_alg_values_supported": ["ES256"],
                "code_challenge_methods_supported": ["S256"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
                "authorization_response_iss_parameter_supported": True,
                "scopes_supported": ["openid", "identity"],
            }
        )

    async def jwks(self, request: Request) -> Response:
        del request
        return answer({"keys": [self._key.as_dict(private=False)]})

    async def authorize(self, request: Request) -> Response:
        asked = {name: request.query_params.get(name, "") for name in ASKED}
        self._demand_request(asked, request.query_params.get("code_challenge_method"))
        hint = request.query_params.get("login_hint", "")
        if hint == "denied":
            return self._back(request, asked, {"error": "access_denied"})
        person_id, _, methods = hint.partition(":")
        person = self._world.people.get(person_id)
        if person is None:
            return self._picker(request)
        done = methods.split("+") if methods else list(person.login)
        code = new_ref("code")
        self._world.happened.logins[code] = {
            "asked": asked,
            "person": person.id,
            "methods": done,
            "at": self._world.now(),
        }
        return self._back(request, asked, {"code": code})

    async def token(self, request: Request) -> Response:
        if not self._is_client(request.headers.get("authorization", "")):
            return answer({"error": "invalid_client"}, 401)
        form = await request.form()
        login = self._redeemed({name: str(value) for name, value in form.items()})
        if login is None:
            return answer({"error": "invalid_grant"}, 400)
        access_token = new_ref("at")
        login["token"] = access_token
        self._world.happened.tokens[access_token] = {"person": login["person"], "at": self._world.now()}
        return answer(
            {
                "access_token": access_token,
                "token_type": "Bearer",
                "expires_in": int(TOKEN_LIFE.total_seconds()),
                "id_token": self._id_token(request, login, access_token),
                "scope": "openid identity",
            }
        )

    async def userinfo(self, request: Request) -> Response:
        given = request.headers.get("authorization", "").removeprefix("Bearer ")
        record = self._world.happened.tokens.get(given)
        if record is None or self._world.now() >= record["at"] + TOKEN_LIFE:
            return answer({"error": "invalid_token"}, 401)
        person_id = "staff-operator" if is_lying(request) else record["person"]
        return answer(_user_info(self._world, self._world.people[person_id]))

    def _issuer(self, request: Request) -> str:
        return f"{base_url(request, self._world)}/identity"

    def _demand_request(self, asked: dict[str, str], method: str | None) -> None:
        """Refuse without sending the browser anywhere (RFC 6749 § 4.1.2.1), for every mistake: easier to see."""
        if asked["client_id"] != self._world.options.client_id:
            raise refuse(400, "client_unknown")
        if not return_allowed(self._world, asked["redirect_uri"]):
            raise refuse(400, "redirect_uri")
        if asked["response_type"] != "code" or "openid" not in asked["scope"].split():
            raise refuse(400, "invalid_request")
        if method != "S256" or not asked["code_challenge"]:
            raise refuse(400, "pkce_required")

    def _back(self, request: Request, asked: dict[str, str], said: dict[str, str]) -> Response:
        joint = "&" if "?" in asked["redirect_uri"] else "?"
        query = urlencode({**said, "state": asked["state"], "iss": self._issuer(request)})
        return RedirectResponse(f"{asked['redirect_uri']}{joint}{query}", 303)

    def _picker(self, request: Request) -> Response:
        parameters = [(name, value) for name, value in request.query_params.multi_items() if name != "login_hint"]

        def row(person_id: str, name: str, note: str) -> str:
            link = escaped("?" + urlencode([*parameters, ("login_hint", person_id)]))
            return f'<tr><td><a href="{link}">{escaped(name)}</a></td><td>{escaped(note)}</td></tr>'

        rows = "".join(row(person.id, person.name, person.note) for person in self._world.people.values())
        rows += row("denied", "取消 cancel", "拒绝授权 refuse")
        return page("统一身份认证 log in as", f"<table>{rows}</table>")

    def _is_client(self, header: str) -> bool:
        """``client_secret_basic``: both parts form-encoded before joining (RFC 6749 § 2.3.1)."""
        try:
            given = base64.b64decode(header.removeprefix("Basic ")).decode()
        except (binascii.Error, UnicodeDecodeError):
            return False
        name, _, secret = given.partition(":")
        options = self._world.options
        right = f"{options.client_id}:{options.client_secret}"
        return hmac.compare_digest(f"{unquote(name)}:{unquote(secret)}".encode(), right.encode())

    def _redeemed(self, form: dict[str, str]) -> Record | None:
        login = self._world.happened.logins.get(form.get("code", ""))
        if login is None:
            return None
        if "token" in login:
            # A code seen twice: what it gave is taken back (RFC 6749 § 4.1.2).
            self._world.happened.tokens.pop(login["token"], None)
            return None
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
        right = (
            form.get("grant_type") == "authorization_code"
            and form.get("redirect_uri") == login["asked"]["redirect_uri"]
            and challenge.rstrip(b"=").decode() == login["asked"]["code_challenge"]
            and self._world.now() < login["at"] + CODE_LIFE
        )
        return login if right else None

    def _id_token(self, request: Request, login: Record, access_token: str) -> str:
        person = self._world.people[login["person"]]
        now = int(self._world.now().timestamp())
        half = hashlib.sha256(access_token.encode()).digest()[:16]
        claims = {
            "iss": self._issuer(request),
            "sub": person.id,
            "aud": self._world.options.client_id,
            "iat": now,
            "exp": now + int(TOKEN_LIFE.total_seconds()),
            "auth_time": int(login["at"].timestamp()),
            "nonce": "another" if is_lying(request) else login["asked"]["nonce"],
            "acr": str(person.real_name.level if person.real_name else 0),
            "amr": login["methods"],
            "at_hash": base64.urlsafe_b64encode(half).rstrip(b"=").decode(),
        }
        return jwt.encode({"alg": "ES256", "kid": self._key.kid}, claims, self._key)


def _user_info(world: World, person: Person) -> Record:
    checked = person.real_name
    return {
        "sub": person.id,
        "kind": person.kind,
        "name": person.name,
        "id_type": person.id_type,
        "id_number": person.id_number,
        "region": person.region,
        "phone_number": person.phone,
        "phone_number_verified": True,
        "real_name": checked and {"level": checked.level, "method": checked.method, "verified_at": checked.verified_at},
        "handler_of": [
            {
                "name": organisation.name,
                "credit_code": organisation.id_number,
                "kind": organisation.kind,
                "level": organisation.real_name.level if organisation.real_name else None,
                "state": appointment.state,
                "starts_at": appointment.starts_at,
                "ends_at": appointment.ends_at,
                "consented_at": appointment.consented_at,
                "ended_at": appointment.ended_at,
            }
            for organisation in world.people.values()
            for appointment in organisation.handlers
            if appointment.person == person.id
        ],
    }
