"""Who signs the demo contract: read from its own terms, with the strokes that lie beside them."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING

from filing.contract import PartySigning
from signing.ink import parse_handwriting

if TYPE_CHECKING:
    from collections.abc import Iterator

    from documents.contract import ContractTerms

__all__ = ["demo_terms_data", "mask_number", "signings"]

_DATA = files("qianshu") / "demo_data"
_SIDES = (("seller", "出卖人"), ("buyer", "买受人"))


def demo_terms_data() -> dict[str, object]:
    """The terms as JSON data."""
    data: dict[str, object] = json.loads((_DATA / "terms.json").read_text(encoding="utf-8"))
    return data


def signings(terms: ContractTerms) -> Iterator[PartySigning]:
    """One signing per party, in the order of the fields."""
    for (side, role_label), parties in zip(_SIDES, (terms.sellers, terms.buyers), strict=True):
        for ordinal, party in enumerate(parties, 1):
            field_name = f"{side}-{ordinal}"
            strokes = parse_handwriting((_DATA / "strokes" / f"{field_name}.json").read_bytes())
            reference = mask_number(party.identity.number)
            yield PartySigning(field_name, party.name, reference, role_label, strokes)


def mask_number(number: str) -> str:
    """First four and last four characters of an ID number (field.md § 16); of a shorter one at most half."""
    shown = min(4, len(number) // 4)
    return number[:shown] + "*" * (len(number) - 2 * shown) + number[len(number) - shown :]
