"""The database is lost. ``qianshu index rebuild`` makes it again from the archive alone, row by row; people log in
again and their unfinished case goes on, with the work that had been waiting in the lost outbox.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy import select

from storage.records import tables
from tests.builders.house import real_guessing
from tests.builders.service import city_service, visitors, walked

if TYPE_CHECKING:
    from pathlib import Path

    from qianshu.demo.city.sale import Sale
    from qianshu.service.open import Service

CITIES = ("huangshi", "zhongshan")
KEPT = (tables.case_locks, tables.case_people, tables.case_counts, tables.journal, tables.feed, tables.cases)
"""Tables that the archive gives back."""


@pytest.mark.timeout(240)
def test_a_lost_database_comes_back_and_its_people_go_on(tmp_path: Path) -> None:
    with city_service(tmp_path, CITIES) as city, visitors():
        city.lay_cheap_keys()
        with city.serving():
            city.admit(CITIES)
            done, unfinished = city.sale("zhongshan"), city.sale("huangshi")
            walked(done.steps())
            steps = unfinished.steps()
            walked(steps, "审核")
        with city.serving_without_worker() as service:
            walked(steps, "用印")  # filed; its file waits for the stamp
            before, accounts = rows(service), accounts_of(unfinished)
            cases = [service.records.cases.find(sale.case_no) for sale in (done, unfinished)]
        city.run("index", "export")
        shutil.rmtree(city.settings.data_folder / "records")
        city.run("setup")
        told = city.run("index", "rebuild")
        assert "cases 案件 2" in told

        with city.serving() as service:
            assert rows(service) == before
            assert [service.records.cases.find(sale.case_no) for sale in (done, unfinished)] == cases
            city.admit(CITIES)
            unfinished.clients = {person: city.client(person) for person in unfinished.clients}
            unfinished.stage = replace(unfinished.stage, registry=city.registry)
            assert accounts_of(unfinished) == accounts
            assert walked(steps)[0].startswith("备案")
            assert unfinished.state == "transferred"
            again = city.sale("huangshi")
            walked(again.steps(), "创建合同")
            assert again.case_no > unfinished.case_no  # the serials go on
        assert json.loads(city.told("archive", "verify", "--json"))["findings"] == []


def accounts_of(sale: Sale) -> dict[str, str]:
    return {person: client.me["account_id"] for person, client in sale.clients.items()}


def rows(service: Service) -> dict[str, list[dict[str, Any]]]:
    """Every row of what the archive gives back; bodies are sealed anew and compared as cases."""
    with service.records.database.reading() as connection:
        read = {
            table.name: sorted(
                (dict(row) for row in connection.execute(select(table)).mappings()), key=lambda row: str(row.values())
            )
            for table in KEPT
        }
    for row in read["cases"]:
        del row["body"]
    # Where a case has been and is no more, a count of none may stand or not.
    read["case_counts"] = [row for row in read["case_counts"] if row["cases"]]
    return {name: sorted(found, key=str) for name, found in read.items()}


@pytest.fixture(autouse=True)
def keys_that_commands_open() -> Iterator[None]:
    """Commands run in processes of their own: nothing a fixture has made cheap may reach their keys."""
    with real_guessing():
        yield
