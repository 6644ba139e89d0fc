"""Private keys at rest: PKCS #8 ``EncryptedPrivateKeyInfo`` (RFC 5958), PBES2 (RFC 8018) with scrypt (RFC 7914).

``cryptography`` writes PBKDF2 with 2048 rounds and lets nobody choose, so the envelope is written here. One
:class:`KeyEnvelope` derives once per salt: the files of one folder share salt and passphrase, hence one derivation
opens them all. That gives nothing away: whoever guesses the passphrase of one key has them all anyway. Every file has
its own IV, and the format is the standard's, so ``openssl pkey`` reads it.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NoReturn

from asn1crypto import pem
from cryptography.hazmat.primitives import padding
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_der_private_key,
)

from signing.der import (
    INTEGER,
    OBJECT_IDENTIFIER,
    OCTET_STRING,
    SEQUENCE,
    DerError,
    Reader,
    decode_integer,
    decode_oid,
    integer,
    octet_string,
    oid,
    sequence,
)
from signing.keys import refusals

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePrivateKey

__all__ = ["PRODUCTION_COST", "KeyEnvelope", "PrivateKey", "ScryptCost", "cost_of"]

_PEM_LABEL: Final = "ENCRYPTED PRIVATE KEY"

_PBES2: Final = "1.2.840.113549.1.5.13"
_SCRYPT: Final = "1.3.6.1.4.1.11591.4.11"
_AES256_CBC: Final = "2.16.840.1.101.3.4.1.42"
_SALT_BYTES: Final = 16
_IV_BYTES: Final = 16
_KEY_BYTES: Final = 32

# A doctored file must not make the process allocate without end: 128 · N · r bytes (RFC 7914 § 2).
_MAX_MEMORY_BYTES: Final = 256 << 20
_MAX_PARALLEL: Final = 64


@dataclass(frozen=True, slots=True)
class ScryptCost:
    """How dear one guess of the passphrase is (RFC 7914 § 2)."""

    n: int
    """CPU and memory cost, a power of two."""

    r: int = 8
    """Block size; 8 is RFC 7914's."""

    p: int = 1
    """Parallelisation, here: repetition."""


# One of the equally strong settings of the OWASP Password Storage Cheat Sheet, the one that stays under the 32 MiB
# OpenSSL allows scrypt by default, so that the keys can be read without us. About 0.2 s.
PRODUCTION_COST: Final = ScryptCost(n=1 << 14, r=8, p=5)

PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey


class KeyEnvelope:
    """Seals and opens private keys under one passphrase. Short-lived: drop it once the keys are loaded."""

    __slots__ = ("_derived", "_passphrase")

    def __init__(self, passphrase: bytes) -> None:
        self._passphrase = passphrase
        self._derived: dict[tuple[bytes, ScryptCost], bytes] = {}

    def __repr__(self) -> str:
        return "KeyEnvelope()"

    def __reduce__(self) -> NoReturn:
        raise refusals.never_leaves()

    def seal(self, key: EllipticCurvePrivateKey, cost: ScryptCost) -> bytes:
        """The key as PEM ``ENCRYPTED PRIVATE KEY``; the salt is the one this envelope already used at that cost."""
        salt = next((s for s, c in self._derived if c == cost), None) or os.urandom(_SALT_BYTES)
        iv = os.urandom(_IV_BYTES)
        plain = key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        pad = padding.PKCS7(128).padder()
        encryptor = Cipher(algorithms.AES256(self._derive(salt, cost)), modes.CBC(iv)).encryptor()
        encrypted = encryptor.update(pad.update(plain) + pad.finalize()) + encryptor.finalize()
        info = sequence(_pbes2(salt, cost, iv), octet_string(encrypted))
        armored: bytes = pem.armor(_PEM_LABEL, info)
        return armored

    def open(self, sealed: bytes, file_name: str) -> PrivateKey:
        """The private key in a PEM file; ``key.wrong_passphrase`` when the passphrase is another's."""
        salt, cost, iv, encrypted = _parse(sealed, file_name)
        decryptor = Cipher(algorithms.AES256(self._derive(salt, cost)), modes.CBC(iv)).decryptor()
        unpad = padding.PKCS7(128).unpadder()
        try:
            padded = decryptor.update(encrypted) + decryptor.finalize()
            key = load_der_private_key(unpad.update(padded) + unpad.finalize(), password=None)
        except (ValueError, TypeError):
            # Without "from": the cause could quote decrypted octets.
            raise refusals.wrong_passphrase(file_name) from None
        if not isinstance(key, (ec.EllipticCurvePrivateKey, rsa.RSAPrivateKey)):
            raise refusals.file_damaged(file_name)
        return key

    def _derive(self, salt: bytes, cost: ScryptCost) -> bytes:
        known = self._derived.get((salt, cost))
        if known is None:
            scrypt = Scrypt(salt=salt, length=_KEY_BYTES, n=cost.n, r=cost.r, p=cost.p)
            known = self._derived[salt, cost] = scrypt.derive(self._passphrase)
        return known


def cost_of(sealed: bytes, file_name: str) -> ScryptCost:
    """The cost a stored key was sealed at, so that its successor is sealed no cheaper."""
    return _parse(sealed, file_name)[1]


def _pbes2(salt: bytes, cost: ScryptCost, iv: bytes) -> bytes:
    """RFC 8018 A.4 ``PBES2-params`` in its AlgorithmIdentifier; scrypt as RFC 7914 § 7."""
    scrypt = sequence(octet_string(salt), integer(cost.n), integer(cost.r), integer(cost.p), integer(_KEY_BYTES))
    return sequence(
        oid(_PBES2),
        sequence(sequence(oid(_SCRYPT), scrypt), sequence(oid(_AES256_CBC), octet_string(iv))),
    )


def _parse(sealed: bytes, file_name: str) -> tuple[bytes, ScryptCost, bytes, bytes]:
    """Salt, cost, IV and ciphertext of a PEM file this module wrote; anything else is damaged."""
    try:
        kind, _, info = pem.unarmor(sealed)
        reader = Reader(info).enter(SEQUENCE)
        algorithm = reader.enter(SEQUENCE)
        _expect(algorithm, _PBES2)
        parameters = algorithm.enter(SEQUENCE)
        salt, cost = _parse_scrypt(parameters.enter(SEQUENCE))
        cipher = parameters.enter(SEQUENCE)
        _expect(cipher, _AES256_CBC)
        iv, encrypted = cipher.take(OCTET_STRING), reader.take(OCTET_STRING)
    except ValueError:  # DerError, and asn1crypto's for a file without PEM
        raise refusals.file_damaged(file_name) from None
    if kind != _PEM_LABEL or len(iv) != _IV_BYTES:
        raise refusals.file_damaged(file_name)
    return salt, cost, iv, encrypted


def _parse_scrypt(function: Reader) -> tuple[bytes, ScryptCost]:
    _expect(function, _SCRYPT)
    scrypt = function.enter(SEQUENCE)
    salt = scrypt.take(OCTET_STRING)
    n, r, p = (decode_integer(scrypt.take(INTEGER)) for _ in range(3))
    power_of_two = n > 1 and n & (n - 1) == 0
    if not power_of_two or r < 1 or not 0 < p <= _MAX_PARALLEL or 128 * n * r > _MAX_MEMORY_BYTES:
        raise DerError("scrypt cost out of range")
    return salt, ScryptCost(n, r, p)


def _expect(reader: Reader, dotted: str) -> None:
    if decode_oid(reader.take(OBJECT_IDENTIFIER)) != dotted:
        raise DerError(f"{dotted} expected")
