"""Money under supervision, and drafts whose time is over (Zhongshan)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from errors import QianshuError
from filing.case import index_of
from filing.errors import GuardsRefuse
from filing.lifecycle import CasePosition, State
from tests.builders.cases import SELLER, key_of
from tests.builders.filed import buyer, fixed, later_by, seller


@pytest.mark.rule("ZS-35")
@pytest.mark.rule("ZS-36")
def test_supervision_is_a_choice_and_open_when_the_bank_says_so(make):
    office = make(fixed, "zhongshan")
    with pytest.raises(QianshuError) as refused:
        office.do("open-supervision", seller("zhongshan"), return_url="https://back.example/")
    assert refused.value.code == "supervision.not_chosen"
    office.do("choose-supervision", seller("zhongshan"), bank="CCB")
    done = office.do("open-supervision", seller("zhongshan"), return_url="https://back.example/")
    assert done.answer["url"] == "https://bank.example/1"
    assert office.bank.asked[0].amount == Decimal("1286500.00")
    assert [subject.name for subject in office.bank.asked[0].sellers] == [SELLER.name]
    office.do("settle-supervision", buyer("zhongshan"))
    assert office.case.filing.supervision.opened_at is None, "that the browser came back says nothing"
    office.bank.opened = True
    office.do("settle-supervision")
    assert office.case.filing.supervision.opened_at is not None
    with pytest.raises(QianshuError) as refused:
        office.do("choose-supervision", seller("zhongshan"))
    assert refused.value.code == "supervision.opened"


@pytest.mark.rule("ZS-37")
def test_the_rural_bank_does_it_at_a_branch(make):
    office = make(fixed, "zhongshan")
    office.do("choose-supervision", seller("zhongshan"), bank="RCB")
    done = office.do("open-supervision", seller("zhongshan"))
    assert (done.answer["way"], done.answer["url"], done.answer["branches"]) == ("branch", None, ["石岐支行"])


@pytest.mark.rule("ZS-35")
def test_supervision_can_be_left_out(make):
    office = make(fixed, "zhongshan")
    office.do("choose-supervision", seller("zhongshan"), bank="CCB")
    office.do("choose-supervision", seller("zhongshan"))
    assert office.case.filing.supervision is None


@pytest.mark.parametrize("address", ["http://evil.example/", "javascript:alert(1)", "ftp://a.example"])
def test_the_way_back_is_https(make, address):
    office = make(fixed, "zhongshan")
    office.do("choose-supervision", seller("zhongshan"), bank="CCB")
    with pytest.raises(QianshuError) as refused:
        office.do("open-supervision", seller("zhongshan"), return_url=address)
    assert refused.value.code == "supervision.return_url"


def test_unknown_banks_and_cities_without_supervision(make):
    with pytest.raises(QianshuError) as refused:
        make(fixed, "zhongshan").do("choose-supervision", seller("zhongshan"), bank="ICBC")
    assert refused.value.code == "supervision.unknown_bank"
    # Nor is "none" to be chosen where there is no choice: nobody is offered it then.
    for bank in ("CCB", None):
        with pytest.raises(QianshuError) as refused:
            make(fixed, "huangshi").do("choose-supervision", seller("huangshi"), bank=bank)
        assert refused.value.code == "supervision.not_here"


@pytest.fixture
def draft(make):
    """Created an hour ago, to be thrown away 24 hours after its creation."""
    office = make(fixed, "zhongshan")
    expires_at = office.case.head.opened_at + timedelta(hours=24)
    office.case = replace(office.case, head=replace(office.case.head, expires_at=expires_at))
    return office


@pytest.mark.rule("ZS-28")
@pytest.mark.rule("H-03")
@pytest.mark.rule("H-50")
def test_an_unsubmitted_draft_is_thrown_away_with_a_tombstone(draft):
    later_by(draft, hours=23)
    draft.queue_beat()
    assert draft.state is State.EXPIRED
    assert draft.case.cancelling.tombstone.what == "expired"
    assert draft.case.cancelling.hidden_at == draft.now
    assert draft.case.head.expires_at is None, "a case that has ended is not looked at again"
    assert index_of(draft.case, key_of).property_key is None, "the house is free"
    assert draft.case.text.fixed is not None, "what was there is evidence"
    draft.work_off("notify")
    assert "24小时" in draft.told(SELLER)[-1]


@pytest.mark.rule("ZS-28")
def test_nothing_is_thrown_away_early(draft):
    later_by(draft, hours=22, minutes=59)
    draft.queue_beat()
    assert draft.state is State.TEXT_READY
    with pytest.raises(GuardsRefuse):
        draft.do("expire")


@pytest.mark.rule("H-03")
def test_half_given_codes_do_not_stop_the_clock(draft):
    draft.case = replace(draft.case, position=CasePosition(State.SIGNING))
    later_by(draft, hours=23)
    draft.queue_beat()
    assert draft.state is State.EXPIRED


def test_nobody_but_the_service_throws_away(draft):
    later_by(draft, hours=30)
    with pytest.raises(QianshuError):
        draft.do("expire", seller("zhongshan"))
