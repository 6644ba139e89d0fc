"""The machine room fails for a while: the database locked or gone, the disk full, the clock set back. Requests are told
so in both languages, nothing is half done, and the same request succeeds when it is over.
"""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import pytest
from sqlalchemy import NullPool, create_engine, make_url, text

import qianshu.service.records
from qianshu.demo.city.browser import RequestRefused
from storage.records import DatabaseOptions
from tests.builders.databases import empty_postgres
from tests.builders.house import cheap_guessing
from tests.builders.service import Visitor, city_service, now, visitors, walked

if TYPE_CHECKING:
    import urllib.request
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager

    from qianshu.demo.city.browser import Answer
    from qianshu.demo.city.sale import Sale
    from qianshu.service.open import Service

    Outage = Callable[[], AbstractContextManager[None]]

CITY = "huangshi"
AHEAD = timedelta(hours=1)


class Setback(Visitor):
    """Whose act is refused for an outage, and who sends it again when that is over."""

    outages: ClassVar[dict[str, tuple[str, Outage]]] = {}
    """By act: the code to be told, and what goes wrong."""

    def _send(self, request: urllib.request.Request) -> Answer:
        act = request.full_url.rpartition("/")[2]
        code, outage = self.outages.pop(act, (None, None))
        if outage is None:
            return super()._send(request)
        with outage(), pytest.raises(RequestRefused) as refused:
            super()._send(request)
        assert (act, refused.value.code, refused.value.fields["status"]) == (act, code, 503)
        assert refused.value.zh
        assert refused.value.en.isascii()
        return super()._send(request)


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A commit does not wait long for another."""
    options = partial(DatabaseOptions, write_wait_seconds=1, lock_wait_seconds=1)
    monkeypatch.setattr(qianshu.service.records, "DatabaseOptions", options)
    with cheap_guessing():
        yield


@pytest.mark.timeout(180)
def test_a_sale_survives_locks_a_full_disk_and_a_clock_set_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead = [AHEAD]
    with city_service(tmp_path, (CITY,), clock=lambda: now() + ahead[0]) as city:
        city.lay_cheap_keys()
        with city.serving() as service, visitors(Setback):
            city.admit((CITY,))
            database = service.records.database.file
            no_room = partial(full, tmp_path / "data" / "archive", monkeypatch)
            Setback.outages |= {
                "check-property": ("storage.unavailable", partial(locked, database)),
                "upload-material": ("storage.full", no_room),
                "generate-text": ("storage.unavailable", partial(locked, database)),
                "sign": ("storage.full", no_room),
                "seal-filing": ("storage.unavailable", partial(locked, database)),
            }
            sale = city.sale(CITY)
            steps = sale.steps()
            walked(steps, "合同条款")
            ahead.clear()
            ahead.append(timedelta(0))
            walked(steps)
            assert Setback.outages == {}
            went_well(sale, service)
        entries = service.records.cases.journal_of(sale.case_no)
    times = [entry.at for entry in entries]
    assert times != sorted(times)
    assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))


@pytest.mark.needs("postgres")
@pytest.mark.timeout(180)
def test_a_sale_goes_on_when_the_database_server_is_back(tmp_path: Path) -> None:
    with empty_postgres() as url, city_service(tmp_path, (CITY,), database=url) as city:
        city.lay_cheap_keys()
        with city.serving() as service, visitors(Setback):
            gone = ("storage.unavailable", partial(away, url))
            Setback.outages |= dict.fromkeys(("check-property", "generate-text", "sign"), gone)
            sale = city.sale(CITY)
            walked(sale.steps(), "签署")
            assert Setback.outages == {}
            acts = [entry for entry in service.records.cases.journal_of(sale.case_no) if entry.event == "act.done"]
            assert [str(entry.data["act"]) for entry in acts][-1] == "sign:seller-1"


def went_well(sale: Sale, service: Service) -> None:
    assert sale.state == "transferred"
    verified = sale.buyer.browser.upload("/v1/verify", "{}", ("c.pdf", sale.sealed, "application/pdf")).json
    assert verified["verdict"] == "passed"
    assert service.records.outbox.failed() == ()


@contextmanager
def locked(database: Path) -> Iterator[None]:
    """Somebody else writes, and does not end."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        connection.rollback()
        connection.close()


@contextmanager
def full(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No room for what is written below ``folder``."""
    write = os.write

    def refused(descriptor: int, data: bytes) -> int:
        if Path(f"/proc/self/fd/{descriptor}").readlink().is_relative_to(folder):
            raise OSError(errno.ENOSPC, "no room")
        return write(descriptor, data)

    with monkeypatch.context() as patched:
        patched.setattr(os, "write", refused)
        yield


@contextmanager
def away(url: str) -> Iterator[None]:
    """The server takes no connection to this database, and ends those there are."""
    name = make_url(url).database
    admin = create_engine(
        make_url(os.environ["QIANSHU_TEST_POSTGRES_URL"]), isolation_level="AUTOCOMMIT", poolclass=NullPool
    )
    with admin.connect() as connection:
        connection.execute(text(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS false"))
        ends = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = :name")
        connection.execute(ends, {"name": name})
        try:
            yield
        finally:
            connection.execute(text(f"ALTER DATABASE {name} WITH ALLOW_CONNECTIONS true"))
