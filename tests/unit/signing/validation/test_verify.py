"""Good files of every kind, ours and foreign, and what is said about them."""

from __future__ import annotations

import hashlib
import io
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.fields import SigSeedSubFilter

from signing.errors import ValidationError
from signing.validation import (
    DEFAULT_LIMITS,
    Limits,
    TrustAnchors,
    VerificationReport,
    exit_code,
    load_trust_anchors,
    verify_pdf,
)
from tests.builders import signed_by_pyhanko as signed
from tests.builders.attacks.every import attack_named
from tests.builders.attacks.files import one_signature
from tests.builders.attacks.updates import append_update
from tests.builders.signed_by_pyhanko import FIELD_BOXES, SIGNED_AT, base_objects, write_pdf
from tests.builders.validation_pki import DAY, make_pki

NOW = SIGNED_AT + 2 * DAY


def trust(*, revocation: bool = False) -> TrustAnchors:
    pki = signed.shared_notary().pki
    return TrustAnchors((pki.root.der,), revocation=pki.crls(SIGNED_AT + DAY) if revocation else ())


def examine(data: bytes, *, revocation: bool = False, limits: Limits = DEFAULT_LIMITS) -> VerificationReport:
    return verify_pdf(io.BytesIO(data), trust=trust(revocation=revocation), now=NOW, limits=limits)


def codes(report: VerificationReport) -> set[str]:
    return {finding.code for finding in report.findings}


def test_sealed_contract_passes_at_b_lta_with_the_root_alone() -> None:
    report = examine(signed.lta_contract())
    assert (report.verdict.value, report.integrity.value, exit_code(report)) == ("passed", "intact", 0)
    assert [(item.field, item.level.value) for item in report.signatures[:4]] == [
        ("service", "B-LTA"),
        ("seller", "B-LTA"),
        ("buyer", "B-LTA"),
        ("filing", "B-LTA"),
    ]
    assert report.signatures[4].kind.value == "document_timestamp"
    assert report.signatures[4].covers.whole_file
    assert codes(report) == {"time.claim_differs"}  # the builder stamps at times of its own choosing


def test_time_is_the_time_stamps_and_not_the_claim() -> None:
    seller = examine(signed.lta_contract()).signatures[1]
    assert seller.signed_at.proven_at == SIGNED_AT + timedelta(hours=1)
    assert seller.signed_at.proof.value == "time_stamp"
    assert seller.signed_at.source == "Shared TSU"
    assert seller.signed_at.claimed_at != seller.signed_at.proven_at


def test_kinds_follow_the_dictionaries() -> None:
    report = examine(signed.lta_contract())
    assert [item.kind.value for item in report.signatures] == [
        "certification",
        "approval",
        "approval",
        "approval",
        "document_timestamp",
    ]


def test_revisions_covered_are_counted_from_one() -> None:
    report = examine(signed.party_contract(), revocation=True)
    assert [(item.covers.revision, item.covers.revisions) for item in report.signatures] == [(2, 4), (3, 4), (4, 4)]
    assert [item.covers.whole_file for item in report.signatures] == [False, False, True]


def test_later_signatures_are_allowed_changes_of_earlier_ones() -> None:
    service = examine(signed.party_contract(), revocation=True).signatures[0]
    assert [(change.field, change.suspicious) for change in service.changes if change.kind.value == "signature"] == [
        ("seller", False),
        ("buyer", False),
    ]


def test_unknown_revocation_is_indeterminate_never_passed() -> None:
    report = examine(signed.party_contract())
    assert (report.verdict.value, report.integrity.value, exit_code(report)) == ("indeterminate", "intact", 2)
    assert {item.outcome.sub_indication for item in report.signatures} == {"TRY_LATER"}
    assert "revocation.unknown" in codes(report)
    assert not any(item.trusted for item in report.signatures)


def test_revocation_from_outside_lets_pass_but_does_not_raise_the_level() -> None:
    report = examine(signed.party_contract(), revocation=True)
    assert report.verdict.value == "passed"
    assert {item.level.value for item in report.signatures} == {"B-T"}


def test_unfilled_field_is_only_noted() -> None:
    report = examine(signed.party_contract(), revocation=True)
    assert ("field.unsigned", "filing", "info") in {
        (item.code, item.field, item.severity.value) for item in report.findings
    }
    assert report.verdict.value == "passed"


def test_one_signature_in_two_fields_is_refused() -> None:
    data = one_signature()
    with pikepdf.open(io.BytesIO(data)) as opened:
        by_name = {str(item.T): item for item in opened.Root.AcroForm.Fields}
        value = int(by_name["service"].V.objgen[0])
        number, body = int(by_name["seller"].objgen[0]), bytes(by_name["seller"].unparse(resolved=True))
    report = examine(append_update(data, {number: body[:-2] + b" /V %d 0 R >>" % value}), revocation=True)
    assert "signature.shared" in codes(report)
    assert (report.verdict.value, report.integrity.value) == ("failed", "altered")


def test_hybrid_cross_references_keep_from_passing() -> None:
    base = write_pdf(base_objects())
    start = base.rindex(b"xref\n", 0, base.rindex(b"startxref"))
    table = signed.stream(b"", b"/Type /XRef /Size 9 /W [1 2 1] /Index [0 0] /Root 1 0 R")
    hybrid = base[:start] + b"9 0 obj\n%s\nendobj\n" % table
    at = len(hybrid)
    entries = base[start : base.index(b"startxref", start)].replace(b"/Root", b"/XRefStm %d /Root" % start)
    data = hybrid + entries + b"startxref\n%d\n%%%%EOF\n" % at
    assert "structure.hybrid_xref" in codes(examine(data))


def test_without_trust_integrity_is_still_known() -> None:
    stranger = make_pki("Stranger")
    report = verify_pdf(io.BytesIO(signed.lta_contract()), trust=TrustAnchors((stranger.root.der,)), now=NOW)
    assert (report.verdict.value, report.integrity.value) == ("indeterminate", "intact")
    assert {item.outcome.sub_indication for item in report.signatures} == {"NO_CERTIFICATE_CHAIN_FOUND"}
    assert "trust.no_chain" in codes(report)


def test_signature_without_time_stamp_is_b_b_and_its_time_a_claim() -> None:
    report = examine(signed.shared_notary().sign(one_signature(), "seller", None), revocation=True)
    seller = report.signatures[1]
    assert (seller.level.value, seller.signed_at.proof.value, seller.signed_at.proven_at) == ("B-B", "claimed", None)
    assert "time.unproven" in codes(report)


def test_cms_signature_that_is_not_pades_has_no_level() -> None:
    notary = signed.shared_notary()
    out = io.BytesIO()
    notary.with_fields(signed.base_pdf(), {"seller": FIELD_BOXES["seller"]}).write(out)
    data = notary.sign(out.getvalue(), "seller", SIGNED_AT, subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED)
    report = examine(data, revocation=True)
    assert (report.verdict.value, report.signatures[0].level.value) == ("passed", "none")


def test_validation_data_alone_after_the_last_signature_are_noted() -> None:
    data = append_update(
        signed.party_contract(),
        {1: _catalog_with_store(signed.party_contract()), 900: signed.stream(b"not looked at")},
    )
    report = examine(data, revocation=True)
    assert "validation_data_after_last_signature" in codes(report)
    assert "bytes_after_last_signature" not in codes(report)


def _catalog_with_store(data: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(data)) as opened:
        catalog = bytes(opened.Root.unparse(resolved=True))
    return catalog.replace(b"/Type /Catalog", b"/Type /Catalog /DSS << /Type /DSS /Certs [900 0 R] >>")


def test_white_space_after_the_last_signature_is_noted() -> None:
    report = examine(signed.lta_contract() + b"\r\n")
    assert report.verdict.value == "passed"
    assert "white_space_after_last_signature" in codes(report)


def test_weak_digest_never_passes() -> None:
    data = signed.shared_notary().sign(one_signature(), "seller", SIGNED_AT, md_algorithm="sha1")
    report = examine(data, revocation=True)
    assert report.verdict.value == "indeterminate"
    assert "algorithm.weak" in codes(report)
    assert report.signatures[1].outcome.sub_indication == "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"


def test_file_is_named_by_its_digest() -> None:
    data = signed.lta_contract()
    assert examine(data).file.sha256 == hashlib.sha256(data).hexdigest()


def test_path_and_stream_give_the_same_report(tmp_path: Path) -> None:
    path = tmp_path / "contract.pdf"
    path.write_bytes(signed.lta_contract())
    assert verify_pdf(path, trust=trust(), now=NOW) == examine(signed.lta_contract())


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(file_bytes=1000), "limit.file_size"),
        (Limits(pages=1), "limit.pages"),
        (Limits(objects=5), "limit.objects"),
        (Limits(revisions=2), "limit.revisions"),
        (Limits(signatures=3), "limit.signatures"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_file_over_a_limit_is_unreadable(limits: Limits, code: str) -> None:
    report = examine(signed.lta_contract(), limits=limits)
    assert (report.verdict.value, exit_code(report), codes(report)) == ("unreadable", 3, {code})


def test_exit_codes_of_failed_and_indeterminate_differ() -> None:
    assert exit_code(examine(attack_named("flipped_byte_in_the_text").build())) == 1
    assert exit_code(examine(attack_named("unsigned_file").build())) == 2


def test_trust_anchors_are_read_from_pem_bundles_and_der(tmp_path: Path) -> None:
    pki = signed.shared_notary().pki
    bundle, single = tmp_path / "bundle.pem", tmp_path / "root.der"
    bundle.write_bytes(b"".join(item.certificate.public_bytes(Encoding.PEM) for item in (pki.root, pki.issuing)))
    single.write_bytes(pki.root.der)
    anchors = load_trust_anchors([bundle, single])
    assert anchors.certificates == (pki.root.der, pki.issuing.der, pki.root.der)


def test_unreadable_trust_anchor_is_an_error_and_not_a_verdict(tmp_path: Path) -> None:
    path = tmp_path / "root.pem"
    path.write_bytes(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n")
    with pytest.raises(ValidationError) as caught:
        load_trust_anchors([path])
    assert caught.value.code == "trust.unreadable"
