"""Signature fields and signature dictionaries as qpdf reads them, independent of pyHanko.

Counts what is there: fields of the form, their values, and every other dictionary in the file that looks like a
signature (ISO 32000-2 § 12.7.5.5, table 255). Judges nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pikepdf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from signing.validation.foreign import PdfValue
    from signing.validation.revisions import ObjectId

__all__ = [
    "FormField",
    "SignatureDictionary",
    "Widget",
    "form_fields",
    "read_signature",
    "rectangle",
    "unlisted_signatures",
]

_MAX_DEPTH = 32
"""Field trees are two or three deep; deeper ones are loops or attacks."""


@dataclass(frozen=True, slots=True)
class Widget:
    """Where a field is seen."""

    object_id: ObjectId
    """The annotation."""

    page: int | None
    """Page from 1; ``None`` if no page lists it."""

    rect: tuple[float, float, float, float]
    """Rectangle in points, normalised."""


@dataclass(frozen=True, slots=True)
class SignatureDictionary:
    """A signature dictionary as written."""

    object_id: ObjectId
    """``(0, 0)`` if it is a direct object."""

    type: str
    """``/Sig`` or ``/DocTimeStamp``; ``/Sig`` when absent (table 255)."""

    subfilter: str | None
    """``/SubFilter``."""

    byte_range: tuple[int, ...] | None
    """``/ByteRange`` if it is an array of integers."""

    contents: bytes | None
    """``/Contents`` if it is a string."""

    claimed: str | None
    """``/M``."""

    reason: str | None
    """``/Reason``."""

    docmdp: int | None
    """``P`` of a DocMDP reference, 2 by default (table 257)."""

    locked: tuple[str, tuple[str, ...]] | None
    """Action and fields of a FieldMDP reference (table 259)."""


@dataclass(frozen=True, slots=True)
class FormField:
    """A terminal field of the form."""

    name: str
    """Fully qualified name."""

    object_id: ObjectId
    """The field dictionary."""

    is_signature: bool
    """``/FT /Sig``, inherited or own."""

    widgets: tuple[Widget, ...]
    """Its annotations; the field itself if merged."""

    value: pikepdf.Object | None = field(default=None, compare=False)
    """``/V``."""


def form_fields(pdf: pikepdf.Pdf) -> tuple[FormField, ...]:
    """Every terminal field, in the order of the form."""
    form = pdf.Root.get("/AcroForm")
    if not isinstance(form, pikepdf.Dictionary):
        return ()
    pages = _annotation_pages(pdf)
    seen: set[ObjectId] = set()
    return tuple(
        found for node in _items(form.get("/Fields")) for found in _walk(node, _Inherited("", None, None), pages, seen)
    )


def read_signature(value: pikepdf.Object | None) -> SignatureDictionary | None:
    """``value`` as a signature dictionary, or ``None`` if it is no dictionary at all."""
    if not isinstance(value, pikepdf.Dictionary):
        return None
    contents = value.get("/Contents")
    docmdp, locked = _transforms(value)
    return SignatureDictionary(
        object_id=_object_id(value),
        type=_name(value.get("/Type")) or "/Sig",
        subfilter=_name(value.get("/SubFilter")),
        byte_range=_integers(value.get("/ByteRange")),
        contents=bytes(contents) if isinstance(contents, pikepdf.String) else None,
        claimed=_text(value.get("/M")),
        reason=_text(value.get("/Reason")),
        docmdp=docmdp,
        locked=locked,
    )


def _text(value: pikepdf.Object | None) -> str | None:
    return str(value) if isinstance(value, pikepdf.String) else None


def unlisted_signatures(pdf: pikepdf.Pdf, listed: set[ObjectId]) -> tuple[SignatureDictionary, ...]:
    """Dictionaries anywhere in the file that look like signatures and that no field refers to."""
    found = (
        read_signature(item)
        for item in pdf.objects
        if isinstance(item, pikepdf.Dictionary) and _looks_signed(item) and _object_id(item) not in listed
    )
    return tuple(item for item in found if item is not None)


@dataclass(frozen=True, slots=True)
class _Inherited:
    """What a field takes from its parents."""

    name: str
    """Name so far."""

    type: str | None
    """``/FT``."""

    value: pikepdf.Object | None
    """``/V``."""


def _walk(
    node: PdfValue, above: _Inherited, pages: dict[ObjectId, int], seen: set[ObjectId], depth: int = 0
) -> Iterator[FormField]:
    if not isinstance(node, pikepdf.Dictionary) or depth > _MAX_DEPTH:
        return
    object_id = _object_id(node)
    if object_id in seen and object_id != (0, 0):
        return
    seen.add(object_id)
    partial = node.get("/T")
    name = ".".join(part for part in (above.name, str(partial) if isinstance(partial, pikepdf.String) else "") if part)
    here = _Inherited(name, _name(node.get("/FT")) or above.type, node.get("/V", above.value))
    kids = [kid for kid in _items(node.get("/Kids")) if isinstance(kid, pikepdf.Dictionary)]
    below = [kid for kid in kids if "/T" in kid]
    if below:
        for kid in below:
            yield from _walk(kid, here, pages, seen, depth + 1)
        return
    widgets = tuple(_widget(item, pages) for item in (kids or [node]) if "/Rect" in item or _name(item.get("/Subtype")))
    yield FormField(name, object_id, here.type == "/Sig", widgets, here.value)


def _widget(item: pikepdf.Object, pages: dict[ObjectId, int]) -> Widget:
    object_id = _object_id(item)
    return Widget(object_id, pages.get(object_id), rectangle(item.get("/Rect")))


def rectangle(value: PdfValue) -> tuple[float, float, float, float]:
    """Four numbers as a normalised rectangle; zeros if they are not."""
    try:
        a, b, c, d = (float(number) for number in value)
    except (TypeError, ValueError):
        return (0.0, 0.0, 0.0, 0.0)
    return (min(a, c), min(b, d), max(a, c), max(b, d))


def _annotation_pages(pdf: pikepdf.Pdf) -> dict[ObjectId, int]:
    return {
        _object_id(annotation): number
        for number, page in enumerate(pdf.pages, 1)
        for annotation in _items(page.obj.get("/Annots"))
        if isinstance(annotation, pikepdf.Dictionary)
    }


def _looks_signed(item: pikepdf.Object) -> bool:
    if "/ByteRange" in item:
        return True
    return _name(item.get("/Type")) in {"/Sig", "/DocTimeStamp"} and "/Contents" in item


def _transforms(value: pikepdf.Object) -> tuple[int | None, tuple[str, tuple[str, ...]] | None]:
    docmdp: int | None = None
    locked: tuple[str, tuple[str, ...]] | None = None
    for reference in _items(value.get("/Reference")):
        if not isinstance(reference, pikepdf.Dictionary):
            continue
        parameters = reference.get("/TransformParams")
        parameters = parameters if isinstance(parameters, pikepdf.Dictionary) else pikepdf.Dictionary()
        method = _name(reference.get("/TransformMethod"))
        if method == "/DocMDP":
            level = parameters.get("/P", 2)
            docmdp = int(level) if isinstance(level, int) else 1
        elif method == "/FieldMDP":
            locked = (_name(parameters.get("/Action")) or "/All", tuple(map(str, _items(parameters.get("/Fields")))))
    return docmdp, locked


def _items(value: PdfValue) -> list[PdfValue]:
    return list(value) if isinstance(value, pikepdf.Array) else []


def _name(value: PdfValue) -> str | None:
    return str(value) if isinstance(value, pikepdf.Name) else None


def _object_id(value: pikepdf.Object) -> ObjectId:
    number, generation = value.objgen
    return int(number), int(generation)


def _integers(value: PdfValue) -> tuple[int, ...] | None:
    items = _items(value)
    if not isinstance(value, pikepdf.Array) or not all(isinstance(item, int) for item in items):
        return None
    return tuple(int(item) for item in items)
