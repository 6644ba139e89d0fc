"""Purchasers who do not do as they should, and people who act at the same moment, through the HTTP API."""

from __future__ import annotations

import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier
from typing import TYPE_CHECKING, Any

import pytest

from qianshu.demo.city.browser import RequestRefused
from qianshu.demo.city.client import until
from qianshu.demo.notary.cast import WITH_OVERSEAS
from qianshu.demo.notary.phone import OCTETS, TUS, Phone, _metadata
from tests.builders.films import Film, film
from tests.builders.notary_story import FILM, served_exchange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from filing.case.notary import ApplicantTask
    from qianshu.demo.city.client import Client
    from tests.builders.notary_story import ServedExchange, Story

PICTURE = str(FILM.picture)


@pytest.fixture(scope="module")
def exchange(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServedExchange]:
    with served_exchange(tmp_path_factory.mktemp("purchasers")) as served:
        yield served


def refused(attempt: Callable[[], object]) -> RequestRefused:
    with pytest.raises(RequestRefused) as refusal:
        attempt()
    assert refusal.value.zh
    assert refusal.value.en.isascii()
    return refusal.value


def token_of(address: str) -> str:
    return address.rstrip("/").rpartition("/")[2]


@pytest.mark.rule("ZN-06")
@pytest.mark.rule("ZN-07")
@pytest.mark.rule("H-40")
@pytest.mark.rule("H-41")
@pytest.mark.timeout(300)
def test_codes_are_good_once_for_one_person_and_two_come_at_the_same_moment(exchange: ServedExchange) -> None:
    story = exchange.cancellation().run_to("签收")
    forwarded_codes_open_nothing(exchange, story)
    phones = [Phone(story.purchaser(place), story.codes[f"buyer-{place + 1}"]) for place in range(2)]
    for phone in phones:
        phone.claim()
    assert refused(phones[0].claim).code == "notary.code_used"
    both_at_once(phones)
    events = [entry["event"] for entry in story.journal]
    assert story.matter["state"] == "submitted"
    assert events.count("notary.handed_in") == 2
    assert events.count("notary.submitted") == 1
    assert [each["party"] for each in story.matter["agreement"]["signed"]] in (
        ["seller-1", "buyer-1", "buyer-2"],
        ["seller-1", "buyer-2", "buyer-1"],
    )
    until(lambda: story.matter["packages"][-1]["sealed_at"], "no complete package")
    assert [each["complete"] for each in story.matter["packages"]] == [False, True]
    taken_back_or_accepted_never_both(story)


def forwarded_codes_open_nothing(exchange: ServedExchange, story: Story) -> None:
    first, second, case_no = story.purchaser(0), story.purchaser(1), story.case_no
    before = story.matter
    stranger, token = exchange.city.client("zhao-xiaomei"), token_of(story.codes["buyer-1"])

    def claim(who: Client, party: str) -> RequestRefused:
        return refused(lambda: who.act(case_no, "notary-claim", party=party, token=token))

    assert (claim(stranger, "buyer-1").code, claim(stranger, "buyer-1").fields["status"]) == ("case.unknown", 404)
    assert claim(second, "buyer-1").code == "notary.not_your_code"
    assert claim(second, "buyer-2").code == "notary.not_your_code"
    assert refused(lambda: story.operator.act(case_no, "notary-claim", party="buyer-1", token=token)).fields[
        "status"
    ] in (403, 409)
    assert story.matter == before
    again = story.operator.act(case_no, "reissue-notary-codes", party="buyer-1")["answer"]["codes"]
    assert claim(first, "buyer-1").code == "notary.not_your_code"
    (code,) = again
    story.codes["buyer-1"] = code["url"]
    told = [entry for entry in story.journal if entry["event"] == "act.refused"]
    assert len(told) >= 3
    assert token not in str(told)


def both_at_once(phones: list[Phone]) -> None:
    """Every step of one begins when the other's does."""
    together = Barrier(len(phones), timeout=60)

    def part(phone: Phone) -> list[str]:
        steps, done = phone.steps(), []
        while True:
            together.wait()
            step = next(steps, None)
            if step is None:
                break
            done.append(step)
        together.wait()
        phone.submit()
        return done

    with ThreadPoolExecutor(len(phones)) as hands:
        first, second = hands.map(part, phones)
    assert first == second


def taken_back_or_accepted_never_both(story: Story) -> None:
    together = Barrier(2, timeout=60)

    def tried(act: Callable[[], object]) -> str:
        together.wait()
        try:
            act()
        except RequestRefused as refusal:
            return refusal.code
        return "done"

    acts = (
        lambda: story.operator.act(story.case_no, "withdraw-from-notary", reason="双方同意继续履行。"),
        lambda: story.office.act(story.case_no, "notary-accept", acceptance_number="（2026）粤中石岐受字第9号"),
    )
    with ThreadPoolExecutor(2) as hands:
        withdrawn, accepted = hands.map(tried, acts)
    events = {entry["event"] for entry in story.journal}
    assert (withdrawn, accepted) in {("done", "case.unknown"), ("notary.not_now", "done")}
    assert ("notary.withdrawn" in events) is (withdrawn == "done")
    assert ("notary.accepted" in events) is (accepted == "done")


def sent(phone: Phone, video: bytes, attempt: str) -> str:
    look = phone.client.browser
    about = _metadata({"case_no": phone.case_no, "party": phone.party, "attempt": attempt, "filename": "v.mp4"})
    made = look.send("POST", "/v1/uploads", b"", **TUS, Upload_Length=str(len(video)), Upload_Metadata=about)
    address = made.headers["location"]
    look.send("PATCH", address, video, **TUS, Upload_Offset="0", Content_Type=OCTETS)
    return address.rpartition("/")[2]


def polyglot(folder: Path, good: bytes) -> bytes:
    path = folder / "polyglot"
    path.write_bytes(good)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("run.bat", "echo")
    return path.read_bytes()


@pytest.mark.rule("ZN-14")
@pytest.mark.rule("ZN-16")
@pytest.mark.rule("H-39")
@pytest.mark.needs("ffmpeg", "ffprobe")
@pytest.mark.timeout(300)
def test_videos_that_prove_nothing_are_refused_and_the_next_is_taken(exchange: ServedExchange, tmp_path: Path) -> None:
    story = exchange.cancellation(WITH_OVERSEAS).run_to("签收")
    phone = Phone(story.purchaser(1), story.codes["buyer-2"], lambda: b"")
    phone.claim()
    for step in phone.steps():
        if step == "upload_signature_image":
            break
    good = film(FILM)
    for video, expected in (
        (film(Film(14.9, PICTURE)), "video.too_short"),
        (film(Film(31, PICTURE)), "video.too_long"),
        (film(Film(15.0, PICTURE, None)), "video.no_sound"),
        (good[: len(good) // 2], "video.unreadable"),
        (Path(sys.executable).read_bytes()[: 1 << 20], "video.unreadable"),
        (polyglot(tmp_path, good), "video.foreign_bytes"),
    ):
        before = done_of(exchange, story)
        assert expected in codes(handed_in(phone, video)), expected
        assert done_of(exchange, story) == before
    phone._make_video = lambda: good
    phone._record()
    assert phone.task["next_step"] == "enter_id_document"
    gone_when_the_matter_is_over(story, phone)


def done_of(exchange: ServedExchange, story: Story) -> list[ApplicantTask]:
    """What purchasers have done; the sentence is not."""
    found = exchange.service.records.cases.find(story.case_no)
    assert found is not None
    assert found.case.notary.current is not None
    return [replace(task, script=None) for task in found.case.notary.current.tasks]


def handed_in(phone: Phone, video: bytes) -> RequestRefused:
    phone.client.consent(phone.case_no, "video")
    attempt = phone.client.act(phone.case_no, "notary-video-script", party=phone.party)["answer"]["attempt"]
    said = {"attempt": attempt, "upload_id": sent(phone, video, attempt)}
    return refused(lambda: phone.client.act(phone.case_no, "notary-give-video", party=phone.party, **said))


def codes(refusal: RequestRefused) -> set[str]:
    assert refusal.fields["status"] == 422
    findings: Any = refusal.fields["findings"]
    return {refusal.code, *(finding["code"] for finding in findings)}


def gone_when_the_matter_is_over(story: Story, phone: Phone) -> None:
    """The office refuses while another recording is on its way."""
    phone.client.consent(phone.case_no, "video")
    posed = phone.client.act(phone.case_no, "notary-video-script", party=phone.party)["answer"]
    upload_id = sent(phone, film(FILM), posed["attempt"])
    story.office.act(story.case_no, "notary-refuse", ground="dispute", reason="当事人之间有争议。")
    said = {"attempt": posed["attempt"], "upload_id": upload_id}
    late = refused(lambda: phone.client.act(phone.case_no, "notary-give-video", party=phone.party, **said))
    assert late.code in {"notary.none", "notary.not_now", "act.not_now", "act.wrong_state"}
    assert refused(lambda: sent(phone, b"x" * 100, posed["attempt"])).code == "upload.no_task"
    assert story.state == "filed"
