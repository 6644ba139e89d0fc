"""Files taken in quickly, where a test is not about taking them in."""

from __future__ import annotations

import io
import sys
from contextlib import contextmanager
from functools import cache
from typing import TYPE_CHECKING, Final

import pikepdf

from documents.photos import take_photo
from documents.scans import check_scan_guarded
from documents.scans.guard import CheckedScan, PrintedText
from documents.scans.report import ScannedPage, ScanProblem, ScanReport
from documents.uploads import TakenIn, take_in
from filing.contract import ContractCase, print_text, read_acts
from notary.certificates import take_in_bundle, verify_change

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def quick_uploads() -> Iterator[None]:
    """Files are not read in processes of their own, scans not page by page, prints not made twice: all have tests of
    their own.
    """
    quick = {
        "take_in": _take_in_once,
        "check_scan_guarded": _count_pages,
        "print_text": _print_once,
        "take_photo": cache(take_photo),
        "take_in_bundle": cache(take_in_bundle),
        "verify_change": cache(verify_change),
    }
    real = {
        "take_in": take_in,
        "check_scan_guarded": check_scan_guarded,
        "print_text": print_text,
        "take_photo": take_photo,
        "take_in_bundle": take_in_bundle,
        "verify_change": verify_change,
    }
    users = [
        (module, name)
        for path, module in sorted(sys.modules.items())
        for name, function in real.items()
        if path.startswith(("filing.", "notary.")) and getattr(module, name, None) is function
    ]
    for module, name in users:
        setattr(module, name, quick[name])
    try:
        yield
    finally:
        for module, name in users:
            setattr(module, name, real[name])


_TAKEN: Final[dict[tuple[bytes, ...], TakenIn]] = {}


def _take_in_once(contents: list[bytes]) -> TakenIn:
    if tuple(contents) not in _TAKEN:
        _TAKEN[tuple(contents)] = take_in(contents)
    return _TAKEN[tuple(contents)]


_PRINTED: Final[dict[tuple[str, object], PrintedText]] = {}


def _print_once(case: ContractCase, version: int) -> PrintedText:
    certified = read_acts(case.journal.entries()).done("certify")
    key = (case.case_no, None if certified is None else certified.sha256)
    if key not in _PRINTED:
        _PRINTED[key] = print_text(case, version)
    return _PRINTED[key]


def _count_pages(contents: list[bytes], printed: PrintedText) -> CheckedScan:
    """Whatever has as many pages as the text is a scan of it."""
    with pikepdf.open(io.BytesIO(contents[0])) as scan:
        there, wanted = len(scan.pages), printed.first.page_count
    pages = tuple(ScannedPage(number + 1, number) for number in range(min(there, wanted)))
    problems = () if there >= wanted else (ScanProblem("scan.page_missing", there + 1),)
    return CheckedScan(ScanReport(pages, problems), contents[0], None if problems else printed.print_copy)
