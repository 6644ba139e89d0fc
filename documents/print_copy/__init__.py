"""The contract as it is printed for signing by hand: the fixed text itself, with codes on every page."""

from __future__ import annotations

from documents.print_copy.codes import Corner, PageCode, read_page_code, write_page_code
from documents.print_copy.make import CODE_SIZE, code_square, make_print_copy

__all__ = [
    "CODE_SIZE",
    "Corner",
    "PageCode",
    "code_square",
    "make_print_copy",
    "read_page_code",
    "write_page_code",
]
