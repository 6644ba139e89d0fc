"""A sentence for one recording, and the recording itself: of this case, this person, this attempt (ZN-14…16)."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import timedelta

import pytest

from notary.applicant.inputs import ScriptLanguage
from notary.applicant.script import WORDS, script_text
from notary.errors import VideoRefused
from tests.builders.applicants import GOOD_VIDEO, applicants
from tests.builders.cases import BUYER, FOREIGNER, NOW
from tests.builders.desks import code_of
from tests.builders.termination import mandate
from tests.unit.notary.applicant.test_document import HONGKONG

pytestmark = [pytest.mark.rule("ZN-14"), pytest.mark.rule("ZN-15"), pytest.mark.rule("ZN-16")]


@pytest.fixture
def office():
    return applicants(FOREIGNER, HONGKONG)


@pytest.fixture
def phone(office):
    phone = office.phone(FOREIGNER, "buyer-1")
    phone.walk("video")
    return phone


def give(phone, attempt, upload_id):
    return phone.do("notary-give-video", attempt=attempt, upload_id=upload_id)


# --- the sentence ----------------------------------------------------------------------------------------------------


def test_no_two_sentences_are_alike(office, phone):
    posed = [phone.pose() for _ in range(20)]
    assert len({each["text"] for each in posed}) == len({each["attempt"] for each in posed}) == 20
    assert all(FOREIGNER.name in each["text"] for each in posed)
    assert len({each["text"].partition("口令：")[2].partition("，")[0] for each in posed}) > 15, "nor their words"
    script = office.task().script
    assert (script.attempt, script.text) == (posed[-1]["attempt"], posed[-1]["text"])
    assert posed[-1]["expires_at"] == (NOW + timedelta(minutes=15)).isoformat()
    assert (posed[-1]["target_seconds"], posed[-1]["longest_seconds"]) == (15, 30)


@pytest.mark.parametrize("language", ScriptLanguage)
def test_words_are_many_different_and_short_enough_to_read_in_fifteen_seconds(language):
    assert len(set(WORDS[language])) == len(WORDS[language]) == 64
    longest = max(
        (script_text(secrets.SystemRandom(), language, "MARIA HOHENBERG", "沈书瑶") for _ in range(200)), key=len
    )
    # Some four syllables a second: sixty characters, or some thirty-five English words.
    syllables = len(longest) if language is ScriptLanguage.ZH else len(longest.split())
    assert syllables <= (80 if language is ScriptLanguage.ZH else 40), longest


def test_in_english_for_whoever_reads_no_chinese(phone):
    assert phone.pose(language=ScriptLanguage.EN)["text"].startswith(f"I am {FOREIGNER.name}.")


@pytest.mark.rule("H-42")
def test_an_agent_says_for_whom():
    office = applicants(BUYER, mandates=(mandate("buyer-1", HONGKONG),))
    phone = office.phone(HONGKONG, "buyer-1")
    phone.walk("video")
    text = phone.pose()["text"]
    assert HONGKONG.name in text
    assert BUYER.name in text


def test_the_sentence_is_not_journalled(office, phone):
    text = phone.pose()["text"]
    assert text not in repr([fact.data for fact in office.facts])


# --- the video -------------------------------------------------------------------------------------------------------


def test_a_good_video_is_kept_with_its_sentence(office, phone):
    posed = phone.pose()
    upload_id = phone.upload(posed["attempt"], b"the very bytes")
    give(phone, posed["attempt"], upload_id)
    task = office.task()
    (video,) = task.videos
    assert (video.attempt, video.text, video.duration_ms) == (posed["attempt"], posed["text"], 17_000)
    assert office.uploads.kept == {video.sha256: "video/mp4"}
    assert office.probe.looked_at == [b"the very bytes"]
    assert task.script is None
    assert task.steps[-1].reference == video.sha256


def test_what_proves_nothing_is_refused_with_everything_and_thrown_away(office, phone):
    office.probe.facts = replace(GOOD_VIDEO, duration_ms=14_900, loudest_db=-91.0)
    posed = phone.pose()
    upload_id = phone.upload(posed["attempt"])
    before = office.case
    with pytest.raises(VideoRefused) as refused:
        give(phone, posed["attempt"], upload_id)
    assert [each["code"] for each in refused.value.fields["findings"]] == ["video.too_short", "video.silent"]
    assert refused.value.code == "video.refused"
    assert office.case == before
    assert (office.uploads.kept, office.uploads.discarded) == ({}, [upload_id])
    assert office.refused[-1].data == {"act": "notary-give-video", "code": "video.refused"}
    office.probe.facts = GOOD_VIDEO
    give(phone, posed["attempt"], phone.upload(posed["attempt"], b"better"))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"case_no": "2026112199999"}, "notary.not_your_upload"),
        ({"owner": "acc-13900000099"}, "notary.not_your_upload"),
        ({"metadata": {"party": "buyer-2", "attempt": "*"}}, "notary.not_your_upload"),
        ({"metadata": {"party": "buyer-1", "attempt": "another"}}, "notary.not_your_upload"),
        ({"metadata": {}}, "notary.not_your_upload"),
        ({"begun_at": NOW - timedelta(seconds=1)}, "notary.script_expired"),
        ({"begun_at": NOW + timedelta(minutes=15, seconds=1)}, "notary.script_expired"),
    ],
)
def test_another_upload_is_refused_and_not_looked_at(office, phone, changes, code):
    posed = phone.pose()
    if "attempt" in changes.get("metadata", {}) and changes["metadata"]["attempt"] == "*":
        changes = {"metadata": {**changes["metadata"], "attempt": posed["attempt"]}}
    upload_id = phone.upload(posed["attempt"], **changes)
    assert code_of(lambda: give(phone, posed["attempt"], upload_id)) == code
    assert (office.probe.looked_at, office.uploads.kept, office.uploads.discarded) == ([], {}, [])


def test_an_upload_that_is_not_there(office, phone):
    posed = phone.pose()
    assert code_of(lambda: give(phone, posed["attempt"], "nothing")) == "upload.unknown"


def test_only_the_newest_sentence_counts(office, phone):
    first = phone.pose()
    phone.pose()
    upload_id = phone.upload(first["attempt"])
    assert code_of(lambda: give(phone, first["attempt"], upload_id)) == "notary.other_attempt"


def test_no_video_without_a_sentence(phone):
    assert code_of(lambda: give(phone, "", phone.upload(""))) == "notary.other_attempt"


def test_begun_in_time_it_may_be_resumed_the_next_morning(office, phone):
    posed = phone.pose()
    upload_id = phone.upload(posed["attempt"], begun_at=office.now + timedelta(minutes=14))
    office.later(hours=23)
    give(phone, posed["attempt"], upload_id)


def test_after_a_day_it_is_over(office, phone):
    posed = phone.pose()
    upload_id = phone.upload(posed["attempt"])
    office.later(hours=24, seconds=1)
    assert code_of(lambda: give(phone, posed["attempt"], upload_id)) == "notary.script_expired"


def test_one_recording_serves_once(office, phone):
    """Neither for another attempt nor for another purchaser."""
    phone.film(b"the same bytes")
    phone.walk("enter_id_document")
    assert code_of(lambda: phone.film(b"the same bytes")) == "notary.video_used"
    other = office.phone(HONGKONG, "buyer-2")
    other.walk("video")
    assert code_of(lambda: other.film(b"the same bytes")) == "notary.video_used"
    other.film(b"other bytes")


def test_killed_after_the_recording_was_kept_it_is_taken_again(office, phone):
    posed = phone.pose()
    upload_id = phone.upload(posed["attempt"])
    before = office.case
    give(phone, posed["attempt"], upload_id)
    after, office.case = office.case, before
    give(phone, posed["attempt"], upload_id)
    assert office.case == after
    assert len(office.uploads.kept) == 1


@pytest.mark.rule("ZN-12")
def test_no_video_of_anybody_of_the_mainland():
    office = applicants(BUYER)
    phone = office.phone(BUYER, "buyer-1")
    phone.walk("face")
    assert code_of(phone.pose) == "notary.out_of_order" or code_of(phone.pose) == "notary.not_a_step"
