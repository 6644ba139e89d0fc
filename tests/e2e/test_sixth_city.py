"""A sixth city is a sixth folder: a sale runs in one that no code has ever heard of."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qianshu.demo.city.browser import Browser
from qianshu.demo.city.cast import CASTS, STAFF
from qianshu.demo.city.run import settings_of
from qianshu.demo.city.sale import Sale, Stage
from qianshu.service.logs import logging_to
from qianshu.service.run import run_embedded
from qianshu.service.trial import REGISTRY, admit_staff, register_registry
from tests.builders.sixth_city import NAME, TITLE, add_sixth_city

if TYPE_CHECKING:
    from qianshu.service.run import Running

ROOMS = ("documents", "signing", "identity", "filing", "storage", "gateways", "jobs", "api", "sandbox")


@pytest.mark.timeout(180)
def test_a_sale_runs_in_a_city_that_was_only_added_as_a_folder(tmp_path: Path) -> None:
    settings = settings_of(NAME, tmp_path)
    service = replace(settings.service, cities_folder=add_sixth_city(tmp_path))
    with (
        logging_to(tmp_path / "service.log"),
        run_embedded(replace(settings, service=service), lambda: datetime.now(UTC)) as running,
    ):
        admit_staff(running)
        assert Browser(running.url).get(f"/v1/cities/{NAME}").json["title"] == TITLE
        cast = replace(CASTS["huangshi"], house=house_there(running))
        registry = (REGISTRY, register_registry(running))
        sale = Sale(Stage(running.url, str(running.sandbox_url), registry, NAME, cast, STAFF))
        told = [f"{step.title} {step.told}" for step in sale.steps()]
        assert sale.state == "transferred"
        assert sale.case_no.startswith("桥谷")
        verified = sale.seller.browser.upload("/v1/verify", "{}", ("c.pdf", sale.sealed, "application/pdf")).json
    assert any("卖方录入" in line for line in told)
    assert not any("确认合同" in line for line in told)
    assert verified["verdict"] == "passed"
    assert "filing-stamp" not in {signature["field"] for signature in verified["signatures"]}


def house_there(running: Running) -> str:
    """A house of the made-up city, in the sandbox's land register."""
    sandbox = Browser(str(running.sandbox_url))
    return str(sandbox.post("/sandbox/houses", {"like": "hs-joint", "city": NAME}).json["houses"][0]["id"])


def test_no_room_knows_a_city_by_name() -> None:
    named = [
        f"{path}:{number}"
        for room in ROOMS
        for path in Path(room).rglob("*.py")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        for city in CASTS
        if f'== "{city}"' in line or f'is "{city}"' in line or f'in ("{city}"' in line
    ]
    assert named == []
