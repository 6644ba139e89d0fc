"""Where the signature fields of a file are seen, as parts of the page as it is displayed, and which are signed.

Reads names and places only; whether a signature is any good is for :mod:`signing.validation` to say. Of files made
here: a page that is turned (/Rotate) has no places.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pikepdf

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FieldPlace", "field_places"]


@dataclass(frozen=True, slots=True)
class FieldPlace:
    """One signature field on its page. Lengths are parts of the page's width or height, from its top left corner."""

    name: str
    """Name of the field (ISO 32000-2 § 12.7.4.2, /T): the party's key."""

    page: int
    """Page, counted from 1."""

    left: float
    """Of the width."""

    top: float
    """Of the height."""

    width: float
    """Of the width."""

    height: float
    """Of the height."""

    is_signed: bool
    """Whether it holds a signature."""


def field_places(content: bytes) -> tuple[FieldPlace, ...]:
    """Every signature field that is seen on a page, in the order of the pages."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        return tuple(place for index, page in enumerate(pdf.pages) for place in _on_page(page, index + 1))


def _on_page(page: pikepdf.Page, number: int) -> Iterator[FieldPlace]:
    if page.obj.get("/Rotate", 0) != 0:
        return
    x0, y0, x1, y1 = _numbers(page.cropbox)
    annotations: Any = page.obj.get("/Annots", ())
    for widget in annotations:
        if widget.get("/Subtype") == "/Widget" and widget.get("/FT") == "/Sig":
            left, bottom, right, top = _numbers(widget["/Rect"])
            if left == right or bottom == top:
                continue  # of a signature that is not to be seen
            width, height = x1 - x0, y1 - y0
            yield FieldPlace(
                name=_text(widget.get("/T")),
                page=number,
                left=(left - x0) / width,
                top=(y1 - top) / height,
                width=(right - left) / width,
                height=(top - bottom) / height,
                is_signed="/V" in widget,
            )


def _numbers(box: Any) -> tuple[float, ...]:  # noqa: ANN401 - an array of four
    return tuple(float(one) for one in box)


def _text(value: Any) -> str:  # noqa: ANN401 - whatever the file has there
    return "" if value is None else str(value)
