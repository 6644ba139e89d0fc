"""Signing by one code of each side, in Zhongshan and Wuhan: what it says, for whom it speaks, what it leaves behind."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC
from typing import Any

import pikepdf
import pytest

from filing.case.papers import MaterialFile, MaterialSource
from filing.lifecycle import State
from identity.subjects import Side
from tests.builders.cases import BUYER, SELLER, STRANGER, WIFE, acting, party
from tests.builders.desks import Desks, code_of

Ready = Callable[..., Desks]
CITIES = ("zhongshan", "wuhan")
RIGHT = "246810"


def reasons(pdf: bytes) -> dict[str, str]:
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        return {str(field.T): str(field.V.Reason) for field in opened.Root.AcroForm.Fields if "/V" in field}


def started(desks: Desks, city: str) -> Desks:
    seller = acting(SELLER, city)
    desks.do("start-signing", seller, text_sha256=desks.text)
    desks.do("preview-contract", seller, party="seller-1", text_sha256=desks.text)
    return desks


def give(desks: Desks, city: str, side: Side, code: str = RIGHT) -> Any:
    on = {"text_sha256": desks.text, "side": side}
    desks.do("request-side-code", acting(SELLER, city), **on)
    return desks.do("verify-side-code", acting(SELLER, city), **on, code=code)


@pytest.mark.rule("ZS-38")
@pytest.mark.rule("WH-36")
@pytest.mark.rule("WH-45")
@pytest.mark.parametrize("city", CITIES)
def test_each_sides_code_is_verified_apart_and_both_make_it_signed(text_ready: Ready, city: str) -> None:
    desks = started(text_ready(city), city)
    give(desks, city, Side.SELLER)
    assert desks.case.position.state is State.SIGNING
    give(desks, city, Side.BUYER)
    assert desks.case.position.state is (State.FILED if city == "zhongshan" else State.SIGNED)
    assert reasons(desks.pdf()).keys() >= {"seller-1", "buyer-1"}


@pytest.mark.rule("WH-44")
@pytest.mark.rule("H-43")
@pytest.mark.rule("ZS-40")
@pytest.mark.parametrize("city", CITIES)
def test_the_asker_sees_whose_code_it_is_and_its_reader_what_it_agrees_to(text_ready: Ready, city: str) -> None:
    """The screen: location and price above, who and their telephone in each row, masked (WH-44)."""
    desks = started(text_ready(city), city)
    told = desks.do("request-side-code", acting(SELLER, city), text_sha256=desks.text, side=Side.BUYER).answer
    assert told["party"] == "buyer-1"
    assert told["phone"].startswith(BUYER.phone[:3])
    assert BUYER.phone not in str(told)
    sent = desks.codes.sent[-1]
    assert sent.phone == BUYER.phone
    record = desks.case.house.checked.record
    assert sent.words["house"] == record.location
    assert sent.words["price"].startswith("1,286,500.00")


@pytest.mark.rule("H-09")
def test_a_code_speaks_for_a_co_owner_only_with_their_written_consent(text_ready: Ready) -> None:
    both = (party(SELLER, "seller-1"), party(WIFE, "seller-2"), party(BUYER, "buyer-1"))
    desks = started(text_ready("zhongshan", *both), "zhongshan")
    on = {"text_sha256": desks.text, "side": Side.SELLER}
    assert code_of(lambda: desks.do("request-side-code", acting(SELLER, "zhongshan"), **on)) == "consent.missing"
    consent = MaterialFile(
        *("co_owner_consent", "seller-2", "0" * 64, "application/pdf", MaterialSource.UPLOAD, "acc"),
        desks.now.astimezone(UTC),
    )
    desks.case = replace(desks.case, papers=replace(desks.case.papers, materials=(consent,)))
    give(desks, "zhongshan", Side.SELLER)
    give(desks, "zhongshan", Side.BUYER)
    signed = reasons(desks.pdf())
    assert signed.keys() >= {"seller-1", "seller-2", "buyer-1"}
    assert "经同方周*的手机号139****0001" in signed["seller-2"]
    assert "同方" not in signed["seller-1"]


@pytest.mark.rule("H-09")
def test_where_everybody_signs_the_print_no_consent_is_asked_for(text_ready: Ready) -> None:
    both = (party(SELLER, "seller-1"), party(WIFE, "seller-2"), party(BUYER, "buyer-1"))
    desks = started(text_ready("wuhan", *both), "wuhan")
    give(desks, "wuhan", Side.SELLER)
    assert [code.party for code in desks.case.signing.side_codes] == ["seller-1"]


def test_no_code_is_sent_before_the_contract_has_been_read(text_ready: Ready) -> None:
    desks = text_ready("zhongshan")
    desks.do("start-signing", acting(SELLER, "zhongshan"), text_sha256=desks.text)
    on = {"text_sha256": desks.text, "side": Side.SELLER}
    assert code_of(lambda: desks.do("request-side-code", acting(SELLER, "zhongshan"), **on)) == "signing.out_of_order"


@pytest.mark.parametrize("city", CITIES)
def test_a_wrong_code_and_a_stranger_sign_nothing(text_ready: Ready, city: str) -> None:
    desks = started(text_ready(city), city)
    assert code_of(lambda: give(desks, city, Side.SELLER, "000000")).startswith("code.")
    on = {"text_sha256": desks.text, "side": Side.SELLER, "code": RIGHT}
    assert code_of(lambda: desks.do("verify-side-code", acting(STRANGER, city), **on)) == "act.not_yours"
    assert not desks.case.signing.side_codes
