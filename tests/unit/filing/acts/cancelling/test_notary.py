"""Cancelling a filed new-house contract through a notary office: states and ways; the notary's room hangs in there."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from PIL import Image

from errors import QianshuError
from filing.acts.cancelling.review import CancelDecision
from filing.acts.spec import Upload
from filing.case import Case
from filing.case.filing import CaseFiling
from filing.case.people import CasePeople
from filing.errors import GuardsRefuse, NotYours
from filing.lifecycle import CasePosition, State
from filing.profile import Actor
from tests.builders.cases import BUYER, COMPANY, NOW, STRANGER, acting, head, party
from tests.builders.filed import Office, filed, notary_office, registry, reviewer, seller

CITY = "zhongshan-notary"
OPERATOR = STRANGER
"""The developer's operator, who brought the contract here."""


@pytest.fixture
def office(service):
    """A contract filed elsewhere and brought here by the developer's operator."""
    people = CasePeople((party(COMPANY, "seller-1"), party(BUYER, "buyer-1")))
    filing = CaseFiling(number="预-1", filed_at=NOW, required=True)
    case = Case(
        replace(head(CITY, entrant=OPERATOR), case_no="2026112190001"),
        CasePosition(State.FILED),
        people,
        filing=filing,
    )
    return Office(service, case)


@pytest.fixture
def asked(office):
    """Asked for, papers handed in."""
    office.do("request-cancel", developer(), reason="购房人退房")
    sink = io.BytesIO()
    Image.new("RGB", (300, 400), (1, 2, 3)).save(sink, "JPEG")
    for paper in ("cancel_form", "termination_agreement"):
        office.do("upload-cancel-paper", developer(), paper=paper, upload=Upload(sink.getvalue(), "a.jpg"))
    return office


def developer():
    return acting(OPERATOR, CITY)


@pytest.mark.rule("ZN-01")
@pytest.mark.rule("ZN-02")
@pytest.mark.rule("H-36")
def test_the_developer_asks_with_a_reason(office):
    with pytest.raises(GuardsRefuse) as refused:
        office.do("request-cancel", developer())
    assert refused.value.findings[0].code == "reason.missing"
    with pytest.raises(QianshuError):
        office.do("request-cancel", acting(BUYER, CITY), reason="x")
    office.do("request-cancel", developer(), reason="购房人退房")
    current = office.case.cancelling.current
    assert (current.reason, current.asker) == ("购房人退房", Actor.DEVELOPER)
    assert current.file.review.notary_state == "prepared"


@pytest.mark.rule("ZN-05")
@pytest.mark.rule("ZN-19")
@pytest.mark.rule("H-36")
@pytest.mark.rule("H-40")
def test_on_the_certificate_the_bureau_confirms(asked):
    with pytest.raises(GuardsRefuse):
        asked.do("decide-cancel", reviewer(CITY), decision=CancelDecision.PASS)
    with pytest.raises(QianshuError) as early:
        asked.do("notary-issue", notary_office(), certificate_sha256="c" * 64)
    assert early.value.code == "cancel.notary_not_accepted"
    asked.do("notary-accept", notary_office())
    asked.do("notary-issue", notary_office(), certificate_sha256="c" * 64)
    assert asked.state is State.CANCELLING, "the certificate alone cancels nothing"
    asked.do("decide-cancel", reviewer(CITY), decision=CancelDecision.PASS)
    assert asked.state is State.VOID
    assert not asked.case.filing.in_force
    assert asked.case.cancelling.past[0].request.file.review.certificate_sha256 == "c" * 64
    asked.work_off("notify")
    assert "公证" in asked.told(BUYER)[-1]


@pytest.mark.rule("ZN-05")
def test_both_papers_are_needed(office):
    office.do("request-cancel", developer(), reason="购房人退房")
    office.do("notary-accept", notary_office())
    office.do("notary-issue", notary_office(), certificate_sha256="c" * 64)
    with pytest.raises(GuardsRefuse) as refused:
        office.do("decide-cancel", reviewer(CITY), decision=CancelDecision.PASS)
    assert {dict(finding.facts)["paper"] for finding in refused.value.findings} == {
        "cancel_form",
        "termination_agreement",
    }


@pytest.mark.rule("ZN-07")
@pytest.mark.rule("H-41")
def test_withdrawn_and_asked_again_until_the_notary_accepts(asked):
    asked.do("drop-cancel", developer())
    assert asked.state is State.FILED
    asked.do("request-cancel", developer(), reason="信息已更正")
    asked.do("notary-accept", notary_office())
    with pytest.raises(GuardsRefuse) as refused:
        asked.do("drop-cancel", developer())
    assert refused.value.findings[0].code == "cancel.notary_accepted"
    asked.do("notary-refuse", notary_office(), reason="申请人请求终止")
    assert asked.state is State.FILED
    assert asked.case.cancelling.past[-1].reason == "申请人请求终止"


@pytest.mark.rule("H-40")
def test_a_refusal_has_a_reason(asked):
    with pytest.raises(GuardsRefuse):
        asked.do("notary-refuse", notary_office(), reason="")
    asked.do("notary-refuse", notary_office(), reason="材料不符")
    assert asked.case.filing.in_force


def test_only_the_office_speaks_for_the_notary(asked):
    for who in (developer(), reviewer(CITY), registry(CITY), notary_office("zhongshan")):
        with pytest.raises(NotYours):
            asked.do("notary-accept", who)


def test_no_notary_where_none_takes_part(make):
    office = make(filed, "shenzhen")
    office.do("request-cancel", seller("shenzhen"))
    with pytest.raises(QianshuError) as refused:
        office.do("notary-accept", notary_office("shenzhen"))
    assert refused.value.code == "cancel.no_notary"
