"""Which pages of the contract somebody has read to their end: noted as they read, some pages at a time.

Evidence of the reading, and where to go on reading; no guard asks for it. Whoever signs says by ``preview-contract``
that they have read all of it (SZ-70, HS-22).
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from filing.acts.signing.bound import require_text
from filing.acts.signing.inputs import PagesRead
from filing.acts.spec import ActDoc, ActSpec
from filing.case.text import ReadReceipt
from filing.engine.outcome import Outcome
from filing.errors import FilingError
from filing.lifecycle import State
from filing.profile import Actor

if TYPE_CHECKING:
    from filing.engine.situation import Situation

__all__ = ["CONTRACT_PAGES", "NOTE_PAGES_READ"]

CONTRACT_PAGES: Final = "contract_pages"
"""Subject of the receipt: one for each party, its pages growing."""


def _check(situation: Situation, asked: PagesRead) -> None:
    count = require_text(situation.case, asked.text_sha256).source.page_count
    if not asked.pages or not all(1 <= page <= count for page in asked.pages):
        raise FilingError(
            "page.out_of_range", zh="合同没有这一页", en="the contract has no such page", page_count=count
        )


def _decide(situation: Situation, asked: PagesRead, _: None) -> Outcome:
    case, mine = situation.case, situation.who.parties or (None,)
    outcome = Outcome(case)
    for party in mine:
        before = _receipt(situation, asked.text_sha256, party)
        new = sorted(set(asked.pages) - set(before.pages))
        if not new:
            continue
        now = replace(before, pages=tuple(sorted({*before.pages, *new})), read_at=situation.now)
        text = outcome.case.text
        kept = tuple(one for one in text.receipts if one != before)
        outcome = outcome.with_case(text=replace(text, receipts=(*kept, now))).noting(
            "text.pages_read", party=party, sha256=asked.text_sha256, pages=new
        )
    return outcome


def _receipt(situation: Situation, sha256: str, party: str | None) -> ReadReceipt:
    """Of whoever reads, for the party: as it is, or without a page."""
    empty = ReadReceipt(situation.who.account_id, CONTRACT_PAGES, sha256, situation.now, party)
    who = (empty.reader, empty.subject, empty.sha256, empty.party)
    receipts = situation.case.text.receipts
    return next((one for one in receipts if (one.reader, one.subject, one.sha256, one.party) == who), empty)


NOTE_PAGES_READ: Final = ActSpec(
    name="note-pages-read",
    by=frozenset({Actor.SELLER, Actor.BUYER}),
    states=frozenset({State.TEXT_READY, State.SIGNING}),
    input=PagesRead,
    check=_check,
    decide=_decide,
    doc=ActDoc(
        zh="记录已读到页末的合同页码，可多次提交；作为阅读的证据，签署前的“预览合同”仍须由签署人确认。",
        en="Notes pages of the contract that were read to their end, as often as one likes: evidence of the reading. "
        "The signer's word that all of it was read is `preview-contract`.",
        example={"text_sha256": "9f2c" * 16, "pages": [1, 2, 3]},
        errors=("text.other", "text.not_fixed", "page.out_of_range"),
    ),
    rules=("SZ-70", "HS-22"),
)
"""While the text is read, confirmed and signed."""
