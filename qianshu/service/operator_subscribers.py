"""Subscribers as operators see them: who is told, what waits, how the last attempts ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit, urlunsplit

from api.ports import DeliveryState, SubscriberLine
from identity.acting import MachineKind
from storage.records.tables import REGISTRY

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from storage.machines import SqlDeliveries, SqlSubscriptions, StoredAttempt, Subscriber

__all__ = ["MOST_COUNTED", "Subscribers"]

MOST_COUNTED: Final = 1000
"""Lines that wait are counted so far: beyond it is many."""


@dataclass(frozen=True, slots=True)
class Subscribers:
    """Everybody who is told."""

    deliveries: SqlDeliveries
    """Subscriptions with their last attempts."""

    log: SqlSubscriptions
    """Every attempt."""

    office_of: Callable[[str], str | None]
    """The notary office a program belongs to now."""

    again: Callable[[str, int | None, datetime], None]
    """Make the task (``Telling.again``)."""

    def of_cities(self, cities: Sequence[str]) -> Sequence[SubscriberLine]:
        """Those that are told of one of these cities."""
        return tuple(self._line(one) for one in self.deliveries.every() if set(one.cities) & set(cities))

    def attempts(self, subscription_id: str, before: int | None, limit: int) -> Sequence[StoredAttempt]:
        """The newest line first."""
        return self.log.attempts(subscription_id, before, limit)

    def may_be_told(self, subscription_id: str, position: int | None) -> bool:
        """Whether it is in force, and was told the line already."""
        found = self.deliveries.load(subscription_id)
        return (
            found is not None and found.ended_at is None and (position is None or 0 < position <= found.told_position)
        )

    def _line(self, one: Subscriber) -> SubscriberLine:
        waiting = self._waiting(one)
        return SubscriberLine(
            one.subscription_id,
            one.client_id,
            _shown(one.url),
            one.cities,
            one.created_at,
            one.ended_at,
            _state(one, waiting),
            waiting=min(waiting, MOST_COUNTED),
            waiting_is_more=waiting > MOST_COUNTED,
            failing_since_at=one.failing_since_at,
            succeeded=one.succeeded,
            failed=one.failed,
        )

    def _waiting(self, one: Subscriber) -> int:
        recipient = self._recipient(one)
        if one.ended_at is not None or recipient is None:
            return 0
        return self.deliveries.waiting(one.cities, one.told_position, recipient, MOST_COUNTED + 1)

    def _recipient(self, one: Subscriber) -> str | None:
        if one.kind is not MachineKind.NOTARY:
            return REGISTRY
        office = self.office_of(one.client_id)
        return None if office is None else f"office:{office}"


def _state(one: Subscriber, waiting: int) -> DeliveryState:
    if one.ended_at is not None:
        return DeliveryState.ENDED
    if one.failing_since_at is not None:
        return DeliveryState.FAILING
    if waiting:
        return DeliveryState.WAITING
    return DeliveryState.UNTRIED if one.succeeded is None else DeliveryState.TOLD


def _shown(url: str) -> str:
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, parts.path, "", ""))
