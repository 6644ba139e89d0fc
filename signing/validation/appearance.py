"""What people see: pages drawn at signing and now, annotations over content and over signatures.

Pages are drawn only where they can differ: where a field was signed since, or everywhere as soon as anything is
suspicious. A page none of whose parts was written later (``reach.py``) is the same drawing of the same objects.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pikepdf

from signing.validation.codes import finding
from signing.validation.fields import rectangle
from signing.validation.rendering import PageComparison, compare_pages, ink_under
from signing.validation.report import ChangeKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from signing.validation.foreign import PdfValue
    from signing.validation.opening import OpenedFile
    from signing.validation.report import Change, Finding
    from signing.validation.revisions import ObjectId

__all__ = ["appearance_findings", "overlaps_on_signatures"]

_MAX_PAGES = 40
"""Pages drawn twice per file when something is suspicious, those known to be concerned first: scans take 50 ms each,
and by then the verdict is no longer in question."""

_SIGNED = frozenset({ChangeKind.SIGNATURE, ChangeKind.TIMESTAMP, ChangeKind.SIGNATURE_FIELD_ADDED})
_HARMLESS_ANNOTATIONS = frozenset({"/Widget", "/Link", "/Popup"})


def appearance_findings(
    opened: OpenedFile, signed_end: int, changes: Sequence[Change], *, suspicious: bool
) -> tuple[Finding, ...]:
    """Differences between the revision that ends at ``signed_end`` and now; ``changes`` are those since."""
    if not changes and not suspicious:
        return ()
    masks = _masks(opened, {change.field for change in changes if change.kind in _SIGNED})
    concerned = {*masks, *(change.page for change in changes if change.page is not None)}
    others = set(range(1, len(opened.pdf.pages) + 1)) - concerned if suspicious else set()
    pages = [*sorted(concerned), *sorted(others)][:_MAX_PAGES]
    comparisons = [PageComparison(page, tuple(masks.get(page, ()))) for page in pages]
    found: list[Finding] = []
    for result in compare_pages(opened.file, signed_end, comparisons):
        if result.failed:
            found.append(finding("rendering.failed", page=result.page))
        if result.changed:
            found.append(finding("rendering.changed", page=result.page, pixels=result.changed))
        if result.hidden:
            found.append(finding("rendering.covers_text", page=result.page, pixels=result.hidden))
    if any(change.kind is ChangeKind.ANNOTATION for change in changes):
        found += _new_over_content(opened, signed_end)
    return tuple(found)


def overlaps_on_signatures(pdf: pikepdf.Pdf, signature_widgets: set[ObjectId]) -> tuple[Finding, ...]:
    """Annotations that lie over a signature, whenever they were made."""
    return tuple(
        finding("annotation.over_signature", page=number)
        for number, page in enumerate(pdf.pages, 1)
        if _overlap_on_page(_annotations(page.obj), signature_widgets)
    )


def _overlap_on_page(annotations: list[pikepdf.Object], signature_widgets: set[ObjectId]) -> bool:
    signed = [_rect(item) for item in annotations if _id(item) in signature_widgets]
    others = [_rect(item) for item in annotations if str(item.get("/Subtype")) not in _HARMLESS_ANNOTATIONS]
    return any(_overlap(one, other) for one in signed for other in others)


def _new_over_content(opened: OpenedFile, signed_end: int) -> list[Finding]:
    """Annotations the signed revision did not have, with ink of that revision under them."""
    revision = opened.revisions.ends_at(signed_end) or 1
    found: list[Finding] = []
    for number, page in enumerate(opened.pdf.pages, 1):
        fresh = [
            item
            for item in _annotations(page.obj)
            if str(item.get("/Subtype")) != "/Popup" and not opened.revisions.exists(_id(item), revision)
        ]
        rects = [_rect(item) for item in fresh]
        if rects and any(ink_under(opened.file, signed_end, number, rects)):
            found.append(finding("annotation.over_content", page=number))
    return found


def _masks(opened: OpenedFile, signed: set[str | None]) -> dict[int, list[tuple[float, float, float, float]]]:
    masks: dict[int, list[tuple[float, float, float, float]]] = {}
    for field in opened.fields:
        if field.name in signed:
            for widget in field.widgets:
                left, bottom, right, top = widget.rect
                if widget.page is not None and left < right and bottom < top:
                    masks.setdefault(widget.page, []).append(widget.rect)
    return masks


def _annotations(page: pikepdf.Object) -> list[pikepdf.Object]:
    annotations = page.get("/Annots")
    if not isinstance(annotations, pikepdf.Array):
        return []
    return [item for item in annotations if isinstance(item, pikepdf.Dictionary)]


def _rect(item: pikepdf.Object) -> tuple[float, float, float, float]:
    return rectangle(item.get("/Rect"))


def _id(item: PdfValue) -> ObjectId:
    number, generation = item.objgen
    return int(number), int(generation)


def _overlap(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
