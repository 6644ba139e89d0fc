"""Face checks: asked of the provider, for one act, once, fresh."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from identity.errors import FaceCheckError
from identity.face import FRESH_FOR, FaceAct, FaceAttempt, ask_provider, begin_face_check, use_face_check
from identity.outside import FaceOutcome, FaceResult, FaceSession
from identity.subjects import Subject
from identity.trust_level import CheckMethod
from storage.people import SqlFaceAttempts
from storage.records.database import Database
from tests.unit.identity.somebody import NOW, SELLER

ACT = FaceAct("account-1", "key-1", "sign", "case-1")
SECOND = timedelta(seconds=1)


class Provider:
    """A face service that says what the test tells it."""

    def __init__(self, outcome: FaceOutcome = FaceOutcome.PASSED) -> None:
        self.outcome = outcome
        self.asked: list[tuple[str, Subject, str]] = []

    def start(self, subject: Subject, purpose: str, return_url: str) -> FaceSession:
        return FaceSession(f"session-{purpose}", "https://face.example.cn/1", NOW + FRESH_FOR)

    def result(self, ref: str, subject: Subject, purpose: str) -> FaceResult:
        self.asked.append((ref, subject, purpose))
        decided = None if self.outcome is FaceOutcome.PENDING else NOW
        return FaceResult(ref, self.outcome, "comparison-1", decided)


def begun(store: SqlFaceAttempts, provider: Provider, act: FaceAct = ACT) -> FaceAttempt:
    found = begin_face_check(provider, SELLER, act, "https://sign.example.cn/back", NOW)
    store.add(found.attempt)
    return found.attempt


def done(store: SqlFaceAttempts, outcome: FaceOutcome = FaceOutcome.PASSED) -> FaceAttempt:
    provider = Provider(outcome)
    attempt = begun(store, provider)
    store.settle(ask_provider(provider, attempt, SELLER))
    return attempt


@pytest.fixture
def store(database: Database) -> SqlFaceAttempts:
    return SqlFaceAttempts(database)


def refusal(store: SqlFaceAttempts, attempt_id: str, act: FaceAct = ACT, now=NOW) -> str:
    with pytest.raises(FaceCheckError) as caught:
        use_face_check(store, attempt_id, act, now)
    return caught.value.code


@pytest.mark.rule("HS-05", "HS-24", "HS-32", "SZ-71")
def test_a_pass_stands_for_its_act_and_names_its_evidence(store: SqlFaceAttempts) -> None:
    check = use_face_check(store, done(store).attempt_id, ACT, NOW + SECOND)

    assert (check.method, check.reference) == (CheckMethod.FACE, "comparison-1")
    assert (check.account_id, check.purpose, check.case_id) == ("account-1", "sign", "case-1")


def test_the_browsers_word_counts_for_nothing(store: SqlFaceAttempts) -> None:
    provider = Provider()
    attempt = begun(store, provider)

    assert refusal(store, attempt.attempt_id) == "face.pending"
    assert refusal(store, "made up by the browser") == "face.unknown"
    assert provider.asked == []


@pytest.mark.parametrize(
    ("outcome", "code"),
    [
        (FaceOutcome.PENDING, "face.pending"),
        (FaceOutcome.FAILED, "face.failed"),
        (FaceOutcome.EXPIRED, "face.failed"),
    ],
)
def test_what_is_no_pass_is_none(store: SqlFaceAttempts, outcome: FaceOutcome, code: str) -> None:
    assert refusal(store, done(store, outcome).attempt_id) == code


@pytest.mark.parametrize(
    "other",
    [
        replace(ACT, account_id="account-2"),
        replace(ACT, person_key="key-2"),
        replace(ACT, purpose="cancel"),
        replace(ACT, case_id="case-2"),
        replace(ACT, case_id=None),
    ],
)
def test_a_pass_serves_no_other_person_purpose_or_case(store: SqlFaceAttempts, other: FaceAct) -> None:
    assert refusal(store, done(store).attempt_id, other) == "face.other_act"


def test_a_pass_is_used_once_by_however_many_at_once(store: SqlFaceAttempts) -> None:
    attempt = done(store)
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda _: store.spend(attempt.attempt_id, NOW), range(16))).count(True) == 1
    assert refusal(store, attempt.attempt_id) == "face.used"


def test_a_pass_is_fresh_for_ten_minutes(store: SqlFaceAttempts) -> None:
    attempt = done(store)

    assert refusal(store, attempt.attempt_id, now=NOW + FRESH_FOR) == "face.stale"
    assert refusal(store, attempt.attempt_id, now=NOW - timedelta(minutes=2)) == "face.stale"
    assert use_face_check(store, attempt.attempt_id, ACT, NOW + FRESH_FOR - SECOND)


def test_a_verdict_is_asked_for_once_and_never_changed(store: SqlFaceAttempts) -> None:
    attempt = done(store, FaceOutcome.FAILED)
    kinder = Provider(FaceOutcome.PASSED)
    store.settle(replace(attempt, outcome=FaceOutcome.PASSED, decided_at=NOW))

    assert ask_provider(kinder, store.load(attempt.attempt_id), SELLER).outcome is FaceOutcome.FAILED
    assert kinder.asked == []


def test_the_provider_is_told_whom_and_what_for(store: SqlFaceAttempts) -> None:
    provider = Provider()
    ask_provider(provider, begun(store, provider), SELLER)
    assert provider.asked == [("session-sign:case-1", SELLER, "sign:case-1")]
