"""A named request has one effect and one answer, whoever is killed in between."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from filing.lifecycle import State
from storage.errors import RequestInProgress, RequestMismatch
from storage.records import Answer, CaseRecords, Database
from storage.records.answers import ABANDONED_AFTER, KEPT_FOR, Answers
from storage.records.tables import idempotency
from storage.records.values import NamedRequest
from tests.builders.keyring import NOW
from tests.builders.records import case_no, done, means_of, moved, new_case

REQUEST = NamedRequest("k-1", "account-1", "1" * 64)
ANSWER = Answer(REQUEST, 201, {"ETag": '"1"'}, "张三".encode())


@pytest.fixture
def answers(database: Database) -> Answers:
    return Answers(means_of(database))


def test_the_answer_is_given_again(answers: Answers) -> None:
    assert answers.begin(REQUEST, NOW) is None
    answers.keep(ANSWER)

    assert answers.begin(REQUEST, NOW) == ANSWER


def test_an_answer_is_kept_in_the_commit_of_its_act(answers: Answers, records: CaseRecords) -> None:
    answers.begin(REQUEST, NOW)
    records.create(new_case(), [done()], answer=ANSWER)
    assert answers.begin(REQUEST, NOW) == ANSWER

    second = NamedRequest("k-2", "account-1", "2" * 64)
    answers.begin(second, NOW)
    with records.exclusive(case_no(1)) as unit:
        unit.commit(unit.case, [done()], answer=Answer(second, 200, {}, b""))
    assert answers.begin(second, NOW).status == 200


def test_of_two_that_act_on_one_key_the_second_is_rolled_back(answers: Answers, records: CaseRecords) -> None:
    records.create(new_case(), [done()])
    answers.begin(REQUEST, NOW)
    assert answers.begin(REQUEST, NOW + ABANDONED_AFTER) is None  # the first seems dead and is only slow
    with records.exclusive(case_no(1)) as unit:
        unit.commit(moved(unit.case, State.VOID), [done()], answer=ANSWER)
        with pytest.raises(RequestInProgress):
            unit.commit(moved(unit.case, State.FILED), [done()], answer=ANSWER)

    assert records.find(case_no(1)).case.position.state is State.VOID
    assert len(records.journal_of(case_no(1))) == 2


def test_a_key_used_for_another_request_is_refused(answers: Answers) -> None:
    answers.begin(REQUEST, NOW)
    answers.keep(ANSWER)
    with pytest.raises(RequestMismatch):
        answers.begin(NamedRequest("k-1", "account-1", "2" * 64), NOW)


def test_keys_of_two_accounts_are_two(answers: Answers) -> None:
    answers.begin(REQUEST, NOW)
    answers.keep(ANSWER)

    assert answers.begin(NamedRequest("k-1", "account-2", "1" * 64), NOW) is None


def test_somebody_at_it_is_waited_for_until_they_seem_dead(answers: Answers) -> None:
    answers.begin(REQUEST, NOW)
    with pytest.raises(RequestInProgress):
        answers.begin(REQUEST, NOW + ABANDONED_AFTER - timedelta(seconds=1))

    assert answers.begin(REQUEST, NOW + ABANDONED_AFTER) is None
    with pytest.raises(RequestInProgress):
        answers.begin(REQUEST, NOW + ABANDONED_AFTER)


def test_a_request_that_came_to_nothing_may_come_again(answers: Answers) -> None:
    answers.begin(REQUEST, NOW)
    answers.drop(REQUEST)
    assert answers.begin(REQUEST, NOW) is None

    answers.keep(ANSWER)
    answers.drop(REQUEST)
    assert answers.begin(REQUEST, NOW) == ANSWER


def test_an_answer_is_forgotten_in_time(answers: Answers) -> None:
    answers.begin(REQUEST, NOW)
    answers.keep(ANSWER)
    assert answers.begin(REQUEST, NOW + KEPT_FOR) is None

    assert answers.forget_expired(NOW + KEPT_FOR) == 0
    assert answers.forget_expired(NOW + KEPT_FOR * 2) == 1


def test_a_body_is_not_in_clear(answers: Answers, database: Database) -> None:
    answers.begin(REQUEST, NOW)
    answers.keep(ANSWER)
    with database.reading() as connection:
        assert ANSWER.body not in connection.execute(select(idempotency.c.body)).scalar_one()


@pytest.mark.parametrize("at", [NOW, NOW + ABANDONED_AFTER], ids=["new", "abandoned"])
def test_of_many_at_once_one_request_is_answered(answers: Answers, at: datetime) -> None:
    if at > NOW:
        answers.begin(REQUEST, NOW)

    def begin(_: int) -> bool:
        try:
            return answers.begin(REQUEST, at) is None
        except RequestInProgress:
            return False

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(begin, range(12))) == [False] * 11 + [True]
