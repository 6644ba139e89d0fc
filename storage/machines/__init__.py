"""Programs in the database: clients, assertions already used, webhooks with their log. Secrets hashed or sealed."""

from __future__ import annotations

from storage.machines.clients import SqlClients, StoredClient
from storage.machines.deliveries import SqlDeliveries, Subscriber
from storage.machines.subscriptions import SqlSubscriptions, StoredAttempt, StoredSubscription

__all__ = [
    "SqlClients",
    "SqlDeliveries",
    "SqlSubscriptions",
    "StoredAttempt",
    "StoredClient",
    "StoredSubscription",
    "Subscriber",
]
