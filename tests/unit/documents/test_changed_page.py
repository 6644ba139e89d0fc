"""What changed on a page of a stranger's file is outlined, and nothing else."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from documents.changed_page import changed_page
from documents.errors import UploadError
from tests.builders import signed_by_pyhanko as signed
from tests.builders.attacks.files import PRICE_BOX
from tests.builders.attacks.saving import saving_new_page_content

RED = (179, 38, 30)


def outlined(content: bytes) -> tuple[int, int, int, int] | None:
    """Where there is red."""
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    red = Image.new("L", picture.size)
    red.putdata([255 if pixel == RED else 0 for pixel in picture.get_flattened_data()])
    return red.getbbox()


@pytest.fixture
def forged(tmp_path):
    """(file, bytes that were signed)"""
    file = tmp_path / "forged.pdf"
    file.write_bytes(saving_new_page_content())
    return file, len(signed.lta_contract())


def test_what_was_not_there_when_it_was_signed_is_outlined(forged):
    box = outlined(changed_page(forged[0], 1, forged[1]))
    assert box is not None
    scale = 900 / 595
    left, bottom, right, top = (side * scale for side in PRICE_BOX)
    height = 842 * scale
    assert box[0] < right
    assert box[2] > left
    assert box[1] < height - bottom
    assert box[3] > height - top


@pytest.mark.parametrize("whole", [True, False])
def test_without_a_change_nothing_is_outlined(forged, whole):
    file, _ = forged
    assert outlined(changed_page(file, 1, file.stat().st_size if whole else None)) is None


def test_a_page_that_was_not_signed_is_outlined_as_a_whole(forged):
    box = outlined(changed_page(forged[0], 1, 10))
    assert box is not None
    assert box[:2] == (2, 2)
    assert box[2] > 890


def test_a_page_that_is_not_there_is_refused(forged):
    with pytest.raises(UploadError) as refused:
        changed_page(forged[0], 9, None)
    assert refused.value.code == "upload.malformed"


def test_what_is_no_pdf_is_refused(tmp_path):
    file = tmp_path / "letter.pdf"
    file.write_bytes(b"not a PDF")
    with pytest.raises(UploadError):
        changed_page(file, 1, None)
