"""Passwords of accounts on the system before: Argon2id (RFC 9106), by the library's own encoding.

Logins by password are the identity platform's; only linking an old account asks for one here (ZS-17).
"""

from __future__ import annotations

import os
from typing import Final

from cryptography.exceptions import InvalidKey
from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

__all__ = ["MAX_PASSWORD_BYTES", "hash_password", "password_fits", "waste_time"]

# RFC 9106 § 4, second recommendation: 64 MiB, three passes, four lanes, 128-bit salt, 256-bit tag.
_MEMORY_KIB: Final = 64 * 1024
_ITERATIONS: Final = 3
_LANES: Final = 4
_SALT_BYTES: Final = 16
_TAG_BYTES: Final = 32

MAX_PASSWORD_BYTES: Final = 256
"""Nobody's password is longer; more would only cost time."""

_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$BNC2pXtk+vTUDzQ9Ig7vdw$5DcGrkrJ83pNp4nOGw1y4dvzi3Qixfn5pwpOKmF7LGU"
"""Compared with where there is no account, so that an answer takes as long."""


def hash_password(password: str) -> str:
    """The hash in PHC form, with its salt and costs."""
    kdf = Argon2id(
        salt=os.urandom(_SALT_BYTES),
        length=_TAG_BYTES,
        iterations=_ITERATIONS,
        lanes=_LANES,
        memory_cost=_MEMORY_KIB,
    )
    return kdf.derive_phc_encoded(password.encode())


def password_fits(password_hash: str, password: str) -> bool:
    """Whether ``password`` is the one that was hashed; in constant time, about a tenth of a second."""
    typed = password.encode()
    if len(typed) > MAX_PASSWORD_BYTES:
        return False
    try:
        Argon2id.verify_phc_encoded(typed, password_hash)
    except InvalidKey:
        return False
    return True


def waste_time(password: str) -> None:
    """Take as long as :func:`password_fits` does."""
    password_fits(_NOBODY, password)
