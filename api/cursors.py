"""Opaque signed tokens: cursors of lists and of the feed. Whoever alters one, or takes one elsewhere, is refused."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Any

from itsdangerous import BadData, URLSafeSerializer

from api.errors import BadRequest

__all__ = ["Cursors"]


class Cursors:
    """Signs and reads cursors; ``purpose`` and ``owner`` are signed with them, not shown in them."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def sign(self, value: str | int, purpose: str, owner: str) -> str:
        """A cursor good for this list of this caller only."""
        signed = self._serializer(purpose, owner).dumps(value)
        return signed if isinstance(signed, str) else signed.decode("ascii")

    def read_text(self, cursor: str | None, purpose: str, owner: str) -> str | None:
        """What was signed; nothing for no cursor. Raises :class:`BadRequest` (``cursor.refused``)."""
        value = None if cursor is None else self._read(cursor, purpose, owner)
        return value if value is None or isinstance(value, str) else _refuse()

    def read_number(self, cursor: str | None, purpose: str, owner: str) -> int:
        """What was signed; 0 for no cursor. Raises :class:`BadRequest` (``cursor.refused``)."""
        value = 0 if cursor is None else self._read(cursor, purpose, owner)
        return value if type(value) is int else _refuse()

    def read_place(self, cursor: str | None, purpose: str, owner: str) -> tuple[datetime, int] | None:
        """A time and a number that were signed as ``<ISO time>|<number>``; nothing for no cursor."""
        value = self.read_text(cursor, purpose, owner)
        if value is None:
            return None
        at, _, number = value.partition("|")
        return datetime.fromisoformat(at), int(number)

    def sign_place(self, place: tuple[datetime, int], purpose: str, owner: str) -> str:
        """A cursor after a row with this time and number."""
        return self.sign(f"{place[0].isoformat()}|{place[1]}", purpose, owner)

    def _read(self, cursor: str, purpose: str, owner: str) -> Any:  # noqa: ANN401 - whatever was signed
        try:
            return self._serializer(purpose, owner).loads(cursor)
        except BadData:
            return _refuse()

    def _serializer(self, purpose: str, owner: str) -> URLSafeSerializer:
        # The owner goes into the salt: the signature holds for nobody else.
        return URLSafeSerializer(
            self._secret, salt=f"cursor:{purpose}:{owner}", signer_kwargs={"digest_method": hashlib.sha256}
        )


def _refuse() -> Any:  # noqa: ANN401 - never returns
    raise BadRequest("cursor.refused", zh="翻页标记无效，请从头开始", en="this is no cursor of this list: start over")
