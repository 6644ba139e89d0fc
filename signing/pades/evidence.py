"""The certificates that a file's signatures and time-stamps carry, for gathering their revocation data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from asn1crypto import cms
from cryptography import x509

if TYPE_CHECKING:
    from collections.abc import Iterator

    from signing.pades.base import PdfBase

__all__ = ["certificates_in_signatures"]

_TIMESTAMP_TOKEN = "signature_time_stamp_token"  # noqa: S105 - an attribute's name, not a secret


def certificates_in_signatures(base: PdfBase) -> tuple[x509.Certificate, ...]:
    """Every certificate inside every signature and its time-stamp, each once, in order of appearance."""
    found: dict[bytes, None] = {}
    for field in base.pdf.Root.AcroForm.Fields if "/AcroForm" in base.pdf.Root else ():
        if field.get("/FT") == "/Sig" and "/V" in field:
            for der in _certificates(cms.ContentInfo.load(bytes(field.V.Contents))):
                found.setdefault(der)
    return tuple(x509.load_der_x509_certificate(der) for der in found)


def _certificates(content_info: cms.ContentInfo) -> Iterator[bytes]:
    signed = content_info["content"]
    for choice in signed["certificates"]:
        yield choice.chosen.dump()
    for info in signed["signer_infos"]:
        for attribute in info["unsigned_attrs"] or ():
            if attribute["type"].native == _TIMESTAMP_TOKEN:
                for token in attribute["values"]:
                    yield from _certificates(token)
