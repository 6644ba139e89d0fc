"""Pages drawn and compared: what is masked, what is hidden, wherever the page is turned."""

from __future__ import annotations

import io

import pytest

from signing.validation.rendering import PageComparison, compare_pages, ink_under
from tests.builders.attacks.updates import append_update
from tests.builders.signed_by_pyhanko import stream, write_pdf

SPOT = (120.0, 300.0, 180.0, 320.0)
ELSEWHERE = (300.0, 600.0, 360.0, 620.0)


def page(drawing: bytes, entries: bytes = b"") -> bytes:
    return write_pdf(
        {
            1: b"<< /Type /Catalog /Pages 2 0 R >>",
            2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 400 700] /Contents 4 0 R /Resources << >> %s >>" % entries,
            4: stream(drawing),
        }
    )


def box(rect: tuple[float, float, float, float], grey: float = 0) -> bytes:
    return b"%g g %g %g %g %g re f\n" % (grey, rect[0], rect[1], rect[2] - rect[0], rect[3] - rect[1])


def redrawn(before: bytes, drawing: bytes) -> tuple[io.BytesIO, int]:
    return io.BytesIO(append_update(before, {4: stream(drawing)})), len(before)


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
@pytest.mark.parametrize("crop", [b"", b"/CropBox [50 100 390 690]"], ids=["whole", "cropped"])
def test_rectangle_is_found_on_the_page_however_it_is_turned(turn: int, crop: bytes) -> None:
    data = page(box(SPOT), b"/Rotate %d %s" % (turn, crop))
    assert ink_under(io.BytesIO(data), len(data), 1, [SPOT, ELSEWHERE]) == [True, False]


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_what_is_drawn_within_a_mask_is_no_change(turn: int) -> None:
    before = page(b"", b"/Rotate %d" % turn)
    file, end = redrawn(before, box(SPOT))
    masked, bare = (compare_pages(file, end, [PageComparison(1, masks)])[0] for masks in ((SPOT,), ()))
    assert (masked.changed, masked.hidden) == (0, 0)
    assert bare.changed > 1000


def test_ink_that_disappears_within_a_mask_is_hidden() -> None:
    file, end = redrawn(page(box(SPOT)), box(SPOT) + box(SPOT, grey=1))
    result = compare_pages(file, end, [PageComparison(1, (SPOT,))])[0]
    assert (result.changed, result.hidden > 1000) == (0, True)


def test_same_page_drawn_twice_is_the_same() -> None:
    file, end = redrawn(page(box(SPOT)), box(SPOT))
    assert compare_pages(file, end, [PageComparison(1, ())])[0].changed == 0


def test_small_as_a_comma_is_still_a_change() -> None:
    file, end = redrawn(page(b""), box((100, 300, 103, 304)))
    assert compare_pages(file, end, [PageComparison(1, ())])[0].changed > 0


def test_page_of_another_size_is_changed() -> None:
    before = page(b"")
    after = append_update(before, {3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 200] /Contents 4 0 R >>"})
    assert compare_pages(io.BytesIO(after), len(before), [PageComparison(1, ())])[0].changed > 0


def test_page_that_one_of_the_two_lacks_cannot_be_compared() -> None:
    file, end = redrawn(page(b""), b"")
    assert compare_pages(file, end, [PageComparison(2, ())])[0].failed


def test_page_of_absurd_size_is_drawn_small() -> None:
    before = page(b"", b"/MediaBox [0 0 14400 14400]")
    file, end = redrawn(before, box((0, 0, 7000, 7000)))
    assert compare_pages(file, end, [PageComparison(1, ())])[0].changed > 0
