"""Clean PDFs that look as the uploads did; signed ones never touched."""

from __future__ import annotations

import io
import struct
import subprocess
from datetime import UTC, datetime

import pikepdf
import pytest
import typst
from PIL import Image, ImageChops, ImageCms, ImageOps

from documents.errors import UploadError
from documents.pages import page_sizes, render_page
from documents.uploads import UploadLimits, combine_uploads, normalise_upload
from tests.builders.hostile_pdf import (
    PAGE,
    RawPdfFile,
    annotation,
    jpeg,
    png,
    scanned_pdf,
    simple_pdf,
    stream,
    with_catalog,
    with_object,
)


def normalised(*sources: bytes):
    out = io.BytesIO()
    result = combine_uploads([io.BytesIO(source) for source in sources], out)
    return out.getvalue(), result


def refusal_of(*sources: bytes) -> str:
    with pytest.raises(UploadError) as refused:
        normalised(*sources)
    return refused.value.code


def shown(pdf: bytes, page: int = 0, width: int = 300) -> Image.Image:
    return Image.open(io.BytesIO(render_page(pdf, page, width_px=width))).convert("RGB")


def difference(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of a channel, 0 to 255."""
    assert one.size == other.size
    histogram = ImageChops.difference(one, other).convert("L").histogram()
    return sum(level * count for level, count in enumerate(histogram)) / (one.width * one.height)


def text_of(pdf: bytes) -> bytes:
    """Every object and every decoded content stream, for looking for what must be gone."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        parts = [
            obj.stream_dict.unparse(resolved=True) if isinstance(obj, pikepdf.Stream) else obj.unparse(resolved=True)
            for obj in opened.objects
            if isinstance(obj, pikepdf.Object)
        ]
        return b"\n".join([*parts, opened.trailer.unparse()])


# -- signed ----------------------------------------------------------------------------------------------------------

SIGNED = with_object(b"<< /Type /Sig /ByteRange [0 1 2 3] /Contents <00> >>")


@pytest.mark.parametrize("sources", [(SIGNED,), (simple_pdf(), SIGNED), (jpeg(), SIGNED)])
def test_a_signed_file_is_never_rewritten(sources, tmp_path):
    assert refusal_of(*sources) == "upload.signed_not_rewritten"
    target = tmp_path / "out.pdf"
    with pytest.raises(UploadError):
        combine_uploads([io.BytesIO(source) for source in sources], target)
    assert list(tmp_path.iterdir()) == []


# -- PDFs ------------------------------------------------------------------------------------------------------------


def test_result_has_one_classic_table_and_version_1_7():
    packed = RawPdfFile(catalog=b" /Version /2.0 /X 9 0 R", objects={9: b"<< >>"}).compressed(1, 2, 3, 9)
    data, result = normalised(packed)
    assert data.startswith(b"%PDF-1.7\n")
    assert data.count(b"startxref") == data.count(b"\nxref\n") == 1
    assert b"/ObjStm" not in data
    assert b"/XRef" not in data
    assert result.page_count == 1
    assert difference(shown(packed), shown(data)) == 0


def test_equal_uploads_give_equal_bytes(tmp_path):
    for source in (simple_pdf(), jpeg(), png(mode="RGBA"), scanned_pdf(2, 60, 80)):
        first, result = normalised(source)
        assert normalised(source)[0] == first
        again = normalised(first)[1]
        assert again.page_count == result.page_count
    path = tmp_path / "in.pdf"
    path.write_bytes(simple_pdf())
    normalise_upload(path, tmp_path / "out.pdf")
    assert (tmp_path / "out.pdf").read_bytes() == normalised(simple_pdf())[0]
    assert {file.name for file in tmp_path.iterdir()} == {"in.pdf", "out.pdf"}


def test_output_intent_does_not_tell_when_it_was_made():
    with pikepdf.open(io.BytesIO(normalised(simple_pdf())[0])) as pdf:
        profile = pdf.Root.OutputIntents[0].DestOutputProfile.read_bytes()
    assert profile[36:40] == b"acsp"  # ICC.1:2022 § 7.2: a profile header, its date at bytes 24 to 35
    assert struct.unpack(">6H", profile[24:36]) == (2026, 1, 1, 0, 0, 0)


def test_whatever_acts_or_tells_of_its_maker_is_dropped():
    file = RawPdfFile(
        catalog=b" /OpenAction [3 0 R /Fit] /PieceInfo << /A << /P 1 >> >> /ViewerPreferences << /HideMenubar true >>"
        b" /Metadata 9 0 R /URI << /Base (x) >> /PageMode /FullScreen /Outlines 11 0 R",
        page=b" /Thumb 10 0 R /Trans << /S /Fly >> /LastModified (D:2020) /AA << /O << /S /Named /N /Print >> >>",
        objects={
            9: stream(b"<x:xmpmeta>Scanner 3000</x:xmpmeta>", b"/Type /Metadata /Subtype /XML"),
            10: stream(b"\0" * 3, b"/Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceRGB"),
            11: b"<< /Type /Outlines /First 12 0 R /Last 12 0 R >>",
            12: b"<< /Title (x) /Parent 11 0 R /A << /S /Named /N /NextPage >> >>",
            13: b"<< /Producer (Scanner 3000) /Author (somebody) >>",
        },
    )
    file.trailer = b"/Info 13 0 R "
    data, result = normalised(file.bytes())
    left = text_of(data)
    for gone in (b"/OpenAction", b"/PieceInfo", b"/Thumb", b"/AA", b"/Trans", b"/Named", b"/URI", b"Scanner"):
        assert gone not in left
    assert {"actions", "catalog_entries", "metadata", "page_entries"} <= set(result.changes)
    assert difference(shown(file.bytes()), shown(data)) == 0


@pytest.mark.parametrize("rotate", [0, 90, 180, 270, -90, 450])
@pytest.mark.parametrize("boxes", [b"", b" /CropBox [50 50 350 450]", b" /CropBox [-9 -9 300 9000] /UserUnit 2"])
def test_rotation_and_boxes_become_one_upright_box(rotate, boxes):
    source = RawPdfFile(page=b" /Rotate %d%b" % (rotate, boxes)).bytes()
    data, _ = normalised(source)
    assert [round(side, 2) for side in (page_sizes(data)[0].width_points, page_sizes(data)[0].height_points)] == [
        round(side, 2) for side in (page_sizes(source)[0].width_points, page_sizes(source)[0].height_points)
    ]
    assert difference(shown(source), shown(data)) < 0.5
    left = text_of(data)
    assert b"/Rotate" not in left
    assert b"/CropBox" not in left


def test_attributes_inherited_from_the_tree_are_kept():
    file = RawPdfFile(objects={3: b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << >> >>"})
    file.objects[2] = b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 300 200] /Rotate 90 >>"
    data, _ = normalised(file.bytes())
    assert difference(shown(file.bytes()), shown(data)) < 0.5


def form(widget: bytes, appearance: bytes = b"1 0 0 rg 0 0 100 100 re f", acroform: bytes = b"") -> bytes:
    objects = {
        9: b"<< /Type /Annot /Subtype /Widget /T (t) /Rect [300 300 400 400] %b >>" % widget,
        10: stream(appearance, b"/Type /XObject /Subtype /Form /BBox [0 0 100 100]"),
    }
    return RawPdfFile(
        catalog=b" /AcroForm << /Fields [9 0 R] %b >>" % acroform, page=b" /Annots [9 0 R]", objects=objects
    ).bytes()


def test_form_fields_are_drawn_into_the_page():
    source = form(b"/FT /Tx /V (x) /F 4 /AP << /N 10 0 R >>")
    data, result = normalised(source)
    assert shown(data, width=595).getpixel((350, 842 - 350)) == (255, 0, 0)
    assert difference(shown(source), shown(data)) < 0.1
    assert b"/AcroForm" not in text_of(data)
    assert b"/Annots" not in text_of(data)
    assert "annotations_flattened" in result.changes


def test_hidden_annotations_stay_unseen():
    source = form(b"/FT /Tx /V (x) /F 2 /AP << /N 10 0 R >>")
    data, _ = normalised(source)
    assert difference(shown(source), shown(data)) == 0
    assert b"/Annots" not in text_of(data)


@pytest.mark.parametrize(
    "source",
    [
        form(b"/FT /Tx /V (typed) /F 4"),
        form(b"/FT /Tx /F 4 /Parent << /V (typed) >>"),
        annotation(b"/Subtype /Square /F 4 /C [1 0 0]"),
    ],
    ids=["field", "value of the parent", "markup"],
)
def test_what_every_reader_would_draw_differently_is_refused(source):
    assert refusal_of(source) == "upload.form_without_appearance"


@pytest.mark.parametrize("widget", [b"/FT /Sig /F 4", b"/FT /Tx /F 4", b"/FT /Tx /V () /F 4", b"/FT /Btn /V /Off"])
def test_empty_fields_need_no_appearance(widget):
    data, _ = normalised(form(widget))
    assert b"/AcroForm" not in text_of(data)


def test_links_within_the_document_stay():
    data, _ = normalised(annotation(b"/Subtype /Link /Dest [3 0 R /Fit]"))
    assert b"/Dest" in text_of(data)


def test_structure_and_embedded_files_of_one_pdf_stay():
    source = b"""#set document(title: "t", date: datetime(year: 2026, month: 11, day: 21))
#pdf.attach("/a.json", bytes("{}"), mime-type: "application/json", relationship: "data", description: "d")
= One
"""
    when = datetime(2026, 11, 21, tzinfo=UTC)
    typeset = typst.compile(source, format="pdf", pdf_standards=["a-3b"], timestamp=when)
    data, result = normalised(typeset)
    assert b"/StructTreeRoot" in text_of(data)
    assert [file.name for file in result.sources[0].embedded_files] == ["a.json"]
    assert b"/EmbeddedFiles" in text_of(data)
    assert difference(shown(typeset), shown(data)) == 0


def test_pdfa_is_declared_only_where_reached():
    unembedded = RawPdfFile(
        objects={
            3: (PAGE % b"").replace(
                b"<< >>", b"<< /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
            ),
            4: stream(b"BT /F 20 Tf 50 400 Td (text) Tj ET"),
        }
    ).bytes()
    data, result = normalised(unembedded)
    assert not result.is_pdfa_3b
    assert b"pdfaid" not in data
    data, result = normalised(scanned_pdf(2, 60, 80))
    assert result.is_pdfa_3b
    assert b"pdfaid:part>3" in data


# -- pictures --------------------------------------------------------------------------------------------------------


def flat(data: bytes) -> Image.Image:
    """What the picture looks like on white paper."""
    picture = ImageOps.exif_transpose(Image.open(io.BytesIO(data))).convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", picture.size, "white"), picture).convert("RGB")


PICTURES = {
    "jpeg": jpeg(),
    "grey jpeg": jpeg(mode="L"),
    "progressive": jpeg(progressive=True),
    "png": png(),
    "grey png": png(mode="L"),
    "bitonal png": png(mode="1"),
    "palette": png(mode="P"),
    "alpha": png(mode="RGBA"),
    "grey alpha": png(mode="LA"),
    "16 bit": png(mode="I;16"),
}


@pytest.mark.parametrize("data", PICTURES.values(), ids=PICTURES)
def test_a_picture_becomes_a_page_that_shows_it(data):
    pdf, result = normalised(data)
    original = flat(data)
    if Image.open(io.BytesIO(data)).mode.startswith("I"):
        original = Image.new("RGB", original.size, (0, 0, 0))  # Pillow's 16-bit picture here is nearly black
    assert difference(shown(pdf, width=120), original) < 2
    assert (result.page_count, result.is_pdfa_3b, result.changes) == (1, True, ("picture_wrapped",))


def test_jpeg_data_is_embedded_unchanged_without_its_metadata():
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x010F] = "Camera 3000"
    Image.open(io.BytesIO(jpeg(300, 200))).save(out, "JPEG", exif=exif, comment=b"a comment")
    data = out.getvalue() + jpeg(16, 16)
    pdf, _ = normalised(data)
    assert b"Camera 3000" not in pdf
    assert b"a comment" not in pdf
    scan = data[data.index(b"\xff\xda") : data.index(b"\xff\xd9") + 2]
    assert scan in pdf
    assert pdf.count(b"\xff\xd8\xff") == 1


def test_png_rows_are_embedded_unchanged():
    data = png(300, 200)
    at = data.index(b"IDAT") + 4
    rows = data[at : at + struct.unpack(">I", data[at - 8 : at - 4])[0]]
    assert rows in normalised(data)[0]


@pytest.mark.parametrize("orientation", range(1, 9))
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_every_exif_orientation_stands_upright(orientation, kind):
    exif = Image.Exif()
    exif[0x0112] = orientation
    out = io.BytesIO()
    Image.open(io.BytesIO(png())).save(out, kind, exif=exif)
    upright = flat(out.getvalue())
    pdf, _ = normalised(out.getvalue())
    page = shown(pdf, width=480)
    assert abs(page.width / page.height - upright.width / upright.height) < 0.01
    assert difference(page, upright.resize(page.size)) < 4
    assert b"/Rotate" not in text_of(pdf)


def saved(kind: str, size: tuple[int, int], **options: object) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, "white").save(out, kind, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "size"),
    [
        (saved("JPEG", (1240, 1754), dpi=(150, 150)), (595.2, 841.9)),
        (saved("PNG", (620, 877), dpi=(150, 150)), (297.6, 420.96)),
        (saved("JPEG", (4000, 3000), dpi=(72, 72)), (793.7, 595.3)),
        (saved("JPEG", (3000, 4000)), (595.3, 793.7)),
        (saved("JPEG", (4000, 100)), (841.9, 21.0)),
        (saved("JPEG", (4000, 1)), (841.9, 3.0)),
    ],
    ids=["scan", "PNG scan", "camera", "portrait", "strip", "line"],
)
def test_page_size_follows_a_trusted_density_or_a4(data, size):
    page = page_sizes(normalised(data)[0])[0]
    assert (round(page.width_points, 1), round(page.height_points, 1)) == pytest.approx(size, abs=0.1)


def test_a_sound_colour_profile_is_kept_and_a_broken_one_is_not():
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    for kind in ("JPEG", "PNG"):
        with_profile, result = normalised(saved(kind, (60, 80), icc_profile=profile))
        assert b"/ICCBased" in text_of(with_profile)
        assert result.is_pdfa_3b
        broken, result = normalised(saved(kind, (60, 80), icc_profile=b"rubbish" * 50))
        assert b"/ICCBased" not in text_of(broken)
        assert result.is_pdfa_3b


@pytest.mark.parametrize("data", [jpeg(mode="CMYK")])
def test_cmyk_is_refused(data):
    assert refusal_of(data) == "upload.image_kind"


# -- several ---------------------------------------------------------------------------------------------------------


def test_several_uploads_become_one_pdf_in_order():
    sources = (jpeg(), scanned_pdf(2, 60, 80), png(mode="P"), simple_pdf())
    data, result = normalised(*sources)
    assert result.page_count == 5
    assert [facts.page_count for facts in result.sources] == [1, 2, 1, 1]
    assert result.is_pdfa_3b
    assert difference(shown(data, 1), shown(sources[1], 0)) == 0
    assert difference(shown(data, 4), shown(sources[3], 0)) == 0
    assert difference(shown(data, 3), shown(normalised(sources[2])[0])) == 0


def test_same_upload_twice_is_two_pages():
    assert normalised(simple_pdf(), simple_pdf())[1].page_count == 2


def test_nothing_to_combine_is_refused():
    assert refusal_of() == "upload.no_pages"


def test_dangerous_upload_among_good_ones_is_refused():
    assert refusal_of(jpeg(), with_catalog(b"/OpenAction << /S /Launch >>")) == "upload.launch_action"


def test_a_result_over_a_limit_leaves_nothing_behind(tmp_path):
    source = simple_pdf()
    limits = UploadLimits(file_bytes=len(source) + 1)
    target = tmp_path / "out.pdf"
    target.write_bytes(b"before")
    with pytest.raises(UploadError) as refused:
        normalise_upload(io.BytesIO(source), target, limits=limits)
    assert refused.value.code == "upload.too_large"
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {"out.pdf": b"before"}


@pytest.mark.needs("qpdf")
def test_qpdf_finds_nothing_to_complain_about(tmp_path):
    for number, sources in enumerate(
        ((simple_pdf(),), (jpeg(), png(mode="P"), png(mode="RGBA")), (scanned_pdf(2, 60, 80),))
    ):
        path = tmp_path / f"{number}.pdf"
        path.write_bytes(normalised(*sources)[0])
        subprocess.run(["qpdf", "--check", path], check=True, capture_output=True)
