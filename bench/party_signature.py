"""(a) One party signature, B-T with ink, on a contract that has three: ours against stock pyHanko.

Both sign the same file in the same empty field with a P-256 key of the same certificate chain, time-stamped by the same
authority in process, and paint the same ink. pyHanko is used as its manual shows: ``SimpleSigner``, ``PdfSigner``,
a fresh reader and writer per signature, chain and appearance handed to it ready.
"""

from __future__ import annotations

import asyncio
import io
from typing import TYPE_CHECKING

from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import TimeStamper
from pyhanko.stamp import StaticStampStyle
from pyhanko_certvalidator.registry import SimpleCertificateStore

from bench import contract
from bench.measure import Row, compare
from signing.pades import FieldSignature, sign_field
from signing.ports import SignatureAlgorithm

if TYPE_CHECKING:
    from datetime import datetime

    from documents.boxes import FieldBox
    from signing.appearance import Appearance

ROUNDS = 60


class _Key:
    """A party's key that may sign more than once, so that only signing is measured; issuing has a row of its own."""

    algorithm = SignatureAlgorithm.ECDSA_WITH_SHA256

    def __init__(self, key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> None:
        self.key = key
        self.certificate = certificate
        self.issuers = (contract.desk().keys.issuing.certificate, contract.desk().keys.root)

    def sign(self, data: bytes) -> bytes:
        return self.key.sign(data, ec.ECDSA(hashes.SHA256()))


class _SameAuthority(TimeStamper):
    """pyHanko's client in front of our authority."""

    async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
        return tsp.TimeStampResp.load(contract.desk().authority.respond(req.dump(), contract.clock()))


def measure() -> list[Row]:
    base = contract.with_three_signatures()
    box = contract.party_boxes()[2]
    key = _reusable_key(contract.clock())
    simple = _simple_signer(key)

    def ours() -> bytes:
        sink = io.BytesIO()
        appearance = contract.party_mark_appearance(box)
        signature = FieldSignature(box.name, key, contract.clock(), "签署合同", appearance)
        sign_field(io.BytesIO(base), sink, signature, contract.desk().stamp)
        return sink.getvalue()

    def theirs() -> bytes:
        return _stock(base, box, simple, contract.party_mark_appearance(box))

    rows = [compare("party signature B-T with ink, against stock pyHanko", ours, theirs, ROUNDS, "≥ 4×, aim 8×")]
    issuing = compare("one-time key and certificate, logged durably", contract.party_signer, lambda: None, ROUNDS, "–")
    return [*rows, Row(issuing.name, issuing.value, "ms", None, None, "–")]


def _stock(base: bytes, box: FieldBox, signer: signers.SimpleSigner, appearance: Appearance) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(base))
    style = StaticStampStyle(
        border_width=0,
        background_opacity=1,
        background=RawContent(appearance.content, box=BoxConstraints(appearance.width, appearance.height)),
    )
    metadata = signers.PdfSignatureMetadata(
        field_name=box.name, md_algorithm="sha256", subfilter=fields.SigSeedSubFilter.PADES, reason="签署合同"
    )
    out = io.BytesIO()
    pdf_signer = signers.PdfSigner(metadata, signer=signer, timestamper=_SameAuthority(), stamp_style=style)
    asyncio.run(pdf_signer.async_sign_pdf(writer, output=out))
    return out.getvalue()


def _reusable_key(now: datetime) -> _Key:
    """Same chain length and curve as a party's; issued by a stand-in of equal size, because ours sign only once."""
    from datetime import timedelta  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1())
    issuing = contract.desk().keys.issuing.certificate
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "沈书瑶")]))
        .issuer_name(issuing.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(minutes=1))
        .not_valid_after(now + timedelta(days=1))
    )
    return _Key(key, builder.sign(key, hashes.SHA256()))


def _simple_signer(key: _Key) -> signers.SimpleSigner:
    registry = SimpleCertificateStore()
    for certificate in key.issuers:
        registry.register(_converted(certificate))
    return signers.SimpleSigner(
        signing_cert=_converted(key.certificate),
        signing_key=asn1_keys.PrivateKeyInfo.load(
            key.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        ),
        cert_registry=registry,
    )


def _converted(certificate: x509.Certificate) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))
