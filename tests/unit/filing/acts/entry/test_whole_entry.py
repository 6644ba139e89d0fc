"""From opening to the fixed text, as each city does it, with the real typesetter and real certification."""

from __future__ import annotations

import pytest

from documents.contract.record import read_embedded_record
from filing.contract.acts import read_acts
from tests.builders.cases import SALES, TODAY, profile
from tests.builders.entry import until_entered

MADE_BY = {"huangshi": "buyer", "shenzhen": "seller", "wuhan": "seller", "zhongshan": "seller"}


@pytest.mark.rule("HS-28")
@pytest.mark.rule("SZ-60")
@pytest.mark.rule("WH-35")
@pytest.mark.rule("ZS-25")
@pytest.mark.parametrize("city", SALES)
def test_a_case_is_opened_entered_and_fixed(desks, city):
    seller, buyer = until_entered(desks, city)
    maker = {"seller": seller, "buyer": buyer}[MADE_BY[city]]
    done = desks.do("generate-text", maker)
    assert desks.state == "text_ready"
    fixed = desks.case.text.fixed
    assert fixed is not None
    assert done.answer["text_sha256"] == fixed.sha256
    assert fixed.source.fields == ("seller-1", "buyer-1", "filing-stamp")
    contract = desks.contract(desks.case.case_no, fixed.version)
    assert read_acts(contract.journal.entries()).head_sha256 == fixed.sha256
    with contract.archive.open(fixed.sha256) as stream:
        record = read_embedded_record(stream.read())
    assert record.case_no == desks.case.case_no
    assert [party.name for party in record.terms.sellers] == ["周明远"]
    assert record.terms.filing.city.endswith("市")
    assert record.terms.filing.contract_title == profile(city).templates["contract"].title


@pytest.mark.rule("HS-19")
@pytest.mark.rule("WH-41")
@pytest.mark.rule("ZS-40")
@pytest.mark.parametrize(("city", "prefix"), [("huangshi", ""), ("zhongshan", ""), ("wuhan", "武房")])
def test_the_number_is_the_day_and_five_digits(desks, city, prefix):
    until_entered(desks, city)
    assert desks.case.case_no == f"{prefix}{TODAY:%Y%m%d}00001"
