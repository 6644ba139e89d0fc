"""Small PDFs signed by stock pyHanko: what the harness is tried on before it judges our own signatures."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import typst
from asn1crypto import keys
from asn1crypto import x509 as asn1_x509
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko_certvalidator import ValidationContext
from pyhanko_certvalidator.registry import SimpleCertificateStore

if TYPE_CHECKING:
    from tests.conformance.throwaway_pki import Holder, ThrowawayPki

FIELD = "Party"
SENTENCE = "The house is sold for one yuan."
_SOURCE = f"""
#set document(title: "Sample")
#set text(lang: "en")
= Sample
{SENTENCE}
"""


def pdf_a_3a() -> bytes:
    """One tagged page in one of the fonts that Typst brings along."""
    pdf = typst.compile(_SOURCE.encode(), format="pdf", pdf_standards=["a-3a"], ignore_system_fonts=True)
    # Typst ends with "%%EOF" and no end of line; pyHanko appends at once, and the first object of its update would then
    # not start on a line of its own (ISO 19005-3 § 6.1.9).
    return pdf + b"\n"


def plain_pdf() -> bytes:
    """The same page, claiming nothing."""
    return typst.compile(_SOURCE.encode(), format="pdf", ignore_system_fonts=True)


def signed_b_t(pdf: bytes, pki: ThrowawayPki) -> bytes:
    """PAdES-BASELINE-T in one invisible field."""
    return _sign(pdf, pki, signers.PdfSignatureMetadata(field_name=FIELD, subfilter=fields.SigSeedSubFilter.PADES))


def signed_b_lta(pdf: bytes, pki: ThrowawayPki) -> bytes:
    """PAdES-BASELINE-LTA: with validation data and an archive time-stamp."""
    context = ValidationContext(
        trust_roots=[_asn1(pki.root)],
        other_certs=[_asn1(pki.issuing)],
        crls=pki.crls_der,
        revocation_mode="require",
        allow_fetching=False,
    )
    metadata = signers.PdfSignatureMetadata(
        field_name=FIELD,
        subfilter=fields.SigSeedSubFilter.PADES,
        embed_validation_info=True,
        use_pades_lta=True,
        validation_context=context,
    )
    return _sign(pdf, pki, metadata)


def _sign(pdf: bytes, pki: ThrowawayPki, metadata: signers.PdfSignatureMetadata) -> bytes:
    registry = SimpleCertificateStore()
    registry.register_multiple([_asn1(pki.issuing), _asn1(pki.root)])
    signer = signers.SimpleSigner(
        signing_cert=_asn1(pki.signer), signing_key=_asn1_key(pki.signer), cert_registry=registry
    )
    stamper = DummyTimeStamper(_asn1(pki.time_stamper), _asn1_key(pki.time_stamper), certs_to_embed=registry)
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    signed = signers.PdfSigner(metadata, signer, timestamper=stamper).sign_pdf(writer)
    return signed.getvalue()


def _asn1(holder: Holder) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(holder.certificate_der())


def _asn1_key(holder: Holder) -> keys.PrivateKeyInfo:
    return keys.PrivateKeyInfo.load(holder.key_der())


def one_byte_changed(signed: bytes) -> bytes:
    """The title in the clear-text metadata, inside what the first signature covers, one letter different."""
    changed = signed.replace(b">Sample<", b">Simple<", 1)
    if changed == signed:
        raise AssertionError("the sample no longer holds its title in clear text")
    return changed


def note_added(signed: bytes) -> bytes:
    """A later revision that lays a yellow note over the page: no signed byte is touched."""
    writer = IncrementalPdfFileWriter(io.BytesIO(signed))
    note = generic.DictionaryObject(
        {
            pdf_name("/Type"): pdf_name("/Annot"),
            pdf_name("/Subtype"): pdf_name("/FreeText"),
            pdf_name("/Rect"): generic.ArrayObject(map(generic.NumberObject, (50, 50, 500, 800))),
            pdf_name("/Contents"): generic.pdf_string("for two yuan"),
            pdf_name("/DA"): generic.pdf_string("/Helv 12 Tf 1 0 0 rg"),
            pdf_name("/F"): generic.NumberObject(4),
        }
    )
    writer.register_annotation(writer.find_page_for_modification(0)[0], writer.add_object(note))
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
