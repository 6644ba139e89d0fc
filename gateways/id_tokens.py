"""Whether an id_token is believed (OpenID Connect Core 1.0 § 3.1.3.7). Pure: keys, token and ``now`` are passed in.

1. signed by a key of the provider's own set, by ES256 or RS256; ``none``, HMAC and any key the token itself brings or
   points to (``jwk``, ``jku``, ``x5c``, ``x5u``) count for nothing;
2. ``iss`` is the provider configured; ``aud`` is us, and ``azp`` too where there are others;
3. ``exp`` has not passed, ``iat`` is of the last minutes, neither it nor ``auth_time`` lies ahead;
4. ``nonce`` is the one of this login; ``at_hash`` is of this access token.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from authlib.oidc.core import CodeIDToken  # type: ignore[import-untyped]
from authlib.oidc.core.util import create_half_hash  # type: ignore[import-untyped]
from joserfc import jwt
from joserfc.errors import (
    BadSignatureError,
    ClaimError,
    ExpiredTokenError,
    JoseError,
    UnsupportedAlgorithmError,
)
from joserfc.jwk import ECKey, KeySet, RSAKey
from joserfc.jws import JWSRegistry

from identity.outside import LoginRefused, OutsideService

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

__all__ = ["ALGORITHMS", "TokenDemands", "believed_claims", "usable_keys"]

ALGORITHMS: Final = ("ES256", "RS256")
LEEWAY_SECONDS: Final = 60
"""Clocks of two authorities; both are on NTP."""
OLDEST_SECONDS: Final = 600
"""An id_token is made for the exchange in hand."""
LEAST_RSA_BITS: Final = 2048

# RFC 7515 § 4: unknown header parameters are ignored, unknown critical ones are not.
_REGISTRY: Final = JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)

_REASONS: Final = {"iss": "issuer", "aud": "audience", "azp": "audience", "nonce": "nonce", "exp": "expired"}


@dataclass(frozen=True, slots=True)
class TokenDemands:
    """What an id_token must say."""

    issuer: str
    """The provider."""

    client_id: str
    """Us."""

    nonce: str
    """Of this login."""

    access_token: str
    """What came with it."""


def usable_keys(keys: Sequence[Mapping[str, Any]]) -> KeySet:
    """The provider's signing keys; whatever is no public EC or RSA key, or too small, is left out."""
    found: list[ECKey | RSAKey] = []
    for data in keys:
        key = _key(data)
        if key is not None:
            found.append(key)
    if not found:
        raise _refused("signature")
    return KeySet(list(found))


def believed_claims(id_token: str, keys: KeySet, demands: TokenDemands, now: datetime) -> Mapping[str, Any]:
    """The claims; raises :class:`LoginRefused` with what does not fit."""
    try:
        token = jwt.decode(id_token, keys, algorithms=list(ALGORITHMS), registry=_REGISTRY)
    except UnsupportedAlgorithmError as error:
        raise _refused("algorithm") from error
    except BadSignatureError as error:
        raise _refused("signature") from error
    except (JoseError, ValueError, TypeError, KeyError, RecursionError) as error:
        raise _refused("signature") from error
    _demand_claims(token, demands, int(now.timestamp()))
    return token.claims


def _key(data: Mapping[str, Any]) -> ECKey | RSAKey | None:
    kinds: dict[str, type[ECKey | RSAKey]] = {"EC": ECKey, "RSA": RSAKey}
    kind = kinds.get(str(data.get("kty")))
    if kind is None or data.get("use", "sig") != "sig" or "d" in data:
        return None
    # Six bits a character, no padding: cheaper than importing a key only to measure it.
    if kind is RSAKey and len(str(data.get("n", ""))) * 6 < LEAST_RSA_BITS:
        return None
    try:
        return kind.import_key(dict(data))
    except (JoseError, ValueError, TypeError, KeyError):
        return None


def _demand_claims(token: jwt.Token, demands: TokenDemands, now: int) -> None:
    options = {
        "iss": {"essential": True, "value": demands.issuer},
        "aud": {"essential": True, "value": demands.client_id},
        "sub": {"essential": True},
        "nonce": {"essential": True, "value": demands.nonce},
        "at_hash": {"essential": True},
        "auth_time": {"essential": True},
    }
    # at_hash is compared below: authlib would let a missing hash algorithm pass.
    claims = CodeIDToken(token.claims, token.header, options, {"nonce": demands.nonce, "client_id": demands.client_id})
    try:
        claims.validate(now=now, leeway=LEEWAY_SECONDS)
    except ExpiredTokenError as error:
        raise _refused("expired") from error
    except ClaimError as error:
        raise _refused(_reason(error)) from error
    except (TypeError, ValueError) as error:
        raise _refused("claims") from error
    _demand_times(token.claims, now)
    half = create_half_hash(demands.access_token, token.header["alg"])
    if half is None or not hmac.compare_digest(half, str(token.claims["at_hash"]).encode("ascii", "replace")):
        raise _refused("hash")


def _demand_times(claims: Mapping[str, Any], now: int) -> None:
    issued, authenticated = claims["iat"], claims["auth_time"]
    if isinstance(authenticated, bool) or not isinstance(authenticated, int):
        raise _refused("claims")
    if issued < now - OLDEST_SECONDS or authenticated > now + LEEWAY_SECONDS:
        raise _refused("expired")


def _reason(error: ClaimError) -> str:
    named = [reason for claim, reason in _REASONS.items() if f"'{claim}'" in str(error)]
    return named[0] if named else "claims"


def _refused(reason: str) -> LoginRefused:
    return LoginRefused(OutsideService.IDENTITY_PROVIDER, reason)
