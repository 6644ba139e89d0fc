"""One-time codes on both databases: bound, hashed, few, short-lived, counted once for everybody."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from identity.codes import (
    CodeDesk,
    CodePolicy,
    CodePurpose,
    CodeRequest,
    CodeSubject,
    CodeText,
    SendLimits,
    SendResult,
    prove_code,
    redeem_code,
    send_code,
    unseal_message,
)
from identity.errors import CodeError
from signing.envelope import EvidenceKey
from signing.errors import KeyStoreError
from storage.people import SqlCodes, sweep_people
from storage.people.tables import one_time_codes, tallies
from storage.records.database import Database
from tests.unit.identity.somebody import NOW, OTHER_TEXT, SECRET, TEXT

TEMPLATE = "【网签】验证码{code}，用于签署{house}买卖合同，成交价{price}元。"
SIGN = CodeSubject(CodePurpose.SIGN, "13800138000", "side:buyer", "case-1", TEXT)
SECOND = timedelta(seconds=1)
POLICY = CodePolicy()
CODE = "048151"


class Desk:
    """A desk, its codes and a clock that the test moves."""

    def __init__(self, database: Database, key: EvidenceKey) -> None:
        self.codes = SqlCodes(database)
        self.desk = CodeDesk(SECRET, key, self.codes, draw=lambda: CODE)

    def send(
        self, subject: CodeSubject = SIGN, now: datetime = NOW, policy: CodePolicy = POLICY, by: str = "account-1"
    ) -> SendResult:
        text = CodeText(subject.purpose, TEMPLATE)
        values = {"house": "磁湖路1号", "price": "1234567.00"}
        return send_code(self.desk, self.codes, CodeRequest(subject, by, text, values, policy), now)

    def refused(self, act: Callable[[], object]) -> CodeError:
        with pytest.raises(CodeError) as caught:
            act()
        return caught.value

    def prove(self, typed: str = CODE, subject: CodeSubject = SIGN, now: datetime = NOW) -> object:
        return prove_code(self.desk, subject, typed, now)


@pytest.fixture
def desk(database: Database, key: EvidenceKey) -> Desk:
    return Desk(database, key)


@pytest.mark.rule("ZS-38", "ZS-40", "SZ-72", "WH-36", "WH-45", "HS-15")
def test_a_right_code_proves_what_it_was_sent_for(desk: Desk) -> None:
    sent = desk.send()
    proof = desk.prove(" ０４８ 151")

    assert (proof.code_id, proof.purpose, proof.case_id) == (sent.code_id, CodePurpose.SIGN, "case-1")
    assert (proof.text_sha256, proof.recipient, proof.proved_at) == (TEXT, "side:buyer", NOW)


@pytest.mark.parametrize(
    "other",
    [
        replace(SIGN, purpose=CodePurpose.CONFIRM),
        replace(SIGN, phone="13900139000"),
        replace(SIGN, recipient="side:seller"),
        replace(SIGN, case_id="case-2"),
        replace(SIGN, case_id=None),
    ],
    ids=["purpose", "phone", "recipient", "case", "no case"],
)
def test_a_code_is_good_for_nothing_else(desk: Desk, other: CodeSubject) -> None:
    desk.send()
    assert desk.refused(lambda: desk.prove(subject=other)).code == "code.none"


def test_a_code_dies_with_the_text_it_was_sent_for(desk: Desk) -> None:
    desk.send()
    assert desk.refused(lambda: desk.prove(subject=replace(SIGN, text_sha256=OTHER_TEXT))).code == "code.text_changed"


def test_a_code_is_good_once(desk: Desk, database: Database) -> None:
    desk.send()
    first, second = desk.prove(), desk.prove()

    redeem_code(desk.codes, first, NOW)
    assert desk.refused(lambda: redeem_code(desk.codes, second, NOW)).code == "code.used"
    assert desk.refused(desk.prove).code == "code.none"


def test_a_code_expires(desk: Desk) -> None:
    sent = desk.send()

    assert desk.prove(now=sent.expires_at - SECOND)
    assert desk.refused(lambda: desk.prove(now=sent.expires_at)).code == "code.expired"


def test_every_try_counts_and_the_sixth_is_too_late_even_if_right(desk: Desk) -> None:
    desk.send()

    left = [desk.refused(lambda: desk.prove("000000")).fields["tries_left"] for _ in range(4)]
    assert left == [4, 3, 2, 1]
    assert desk.refused(lambda: desk.prove("000000")).code == "code.locked"
    assert desk.refused(desk.prove).code == "code.locked"


@pytest.mark.rule("WH-42", "H-46")
def test_another_code_is_sent_only_after_the_countdown(desk: Desk) -> None:
    sent = desk.send()
    refusal = desk.refused(lambda: desk.send(now=NOW + timedelta(seconds=119)))

    assert sent.resend_at == NOW + timedelta(seconds=120)
    assert refusal.code == "code.too_soon"
    assert refusal.fields["retry_at"] == sent.resend_at.isoformat()
    assert desk.send(now=sent.resend_at).code_id != sent.code_id
    assert desk.send(replace(SIGN, recipient="side:seller"))


def test_a_new_code_ends_the_old_one_and_a_refused_send_does_not(desk: Desk) -> None:
    desk.desk = replace(desk.desk, draw=lambda: "111111")
    desk.send()
    desk.refused(lambda: desk.send(now=NOW + SECOND))
    assert desk.prove("111111")

    desk.desk = replace(desk.desk, draw=lambda: "222222")
    later = NOW + timedelta(seconds=120)
    desk.send(replace(SIGN, text_sha256=OTHER_TEXT), later)

    other = replace(SIGN, text_sha256=OTHER_TEXT)
    assert desk.refused(lambda: desk.prove("111111", other, later)).code == "code.wrong"
    assert desk.prove("222222", other, later)


def test_a_phone_and_an_account_get_so_many_a_day(desk: Desk) -> None:
    policy = CodePolicy(SendLimits(per_phone_daily=3, per_account_daily=4))
    for number in range(3):
        desk.send(replace(SIGN, case_id=f"case-{number}"), policy=policy)
    phone = desk.refused(lambda: desk.send(replace(SIGN, case_id="case-9"), policy=policy, by="account-2"))
    desk.send(replace(SIGN, phone="13900139000"), policy=policy)
    account = desk.refused(lambda: desk.send(replace(SIGN, phone="13700137000"), policy=policy))

    assert (phone.code, account.code) == ("code.too_many", "code.too_many")
    assert phone.fields["retry_at"] == (NOW + timedelta(days=1)).isoformat()
    assert desk.send(replace(SIGN, case_id="case-9"), NOW + timedelta(days=1), policy)


def test_new_codes_give_no_more_guesses_than_a_phone_has_in_a_day(desk: Desk) -> None:
    policy = CodePolicy(SendLimits(wrong_per_phone_daily=7))
    now, wrong = NOW, 0
    for _ in range(4):
        desk.send(now=now, policy=policy)
        for _ in range(5):
            wrong += desk.refused(lambda moment=now: desk.prove("000000", now=moment)).code == "code.wrong"
        now += timedelta(seconds=120)

    assert wrong == 4 + 2  # the fifth of the first code says "locked", like all after the seventh
    assert desk.refused(lambda: desk.prove(now=now - timedelta(seconds=120))).code == "code.locked"
    tomorrow = NOW + timedelta(days=1, minutes=1)
    desk.send(now=tomorrow, policy=policy)
    assert desk.prove(now=tomorrow)


def test_a_right_code_forgives_the_wrong_ones_of_the_phone(desk: Desk) -> None:
    policy = CodePolicy(SendLimits(wrong_per_phone_daily=6))
    for number in range(4):
        now = NOW + timedelta(seconds=120 * number)
        desk.send(now=now, policy=policy)
        for _ in range(3):
            desk.refused(lambda moment=now: desk.prove("000000", now=moment))
        redeem_code(desk.codes, desk.prove(now=now), now)


def test_nothing_readable_is_kept(desk: Desk, database: Database) -> None:
    sent = desk.send()
    with database.reading() as connection:
        kept = [*connection.execute(select(one_time_codes)).all(), *connection.execute(select(tallies)).all()]
    text = str([tuple(row) for row in kept]) + str(sent.message.to_payload()) + repr(sent)

    assert CODE not in text.replace(sent.code_id, "")
    assert "13800138000" not in text
    assert "磁湖路" not in text


@pytest.mark.rule("WH-22", "H-43")
def test_the_message_names_house_and_price_and_opens_only_as_its_own(desk: Desk, key: EvidenceKey) -> None:
    sent = desk.send()
    message = unseal_message(key, sent.message)

    words = message.template.format(**message.values)
    assert words == "【网签】验证码048151，用于签署磁湖路1号买卖合同，成交价1234567.00元。"
    assert (message.phone, message.expires_at) == ("13800138000", sent.expires_at)
    assert CODE not in repr(message)
    with pytest.raises(KeyStoreError):
        unseal_message(key, replace(sent.message, code_id="another"))


def test_of_many_senders_at_once_one_sends(desk: Desk) -> None:
    def attempt(_: int) -> str:
        try:
            return desk.send().code_id
        except CodeError as refusal:
            return refusal.code

    with ThreadPoolExecutor(8) as threads:
        results = list(threads.map(attempt, range(16)))
    assert results.count("code.too_soon") == 15


def test_of_many_redeemers_at_once_one_redeems(desk: Desk) -> None:
    desk.send()
    proof = desk.prove()
    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(lambda _: desk.codes.redeem(proof.code_id, NOW), range(16))).count(True) == 1


def test_what_has_served_is_swept_in_time(desk: Desk, database: Database) -> None:
    sent = desk.send()

    sweep_people(database, sent.expires_at + timedelta(days=2))
    with database.reading() as connection:
        assert len(connection.execute(select(one_time_codes)).all()) == 1
        assert connection.execute(select(tallies)).all() == []
    sweep_people(database, sent.expires_at + timedelta(days=31))
    with database.reading() as connection:
        assert connection.execute(select(one_time_codes)).all() == []
