"""The authority files the contract: its seal signs the field made for it, in red and with a number."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from filing.contract.fix_text import text_boxes
from filing.contract.perform import Produced, perform_once, read_object
from filing.contract.revisions import PDF, field_size, require_done, revision_facts
from filing.contract.sign_contract import sign_act_name
from signing.appearance import FilingMark, filing_stamp_appearance
from signing.appearance.party import BEIJING
from signing.pades import FieldSignature, sign_field

if TYPE_CHECKING:
    from filing.contract.acts import Act, Acts
    from filing.contract.desk import SigningDesk
    from filing.contract.perform import ContractCase

__all__ = ["FILING_STAMP_FIELD", "STAMP", "FilingDecision", "stamp_filing"]

STAMP = "stamp"
FILING_STAMP_FIELD = "filing-stamp"


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
    """Put on the filing stamp; every party must have signed (民法典 490)."""

    def produce(acts: Acts) -> Produced:
        for box in text_boxes(acts):
            if box.name != FILING_STAMP_FIELD:
                require_done(acts, sign_act_name(box.name))
        base = read_object(case, acts.head_sha256)
        filed_at = case.clock()
        mark = FilingMark(
            decision.authority_name,
            decision.filing_number,
            filed_at.astimezone(BEIJING).date(),
            decision.verification,
            decision.seal_number,
        )
        appearance = filing_stamp_appearance(mark, *field_size(base, FILING_STAMP_FIELD), desk.typeface)
        signature = FieldSignature(FILING_STAMP_FIELD, desk.filing_seal, filed_at, "准予网签备案", appearance)
        sink = io.BytesIO()
        made = sign_field(io.BytesIO(base), sink, signature, desk.timestamper)
        facts = {**revision_facts(made), "filing_number": decision.filing_number}
        return Produced(sink.getvalue(), PDF, facts)

    return perform_once(case, STAMP, produce)
