"""Signed PDFs made with stock pyHanko over a hand-written page, so that validation is not tried on our own signer only.

The base file has plain syntax and fixed object numbers, which attacks need: 1 catalog, 2 page tree, 3 and 4 pages,
5 and 6 their contents, 7 font, 8 a form XObject that page 1 draws last.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cache

from asn1crypto import keys, x509
from asn1crypto.crl import CertificateList
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.fields import MDPPerm, SigFieldSpec, SigSeedSubFilter
from pyhanko.sign.signers.pdf_cms import SimpleSigner
from pyhanko.sign.timestamps import DummyTimeStamper
from pyhanko.sign.validation.dss import DocumentSecurityStore
from pyhanko_certvalidator.registry import SimpleCertificateStore

from tests.builders.validation_pki import BIRTH, DAY, Holder, Pki, shared_pki

__all__ = [
    "FIELD_BOXES",
    "SIGNED_AT",
    "Notary",
    "base_objects",
    "base_pdf",
    "certified",
    "lta_contract",
    "page_text",
    "party_contract",
    "shared_notary",
    "stream",
    "write_pdf",
]

SIGNED_AT = BIRTH + 10 * DAY
"""When the first party signs."""

FIELD_BOXES = {"seller": (60, 120, 260, 180), "buyer": (320, 120, 520, 180), "filing": (320, 40, 520, 100)}
"""Signature fields on page 2."""


def write_pdf(objects: dict[int, bytes], root: int = 1, header: bytes = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n") -> bytes:
    """A PDF with a classic cross-reference table from object bodies."""
    out = bytearray(header)
    offsets = {}
    for number, body in objects.items():
        offsets[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    size = max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % offsets[number] if number in offsets else b"0000000000 00001 f \n"
    out += b"trailer\n<< /Size %d /Root %d 0 R /ID [<00112233445566778899aabbccddeeff> " % (size, root)
    return bytes(out + b"<00112233445566778899aabbccddeeff>] >>\nstartxref\n%d\n%%%%EOF\n" % start)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    return b"<< %s /Length %d >>\nstream\n%s\nendstream" % (entries, len(data), data)


def page_text(*lines: str) -> bytes:
    shown = b" T* ".join(b"(%s) Tj" % line.encode("ascii") for line in lines)
    return b"BT /F1 14 Tf 60 760 Td 24 TL %s ET\n" % shown


def base_objects(overlay: bytes = b"") -> dict[int, bytes]:
    """The contract, object by object."""
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R"
        b" /Resources << /Font << /F1 7 0 R >> /XObject << /Over 8 0 R >> >> >>"
    )
    form = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /Font << /F1 7 0 R >> >>"
    return {
        1: b"<< /Type /Catalog /Pages 2 0 R >>",
        2: b"<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>",
        3: page % 5,
        4: page % 6,
        5: stream(page_text("Sale of a house", "The price is 1286500 yuan.") + b"/Over Do\n"),
        6: stream(page_text("Signatures of the parties")),
        7: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        8: stream(overlay, form),
    }


def base_pdf(overlay: bytes = b"") -> bytes:
    return write_pdf(base_objects(overlay))


@dataclass(frozen=True, slots=True)
class Notary:
    """Signs with pyHanko at given times."""

    pki: Pki
    stamper: Holder
    parties: dict[str, Holder] = field(default_factory=dict)

    def party(self, name: str) -> Holder:
        if name not in self.parties:
            self.parties[name] = self.pki.party(name)
        return self.parties[name]

    def with_fields(self, pdf: bytes, boxes: dict[str, tuple[int, int, int, int]]) -> IncrementalPdfFileWriter:
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        for name, box in boxes.items():
            fields.append_signature_field(writer, SigFieldSpec(name, on_page=1, box=box, empty_field_appearance=False))
        return writer

    def certify(self, writer: IncrementalPdfFileWriter, at: datetime, level: MDPPerm = MDPPerm.FILL_FORMS) -> bytes:
        metadata = signers.PdfSignatureMetadata(
            field_name="service", subfilter=SigSeedSubFilter.PADES, certify=True, docmdp_permissions=level
        )
        return self._sign(writer, metadata, "service", at)

    def sign(self, pdf: bytes, name: str, at: datetime | None, **metadata: object) -> bytes:
        """Sign the field ``name``; without ``at`` there is no time-stamp."""
        chosen = {"subfilter": SigSeedSubFilter.PADES, "md_algorithm": "sha256", **metadata}
        writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
        return self._sign(writer, signers.PdfSignatureMetadata(field_name=name, **chosen), name, at)

    def archive(self, pdf: bytes, at: datetime, revocation: tuple[bytes, ...], stamper: Holder | None = None) -> bytes:
        """Add CRLs and an archive time-stamp."""
        out = io.BytesIO(pdf)
        store = [asn1(self.pki.issuing), asn1(self.pki.root)]
        crls = [_crl(data) for data in revocation]
        DocumentSecurityStore.add_dss(out, None, certs=store, crls=crls, force_write=True)
        writer = IncrementalPdfFileWriter(out)
        stamping = signers.PdfTimeStamper(self.time_stamper(at, stamper))
        return stamping.timestamp_pdf(writer, "sha256").getvalue()

    def time_stamper(self, at: datetime, stamper: Holder | None = None) -> DummyTimeStamper:
        chosen = stamper or self.stamper
        return DummyTimeStamper(asn1(chosen), private_key(chosen), certs_to_embed=self.chain(), fixed_dt=at)

    def _sign(
        self, writer: IncrementalPdfFileWriter, metadata: signers.PdfSignatureMetadata, name: str, at: datetime | None
    ) -> bytes:
        holder = self.party(name)
        signer = SimpleSigner(asn1(holder), private_key(holder), self.chain())
        stamper = self.time_stamper(at) if at is not None else None
        return signers.PdfSigner(metadata, signer, timestamper=stamper).sign_pdf(writer).getvalue()

    def chain(self) -> SimpleCertificateStore:
        store = SimpleCertificateStore()
        store.register_multiple([asn1(self.pki.issuing), asn1(self.pki.root)])
        return store


def certified(notary: Notary, pdf: bytes, level: MDPPerm = MDPPerm.FILL_FORMS) -> bytes:
    """Every field made, then the service's certification."""
    return notary.certify(notary.with_fields(pdf, FIELD_BOXES), SIGNED_AT, level)


@cache
def shared_notary() -> Notary:
    pki = shared_pki()
    return Notary(pki, pki.stamper("Shared TSU"))


@cache
def party_contract() -> bytes:
    """Certified, and signed by seller and buyer at B-T; the filing stamp is still missing."""
    notary = shared_notary()
    pdf = certified(notary, base_pdf())
    pdf = notary.sign(pdf, "seller", SIGNED_AT + timedelta(hours=1))
    return notary.sign(pdf, "buyer", SIGNED_AT + timedelta(hours=2))


@cache
def lta_contract() -> bytes:
    """The same, with filing stamp, validation data and archive time-stamp."""
    notary = shared_notary()
    pdf = notary.sign(party_contract(), "filing", SIGNED_AT + DAY)
    sealed_at = SIGNED_AT + DAY + timedelta(minutes=5)
    return notary.archive(pdf, sealed_at, notary.pki.crls(sealed_at - timedelta(minutes=1)))


def asn1(holder: Holder) -> x509.Certificate:
    return x509.Certificate.load(holder.der)


def private_key(holder: Holder) -> keys.PrivateKeyInfo:
    return keys.PrivateKeyInfo.load(holder.key_der())


def _crl(data: bytes) -> object:
    return CertificateList.load(data)
