from __future__ import annotations

import hashlib
import io

import pikepdf
import pytest
from asn1crypto import (
    cms,
    tsp,  # noqa: F401 - teaches asn1crypto the attributes of RFC 3161 and RFC 5035
)
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec

from signing.appearance import Appearance
from signing.errors import SignatureStateError, TimeStampError
from signing.pades import CERTIFICATION_FIELD, FieldSignature, PdfBase, certify, sign_field
from tests.builders.plain_pdf import BOXES, certified_pdf, plain_pdf, signer, stamper
from tests.builders.small_pki import NOW

INK = Appearance(170.0, 64.0, b"0.1 g 10 10 50 20 re f")


def party_signature(field: str = "seller-1") -> FieldSignature:
    return FieldSignature(field, signer("周明远"), NOW, "作为出卖人签署本合同", INK)


def signed(base: bytes, field: str = "seller-1") -> bytes:
    sink = io.BytesIO()
    sign_field(io.BytesIO(base), sink, party_signature(field), stamper)
    return sink.getvalue()


def covered_bytes(pdf: bytes, field: str) -> tuple[bytes, bytes]:
    """(bytes under the ByteRange, DER of the CMS) of one field."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        value = next(f.V for f in opened.Root.AcroForm.Fields if str(f.T) == field)
        a, b, c, d = (int(n) for n in value.ByteRange)
        contents = bytes(value.Contents)
    return pdf[a : a + b] + pdf[c : c + d], contents


def test_base_is_kept_byte_for_byte():
    base = certified_pdf()
    assert signed(base).startswith(base)


def test_certification_makes_every_field_before_the_first_signature():
    with PdfBase(io.BytesIO(certified_pdf())) as base:
        fields = base.signature_fields()
    assert set(fields) == {CERTIFICATION_FIELD, *(box.name for box in BOXES)}
    assert [name for name, field in fields.items() if field.signed] == [CERTIFICATION_FIELD]
    assert fields["seller-1"].rect == BOXES[0].rect


def test_certification_allows_filling_of_signature_fields_only():
    with pikepdf.open(io.BytesIO(certified_pdf())) as pdf:
        reference = pdf.Root.Perms.DocMDP.Reference[0]
        assert str(reference.TransformMethod) == "/DocMDP"
        assert int(reference.TransformParams.P) == 2


@pytest.mark.parametrize("field", ["seller-1", CERTIFICATION_FIELD])
def test_byte_range_covers_all_but_the_contents(field):
    pdf = signed(certified_pdf())
    covered, contents = covered_bytes(pdf, field)
    info = cms.ContentInfo.load(contents)["content"]["signer_infos"][0]
    attributes = {a["type"].native: a["values"][0] for a in info["signed_attrs"]}
    assert attributes["message_digest"].native == hashlib.sha256(covered).digest()


def test_signature_verifies_with_the_certificate_inside():
    _, contents = covered_bytes(signed(certified_pdf()), "seller-1")
    info = cms.ContentInfo.load(contents)["content"]["signer_infos"][0]
    public = signer("周明远").certificate.public_key()
    assert isinstance(public, ec.EllipticCurvePublicKey)
    public.verify(info["signature"].native, info["signed_attrs"].untag().dump(), ec.ECDSA(hashes.SHA256()))


def test_token_stamps_the_signature_value():
    _, contents = covered_bytes(signed(certified_pdf()), "seller-1")
    info = cms.ContentInfo.load(contents)["content"]["signer_infos"][0]
    (token,) = next(a for a in info["unsigned_attrs"] if a["type"].native == "signature_time_stamp_token")["values"]
    imprint = token["content"]["encap_content_info"]["content"].parsed["message_imprint"]
    assert imprint["hashed_message"].native == hashlib.sha256(info["signature"].native).digest()


def test_pades_keeps_signing_time_out_of_the_cms():
    _, contents = covered_bytes(signed(certified_pdf()), "seller-1")
    info = cms.ContentInfo.load(contents)["content"]["signer_infos"][0]
    assert {a["type"].native for a in info["signed_attrs"]} == {
        "content_type",
        "message_digest",
        "signing_certificate_v2",
    }


def test_refuses_a_field_signed_before():
    once = signed(certified_pdf())
    with pytest.raises(SignatureStateError) as refused:
        signed(once)
    assert refused.value.code == "field.signed"


def test_refuses_a_field_that_does_not_exist():
    with pytest.raises(SignatureStateError) as refused:
        signed(certified_pdf(), "seller-9")
    assert refused.value.code == "field.missing"


def test_no_time_stamp_means_nothing_is_written():
    def dead(_: bytes):
        raise TimeStampError("time.unavailable", zh="时间戳服务不可用", en="no time-stamp to be had")

    sink = io.BytesIO()
    with pytest.raises(TimeStampError):
        sign_field(io.BytesIO(certified_pdf()), sink, party_signature(), dead)
    assert sink.getvalue() == b""


def test_refuses_a_second_form():
    with pytest.raises(SignatureStateError) as refused:
        certify(io.BytesIO(certified_pdf()), io.BytesIO(), BOXES, party_signature(CERTIFICATION_FIELD), stamper)
    assert refused.value.code == "field.form_present"


def test_refuses_two_fields_of_one_name():
    with pytest.raises(SignatureStateError) as refused:
        certify(
            io.BytesIO(plain_pdf()), io.BytesIO(), (BOXES[0], BOXES[0]), party_signature(CERTIFICATION_FIELD), stamper
        )
    assert refused.value.code == "field.duplicate"


def test_refuses_a_cross_reference_stream():
    packed = io.BytesIO()
    with pikepdf.open(io.BytesIO(plain_pdf())) as pdf:
        pdf.save(packed, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    with pytest.raises(SignatureStateError) as refused:
        certify(packed, io.BytesIO(), BOXES, party_signature(CERTIFICATION_FIELD), stamper)
    assert refused.value.code == "pdf.xref_stream"


@pytest.mark.parametrize(("cut", "code"), [(-30, "pdf.truncated"), (0, "pdf.truncated")])
def test_refuses_a_truncated_base(cut, code):
    base = certified_pdf()[:cut] if cut else b"%PDF-1.7"
    with pytest.raises(SignatureStateError) as refused:
        signed(base)
    assert refused.value.code == code


def test_widgets_are_labelled_and_printable():
    with pikepdf.open(io.BytesIO(certified_pdf())) as pdf:
        widget = next(f for f in pdf.Root.AcroForm.Fields if str(f.T) == "seller-1")
        assert int(widget.F) & 4
        assert str(widget.TU) == BOXES[0].label


def test_equal_input_gives_an_equal_update_but_for_the_signature():
    # ECDSA is randomised; everything around /Contents must not be.
    first, second = signed(certified_pdf()), signed(certified_pdf())
    assert covered_bytes(first, "seller-1")[0] == covered_bytes(second, "seller-1")[0]


def test_field_shows_the_appearance_given():
    with pikepdf.open(io.BytesIO(signed(certified_pdf()))) as pdf:
        widget = next(field for field in pdf.Root.AcroForm.Fields if str(field.T) == "seller-1")
        form = widget.AP.N
        assert form.read_bytes() == INK.content
        assert [float(side) for side in form.BBox] == [0, 0, INK.width, INK.height]
        assert list(widget.AP.keys()) == ["/N"]


def test_appearance_has_the_entries_of_the_blank_one_before_it():
    base = certified_pdf()
    with pikepdf.open(io.BytesIO(base)) as before, pikepdf.open(io.BytesIO(signed(base))) as after:
        blank, shown = (
            next(field for field in pdf.Root.AcroForm.Fields if str(field.T) == "seller-1").AP.N
            for pdf in (before, after)
        )
        assert blank.read_bytes() == b""
        assert set(blank.keys()) == set(shown.keys())
