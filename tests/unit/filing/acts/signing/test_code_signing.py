"""Signing by code, in Zhongshan and Wuhan: one code a side, a signature for everybody (ZS-38, ZS-40, WH-36, H-09)."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pikepdf
import pytest
from PIL import Image

from filing.acts.spec import Upload
from filing.case.people import PartyRole, RepresentationRecord
from filing.guards import GUARDS
from filing.guards.signing import code_holders
from filing.lifecycle import State
from filing.profile import Guard
from filing.profile.people import CodePer
from identity.representation import Basis
from identity.subjects import Side
from tests.builders.cases import AGENT, BUYER, BUYER_2, COMPANY, SELLER, WIFE, acting, party, profile, situation
from tests.builders.desks import Desks, code_of
from tests.builders.house import no_time

Ready = Callable[..., Desks]


def started(desks: Desks, city: str = "zhongshan") -> Desks:
    seller = acting(SELLER, city)
    desks.do("start-signing", seller, text_sha256=desks.text)
    desks.do("preview-contract", seller, party="seller-1", text_sha256=desks.text)
    return desks


def give(desks: Desks, side: Side, city: str = "zhongshan", **more: Any) -> Any:
    seller = acting(SELLER, city)
    desks.do("request-side-code", seller, side=side, text_sha256=desks.text, **more)
    return desks.do("verify-side-code", seller, side=side, text_sha256=desks.text, code=desks.codes.CODE, **more)


def reasons(desks: Desks) -> dict[str, str]:
    with pikepdf.open(io.BytesIO(desks.pdf())) as pdf:
        return {str(field.T): str(field.V.Reason) for field in pdf.Root.AcroForm.Fields if "/V" in field}


@pytest.mark.rule("ZS-38")
@pytest.mark.rule("ZS-40")
def test_both_codes_make_everybodys_own_signature_and_file(text_ready: Ready) -> None:
    desks = started(text_ready("zhongshan"))
    give(desks, Side.SELLER)
    assert desks.case.position.state is State.SIGNING
    assert set(reasons(desks)) == {"service-certification"}
    answer = give(desks, Side.BUYER).answer
    assert answer["signed"] == ["seller-1", "buyer-1"]
    assert desks.case.position.state is State.FILED
    said = reasons(desks)
    assert said["buyer-1"] == "作为买受人签署本合同，经手机号139****0003短信验证码确认（记录code-for-0003）"
    assert "139****0001" in said["seller-1"]


@pytest.mark.rule("WH-36")
@pytest.mark.rule("WH-44")
@pytest.mark.rule("WH-45")
@pytest.mark.rule("WH-10")
@pytest.mark.rule("H-43")
def test_the_message_names_house_and_price_and_wuhan_is_net_signed(text_ready: Ready) -> None:
    desks = started(text_ready("wuhan"), "wuhan")
    give(desks, Side.BUYER, "wuhan")
    words = desks.codes.sent[0].words
    assert words["house"] == "湖滨中路18号3栋602室"
    assert words["price"] == "1,286,500.00 元"
    assert words["area"] == "118.64 平方米"
    assert desks.codes.sent[0].phone == BUYER.phone
    assert desks.codes.sent[0].resend_seconds == 120
    give(desks, Side.SELLER, "wuhan")
    assert desks.case.position.state is State.SIGNED


@pytest.mark.rule("ZS-38")
def test_a_code_is_good_for_its_side_and_text_only(text_ready: Ready) -> None:
    desks = started(text_ready("zhongshan"))
    seller = acting(SELLER, "zhongshan")
    desks.do("request-side-code", seller, side=Side.SELLER, text_sha256=desks.text)
    back = {"text_sha256": desks.text, "code": desks.codes.CODE}
    assert code_of(lambda: desks.do("verify-side-code", seller, side=Side.BUYER, **back)) == "code.wrong"
    other = {"text_sha256": "0" * 64, "code": desks.codes.CODE}
    assert code_of(lambda: desks.do("verify-side-code", seller, side=Side.SELLER, **other)) == "text.other"
    desks.do("verify-side-code", seller, side=Side.SELLER, **back)
    assert code_of(lambda: desks.do("verify-side-code", seller, side=Side.SELLER, **back)) == "code.wrong"


def test_nobody_asks_for_codes_before_reading(text_ready: Ready) -> None:
    desks = text_ready("zhongshan")
    desks.do("start-signing", acting(SELLER, "zhongshan"), text_sha256=desks.text)
    ask = {"side": Side.SELLER, "text_sha256": desks.text}
    attempt = lambda: desks.do("request-side-code", acting(SELLER, "zhongshan"), **ask)  # noqa: E731
    assert code_of(attempt) == "signing.out_of_order"
    assert not desks.codes.sent


@pytest.mark.rule("H-09")
def test_of_several_people_the_signature_says_whose_code_it_was(text_ready: Ready) -> None:
    parties = (party(SELLER, "seller-1"), party(BUYER, "buyer-1"), party(BUYER_2, "buyer-2"))
    desks = started(text_ready("zhongshan", *parties))
    ask = {"side": Side.BUYER, "text_sha256": desks.text}
    attempt = lambda: desks.do("request-side-code", acting(SELLER, "zhongshan"), **ask)  # noqa: E731
    assert code_of(attempt) == "consent.missing"
    assert [each.code for each in GUARDS[Guard.SIDE_CODES_VERIFIED](situation(desks.case))][-1] == "consent.missing"
    consented(desks, "buyer-2", SELLER)
    for side in Side:
        give(desks, side)
    assert desks.case.position.state is State.FILED
    assert reasons(desks)["buyer-2"].startswith("作为买受人签署本合同，经同方沈*的手机号139****0003短信验证码确认")
    assert "同方" not in reasons(desks)["buyer-1"]


@pytest.mark.rule("H-09")
def test_a_co_owner_who_only_consents_does_not_speak_for_the_side(text_ready: Ready) -> None:
    parties = (
        party(WIFE, "co-owner-1", role=PartyRole.CO_OWNER),
        party(SELLER, "seller-1"),
        party(BUYER, "buyer-1"),
    )
    desks = text_ready("zhongshan", *parties)
    assert [holder.party for holder in code_holders(profile("zhongshan"), desks.case)] == ["seller-1", "buyer-1"]


@pytest.mark.rule("H-09")
def test_a_city_may_ask_everybody(text_ready: Ready) -> None:
    city = profile("zhongshan")
    phones = replace(city.people.phones, codes=(replace(city.people.phones.codes[0], per=CodePer.PERSON),))
    asking = replace(city, people=replace(city.people, phones=phones))
    parties = (party(SELLER, "seller-1"), party(BUYER, "buyer-1"), party(BUYER_2, "buyer-2"))
    desks = text_ready("zhongshan", *parties)
    assert [holder.party for holder in code_holders(asking, desks.case)] == ["seller-1", "buyer-1", "buyer-2"]


@pytest.mark.rule("H-11")
def test_an_enterprises_code_goes_to_its_representative(text_ready: Ready) -> None:
    desks = text_ready("zhongshan")
    record = RepresentationRecord("buyer-1", AGENT.identified, Basis.LEGAL_REP, AGENT.contact)
    people = replace(
        desks.case.people, parties=(party(SELLER, "seller-1"), party(COMPANY, "buyer-1")), representations=(record,)
    )
    desks.case = replace(desks.case, people=people)
    started(desks)
    answer = desks.do("request-side-code", acting(SELLER, "zhongshan"), side=Side.BUYER, text_sha256=desks.text).answer
    assert desks.codes.sent[0].phone == AGENT.phone
    assert answer == {"party": "buyer-1", "phone": "139****0006"}


@pytest.mark.rule("ZS-38")
def test_a_code_that_came_back_without_time_is_not_asked_for_again(text_ready: Ready) -> None:
    desks = started(text_ready("zhongshan"))
    give(desks, Side.SELLER)
    with_time = desks.service
    desks.service = replace(with_time, desk=replace(with_time.desk, timestamper=no_time))
    answer = give(desks, Side.BUYER).answer
    assert answer["postponed"] == "time.unavailable"
    assert desks.case.position.state is State.SIGNING
    assert desks.tasks[-1].kind == "sign-by-codes"
    desks.service = with_time
    desks.do("sign-by-codes", None, text_sha256=desks.text)
    assert desks.case.position.state is State.FILED


def test_nobody_signs_by_code_where_people_write(text_ready: Ready) -> None:
    desks = text_ready("zhongshan")
    desks.do("start-signing", acting(SELLER, "zhongshan"), text_sha256=desks.text)
    attempt = lambda: desks.do("sign-by-codes", None, text_sha256=desks.text)  # noqa: E731
    assert code_of(attempt) == "case.guards_refuse"


def consented(desks: Desks, key: str, by: Any) -> None:
    out = io.BytesIO()
    Image.new("L", (400, 560), 255).save(out, "PNG")
    upload = Upload(out.getvalue(), "同意书.png")
    desks.do("upload-material", acting(by, "zhongshan"), slot="co_owner_consent", party=key, upload=upload)
