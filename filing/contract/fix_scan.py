"""The contract as signed by hand becomes the contract file: the laid-out scan, certified, with the authority's field.

From here on it is stamped and sealed as any other (``stamp_filing``, ``seal_contract``). Parties have no fields in it:
their signatures are on the paper. A scan that is handed in again after materials were returned takes the place of the
one before; every one of them stays in the journal.
"""

from __future__ import annotations

import hashlib
import io
from typing import TYPE_CHECKING, Final

from filing.contract.fields import FILING_STAMP_FIELD
from filing.contract.fix_text import CERTIFY, SCAN, box_facts, text_box_list, text_boxes
from filing.contract.perform import Make, Produced, perform_once, read_object, settled_acts
from filing.contract.revisions import PDF, require_done, revision_facts
from filing.contract.sign_contract import sign_act_name
from filing.errors import ActRefused
from signing.pades import CERTIFICATION_FIELD, FieldSignature, certify

if TYPE_CHECKING:
    from filing.contract.acts import Act, Acts
    from filing.contract.desk import SigningDesk
    from filing.contract.perform import ContractCase

__all__ = ["fix_scan"]

CERTIFY_SCAN: Final = "certify-scan"


def fix_scan(case: ContractCase, desk: SigningDesk, laid_out: bytes) -> Act:
    """Make the checked and laid-out scan the newest revision and certify it (DocMDP P=2).

    ``laid_out`` has the printed text's pages, of its sizes and in its order (``documents.scans``); that it has is the
    caller's to know. Raises ``ActRefused`` where the text is not certified, a party has signed in the file, or a
    later scan has come since.
    """
    name = hashlib.sha256(laid_out).hexdigest()[:16]

    def keep(acts: Acts) -> Make:
        certified = require_done(acts, CERTIFY)
        boxes = text_box_list(acts)
        for box in boxes:
            if acts.done(sign_act_name(box.name)) is not None:
                raise ActRefused(
                    "contract.signed_online",
                    zh="合同已有线上签署，不能改用线下签署的扫描件",
                    en="a party has signed the file itself: a scan cannot take its place",
                    field=box.name,
                )
        stamps = [box_facts(box) for box in boxes if box.name == FILING_STAMP_FIELD]
        facts = {"revision": True, "text_sha256": certified.sha256, "boxes": stamps}
        return lambda: Produced(laid_out, PDF, facts)

    def certify_it(acts: Acts) -> Make:
        base = read_object(case, acts.head_sha256)
        return lambda: _certified(case, desk, base, acts)

    with case.journal.exclusive():
        perform_once(case, f"{SCAN}:{name}", keep)
        certified = perform_once(case, f"{CERTIFY_SCAN}:{name}", certify_it)
        head = settled_acts(case).head_sha256
    if certified.sha256 != head:
        raise ActRefused(
            "scan.superseded",
            zh="该扫描件已被之后上传的扫描件取代，请重新扫描",
            en="a later scan has taken this one's place: scan the contract again",
        )
    return certified


def _certified(case: ContractCase, desk: SigningDesk, base: bytes, acts: Acts) -> Produced:
    reason = "固定当事人手写签署的合同扫描件，建立备案章域"
    signature = FieldSignature(CERTIFICATION_FIELD, desk.keys.service_seal, case.clock(), reason, None)
    sink = io.BytesIO()
    made = certify(io.BytesIO(base), sink, text_boxes(acts), signature, desk.timestamper)
    return Produced(sink.getvalue(), PDF, revision_facts(made))
