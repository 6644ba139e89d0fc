"""The text message a code travels in, and its sealed form on the way from the commit to the sender.

The code exists in clear in the memory of the process that drew it and in the message. The row that waits for the
sender holds it sealed.
"""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import datetime
from string import Formatter
from typing import TYPE_CHECKING

from identity.codes.model import CodePurpose
from identity.errors import RuleTableError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from identity.ports import Sealer

__all__ = ["ABOUT_A_HOUSE", "CodeText", "SealedMessage", "TextMessage", "seal_message", "unseal_message"]

ABOUT_A_HOUSE = frozenset({CodePurpose.SIGN, CodePurpose.CONFIRM, CodePurpose.AMEND})
"""Codes that agree to a sale: the message names house and price, so that the phone's holder knows to what (H-43)."""


@dataclass(frozen=True, slots=True)
class CodeText:
    """The registered text of one purpose, with ``{name}`` where values go."""

    purpose: CodePurpose
    """What for."""

    template: str
    """The text; data of a city."""

    def __post_init__(self) -> None:
        missing = self.needed() - self.names()
        if missing:
            raise RuleTableError(
                "rule_table.code_text",
                zh=f"验证码短信模板缺少 {' '.join(sorted(missing))}",
                en=f"the text message of a code lacks {' '.join(sorted(missing))}",
                purpose=self.purpose.value,
                missing=sorted(missing),
            )

    def names(self) -> frozenset[str]:
        """The values the text has places for."""
        return frozenset(name for _, name, _, _ in Formatter().parse(self.template) if name)

    def needed(self) -> frozenset[str]:
        """The values it must have places for."""
        return frozenset({"code", "house", "price"} if self.purpose in ABOUT_A_HOUSE else {"code"})


@dataclass(frozen=True, slots=True)
class TextMessage:
    """A message ready for ``SmsSender.send``. Holds the code in clear: never logged, never stored."""

    phone: str
    """To whom."""

    template: str
    """Registered text."""

    values: Mapping[str, str]
    """What goes into it, the code among it."""

    expires_at: datetime
    """After this it is no use sending it; aware."""

    def __repr__(self) -> str:
        return "TextMessage(…)"


@dataclass(frozen=True, slots=True)
class SealedMessage:
    """What the outbox row holds."""

    code_id: str
    """The code's identifier: the ``request_id`` of the send, so that a repeated send is one message."""

    sealed: bytes
    """The message, encrypted with its identifier as context."""

    def to_payload(self) -> dict[str, str]:
        """As JSON-ready data."""
        return {"code_id": self.code_id, "sealed": base64.b64encode(self.sealed).decode()}

    @classmethod
    def from_payload(cls, payload: Mapping[str, str]) -> SealedMessage:
        """What :meth:`to_payload` gave."""
        return cls(payload["code_id"], base64.b64decode(payload["sealed"]))


def seal_message(sealer: Sealer, code_id: str, message: TextMessage) -> SealedMessage:
    """The message as the outbox may hold it."""
    body = {
        "phone": message.phone,
        "template": message.template,
        "values": dict(message.values),
        "expires_at": message.expires_at.isoformat(),
    }
    return SealedMessage(code_id, sealer.encrypt(json.dumps(body).encode(), _context(code_id)))


def unseal_message(sealer: Sealer, sealed: SealedMessage) -> TextMessage:
    """The message, for the sender alone. Raises what ``sealer`` raises for an envelope of another code."""
    body = json.loads(sealer.decrypt(sealed.sealed, _context(sealed.code_id)))
    return TextMessage(
        body["phone"], body["template"], body["values"], expires_at=datetime.fromisoformat(body["expires_at"])
    )


def _context(code_id: str) -> str:
    return f"code-message:{code_id}"
