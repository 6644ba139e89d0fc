"""Fix the contract's text: typeset the terms, then certify the file with every signature field in it."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

from documents.boxes import FieldBox
from documents.contract import render_contract
from filing.contract.perform import Produced, perform_once, read_object
from filing.contract.revisions import PDF, require_done, revision_facts
from filing.errors import ActRefused
from signing.pades import CERTIFICATION_FIELD, FieldSignature, certify

if TYPE_CHECKING:
    from documents.contract import ContractTerms
    from filing.contract.acts import Act, Acts
    from filing.contract.desk import SigningDesk
    from filing.contract.perform import ContractCase

__all__ = ["CERTIFY", "TEXT", "certify_text", "fix_text", "text_boxes"]

TEXT = "text"
CERTIFY = "certify"


def fix_text(case: ContractCase, terms: ContractTerms) -> Act:
    """Typeset ``terms``; from here on the text cannot change (rules.md § 7.4, invariant b)."""

    def produce(_: Acts) -> Produced:
        made_at = case.clock()
        typeset = render_contract(terms, case_no=case.case_no, made_at=made_at)
        facts = {
            "revision": True,
            "pages": typeset.page_count,
            "made_at": made_at.isoformat(),
            "boxes": [_box_facts(box) for box in typeset.boxes],
        }
        return Produced(typeset.pdf, PDF, facts)

    return perform_once(case, TEXT, produce)


def certify_text(case: ContractCase, desk: SigningDesk) -> Act:
    """Make every field and sign the text with the service's certification signature (DocMDP P=2)."""

    def produce(acts: Acts) -> Produced:
        require_done(acts, TEXT)
        boxes = text_boxes(acts)
        sink = io.BytesIO()
        signature = FieldSignature(
            CERTIFICATION_FIELD, desk.keys.service_seal, case.clock(), "固定合同文本，建立签名域", None
        )
        base = io.BytesIO(read_object(case, acts.head_sha256))
        made = certify(base, sink, boxes, signature, desk.timestamper)
        return Produced(sink.getvalue(), PDF, revision_facts(made))

    return perform_once(case, CERTIFY, produce)


def text_boxes(acts: Acts) -> tuple[FieldBox, ...]:
    """The signature boxes recorded when the text was fixed."""
    act = acts.done(TEXT)
    recorded = act.facts.get("boxes") if act is not None else None
    if not isinstance(recorded, list):
        raise ActRefused("contract.no_text", zh="合同文本尚未固定", en="the contract's text is not fixed yet")
    return tuple(map(_box, recorded))


def _box(facts: dict[str, Any]) -> FieldBox:
    x0, y0, x1, y1 = (value / 1000 for value in facts["rect_millipoints"])
    return FieldBox(facts["name"], facts["page_index"], (x0, y0, x1, y1), facts["label"])


def _box_facts(box: FieldBox) -> dict[str, object]:
    millipoints = [round(value * 1000) for value in box.rect]  # a journal holds no floats: they have no canonical form
    return {"name": box.name, "page_index": box.page_index, "rect_millipoints": millipoints, "label": box.label}
