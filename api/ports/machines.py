"""Programs that come in by themselves, and programs that are told: clients and webhooks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from identity.acting import Machine

__all__ = ["MachineBook", "MachineRecord", "WebhookBook", "WebhookDelivery", "WebhookSubscription"]


@dataclass(frozen=True, slots=True)
class MachineRecord:
    """A client as registered (RFC 6749 § 2)."""

    machine: Machine
    """Name, kind, cities, scopes."""

    secret_hashes: tuple[str, ...] = field(default=(), repr=False)
    """Hashes of its secrets, two while one takes the other's place (``api.client_secrets.secret_hash``)."""

    public_keys: str | None = None
    """JSON Web Key Set of its own (RFC 7517) for ``private_key_jwt``; ``None`` where it has a secret."""

    ended_at: datetime | None = None
    """When its access ended."""


class MachineBook(Protocol):
    """Registered clients. Asked with every call of a program: ending one takes effect at once."""

    def load(self, client_id: str) -> MachineRecord | None: ...

    def use_assertion(self, client_id: str, jti: str, expires_at: datetime) -> bool:
        """Whether this assertion is seen for the first time (RFC 7523 § 3); of several calls one, among processes."""
        ...


@dataclass(frozen=True, slots=True)
class WebhookSubscription:
    """A recipient that wants to be told instead of asking."""

    subscription_id: str
    """Identifier."""

    client_id: str
    """Whose."""

    url: str
    """Where events are sent: https, or http on loopback."""

    cities: tuple[str, ...]
    """Of which cities; among those the client was granted."""

    created_at: datetime
    """When."""

    secret: str = field(repr=False)
    """Standard Webhooks secret (``whsec_…``): shown once, kept sealed."""

    ended_at: datetime | None = None
    """When it was ended."""


@dataclass(frozen=True, slots=True)
class WebhookDelivery:
    """One attempt at telling."""

    subscription_id: str
    """To whom."""

    position: int
    """Which line of the feed."""

    attempt: int
    """1 the first time."""

    at: datetime
    """When."""

    status: int | None
    """What was answered; ``None`` if nothing was."""

    error_code: str | None
    """What went wrong, if anything did."""


class WebhookBook(Protocol):
    """Subscriptions and the log of deliveries. Sending is a job's (``gateways.webhooks``)."""

    def add(self, subscription: WebhookSubscription) -> None: ...

    def load(self, subscription_id: str) -> WebhookSubscription | None: ...

    def of_client(self, client_id: str) -> Sequence[WebhookSubscription]:
        """Those in force, oldest first."""
        ...

    def end(self, subscription_id: str, now: datetime) -> None: ...

    def deliveries(self, subscription_id: str, before_position: int | None, limit: int) -> Sequence[WebhookDelivery]:
        """The newest first."""
        ...
