"""Signatures as they lie in a PDF, read with pikepdf: bytes only, no judgement.

It shares no code with ``signing``, so that a mistake of our writer cannot hide behind the same mistake in our reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pikepdf
from asn1crypto import cms
from asn1crypto.parser import parse

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DOCUMENT_TIME_STAMP = "/ETSI.RFC3161"


@dataclass(frozen=True, slots=True)
class EmbeddedSignature:
    field: str
    """Fully qualified name of the signature field."""

    sub_filter: str
    """With its slash, e.g. ``/ETSI.CAdES.detached``."""

    cms_der: bytes
    """``/Contents`` without its padding."""

    signed_bytes: bytes
    """What ``/ByteRange`` selects, joined."""

    end: int
    """Where the byte range ends in the file."""

    covers_whole_file: bool
    """From the first byte to the last, leaving out ``/Contents`` and its brackets and nothing else."""

    @property
    def is_document_time_stamp(self) -> bool:
        return self.sub_filter == DOCUMENT_TIME_STAMP


def embedded_signatures(path: Path) -> tuple[EmbeddedSignature, ...]:
    """Every filled signature field, oldest first."""
    raw = path.read_bytes()
    with pikepdf.open(path) as pdf:
        form = pdf.Root.get("/AcroForm", pikepdf.Dictionary())
        found = [_embedded(name, field.V, raw) for name, field in _signed_fields(form.get("/Fields", ()), "")]
    return tuple(sorted(found, key=lambda signature: signature.end))


def signature_time_stamps(signature: EmbeddedSignature) -> tuple[tuple[bytes, bytes], ...]:
    """(token DER, stamped bytes) of each RFC 3161 token in the unsigned attributes (ETSI EN 319 122-1 § 5.3)."""
    signed_data = cms.ContentInfo.load(signature.cms_der)["content"]
    signer_info = signed_data["signer_infos"][0]
    stamped = signer_info["signature"].native
    return tuple(
        (token.dump(), stamped)
        for attribute in signer_info["unsigned_attrs"]
        if attribute["type"].native == "signature_time_stamp_token"
        for token in attribute["values"]
    )


def _signed_fields(fields: object, prefix: str) -> Iterator[tuple[str, pikepdf.Object]]:
    for field in fields:
        name = f"{prefix}.{field.T}".lstrip(".") if "/T" in field else prefix
        if field.get("/FT") == pikepdf.Name.Sig and "/V" in field:
            yield name, field
        yield from _signed_fields([kid for kid in field.get("/Kids", ()) if "/T" in kid], name)


def _embedded(name: str, value: pikepdf.Object, raw: bytes) -> EmbeddedSignature:
    start_1, length_1, start_2, length_2 = (int(number) for number in value.ByteRange)
    end_1, end = start_1 + length_1, start_2 + length_2
    contents = bytes(value.Contents)
    gap = raw[end_1:start_2]
    holds_contents_only = gap[:1] == b"<" and gap[-1:] == b">" and bytes.fromhex(gap[1:-1].decode()) == contents
    _, _, _, header, content, trailer = parse(contents)
    return EmbeddedSignature(
        field=name,
        sub_filter=str(value.SubFilter),
        cms_der=header + content + trailer,
        signed_bytes=raw[start_1:end_1] + raw[start_2:end],
        end=end,
        covers_whole_file=start_1 == 0 and end == len(raw) and holds_contents_only,
    )
