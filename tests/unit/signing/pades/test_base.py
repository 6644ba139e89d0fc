from __future__ import annotations

import io

import pikepdf
import pytest

from signing.errors import SignatureStateError
from signing.pades import CERTIFICATION_FIELD, FieldSignature, PdfBase, certify
from tests.builders.plain_pdf import BOXES, certified_pdf, plain_pdf, signer, stamper
from tests.builders.small_pki import NOW


def with_inherited_box() -> bytes:
    """The plain file, its pages taking the size from the page tree (ISO 32000-2 § 7.7.3.4)."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(plain_pdf()), inherit_page_attributes=False) as pdf:
        for page in pdf.Root.Pages.Kids:
            pdf.Root.Pages.MediaBox = page.MediaBox
            del page.MediaBox
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable)
    return out.getvalue()


def test_finds_one_field_by_name():
    with PdfBase(io.BytesIO(certified_pdf())) as base:
        certification, seller = base.signature_field(CERTIFICATION_FIELD), base.signature_field("seller-1")
        assert base.signature_field("seller-9") is None
        fields = base.signature_fields()
    assert certification == fields[CERTIFICATION_FIELD]
    assert certification.signed
    assert seller == fields["seller-1"]
    assert not seller.signed


def test_page_with_a_new_field_goes_on_inheriting():
    signature = FieldSignature(CERTIFICATION_FIELD, signer("签署平台"), NOW, "固定合同文本", None)
    sink = io.BytesIO()
    certify(io.BytesIO(with_inherited_box()), sink, BOXES, signature, stamper)
    with pikepdf.open(sink, inherit_page_attributes=False) as pdf:
        page = pdf.Root.Pages.Kids[BOXES[0].page_index]
        assert "/Annots" in page
        assert "/MediaBox" not in page


def test_digest_of_the_base_is_the_same_read_in_pieces_and_at_once(tmp_path):
    path = tmp_path / "contract.pdf"
    path.write_bytes(certified_pdf())
    with path.open("rb") as file, PdfBase(file) as from_file, PdfBase(io.BytesIO(path.read_bytes())) as from_memory:
        assert from_file.sha256() == from_memory.sha256()


@pytest.mark.parametrize(
    ("kept", "code"), [(-40, "pdf.truncated"), (0, "pdf.truncated")], ids=["without its end", "empty"]
)
def test_refuses_a_file_that_is_cut_short(kept, code):
    with pytest.raises(SignatureStateError) as refused:
        PdfBase(io.BytesIO(certified_pdf()[:kept]))
    assert refused.value.code == code
