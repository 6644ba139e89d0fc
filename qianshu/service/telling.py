"""Telling subscribers what their feed says (Standard Webhooks), as work of the outbox: programs of a notary office its
lines, every other program the registry's.

``Telling(subscriptions, clients, records, post, clock, office_of)`` gives two handlers (:func:`telling_handlers`):

1. ``tell-webhooks``, which the clock asks for (:data:`TELLING`): one task for each subscription that is behind;
2. ``tell-webhook``: line after line, in order, each under the same ``webhook-id`` however often it is sent. What fails
   raises and is tried again with the growing delays of ``jobs``. Given up, it is among the failed tasks that operators
   see, one for each day of the outage; after :data:`GIVE_UP_AFTER` no more are made. An operator who has such a task
   tried again has everything told from where it stopped.

A subscriber that answers 410 is told no more (Standard Webhooks, "Operational considerations").
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, timedelta
from typing import TYPE_CHECKING, Final, Protocol

import structlog
from standardwebhooks import Webhook

from errors import QianshuError
from identity.acting import MachineKind
from identity.outside import OutsideService, OutsideUnavailable
from jobs.errors import PermanentFault
from jobs.workshop import Periodic
from storage.canonical import canonical_json
from storage.machines import StoredAttempt
from storage.records.tables import REGISTRY

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from identity.acting import Machine
    from qianshu.service.records import Records
    from storage.machines import SqlClients, SqlSubscriptions, StoredSubscription
    from storage.records import FeedRow
    from storage.records.outbox import OutboxTask

__all__ = ["GIVE_UP_AFTER", "TELLING", "Post", "Telling", "telling_handlers"]

TELL_ALL: Final = "tell-webhooks"
TELL_ONE: Final = "tell-webhook"

TELLING: Final = Periodic(TELL_ALL, every_seconds=10)
"""How soon subscribers learn of a filing, at most."""

GIVE_UP_AFTER: Final = timedelta(days=3)
"""A subscriber that went down on Friday evening is told on Monday; one that stays down is the operator's to call."""

DAY: Final = timedelta(days=1)

LINES: Final = 100
"""Lines of the feed read at once."""

TURN: Final = timedelta(seconds=60)
"""How long one task goes on telling: well within its lease. What is left waits for the next."""

GONE: Final = 410

_log = structlog.get_logger("qianshu.webhooks")


class Post(Protocol):
    """``gateways.webhooks.HttpWebhooks``: MUST raise ``QianshuError`` unless something was answered."""

    def post(self, url: str, headers: Mapping[str, str], content: bytes) -> int:
        """The status answered."""
        ...


@dataclass(frozen=True, slots=True)
class Telling:
    """What telling needs."""

    subscriptions: SqlSubscriptions
    """Who is told, and the log."""

    clients: SqlClients
    """Whose access has ended, and which cities are granted now."""

    records: Records
    """The feed, and the outbox."""

    post: Post
    """How it is sent."""

    clock: Callable[[], datetime]
    """Present time, aware."""

    office_of: Callable[[str], str | None]
    """The notary office a program belongs to now (``storage.notary.SqlMembers``)."""

    def announce(self, task: OutboxTask) -> None:  # noqa: ARG002 - the handler's parameter
        """A task for each subscription that has something to be told."""
        now = self.clock()
        for each in self.subscriptions.behind():
            occasion = _occasion(each, now)
            if occasion is not None and self._next_lines(each, 1):
                key = f"{TELL_ONE}:{each.subscription_id}:{occasion}"
                self.records.outbox.add(TELL_ONE, key, now, {"subscription_id": each.subscription_id})

    def again(self, subscription_id: str, position: int | None, now: datetime) -> None:
        """A task that an operator wants: what waits, at once; or one line that was told before, under its old name."""
        payload: dict[str, object] = {"subscription_id": subscription_id}
        if position is not None:
            payload["position"] = position
        self.records.outbox.add(TELL_ONE, f"{TELL_ONE}:{subscription_id}:again:{now.isoformat()}", now, payload)

    def tell(self, task: OutboxTask) -> None:
        """Line after line, until there are no more, or time is up. Raises where one is not taken."""
        if "position" in task.payload:
            self._tell_again(str(task.payload["subscription_id"]), int(task.payload["position"]))
            return
        until = self.clock() + TURN
        while self.clock() < until:
            subscription = self.subscriptions.load(str(task.payload["subscription_id"]))
            lines = () if subscription is None else self._next_lines(subscription, LINES)
            if subscription is None or not lines:
                return
            for line in lines:
                if self.clock() >= until or not self._told(subscription, line):
                    return

    def _tell_again(self, subscription_id: str, position: int) -> None:
        """One line that was told before. Whether the newest are told is not touched by how this ends."""
        subscription = self.subscriptions.load(subscription_id)
        if subscription is None or position > subscription.told_position:
            return
        for line in self._next_lines(replace(subscription, told_position=position - 1), 1):
            if line.position != position:
                return
            attempt = self._attempt(subscription, line)
            self.subscriptions.log(subscription_id, attempt)
            if attempt.error_code is not None:
                raise OutsideUnavailable(OutsideService.RECIPIENTS, "failing")

    def _next_lines(self, subscription: StoredSubscription, limit: int) -> tuple[FeedRow, ...]:
        """What it is to be told next, of the cities its client is granted still."""
        client = self.clients.load(subscription.client_id)
        if client is None or client.ended_at is not None or subscription.ended_at is not None:
            return ()
        cities = [city for city in subscription.cities if city in client.machine.cities]
        recipient = self._recipient(client.machine)
        if not cities or recipient is None:
            return ()
        return self.records.cases.feed_after(cities, subscription.told_position, limit, recipient)

    def _recipient(self, machine: Machine) -> str | None:
        """Whose lines a program is told; none to a notary's that belongs to no office."""
        if machine.kind is not MachineKind.NOTARY:
            return REGISTRY
        office = self.office_of(machine.client_id)
        return None if office is None else f"office:{office}"

    def _told(self, subscription: StoredSubscription, line: FeedRow) -> bool:
        """Send one line; whether there is somebody to tell more."""
        attempt = self._attempt(subscription, line)
        self.subscriptions.log(subscription.subscription_id, attempt)
        if attempt.status is not None and 200 <= attempt.status < 300:
            self.subscriptions.told(subscription.subscription_id, line.position)
            return True
        if attempt.status == GONE:
            self.subscriptions.end(subscription.subscription_id, attempt.at)
            _log.warning("webhook.gone", subscription=subscription.subscription_id)
            return False
        self._fail(subscription, attempt)
        return False

    def _attempt(self, subscription: StoredSubscription, line: FeedRow) -> StoredAttempt:
        content, at = _body(line), self.clock()
        unanswered = StoredAttempt(line.position, 1, at, None, None)
        try:
            status = self.post.post(subscription.url, _headers(subscription, line, content, at), content)
        except QianshuError as error:
            return replace(unanswered, error_code=error.code)
        taken = 200 <= status < 300
        return replace(unanswered, status=status, error_code=None if taken else "webhook.status")

    def _fail(self, subscription: StoredSubscription, attempt: StoredAttempt) -> None:
        since = self.subscriptions.failing(subscription.subscription_id, attempt.at)
        if attempt.at - since >= GIVE_UP_AFTER:
            _log.error("webhook.given_up", subscription=subscription.subscription_id)
            raise PermanentFault(
                "webhook.given_up", zh="推送多日未成功，已停止", en="telling failed for days: given up"
            )
        raise OutsideUnavailable(OutsideService.RECIPIENTS, "failing")


def telling_handlers(telling: Telling) -> Mapping[str, Callable[[OutboxTask], None]]:
    """By kind."""
    return {TELL_ALL: telling.announce, TELL_ONE: telling.tell}


def _occasion(subscription: StoredSubscription, now: datetime) -> str | None:
    """What names the task that is wanted, so that it is made once however often the clock asks; ``None`` for none.

    While telling fails, the task that failed first is tried again by ``jobs``, for less than a day: only on the next
    day is there need of another.
    """
    since = subscription.failing_since_at
    if since is None:
        return str(subscription.told_position)
    if not DAY <= now - since < GIVE_UP_AFTER:
        return None
    return f"{since.isoformat()}+{(now - since) // DAY}"


def _body(line: FeedRow) -> bytes:
    """One line of the feed as an event; the same bytes each time it is sent."""
    data = {
        "position": line.position,
        "city": line.city,
        "case_no": line.case_no,
        "kind": line.kind,
        "at": line.at.isoformat(),
        "sha256": line.sha256,
        "data": dict(line.data),
    }
    subject = "contract" if line.recipient == REGISTRY else "notary"
    return canonical_json({"type": f"{subject}.{line.kind}", "timestamp": line.at.isoformat(), "data": data})


def _headers(subscription: StoredSubscription, line: FeedRow, content: bytes, at: datetime) -> dict[str, str]:
    """Standard Webhooks 1.0: identifier, time and signature. The identifier is of the line, so that a receiver knows
    one that comes twice.
    """
    message_id = f"msg_{subscription.subscription_id}_{line.position}"
    moment = at.astimezone(UTC)
    return {
        "Content-Type": "application/json",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(moment.timestamp())),
        "webhook-signature": Webhook(subscription.secret).sign(message_id, moment, content.decode()),
    }
