"""One CMS as found in a signature: how far it reaches, and that reading it writes nothing."""

from __future__ import annotations

import io

import pikepdf
import pytest
from asn1crypto import cms, core, parser

from signing.errors import ValidationError
from signing.validation.cms import parse_signature
from tests.builders.notary_office import certificate

_TO_UNSIGNED_ATTRIBUTES = 5
"""ContentInfo, [0], SignedData, signerInfos, SignerInfo: in each, what is wanted comes last."""


@pytest.fixture(scope="module")
def signature() -> bytes:
    """A signature at B-T without the padding after it."""
    with pikepdf.open(io.BytesIO(certificate())) as pdf:
        contents = next(bytes(field.V.Contents) for field in pdf.Root.AcroForm.Fields if "/V" in field)
    return contents[: parser.peek(contents)]


def grown(der: bytes, depth: int, extra: bytes) -> bytes:
    """``der`` with ``extra`` at the end of what comes last in it, ``depth`` levels down."""
    class_, method, tag, _, content, _ = parser.parse(der)
    if depth == 0:
        return parser.emit(class_, method, tag, content + extra)
    start = end = 0
    while end < len(content):
        start, end = end, end + parser.peek(content[end:])
    return parser.emit(class_, method, tag, content[:start] + grown(content[start:], depth - 1, extra))


def ends_in_octet_80(signature: bytes) -> bytes:
    """The signature with an unsigned attribute just so large that the last octet of the length is 80."""
    for size in range(600):
        attribute = cms.CMSAttribute({"type": "1.2.3.4.5", "values": [core.OctetString(bytes(size))]})
        der = grown(signature, _TO_UNSIGNED_ATTRIBUTES, attribute.dump())
        if der[3] == 0x80:
            return der
    raise AssertionError("no size gives such a length")


@pytest.mark.parametrize("made", [bytes, ends_in_octet_80])
def test_reads_how_far_it_reaches_and_encodes_nothing_anew(made, signature, monkeypatch) -> None:
    der = made(signature)

    def writes(*_: object, **__: object) -> None:
        raise AssertionError("encoded anew: half a minute for some lengths")

    for kind in (core.Sequence, core.SequenceOf, core.SetOf):
        monkeypatch.setattr(kind, "_set_contents", writes)
    parsed = parse_signature(der + bytes(40))
    assert parsed.bytes_used == len(der)
    assert parsed.tokens


@pytest.mark.parametrize("start", [b"\x30\x80", b"\x30\x84\x00\x00\x10\x00"], ids=["indefinite", "not the shortest"])
def test_refuses_a_length_that_is_not_der(start: bytes, signature: bytes) -> None:
    with pytest.raises(ValidationError):
        parse_signature(start + signature[4:] + bytes(2))
