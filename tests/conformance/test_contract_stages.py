"""After each signature and at the end, others judge our contract (issue: proof by others).

Three things are asked of every stage: every signature made so far is intact and trusted at the level claimed; nothing
but signing happened since; the file is still PDF/A-3a and sound.
"""

from __future__ import annotations

import pytest

from tests.conformance.expectations import assert_passed
from tests.conformance.stages import (
    ARCHIVE_FIELD,
    OPEN_STAGES,
    SIGNED_STAGES,
    STAGES,
    Contract,
    make_contract,
)
from tests.conformance.validators import (
    dss,
    embedded_signatures,
    openssl_cms_verify,
    openssl_ts_verify,
    pdfsig,
    qpdf_check,
    verapdf,
)


@pytest.fixture(scope="module")
def contract(tmp_path_factory: pytest.TempPathFactory) -> Contract:
    return make_contract(tmp_path_factory.mktemp("contract"))


@pytest.mark.parametrize("stage", SIGNED_STAGES)
def test_newest_signature_covers_the_whole_file(contract: Contract, stage: str) -> None:
    *earlier, newest = embedded_signatures(contract[stage])
    assert newest.covers_whole_file
    assert not any(signature.covers_whole_file for signature in earlier)


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.needs("qpdf")
def test_qpdf_finds_nothing_wrong(contract: Contract, stage: str) -> None:
    answer = qpdf_check(contract[stage])
    assert answer.clean, answer.output


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.needs("java", "javac", "mvn")
def test_verapdf_finds_pdf_a_3a(contract: Contract, stage: str) -> None:
    report = verapdf(contract[stage], "3a")
    assert report.compliant, report.failed_rules


@pytest.mark.parametrize("stage", SIGNED_STAGES)
@pytest.mark.needs("pdfsig")
def test_pdfsig_finds_every_signature_intact(contract: Contract, stage: str) -> None:
    """With the root in its database poppler finds them trusted too."""
    answers = pdfsig(contract[stage], contract.root_pem)
    signed = [answer for answer in answers if answer.signature]
    looked_at = [answer for answer in signed if not answer.is_beyond_poppler]
    assert tuple(answer.field for answer in looked_at) == STAGES[stage]
    assert [answer.signature for answer in looked_at] == ["Signature is Valid."] * len(looked_at)
    assert all(answer.is_trusted for answer in looked_at), [answer.certificate for answer in looked_at]
    assert {answer.signature_type for answer in looked_at} == {"ETSI.CAdES.detached"}
    assert [answer.covers_whole_file for answer in signed] == [False] * (len(signed) - 1) + [True]


@pytest.mark.parametrize("stage", SIGNED_STAGES)
@pytest.mark.needs("openssl")
def test_openssl_accepts_every_signature(contract: Contract, stage: str) -> None:
    answers = openssl_cms_verify(contract[stage], contract.root_pem)
    assert tuple(answer.what for answer in answers) == STAGES[stage]
    assert [answer.message for answer in answers if not answer.accepted] == []


@pytest.mark.parametrize("stage", SIGNED_STAGES)
@pytest.mark.needs("openssl")
def test_openssl_accepts_every_time_stamp(contract: Contract, stage: str) -> None:
    answers = openssl_ts_verify(contract[stage], contract.root_pem)
    archive = (ARCHIVE_FIELD,) if stage == "sealed" else ()
    assert (
        tuple(answer.what for answer in answers)
        == tuple(f"{field} signature-time-stamp" for field in STAGES[stage]) + archive
    )
    assert [answer.message for answer in answers if not answer.accepted] == []


@pytest.mark.parametrize("stage", OPEN_STAGES)
@pytest.mark.needs("java", "javac", "mvn")
def test_dss_passes_every_signature_at_b_t(contract: Contract, stage: str) -> None:
    """The CRLs are ours and come from outside: a B-T signature carries none."""
    report = dss(contract[stage], contract.trust_with_crls)
    assert_passed(report.signatures, stage, "PAdES-BASELINE-T")
    assert [stamp.passed for stamp in report.time_stamps] == [True] * len(STAGES[stage])
    assert {signature.field for signature in report.signatures if signature.covers == "FULL"} == {STAGES[stage][-1]}


@pytest.mark.needs("java", "javac", "mvn")
def test_dss_passes_the_sealed_contract_at_b_lta_by_itself(contract: Contract) -> None:
    report = dss(contract["sealed"], contract.trust)
    assert_passed(report.signatures, "sealed", "PAdES-BASELINE-LTA")
    kinds = [stamp.kind for stamp in report.time_stamps if stamp.passed]
    assert kinds == ["SIGNATURE_TIMESTAMP"] * 5 + ["DOCUMENT_TIMESTAMP"]


@pytest.mark.parametrize("stage", SIGNED_STAGES)
@pytest.mark.needs("java", "javac", "mvn")
def test_dss_sees_nothing_but_signing_after_each_signature(contract: Contract, stage: str) -> None:
    for signature in dss(contract[stage], contract.trust_with_crls).signatures:
        changes = signature.changes
        assert changes.pages_overlapped == changes.pages_added_or_removed == changes.pages_looking_different == ()
        assert changes.annotation == ()
        assert changes.undefined == ()
