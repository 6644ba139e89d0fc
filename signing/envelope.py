"""Evidence encrypted at rest: strokes and whatever else tells of a person (个人信息保护法 art. 51).

One data key per service, 256 random bits, kept wrapped under the passphrase (scrypt, AES-256-GCM). An envelope is
``QSE1`` · nonce (12 bytes) · AES-256-GCM ciphertext and tag; its context (case and role) is authenticated with it, so
an envelope moved to another case does not open. For small evidence held in memory; streams are the archive's matter.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from signing.errors import KeyStoreError
from signing.keys.private_files import read_private, sole_writer, write_private

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["EvidenceKey"]

_MAGIC = b"QSE1"
_NONCE_BYTES = 12  # NIST SP 800-38D § 8.2.2: random 96-bit nonces, far fewer than 2^32 per key
_SALT_BYTES = 16
_SCRYPT_N = 2**15
"""About 0.1 s and 32 MB per guess (RFC 7914 § 2; r=8, p=1)."""


class EvidenceKey:
    """The data key, loaded once per process; never shown."""

    def __init__(self, key: bytes) -> None:
        self._cipher = AESGCM(key)

    def __repr__(self) -> str:
        return "EvidenceKey(…)"

    @classmethod
    def load_or_create(cls, path: Path, passphrase: bytes) -> EvidenceKey:
        """The key wrapped in ``path``; a missing file is made, whole or not at all, readable by its owner only."""
        if not path.exists():
            with sole_writer(path.parent):
                if not path.exists():  # else another process was first
                    write_private(path, _wrap(AESGCM.generate_key(bit_length=256), passphrase))
        return cls(_unwrap(read_private(path), passphrase))

    def encrypt(self, evidence: bytes, context: str) -> bytes:
        """An envelope that opens only with the same ``context``."""
        nonce = os.urandom(_NONCE_BYTES)
        return _MAGIC + nonce + self._cipher.encrypt(nonce, evidence, _MAGIC + context.encode())

    def decrypt(self, envelope: bytes, context: str) -> bytes:
        """What was put in. Raises ``KeyStoreError`` (``evidence.not_opened``) for anything else."""
        nonce = envelope[len(_MAGIC) : len(_MAGIC) + _NONCE_BYTES]
        body = envelope[len(_MAGIC) + _NONCE_BYTES :]
        # A foreign magic is authenticated away: it becomes part of the context the tag was made over.
        try:
            return self._cipher.decrypt(nonce, body, envelope[: len(_MAGIC)] + context.encode())
        except (InvalidTag, ValueError) as cause:
            raise KeyStoreError(
                "evidence.not_opened", zh="证据无法解密", en="the evidence does not open with this key and context"
            ) from cause


def _wrapping_key(passphrase: bytes, salt: bytes) -> AESGCM:
    return AESGCM(Scrypt(salt=salt, length=32, n=_SCRYPT_N, r=8, p=1).derive(passphrase))


def _wrap(key: bytes, passphrase: bytes) -> bytes:
    salt, nonce = os.urandom(_SALT_BYTES), os.urandom(_NONCE_BYTES)
    return salt + nonce + _wrapping_key(passphrase, salt).encrypt(nonce, key, _MAGIC)


def _unwrap(wrapped: bytes, passphrase: bytes) -> bytes:
    salt, nonce = wrapped[:_SALT_BYTES], wrapped[_SALT_BYTES : _SALT_BYTES + _NONCE_BYTES]
    try:
        return _wrapping_key(passphrase, salt).decrypt(nonce, wrapped[_SALT_BYTES + _NONCE_BYTES :], _MAGIC)
    except (InvalidTag, ValueError) as cause:
        raise KeyStoreError("key.wrong_passphrase", zh="口令不正确", en="the passphrase is wrong") from cause
