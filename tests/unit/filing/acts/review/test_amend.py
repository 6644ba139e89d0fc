"""Changing a filed contract: both sides' codes, both versions kept, nothing important reachable (Zhongshan)."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from documents.contract.record import read_embedded_record
from errors import QianshuError
from filing.errors import NotYours
from filing.lifecycle import CasePosition, State
from identity.subjects import Side
from signing.errors import TimeStampError
from signing.validation import TrustAnchors, Verdict, verify_pdf
from tests.builders.cases import BUYER
from tests.builders.filed import buyer, filed, registry, seller, signed
from tests.builders.house import no_time

AGREED = {"other_agreements": ["交付时间变更为2027年1月31日前。"]}
RECORD = {"item": "交付时间", "before": "2026年12月31日前", "after": "2027年1月31日前"}
CODE = "246810"


@pytest.fixture
def office(make):
    """A contract filed at once, its stamp on."""
    office = make(signed, "zhongshan")
    office.case = replace(office.case, position=CasePosition(State.SIGNING))
    office.do("sign-by-codes", text_sha256=office.text)
    assert office.state is State.FILED
    office.work_off()
    return office


def give(office, side, code=CODE):
    office.do("send-amend-code", seller("zhongshan"), side=side)
    return office.do("give-amend-code", seller("zhongshan"), side=side, code=code)


@pytest.mark.rule("ZS-44")
@pytest.mark.rule("ZS-45")
@pytest.mark.rule("H-06")
def test_a_change_takes_effect_when_both_sides_have_agreed(office, service):
    first = office.case.filing.sealed
    office.do("propose-amendment", seller("zhongshan"), **RECORD, clauses=AGREED)
    give(office, Side.SELLER)
    assert office.case.text.version == 1, "one side's word changes nothing"
    give(office, Side.BUYER)
    change = office.case.text.amendments[0]
    assert (change.item, change.before, change.after) == tuple(RECORD.values())
    assert change.effective_at == office.now
    assert {consent.party for consent in change.consents} == {"seller-1", "buyer-1"}
    assert office.case.text.clauses["other_agreements"] == AGREED["other_agreements"]
    assert office.state is State.FILED
    office.work_off()
    assert [item.kind for item in office.feed] == ["filed", "amended"]
    assert office.case.filing.past.sealed == (replace(first, evidence_sha256="e" * 64),)
    assert office.case.filing.sealed.text_version == 2
    record = read_embedded_record(office.pdf())
    assert list(record.terms.other_agreements) == AGREED["other_agreements"]
    anchors = tuple(root.public_bytes(Encoding.DER) for root in service.desk.keys.trust_anchors)
    report = verify_pdf(io.BytesIO(office.pdf()), trust=TrustAnchors(anchors), now=office.now)
    assert report.verdict is Verdict.PASSED
    assert {one.field for one in report.signatures} >= {"seller-1", "buyer-1", "filing-stamp"}
    with office.contract(office.case.case_no, 1).archive.open(first.sha256) as before:
        assert before.read(5) == b"%PDF-", "the contract before the change is kept"


@pytest.mark.rule("ZS-42")
@pytest.mark.rule("H-05")
@pytest.mark.parametrize("section", ["house", "sellers", "buyers", "co_owners", "filing"])
def test_parties_and_house_cannot_be_changed(office, section):
    with pytest.raises(QianshuError) as refused:
        office.do("propose-amendment", seller("zhongshan"), **RECORD, clauses={section: {}})
    assert refused.value.code == "input.refused"
    assert refused.value.findings[0].code == "amendment.fixed_field"


@pytest.mark.rule("H-05")
def test_the_price_can_be_changed_and_the_code_names_the_new_one(office):
    money = dict(office.case.text.clauses["money"])
    money |= {
        "price": "1200000.00",
        "method": "lump_sum",
        "instalments": [
            {"kind": "full", "amount": "1200000.00", "channel": "seller", "due_when": "转移登记申请受理当日"}
        ],
    }
    for optional in ("loan", "supervision", "taxes"):
        money.pop(optional, None)
    office.do("propose-amendment", seller("zhongshan"), **RECORD, clauses={"money": money})
    office.do("send-amend-code", seller("zhongshan"), side=Side.BUYER)
    assert office.codes.sent[-1].purpose == "amend"
    assert office.codes.sent[-1].phone == BUYER.phone
    assert "1,200,000" in office.codes.sent[-1].words["price"] or "1200000" in office.codes.sent[-1].words["price"]


@pytest.mark.rule("ZS-45")
@pytest.mark.parametrize("missing", ["item", "before", "after"])
def test_the_change_is_written_down_first(office, missing):
    with pytest.raises(QianshuError) as refused:
        office.do("propose-amendment", seller("zhongshan"), **(RECORD | {missing: " "}), clauses=AGREED)
    assert refused.value.findings[0].code == "amendment.not_recorded"


@pytest.mark.rule("H-06")
def test_a_wrong_code_agrees_to_nothing(office):
    office.do("propose-amendment", seller("zhongshan"), **RECORD, clauses=AGREED)
    with pytest.raises(QianshuError) as refused:
        give(office, Side.SELLER, "000000")
    assert refused.value.code == "code.wrong"
    assert office.case.filing.amending.codes == ()


def test_codes_count_though_no_time_stamp_is_to_be_had(office):
    office.do("propose-amendment", seller("zhongshan"), **RECORD, clauses=AGREED)
    give(office, Side.SELLER)
    service = office.service
    office.service = replace(service, desk=replace(service.desk, timestamper=no_time))
    give(office, Side.BUYER)
    assert office.case.text.version == 1
    with pytest.raises(TimeStampError):
        office.work_off("sign-amendment")
    office.service = service
    office.work_off()
    assert office.case.text.version == 2
    assert office.feed[-1].kind == "amended"


def test_a_change_can_be_dropped_and_another_made(office):
    office.do("propose-amendment", seller("zhongshan"), **RECORD, clauses=AGREED)
    with pytest.raises(QianshuError) as open_already:
        office.do("propose-amendment", seller("zhongshan"), **RECORD, clauses=AGREED)
    assert open_already.value.code == "amendment.open"
    office.do("drop-amendment", buyer("zhongshan"))
    assert office.case.text.fixed.version == 1
    office.do("propose-amendment", seller("zhongshan"), **RECORD, clauses={"other_agreements": ["另行约定。"]})
    assert office.case.text.amendments[-1].text.version == 3, "a text that was dropped is never another's"


def test_the_buyer_does_not_propose_and_other_cities_do_not_change(office, make):
    with pytest.raises(NotYours):
        office.do("propose-amendment", buyer("zhongshan"), **RECORD, clauses=AGREED)
    other = make(filed, "huangshi")
    with pytest.raises(QianshuError) as refused:
        other.do("propose-amendment", seller(), **RECORD, clauses=AGREED)
    assert refused.value.code == "amendment.not_here"


def test_the_registry_that_has_accepted_ends_changing(office):
    office.do("propose-amendment", seller("zhongshan"), **RECORD, clauses=AGREED)
    office.do("registry-accept", registry("zhongshan"), reference="D-1")
    with pytest.raises(QianshuError) as refused:
        give(office, Side.SELLER)
    assert refused.value.code == "act.not_now"


def test_whoever_had_the_contract_has_not_got_the_changed_one(office):
    office.do("acknowledge-contract", registry("zhongshan"), sha256=office.case.filing.sealed.sha256)
    office.do("propose-amendment", seller("zhongshan"), **RECORD, clauses=AGREED)
    give(office, Side.SELLER)
    give(office, Side.BUYER)
    before = office.case.filing.sealed.sha256
    office.work_off()
    assert office.case.registry.acknowledged_at is None
    with pytest.raises(QianshuError):
        office.do("acknowledge-contract", registry("zhongshan"), sha256=before)
