"""Certification and locks: what is allowed, and what must agree."""

from __future__ import annotations

import io

import pikepdf
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm, SigFieldSpec, SigSeedSubFilter

from signing.validation import TrustAnchors, VerificationReport, verify_pdf
from tests.builders import signed_by_pyhanko as signed
from tests.builders.attacks.updates import append_update
from tests.builders.signed_by_pyhanko import FIELD_BOXES, SIGNED_AT
from tests.builders.validation_pki import DAY


def examine(data: bytes) -> VerificationReport:
    pki = signed.shared_notary().pki
    trust = TrustAnchors((pki.root.der,), revocation=pki.crls(SIGNED_AT + DAY))
    return verify_pdf(io.BytesIO(data), trust=trust, now=SIGNED_AT + 2 * DAY)


def codes(report: VerificationReport) -> set[str]:
    return {finding.code for finding in report.findings}


def test_signing_after_a_certification_without_changes_is_a_violation() -> None:
    data = signed.certified(signed.shared_notary(), signed.base_pdf(), MDPPerm.NO_CHANGES)
    report = examine(_signed_in(data, "seller"))
    assert (report.verdict.value, report.integrity.value) == ("failed", "altered")
    assert "docmdp.violated" in codes(report)


def test_archiving_after_a_certification_without_changes_is_allowed() -> None:
    # ISO 32000-2 § 12.8.2.2: validation data and document time-stamps are never changes to the document.
    notary = signed.shared_notary()
    data = signed.certified(notary, signed.base_pdf(), MDPPerm.NO_CHANGES)
    report = examine(notary.archive(data, SIGNED_AT + DAY, notary.pki.crls(SIGNED_AT)))
    assert report.verdict.value == "passed"


def test_certification_that_the_catalog_does_not_name_is_a_mismatch() -> None:
    data = signed.certified(signed.shared_notary(), signed.base_pdf())
    with pikepdf.open(io.BytesIO(data)) as opened:
        catalog = pikepdf.Dictionary(opened.Root)
        del catalog["/Perms"]
        body = bytes(catalog.unparse(resolved=True))
    report = examine(append_update(data, {1: body}))
    assert {"docmdp.mismatch", "change.catalog"} <= codes(report)
    assert report.verdict.value == "failed"


def test_field_locked_by_a_signature_may_not_be_signed_later() -> None:
    notary = signed.shared_notary()
    writer = IncrementalPdfFileWriter(io.BytesIO(signed.base_pdf()))
    lock = FieldMDPSpec(FieldMDPAction.INCLUDE, ["buyer"])
    for name, box in FIELD_BOXES.items():
        spec = SigFieldSpec(name, on_page=1, box=box, field_mdp_spec=lock if name == "seller" else None)
        fields.append_signature_field(writer, spec)
    out = io.BytesIO()
    writer.write(out)
    data = notary.sign(out.getvalue(), "seller", SIGNED_AT)
    assert "fieldmdp.violated" not in codes(examine(notary.sign(data, "filing", SIGNED_AT)))
    report = examine(_signed_in(data, "buyer"))
    assert "fieldmdp.violated" in codes(report)
    assert report.verdict.value == "failed"


def test_certification_after_another_signature_is_refused() -> None:
    report = examine(_certified_second())
    assert "docmdp.not_first" in codes(report)
    assert report.verdict.value == "failed"


def test_second_certification_is_one_too_many() -> None:
    data = signed.certified(signed.shared_notary(), signed.base_pdf())
    second = b"/Reference [<< /Type /SigRef /TransformMethod /DocMDP /TransformParams << /P 2 >> >>]"
    report = examine(_signed_in(data, "seller", second))
    assert "docmdp.several" in codes(report)
    assert report.verdict.value == "failed"


def _signed_in(data: bytes, name: str, entries: bytes = b"") -> bytes:
    """A value put into the field without asking anybody; pyHanko refuses to sign against a certification or a lock."""
    with pikepdf.open(io.BytesIO(data)) as opened:
        field = next(item for item in opened.Root.AcroForm.Fields if str(item.T) == name)
        number, body = int(field.objgen[0]), bytes(field.unparse(resolved=True))
        fresh = int(opened.trailer.Size)
    value = b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached %s >>" % entries
    return append_update(data, {number: body[:-2] + b" /V %d 0 R >>" % fresh, fresh: value})


class _BoldSigner(signers.PdfSigner):
    """Certifies whenever asked."""

    def _enforce_certification_constraints(self, reader: object) -> None:
        del reader


def _certified_second() -> bytes:
    notary = signed.shared_notary()
    out = io.BytesIO()
    notary.with_fields(signed.base_pdf(), FIELD_BOXES).write(out)
    data = notary.sign(out.getvalue(), "seller", SIGNED_AT)
    metadata = signers.PdfSignatureMetadata(
        field_name="buyer",
        subfilter=SigSeedSubFilter.PADES,
        certify=True,
        docmdp_permissions=MDPPerm.FILL_FORMS,
    )
    party = notary.party("buyer")
    signer = signers.SimpleSigner(signed.asn1(party), signed.private_key(party), notary.chain())
    return _BoldSigner(metadata, signer).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(data))).getvalue()
