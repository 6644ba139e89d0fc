"""The page tree walked as stored (ISO 32000-2 § 7.7.3): bounded in depth and number, cycles seen, sizes checked."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pikepdf import Array, Dictionary, Object, ObjectSet

from documents.uploads.errors import refusal

if TYPE_CHECKING:
    from pikepdf import Pdf

    from documents.uploads.limits import UploadLimits

__all__ = ["TreePage", "pages_of"]

# ISO 32000-1 annex C.2: pages range from 3 to 14 400 default units a side.
MIN_SIDE, MAX_SIDE = 3.0, 14_400.0


@dataclass(frozen=True, slots=True)
class TreePage:
    """A page of the tree."""

    obj: Dictionary
    """Its dictionary, as stored."""

    resources: Dictionary | None
    """The /Resources it inherits, or has itself."""


@dataclass(frozen=True, slots=True)
class _Node:
    """A node waiting to be visited."""

    obj: Object | None
    """The node; ``None`` for a reference to nothing."""

    depth: int
    """Levels above it."""

    media_box: Object | None
    """The /MediaBox it inherits (§ 7.7.3.4)."""

    resources: Object | None
    """The /Resources it inherits."""


def pages_of(pdf: Pdf, limits: UploadLimits) -> tuple[TreePage, ...]:
    """The pages in order; refused when one is missing, since a signer would not see what is gone."""
    root = pdf.Root.get("/Pages")
    if not isinstance(root, Dictionary):
        raise refusal("upload.malformed", reason="no page tree")
    pages: list[TreePage] = []
    seen = ObjectSet()
    waiting = [_Node(root, 0, None, None)]
    while waiting:
        node = waiting.pop()
        if not isinstance(node.obj, Dictionary):
            raise refusal("upload.truncated")
        if node.depth > limits.page_tree_depth:
            raise refusal("upload.page_tree_too_deep", limit=limits.page_tree_depth)
        if not seen.add(node.obj):
            raise refusal("upload.page_tree_cycle")
        media_box = node.obj.get("/MediaBox") or node.media_box
        resources = node.obj.get("/Resources") or node.resources
        kids = node.obj.get("/Kids")
        if isinstance(kids, Array):
            _check_count(len(pages) + len(waiting) + len(kids), limits)
            waiting += [_Node(kid, node.depth + 1, media_box, resources) for kid in reversed(list(kids.as_list()))]
        else:
            pages.append(TreePage(node.obj, resources if isinstance(resources, Dictionary) else None))
            _check_size(media_box, len(pages))
    _check_promise(root, len(pages), limits)
    return tuple(pages)


def _check_count(count: int, limits: UploadLimits) -> None:
    if count > limits.pages:
        raise refusal("upload.too_many_pages", limit=limits.pages)


def _check_promise(root: Dictionary, found: int, limits: UploadLimits) -> None:
    """Hold the pages found against /Count: after a repair of a file cut short, the difference is what was lost."""
    if not found:
        raise refusal("upload.no_pages")
    _check_count(found, limits)
    promised = root.get("/Count")
    if isinstance(promised, Object) and promised.as_int(0) > found:
        raise refusal("upload.truncated")


def _check_size(media_box: Object | None, page: int) -> None:
    sides: list[float] = []
    if isinstance(media_box, Array) and len(media_box) == 4:
        left, bottom, right, top = (_number(side) for side in media_box.as_list())
        sides = [abs(right - left), abs(top - bottom)]
    if not sides or not all(MIN_SIDE <= side <= MAX_SIDE for side in sides):
        raise refusal("upload.page_size", page=page)


def _number(side: object) -> float:
    return float(side.as_float(math.nan)) if isinstance(side, Object) else math.nan
