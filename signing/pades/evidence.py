"""The certificates that a file's signatures and time-stamps carry, for gathering their revocation data.

Those that the newest archive time-stamp covers have their answers in the file, under that time-stamp: the act that made
it put them there. What is still open is that time-stamp's own chain, and whatever was signed after it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from asn1crypto import cms
from cryptography import x509

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pikepdf

    from signing.pades.base import PdfBase

__all__ = ["CertificatesInFile", "certificates_in_file", "document_timestamps"]

_TIMESTAMP_TOKEN = "signature_time_stamp_token"  # noqa: S105 - an attribute's name, not a secret


@dataclass(frozen=True, slots=True)
class CertificatesInFile:
    """Certificates by what is known of them; each stands in one of the two, in order of appearance."""

    open: tuple[x509.Certificate, ...]
    """Nothing in the file under a time-stamp says whether they were revoked."""

    settled: tuple[x509.Certificate, ...]
    """Answered for in the file, under an archive time-stamp."""


def certificates_in_file(base: PdfBase) -> CertificatesInFile:
    """Every certificate inside every signature and its time-stamp."""
    signatures = sorted(_signatures(base), key=_end)
    stamps = [index for index, signature in enumerate(signatures) if _is_document_timestamp(signature)]
    newest = stamps[-1] if stamps else 0
    still_open = _der_certificates(signatures[newest:])
    settled = _der_certificates(signatures[:newest])
    return CertificatesInFile(
        tuple(map(x509.load_der_x509_certificate, still_open)),
        tuple(x509.load_der_x509_certificate(der) for der in settled if der not in still_open),
    )


def document_timestamps(base: PdfBase) -> list[bytes]:
    """DER of the token of every document time-stamp, in order of making, padding included."""
    return [bytes(item.Contents) for item in sorted(_signatures(base), key=_end) if _is_document_timestamp(item)]


def _signatures(base: PdfBase) -> Iterator[pikepdf.Object]:
    for field in base.pdf.Root.AcroForm.Fields if "/AcroForm" in base.pdf.Root else ():
        if field.get("/FT") == "/Sig" and "/V" in field:
            yield field.V


def _end(signature: pikepdf.Object) -> int:
    """Where in the file it was made: each covers more than the one before."""
    _, _, start, length = (int(number) for number in signature.ByteRange)
    return start + length


def _is_document_timestamp(signature: pikepdf.Object) -> bool:
    return bool(signature.get("/Type") == "/DocTimeStamp")


def _der_certificates(signatures: Iterable[pikepdf.Object]) -> dict[bytes, None]:
    contents = (cms.ContentInfo.load(bytes(signature.Contents)) for signature in signatures)
    return dict.fromkeys(der for content in contents for der in _certificates(content))


def _certificates(content_info: cms.ContentInfo) -> Iterator[bytes]:
    signed = content_info["content"]
    for choice in signed["certificates"]:
        yield choice.chosen.dump()
    for info in signed["signer_infos"]:
        for attribute in info["unsigned_attrs"] or ():
            if attribute["type"].native == _TIMESTAMP_TOKEN:
                for token in attribute["values"]:
                    yield from _certificates(token)
