"""The code of a filing stamp is read from a photo; what is no photo is refused."""

from __future__ import annotations

import io

import pytest
import segno
from PIL import Image

from documents.errors import UploadError
from documents.scans.stamp_code import read_stamp_codes

ADDRESS = "https://verify.qianshu.example/f/2026112100000017"


def photo_of(text: str, kind: str = "JPEG", degrees: int = 0) -> bytes:
    """A code on a table, as a telephone sees it."""
    code = io.BytesIO()
    segno.make(text, error="m", micro=False).save(code, kind="png", scale=8)
    table = Image.new("RGB", (1200, 1600), (116, 98, 80))
    seen = Image.open(code).convert("RGB").rotate(degrees, expand=True, fillcolor=(255, 255, 255))
    table.paste(seen, (300, 500))
    out = io.BytesIO()
    table.save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
@pytest.mark.parametrize("degrees", [0, 20])
def test_the_code_is_read_however_it_lies(kind, degrees):
    assert read_stamp_codes(photo_of(ADDRESS, kind, degrees)) == (ADDRESS,)


def test_a_photo_without_a_code_is_no_fault():
    out = io.BytesIO()
    Image.new("RGB", (400, 300), "white").save(out, "JPEG")
    assert read_stamp_codes(out.getvalue()) == ()


@pytest.mark.parametrize("content", [b"%PDF-1.7\n", b"GIF89a", b"", b"\xff\xd8\xff\xe0cut"])
def test_what_is_no_photo_is_refused(content):
    with pytest.raises(UploadError):
        read_stamp_codes(content)
