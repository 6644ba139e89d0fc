"""Logging in by OpenID Connect: code flow with PKCE (``docs/outside-world.md`` § 1).

Authlib's parts that need no HTTP client write the requests and judge the claims; the HTTP itself goes through the same
door as every other service, with its deadline and its limit of size, which Authlib's clients do not have. (Its
``httpx_client`` also warns that httpx is going out of use there.)

Discovery and keys are kept; an unknown key makes the keys be fetched anew, at most once a minute, so that nobody can
make us ask the provider by sending rubbish.
"""

from __future__ import annotations

import base64
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote_plus

import msgspec
from authlib.oauth2.rfc6749.parameters import (  # type: ignore[import-untyped]
    prepare_grant_uri,
    prepare_token_request,
)
from authlib.oauth2.rfc7636 import create_s256_code_challenge  # type: ignore[import-untyped]

from filing.calendar import beijing_day
from gateways.answers import decoded
from gateways.http import HttpAdapter
from gateways.id_tokens import TokenDemands, believed_claims, usable_keys
from gateways.login_claims import UserInfo, login_claims
from gateways.web_addresses import checked_web_address
from identity.outside import LoginRefused, LoginStart, OutsideRefused, OutsideService

if TYPE_CHECKING:
    from collections.abc import Mapping

    from joserfc.jwk import KeySet

    from gateways.endpoint import Endpoint, Surroundings
    from identity.outside import LoginCallback, LoginClaims

__all__ = ["HttpIdentityProvider", "OidcClient"]

SCOPE: Final = "openid identity"
DISCOVERY_LIFE: Final = timedelta(minutes=10)
KEYS_LIFE: Final = timedelta(minutes=10)
KEYS_REFRESH: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class OidcClient:
    """Who we are to the provider. The secret is the endpoint's credential."""

    issuer: str
    """The provider's ``iss``, exactly."""

    client_id: str
    """Our name there."""


class _Metadata(msgspec.Struct, frozen=True):
    """OpenID Connect Discovery 1.0 § 3; what we do not need is ignored."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    userinfo_endpoint: str
    jwks_uri: str
    authorization_response_iss_parameter_supported: bool = False


class _Tokens(msgspec.Struct, frozen=True):
    access_token: str
    token_type: str
    id_token: str


class _Keys(msgspec.Struct, frozen=True):
    keys: list[dict[str, Any]]


class HttpIdentityProvider(HttpAdapter):
    """:class:`identity.outside.IdentityProvider`.

    ``endpoint.url`` is where discovery is found from here (``/.well-known/openid-configuration`` below it); mostly the
    issuer itself, in containers an inner address.
    """

    SERVICE = OutsideService.IDENTITY_PROVIDER

    def __init__(self, endpoint: Endpoint, client: OidcClient, surroundings: Surroundings | None = None) -> None:
        super().__init__(endpoint, surroundings)
        self._secret = endpoint.credential
        self._client = client
        self._lock = Lock()
        self._metadata: tuple[datetime, _Metadata] | None = None
        self._keys: tuple[datetime, KeySet] | None = None

    def begin(self, return_url: str, *, hint: str | None = None) -> LoginStart:
        """The address to send the browser to, and what to keep until it comes back."""
        state, nonce, verifier = (secrets.token_urlsafe(32) for _ in range(3))
        more = {"login_hint": hint} if hint else {}
        url = prepare_grant_uri(
            self._discovered().authorization_endpoint,
            self._client.client_id,
            "code",
            redirect_uri=return_url,
            scope=SCOPE,
            state=state,
            nonce=nonce,
            code_challenge=create_s256_code_challenge(verifier),
            code_challenge_method="S256",
            **more,
        )
        return LoginStart(url, state, nonce, verifier, return_url)

    def finish(self, start: LoginStart, callback: LoginCallback) -> LoginClaims:
        """Who logged in. The caller MUST have taken ``start`` out of the session: it is used once."""
        metadata = self._discovered()
        code = self._checked_code(start, callback, metadata)
        tokens = self._exchange(metadata, start, code)
        demands = TokenDemands(self._client.issuer, self._client.client_id, start.nonce, tokens.access_token)
        now = self._http.clock()
        claims = self._believed(metadata, tokens.id_token, demands, now)
        return login_claims(claims, self._user_info(metadata, tokens.access_token), beijing_day(now))

    def _checked_code(self, start: LoginStart, callback: LoginCallback, metadata: _Metadata) -> str:
        if not hmac.compare_digest(start.state.encode(), callback.state.encode()):
            raise _refused("state")
        # RFC 9207: which provider answered. Whoever says that it says so must say so.
        expected = metadata.authorization_response_iss_parameter_supported or callback.issuer is not None
        if expected and callback.issuer != self._client.issuer:
            raise _refused("issuer")
        if callback.error is not None:
            raise _refused("denied")
        if not callback.code:
            raise _refused("code")
        return callback.code

    def _exchange(self, metadata: _Metadata, start: LoginStart, code: str) -> _Tokens:
        """One POST, never repeated: the code is used up by the first."""
        body = prepare_token_request(
            "authorization_code", "", start.return_url, code=code, code_verifier=start.code_verifier
        )
        headers = {
            "Authorization": _basic(self._client.client_id, self._secret),
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }
        try:
            answer = self._http.send_once("token", metadata.token_endpoint, headers=headers, content=body.encode())
        except OutsideRefused as error:
            if error.reason == "refused":  # 400 invalid_grant: used, expired, another's, wrong verifier
                raise _refused("code") from error
            raise
        tokens = decoded(self._http.service, answer, _Tokens)
        if tokens.token_type.lower() != "bearer":
            raise _refused("token")
        return tokens

    def _believed(self, metadata: _Metadata, id_token: str, demands: TokenDemands, now: datetime) -> Mapping[str, Any]:
        try:
            return believed_claims(id_token, self._provider_keys(metadata, now, KEYS_LIFE), demands, now)
        except LoginRefused as error:
            if error.reason != "signature":
                raise
        # The provider may have changed its keys since; if they are fresh, the same ones refuse again.
        return believed_claims(id_token, self._provider_keys(metadata, now, KEYS_REFRESH), demands, now)

    def _user_info(self, metadata: _Metadata, access_token: str) -> UserInfo:
        headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/json"}
        answer = self._http.fetch("userinfo", metadata.userinfo_endpoint, headers=headers)
        return decoded(self._http.service, answer, UserInfo)

    def _discovered(self) -> _Metadata:
        now = self._http.clock()
        with self._lock:
            if self._metadata is None or now >= self._metadata[0] + DISCOVERY_LIFE:
                self._metadata = (now, self._discover())
            return self._metadata[1]

    def _discover(self) -> _Metadata:
        url = self._http.url(".well-known/openid-configuration")
        answer = self._http.fetch("discovery", url, headers={"Accept": "application/json"})
        metadata = decoded(self._http.service, answer, _Metadata)
        # OpenID Connect Discovery § 4.3
        if metadata.issuer != self._client.issuer:
            raise _refused("issuer")
        inner = (metadata.token_endpoint, metadata.userinfo_endpoint, metadata.jwks_uri)
        for place in (metadata.authorization_endpoint, *inner):
            checked_web_address(self._http.service, place)
            # No way down from TLS: our secret goes to these addresses.
            if url.startswith("https:") and not place.startswith("https:"):
                raise _refused("issuer")
        return metadata

    def _provider_keys(self, metadata: _Metadata, now: datetime, life: timedelta) -> KeySet:
        with self._lock:
            if self._keys is None or now >= self._keys[0] + life:
                answer = self._http.fetch("keys", metadata.jwks_uri, headers={"Accept": "application/json"})
                self._keys = (now, usable_keys(decoded(self._http.service, answer, _Keys).keys))
            return self._keys[1]


def _basic(client_id: str, secret: str) -> str:
    """RFC 6749 § 2.3.1: form-encoded before they are joined."""
    pair = f"{quote_plus(client_id)}:{quote_plus(secret)}"
    return "Basic " + base64.b64encode(pair.encode()).decode("ascii")


def _refused(reason: str) -> LoginRefused:
    return LoginRefused(OutsideService.IDENTITY_PROVIDER, reason)
