"""Papers before a notary are PDF/A, and what others say of the signed agreement: a contract file of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from notary.agreement import (
    agreement_pdf,
    make_agreement,
    make_matter_papers,
    next_version,
    seal_agreement,
    sign_agreement,
    with_signature,
)
from signing.pades import CERTIFICATION_FIELD
from tests.builders.cases import BUYER, FOREIGNER, STRANGER
from tests.builders.house import cheap_guessing, lay_keys, opened
from tests.builders.termination import at, filed_case, handwriting, mandate, termination_desks
from tests.conformance.validators import DssTrust, dss, pdfsig, qpdf_check, verapdf

PARTIES = ("buyer-1", "seller-1", "buyer-2")
PAPERS = ("cancel_form", "notary_application", "notary_notice", "acceptance_record")
SIGNED = ("text", *PARTIES, "sealed")


@dataclass(frozen=True, slots=True)
class Made:
    folder: Path
    """Every paper, and the agreement after each signature."""

    trust: DssTrust
    """The root alone."""

    def __getitem__(self, name: str) -> Path:
        return self.folder / f"{name}.pdf"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """At the present time: validators judge by the clock of the machine."""
    folder = tmp_path_factory.mktemp("notary-papers")
    now = datetime.now(UTC) - timedelta(seconds=5)
    with cheap_guessing():
        house = opened(lay_keys(folder / "service", now), now)
    desks = termination_desks(house, filed_case(BUYER, FOREIGNER, mandates=(mandate("buyer-2", STRANGER),)))
    desks.now = now
    for paper in make_matter_papers(at(desks), desks.world):
        (folder / f"{paper.paper}.pdf").write_bytes(desks.files.get(desks.case.case_no, paper.sha256))

    agreement = make_agreement(at(desks), desks.world, next_version(desks.case))

    def keep(name: str) -> None:
        (folder / f"{name}.pdf").write_bytes(agreement_pdf(at(desks), desks.world, agreement))

    keep("text")
    for party in PARTIES:
        agreement = with_signature(agreement, sign_agreement(at(desks), desks.world, agreement, party, handwriting()))
        keep(party)
    agreement = seal_agreement(at(desks), desks.world, agreement)
    keep("sealed")
    root = folder / "root.pem"
    root.write_bytes(house.desk.keys.root.public_bytes(Encoding.PEM))
    return Made(folder, DssTrust((root,)))


@pytest.mark.rule("ZN-10")
@pytest.mark.parametrize("name", [*PAPERS, *SIGNED])
@pytest.mark.needs("java", "javac", "mvn")
def test_verapdf_finds_pdf_a_3a(made: Made, name: str) -> None:
    report = verapdf(made[name], "3a")
    assert report.compliant, report.failed_rules


@pytest.mark.parametrize("name", [*PAPERS, *SIGNED])
@pytest.mark.needs("qpdf")
def test_qpdf_finds_nothing_wrong(made: Made, name: str) -> None:
    answer = qpdf_check(made[name])
    assert answer.clean, answer.output


@pytest.mark.rule("ZN-05")
@pytest.mark.needs("pdfsig")
def test_pdfsig_finds_everybodys_signature_intact_and_trusted(made: Made) -> None:
    signed = [answer for answer in pdfsig(made["sealed"], made.trust.roots[0]) if answer.signature]
    looked_at = [answer for answer in signed if not answer.is_beyond_poppler]
    assert {answer.field for answer in looked_at} == {CERTIFICATION_FIELD, *PARTIES}
    assert {answer.signature for answer in looked_at} == {"Signature is Valid."}
    assert all(answer.is_trusted for answer in looked_at)
    assert signed[-1].covers_whole_file


@pytest.mark.rule("ZN-05")
@pytest.mark.needs("java", "javac", "mvn")
def test_dss_passes_every_signature_of_the_sealed_agreement(made: Made) -> None:
    report = dss(made["sealed"], made.trust)
    signatures = {signature.field: signature for signature in report.signatures}
    assert set(signatures) == {CERTIFICATION_FIELD, *PARTIES}
    assert {field: one.verdict for field, one in signatures.items() if not one.passed} == {}
    assert {one.level for one in signatures.values()} == {"PAdES-BASELINE-LTA"}
    certifications = {field: one.certification for field, one in signatures.items()}
    assert certifications == {CERTIFICATION_FIELD: "MINIMAL_CHANGES_PERMITTED", **dict.fromkeys(PARTIES)}
