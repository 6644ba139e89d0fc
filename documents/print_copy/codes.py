"""What the code on a printed page says: which contract, which text, which page of how many, which corner.

It is an address, not a proof: whoever has a copier has the code. That the page shows what was printed is for
``documents.scans`` to compare.
"""

from __future__ import annotations

import base64
import binascii
import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

__all__ = ["Corner", "PageCode", "read_page_code", "write_page_code"]

MARK: Final = "QS1"
"""Names the form; another form has another mark."""

DIGEST_BYTES: Final = 16
"""Of the SHA-256 of the text: no two texts of one case will ever agree in 128 bits by chance."""

_FORM: Final = re.compile(
    rf"{MARK}:(?P<case>[^:\s]{{1,40}}):(?P<version>[1-9][0-9]{{0,4}}):(?P<page>[1-9][0-9]{{0,3}}):"
    r"(?P<pages>[1-9][0-9]{0,3}):(?P<corner>[TB]):(?P<digest>[A-Za-z0-9_-]{22})"
)


class Corner(StrEnum):
    """Where on the page the code stands; two of them place and turn a scan."""

    TOP_LEFT = "T"
    BOTTOM_RIGHT = "B"


@dataclass(frozen=True, slots=True)
class PageCode:
    """One page of one text of one case."""

    case_no: str
    """Number of the case."""

    text_version: int
    """Number of the text in the case, from 1."""

    page: int
    """Page, from 1."""

    page_count: int
    """Pages of the text."""

    text_sha256: str
    """SHA-256, hex; of one that was read the first 128 bits."""

    def same_text(self, other: PageCode) -> bool:
        """Whether both are of one text of one case."""
        length = 2 * DIGEST_BYTES
        return (
            self.case_no == other.case_no
            and self.text_version == other.text_version
            and self.page_count == other.page_count
            and self.text_sha256[:length] == other.text_sha256[:length]
        )


def write_page_code(code: PageCode, corner: Corner) -> str:
    """The code's text."""
    digest = base64.urlsafe_b64encode(bytes.fromhex(code.text_sha256)[:DIGEST_BYTES]).decode().rstrip("=")
    return f"{MARK}:{code.case_no}:{code.text_version}:{code.page}:{code.page_count}:{corner.value}:{digest}"


def read_page_code(text: str) -> tuple[PageCode, Corner] | None:
    """What a code says; ``None`` for a code of anything else."""
    form = _FORM.fullmatch(text)
    if form is None:
        return None
    try:
        digest = base64.urlsafe_b64decode(form["digest"] + "==").hex()
    except binascii.Error:
        return None
    code = PageCode(form["case"], int(form["version"]), int(form["page"]), int(form["pages"]), digest)
    return (code, Corner(form["corner"])) if code.page <= code.page_count else None
