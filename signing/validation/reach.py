"""What the pages and the rest of the document are made of, and whether a later revision wrote any of it.

A role explains an object (``changes.py``); this module checks that the same object plays no other part. An array that
holds validation data may also be a page's ``/Contents``; a number that means nothing when a page is signed may be
given a meaning later. Both are found by walking the newest revision once, from the pages and the catalog, and meeting
what later revisions wrote: if nothing on the walk was written later, the walk at signing met the same objects with the
same values (induction from the page object down).

The walk reads dictionaries through qpdf, never stream data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pikepdf

from signing.validation.report import Change, ChangeKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from signing.validation.changes import RevisionChanges
    from signing.validation.foreign import PdfValue
    from signing.validation.revisions import ObjectId

__all__ = ["Owner", "reachable", "written_later"]

_NOT_CONTENT = frozenset(
    {"/Parent", "/P", "/Pg", "/Annots", "/Popup", "/IRT", "/StructParent", "/Dest", "/D", "/V", "/A"}
)
"""Ways back up, sideways, or to what is walked on its own."""

_CATALOG_APART = frozenset(
    {"/Pages", "/AcroForm", "/DSS", "/StructTreeRoot", "/Metadata", "/Perms", "/Extensions", "/Version", "/Type"}
)
"""Judged by ``changes.py`` in their roles. The structure tree is large and drawn by nobody; writing any of it is a
change of its own there."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose part an object is."""

    page: int | None
    """Page from 1, or ``None`` for the catalog."""

    widget: ObjectId | None
    """The widget whose appearance it is, if one."""


def reachable(pdf: pikepdf.Pdf, pages: Iterable[pikepdf.Page]) -> dict[ObjectId, Owner]:
    """Every object that pages, appearances and catalog are made of, with the first owner met."""
    found: dict[ObjectId, Owner] = {}
    widgets: list[tuple[pikepdf.Object, Owner]] = []
    for number, page in enumerate(pages, 1):
        owner = Owner(number, None)
        _walk(page.obj, owner, found)
        _walk_parents(page.obj, owner, found)
        for annotation in _annotations(page.obj):
            if str(annotation.get("/Subtype")) == "/Widget":
                widgets.append((annotation.get("/AP"), Owner(number, _object_id(annotation))))
            else:
                _walk(annotation, owner, found)
    catalog = Owner(None, None)
    for key, value in pdf.Root.items():
        if key not in _CATALOG_APART:
            _walk(value, catalog, found)
    form = pdf.Root.get("/AcroForm")
    if isinstance(form, pikepdf.Dictionary):
        _walk(form.get("/DR"), catalog, found)
    for look, owner in widgets:  # last: what is drawn elsewhere too is not an appearance only
        _walk(look, owner, found)
    return found


def written_later(parts: dict[ObjectId, Owner], revisions: Iterable[RevisionChanges]) -> tuple[Change, ...]:
    """Parts of the document that were written after signing, other than by an allowed change."""
    ordered = sorted(revisions, key=lambda item: item.revision)
    return tuple(_met(parts, ordered))


def _met(parts: dict[ObjectId, Owner], ordered: list[RevisionChanges]) -> Iterator[Change]:
    for index, item in enumerate(ordered):
        here = {target for target in item.touched if target in parts} - item.unchanged
        for target in sorted(here):
            owner = parts[target]
            if owner.widget is not None and any(owner.widget in later.touched for later in ordered[index:]):
                continue  # the appearance of a field signed then, explained in its own right
            kind = ChangeKind.CATALOG if owner.page is None else ChangeKind.PAGE_CONTENT
            yield Change(item.revision, kind, suspicious=True, page=owner.page, detail=f"{target[0]} {target[1]} R")


def _walk(start: PdfValue, owner: Owner, found: dict[ObjectId, Owner]) -> None:
    pending = [start]
    while pending:
        item = pending.pop()
        if not isinstance(item, pikepdf.Object):
            continue
        target = _object_id(item)
        if target != (0, 0):
            if target in found or (item is not start and _is_page(item)):
                continue
            found[target] = owner
        if isinstance(item, pikepdf.Array):
            pending += [entry for entry in item if isinstance(entry, pikepdf.Object)]
        elif isinstance(item, pikepdf.Dictionary | pikepdf.Stream):
            entries = item.stream_dict if isinstance(item, pikepdf.Stream) else item
            pending += [value for key, value in entries.items() if key not in _NOT_CONTENT]


def _walk_parents(page: pikepdf.Object, owner: Owner, found: dict[ObjectId, Owner]) -> None:
    """Nodes of the page tree above, for what pages inherit."""
    node = page.get("/Parent")
    for _ in range(64):
        if not isinstance(node, pikepdf.Dictionary) or _object_id(node) in found:
            return
        found[_object_id(node)] = owner
        for key in ("/Resources", "/MediaBox", "/CropBox", "/Rotate"):
            _walk(node.get(key), owner, found)
        node = node.get("/Parent")


def _annotations(page: pikepdf.Object) -> list[pikepdf.Object]:
    annotations = page.get("/Annots")
    if not isinstance(annotations, pikepdf.Array):
        return []
    return [item for item in annotations if isinstance(item, pikepdf.Dictionary)]


def _is_page(item: pikepdf.Object) -> bool:
    return isinstance(item, pikepdf.Dictionary) and str(item.get("/Type")) in {"/Page", "/Pages"}


def _object_id(value: pikepdf.Object) -> ObjectId:
    number, generation = value.objgen
    return int(number), int(generation)
