"""Taking over a contract filed elsewhere: by the developer, with its bytes as they were filed."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime, timedelta

import pytest

from filing.acts.entry.buyers import BuyerInput
from filing.acts.entry.importing import FiledHouse
from filing.acts.spec import Upload
from identity.numbers import IdType, Region
from identity.representation import Basis
from identity.trust_level import Card, CheckMethod, Login, LoginCapacity
from tests.builders.cases import AGENT, BUYER, COMPANY, SELLER, UNIT_NO, Someone, acting
from tests.builders.desks import code_of
from tests.builders.entry import contact, person, until_entered

CITY = "zhongshan-notary"


@pytest.fixture(scope="module")
def filed_pdf(service) -> bytes:
    """A contract with a signature in it: one of our own, certified."""
    from tests.builders.entry import entry_desks  # noqa: PLC0415

    desks = entry_desks(service)
    seller, _ = until_entered(desks, "wuhan")
    desks.do("generate-text", seller)
    contract = desks.contract(desks.case.case_no, 1)
    with contract.archive.open(desks.text) as stream:
        return stream.read()


def operator(**changes):
    login = Login(LoginCapacity.HANDLER, (CheckMethod.PASSWORD,), Card.ORGANISATION)
    return acting(AGENT, CITY, handles=COMPANY, login=login, **changes)


def filed(pdf: bytes, **changes):
    said = {
        "upload": Upload(pdf, "合同.pdf"),
        "filing_number": "ZS2026000123",
        "filed_at": datetime(2026, 3, 2, 2, 0, tzinfo=UTC),
        "house": FiledHouse("中山市东区示例路8号3栋1001房", UNIT_NO, "98.60"),
        "purchasers": (BuyerInput(person(BUYER), contact(BUYER)),),
        "developer_contact": contact(COMPANY),
        "developer_head": "欧阳听雨",
    }
    return {**said, **changes}


@pytest.mark.rule("ZN-01")
@pytest.mark.rule("H-36")
def test_the_developers_operator_takes_over_a_filed_contract(desks, filed_pdf):
    done = desks.open(CITY, operator(), "import-filed", **filed(filed_pdf))
    case = desks.case
    assert desks.state == "filed"
    assert case.text.fixed.sha256 == hashlib.sha256(filed_pdf).hexdigest()
    assert desks.files.get(case.case_no, case.text.fixed.sha256) == filed_pdf
    assert (case.filing.number, case.filing.filed_at) == ("ZS2026000123", datetime(2026, 3, 2, 2, 0, tzinfo=UTC))
    assert case.house.key == f"house:{UNIT_NO}"
    assert [party.identified.name for party in case.people.parties] == [COMPANY.name, BUYER.name]
    assert [(one.party, one.basis) for one in case.people.representations] == [("seller-1", Basis.HANDLER)]
    assert done.answer["signatures"] == 1
    assert done.answer["integrity"] == "intact"


@pytest.mark.rule("ZN-20")
@pytest.mark.rule("ZN-03")
def test_an_agent_stands_in_the_case_only_where_there_is_one(desks, filed_pdf):
    desks.open(CITY, operator(), "import-filed", **filed(filed_pdf))
    acting_for = {record.party: record.basis for record in desks.case.people.representations}
    assert acting_for == {"seller-1": Basis.HANDLER}


def test_a_contract_that_was_altered_after_signing_is_not_taken(desks, filed_pdf):
    # the header's comment: read by nobody, covered by the signature
    altered = filed_pdf[:12] + bytes([filed_pdf[12] ^ 1]) + filed_pdf[13:]
    assert code_of(lambda: desks.open(CITY, operator(), "import-filed", **filed(altered))) == "import.altered"


@pytest.mark.rule("ZN-01")
@pytest.mark.rule("H-36")
def test_only_an_organisation_imports(desks, filed_pdf):
    login = Login(LoginCapacity.OWNER, (CheckMethod.WECHAT_REALNAME,))
    alone = acting(SELLER, CITY, login=login)
    assert code_of(lambda: desks.open(CITY, alone, "import-filed", **filed(filed_pdf))) == "import.organisation"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"filing_number": " "}, "input.refused"),
        ({"filed_at": datetime.now(UTC) + timedelta(days=900)}, "input.refused"),
        ({"purchasers": ()}, "input.refused"),
        ({"house": FiledHouse("某处", "123")}, "input.refused"),
        ({"house": FiledHouse("某处", None, "大")}, "input.refused"),
        ({"upload": Upload(b"%PDF-1.7 not really", "x.pdf")}, "upload"),
    ],
)
def test_what_cannot_be_is_refused(desks, filed_pdf, change, code):
    said = filed(filed_pdf, **change)
    assert code_of(lambda: desks.open(CITY, operator(), "import-filed", **said)).startswith(code)


@pytest.mark.rule("H-37")
def test_a_hong_kong_purchaser_shows_the_mainland_travel_permit(desks, filed_pdf):
    holder = Someone("陳大文", "H12345678", "13900000021", IdType.HM_PERMIT, Region.HK)
    desks.open(
        CITY, operator(), "import-filed", **filed(filed_pdf, purchasers=(BuyerInput(person(holder), contact(holder)),))
    )
    assert desks.case.people.party("buyer-1").identified.id_type is IdType.HM_PERMIT
