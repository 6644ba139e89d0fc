"""Each validator, before it may judge our signatures, must tell good from bad on somebody else's."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.conformance import samples
from tests.conformance.validators import (
    DssTrust,
    JavaHarnessError,
    dss,
    embedded_signatures,
    openssl_cms_verify,
    openssl_ts_verify,
    pdfsig,
    qpdf_check,
    verapdf,
)

if TYPE_CHECKING:
    from tests.conformance.conftest import Samples


def test_embedded_signatures_know_what_they_cover(signed: Samples) -> None:
    (whole,) = embedded_signatures(signed["b-t"])
    assert (whole.field, whole.covers_whole_file) == (samples.FIELD, True)

    (earlier,) = embedded_signatures(signed["note-added"])
    assert not earlier.covers_whole_file

    party, archive = embedded_signatures(signed["b-lta"])
    assert not party.is_document_time_stamp
    assert archive.is_document_time_stamp


class TestPdfsig:
    pytestmark = pytest.mark.needs("pdfsig", "certutil")

    def test_accepts_a_good_signature(self, signed: Samples) -> None:
        (answer,) = pdfsig(signed["b-t"], signed.root_pem)
        assert (answer.field, answer.signature_type) == (samples.FIELD, "ETSI.CAdES.detached")
        assert (answer.is_intact, answer.is_trusted, answer.covers_whole_file) == (True, True, True)

    def test_finds_one_changed_byte(self, signed: Samples) -> None:
        (answer,) = pdfsig(signed["one-byte-changed"], signed.root_pem)
        assert answer.signature == "Digest Mismatch."

    def test_does_not_trust_a_stranger(self, signed: Samples) -> None:
        (answer,) = pdfsig(signed["b-t"], signed.stranger_pem)
        assert (answer.is_intact, answer.is_trusted) == (True, False)

    def test_sees_a_later_revision(self, signed: Samples) -> None:
        (answer,) = pdfsig(signed["note-added"])
        assert (answer.is_intact, answer.covers_whole_file) == (True, False)

    def test_says_when_it_did_not_look(self, signed: Samples) -> None:
        party, archive = pdfsig(signed["b-lta"], signed.root_pem)
        assert (party.is_beyond_poppler, archive.is_beyond_poppler) == (False, True)

    def test_finds_no_signature_where_there_is_none(self, signed: Samples) -> None:
        assert pdfsig(signed["text"]) == ()


class TestOpenssl:
    pytestmark = pytest.mark.needs("openssl")

    @pytest.mark.parametrize("name", ["b-t", "b-lta", "note-added"])
    def test_accepts_a_good_signature(self, signed: Samples, name: str) -> None:
        (answer,) = openssl_cms_verify(signed[name], signed.root_pem)
        assert answer.accepted, answer.message

    def test_finds_one_changed_byte(self, signed: Samples) -> None:
        (answer,) = openssl_cms_verify(signed["one-byte-changed"], signed.root_pem)
        assert not answer.accepted
        assert "content verify error" in answer.message

    def test_does_not_trust_a_stranger(self, signed: Samples) -> None:
        (answer,) = openssl_cms_verify(signed["b-t"], signed.stranger_pem)
        assert not answer.accepted

    def test_refuses_before_the_certificate_is_born(self, signed: Samples) -> None:
        (answer,) = openssl_cms_verify(signed["b-t"], signed.root_pem, datetime.now(UTC) - timedelta(days=1))
        assert not answer.accepted
        assert "not yet valid" in answer.message

    def test_accepts_signature_and_archive_time_stamps(self, signed: Samples) -> None:
        answers = openssl_ts_verify(signed["b-lta"], signed.root_pem)
        assert [answer.accepted for answer in answers] == [True, True], answers

    def test_refuses_a_time_stamp_over_other_bytes(self, signed: Samples) -> None:
        later = signed["b-lta"].read_bytes()
        path = signed.write("b-lta-changed", samples.one_byte_changed(later))
        signature_stamp, archive_stamp = openssl_ts_verify(path, signed.root_pem)
        # The stamp in the signature covers the signature value alone, which is untouched.
        assert (signature_stamp.accepted, archive_stamp.accepted) == (True, False)

    def test_refuses_a_strange_time_stamp_authority(self, signed: Samples) -> None:
        assert not any(answer.accepted for answer in openssl_ts_verify(signed["b-lta"], signed.stranger_pem))


class TestQpdf:
    pytestmark = pytest.mark.needs("qpdf")

    @pytest.mark.parametrize("name", ["text", "b-t", "b-lta", "note-added"])
    def test_accepts_sound_syntax(self, signed: Samples, name: str) -> None:
        answer = qpdf_check(signed[name])
        assert answer.clean, answer.output

    def test_refuses_half_a_file(self, signed: Samples) -> None:
        assert not qpdf_check(signed["cut-short"]).clean


class TestVeraPdf:
    pytestmark = pytest.mark.needs("java", "javac", "mvn")

    @pytest.mark.parametrize("name", ["text", "b-t", "b-lta"])
    def test_accepts_pdf_a_3a(self, signed: Samples, name: str) -> None:
        report = verapdf(signed[name])
        assert (report.compliant, report.flavour, report.failed_rules) == (True, "3a", ())

    def test_refuses_a_file_that_claims_nothing(self, signed: Samples) -> None:
        report = verapdf(signed["claims-nothing"], "3a")
        assert not report.compliant
        assert "6.6.4" in {rule.clause for rule in report.failed_rules}, report.failed_rules

    def test_refuses_an_annotation_without_appearance(self, signed: Samples) -> None:
        report = verapdf(signed["note-added"])
        assert not report.compliant
        assert "6.3.3" in {rule.clause for rule in report.failed_rules}, report.failed_rules

    def test_survives_what_is_no_pdf(self, signed: Samples) -> None:
        with pytest.raises(JavaHarnessError):
            verapdf(signed.root_pem)
        assert verapdf(signed["text"]).compliant


class TestDss:
    pytestmark = pytest.mark.needs("java", "javac", "mvn")

    def test_passes_b_t_at_its_level_given_the_crls(self, signed: Samples) -> None:
        report = dss(signed["b-t"], signed.trust)
        (signature,) = report.signatures
        assert signature.passed, signature.verdict
        assert (signature.field, signature.level, signature.covers) == (samples.FIELD, "PAdES-BASELINE-T", "FULL")
        assert [stamp.passed for stamp in report.time_stamps] == [True]

    def test_passes_b_lta_on_its_own_data(self, signed: Samples) -> None:
        report = dss(signed["b-lta"], DssTrust((signed.root_pem,)))
        (signature,) = report.signatures
        assert signature.passed, signature.verdict
        assert signature.level == "PAdES-BASELINE-LTA"
        assert signature.changes.are_harmless
        assert {stamp.kind: stamp.passed for stamp in report.time_stamps} == {
            "SIGNATURE_TIMESTAMP": True,
            "DOCUMENT_TIMESTAMP": True,
        }

    def test_unknown_revocation_is_not_good(self, signed: Samples) -> None:
        (signature,) = dss(signed["b-t"], DssTrust((signed.root_pem,))).signatures
        assert signature.verdict.indication == "INDETERMINATE"

    def test_finds_one_changed_byte(self, signed: Samples) -> None:
        (signature,) = dss(signed["one-byte-changed"], signed.trust).signatures
        assert (signature.verdict.indication, signature.verdict.sub_indication) == ("TOTAL_FAILED", "HASH_FAILURE")

    def test_does_not_trust_a_stranger(self, signed: Samples) -> None:
        (signature,) = dss(signed["b-t"], DssTrust((signed.stranger_pem,))).signatures
        assert (signature.verdict.indication, signature.verdict.sub_indication) == (
            "INDETERMINATE",
            "NO_CERTIFICATE_CHAIN_FOUND",
        )

    def test_refuses_a_revoked_signer(self, signed: Samples) -> None:
        (signature,) = dss(signed["b-t"], signed.trust_after_revocation).signatures
        # Revoked before the time-stamp: no proof that the signature existed while the certificate was good
        # (ETSI EN 319 102-1 § 5.5.4).
        assert (signature.verdict.indication, signature.verdict.sub_indication) == ("INDETERMINATE", "REVOKED_NO_POE")

    def test_names_a_later_note(self, signed: Samples) -> None:
        (signature,) = dss(signed["note-added"], signed.trust).signatures
        assert not signature.changes.are_harmless
        assert signature.changes.annotation

    def test_an_unrenewed_archive_dies_with_its_time_stamp_unit(self, signed: Samples) -> None:
        in_twenty_years = datetime.now(UTC) + timedelta(days=20 * 366)
        (signature,) = dss(signed["b-lta"], DssTrust((signed.root_pem,)), in_twenty_years).signatures
        assert signature.verdict.indication == "INDETERMINATE"
