"""Codes that purchasers scan (ZN-06): case, party, and 256 random bits, joined by dots.

Only the bits are secret. Case and party lead the phone to the task, so that nothing has to be looked up by a token.
"""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import Final

__all__ = ["draw_token", "token_digest", "whose_token"]

_SECRET_BYTES: Final = 32
_PARTS: Final = 3


def draw_token(case_no: str, party: str) -> str:
    """A fresh token."""
    drawn = base64.urlsafe_b64encode(secrets.token_bytes(_SECRET_BYTES)).rstrip(b"=").decode()
    return f"{case_no}.{party}.{drawn}"


def token_digest(token: str) -> str:
    """What a case keeps of it: the bits are random, so a plain digest tells nothing."""
    return hashlib.sha256(token.encode()).hexdigest()


def whose_token(token: str) -> tuple[str, str] | None:
    """Case number and party a token says it is for; ``None`` if it is no token. Proves nothing."""
    parts = token.rsplit(".", maxsplit=_PARTS - 1)
    return (parts[0], parts[1]) if len(parts) == _PARTS and all(parts) else None
