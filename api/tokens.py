"""Access tokens of programs: JWTs after RFC 9068, signed and read by this service alone, good for minutes.

A token says which program holds it and for how much of what it was granted. What it was granted is looked up again with
every call, so that taking it away takes effect at once.
"""

from __future__ import annotations

import hashlib
import hmac
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from api.errors import Unauthenticated

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from identity.acting import Machine

__all__ = ["AccessToken", "TokenIssuer", "invalid_token"]

ALGORITHM: Final = "HS256"
TYPE: Final = "at+jwt"
LONGEST: Final = 4096
"""A token of ours has about 500 characters."""


@dataclass(frozen=True, slots=True)
class AccessToken:
    """What a token that is believed says."""

    client_id: str
    """Who holds it."""

    scopes: frozenset[str]
    """For what."""

    thumbprint: str | None = None
    """The certificate it is bound to (RFC 8705 § 3): good with no other."""


class TokenIssuer:
    """Makes and reads tokens. ``issuer`` is the address of the service, and the only audience."""

    def __init__(self, secret: bytes, issuer: str, life: timedelta) -> None:
        # A key of its own: a cursor must never pass for a token.
        self._key = OctKey.import_key(hmac.new(secret, b"access-token", hashlib.sha256).digest())
        self._issuer = issuer
        self._life = life

    @property
    def life_seconds(self) -> int:
        """How long a token lives."""
        return int(self._life.total_seconds())

    def issue(self, machine: Machine, scopes: tuple[str, ...], now: datetime, thumbprint: str | None = None) -> str:
        """A token for a program (RFC 9068 § 2.2), bound to its certificate where it came with one (RFC 8705 § 3.1)."""
        claims = {
            "iss": self._issuer,
            "aud": self._issuer,
            "sub": machine.client_id,
            "client_id": machine.client_id,
            "scope": " ".join(scopes),
            "cities": list(machine.cities),
            "iat": int(now.timestamp()),
            "exp": int((now + self._life).timestamp()),
            "jti": uuid.uuid4().hex,
            **({} if thumbprint is None else {"cnf": {"x5t#S256": thumbprint}}),
        }
        return jwt.encode({"alg": ALGORITHM, "typ": TYPE}, claims, self._key)

    def read(self, token: str, now: datetime) -> AccessToken:
        """What it says. Raises :class:`Unauthenticated` (``auth.token``) for whatever is not ours, or is over."""
        if len(token) > LONGEST:
            raise invalid_token()
        try:
            read = jwt.decode(token, self._key, algorithms=[ALGORITHM])
        except (JoseError, ValueError) as cause:
            raise invalid_token() from cause
        claims: dict[str, Any] = read.claims
        fits = read.header.get("typ") == TYPE and (claims.get("iss"), claims.get("aud")) == (self._issuer, self._issuer)
        expires, client_id = claims.get("exp"), claims.get("client_id")
        if not fits or not isinstance(client_id, str) or not isinstance(expires, int) or expires <= now.timestamp():
            raise invalid_token()
        bound = claims.get("cnf")
        thumbprint = bound.get("x5t#S256") if isinstance(bound, dict) else None
        return AccessToken(client_id, frozenset(str(claims.get("scope", "")).split()), thumbprint)


def invalid_token() -> Unauthenticated:
    """RFC 6750 § 3.1."""
    return Unauthenticated(
        "auth.token",
        zh="访问令牌无效或已过期",
        en="the access token is not taken: get a new one",
        challenge='Bearer error="invalid_token"',
    )
