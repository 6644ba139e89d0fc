"""The acts on one contract: fix the text, certify it, sign, stamp, seal; each once, whatever is killed in between."""

from __future__ import annotations

from filing.contract.acts import Act, Acts, ActStatus, read_acts
from filing.contract.desk import SigningDesk
from filing.contract.file_scan import SCAN, adopt_scan
from filing.contract.fix_paper import fix_typeset
from filing.contract.fix_scan import fix_scan
from filing.contract.fix_text import CERTIFY, TEXT, certify_text, fix_text
from filing.contract.perform import ContractCase, Make, Produced, perform_once, read_object, settled_acts
from filing.contract.print_text import print_text
from filing.contract.revisions import require_done
from filing.contract.seal_contract import SEAL, seal_contract, seal_unstamped
from filing.contract.sign_contract import CodeGiven, PartySigning, open_strokes, sign_act_name, sign_contract
from filing.contract.stamp_filing import STAMP, FilingDecision, stamp_filing

__all__ = [
    "CERTIFY",
    "SCAN",
    "SEAL",
    "STAMP",
    "TEXT",
    "Act",
    "ActStatus",
    "Acts",
    "CodeGiven",
    "ContractCase",
    "FilingDecision",
    "Make",
    "PartySigning",
    "Produced",
    "SigningDesk",
    "adopt_scan",
    "certify_text",
    "fix_scan",
    "fix_text",
    "fix_typeset",
    "open_strokes",
    "perform_once",
    "print_text",
    "read_acts",
    "read_object",
    "require_done",
    "seal_contract",
    "seal_unstamped",
    "settled_acts",
    "sign_act_name",
    "sign_contract",
    "stamp_filing",
]
