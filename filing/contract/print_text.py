"""The fixed text as it is printed for signing by hand, with what a scan of it is checked against."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from documents.print_copy import PageCode, make_print_copy
from documents.scans import PrintedText
from filing.contract.acts import read_acts
from filing.contract.fields import FILING_STAMP_FIELD
from filing.contract.fix_text import CERTIFY, TEXT, text_box_list
from filing.contract.perform import read_object
from filing.contract.revisions import require_done

if TYPE_CHECKING:
    from filing.contract.perform import ContractCase

__all__ = ["print_text"]


def print_text(case: ContractCase, version: int) -> PrintedText:
    """The text of ``version`` with codes on its pages; equal calls give equal bytes. Changes nothing.

    The codes name the certified file, the one everybody is shown. Raises ``ActRefused`` before that is made.
    """
    acts = read_acts(case.journal.entries())
    text, certified = require_done(acts, TEXT), require_done(acts, CERTIFY)
    first = PageCode(case.case_no, version, 1, int(str(text.facts["pages"])), str(certified.sha256))
    apart: dict[int, list[tuple[float, float, float, float]]] = {}
    for box in text_box_list(acts):
        if box.name == FILING_STAMP_FIELD:
            continue  # nobody writes where the authority's stamp goes: ink there is a difference
        apart.setdefault(box.page_index, []).append(box.rect)
    made_at = datetime.fromisoformat(str(text.facts["made_at"])).astimezone(UTC)
    return PrintedText(
        print_copy=make_print_copy(read_object(case, text.sha256), first),
        first=first,
        text=read_object(case, certified.sha256),
        made_at=f"D:{made_at:%Y%m%d%H%M%S}Z",
        apart=apart,
    )
