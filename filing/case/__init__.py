"""The case as one frozen value, its bytes, and what it is searched by."""

from __future__ import annotations

from filing.case.codec import apply_changes, case_from_json, case_to_json, changes_to_json
from filing.case.index import CaseIndex, PersonEntry, index_of
from filing.case.model import SECTIONS, Case, CaseHead

__all__ = [
    "SECTIONS",
    "Case",
    "CaseHead",
    "CaseIndex",
    "PersonEntry",
    "apply_changes",
    "case_from_json",
    "case_to_json",
    "changes_to_json",
    "index_of",
]
