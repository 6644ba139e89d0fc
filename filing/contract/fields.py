"""Which signature fields a contract has, and whose they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from filing.contract.fix_text import text_boxes
from filing.errors import ActRefused

if TYPE_CHECKING:
    from documents.boxes import FieldBox
    from filing.contract.acts import Acts

__all__ = ["FILING_STAMP_FIELD", "filing_stamp_box", "party_box", "party_boxes"]

FILING_STAMP_FIELD = "filing-stamp"
"""The authority's; every other field is a party's."""


def party_boxes(acts: Acts) -> tuple[FieldBox, ...]:
    """One box for each party who must sign."""
    return tuple(box for box in text_boxes(acts) if box.name != FILING_STAMP_FIELD)


def party_box(acts: Acts, name: str) -> FieldBox:
    """The box ``name`` of a party; refused for any other, the authority's included."""
    return _named(party_boxes(acts), name)


def filing_stamp_box(acts: Acts) -> FieldBox:
    """The authority's box."""
    return _named(text_boxes(acts), FILING_STAMP_FIELD)


def _named(boxes: tuple[FieldBox, ...], name: str) -> FieldBox:
    for box in boxes:
        if box.name == name:
            return box
    raise ActRefused("field.missing", zh="没有这个签名域", en="no such signature field", field=name)
