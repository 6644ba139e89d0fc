"""An inspected, unsigned PDF reduced to what shows: annotations drawn into the page, everything that acts removed."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from pikepdf import Array, Dictionary, Name, Object, Page, Rectangle, Stream

from documents.uploads.active_content import MAX_NODES, dictionaries_in
from documents.uploads.errors import refusal
from documents.uploads.filters import Allowance

if TYPE_CHECKING:
    from pikepdf import Pdf

__all__ = ["clean_pdf"]

# What a reader needs to show and read the document aloud (ISO 32000-2 tables 29 and 31); all else goes.
_CATALOG_KEPT = frozenset(
    {"/Type", "/Pages", "/StructTreeRoot", "/MarkInfo", "/Lang", "/Outlines", "/Names", "/Dests", "/AF"}
    | {"/OCProperties", "/PageLabels", "/OutputIntents"}
)
_NAMES_KEPT = frozenset({"/Dests", "/EmbeddedFiles"})
_PAGE_KEPT = frozenset(
    {"/Type", "/Parent", "/Resources", "/MediaBox", "/CropBox", "/Rotate", "/Contents", "/Group", "/Annots"}
    | {"/StructParents", "/Tabs", "/UserUnit"}
)

# Anywhere in the file: actions, producers' private data, previews, and image variants a printer might choose instead.
_DROPPED_ANYWHERE = {
    "/AA": "actions",
    "/PA": "actions",
    "/PieceInfo": "private_data",
    "/Metadata": "metadata",
    "/LastModified": "metadata",
    "/Thumb": "thumbnails",
    "/Alternates": "alternate_images",
    "/Interpolate": "interpolation",
}
_WORTH_A_LOOK = re.compile(
    rb"/(?:AA|PA|PieceInfo|Metadata|LastModified|Thumb|Alternates|Interpolate|A|Next)(?=[ /\[<(])"
)

# Annotation flags (ISO 32000-2 table 167).
_INVISIBLE, _HIDDEN, _PRINT, _NO_VIEW = 1, 2, 4, 32


def clean_pdf(pdf: Pdf) -> set[str]:
    """Clean a document in place; returns stable codes of what was changed. It looks as it did.

    ``pdf`` MUST have been inspected and MUST NOT be signed, and MUST be open with inherited attributes pushed down.
    """
    changes: set[str] = set()
    for page in pdf.pages:
        _require_appearances(page.obj)
    if any(annotation.get("/Subtype") != Name.Link for page in pdf.pages for annotation in _annotations(page.obj)):
        pdf.flatten_annotations("screen")
        changes.add("annotations_flattened")
    _keep_only(pdf.Root, _CATALOG_KEPT, changes, "catalog_entries")
    names = pdf.Root.get("/Names")
    if isinstance(names, Dictionary):
        _keep_only(names, _NAMES_KEPT, changes, "name_trees")
    for page in pdf.pages:
        _clean_page(page, changes)
    nodes = Allowance(MAX_NODES, "upload.too_many_objects")
    for obj in pdf.objects:
        _sweep(obj, nodes, changes)
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
        changes.add("metadata")
    return changes


def _require_appearances(page: Dictionary) -> None:
    """Refuse what readers would draw each in their own way, or not at all (ISO 32000-2 § 12.5.5)."""
    for annotation in _annotations(page):
        flags = _integer(annotation.get("/F"))
        if flags & (_INVISIBLE | _HIDDEN | _NO_VIEW) or annotation.get("/Subtype") in (Name.Link, Name.Popup):
            continue
        appearance = annotation.get("/AP")
        if isinstance(appearance, Dictionary) and isinstance(appearance.get("/N"), (Dictionary, Stream)):
            continue
        if annotation.get("/Subtype") != Name.Widget or _field_value(annotation):
            raise refusal("upload.form_without_appearance")


def _field_value(widget: Dictionary) -> bool:
    """Whether a form field without an appearance has something to show; the value may be its parent's (§ 12.7.4.1)."""
    node: object = widget
    for _ in range(8):
        if not isinstance(node, Dictionary):
            break
        value = node.get("/V")
        if value is not None:
            return value != Name.Off and bytes(value.unparse()) not in (b"()", b"<>")
        node = node.get("/Parent")
    return False


def _clean_page(page: Page, changes: set[str]) -> None:
    obj = page.obj
    _keep_only(obj, _PAGE_KEPT, changes, "page_entries")
    _keep_internal_links(obj, changes)
    _fix_boxes(page, changes)
    if "/Rotate" in obj:
        if _integer(obj.get("/Rotate")) % 360:
            page.flatten_rotation()
            changes.add("rotation")
        if "/Rotate" in obj:
            del obj["/Rotate"]


def _fix_boxes(page: Page, changes: set[str]) -> None:
    """One box, the one displayed: the crop box within the media box (ISO 32000-2 § 14.11.2.1)."""
    obj = page.obj
    media, crop = Rectangle(obj["/MediaBox"]), obj.get("/CropBox")
    if isinstance(crop, Array) and len(crop) == 4 and all(_is_finite(side) for side in crop.as_list()):
        shown = _intersection(media, Rectangle(crop))
        if shown is not None and shown != media:
            media = shown
            changes.add("boxes")
    if "/CropBox" in obj:
        del obj["/CropBox"]
    obj["/MediaBox"] = media.as_array()


def _is_finite(side: object) -> bool:
    return isinstance(side, Object) and math.isfinite(side.as_float(math.nan))


def _intersection(outer: Rectangle, inner: Rectangle) -> Rectangle | None:
    left, bottom = max(outer.llx, inner.llx), max(outer.lly, inner.lly)
    right, top = min(outer.urx, inner.urx), min(outer.ury, inner.ury)
    return Rectangle(left, bottom, right, top) if left < right and bottom < top else None


def _keep_internal_links(page: Dictionary, changes: set[str]) -> None:
    """Of what flattening left, keep links within the document, with the flags PDF/A wants (ISO 19005-3 § 6.3.2)."""
    if "/Annots" not in page:
        return
    links = [annotation for annotation in _annotations(page) if _is_internal_link(annotation)]
    for link in links:
        link["/F"] = _PRINT
    if len(links) < len(page["/Annots"]):
        changes.add("annotations_dropped")
    if links:
        page["/Annots"] = Array(links)
    else:
        del page["/Annots"]


def _is_internal_link(annotation: Dictionary) -> bool:
    if annotation.get("/Subtype") != Name.Link:
        return False
    action = annotation.get("/A")
    return "/Dest" in annotation or (isinstance(action, Dictionary) and action.get("/S") == Name.GoTo)


def _sweep(obj: Object | None, nodes: Allowance, changes: set[str]) -> None:
    if obj is None:
        return
    text = (obj.stream_dict if isinstance(obj, Stream) else obj).unparse(resolved=True)
    if not _WORTH_A_LOOK.search(text):
        return
    for dictionary in dictionaries_in(obj, nodes):
        for key, change in _DROPPED_ANYWHERE.items():
            if key in dictionary:
                del dictionary[key]
                changes.add(change)
        _keep_only_jumps(dictionary, changes)


def _keep_only_jumps(dictionary: Dictionary | Stream, changes: set[str]) -> None:
    action = dictionary.get("/A")
    if not isinstance(action, Dictionary) or "/S" not in action:
        return
    if action.get("/S") != Name.GoTo:
        del dictionary["/A"]
        changes.add("actions")
    elif "/Next" in action:
        del action["/Next"]
        changes.add("actions")


def _keep_only(dictionary: Dictionary, kept: frozenset[str], changes: set[str], change: str) -> None:
    for key in set(dictionary.keys()) - kept:
        del dictionary[key]
        changes.add(change)


def _annotations(page: Dictionary) -> list[Dictionary]:
    annotations = page.get("/Annots")
    if not isinstance(annotations, Array):
        return []
    return [annotation for annotation in annotations.as_list() if isinstance(annotation, Dictionary)]


def _integer(value: Object | None) -> int:
    return value.as_int(0) if isinstance(value, Object) else 0
