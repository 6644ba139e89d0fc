"""Universal forgery: Mladenov et al., "1 Trillion Dollar Refund" (2019)."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING

import pikepdf

from tests.builders.attacks.attack import attack
from tests.builders.attacks.files import FORGED_PAGE, one_signature
from tests.builders.attacks.updates import append_update, body_of, signature_of
from tests.builders.signed_by_pyhanko import stream

if TYPE_CHECKING:
    from collections.abc import Callable


def _forgery(replace: Callable[[bytes], bytes]) -> bytes:
    """The last signature's dictionary rewritten in place by an update, page content forged along."""
    pdf = one_signature()
    number, byte_range, contents = signature_of(pdf, "service")
    body = b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /ByteRange [%s] /Contents <%s> >>" % (
        b" ".join(b"%d" % value for value in byte_range),
        contents.hex().encode(),
    )
    return append_update(pdf, {number: replace(body), 5: stream(FORGED_PAGE)})


def _without_contents(body: bytes, instead: bytes) -> bytes:
    return re.sub(rb"/Contents <[0-9a-f]*>", instead, body)


def _with_range(body: bytes, instead: bytes) -> bytes:
    return re.sub(rb"/ByteRange \[[^]]*\]", instead, body)


@attack("failed", "altered", "contents.missing")
def forgery_without_contents() -> bytes:
    return _forgery(lambda body: _without_contents(body, b""))


@attack("failed", "altered", "contents.missing")
def forgery_with_null_contents() -> bytes:
    return _forgery(lambda body: _without_contents(body, b"/Contents null"))


@attack("failed", "altered", "contents.missing")
def forgery_with_empty_contents() -> bytes:
    return _forgery(lambda body: _without_contents(body, b"/Contents <>"))


@attack("failed", "altered", "contents.missing")
def forgery_with_zero_contents() -> bytes:
    return _forgery(lambda body: _without_contents(body, b"/Contents <%s>" % (b"00" * 4096)))


@attack("failed", "altered", "byte_range.missing")
def forgery_without_byte_range() -> bytes:
    return _forgery(lambda body: _with_range(body, b""))


@attack("failed", "altered", "byte_range.missing")
def forgery_with_null_byte_range() -> bytes:
    return _forgery(lambda body: _with_range(body, b"/ByteRange null"))


@attack("failed", "altered", "byte_range.malformed")
def forgery_with_empty_byte_range() -> bytes:
    return _forgery(lambda body: _with_range(body, b"/ByteRange []"))


@attack("failed", "altered", "byte_range.malformed")
def forgery_with_zero_byte_range() -> bytes:
    return _forgery(lambda body: _with_range(body, b"/ByteRange [0 0 0 0]"))


@attack("failed", "altered", "byte_range.malformed")
def forgery_with_negative_byte_range() -> bytes:
    return _forgery(lambda body: _with_range(body, b"/ByteRange [0 -1 -1 -1]"))


@attack("failed", "altered", "byte_range.malformed")
def forgery_with_overlapping_byte_range() -> bytes:
    return _forgery(lambda body: _with_range(body, b"/ByteRange [0 2000 1000 500]"))


@attack("failed", "altered", "byte_range.malformed")
def forgery_with_three_ranges() -> bytes:
    return _forgery(lambda body: _with_range(body, b"/ByteRange [0 100 200 100 400 100]"))


@attack("failed", "altered", "byte_range.beyond_file")
def forgery_with_range_beyond_the_end() -> bytes:
    return _forgery(lambda body: _with_range(body, b"/ByteRange [0 100 200 99999999]"))


@attack("failed", "altered", "signature.unlisted")
def signature_orphaned_from_the_form() -> bytes:
    """The form forgets the field; viewers that ask the form see an unsigned file."""
    pdf = one_signature()
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        form = int(opened.Root.AcroForm.objgen[0])
    body = b"<< /Fields [] /SigFlags 3 >>"
    return append_update(pdf, {form: body} if form else {1: body_of(pdf, 1)})


@attack("failed", "altered", "signature.subfilter_unknown")
def signature_with_unknown_subfilter() -> bytes:
    """pyHanko leaves such a signature out of its list."""
    return _forgery(lambda body: body.replace(b"/ETSI.CAdES.detached", b"/Nobody.knows"))
