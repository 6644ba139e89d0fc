"""Secrets of programs (RFC 6749 § 2.3.1): made here, 256 random bits, kept as a hash only.

A random secret of this length is not guessed, so a plain hash suffices; slow hashes are for what people think of.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["draw_secret", "is_secret", "secret_hash"]


def draw_secret() -> str:
    """A new secret; shown once, to whoever registers the program."""
    return secrets.token_urlsafe(32)


def secret_hash(client_id: str, secret: str) -> str:
    """What is kept. The name goes in, so that equal hashes never show equal secrets."""
    return hashlib.sha256(b"client-secret\0" + client_id.encode() + b"\0" + secret.encode()).hexdigest()


def is_secret(client_id: str, offered: str, hashes: Iterable[str]) -> bool:
    """Whether ``offered`` is one of the secrets."""
    found = secret_hash(client_id, offered)
    return any(hmac.compare_digest(found, kept) for kept in hashes)
