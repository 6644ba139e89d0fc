"""Killed at any commit (SIGKILL), started again on the same data: whoever was waiting repeats the request under its
name, and the sale goes on. No act is lost, none is done twice.

In the default suite some commits of a sale are taken, each time the same ones; QIANSHU_ALL_KILLS=1 takes all of them.
"""

from __future__ import annotations

import http.client
import os
import sys
import time
import urllib.error
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from qianshu.bootstrap import open_all_keys
from qianshu.demo.city.browser import RequestRefused
from qianshu.demo.city.client import Client
from qianshu.manifest import check_archive
from qianshu.service.records import open_records
from storage.dossier import Severity
from tests.builders.house import cheap_guessing
from tests.builders.service import CityService, Visitor, city_service, now, open_work, until, visitors, walked
from tests.faults.nursery import clock_in

if TYPE_CHECKING:
    import urllib.request
    from pathlib import Path

    from qianshu.demo.city.browser import Answer
    from qianshu.demo.city.sale import Sale
    from qianshu.service.records import Records

ALL = os.environ.get("QIANSHU_ALL_KILLS") == "1"
SHARE = 1 if ALL else 20
PATIENCE_SECONDS = 1200 if ALL else 150
DEAD = (ConnectionError, http.client.HTTPException, urllib.error.URLError)
AGAIN = {"idempotency.in_progress", "code.too_soon"}
"""Answers after which the same request is sent again, a little later."""
LATER_SECONDS = 61
"""Codes are not sent anew within a minute."""


class Patient(Visitor):
    """Somebody whose request got no answer, and who sends it again when the service is back."""

    folder: Path

    def _send(self, request: urllib.request.Request) -> Answer:
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                return super()._send(request)
            except RequestRefused as refusal:
                if refusal.code not in AGAIN or time.monotonic() > deadline:
                    raise
                if refusal.code == "code.too_soon":
                    pass_by(self.folder, LATER_SECONDS)
            except DEAD as lost:
                if time.monotonic() > deadline:
                    raise TimeoutError(request.full_url) from lost
            time.sleep(0.05)


class Resumer(Client):
    """Asks for a fresh code where the service was killed between taking the code and doing what it was for."""

    def act(self, case_no: str, act: str, **said: Any) -> dict[str, Any]:
        try:
            return super().act(case_no, act, **said)
        except RequestRefused as refusal:
            if act not in FRESH or refusal.code not in ("code.none", "code.used"):
                raise
        before = self._codes()
        super().act(
            case_no, FRESH[act], **{name: said[name] for name in ("party", "side", "text_sha256") if name in said}
        )
        until(lambda: len(self._codes()) > len(before), "no fresh code")
        return self.act(case_no, act, **{**said, "code": self._codes()[0]})

    def _codes(self) -> list[str]:
        messages = self.sandbox.get("/sandbox/sms").json["messages"]
        return [message["values"]["code"] for message in messages if "code" in message["values"]]


FRESH = {"sign": "request-sign-code", "verify-side-code": "request-side-code"}


def pass_by(folder: Path, seconds: float) -> None:
    """Time passes for the service and everything outside."""
    ahead = folder / "clock"
    partial = folder / "clock.new"
    partial.write_text(str(float(ahead.read_text()) + seconds))
    partial.rename(ahead)


@pytest.mark.timeout(3000 if ALL else 300)
@pytest.mark.parametrize(("name", "part"), [("huangshi", 0), ("zhongshan", 5)])
def test_a_sale_survives_being_killed_at_its_commits(name: str, part: int, tmp_path: Path) -> None:
    (tmp_path / "killed").touch()
    (tmp_path / "clock").write_text("0")
    Patient.folder = tmp_path
    with cheap_guessing(), city_service(tmp_path, (name,), clock=clock_in(tmp_path)) as city:
        city.lay_cheap_keys()
        words = [str(city.settings_file), str(tmp_path), f"{part % SHARE}/{SHARE}"]
        city.begin("nursery", [sys.executable, "-m", "tests.faults.nursery", *words])
        city.wait_until_ready()
        with visitors(Patient, Resumer):
            city.admit((name,))
            sale = city.sale(name)
            walked(sale.steps())
            assert sale.state == "transferred"
        records = open_records(city.settings, now)
        until(lambda: not open_work(records), "work is left")
        nothing_lost_nothing_doubled(sale, records, city)
        records.database.close()
    killed = (tmp_path / "killed").read_text().splitlines()
    assert len(killed) >= 3, killed


def nothing_lost_nothing_doubled(sale: Sale, records: Records, city: CityService) -> None:
    entries = records.cases.journal_of(sale.case_no)  # raises where the chain does not hold
    events = Counter(entry.event for entry in entries)
    acts = Counter(str(entry.data["act"]) for entry in entries if entry.event == "act.done")
    signed = {f"sign:{party['key']}" for party in sale.seller.case(sale.case_no)["people"]["parties"]}
    assert {act for act in acts if act.startswith("sign:")} == signed
    assert {"stamp", "seal"} <= set(acts)
    assert set(acts.values()) == {1}
    assert events["filing.numbered"] == 1
    feed = records.cases.feed_after([sale.stage.city], 0, 100)
    assert [(line.case_no, line.kind) for line in feed] == [(sale.case_no, "filed")]
    report = check_archive(records.archive, open_all_keys(city.settings), now())
    assert [finding for finding in report.findings if finding.severity is Severity.FAILED] == []
    messages = sale.seller.sandbox.get("/sandbox/sms").json["messages"]
    assert set(Counter(message["request_id"] for message in messages).values()) == {1}
