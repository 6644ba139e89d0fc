"""Decisions of 公证法 art. 39: signed by the same office, about this certificate, and what they were sent in as."""

from __future__ import annotations

import pytest

from filing.case.notary import ChangeKind
from notary.certificates import ChangeExpected, verify_change
from notary.errors import CertificateRefused
from qianshu.demo_data.notary_office import demo_office
from qianshu.demo_data.notary_papers import decision_paper
from tests.builders.notary_office import ABOUT, DAY, NOW, TODAY, codes, office, trust

pytestmark = pytest.mark.rule("ZN-19")

NUMBER = "（2026）粤中石岐撤字第3号"
REVOKED = ChangeExpected(ChangeKind.REVOKED, ABOUT.number, TODAY)
CORRECTED = ChangeExpected(ChangeKind.CORRECTED, ABOUT.number, TODAY)


@pytest.mark.parametrize(("word", "expected"), [("撤销", REVOKED), ("更正", CORRECTED)])
def test_takes_the_decision(word: str, expected: ChangeExpected) -> None:
    pdf = office().signed(decision_paper(word, NUMBER, ABOUT.number, TODAY), NOW)
    facts = verify_change(pdf, trust(), expected, NOW)
    assert (facts.kind, facts.number, facts.decided_on) == (expected.kind, ABOUT.number, TODAY)


def found(pdf: bytes, expected: ChangeExpected = REVOKED) -> set[str]:
    with pytest.raises(CertificateRefused) as refused:
        verify_change(pdf, trust(), expected, NOW)
    return codes(refused.value)


def test_refuses_a_decision_about_another_certificate() -> None:
    paper = decision_paper("撤销", NUMBER, "（2026）粤中石岐第001235号", TODAY)
    assert found(office().signed(paper, NOW)) == {"change.other_certificate"}


def test_refuses_one_kind_sent_in_as_the_other() -> None:
    revoking = office().signed(decision_paper("撤销", NUMBER, ABOUT.number, TODAY), NOW)
    assert found(revoking, CORRECTED) == {"change.kind_differs"}
    correcting = office().signed(decision_paper("更正", NUMBER, ABOUT.number, TODAY), NOW)
    assert found(correcting) == {"change.kind_differs"}


def test_refuses_a_decision_older_than_the_certificate_or_of_tomorrow() -> None:
    for day in (TODAY - DAY, TODAY + DAY):
        assert found(office().signed(decision_paper("撤销", NUMBER, ABOUT.number, day), NOW)) == {"change.date"}


def test_refuses_a_decision_of_another_office() -> None:
    other = demo_office(NOW - DAY, "广东省中山市菊城公证处", "粤中菊城", office().pki)
    pdf = other.signed(decision_paper("撤销", NUMBER, ABOUT.number, TODAY), NOW)
    assert found(pdf) == {"certificate.other_signer"}


def test_refuses_a_picture_of_a_decision() -> None:
    assert found(b"\x89PNG\r\n\x1a\n") == {"certificate.file"}
