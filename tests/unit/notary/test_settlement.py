"""The money that goes back, as it was typed: taken whole or refused by the field."""

from __future__ import annotations

from decimal import Decimal

import pytest

from filing.case.notary import Settlement
from filing.errors import InputRefused
from notary.acts.inputs import SettlementInput
from notary.settlement import settlement_from


def test_what_was_said_is_taken_as_it_is():
    said = SettlementInput("1860000.00", "1200000.00", "1150000.00", 30, " 贷款由乙方自行结清。 ")
    taken = Settlement(Decimal("1860000.00"), Decimal("1200000.00"), Decimal("1150000.00"), 30, "贷款由乙方自行结清。")
    assert settlement_from(said) == taken


def test_nothing_said_is_nothing():
    assert settlement_from(None) is None


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (SettlementInput(price="1,860,000.00"), "settlement.price"),
        (SettlementInput(paid="-1.00"), "settlement.paid"),
        (SettlementInput(refund="12"), "settlement.refund"),
        (SettlementInput(paid="10.00", refund="10.01"), "settlement.refund"),
        (SettlementInput(within_days=0), "settlement.within_days"),
        (SettlementInput(loan=" "), "settlement.loan"),
    ],
)
def test_what_is_no_settlement_is_refused_by_its_field(said, field):
    with pytest.raises(InputRefused) as refused:
        settlement_from(said)
    assert refused.value.fields["findings"][0]["facts"]["path"] == field
