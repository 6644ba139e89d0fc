"""Clients on both databases: ended and never deleted, an assertion used once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from storage.machines import SqlClients, tables
from storage.records.database import Database
from tests.unit.storage.machines.programs import NOW, client


@pytest.fixture
def clients(database: Database) -> SqlClients:
    return SqlClients(database)


def test_a_client_is_kept_as_registered_and_its_name_is_given_once(clients: SqlClients) -> None:
    assert clients.add(client())
    assert not clients.add(replace(client(), secret_hashes=("b" * 64,)))
    assert clients.load("registry-huangshi") == client()
    assert clients.load("nobody") is None


def test_a_client_with_keys_has_no_secret_and_is_given_none(clients: SqlClients) -> None:
    clients.add(replace(client(), secret_hashes=(), public_keys='{"keys": []}'))

    assert not clients.put_secrets("registry-huangshi", ("b" * 64,))
    assert clients.load("registry-huangshi").public_keys == '{"keys": []}'


def test_without_any_credential_the_database_refuses_a_client(clients: SqlClients) -> None:
    with pytest.raises(Exception, match="one_credential"):
        clients.add(replace(client(), secret_hashes=()))


def test_an_ended_client_is_kept_and_its_name_stays_taken(clients: SqlClients) -> None:
    clients.add(client())

    assert clients.end("registry-huangshi", NOW)
    assert not clients.end("registry-huangshi", NOW + timedelta(days=1))
    assert clients.load("registry-huangshi").ended_at == NOW
    assert not clients.add(client())
    assert not clients.put_secrets("registry-huangshi", ("b" * 64,))
    assert [one.machine.client_id for one in clients.every()] == ["registry-huangshi"]


def test_of_many_who_show_one_assertion_one_is_believed(clients: SqlClients) -> None:
    ends_at = NOW + timedelta(minutes=5)
    with ThreadPoolExecutor(8) as threads:
        shown = list(threads.map(lambda _: clients.use_assertion("registry-huangshi", "jti-1", ends_at), range(16)))

    assert shown.count(True) == 1
    assert clients.use_assertion("another", "jti-1", ends_at)
    assert clients.use_assertion("registry-huangshi", "x" * 100_000, ends_at)


def test_an_assertion_is_remembered_until_it_has_expired(clients: SqlClients) -> None:
    ends_at = NOW + timedelta(minutes=5)
    clients.use_assertion("registry-huangshi", "jti-1", ends_at)

    assert clients.forget_assertions(ends_at) == 0
    assert not clients.use_assertion("registry-huangshi", "jti-1", ends_at)
    assert clients.forget_assertions(ends_at + timedelta(seconds=1)) == 1


def test_the_migration_makes_the_tables_as_described(database: Database) -> None:
    names = {"machines", "used_assertions", "webhooks", "webhook_attempts"}
    with database.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        differences = compare_metadata(context, tables.metadata)

    assert [one for one in differences if any(name in str(one) for name in names)] == []
