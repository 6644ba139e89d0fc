"""Keys by which people, phones and tokens are found, unreadable where they are kept (个人信息保护法 art. 51).

HMAC-SHA256 (RFC 2104) under a secret of the service, so that whoever reads the database cannot try all numbers. A label
inside each key keeps kinds apart: a phone's key is never a person's.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from typing import TYPE_CHECKING

from identity.errors import NumberError
from identity.numbers import IdentityNumber, IdType, check_number, lifetime_form

if TYPE_CHECKING:
    from datetime import date

__all__ = ["MIN_SECRET_BYTES", "LookupSecret", "candidate_person_keys", "key_of_number", "person_key"]

MIN_SECRET_BYTES = 32
"""RFC 2104 § 3: not shorter than the hash's output."""


class LookupSecret:
    """The service's secret for keys and code hashes, loaded once per process; never shown."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) < MIN_SECRET_BYTES:
            raise ValueError(f"a lookup secret has at least {MIN_SECRET_BYTES} bytes")
        self._secret = secret

    def __repr__(self) -> str:
        return "LookupSecret(…)"

    def key(self, label: str, *parts: str) -> str:
        """Hex key of ``parts`` under ``label``. JSON keeps the parts apart: ("a", "bc") is not ("ab", "c")."""
        text = json.dumps([label, *parts], ensure_ascii=True, separators=(",", ":"))
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()


def person_key(secret: LookupSecret, number: IdentityNumber) -> str:
    """The key of a person or an organisation by identity number.

    Equal for the 15 and the 18 digits of one person and for renewals of a permit: exactly where
    :func:`identity.numbers.same_person_number` says the same, and for equal numbers of other kinds.
    """
    id_type, kept = lifetime_form(number)
    return secret.key("person", id_type.value, kept)


def candidate_person_keys(secret: LookupSecret, text: str, today: date) -> tuple[str, ...]:
    """Keys of everybody whom a number typed without its kind may mean (WH-41 asks for the number alone)."""
    keys = []
    for id_type in IdType:
        try:
            keys.append(person_key(secret, check_number(id_type, text, today)))
        except NumberError:
            continue
    return tuple(dict.fromkeys(keys))


def key_of_number(secret: LookupSecret, id_type: IdType, normalised: str) -> str:
    """:func:`person_key` of a number that was checked before and is kept as kind and text."""
    return person_key(secret, IdentityNumber(id_type, normalised))
