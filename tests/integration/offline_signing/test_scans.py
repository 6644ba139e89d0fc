"""Scans of a printed text: every page of this very text, once, as it was printed (SZ-79, WH-39)."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import pikepdf
import pytest
from PIL import Image, ImageDraw

from documents.contract import render_contract
from documents.errors import UploadError
from documents.pages import page_sizes
from documents.print_copy import PageCode, make_print_copy
from documents.scans import CheckedScan, PrintedText, check_scan_guarded
from documents.uploads.child import ChildBounds
from tests.builders.keyring import NOW
from tests.builders.scanner import Scanner, jpeg, printed_page, scan_of, scanned, scanned_file, signed_by_pen
from tests.builders.terms import demo_data, terms_of

CASE = "2026112100001"
PAGES = (2, 10)
"""Of the contract: the people, the signatures."""


@cache
def text_of(price_digit: str = "") -> tuple[bytes, tuple]:
    """Two pages of a contract, and the boxes on them; ``price_digit`` alters the telephone's last digit."""
    data = demo_data()
    if price_digit:
        phone = data["buyers"][0]["contact"]["phone"]
        data["buyers"][0]["contact"]["phone"] = phone[:-1] + price_digit
    made = render_contract(terms_of(data), case_no=CASE, made_at=NOW)
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(made.pdf)) as pdf:
        for index in range(len(pdf.pages) - 1, -1, -1):
            if index not in PAGES:
                del pdf.pages[index]
        pdf.save(out)
    return out.getvalue(), tuple(made.boxes)


def printed(version: int = 1, digit: str = "", case_no: str = CASE) -> PrintedText:
    text, boxes = text_of(digit)
    first = PageCode(case_no, version, 1, len(PAGES), f"{version:064x}"[::-1])
    apart: dict[int, list] = {}
    for box in boxes:
        apart.setdefault(PAGES.index(box.page_index), []).append(box.rect)
    return PrintedText(make_print_copy(text, first), first, text, "D:20261121080000Z", apart)


def check(images: list[Image.Image], dpi: int = 150) -> CheckedScan:
    return check_scan_guarded([scanned_file(images, dpi)], printed())


def problems(checked: CheckedScan) -> list[tuple[str, int]]:
    return [(each.code, each.at) for each in checked.report.problems]


@pytest.mark.rule("SZ-79")
@pytest.mark.parametrize(
    "scanner",
    [
        Scanner(turn=178.6, blur=1.0, noise=8, paper=(60, 220)),
        Scanner(dpi=300, turn=90.3, blur=1.2),
    ],
    ids=["grey, noisy, upside down", "300 dpi on its side"],
)
def test_takes_the_text_however_it_was_scanned(scanner: Scanner) -> None:
    text = printed()
    checked = check(scan_of(text.print_copy, scanner, dict(text.apart)), scanner.dpi)
    assert problems(checked) == []
    assert checked.report.look_at_pages == ()
    assert [page.number for page in checked.report.pages] == [1, 2]


def test_pages_are_laid_where_they_were_printed_and_the_text_is_attached() -> None:
    text = printed()
    checked = check(scan_of(text.print_copy, Scanner(turn=181.2)))
    assert checked.laid_out is not None
    laid, wanted = printed_page(checked.laid_out, 0, 100), printed_page(text.print_copy, 0, 100)
    strokes = [(x, y) for x in range(0, 827, 3) for y in range(0, 1169, 3) if wanted.getpixel((x, y)) < 60]
    hits = sum(min(laid.crop((x - 2, y - 2, x + 3, y + 3)).tobytes()) < 170 for x, y in strokes)
    assert hits > 0.95 * len(strokes)
    sizes = [
        [(size.width_points, size.height_points) for size in page_sizes(pdf)]
        for pdf in (checked.laid_out, text.print_copy)
    ]
    assert sizes[0] == [pytest.approx(size, abs=0.01) for size in sizes[1]]
    with pikepdf.open(io.BytesIO(checked.laid_out)) as pdf:
        assert pdf.attachments["text.pdf"].get_file().read_bytes() == text.text
        assert b"pdfaid:part>3" in pdf.Root.Metadata.read_bytes()


def test_any_order_is_put_right_and_blank_backs_are_passed_over() -> None:
    pages = scan_of(printed().print_copy)
    back = scanned(Image.new("L", pages[0].size, 255))
    checked = check([pages[1], back, pages[0]])
    assert problems(checked) == []
    assert checked.report.reordered
    assert checked.report.ignored == (1,)
    assert [page.source_index for page in checked.report.pages] == [2, 0]


@pytest.mark.rule("SZ-79")
def test_every_page_once() -> None:
    one, two = scan_of(printed().print_copy)
    short = check([one])
    assert (problems(short), short.laid_out) == ([("scan.page_missing", 2)], None)
    assert problems(check([two, one, two])) == [("scan.page_twice", 2)]


@pytest.mark.rule("SZ-79")
@pytest.mark.parametrize(
    ("other", "code"),
    [(printed(version=2), "scan.other_text"), (printed(case_no="2026112100002"), "scan.other_contract")],
    ids=["older text", "another contract"],
)
def test_no_page_of_anything_else(other: PrintedText, code: str) -> None:
    one = scan_of(printed().print_copy, pages=range(1))[0]
    swapped = scan_of(other.print_copy, pages=range(1, 2))[0]
    assert problems(check([one, swapped])) == [(code, 2), ("scan.page_missing", 2)]


def test_a_page_without_codes_is_no_page_of_it() -> None:
    one = scan_of(printed().print_copy, pages=range(1))[0]
    bare = scanned(printed_page(text_of()[0], 1, 150))
    assert problems(check([one, bare])) == [("scan.no_code", 2), ("scan.page_missing", 2)]


def altered(change: Callable[[Image.Image], None], dpi: int = 150) -> CheckedScan:
    """The text with one page drawn on before it is scanned."""
    images = [printed_page(printed().print_copy, index, dpi) for index in range(len(PAGES))]
    change(images[0])
    return check([scanned(image, seed=seed) for seed, image in enumerate(images)], dpi)


@pytest.mark.rule("SZ-79")
def test_one_digit_replaced_under_good_codes_is_found() -> None:
    """The forger's page carries the codes of the true one; only the last digit of a telephone differs."""
    forged = printed(digit="8")
    checked = check(scan_of(forged.print_copy))
    assert problems(checked) == []
    assert checked.report.look_at_pages == (1,)
    assert {place.kind for place in checked.report.pages[0].places} <= {"missing", "added"}


def test_text_covered_with_paper_is_missing_and_a_note_is_added() -> None:
    covered = altered(lambda page: page.paste(255, (300, 600, 700, 640)))
    assert covered.report.pages[0].look == ("missing",)
    noted = altered(lambda page: ImageDraw.Draw(page).line((210, 1560, 420, 1590), fill=0, width=5))
    assert noted.report.pages[0].look == ("added",)
    place = noted.report.pages[0].places[0]
    assert 30 <= place.left_mm <= 75
    assert 255 <= place.top_mm <= 275


def test_signatures_in_their_boxes_and_over_the_edge_are_no_difference() -> None:
    text = printed()
    images = [printed_page(text.print_copy, index, 150) for index in range(len(PAGES))]
    images[1] = signed_by_pen(images[1], list(text.apart[1]))
    checked = check([scanned(image, seed=seed) for seed, image in enumerate(images)])
    assert checked.report.look_at_pages == ()


def test_a_page_with_one_code_torn_off_is_looked_at_by_a_person() -> None:
    checked = altered(lambda page: page.paste(255, (0, 0, 170, 170)))
    assert problems(checked) == []
    assert checked.report.pages[0].look == ("one_code",)


def test_pictures_serve_as_well_as_a_file() -> None:
    images = scan_of(printed().print_copy)
    checked = check_scan_guarded([jpeg(image) for image in images], printed())
    assert problems(checked) == []
    assert checked.report.look_at_pages == ()


def test_a_reader_that_takes_too_long_is_a_refusal() -> None:
    with pytest.raises(UploadError) as caught:
        check_scan_guarded([b"x"], printed(), bounds=replace(ChildBounds(), wall_seconds=0.01))
    assert caught.value.code == "upload.reader_time"
    with pytest.raises(UploadError) as caught:
        check_scan_guarded([b"hello"], printed())
    assert caught.value.code == "upload.unknown_type"
