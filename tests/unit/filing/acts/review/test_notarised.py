"""Before a contract with an overseas party is filed, its notarisation is verified or the original confirmed (SZ-80)."""

from __future__ import annotations

from dataclasses import replace

import pytest

from errors import QianshuError
from filing.case.papers import MaterialFile, MaterialSource
from filing.case.signing import ExtraPaperFile, NotarialProof, NotarialStanding
from filing.errors import GuardsRefuse, InputRefused
from filing.lifecycle import State
from filing.profile.signing import SignMethod
from tests.builders.cases import FOREIGNER, SELLER, party
from tests.builders.desks import code_of
from tests.builders.filed import CLERK, Office, clerk, reviewer, sealer, signed

pytestmark = pytest.mark.rule("SZ-80")

CITY = "shenzhen"
SCAN = "c" * 64
NUMBER = "（2026）深证字第001234号"
UNVERIFIED = NotarialProof(NotarialStanding.UNVERIFIED)


def handed_in(make) -> Office:
    office = make(signed, CITY)
    papers = tuple(
        MaterialFile("identity", key, "a" * 64, "application/pdf", MaterialSource.WINDOW, CLERK.account, office.now)
        for key in ("seller-1", "buyer-1")
    )
    office.case = replace(office.case, papers=replace(office.case.papers, materials=papers))
    office.do("submit-filing", clerk(CITY))
    return office


def with_overseas_buyer(make, proof: NotarialProof | None) -> Office:
    """In review, signed by hand, the notary's paper handed in as ``proof`` says."""
    office = handed_in(make)
    case, text = office.case, office.case.text.fixed.sha256
    file = ExtraPaperFile("notarised_contract", SCAN, text, SELLER.account, office.now, notarial=proof)
    people = replace(case.people, parties=(case.people.parties[0], party(FOREIGNER, "buyer-1")))
    signing = replace(case.signing, method=SignMethod.WET, extra_papers=(file,))
    office.case = replace(case, people=people, signing=signing)
    office.do("claim-review", reviewer(CITY))
    return office


def confirm(office: Office, **changes: str) -> object:
    said = {"paper": "notarised_contract", "sha256": SCAN, "record_number": NUMBER} | changes
    return office.do("confirm-notarised-paper", reviewer(CITY), **said)


def test_a_scan_is_not_approved_until_its_original_is_confirmed(make):
    office = with_overseas_buyer(make, UNVERIFIED)
    with pytest.raises(GuardsRefuse) as refused:
        office.do("approve-review", reviewer(CITY))
    assert [(each.code, each.facts) for each in refused.value.findings] == [
        ("notarised.unverified", (("paper", "notarised_contract"),))
    ]
    confirm(office)
    (file,) = office.case.signing.extra_papers
    assert (file.notarial.standing, file.notarial.number) == (NotarialStanding.CONFIRMED, NUMBER)
    assert (file.notarial.confirmed_by, file.notarial.confirmed_at) == (reviewer(CITY).account_id, office.now)
    office.do("approve-review", reviewer(CITY))
    assert office.state is State.IN_REVIEW


def test_a_paper_that_nobody_judged_is_not_approved(make):
    office = with_overseas_buyer(make, None)
    assert code_of(lambda: office.do("approve-review", reviewer(CITY))) == "case.guards_refuse"


def test_a_verified_certificate_needs_nobody(make):
    verified = NotarialProof(NotarialStanding.VERIFIED, NUMBER, office="广东省深圳市某公证处")
    office = with_overseas_buyer(make, verified)
    assert code_of(lambda: confirm(office)) == "notarised.verified"
    office.do("approve-review", reviewer(CITY))


def test_what_is_confirmed_is_this_scan_on_this_text_with_a_number(make):
    office = with_overseas_buyer(make, UNVERIFIED)
    assert code_of(lambda: confirm(office, sha256="d" * 64)) == "notarised.none"
    assert code_of(lambda: confirm(office, paper="wish")) == "notarised.none"
    for number in ("", "  ", "第" * 61):
        with pytest.raises(InputRefused):
            confirm(office, record_number=number)
    signing = office.case.signing
    old = replace(signing.extra_papers[0], text_sha256="e" * 64)
    office.case = replace(office.case, signing=replace(signing, extra_papers=(old,)))
    assert code_of(lambda: confirm(office)) == "notarised.none"


def test_only_the_reviewer_of_the_case_confirms(make):
    office = with_overseas_buyer(make, UNVERIFIED)
    for other in (sealer(CITY), reviewer("huangshi")):
        with pytest.raises(QianshuError):
            office.do("confirm-notarised-paper", other, paper="notarised_contract", sha256=SCAN, record_number=NUMBER)


def test_the_seal_is_not_used_either(make):
    """Should the paper be lost after the approval, the guard of the filing still asks for it."""
    office = with_overseas_buyer(make, UNVERIFIED)
    confirm(office)
    office.do("approve-review", reviewer(CITY))
    office.case = replace(office.case, signing=replace(office.case.signing, extra_papers=()))
    with pytest.raises(GuardsRefuse) as refused:
        office.do("seal-filing", sealer(CITY))
    assert "notarised.unverified" in {each.code for each in refused.value.findings}


def test_nobody_from_abroad_needs_a_notary(make):
    office = handed_in(make)
    office.do("claim-review", reviewer(CITY))
    office.do("approve-review", reviewer(CITY))
