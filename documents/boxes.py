"""Where the typesetter left room for a signature field: plain values, handed to ``signing``."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["FieldBox"]


@dataclass(frozen=True, slots=True)
class FieldBox:
    """Room on a page for one signature field."""

    name: str
    """Name of the field (ISO 32000-2 § 12.7.4.2, /T): ``seller-1``, ``buyer-2``, ``co-owner-1``, ``filing-stamp``."""

    page_index: int
    """Page, counted from 0."""

    rect: tuple[float, float, float, float]
    """``(x0, y0, x1, y1)`` in PDF points, origin at the bottom left of the page."""

    label: str
    """What a screen reader says for the field (/TU)."""
