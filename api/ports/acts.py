"""Doing: acts on cases, and requests that may come twice."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from filing.acts.perform import Asked, Performed

__all__ = ["Acts", "Keep", "KeptAnswer", "RequestBook", "RequestKey"]


@dataclass(frozen=True, slots=True)
class RequestKey:
    """A request that its sender has given a name (``Idempotency-Key``)."""

    key: str
    """The name."""

    principal: str
    """Whose: an account or a client. Two may think of the same name."""

    request_sha256: str
    """Digest of method, path and body: the same name for another request is a mistake."""


@dataclass(frozen=True, slots=True)
class KeptAnswer:
    """What was answered, to be answered again."""

    status: int
    """HTTP status."""

    headers: Mapping[str, str]
    """Headers worth repeating."""

    body: bytes = field(repr=False)
    """The body; kept sealed."""


@dataclass(frozen=True, slots=True)
class Keep:
    """An answer is to be kept in the commit of the act itself."""

    key: RequestKey
    """For which request."""

    render: Callable[[Performed], KeptAnswer]
    """What will be answered; pure."""


class Acts(Protocol):
    """``filing.acts.perform``, wired to the records."""

    def perform(self, case_no: str, asked: Asked, keep: Keep | None) -> Performed:
        """Do it. With ``keep``, the answer MUST be written in the same transaction as the case, so that no crash
        leaves one without the other. Raises ``QianshuError``; ``case.unknown`` (or ``case.missing``) without a case.
        """
        ...

    def open(self, city: str, asked: Asked, keep: Keep | None) -> Performed:
        """As :meth:`perform`, for acts that begin a case. ``city`` is one of the cities served."""
        ...


class RequestBook(Protocol):
    """Requests by name, among all processes."""

    def begin(self, key: RequestKey, now: datetime) -> KeptAnswer | None:
        """The answer, if it was given; ``None`` if the request is ours to answer now.

        Raises ``QianshuError``: ``idempotency.mismatch`` where the name was used for another request,
        ``idempotency.in_progress`` while somebody else is at it. One left behind by a crash MUST become ours again.
        """
        ...

    def keep(self, key: RequestKey, answer: KeptAnswer, now: datetime) -> None:
        """The answer of a request that was refused, or changed no case."""
        ...

    def drop(self, key: RequestKey) -> None:
        """The request came to nothing and may be tried again. MUST do nothing once there is an answer."""
        ...
