"""Revoking a net-sign in Wuhan: one side alone, by contract number, identity number, captcha and a code."""

from __future__ import annotations

from datetime import timedelta

import pytest

from errors import QianshuError
from filing.acts.cancelling import proof
from filing.lifecycle import State
from identity.challenges import Challenge
from tests.builders.cases import BUYER, SELLER
from tests.builders.filed import buyer, later_by, registry, seller, signed

LETTERS = "KWXA7"


@pytest.fixture
def office(make, monkeypatch):
    """Net-signed; captchas always show the same letters."""
    monkeypatch.setattr(
        proof, "draw_challenge", lambda now: Challenge(LETTERS, 3, 5, "salt", now + timedelta(minutes=5))
    )
    office = make(signed, "wuhan")
    office.do("request-cancel", buyer("wuhan"))
    return office


def prove(office, **changes):
    said = {"contract_number": office.case.case_no, "id_number": BUYER.number, "code": "246810"}
    return office.do("give-cancel-proof", buyer("wuhan"), **(said | changes))


def answer(office, text=LETTERS):
    office.do("show-captcha", buyer("wuhan"))
    return office.do("send-cancel-code", buyer("wuhan"), answer=text)


@pytest.mark.rule("WH-13")
@pytest.mark.rule("WH-40")
@pytest.mark.rule("WH-41")
@pytest.mark.rule("WH-43")
@pytest.mark.rule("H-35")
def test_one_side_alone_revokes_and_the_other_is_told(office):
    assert office.state is State.CANCELLING
    assert answer(office).answer["passed"] is True
    assert office.codes.sent[-1].phone == BUYER.phone, "the telephone left at filing, no other"
    assert office.codes.sent[-1].purpose == "revoke"
    prove(office)
    assert office.state is State.VOID
    office.work_off("notify")
    assert office.told(SELLER) == [text for text in office.told(SELLER) if "另一方" in text] != []
    assert office.told(BUYER) == []


@pytest.mark.rule("WH-41")
def test_the_sum_in_words_is_as_good_as_the_picture(office):
    shown = office.do("show-captcha", buyer("wuhan")).answer
    assert shown["question_zh"] == "三加五等于几？请用数字回答。"
    assert shown["picture_png"]
    assert office.do("send-cancel-code", buyer("wuhan"), answer="8").answer["passed"] is True


@pytest.mark.rule("WH-41")
def test_a_wrong_answer_sends_nothing_and_costs_the_captcha(office):
    assert answer(office, "AAAAA").answer["passed"] is False
    assert office.codes.sent == []
    with pytest.raises(QianshuError) as again:
        office.do("send-cancel-code", buyer("wuhan"), answer=LETTERS)
    assert again.value.code == "captcha.none"
    with pytest.raises(QianshuError):
        prove(office)


def test_a_captcha_is_worthless_after_five_minutes(office):
    office.do("show-captcha", buyer("wuhan"))
    later_by(office, minutes=5)
    assert office.do("send-cancel-code", buyer("wuhan"), answer=LETTERS).answer["passed"] is False


def test_no_answer_is_kept_in_the_case(office):
    office.do("show-captcha", buyer("wuhan"))
    kept = office.case.cancelling.current.file.captcha
    assert LETTERS not in repr(kept)
    assert len(kept.answer_hash) == 2 * 64 + 1


@pytest.mark.rule("WH-41")
@pytest.mark.parametrize(
    "wrong", [{"contract_number": "武房2026112199999"}, {"id_number": SELLER.number}, {"id_number": "x"}]
)
def test_both_numbers_must_be_right_and_neither_is_told(office, wrong):
    answer(office)
    with pytest.raises(QianshuError) as refused:
        prove(office, **wrong)
    assert refused.value.code == "input.refused"
    assert refused.value.findings[0].code == "cancel.numbers_wrong"
    assert office.state is State.CANCELLING


@pytest.mark.rule("WH-41")
def test_a_wrong_code_revokes_nothing(office):
    answer(office)
    with pytest.raises(QianshuError) as refused:
        prove(office, code="111111")
    assert refused.value.code == "code.wrong"
    assert office.state is State.CANCELLING


@pytest.mark.rule("WH-42")
@pytest.mark.rule("H-46")
def test_codes_are_120_seconds_apart(office):
    answer(office)
    assert office.codes.sent[-1].resend_seconds == 120


@pytest.mark.rule("WH-13")
def test_not_after_the_transfer_was_applied_for(make):
    office = make(signed, "wuhan")
    office.do("registry-accept", registry("wuhan"), reference="D-1")
    with pytest.raises(QianshuError) as refused:
        office.do("request-cancel", buyer("wuhan"))
    assert refused.value.code == "act.not_now"


@pytest.mark.rule("WH-13")
def test_the_seller_too(make, monkeypatch):
    monkeypatch.setattr(
        proof, "draw_challenge", lambda now: Challenge(LETTERS, 3, 5, "salt", now + timedelta(minutes=5))
    )
    office = make(signed, "wuhan")
    office.do("request-cancel", seller("wuhan"))
    office.do("show-captcha", seller("wuhan"))
    office.do("send-cancel-code", seller("wuhan"), answer=LETTERS)
    office.do(
        "give-cancel-proof",
        seller("wuhan"),
        contract_number=office.case.case_no,
        id_number=SELLER.number.lower(),
        code="246810",
    )
    assert office.state is State.VOID
    office.work_off("notify")
    assert office.told(BUYER)


def test_the_proof_is_the_askers_own(office):
    with pytest.raises(QianshuError):
        office.do("give-cancel-proof", seller("wuhan"), contract_number="x", id_number="y", code="z")
