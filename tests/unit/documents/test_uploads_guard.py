"""Uploads are read by a child process: whatever a file does to its reader, the service goes on."""

from __future__ import annotations

import io

import pikepdf
import pytest
from PIL import Image

from documents.errors import UploadError
from documents.uploads import MediaType, take_in
from documents.uploads.child import ChildBounds
from tests.builders.plain_pdf import plain_pdf


def picture(kind: str = "JPEG") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (600, 850), "white").save(out, kind)
    return out.getvalue()


def code_of(*contents: bytes, **bounds: float) -> str:
    with pytest.raises(UploadError) as caught:
        take_in(contents, bounds=ChildBounds(**bounds))  # type: ignore[arg-type]
    return caught.value.code


def test_pictures_become_one_clean_pdf_in_their_order() -> None:
    taken = take_in([picture(), picture("PNG")])
    assert (taken.page_count, taken.media_type, taken.is_signed) == (2, "application/pdf", False)
    assert taken.came_as == (MediaType.JPEG, MediaType.PNG)
    with pikepdf.open(io.BytesIO(taken.content)) as pdf:
        assert len(pdf.pages) == 2


def test_equal_uploads_give_equal_bytes() -> None:
    assert take_in([picture()]).content == take_in([picture()]).content


@pytest.mark.parametrize(
    ("bounds", "code"),
    [
        ({"memory_bytes": 60 << 20}, "upload.reader_memory"),
        ({"wall_seconds": 0.01}, "upload.reader_time"),
        ({"cpu_seconds": 0}, "upload.reader_time"),
        ({"file_bytes": 10}, "upload.reader_crash"),
    ],
)
def test_a_reader_that_is_ended_is_a_refusal(bounds: dict[str, float], code: str) -> None:
    assert code_of(picture(), **bounds) == code


def test_what_the_child_refuses_arrives_with_its_code_and_facts() -> None:
    assert code_of(b"hello") == "upload.unknown_type"
    assert code_of(b"") == "upload.empty"
    with pytest.raises(UploadError) as caught:
        take_in([picture()[:-200]])
    assert caught.value.code == "upload.truncated"
    assert caught.value.zh


def test_a_signed_file_is_kept_byte_for_byte() -> None:
    signed = _signed()
    taken = take_in([signed])
    assert taken.is_signed
    assert taken.content == signed


def test_a_signed_file_among_others_is_refused() -> None:
    assert code_of(_signed(), picture()) == "upload.signed_not_rewritten"


def _signed() -> bytes:
    """A file with a signature dictionary; whether it holds is not asked here."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(plain_pdf())) as pdf:
        value = pikepdf.Dictionary(
            Type=pikepdf.Name.Sig,
            Filter=pikepdf.Name("/Adobe.PPKLite"),
            ByteRange=pikepdf.Array([0, 1, 2, 3]),
            Contents=pikepdf.String("00"),
        )
        field = pikepdf.Dictionary(FT=pikepdf.Name.Sig, T=pikepdf.String("s"), V=pdf.make_indirect(value))
        pdf.Root.AcroForm = pikepdf.Dictionary(Fields=pikepdf.Array([pdf.make_indirect(field)]))
        pdf.save(out)
    return out.getvalue()
