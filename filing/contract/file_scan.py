"""Adopt the scan of a contract signed by hand (SZ-79): certified as it came, with a field for the filing stamp.

The paper with its ink is the contract; the scan is what is filed. It becomes the newest revision of the same file's
acts, so that stamp and archive time-stamp go onto it. That its pages are those of the fixed text is for whoever asks.
"""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, Any

import pikepdf

from documents.boxes import FieldBox
from filing.contract.fields import FILING_STAMP_FIELD, filing_stamp_box
from filing.contract.fix_text import CERTIFY
from filing.contract.perform import Make, Produced, perform_once
from filing.contract.revisions import PDF, require_done, require_same, revision_facts
from signing.pades import CERTIFICATION_FIELD, FieldSignature, certify

if TYPE_CHECKING:
    from filing.contract.acts import Act, Acts
    from filing.contract.desk import SigningDesk
    from filing.contract.perform import ContractCase

__all__ = ["SCAN", "adopt_scan", "scan_stamp_box"]

SCAN = "scan"

A4_POINTS = (595.276, 841.89)
"""Size of the text's pages (ISO 216), to which its boxes are laid out."""


def adopt_scan(case: ContractCase, desk: SigningDesk, scan: bytes) -> Act:
    """Make ``scan`` (a clean PDF) the newest revision. Raises ``act.done_otherwise`` for another scan of the text."""
    digest = hashlib.sha256(scan).hexdigest()

    def decide(acts: Acts) -> Make:
        require_done(acts, CERTIFY)
        box = _placed(scan, filing_stamp_box(acts))
        return lambda: _certified(case, desk, scan, box)

    return require_same(perform_once(case, SCAN, decide), "scan_sha256", digest)


def scan_stamp_box(acts: Acts) -> FieldBox | None:
    """Where the stamp goes on the scan; ``None`` where the contract is signed in the file itself."""
    scan = acts.done(SCAN)
    if scan is None:
        return None
    recorded: Any = scan.facts["box"]
    x0, y0, x1, y1 = (value / 1000 for value in recorded["rect_millipoints"])
    return FieldBox(FILING_STAMP_FIELD, recorded["page_index"], (x0, y0, x1, y1), recorded["label"])


def _placed(scan: bytes, own: FieldBox) -> FieldBox:
    """Where the print left room for it: the text's own box, on the same page of the scan, in the scan's size."""
    with pikepdf.open(io.BytesIO(scan)) as pdf:
        index = min(own.page_index, len(pdf.pages) - 1)
        left, bottom, right, top = (float(value) for value in pdf.pages[index].mediabox)
    across, up = (right - left) / A4_POINTS[0], (top - bottom) / A4_POINTS[1]
    x0, y0, x1, y1 = own.rect
    rect = (left + x0 * across, bottom + y0 * up, left + x1 * across, bottom + y1 * up)
    return FieldBox(FILING_STAMP_FIELD, index, rect, own.label)


def _certified(case: ContractCase, desk: SigningDesk, scan: bytes, box: FieldBox) -> Produced:
    signature = FieldSignature(
        CERTIFICATION_FIELD, desk.keys.service_seal, case.clock(), "固定纸质合同扫描件，建立签名域", None
    )
    sink = io.BytesIO()
    made = certify(io.BytesIO(scan), sink, (box,), signature, desk.timestamper)
    facts = {
        **revision_facts(made),
        "scan_sha256": hashlib.sha256(scan).hexdigest(),
        "box": {
            "page_index": box.page_index,
            "rect_millipoints": [round(value * 1000) for value in box.rect],
            "label": box.label,
        },
    }
    return Produced(sink.getvalue(), PDF, facts)
