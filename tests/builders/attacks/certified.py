"""Evil annotation, sneaky signature: Rohlmann et al., "Breaking the Specification: PDF Certification" (S&P 2021)."""

from __future__ import annotations

import io
import re

from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.layout import BoxConstraints
from pyhanko.sign import fields, signers
from pyhanko.sign.fields import MDPPerm, SigFieldSpec
from pyhanko.stamp import StaticStampStyle

from tests.builders import signed_by_pyhanko as signed
from tests.builders.attacks.attack import attack
from tests.builders.attacks.files import PRICE_BOX, approval_only, one_signature
from tests.builders.attacks.updates import append_update, body_of, field_number, fresh_number
from tests.builders.signed_by_pyhanko import SIGNED_AT, stream

PRICE_RECT = b"50 726 450 754"


def _annotated(pdf: bytes, kind: bytes, rect: bytes, page: int = 3) -> bytes:
    fresh = fresh_number(pdf)
    look = stream(
        b"1 g 0 0 400 30 re f 0 g BT /F1 14 Tf 10 8 Td (The price is 1 yuan.) Tj ET",
        b"/Type /XObject /Subtype /Form /BBox [0 0 400 30] /Resources << /Font << /F1 7 0 R >> >>",
    )
    annotation = b"<< /Type /Annot /Subtype /%s /Rect [%s] /F 4 /Contents (x) /P %d 0 R /AP << /N %d 0 R >> >>" % (
        kind,
        rect,
        page,
        fresh + 1,
    )
    body = body_of(pdf, page)
    if b"/Annots [" in body:
        listed = body.replace(b"/Annots [", b"/Annots [ %d 0 R " % fresh)
    else:
        listed = body.replace(b"/Type /Page", b"/Type /Page /Annots [%d 0 R]" % fresh)
    return append_update(pdf, {page: listed, fresh: annotation, fresh + 1: look})


@attack("failed", "altered", "change.annotation", "annotation.over_content", "rendering.changed")
def evil_annotation_where_comments_are_allowed() -> bytes:
    """DocMDP P=3 permits annotations; this one is a white box with another price."""
    pdf = signed.certified(signed.shared_notary(), signed.base_pdf(), MDPPerm.ANNOTATE)
    return _annotated(pdf, b"FreeText", PRICE_RECT)


@attack("failed", "altered", "change.annotation", "annotation.over_content")
def evil_annotation_on_a_filed_contract() -> bytes:
    return _annotated(signed.lta_contract(), b"Stamp", PRICE_RECT)


@attack("failed", "altered", "change.annotation", "annotation.over_signature")
def evil_annotation_over_a_signature() -> bytes:
    page = 4
    return _annotated(signed.party_contract(), b"FreeText", b"60 120 260 180", page)


WHITE_LOOK = b"1 g 0 0 400 28 re f"


def _sneaky(pdf: bytes) -> bytes:
    """A field added over the price and really signed by the attacker, with another price as its look."""
    writer = IncrementalPdfFileWriter(io.BytesIO(pdf))
    fields.append_signature_field(writer, SigFieldSpec("attacker", on_page=0, box=PRICE_BOX))
    out = io.BytesIO()
    writer.write(out)
    return _signed_with_look(out.getvalue(), "attacker", WHITE_LOOK)


@attack("failed", "altered", "change.signature_field_on_certified")
def sneaky_signature_in_a_field_of_its_own() -> bytes:
    return _sneaky(one_signature())


@attack("failed", "altered", "rendering.covers_text")
def sneaky_signature_on_uncertified_text() -> bytes:
    """Nobody certified; the added field's appearance hides a line of the contract."""
    return _sneaky(approval_only())


@attack("failed", "altered", "rendering.covers_text")
def sneaky_signature_in_a_field_foreseen_over_text() -> bytes:
    """The field was certified along with the text it lies on; its appearance, made when signing, hides that text."""
    notary = signed.shared_notary()
    boxes = {"seller": PRICE_BOX}
    writer = IncrementalPdfFileWriter(io.BytesIO(signed.base_pdf()))
    for name, box in boxes.items():
        fields.append_signature_field(writer, SigFieldSpec(name, on_page=0, box=box, empty_field_appearance=False))
    pdf = notary.certify(writer, SIGNED_AT)
    return _signed_with_look(pdf, "seller", WHITE_LOOK)


@attack("failed", "altered", "change.form_field")
def sneaky_signature_in_a_moved_field() -> bytes:
    """An existing field is moved over the text while it is signed."""
    pdf = one_signature()
    number = field_number(pdf, "seller")
    moved = re.sub(rb"/Rect \[[^]]*\]", b"/Rect [ %s ]" % PRICE_RECT, body_of(pdf, number))
    update = append_update(pdf, {number: moved})
    return signed.shared_notary().sign(update, "seller", SIGNED_AT)


def _signed_with_look(pdf: bytes, field: str, drawing: bytes) -> bytes:
    """Sign a field whose appearance is written in the same revision."""
    notary = signed.shared_notary()
    look = RawContent(drawing, box=BoxConstraints(width=400, height=28))
    style = StaticStampStyle(background=look, background_opacity=1.0, border_width=0)
    metadata = signers.PdfSignatureMetadata(field_name=field, subfilter=fields.SigSeedSubFilter.PADES)
    holder = notary.party(field)
    signer = signers.SimpleSigner(signed.asn1(holder), signed.private_key(holder), notary.chain())
    stamping = signers.PdfSigner(metadata, signer, timestamper=notary.time_stamper(SIGNED_AT), stamp_style=style)
    return stamping.sign_pdf(IncrementalPdfFileWriter(io.BytesIO(pdf))).getvalue()
