"""Programs for tests."""

from __future__ import annotations

from datetime import UTC, datetime

from identity.acting import Machine, MachineKind
from storage.machines import StoredClient, StoredSubscription

NOW = datetime(2026, 11, 21, 2, 0, tzinfo=UTC)


def registry(client_id: str = "registry-huangshi", *cities: str) -> Machine:
    return Machine(client_id, MachineKind.REGISTRY, cities or ("huangshi",), ("feed:read", "contracts:read"))


def client(client_id: str = "registry-huangshi") -> StoredClient:
    return StoredClient(registry(client_id), NOW, secret_hashes=("a" * 64,))


def subscription(subscription_id: str = "s1", client_id: str = "registry-huangshi") -> StoredSubscription:
    return StoredSubscription(
        subscription_id, client_id, "https://registry.example/hooks", ("huangshi",), NOW, secret="whsec_c2VjcmV0"
    )
