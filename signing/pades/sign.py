"""Certify the fixed text, then let each party sign: PAdES B-T, one incremental update per signature.

The order of one signature (ETSI EN 319 142-1 § 6.3, RFC 5652, RFC 3161):

1. find the field and refuse it when it is missing or signed;
2. write the update with a hole for ``/Contents``; ByteRange covers everything but the hole;
3. digest base and update, in pieces;
4. sign, then time-stamp the signature value; without a time-stamp nothing is written;
5. fill the hole, write base and update to the sink.

What it does not check: who may sign, and whether the base is the revision meant (``filing`` does both).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, BinaryIO

from cryptography.x509.oid import NameOID

from signing.errors import SignatureStateError
from signing.pades.base import PdfBase, SignatureFieldRef
from signing.pades.cms import sign_digest
from signing.pades.fields import add_appearance, add_fields
from signing.pades.update import IncrementalUpdate, RenderedUpdate, dictionary_entries, pdf_date, text_string

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from documents.boxes import FieldBox
    from signing.appearance import Appearance
    from signing.pades.cms import TimeStamper
    from signing.ports import Signer, TimeStampToken

__all__ = ["FieldSignature", "SignatureLevel", "SignedRevision", "append_update", "certify", "sign_field"]

RESERVE_BYTES = 12_288
"""Room for one CMS: own certificate and issuer about 1.5 kB, a time-stamp token with its chain 2–6 kB; the rest is
margin for a foreign time-stamp authority. More is refused before anything is written (``signature.too_large``)."""


class SignatureLevel(Enum):
    """PAdES baseline levels (ETSI EN 319 142-1 § 6)."""

    B_T = "B-T"
    B_LTA = "B-LTA"


@dataclass(frozen=True, slots=True)
class FieldSignature:
    """One signature to be made."""

    field_name: str
    """Partial name of a field that exists and is empty."""

    signer: Signer
    """The key that signs; for a party, a one-time key."""

    signed_at: datetime
    """Claimed signing time, aware; goes to ``/M``. The proof is the time-stamp, not this."""

    reason: str
    """Why, in the signer's language (``/Reason``)."""

    appearance: Appearance | None
    """What is seen in the field; ``None`` leaves the field's blank appearance."""


@dataclass(frozen=True, slots=True)
class SignedRevision:
    """What one signature left behind."""

    field_name: str
    """The field that was signed."""

    sha256: str
    """SHA-256 of the whole new file, lower-case hex."""

    size_bytes: int
    """Length of the new file."""

    level: SignatureLevel
    """The level reached, which is the level recorded."""

    timestamp: TimeStampToken
    """The time-stamp over the signature value, or the archive time-stamp."""


def certify(
    stream: BinaryIO, sink: BinaryIO, boxes: Sequence[FieldBox], signature: FieldSignature, timestamper: TimeStamper
) -> SignedRevision:
    """Make every field and fix the text with the service's certification signature (DocMDP P=2).

    ``stream`` is the typeset file, seekable; the new file goes to ``sink``.
    """
    with PdfBase(stream) as base:
        update = IncrementalUpdate(base)
        number = update.reserve()
        add_fields(base, update, boxes, number)
        update.put_signature(number, _signature_entries(signature) + _DOC_MDP, RESERVE_BYTES)
        return _finish(base, update, sink, signature, timestamper)


def sign_field(stream: BinaryIO, sink: BinaryIO, signature: FieldSignature, timestamper: TimeStamper) -> SignedRevision:
    """Sign one existing, empty field at B-T.

    Raises ``SignatureStateError`` (``field.missing``, ``field.signed``), ``KeyStoreError``, ``TimeStampError``
    (retryable, nothing written).
    """
    with PdfBase(stream) as base:
        field = _empty_field(base, signature.field_name)
        update = IncrementalUpdate(base)
        number = update.reserve()
        update.put(field.number, _signed_widget(base, update, field, number, signature), field.generation)
        update.put_signature(number, _signature_entries(signature), RESERVE_BYTES)
        return _finish(base, update, sink, signature, timestamper)


def append_update(
    base: PdfBase, rendered: RenderedUpdate, sink: BinaryIO, make_contents: Callable[[bytes], bytes]
) -> tuple[str, int]:
    """Fill the hole with ``make_contents(sha256 of the ByteRange)`` and write base and update; digest and size return.

    Nothing is written before ``make_contents`` has answered.
    """
    hole = rendered.hole
    if hole is None:
        raise SignatureStateError("signature.no_hole", zh="更新中没有签名", en="the update carries no signature")
    whole = hashlib.sha256()
    for piece in base.chunks():
        whole.update(piece)
    covered = whole.copy()
    view = memoryview(rendered.data)
    covered.update(view[: hole.start])
    covered.update(view[hole.end :])
    contents = make_contents(covered.digest()).hex().encode()
    room = hole.end - hole.start - 2
    if len(contents) > room:
        raise SignatureStateError(
            "signature.too_large", zh="签名数据超出预留空间", en="the signature does not fit", bytes=len(contents) // 2
        )
    view[hole.start + 1 : hole.start + 1 + len(contents)] = contents
    whole.update(view)
    for piece in base.chunks():
        sink.write(piece)
    sink.write(view)
    return whole.hexdigest(), base.size_bytes + len(view)


_DOC_MDP = (
    b" /Reference [<< /Type /SigRef /TransformMethod /DocMDP"
    b" /TransformParams << /Type /TransformParams /V /1.2 /P 2 >> >>]"
)
"""Certification: later, only filling of existing signature fields (ISO 32000-2 § 12.8.2.2, P=2)."""


def _finish(
    base: PdfBase, update: IncrementalUpdate, sink: BinaryIO, signature: FieldSignature, timestamper: TimeStamper
) -> SignedRevision:
    tokens: list[TimeStampToken] = []

    def keep_token(digest: bytes) -> TimeStampToken:
        tokens.append(timestamper(digest))
        return tokens[-1]

    digest, size = append_update(
        base, update.render(), sink, lambda covered: sign_digest(covered, signature.signer, keep_token)
    )
    return SignedRevision(signature.field_name, digest, size, SignatureLevel.B_T, tokens[-1])


def _signature_entries(signature: FieldSignature) -> bytes:
    """Signature dictionary without /Contents and /ByteRange (ISO 32000-2 table 255; ETSI EN 319 142-1 § 6.3)."""
    name = signature.signer.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value
    return b"/Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M %s /Name %s /Reason %s" % (
        pdf_date(signature.signed_at),
        text_string(str(name)),
        text_string(signature.reason),
    )


def _empty_field(base: PdfBase, name: str) -> SignatureFieldRef:
    field = base.signature_field(name)
    if field is None:
        raise SignatureStateError("field.missing", zh="没有这个签名域", en="no such signature field", field=name)
    if field.signed:
        raise SignatureStateError("field.signed", zh="该签名域已签署", en="the field is already signed", field=name)
    return field


def _signed_widget(
    base: PdfBase, update: IncrementalUpdate, field: SignatureFieldRef, number: int, signature: FieldSignature
) -> bytes:
    widget = base.pdf.get_object(field.number, field.generation)
    appearance = signature.appearance
    if appearance is None:
        return b"<< %s /V %d 0 R >>" % (dictionary_entries(widget), number)
    form = add_appearance(update, (appearance.width, appearance.height), appearance.content)
    return b"<< %s /AP << /N %d 0 R >> /V %d 0 R >>" % (dictionary_entries(widget, "/AP"), form, number)
