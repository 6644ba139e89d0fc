"""Page images: exact width, what a reader sees, bounded, and safe among threads."""

from __future__ import annotations

import io
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from PIL import Image

from documents.pages import (
    MAX_WIDTH_PX,
    PDFIUM_LOCK,
    PageImageError,
    PageSize,
    draw_page,
    page_sizes,
    render_page,
    render_pages,
)
from tests.builders.hostile_pdf import RawPdfFile, scanned_pdf, simple_pdf, stream


def picture(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def with_widget(flags: int = 4) -> bytes:
    """A signature field with a red appearance, in the lower left corner."""
    appearance = stream(b"1 0 0 rg 0 0 100 100 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 100 100]")
    widget = b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (s) /F %d /Rect [300 300 400 400] /AP << /N 10 0 R >> >>"
    return RawPdfFile(
        catalog=b" /AcroForm << /Fields [9 0 R] /SigFlags 3 >>",
        page=b" /Annots [9 0 R]",
        objects={9: widget % flags, 10: appearance},
    ).bytes()


@pytest.mark.parametrize("width", [16, 333, 1000, 1999])
def test_image_has_exactly_the_width_asked_for(width):
    image = picture(render_page(simple_pdf(), 0, width_px=width))
    assert image.size == (width, round(842 * width / 595))


def test_signature_appearance_is_drawn():
    image = picture(render_page(with_widget(), 0, width_px=595))
    assert image.getpixel((350, 842 - 350)) == (255, 0, 0)
    assert image.getpixel((450, 842 - 350)) == (255, 255, 255)


def test_a_page_without_colour_is_grey_and_any_other_is_not():
    """Of a signed page nothing may turn grey; of a page of text two thirds of the bytes would say nothing."""
    coloured, plain = (render_page(with_widget(flags), 0, width_px=595) for flags in (4, 2))
    assert [Image.open(io.BytesIO(png)).mode for png in (coloured, plain)] == ["RGB", "L"]
    drawn = draw_page(with_widget(flags=2), 0, width_px=595)
    assert picture(plain).tobytes() == drawn.tobytes()


def test_hidden_annotation_is_not_drawn():
    image = picture(render_page(with_widget(flags=2), 0, width_px=595))
    assert image.getpixel((350, 842 - 350)) == (255, 255, 255)


def test_sizes_are_as_displayed():
    turned = RawPdfFile(page=b" /Rotate 90 /CropBox [0 0 300 400]").bytes()
    assert page_sizes(turned) == (PageSize(400.0, 300.0),)
    assert picture(render_page(turned, 0, width_px=400)).size == (400, 300)


@pytest.mark.parametrize("index", [-1, 1, 10**6])
def test_refuses_a_page_that_is_not_there(index):
    with pytest.raises(PageImageError) as refused:
        render_page(simple_pdf(), index, width_px=100)
    assert refused.value.code == "page.out_of_range"


@pytest.mark.parametrize("width", [0, -1, 15, MAX_WIDTH_PX + 1])
def test_refuses_a_width_out_of_bounds(width):
    with pytest.raises(PageImageError) as refused:
        render_page(simple_pdf(), 0, width_px=width)
    assert refused.value.code == "page.width_out_of_range"


def test_refuses_a_page_so_tall_that_its_image_would_not_fit():
    ribbon = RawPdfFile(page=b" /CropBox [0 0 3 842]").bytes()
    with pytest.raises(PageImageError) as refused:
        render_page(ribbon, 0, width_px=MAX_WIDTH_PX)
    assert refused.value.code == "page.too_many_pixels"


@pytest.mark.parametrize("data", [b"", b"hello", b"%PDF-1.7\n%%EOF"])
def test_refuses_what_is_not_a_pdf(data):
    with pytest.raises(PageImageError) as refused:
        render_page(data, 0, width_px=100)
    assert refused.value.code == "page.unreadable"
    with pytest.raises(PageImageError):
        page_sizes(data)


def test_pages_come_in_the_order_asked_for_and_from_any_source(tmp_path):
    data = scanned_pdf(3, 60, 80)
    path = tmp_path / "a.pdf"
    path.write_bytes(data)
    whole = list(render_pages(path, width_px=64))
    assert len(whole) == 3
    assert list(render_pages(io.BytesIO(data), [2, 0], width_px=64)) == [whole[2], whole[0]]


def test_nobody_draws_while_another_holds_pdfium():
    pages = []
    other = threading.Thread(target=lambda: pages.append(render_page(simple_pdf(), 0, width_px=16)))
    with PDFIUM_LOCK:
        other.start()
        other.join(0.1)
        assert pages == []
    other.join()
    assert len(pages) == 1


def test_the_lock_is_free_while_the_caller_works_on_a_page():
    pages = render_pages(scanned_pdf(2, 60, 80), width_px=16)
    next(pages)
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(PDFIUM_LOCK.acquire, blocking=False).result()
        pool.submit(PDFIUM_LOCK.release).result()
    pages.close()


def test_threads_get_the_same_images():
    data = scanned_pdf(2, 60, 80)
    alone = render_page(data, 1, width_px=200)
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(lambda _: render_page(data, 1, width_px=200), range(32))) == {alone}
