"""The four cities' sales through the HTTP API, from login to the registry's "transferred", on embedded defaults."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from qianshu.demo.city.cast import CASTS, STAFF
from qianshu.demo.city.run import settings_of
from qianshu.demo.city.sale import Sale, Stage
from qianshu.service.logs import logging_to
from qianshu.service.run import run_embedded
from qianshu.service.trial import REGISTRY, admit_staff, register_registry
from tests.builders.sandbox import sandbox_person

if TYPE_CHECKING:
    from pathlib import Path

FIELDS = {
    "huangshi": {"service-certification", "seller-1", "seller-2", "buyer-1", "filing-stamp", "archive-timestamp-1"},
    "zhongshan": {"service-certification", "seller-1", "seller-2", "buyer-1", "filing-stamp", "archive-timestamp-1"},
    "shenzhen": {"service-certification", "seller-1", "seller-2", "buyer-1", "filing-stamp", "archive-timestamp-1"},
    # Wuhan's manual speaks of no stamp (H-04): the authority's word is the filing, the file is sealed by time alone.
    "wuhan": {"service-certification", "seller-1", "seller-2", "buyer-1", "archive-timestamp-1"},
}


def now() -> datetime:
    return datetime.now(UTC)


@pytest.mark.timeout(180)
@pytest.mark.rule("HS-08")
@pytest.mark.rule("HS-16")
@pytest.mark.rule("HS-22")
@pytest.mark.rule("HS-34")
@pytest.mark.rule("HS-35")
@pytest.mark.rule("WH-37")
@pytest.mark.rule("SZ-81")
@pytest.mark.rule("SZ-40")
@pytest.mark.rule("SZ-78")
@pytest.mark.rule("WH-01")
@pytest.mark.rule("WH-12")
@pytest.mark.rule("ZS-39")
@pytest.mark.rule("ZS-41")
@pytest.mark.parametrize("city", sorted(CASTS))
def test_a_sale_goes_from_login_to_transferred(city: str, tmp_path: Path) -> None:
    log = tmp_path / "service.log"
    with logging_to(log), run_embedded(settings_of(city, tmp_path), now) as running:
        admit_staff(running)
        registry = (REGISTRY, register_registry(running))
        sale = Sale(Stage(running.url, str(running.sandbox_url), registry, city, CASTS[city], STAFF))
        titles = [step.title for step in sale.steps()]
        assert sale.state == "transferred"
        assert titles[0].endswith("log in")
        assert titles[-1].endswith("transferred")
        _seen_by_the_buyer(sale)
        verified = sale.buyer.browser.upload("/v1/verify", "{}", ("c.pdf", sale.sealed, "application/pdf")).json
    assert verified["verdict"] == "passed"
    assert {signature["field"] for signature in verified["signatures"]} == FIELDS[city]
    assert {signature["verdict"] for signature in verified["signatures"]} == {"passed"}
    _no_personal_data_in(log.read_text(encoding="utf-8"), city)


def _seen_by_the_buyer(sale: Sale) -> None:
    """Their matters with their state, each page to look at, and the file to keep, whatever city it is."""
    look = sale.buyer.browser
    if sale.profile["sale"]["entry"]["buyers"]["join"] == "none":
        assert sale.buyer.case(sale.case_no)["you"]["parties"] == ["buyer-1"]  # typed in by the seller, and yet theirs
    listed = {row["case_no"]: row["state"] for row in look.get("/v1/cases").json["cases"]}
    assert listed == {sale.case_no: "transferred"}
    assert look.get(f"/v1/cases/{sale.case_no}/pages/1.png").content.startswith(b"\x89PNG")
    assert look.get(f"/v1/cases/{sale.case_no}/contract.pdf").content == sale.sealed


def _no_personal_data_in(log: str, city: str) -> None:
    lines = [json.loads(line) for line in log.splitlines()]
    assert {line["event"] for line in lines} == {"http.request"}
    for person in (*CASTS[city].owners, CASTS[city].buyer):
        known = sandbox_person(person)
        for secret in (known.name, known.number.normalised):
            assert secret not in log
    assert not re.search(r"(?<![\w-])1[3-9]\d{9}(?!\w)", log)
