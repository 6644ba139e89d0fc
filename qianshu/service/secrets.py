"""The service's own secrets: made once, kept beside the keys, sealed by the key of evidence."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from identity.keys import MIN_SECRET_BYTES, LookupSecret
from signing.keys.private_files import read_private, sole_writer, write_private

if TYPE_CHECKING:
    from pathlib import Path

    from signing.envelope import EvidenceKey

__all__ = ["lookup_secret", "signing_secret"]

CONTEXT = "lookup-secret"


def lookup_secret(path: Path, key: EvidenceKey) -> LookupSecret:
    """The secret by which people, phones and houses are found. Lost, nobody is found any more: it is backed up with
    the keys, and an index rebuilt without it would find nobody either.
    """
    if not path.exists():
        with sole_writer(path.parent):
            if not path.exists():  # else another process was first
                write_private(path, key.encrypt(os.urandom(MIN_SECRET_BYTES), CONTEXT))
    return LookupSecret(key.decrypt(read_private(path), CONTEXT))


def signing_secret(secret: LookupSecret) -> bytes:
    """What signs cursors and tokens: equal in all processes, and another than every key of people."""
    return bytes.fromhex(secret.key("api-signing", "1"))
