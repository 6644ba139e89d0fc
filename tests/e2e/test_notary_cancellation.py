"""A filed contract is cancelled by notary through the HTTP API: what ``make demo CITY=zhongshan-notary`` tells, held
step by step, on embedded defaults and on a city's own database and object store.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from qianshu.archives import open_archive
from qianshu.bootstrap import open_all_keys
from qianshu.demo.city.browser import RequestRefused
from qianshu.demo.city.run import settings_of
from qianshu.demo.notary import run as notary_run
from qianshu.demo.notary.cast import MAINLANDERS
from qianshu.demo.notary.run import CITY, contract_maker, stage_of
from qianshu.demo.notary.story import Cancellation
from qianshu.manifest import check_archive
from qianshu.service.logs import logging_to
from qianshu.service.run import run_embedded
from qianshu.service_settings import DatabaseAddress
from qianshu.settings import ObjectSettings
from tests.builders.databases import empty_postgres
from tests.builders.sandbox import sandbox_person

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from qianshu.settings import Settings

pytestmark = pytest.mark.timeout(300)

EVERYBODY = ["seller-1", "buyer-1", "buyer-2"]
MAINLAND_STEPS = ["face", "read_all", "upload_id_photos", "upload_signature_image", "face"]
OVERSEAS_STEPS = [
    *("enter_id_document", "read_all", "upload_id_photos", "upload_id_in_hand"),
    *("upload_signature_image", "video", "enter_id_document"),
]
RETURNED = {
    *("certificate.pdf", "contract.pdf", "seller_licence.jpg", "legal_rep_id_front.jpg", "legal_rep_id_back.jpg"),
    *("buyer-1_id_front.jpg", "buyer-1_id_back.jpg", "buyer-2_id_front.jpg", "buyer-2_id_back.jpg"),
}


def now() -> datetime:
    return datetime.now(UTC)


@dataclass
class Told:
    """The story, and what its steps said."""

    story: Cancellation
    done: list[str] = field(default_factory=list)
    """Steps of the purchaser whose turn it is."""

    def after(self, title: str) -> None:
        """Hold what must be true once the step of this title is done."""
        english = re.sub(r"^[^a-z]+", "", title)
        if title.startswith("　") and not english.startswith("goes on"):
            self.done.append(title.rpartition(" ")[2])
        check = CHECKS.get(english)
        if check is not None:
            check(self)

    def task(self, party: str) -> dict[str, Any]:
        return next(task for task in self.story.matter["tasks"] if task["party"] == party)

    def office_get(self, path: str, **headers: str) -> Any:
        return self.story.office.send("GET", f"/v1/notary/matters/{self.story.case_no}/{path}", **headers)


def _imported(told: Told) -> None:
    story, case = told.story, told.story.operator.case(told.story.case_no)
    assert case["state"] == "filed"
    assert case["you"]["as"] == ["developer"]
    assert [party["key"] for party in case["people"]["parties"]] == EVERYBODY
    assert case["text"]["fixed"]["sha256"] == hashlib.sha256(story.contract.pdf).hexdigest()


def _asked(told: Told) -> None:
    assert told.story.state == "cancelling"
    assert told.story.matter["state"] == "prepared"


def _pushed(told: Told) -> None:
    matter = told.story.matter
    assert [paper["paper"] for paper in matter["papers"]] == [
        *("termination_agreement", "cancel_form", "notary_application", "notary_notice", "acceptance_record")
    ]
    assert [each["party"] for each in matter["agreement"]["signed"]] == ["seller-1"]


def _pulled(told: Told) -> None:
    (package,) = told.story.packages
    assert not package.complete
    assert told.story.matter["state"] == "pushed"
    assert package.file("contract/contract.pdf") == told.story.contract.pdf
    assert not any(name.startswith("applicants/") for name in package.names)


def _received(told: Told) -> None:
    story = told.story
    assert story.matter["state"] == "qr_returned"
    assert set(story.codes) == {"buyer-1", "buyer-2"}
    shown = f"/v1/cases/{story.case_no}/notary/codes/buyer-1.png"
    assert story.operator.browser.get(shown).content.startswith(b"\x89PNG")
    with pytest.raises(RequestRefused) as refused:  # the other purchaser, with a forwarded code
        story.purchaser(1).act(story.case_no, "notary-claim", party="buyer-1", token=_token(story.codes["buyer-1"]))
    assert refused.value.code in {"case.unknown", "party.not_yours", "notary.not_your_code"}


def _token(address: str) -> str:
    return address.rstrip("/").rpartition("/")[2].rpartition("#")[2]


def _claimed(told: Told) -> None:
    told.done.clear()
    assert told.story.matter["state"] == "verifying"


def _on_another_phone(told: Told) -> None:
    assert told.done == ["face", "read_all"]
    assert told.task("buyer-1")["next_step"] == "upload_id_photos"


def _handed_in(told: Told) -> None:
    party = "buyer-1" if "buyer-2" not in told.story.phones else "buyer-2"
    overseas = told.task(party)["group"] == "overseas"
    assert told.done == (OVERSEAS_STEPS if overseas else MAINLAND_STEPS)
    assert told.task(party)["submitted_at"] is not None
    signed = [each["party"] for each in told.story.matter["agreement"]["signed"]]
    assert signed == EVERYBODY[: 2 + (party == "buyer-2")]
    if overseas:
        came, whole = told.story.phones[party].broken_off
        assert 0 < came < whole


def _complete(told: Told) -> None:
    story, package = told.story, told.story.packages[-1]
    assert (package.number, package.complete, story.matter["state"]) == (2, True, "submitted")
    assert [each["superseded_at"] is None for each in story.matter["packages"]] == [False, True]
    agreement = package.file("papers/termination_agreement.pdf")
    assert hashlib.sha256(agreement).hexdigest() == story.matter["agreement"]["head_sha256"]
    for party in ("buyer-1", "buyer-2"):
        assert {f"applicants/{party}/{kind}" for kind in ("id_front.jpg", "id_back.jpg", "ink.json")} <= set(
            package.names
        )
    if told.task("buyer-2")["group"] == "overseas":
        _video_is_whole(told, package)


def _video_is_whole(told: Told, package: Any) -> None:
    """In the package as it was recorded; a notary plays it from anywhere."""
    video, recorded = package.file("applicants/buyer-2/video.mp4"), told.story.recorded
    assert video == recorded
    assert "陈家明" in package.file("applicants/buyer-2/script.txt").decode()
    path = f"videos/{hashlib.sha256(video).hexdigest()}"
    assert told.office_get(path, Range="bytes=100000-100999").content == video[100_000:101_000]


def _wanted(told: Told) -> None:
    assert told.story.matter["state"] == "supplement"
    assert told.task("buyer-1")["submitted_at"] is None
    assert told.task("buyer-1")["next_step"] == "upload_id_photos"
    assert told.task("buyer-2")["submitted_at"] is not None


def _answered(told: Told) -> None:
    matter = told.story.matter
    assert matter["state"] == "submitted"
    assert matter["supplements"][0]["answered_at"] is not None
    assert [each["party"] for each in matter["agreement"]["signed"]] == EVERYBODY


def _supplemented(told: Told) -> None:
    first, second = (package.file("applicants/buyer-1/id_back.jpg") for package in told.story.packages[1:])
    assert first != second
    agreements = {package.file("papers/termination_agreement.pdf") for package in told.story.packages[1:]}
    assert len(agreements) == 1  # signed once, whatever is asked for later


def _accepted(told: Told) -> None:
    deadline = told.story.matter["deadline"]
    assert told.story.matter["state"] == "accepted"
    assert date.fromisoformat(deadline["due_on"]) > now().date()


def _issued(told: Told) -> None:
    story = told.story
    matter = story.reviewer.browser.get(f"/v1/notary/matters/{story.case_no}").json["current"]
    assert matter["state"] == "issued"
    assert {part["name"] for part in matter["certificate"]["parts"]} == RETURNED
    assert matter["certificate"]["names_sha256"] == hashlib.sha256(story.agreement).hexdigest()
    assert hashlib.sha256(story.certificate).hexdigest() == matter["certificate"]["sha256"]
    assert story.state == "cancelling"  # until the bureau has confirmed


def _confirmed(told: Told) -> None:
    case = told.story.reviewer.case(told.story.case_no)
    assert (case["state"], case["in_force"]) == ("void", False)


def _closed(told: Told) -> None:
    events = [entry["event"] for entry in told.story.journal]
    order = [
        *("contract.imported", "notary.package_sealed", "notary.received", "notary.claimed", "notary.handed_in"),
        *("notary.submitted", "notary.supplement_wanted", "notary.accepted", "notary.issued", "dossier.closed"),
    ]
    assert sorted(order, key=events.index) == order
    assert events.count("notary.handed_in") == 3
    assert events.count("notary.package_sealed") == 3


CHECKS = {
    "import the filed contract": _imported,
    "ask to cancel": _asked,
    "push to the office": _pushed,
    "office pulls the package": _pulled,
    "codes for the purchasers": _received,
    "scan the code": _claimed,
    "goes on on another telephone": _on_another_phone,
    "hand in": _handed_in,
    "the complete package": _complete,
    "the office asks for more": _wanted,
    "the purchaser does it again": _answered,
    "the package after the supplement": _supplemented,
    "accepted": _accepted,
    "the certificate comes back": _issued,
    "the bureau confirms": _confirmed,
    "the dossier is closed": _closed,
}
"""What must be true after each step, by its English title."""


@pytest.fixture
def embedded(tmp_path: Path) -> Settings:
    return settings_of(CITY, tmp_path)


@pytest.fixture
def of_a_city(tmp_path: Path) -> Iterator[Settings]:
    """PostgreSQL and MinIO in place of SQLite and a folder."""
    with ExitStack() as stack:
        url = _secret(tmp_path / "database-url", stack.enter_context(empty_postgres()))
        settings = settings_of(CITY, tmp_path)
        objects = ObjectSettings(
            store="minio",
            endpoint=os.environ["QIANSHU_MINIO_ENDPOINT"],
            bucket=f"qianshu-test-{secrets.token_hex(8)}",
            access_key_file=_secret(tmp_path / "access-key", os.environ["QIANSHU_MINIO_ACCESS_KEY"]),
            secret_key_file=_secret(tmp_path / "secret-key", os.environ["QIANSHU_MINIO_SECRET_KEY"]),
            transport="http",
        )
        service = replace(settings.service, database=DatabaseAddress(url))
        yield replace(settings, objects=objects, service=service)


def _secret(path: Path, content: str) -> Path:
    path.touch(mode=0o600)
    path.write_text(content, encoding="utf-8")
    return path


@pytest.mark.rule("ZN-01")
@pytest.mark.rule("ZN-04")
@pytest.mark.rule("ZN-06")
@pytest.mark.rule("ZN-09")
@pytest.mark.rule("ZN-12")
@pytest.mark.rule("ZN-13")
@pytest.mark.rule("ZN-15")
@pytest.mark.rule("ZN-17")
@pytest.mark.rule("ZN-18")
@pytest.mark.rule("ZN-19")
@pytest.mark.rule("ZN-20")
@pytest.mark.rule("H-36")
@pytest.mark.rule("H-40")
@pytest.mark.needs("ffmpeg", "ffprobe")
@pytest.mark.parametrize("where", ["embedded", pytest.param("of_a_city", marks=pytest.mark.needs("postgres", "minio"))])
def test_a_filed_contract_is_cancelled_by_notary(where: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    settings: Settings = request.getfixturevalue(where)
    story = _told(settings, tmp_path)
    assert story.stage.cast.purchasers == ("huang-jiahao", "chan-kaming")
    _archive_is_whole(settings, story)
    _log_is_silent(tmp_path / "service.log", story)


def test_without_ffmpeg_both_purchasers_are_of_the_mainland(
    embedded: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notary_run, "tools_missing", lambda: ("ffmpeg",))
    story = _told(embedded, tmp_path)
    assert story.stage.cast == MAINLANDERS
    assert not (tmp_path / "video.mp4").exists()


def _told(settings: Settings, folder: Path) -> Cancellation:
    with logging_to(folder / "service.log"), run_embedded(settings, now) as running:
        story = Cancellation(stage_of(running, folder), contract_maker(folder))
        told = Told(story)
        titles = []
        for step in story.steps():
            titles.append(re.sub(r"^[^a-z]+", "", step.title))
            told.after(step.title)
    assert set(CHECKS) <= set(titles)
    return story


def _archive_is_whole(settings: Settings, story: Cancellation) -> None:
    """Everything of the exchange is in the sealed list, and every object of the list is there."""
    archive = open_archive(settings)
    report = check_archive(archive, open_all_keys(settings), now())
    assert (report.verdict.value, report.findings) == ("passed", ())
    shelf = archive.shelf
    manifests = (name for name in shelf.names(story.case_no) if re.fullmatch(r"manifest-\d+\.json", name))
    newest = shelf.read(story.case_no, max(manifests))
    assert newest is not None
    names = {item["name"] for item in json.loads(newest)["objects"]}
    of_agreement = ("text", "certified", "sign-seller-1", "sign-buyer-1", "sign-buyer-2", "sealed", "evidence-report")
    assert {f"agreement-1-{name}.pdf" for name in of_agreement} <= names
    for content in (story.certificate, story.recorded, *(package.content for package in story.packages)):
        assert f"evidence-{hashlib.sha256(content).hexdigest()[:16]}.qse" in names


def _log_is_silent(log: Path, story: Cancellation) -> None:
    """No names, no numbers, no codes, no telephones."""
    text = log.read_text(encoding="utf-8")
    assert {json.loads(line)["event"] for line in text.splitlines()} == {"http.request"}
    for person in (*story.stage.cast.purchasers, story.stage.cast.operator):
        known = sandbox_person(person)
        assert known.name not in text
        assert known.number.normalised not in text
    assert not any(_token(url) in text for url in story.codes.values())
    assert not re.search(r"(?<![\w-])1[3-9]\d{9}(?!\w)", text)
