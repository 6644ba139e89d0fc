"""A small tagged PDF/A-3a with two signature boxes, typeset on the spot, and signers for it."""

from __future__ import annotations

import io
from datetime import timedelta
from functools import cache

import typst
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from documents.boxes import FieldBox
from signing.pades import CERTIFICATION_FIELD, FieldSignature, certify
from signing.ports import TimeStampToken
from signing.time import LocalTransport, TimeStampAuthority, TimeStampClient, TimeStampTrust
from tests.builders.small_pki import NOW, SoftSigner, ca, root, tsu

__all__ = ["BOXES", "certified_pdf", "plain_pdf", "signer", "stamper"]

BOXES = (
    FieldBox("seller-1", 0, (100.0, 100.0, 270.0, 164.0), "出卖人签名"),
    FieldBox("filing-stamp", 0, (300.0, 100.0, 450.0, 250.0), "备案章"),
)

_SOURCE = b"""#set document(title: "plain", date: datetime(year: 2026, month: 11, day: 21))
#set text(lang: "en")
= Plain
One page to sign.
"""


@cache
def plain_pdf() -> bytes:
    return typst.compile(_SOURCE, format="pdf", pdf_standards=["a-3a"], timestamp=NOW)


@cache
def signer(common_name: str) -> SoftSigner:
    """An end-entity signer under the test CA; the same one for the same name."""
    issuer = ca()
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)]))
        .issuer_name(issuer.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - timedelta(minutes=1))
        .not_valid_after(NOW + timedelta(days=1))
        .sign(issuer.key, hashes.SHA256())
    )
    return SoftSigner(key, certificate, issuer.chain)


@cache
def _client() -> TimeStampClient:
    authority = TimeStampAuthority(tsu(), "1.2.3.4")
    return TimeStampClient([LocalTransport(authority, lambda: NOW)], TimeStampTrust([root().certificate]))


def stamper(digest: bytes) -> TimeStampToken:
    """Time-stamps at ``NOW`` with the embedded authority."""
    return _client().stamp(digest, NOW)


@cache
def certified_pdf() -> bytes:
    """The plain file with its fields and the certification signature."""
    sink = io.BytesIO()
    signature = FieldSignature(CERTIFICATION_FIELD, signer("Service"), NOW, "固定文本", None)
    certify(io.BytesIO(plain_pdf()), sink, BOXES, signature, stamper)
    return sink.getvalue()
