"""What is let in, what is known of it, and what is overlooked with a note."""

from __future__ import annotations

import hashlib
import io
import json
import struct
import zlib
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import typst

from documents.errors import UploadError
from documents.uploads import (
    DEFAULT_LIMITS,
    REFUSALS,
    EmbeddedFile,
    MediaType,
    PixelSize,
    active_content,
    inspect_upload,
    qpdf,
    raw_scan,
)
from documents.uploads.filters import Allowance, measure
from tests.builders.hostile_pdf import (
    HOSTILE,
    RawPdfFile,
    annotation,
    chunk,
    flate_bomb,
    jpeg,
    png,
    png_of,
    scanned_pdf,
    simple_pdf,
    stream,
    with_action,
    with_catalog,
    with_embedded,
    with_object,
)


def inspect(data: bytes, **limits: int):
    return inspect_upload(io.BytesIO(data), limits=replace(DEFAULT_LIMITS, **limits))


def refusal_of(data: bytes, **limits: int) -> str:
    with pytest.raises(UploadError) as refused:
        inspect(data, **limits)
    return refused.value.code


def test_every_refusal_has_a_file_that_provokes_it():
    elsewhere = {
        "upload.too_large",
        "upload.stream_too_large",
        "upload.signed_not_rewritten",
        "upload.form_without_appearance",
        # about the process that reads, not about a file: test_uploads_child
        "upload.reader_crash",
        "upload.reader_memory",
        "upload.reader_time",
    }
    assert {code for code, _, _ in HOSTILE} | elsewhere == set(REFUSALS)


def test_facts_of_a_pdf(tmp_path):
    data = scanned_pdf(3, 60, 80)
    path = tmp_path / "photo.jpg"  # a name says nothing
    path.write_bytes(data)
    facts = inspect_upload(path)
    assert (facts.media_type, facts.page_count, facts.pdf_version) == (MediaType.PDF, 3, "1.7")
    assert (facts.size_bytes, facts.sha256_hex) == (len(data), hashlib.sha256(data).hexdigest())
    assert (facts.pixel_sizes, facts.repairs, facts.is_signed) == ((PixelSize(60, 80),), (), False)


@pytest.mark.parametrize("mode", ["RGB", "L", "P", "RGBA", "LA"])
def test_facts_of_a_png(mode):
    facts = inspect(png(mode=mode))
    assert (facts.media_type, facts.pixel_sizes) == (MediaType.PNG, (PixelSize(120, 80),))


@pytest.mark.parametrize("progressive", [False, True])
@pytest.mark.parametrize("mode", ["RGB", "L", "CMYK"])
def test_facts_of_a_jpeg(mode, progressive):
    facts = inspect(jpeg(mode=mode, progressive=progressive))
    assert (facts.media_type, facts.pixel_sizes) == (MediaType.JPEG, (PixelSize(120, 80),))


def test_position_of_the_stream_does_not_matter():
    file = io.BytesIO(simple_pdf())
    file.seek(0, io.SEEK_END)
    assert inspect_upload(file).page_count == 1


def test_typeset_pdf_with_attachment_is_let_in():
    source = b"""#set document(title: "t", date: datetime(year: 2026, month: 11, day: 21))
#pdf.attach("/a.json", bytes("{}"), mime-type: "application/json", relationship: "data", description: "d")
#outline()
= One
#pagebreak()
= Two
"""
    data = typst.compile(source, format="pdf", pdf_standards=["a-3b"], timestamp=datetime(2026, 11, 21, tzinfo=UTC))
    facts = inspect(data)
    assert (facts.page_count, facts.repairs) == (2, ())
    assert facts.embedded_files == (EmbeddedFile("a.json", "text", 2),)


@pytest.mark.parametrize(
    ("data", "repairs"),
    [
        (b"\xef\xbb\xbf\r\n" + simple_pdf(), {"leading_padding"}),
        (simple_pdf() + b"\r\n\0\0\0\x1a", set()),
        (simple_pdf().rpartition(b"startxref")[0], {"end_of_file_missing", "xref_rebuilt", "syntax_repaired"}),
        (simple_pdf().replace(b"startxref\n", b"startxref\n9"), {"xref_rebuilt", "syntax_repaired"}),
        (with_object(stream(zlib.compress(b"x" * 999)[:-3], b"/Filter /FlateDecode")), {"stream_end_missing"}),
        (simple_pdf().replace(b"/Length 24", b"/Length 31"), {"syntax_repaired"}),
    ],
    ids=["leading white space", "trailing padding", "no end", "wrong startxref", "no checksum", "wrong length"],
)
def test_repairs_are_told(data, repairs):
    assert set(inspect(data).repairs) == repairs


@pytest.mark.parametrize(
    "data",
    [
        with_action(b"<< /S /GoTo /D [3 0 R /Fit] /Next << /S /Named /N /NextPage >> >>"),
        annotation(b"/Subtype /Link /Dest [3 0 R /Fit]"),
        annotation(b"/Subtype /Link /A << /S /Thread /D 0 >>"),
        with_catalog(b"/Title (/S /JavaScript /JS)"),
        with_catalog(b"/StructTreeRoot << /K << /S /Sect /A << /O /Layout /S 5 >> >> >>"),
        with_object(stream(b"7e>", b"/Filter /ASCIIHexDecode")),
        with_object(stream(b'87cURD]i,"Ebo7&~>', b"/Filter /ASCII85Decode")),
        with_object(stream(b"\x04hello\x80", b"/Filter /RunLengthDecode")),
    ],
    ids=["jumps", "link", "thread", "text", "structure", "hex", "ASCII85", "run length"],
)
def test_harmless_things_are_let_be(data):
    assert inspect(data).repairs == ()


@pytest.mark.parametrize("data", [b'{"a": "\xe5\x90\x88"}', b"<?xml version='1.0'?><a/>", b"a,b\r\n1,2\r\n"])
def test_inert_embedded_text_is_let_be(data):
    assert inspect(with_embedded(b"data.json", data)).embedded_files == (EmbeddedFile("data.json", "text", len(data)),)


def test_embedded_pictures_are_let_be():
    assert [file.kind for file in inspect(with_embedded(b"a.jpg", jpeg())).embedded_files] == ["jpeg"]


@pytest.mark.parametrize(
    "trailer",
    [b"\0" * 40, jpeg(16, 16), jpeg(16, 16) + b"\0" + jpeg(8, 8), b"\0\0Image_UTC_Data1600000000000SEFHxSEFT"],
    ids=["padding", "preview", "two previews", "Samsung"],
)
def test_what_cameras_append_is_let_be(trailer):
    facts = inspect(jpeg() + trailer)
    assert facts.repairs == (() if not trailer.strip(b"\0") else ("camera_trailer",))


SIGNATURE = b"<< /Type /Sig /Filter /Adobe.PPKLite /ByteRange [0 1 2 3] /Contents <00> >>"


@pytest.mark.parametrize(
    ("data", "count"),
    [
        (simple_pdf(), 0),
        (annotation(b"/Subtype /Widget /FT /Sig /T (s)"), 0),
        (annotation(b"/Subtype /Widget /FT /Sig /T (s) /V << /Contents <00> >>"), 1),
        (with_object(SIGNATURE), 1),
        (RawPdfFile(objects={9: SIGNATURE, 10: SIGNATURE.replace(b"/Sig", b"/DocTimeStamp")}).bytes(), 2),
        (with_object(b"<< /Byte#52ange [0 1 2 3] >>"), 1),
        (simple_pdf() + b"9 0 obj\n<< /ByteRange [0 1 2 3] >>\nendobj\nstartxref\n0\n%%EOF\n", 1),
    ],
    ids=["none", "empty field", "filled field", "one", "two", "escaped", "seen in the bytes only"],
)
def test_signatures_are_counted(data, count):
    assert inspect(data).signature_count == count


@pytest.mark.parametrize(
    ("data", "limits", "code"),
    [
        (simple_pdf(), {"file_bytes": 200}, "upload.too_large"),
        (png(), {"file_bytes": 100}, "upload.too_large"),
        (jpeg(), {"raw_stream_bytes": 100}, "upload.too_large"),
        (scanned_pdf(1, 60, 80), {"raw_stream_bytes": 100}, "upload.stream_too_large"),
        (scanned_pdf(3, 60, 80), {"pages": 2}, "upload.too_many_pages"),
        (scanned_pdf(3, 60, 80), {"objects": 8}, "upload.too_many_objects"),
        (scanned_pdf(1, 60, 80), {"image_pixels": 4799}, "upload.too_many_pixels"),
        (png(), {"image_pixels": 9599}, "upload.too_many_pixels"),
        (simple_pdf(), {"structure_bytes": 300}, "upload.structure_too_large"),
        (with_embedded(b"a.txt", b"x" * 999), {"embedded_bytes": 998}, "upload.decompression_bomb"),
        (
            RawPdfFile(objects={9 + n: stream(flate_bomb(1 << 20), b"/Filter /FlateDecode") for n in range(5)}).bytes(),
            {"decompressed_bytes": 4 << 20},
            "upload.decompression_bomb",
        ),
        (
            RawPdfFile(objects={9: b"<< >>"}).compressed(9, pack=lambda head: flate_bomb(1 << 20, head)),
            {"structure_bytes": (1 << 20) + 300},
            "upload.decompression_bomb",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_each_limit_holds(data, limits, code):
    assert refusal_of(data, **limits) == code
    assert inspect(data, **{name: limit * 2 + 5000 for name, limit in limits.items()})


def test_interlaced_and_deep_png_rows_are_counted_right():
    # 5 x 3 pixels of 16-bit RGB in Adam7 order: columns and rows of each pass by hand from
    # ISO/IEC 15948 § 8.2.
    rows = [(1, 1), (1, 1), (2, 0), (1, 1), (3, 1), (2, 2), (5, 1)]
    size = sum(height * (1 + width * 6) for width, height in rows if width)
    header = struct.pack(">IIBBBBB", 5, 3, 16, 2, 0, 0, 1)
    assert inspect(png_of(header, chunk(b"IDAT", zlib.compress(bytes(size))))).pixel_sizes == (PixelSize(5, 3),)
    assert refusal_of(png_of(header, chunk(b"IDAT", zlib.compress(bytes(size - 1))))) == "upload.truncated"


def test_raw_scan_does_not_depend_on_where_chunks_end(monkeypatch):
    data = scanned_pdf(1, 8, 8) + (stream(b"x" * 9) + b"/ByteRange [0 1]") * 60
    whole = raw_scan.scan_pdf(io.BytesIO(data), DEFAULT_LIMITS)
    assert whole.byte_ranges == 60
    assert whole.structure_bytes < len(data)
    for chunk_bytes in range(1200, 1300):
        monkeypatch.setattr(raw_scan, "CHUNK_BYTES", chunk_bytes)
        assert raw_scan.scan_pdf(io.BytesIO(data), DEFAULT_LIMITS) == whole


def test_looking_into_a_million_little_dictionaries_is_refused(monkeypatch):
    data = with_object(b"[" + b"<< /A 1 >>" * 200 + b"]")
    assert inspect(data).page_count == 1
    monkeypatch.setattr(active_content, "MAX_NODES", 200)
    assert refusal_of(data) == "upload.too_many_objects"


def test_a_stream_longer_than_it_says_is_measured_by_what_it_is():
    data = with_object(stream(b"x" * 9000).replace(b"/Length 9000", b"/Length 9"))
    assert inspect(data).repairs == ("syntax_repaired",)
    assert refusal_of(data, raw_stream_bytes=5000) == "upload.stream_too_large"


def test_a_file_that_is_all_repairs_is_refused(monkeypatch):
    data = simple_pdf().replace(b"startxref\n", b"startxref\n9")
    monkeypatch.setattr(qpdf, "MAX_WARNINGS", 1)
    assert refusal_of(data) == "upload.malformed"


def test_a_filter_far_behind_white_space_is_still_seen():
    hidden = with_object(stream(b"", b"/Filter" + b" " * 5000 + b"10 0 R"))
    assert refusal_of(hidden) == "upload.forbidden_filter"


def test_a_chain_of_filters_is_measured_as_it_decodes():
    data = json.dumps(list(range(60_000))).encode()
    packed = zlib.compress(zlib.compress(data)).hex().encode() + b">"
    chain = ("/ASCIIHexDecode", "/FlateDecode", "/FlateDecode")
    allowance = Allowance(1 << 30)
    decoded = measure((memoryview(packed),), chain, Allowance(1 << 30), allowance)
    assert (decoded.size_bytes, decoded.head, decoded.is_complete) == (len(data), data[: 64 << 10], True)
    assert allowance.spent > len(data)
