"""Applicants from abroad type their own document in, twice: its form, its number, whose it is (ZN-12, ZN-13, H-37)."""

from __future__ import annotations

from datetime import date

import pytest

from errors import QianshuError
from filing.errors import InputRefused
from identity.numbers import IdType, Region, Sex
from tests.builders.applicants import applicants
from tests.builders.cases import BUYER, FOREIGNER, STRANGER, Someone
from tests.builders.desks import code_of
from tests.builders.termination import mandate

pytestmark = [pytest.mark.rule("ZN-12"), pytest.mark.rule("ZN-13")]

HONGKONG = Someone(
    "CHAN TAI MAN", "H0123456700", "13900000031", IdType.HM_PERMIT, Region.HK, born=date(1980, 5, 6), sex=Sex.MALE
)
TAIWAN = Someone("林示范", "01234567", "13900000032", IdType.TW_PERMIT, Region.TW, born=date(1982, 7, 8), sex=Sex.MALE)


def phone_of(someone, **changes):
    office = applicants(someone, **changes)
    phone = office.phone(someone, "buyer-1")
    phone.claim()
    return office, phone


def findings(act):
    with pytest.raises(InputRefused) as refused:
        act()
    return [each.code for each in refused.value.findings]


@pytest.mark.rule("H-37")
@pytest.mark.parametrize("someone", [FOREIGNER, HONGKONG, TAIWAN], ids=["passport", "hm-permit", "tw-permit"])
def test_the_document_of_the_contract_is_taken_twice(someone):
    office, phone = phone_of(someone)
    phone.walk()
    entered = [step for step in office.task().steps if step.step.value == "enter_id_document"]
    assert [step.method for step in entered] == [someone.id_type.value] * 2
    assert entered[0].reference == entered[1].reference == someone.key
    whiches = [fact.data["which"] for fact in office.facts if fact.event == "notary.document_entered"]
    assert whiches == ["first", "second"]


@pytest.mark.parametrize(
    ("someone", "said", "code"),
    [
        (FOREIGNER, {"id_number": "!"}, "number.format"),
        (HONGKONG, {"id_number": "H01234"}, "number.format"),
        (HONGKONG, {"id_number": "X01234567"}, "number.format"),
        (TAIWAN, {"id_number": "1234"}, "number.format"),
    ],
)
def test_a_number_that_is_none_is_refused(someone, said, code):
    office, phone = phone_of(someone)
    before = office.case
    assert code_of(lambda: phone.enter_id(**said)) == code
    assert office.case == before


@pytest.mark.parametrize(
    ("someone", "said", "codes"),
    [
        (FOREIGNER, {"id_number": "C01X00T48"}, ["notary.other_document"]),
        (HONGKONG, {"id_number": "H0123456800"}, ["notary.other_document"]),
        (HONGKONG, {"id_type": IdType.PASSPORT, "id_number": "K01234567"}, ["notary.other_document"]),
        (FOREIGNER, {"name": "MARIO HOHENBERG"}, ["notary.other_name"]),
        (
            FOREIGNER,
            {"id_number": "C01X00T48", "name": "MARIO HOHENBERG"},
            ["notary.other_document", "notary.other_name"],
        ),
        (FOREIGNER, {"id_type": IdType.RESIDENT_ID, "id_number": BUYER.number}, ["eligibility.id_type"]),
        (FOREIGNER, {"id_type": IdType.HM_PERMIT, "id_number": "H01234567"}, ["eligibility.id_type"]),
        (HONGKONG, {"id_type": IdType.HM_ID_CARD, "id_number": "A123456(3)"}, ["eligibility.id_type"]),
        (TAIWAN, {"id_type": IdType.HM_PERMIT, "id_number": "H01234567"}, ["eligibility.id_type"]),
    ],
)
def test_anothers_document_and_those_not_taken_here_are_refused(someone, said, codes):
    office, phone = phone_of(someone)
    before = office.case
    assert findings(lambda: phone.enter_id(**said)) == codes
    assert office.case == before


def test_the_second_time_it_is_held_against_the_same():
    office, phone = phone_of(FOREIGNER)
    phone.walk()
    office.change_task("buyer-1", steps=office.task().steps[:-1])
    assert findings(lambda: phone.enter_id(id_number="C01X00T48")) == ["notary.other_document"]


def test_a_renewed_permit_is_the_same_persons_but_not_the_one_entered_first():
    """Nine places stay for life, two count renewals: the photos are of the one that was entered first (H-38)."""
    office, phone = phone_of(HONGKONG)
    phone.walk("upload_id_photos")
    phone.walk()
    office.change_task("buyer-1", steps=office.task().steps[:-1])
    assert findings(lambda: phone.enter_id(id_number="H0123456701")) == ["notary.document_differs"]
    phone.enter_id()


def test_written_otherwise_it_is_the_same():
    _, phone = phone_of(FOREIGNER)
    phone.enter_id(id_number=" c01x00t47 ", name=" Maria  Hohenberg ")


def test_no_document_of_anybody_of_the_mainland():
    _, phone = phone_of(BUYER)
    assert code_of(phone.enter_id) == "notary.not_a_step"


@pytest.mark.rule("H-42")
def test_an_agent_from_abroad_types_their_own_in():
    office = applicants(BUYER, mandates=(mandate("buyer-1", HONGKONG),))
    phone = office.phone(HONGKONG, "buyer-1")
    phone.claim()
    assert findings(lambda: phone.enter_id(id_type=IdType.RESIDENT_ID, id_number=BUYER.number)) == [
        "eligibility.id_type"
    ]
    phone.enter_id()
    assert office.task().steps[-1].reference == HONGKONG.key


def test_the_number_is_nowhere_but_as_a_keyed_digest():
    office, phone = phone_of(FOREIGNER)
    phone.walk()
    with pytest.raises(QianshuError):
        phone.enter_id(id_number="C01X00T48")
    assert FOREIGNER.number not in repr(office.case.notary)
    said = repr([fact.data for fact in (*office.facts, *office.refused)])
    for word in (FOREIGNER.name, FOREIGNER.number, "C01X00T48", STRANGER.name):
        assert word not in said
