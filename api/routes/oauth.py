"""Tokens for programs: the client credentials grant of RFC 6749 § 4.4."""

import base64
import binascii
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Final
from urllib.parse import unquote_plus

import msgspec
from fastapi import APIRouter, Form, Request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from pydantic import BaseModel, Field
from starlette.responses import Response

from api.callers import Api, Now, guarded
from api.client_certificates import certificate_of, is_registered, thumbprint
from api.client_secrets import is_secret
from api.documented import both, problems
from api.errors import OAuthRefused
from api.ports import MachineRecord
from api.rates import Rate
from api.state import ApiState
from api.views.base import View

__all__ = ["router"]

router = APIRouter(tags=["machines"], dependencies=[guarded(Rate.TOKEN)])

ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
"""RFC 7523 § 2.2."""

ASSERTION_ALGORITHMS: Final = ["ES256", "ES384", "PS256", "RS256", "EdDSA", "Ed25519"]
LONGEST_LIFE_SECONDS: Final = 300
"""An assertion is made for one request; what lives longer was not (RFC 7523 § 3 leaves the bound to us)."""


class TokenForm(BaseModel):
    """What is asked for (RFC 6749 § 4.4.2). Members we do not know are ignored, as § 3.2 demands."""

    grant_type: str = Field("", max_length=100, examples=["client_credentials"])
    scope: str = Field("", max_length=400, examples=["feed:read contracts:read"])
    client_assertion_type: str = Field("", max_length=100)
    client_assertion: str = Field("", max_length=8192)
    client_id: str = Field("", max_length=128, description="With mutual TLS: whose certificate it is.")


class TokenView(View):
    """A token (RFC 6749 § 5.1)."""

    access_token: str
    """For `Authorization: Bearer`."""
    token_type: str
    """`Bearer`."""
    expires_in: int
    """Seconds."""
    scope: str
    """What it is good for."""


@router.post(
    "/oauth/token",
    operation_id="token",
    summary="获取访问令牌",
    description=both(
        "机构系统以客户端凭据换取短期访问令牌（RFC 6749 §4.4）：HTTP Basic 的客户端密钥、private_key_jwt，"
        "或者双向 TLS 证书。",
        "Client credentials for a token that lives minutes: `client_secret_basic`, `private_key_jwt` (RFC 7523), or"
        " mutual TLS with a registered certificate and `client_id` in the form (`self_signed_tls_client_auth`, RFC 8705"
        " § 2.2): then the token is bound to that certificate. Scopes: `feed:read`, `contracts:read`, `notary:read`,"
        " `cases:act`, `webhooks:manage`, each in the cities granted.",
    ),
    response_model=TokenView,
    responses=problems(
        "oauth.invalid_client",
        "oauth.invalid_scope",
        "oauth.unsupported_grant_type",
        "oauth.invalid_request",
        base=("rate.limited",),
    ),
)
def token(request: Request, api: Api, now: Now, said: Annotated[TokenForm, Form()]) -> Response:
    """A token for a program."""
    if said.grant_type != "client_credentials":
        raise OAuthRefused(
            "unsupported_grant_type", zh="仅支持 client_credentials", en="only client_credentials is supported"
        )
    authorization, bound = request.headers.get("authorization", ""), None
    if said.client_assertion:
        record = _by_assertion(api, said.client_assertion_type, said.client_assertion, now)
    elif said.client_id and not authorization:
        record, bound = _by_certificate(api, said.client_id, certificate_of(request), now)
    else:
        record = _by_secret(api, authorization, now)
    granted = _granted(record, said.scope)
    view = TokenView(
        access_token=api.tokens.issue(record.machine, granted, now, bound),
        token_type="Bearer",  # noqa: S106 - the kind of token
        expires_in=api.tokens.life_seconds,
        scope=" ".join(granted),
    )
    # RFC 6749 § 5.1: never stored.
    headers = {"cache-control": "no-store", "pragma": "no-cache"}
    return Response(view.model_dump_json(), headers=headers, media_type="application/json")


def _by_secret(api: ApiState, authorization: str, now: datetime) -> MachineRecord:
    scheme, _, encoded = authorization.partition(" ")
    try:
        decoded = base64.b64decode(encoded, validate=True).decode() if scheme.lower() == "basic" else ""
    except (binascii.Error, UnicodeDecodeError):
        decoded = ""
    # RFC 6749 § 2.3.1: both are form-encoded before they are joined.
    client_id, _, secret = (unquote_plus(part) for part in decoded.partition(":"))
    record = _client(api, client_id, now)
    if not is_secret(client_id, secret, () if record is None else record.secret_hashes) or record is None:
        raise _invalid_client()
    return record


def _by_certificate(api: ApiState, client_id: str, der: bytes | None, now: datetime) -> tuple[MachineRecord, str]:
    """RFC 8705 § 2.2; the token is bound to the certificate (§ 3)."""
    record = _client(api, client_id, now)
    if record is None or der is None or not is_registered(der, record.public_keys, now):
        raise _invalid_client()
    return record, thumbprint(der)


def _by_assertion(api: ApiState, kind: str, assertion: str, now: datetime) -> MachineRecord:
    """RFC 7523 § 3, in its order: issuer and subject, audience, times, signature, and never twice."""
    claims = _unverified(assertion) if kind == ASSERTION_TYPE else {}
    record = _client(api, str(claims.get("sub", "")), now)
    if record is None or record.public_keys is None or claims.get("iss") != claims.get("sub"):
        raise _invalid_client()
    try:
        keys = KeySet.import_key_set(msgspec.json.decode(record.public_keys))
        verified = jwt.decode(assertion, keys, algorithms=ASSERTION_ALGORITHMS).claims
    except (JoseError, ValueError) as cause:
        raise _invalid_client() from cause
    expires_at = _expiry(verified, now)
    base = api.services.settings.base_url.rstrip("/")
    audience = verified.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    if not {base, f"{base}/v1/oauth/token"}.intersection(str(one) for one in audiences):
        raise _invalid_client()
    jti = verified.get("jti")
    if not isinstance(jti, str) or not 0 < len(jti) <= 128:
        raise _invalid_client()
    if not api.services.machines.book.use_assertion(record.machine.client_id, jti, expires_at):
        raise _invalid_client()
    return record


def _unverified(assertion: str) -> Mapping[str, object]:
    """Claims of a token nobody has verified yet: only to find whose keys to verify it with."""
    try:
        payload = assertion.split(".")[1]
        claims = msgspec.json.decode(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (IndexError, ValueError, msgspec.DecodeError):
        return {}
    return claims if isinstance(claims, dict) else {}


def _expiry(claims: Mapping[str, object], now: datetime) -> datetime:
    expires = claims.get("exp")
    if not isinstance(expires, int) or not now.timestamp() < expires <= now.timestamp() + LONGEST_LIFE_SECONDS:
        raise _invalid_client()
    return datetime.fromtimestamp(expires, UTC)


def _client(api: ApiState, client_id: str, now: datetime) -> MachineRecord | None:
    if not 0 < len(client_id) <= 128 or not client_id.isascii() or not client_id.isprintable():
        return None
    record = api.services.machines.book.load(client_id)
    return None if record is None or (record.ended_at is not None and record.ended_at <= now) else record


def _granted(record: MachineRecord, asked: str) -> tuple[str, ...]:
    scopes = record.machine.scopes
    if not asked.strip():
        return scopes
    wanted = tuple(dict.fromkeys(asked.split()))
    if not set(wanted) <= set(scopes):
        raise OAuthRefused("invalid_scope", zh="未获授权的权限范围", en="a scope that was not granted")
    return wanted


def _invalid_client() -> OAuthRefused:
    return OAuthRefused("invalid_client", zh="客户端身份不正确", en="client authentication failed")
