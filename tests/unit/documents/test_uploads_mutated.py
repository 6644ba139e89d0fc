"""Whatever is done to the bytes: facts, a refusal, never another error. Small files, so nothing here can be slow."""

from __future__ import annotations

import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from documents.errors import UploadError
from documents.pages import PageImageError, render_page
from documents.uploads import UploadFacts, UploadLimits, inspect_upload, normalise_upload
from tests.builders.hostile_pdf import HOSTILE, RawPdfFile, jpeg, png, scanned_pdf, simple_pdf, stream

SMALL = UploadLimits(
    file_bytes=1 << 20,
    pages=20,
    objects=500,
    decompressed_bytes=4 << 20,
    structure_bytes=1 << 18,
    raw_stream_bytes=1 << 20,
    stream_bytes=1 << 20,
    image_pixels=100_000,
)

FORM = RawPdfFile(
    catalog=b" /AcroForm << /Fields [9 0 R] >> /Outlines << /First 9 0 R >> /Names << /Dests 9 0 R >>",
    objects={
        3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 99 99] /CropBox [9 9 90 90] /Rotate 90 /Contents [4 0 R]"
        b" /Annots [9 0 R] /Resources << /XObject << /X 10 0 R >> >> >>",
        9: b"<< /Type /Annot /Subtype /Widget /Rect [0 0 9 9] /FT /Tx /V (x) /AP << /N 10 0 R >> /Parent 9 0 R >>",
        10: stream(b"51 20 51>", b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] /Filter [/AHx]"),
    },
)
SEEDS = (
    simple_pdf(),
    scanned_pdf(2, 16, 16),
    FORM.bytes(),
    FORM.compressed(1, 2, 3, 9),
    jpeg(16, 16),
    jpeg(16, 16, progressive=True),
    png(16, 16),
    png(16, 16, mode="P"),
)
TOKENS = (
    *(
        b"null",
        b"[]",
        b"<<>>",
        b"()",
        b"<",
        b"(",
        b"[",
        b"-1",
        b"1e99",
        b"true",
        b"4294967296",
        b"\0\0\0\0",
        b"\xff\xd9",
    ),
    *(
        b"/Kids",
        b"/Parent 3 0 R",
        b"0 0 R",
        b"9 0 obj",
        b"endobj",
        b"stream\n",
        b"/Filter/Fl",
        b"/Length 0",
        b"/Type/XRef",
    ),
    *(b"trailer", b"%%EOF", b"<</S/JavaScript>>", b"/MediaBox[0 0 1 1e9]", b"/Count 2147483648"),
)


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A whole file with bytes cut, turned, repeated or replaced by tokens."""
    data = bytearray(draw(st.sampled_from(SEEDS)))
    for _ in range(draw(st.integers(1, 6))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        length = draw(st.integers(0, 40))
        match draw(st.sampled_from(["cut", "turn", "token", "over", "repeat", "end"])):
            case "cut":
                del data[at : at + length]
            case "turn":
                data[at : at + 1] = bytes([draw(st.integers(0, 255))])
            case "token":
                data[at:at] = draw(st.sampled_from(TOKENS))
            case "over":
                token = draw(st.sampled_from(TOKENS))
                data[at : at + len(token)] = token
            case "repeat":
                data[at:at] = data[at : at + length]
            case _:
                del data[at:]
    return bytes(data)


def digits_exchanged(data: bytes, seed: int) -> bytes:
    """Every number's last digit moved: references, offsets and lengths that point to the wrong thing."""
    return bytes(48 + (byte - 48 + seed * (n % 3)) % 10 if 48 <= byte <= 57 else byte for n, byte in enumerate(data))


def check(data: bytes) -> None:
    try:
        facts = inspect_upload(io.BytesIO(data), limits=SMALL)
    except UploadError:
        return
    assert isinstance(facts, UploadFacts)
    try:
        normalise_upload(io.BytesIO(data), io.BytesIO(), limits=SMALL)
    except UploadError:
        return


@pytest.mark.parametrize("seed", range(len(SEEDS)))
def test_seeds_are_let_in(seed):
    inspect_upload(io.BytesIO(SEEDS[seed]), limits=SMALL)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(mutated())
def test_mutated_files_are_judged_or_refused(data):
    check(data)


@settings(max_examples=100, deadline=None)
@given(st.sampled_from(SEEDS), st.integers(1, 9))
def test_misdirected_files_are_judged_or_refused(data, seed):
    check(digits_exchanged(data, seed))


@pytest.mark.parametrize("seed", range(len(SEEDS)))
def test_files_cut_anywhere_are_judged_or_refused(seed):
    data = SEEDS[seed]
    for end in range(0, len(data), max(1, len(data) // 40)):
        check(data[:end])


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(mutated())
def test_mutated_files_are_drawn_or_refused(data):
    try:
        assert render_page(data, 0, width_px=32).startswith(b"\x89PNG")
    except PageImageError:
        return


def test_hostile_files_are_never_drawn_into_a_crash():
    for _, _, build in HOSTILE[:60]:
        try:
            render_page(build(), 0, width_px=32)
        except PageImageError:
            continue
