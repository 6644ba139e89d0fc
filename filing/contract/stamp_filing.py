"""The authority files the contract: its seal signs the field made for it, in red and with a number."""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from filing.contract.fields import FILING_STAMP_FIELD, filing_stamp_box, party_boxes
from filing.contract.file_scan import scan_stamp_box
from filing.contract.perform import Make, Produced, perform_once, read_object
from filing.contract.revisions import PDF, require_done, require_same, revision_facts
from filing.contract.sign_contract import sign_act_name
from signing.appearance import FilingMark, filing_stamp_appearance
from signing.appearance.party import BEIJING
from signing.pades import FieldSignature, sign_field

if TYPE_CHECKING:
    from documents.boxes import FieldBox
    from filing.contract.acts import Act, Acts
    from filing.contract.desk import SigningDesk
    from filing.contract.perform import ContractCase

__all__ = ["STAMP", "FilingDecision", "stamp_filing"]

STAMP = "stamp"


@dataclass(frozen=True, slots=True)
class FilingDecision:
    """The authority's decision to file."""

    authority_name: str
    """Name on the seal's arc."""

    filing_number: str
    """备案编号."""

    verification: str
    """What the QR leads to."""

    seal_number: str
    """Thirteen digits on the seal's lower arc."""


def stamp_filing(case: ContractCase, desk: SigningDesk, decision: FilingDecision) -> Act:
    """Put on the filing stamp; every party must have signed (民法典 490), or the scan of the signed print be adopted.

    Raises ``ActRefused`` (``act.done_otherwise``) when the contract is filed under another number.
    """
    stamped = perform_once(case, STAMP, partial(_decide, case, desk, decision))
    return require_same(stamped, "filing_number", decision.filing_number)


def _decide(case: ContractCase, desk: SigningDesk, decision: FilingDecision, acts: Acts) -> Make:
    x0, y0, x1, y1 = _box(acts).rect
    base = read_object(case, acts.head_sha256)

    def make() -> Produced:
        filed_at = case.clock()
        mark = FilingMark(
            decision.authority_name,
            decision.filing_number,
            filed_at.astimezone(BEIJING).date(),
            decision.verification,
            decision.seal_number,
        )
        appearance = filing_stamp_appearance(mark, x1 - x0, y1 - y0, desk.typeface)
        signature = FieldSignature(FILING_STAMP_FIELD, desk.filing_seal, filed_at, "准予网签备案", appearance)
        sink = io.BytesIO()
        made = sign_field(io.BytesIO(base), sink, signature, desk.timestamper)
        return Produced(sink.getvalue(), PDF, {**revision_facts(made), "filing_number": decision.filing_number})

    return make


def _box(acts: Acts) -> FieldBox:
    """Where the stamp goes, once everybody has signed: in the text, or on the scan of what was signed by hand."""
    scan = scan_stamp_box(acts)
    if scan is not None:
        return scan
    for box in party_boxes(acts):
        require_done(acts, sign_act_name(box.name))
    return filing_stamp_box(acts)
