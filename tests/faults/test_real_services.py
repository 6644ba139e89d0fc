"""A city as it runs: PostgreSQL, RabbitMQ, MinIO, an API, two workers and a beat, each started by its command from one
settings file. Four cities' sales go through it at once; one worker is killed with a filing stamp in its hand.
"""

from __future__ import annotations

import json
import os
import secrets
import signal
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from jobs.app import create_app
from jobs.workshop import BrokerSettings
from qianshu.demo.city.cast import CASTS
from qianshu.service.records import open_records
from storage.records.tables import outbox
from tests.builders.databases import empty_postgres
from tests.builders.house import real_guessing
from tests.builders.service import city_service, killed_group, now, open_work, until, visitors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qianshu.demo.city.sale import Sale
    from qianshu.service.records import Records
    from tests.builders.service import CityService

pytestmark = [pytest.mark.needs("postgres", "rabbitmq", "minio"), pytest.mark.timeout(400)]

CITIES = tuple(sorted(CASTS))


@pytest.fixture
def city(tmp_path: Path) -> Iterator[CityService]:
    queue = f"city-{secrets.token_hex(6)}"
    broker = os.environ["QIANSHU_TEST_AMQP_URL"]
    with ExitStack() as stack:
        database = stack.enter_context(empty_postgres())
        stack.callback(_forget_queue, broker, queue)
        yield stack.enter_context(
            city_service(tmp_path, CITIES, database=database, broker=(broker, queue), objects=_bucket(tmp_path))
        )


def test_four_sales_go_through_a_city_that_loses_a_worker(city: CityService) -> None:
    city.lay_cheap_keys()  # each of seven commands opens those of four cities
    city.run("setup")
    for role in ("serve", "beat"):
        city.start(role)
    doomed, spared = city.start("worker"), city.start("worker")
    city.wait_until_ready()
    with visitors():
        city.admit(CITIES)
    with _records(city) as records:
        sales = [city.sale(name) for name in CITIES]
        os.killpg(spared.pid, signal.SIGSTOP)  # so that it is certain in whose hand the work is
        with visitors(), ThreadPoolExecutor(len(sales)) as people:
            walks = [people.submit(_walk, sale) for sale in sales]
            held = _stamp_in_hand(records, walks)
            killed_group(doomed)
            os.killpg(spared.pid, signal.SIGCONT)
            city.start("worker")
            for walk in walks:
                walk.result()

        until(lambda: not open_work(records), "work is left")
        (again,) = _rows(records, id=held["id"])
        assert again["attempts"] > 1, "it was not in the killed worker's hand"
        for sale in sales:
            _went_well(sale, records)
    assert json.loads(city.told("archive", "verify", "--json"))["findings"] == []
    assert city.stop() == [0, 0, 0, 0], city.logs()


@contextmanager
def _records(city: CityService) -> Iterator[Records]:
    records = open_records(city.settings, now)
    try:
        yield records
    finally:
        records.database.close()


def _stamp_in_hand(records: Records, walks: list[Future[None]]) -> dict[str, Any]:
    """The row of a stamp that the worker has begun."""
    found: list[dict[str, Any]] = []

    def seen() -> bool:
        for walk in walks:
            if walk.done():
                walk.result()
        found.extend(_rows(records, kind="stamp", state="running"))
        return bool(found)

    until(seen, "no stamp in hand", pause_seconds=0.005)
    return found[0]


def _walk(sale: Sale) -> None:
    for _ in sale.steps():
        pass


def _went_well(sale: Sale, records: Records) -> None:
    assert sale.state == "transferred"
    entries = records.cases.journal_of(sale.case_no)  # raises where the chain does not hold
    signed = [entry for entry in entries if entry.event == "act.done" and str(entry.data["act"]).startswith("sign")]
    assert signed
    found = records.cases.find(sale.case_no)
    assert found is not None
    assert found.case.filing.sealed is not None


def _rows(records: Records, **named: Any) -> list[dict[str, Any]]:
    query = select(outbox).where(*(outbox.c[name] == value for name, value in named.items())).order_by(outbox.c.id)
    with records.database.reading() as connection:
        return [dict(row) for row in connection.execute(query).mappings()]


def _bucket(folder: Path) -> dict[str, object]:
    files = {"access_key_file": "QIANSHU_MINIO_ACCESS_KEY", "secret_key_file": "QIANSHU_MINIO_SECRET_KEY"}
    for name, variable in files.items():
        path = folder / name
        path.touch(mode=0o600)
        path.write_text(os.environ[variable])
    return {
        "store": "minio",
        "endpoint": os.environ["QIANSHU_MINIO_ENDPOINT"],
        "bucket": f"qianshu-test-{secrets.token_hex(8)}",
        "transport": "http",
        **{name: str(folder / name) for name in files},
    }


def _forget_queue(broker: str, queue: str) -> None:
    app = create_app(BrokerSettings(broker, queue=queue), _no_workshop)
    with app.connection_for_write() as connection:
        connection.default_channel.queue_delete(queue)
    app.close()


def _no_workshop() -> Any:
    raise NotImplementedError


@pytest.fixture(autouse=True)
def keys_that_commands_open() -> Iterator[None]:
    """Commands run in processes of their own: nothing a fixture has made cheap may reach their keys."""
    with real_guessing():
        yield
