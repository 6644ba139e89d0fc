"""From B-T to B-LTA, and on: validation data, then an archive time-stamp over all (ETSI EN 319 142-1 § 5.4).

One incremental update carries both: the document security store (certificates, OCSP answers and CRLs of every
signature and time-stamp in the file) and the document time-stamp that covers it. Renewal is the same act years later,
with fresh revocation data for the last time-stamp, before its algorithms or certificates fade (``signing.renewal``).

Owns no network: revocation data comes through :class:`RevocationSource`. Unknown is not good: a certificate for
which no answer can be had stops the act.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Protocol

import pikepdf

from signing.errors import SignatureStateError
from signing.pades.base import PdfBase
from signing.pades.evidence import certificates_in_file
from signing.pades.fields import append_annotations, invisible_field
from signing.pades.sign import RESERVE_BYTES, SignatureLevel, SignedRevision, append_update
from signing.pades.update import IncrementalUpdate, dictionary_entries

if TYPE_CHECKING:
    from collections.abc import Iterable

    from cryptography.x509 import Certificate

    from signing.pades.cms import TimeStamper
    from signing.ports import TimeStampToken

__all__ = ["RevocationAnswers", "RevocationSource", "archive_timestamp"]

ARCHIVE_FIELD_PREFIX = "archive-timestamp-"
"""Document time-stamps are numbered from 1 in the order of making."""


@dataclass(frozen=True, slots=True)
class RevocationAnswers:
    """Validation data gathered for one file, all DER."""

    certificates: tuple[bytes, ...]
    """Every certificate of every chain, end entities and OCSP responders included."""

    ocsp_responses: tuple[bytes, ...]
    """``OCSPResponse`` for end entities (RFC 6960)."""

    crls: tuple[bytes, ...]
    """``CertificateList`` for certification authorities (RFC 5280)."""


class RevocationSource(Protocol):
    """Answers for the certificates of a file.

    MUST answer for every one of ``certificates`` and the authorities above them but self-signed roots, with data no
    newer answer to which is due yet; MUST raise ``SigningError`` when it cannot: an unknown status is never left out
    silently. ``settled`` are answered for in the file already, under a time-stamp: SHOULD be answered for again, as
    long as their issuer can, so that a revocation found out later comes to light.
    """

    def answers_for(
        self, certificates: Iterable[Certificate], settled: Iterable[Certificate] = ()
    ) -> RevocationAnswers: ...


def archive_timestamp(
    stream: BinaryIO, sink: BinaryIO, revocation: RevocationSource, timestamper: TimeStamper
) -> SignedRevision:
    """Add fresh validation data and one archive time-stamp; the first call seals to B-LTA, later calls renew.

    Raises ``SignatureStateError`` (``seal.nothing_signed``), ``TimeStampError``, whatever ``revocation`` raises.
    """
    with PdfBase(stream) as base:
        found = certificates_in_file(base)
        if not found.open:
            raise SignatureStateError("seal.nothing_signed", zh="文件没有签名", en="there is nothing to seal")
        answers = revocation.answers_for(found.open, found.settled)
        update = IncrementalUpdate(base)
        store = _write_store(base, update, answers)
        name = f"{ARCHIVE_FIELD_PREFIX}{_next_ordinal(base)}"
        _write_timestamp_field(base, update, name)
        _write_catalog(base, update, store)
        return _append(base, update, sink, name, timestamper)


def _append(
    base: PdfBase, update: IncrementalUpdate, sink: BinaryIO, name: str, timestamper: TimeStamper
) -> SignedRevision:
    tokens: list[TimeStampToken] = []

    def make_contents(digest: bytes) -> bytes:
        tokens.append(timestamper(digest))
        return tokens[-1].token_der

    sha256, size = append_update(base, update.render(), sink, make_contents)
    return SignedRevision(name, sha256, size, SignatureLevel.B_LTA, tokens[-1])


def _write_store(base: PdfBase, update: IncrementalUpdate, answers: RevocationAnswers) -> int:
    """The DSS (ISO 32000-2 § 12.8.4.3): what the file has stays, what is new is added once."""
    present = base.pdf.Root.get("/DSS", pikepdf.Dictionary())
    parts = (
        (b"/Certs", answers.certificates),
        (b"/OCSPs", answers.ocsp_responses),
        (b"/CRLs", answers.crls),
    )
    body = bytearray(b"<< /Type /DSS")
    for key, values in parts:
        kept = list(present.get(key.decode(), []))
        known = {hashlib.sha256(item.read_bytes()).digest() for item in kept}
        fresh = {hashlib.sha256(value).digest(): value for value in values}
        numbers = [b"%d %d R" % item.objgen for item in kept]
        numbers += [b"%d 0 R" % update.add_stream(b"", fresh[digest]) for digest in fresh if digest not in known]
        body += b" %s [%s]" % (key, b" ".join(numbers))
    return update.add(bytes(body) + b" >>")


def _write_timestamp_field(base: PdfBase, update: IncrementalUpdate, name: str) -> None:
    page_number = base.pdf.pages[0].obj.objgen[0]
    signature = update.reserve()
    field = update.add(invisible_field(name, page_number, signature))
    update.put_signature(
        signature, b"/Type /DocTimeStamp /Filter /Adobe.PPKLite /SubFilter /ETSI.RFC3161", RESERVE_BYTES
    )
    append_annotations(base, update, 0, [field])
    form = base.pdf.Root.AcroForm
    fields = form.Fields.unparse(resolved=True).strip()[1:-1]
    body = b"<< /Fields [%s %d 0 R] /SigFlags 3 >>" % (fields, field)
    update.put(form.objgen[0], body, form.objgen[1])


def _write_catalog(base: PdfBase, update: IncrementalUpdate, store: int) -> None:
    root = base.pdf.Root
    body = b"<< %s /DSS %d 0 R >>" % (dictionary_entries(root, "/DSS"), store)
    update.put(root.objgen[0], body, root.objgen[1])


def _next_ordinal(base: PdfBase) -> int:
    return 1 + sum(name.startswith(ARCHIVE_FIELD_PREFIX) for name in base.signature_fields())
