"""Killed between any two steps of a cancellation by notary, and started again on the same data: developer, purchasers
and office repeat what got no answer, an upload goes on where it was, and the cancellation comes to its end. Nothing is
lost, nothing is done twice.

In the default suite some places are taken; QIANSHU_ALL_KILLS=1 takes every commit and every write.
"""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from qianshu.bootstrap import open_all_keys
from qianshu.demo.city.browser import RequestRefused
from qianshu.demo.notary.cast import WITH_OVERSEAS
from qianshu.demo.notary.phone import OCTETS, TUS, Phone, _metadata
from qianshu.manifest import check_archive
from qianshu.service.records import open_records
from storage.dossier import Severity
from tests.builders.house import cheap_guessing
from tests.builders.notary_story import CITY, cancellation, exchange_visitors, office_of
from tests.builders.service import city_service, now, open_work, until, walked
from tests.faults.nursery import clock_in
from tests.faults.test_killed import ALL, Patient

if TYPE_CHECKING:
    from pathlib import Path

    from qianshu.service.records import Records
    from tests.builders.notary_story import Story
    from tests.builders.service import CityService

PLACES = (
    "after INSERT journal, INSERT unexported [act.done sign:seller-1]",  # signed, and the case does not know
    "before record by qianshu.service.notary_desks",  # a package was built, and nothing leads to it
    "after piece by api.receiving",  # while a recording comes in
    "after record by notary.acts.issuing",  # some of what the office returned is kept
)
"""Where the default suite kills, each once: the first kind in which the words are found."""

EVENTS_ONCE = (
    *("contract.imported", "notary.pushed", "notary.received", "notary.accepted", "notary.issued"),
    *("notary.supplement_wanted", "notary.video_given", "cancel.passed"),
)


SIGNED = dict.fromkeys(("sign:seller-1", "sign:buyer-1", "sign:buyer-2"), 1)


class Steady(Phone):
    """Asks how far its upload came whenever it got no answer, and goes on from there (tus 1.0)."""

    def _send(self, video: bytes, attempt: str) -> str:
        look = self.client.browser
        about = {"case_no": self.case_no, "party": self.party, "attempt": attempt, "filename": "video.mp4"}
        made = look.send(
            "POST", "/v1/uploads", b"", **TUS, Upload_Length=str(len(video)), Upload_Metadata=_metadata(about)
        )
        address, offset = made.headers["location"], 0
        while offset < len(video):
            piece, at = video[offset : offset + len(video) // 3 + 1], str(offset)
            try:
                look.send("PATCH", address, piece, **TUS, Upload_Offset=at, Content_Type=OCTETS)
            except RequestRefused as refusal:
                if refusal.code not in {"upload.offset", "upload.whole"}:
                    raise
            offset = int(look.send("HEAD", address, None, **TUS).headers["upload-offset"])
        self.broken_off = (offset, len(video))
        return address.rpartition("/")[2]


@pytest.mark.rule("ZN-05")
@pytest.mark.rule("ZN-17")
@pytest.mark.needs("ffmpeg", "ffprobe")
@pytest.mark.timeout(3000 if ALL else 300)
def test_a_cancellation_survives_being_killed_anywhere(tmp_path: Path) -> None:
    (tmp_path / "killed").touch()
    (tmp_path / "clock").write_text("0")
    (tmp_path / "chosen").write_text("\n".join(PLACES))
    Patient.folder = tmp_path
    with cheap_guessing(), city_service(tmp_path, (CITY,), clock=clock_in(tmp_path)) as city:
        city.lay_cheap_keys()
        words = [str(city.settings_file), str(tmp_path), "0/1" if ALL else "chosen", "writes"]
        city.begin("nursery", [sys.executable, "-m", "tests.faults.nursery", *words])
        city.wait_until_ready()
        with exchange_visitors(Patient):
            city.admit((CITY,))
            story = cancellation(city, office_of(city), WITH_OVERSEAS, Steady)
            walked(story.steps())
            assert story.state == "void"
        records = open_records(city.settings, now)
        with closing(records.database):
            until(lambda: not open_work(records), "work is left")
            nothing_lost_nothing_doubled(story, records, city)
    killed = (tmp_path / "killed").read_text().splitlines()
    assert ALL or len(killed) == len(PLACES), killed


def nothing_lost_nothing_doubled(story: Story, records: Records, city: CityService) -> None:
    entries = records.cases.journal_of(story.case_no)  # raises where the chain does not hold
    events = Counter(entry.event for entry in entries)
    assert {event: events[event] for event in EVENTS_ONCE} == dict.fromkeys(EVENTS_ONCE, 1)
    signed = Counter(str(entry.data["act"]) for entry in entries if entry.event == "act.done")
    assert {act: times for act, times in signed.items() if act.startswith("sign:")} == SIGNED
    numbers = [entry.data["number"] for entry in entries if entry.event == "notary.package_sealed"]
    assert numbers == [1, 2, 3]
    closed = {entry.data["manifest"] for entry in entries if entry.event == "dossier.closed"}
    assert len(closed) == 1  # one list, however often it was noted
    report = check_archive(records.archive, open_all_keys(city.settings), now())
    assert [finding for finding in report.findings if finding.severity is Severity.FAILED] == []
