"""Fix the contract's text: typeset the terms, then certify the file with every signature field in it."""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, Any

from documents.boxes import FieldBox
from documents.contract import render_contract
from documents.contract.codec import canonical_json, to_data
from filing.contract.fix_paper import TEXT, box_facts, fix_typeset
from filing.contract.perform import Make, Produced, perform_once, read_object
from filing.contract.revisions import PDF, require_done, revision_facts
from signing.pades import CERTIFICATION_FIELD, FieldSignature, certify

if TYPE_CHECKING:
    from documents.contract import ContractTerms
    from filing.contract.acts import Act, Acts
    from filing.contract.desk import SigningDesk
    from filing.contract.perform import ContractCase

__all__ = ["CERTIFY", "SCAN", "TEXT", "box_facts", "certify_text", "fix_text", "text_box_list", "text_boxes"]

CERTIFY = "certify"
CERTIFY_REASON = "固定合同文本，建立签名域"

SCAN = "scan"
"""Before a colon and a digest: the contract signed by hand, in place of the text (``fix_scan``)."""


def fix_text(case: ContractCase, terms: ContractTerms) -> Act:
    """Typeset ``terms``; from here on the text cannot change (rules.md § 7.4, invariant b).

    Raises ``ActRefused`` (``act.done_otherwise``) when the text is fixed with other terms.
    """
    terms_sha256 = hashlib.sha256(canonical_json(to_data(terms))).hexdigest()
    return fix_typeset(
        case, terms_sha256, lambda made_at: render_contract(terms, case_no=case.case_no, made_at=made_at)
    )


def certify_text(case: ContractCase, desk: SigningDesk, reason: str = CERTIFY_REASON) -> Act:
    """Make every field and sign the text with the service's certification signature (DocMDP P=2).

    ``reason`` is what the signature says of itself.
    """

    def decide(acts: Acts) -> Make:
        boxes = text_boxes(acts)
        base = read_object(case, acts.head_sha256)
        return lambda: _certified(case, desk, base, boxes, reason)

    return perform_once(case, CERTIFY, decide)


def _certified(
    case: ContractCase, desk: SigningDesk, base: bytes, boxes: tuple[FieldBox, ...], reason: str
) -> Produced:
    signature = FieldSignature(CERTIFICATION_FIELD, desk.keys.service_seal, case.clock(), reason, None)
    sink = io.BytesIO()
    made = certify(io.BytesIO(base), sink, boxes, signature, desk.timestamper)
    return Produced(sink.getvalue(), PDF, revision_facts(made))


def text_boxes(acts: Acts) -> tuple[FieldBox, ...]:
    """The signature boxes of the contract file as it is: the text's, or the scan's that took its place."""
    scan = _newest_scan(acts)
    return text_box_list(acts) if scan is None else _boxes(scan)


def text_box_list(acts: Acts) -> tuple[FieldBox, ...]:
    """The signature boxes recorded when the text was fixed; refused before that."""
    return _boxes(require_done(acts, TEXT))


def _newest_scan(acts: Acts) -> Act | None:
    scans = [act for name, act in acts.by_name.items() if name.startswith(f"{SCAN}:") and acts.done(name)]
    return scans[-1] if scans else None


def _boxes(act: Act) -> tuple[FieldBox, ...]:
    recorded: Any = act.facts["boxes"]
    return tuple(map(_box, recorded))


def _box(facts: dict[str, Any]) -> FieldBox:
    x0, y0, x1, y1 = (value / 1000 for value in facts["rect_millipoints"])
    return FieldBox(facts["name"], facts["page_index"], (x0, y0, x1, y1), facts["label"])
