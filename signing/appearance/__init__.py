"""What is seen in a signature field: ink, names and times, the round seal, the filing stamp. Paths only."""

from __future__ import annotations

from signing.appearance.canvas import Appearance
from signing.appearance.code import CodeMark, code_appearance
from signing.appearance.filing import FilingMark, filing_stamp_appearance
from signing.appearance.party import PartyMark, party_appearance
from signing.appearance.seal import SealFace, round_seal, service_seal_appearance
from signing.appearance.typeface import Typeface, load_typeface, text_outline

__all__ = [
    "Appearance",
    "CodeMark",
    "FilingMark",
    "PartyMark",
    "SealFace",
    "Typeface",
    "code_appearance",
    "filing_stamp_appearance",
    "load_typeface",
    "party_appearance",
    "round_seal",
    "service_seal_appearance",
    "text_outline",
]
