"""The form, before and after one revision: which fields were signed, added or tampered with.

An existing signature field that was empty may take a value and an appearance (``/V``, ``/AP``, ``/F``), nothing else;
a signed one may not change at all; any other field may not change at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from pyhanko.pdf_utils import generic

from signing.validation.report import ChangeKind
from signing.validation.revisions import reference_to, same_object

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from signing.validation.foreign import PdfValue
    from signing.validation.revisions import ObjectId, Revisions

__all__ = ["Comparison", "compare_forms", "signature_field_values"]

_SIGNING_KEYS = frozenset({"/V", "/AP", "/F"})
"""What signing an empty field writes."""

_FORM_KEYS = frozenset({"/Fields", "/SigFlags"})
_MAX_FIELDS = 2_000
_HIDDEN = 0b10
"""The Hidden flag (ISO 32000-2 table 167). Not NoView: what is not shown on the screen may still be printed."""


class Comparison(Protocol):
    """What ``changes.py`` offers to the comparison of forms."""

    revisions: Revisions
    old: int
    new: int
    signatures: Mapping[ObjectId, bool]
    explained: set[ObjectId]
    new_widgets: dict[ObjectId, ChangeKind]

    def add(self, kind: ChangeKind, *, suspicious: bool, field: str | None = None, detail: str = "") -> None: ...
    def explain(self, value: PdfValue, depth: int = 0) -> None: ...
    def explain_reference(self, value: PdfValue) -> None: ...


@dataclass(frozen=True, slots=True)
class _Node:
    """A field or widget of the form at one revision."""

    target: ObjectId
    """Its object; ``(0, 0)`` if direct."""

    name: str
    """Fully qualified name."""

    type: str | None
    """``/FT``, own or inherited."""

    value: PdfValue
    """``/V``, own or inherited, as written."""

    entries: PdfValue
    """The dictionary."""


def compare_forms(work: Comparison) -> None:
    """Compare the form of the two revisions."""
    old_form = _form(work.revisions, work.old)
    new_form = _form(work.revisions, work.new)
    if new_form is None:
        if old_form is not None:
            work.add(ChangeKind.FORM_FIELD, suspicious=True, detail="/AcroForm")
        return
    catalog = work.revisions.get(work.revisions.root_at(work.new), work.new)
    work.explain_reference(_raw(catalog, "/AcroForm"))
    work.explain_reference(_raw(new_form, "/Fields"))
    changed = {
        key
        for key in {*(old_form or ()), *new_form} - _FORM_KEYS
        if not same_object(_raw(old_form, key), _raw(new_form, key))
    }
    if changed:
        work.add(ChangeKind.FORM_FIELD, suspicious=True, detail=" ".join(sorted(changed)))
        for key in changed:
            work.explain(_raw(new_form, key))
    _compare_nodes(work, _nodes(work.revisions, work.old), _nodes(work.revisions, work.new))


def signature_field_values(revisions: Revisions) -> dict[ObjectId, ObjectId | None]:
    """Signature fields of the newest revision and the signatures they refer to, as this parser sees them."""
    return {
        target: (node.value.idnum, node.value.generation) if isinstance(node.value, generic.IndirectObject) else None
        for target, node in _nodes(revisions, revisions.count).items()
        if node.type == "/Sig" and "/Kids" not in node.entries and "/T" in node.entries
    }


def _compare_nodes(work: Comparison, old: dict[ObjectId, _Node], new: dict[ObjectId, _Node]) -> None:
    for target, node in old.items():
        if target not in new:
            work.add(ChangeKind.FORM_FIELD, suspicious=True, field=node.name, detail="removed")
    touched = work.revisions.touched(work.new)
    for target, node in new.items():
        if target not in old:
            _added(work, node)
        elif target in touched or target == (0, 0) or _appearance_changed(work, node):
            _compare_node(work, old[target], node)


def _compare_node(work: Comparison, old: _Node, new: _Node) -> None:
    work.explained.add(new.target)
    changed = {
        key for key in {*old.entries, *new.entries} if not same_object(_raw(old.entries, key), _raw(new.entries, key))
    }
    changed -= {"/Kids"} if _kids_added_only(old.entries, new.entries) else set()
    if not changed and not _appearance_changed(work, new):
        return
    for key in changed:
        work.explain(_raw(new.entries, key))
    work.explain_reference(_raw(new.entries, "/AP"))
    if old.type != "/Sig":
        work.add(ChangeKind.FORM_FIELD, suspicious=True, field=new.name, detail=" ".join(sorted(changed)))
    elif old.value is not None:
        work.add(ChangeKind.SIGNED_FIELD, suspicious=True, field=new.name, detail=" ".join(sorted(changed)))
    elif changed - _SIGNING_KEYS or new.value is None:
        work.add(ChangeKind.FORM_FIELD, suspicious=True, field=new.name, detail=" ".join(sorted(changed)))
    else:
        kind = ChangeKind.TIMESTAMP if _is_timestamp(work, new) else ChangeKind.SIGNATURE
        work.add(kind, suspicious=False, field=new.name)


def _appearance_changed(work: Comparison, node: _Node) -> bool:
    """Whether an appearance kept as an object of its own was rewritten under an unchanged reference."""
    reference = _raw(node.entries, "/AP")
    if not isinstance(reference, generic.IndirectObject):
        return False
    target = (reference.idnum, reference.generation)
    return not same_object(work.revisions.get(target, work.old), work.revisions.get(target, work.new))


def _added(work: Comparison, node: _Node) -> None:
    work.explain(reference_to(node.target))
    if node.type != "/Sig":
        work.add(ChangeKind.FORM_FIELD, suspicious=True, field=node.name, detail="added")
        return
    visible = _is_visible(work, node)
    if _is_timestamp(work, node) and not visible:
        work.new_widgets[node.target] = ChangeKind.TIMESTAMP
        work.add(ChangeKind.TIMESTAMP, suspicious=False, field=node.name)
        return
    work.new_widgets[node.target] = ChangeKind.SIGNATURE_FIELD_ADDED
    work.add(
        ChangeKind.SIGNATURE_FIELD_ADDED,
        suspicious=visible,
        field=node.name,
        detail="visible" if visible else "invisible",
    )


def _is_visible(work: Comparison, node: _Node) -> bool:
    rect = work.revisions.resolve(_raw(node.entries, "/Rect"), work.new)
    flags = _raw(node.entries, "/F")
    if isinstance(flags, int) and flags & _HIDDEN:
        return False
    if not isinstance(rect, generic.ArrayObject) or len(rect) != 4:
        return rect is not None
    numbers = [float(value) for value in rect]
    return numbers[0] != numbers[2] and numbers[1] != numbers[3]


def _is_timestamp(work: Comparison, node: _Node) -> bool:
    if isinstance(node.value, generic.IndirectObject):
        known = work.signatures.get((node.value.idnum, node.value.generation))
        if known is not None:
            return known
    value = work.revisions.resolve(node.value, work.new)
    return isinstance(value, generic.DictionaryObject) and _raw(value, "/Type") == "/DocTimeStamp"


def _kids_added_only(old: PdfValue, new: PdfValue) -> bool:
    before, after = _items(_raw(old, "/Kids")), _items(_raw(new, "/Kids"))
    return bool(before) and all(same_object(one, other) for one, other in zip(before, after, strict=False))


def _form(revisions: Revisions, revision: int) -> PdfValue:
    catalog = revisions.get(revisions.root_at(revision), revision)
    form = revisions.resolve(_raw(catalog, "/AcroForm"), revision)
    return form if isinstance(form, generic.DictionaryObject) else None


def _nodes(revisions: Revisions, revision: int) -> dict[ObjectId, _Node]:
    """Every field and widget of the form at ``revision``, by object."""
    form = _form(revisions, revision)
    found: dict[ObjectId, _Node] = {}
    for item in _items(revisions.resolve(_raw(form, "/Fields"), revision)):
        for node in _walk(revisions, revision, item, _Node((0, 0), "", None, None, None)):
            if node.target not in found and len(found) < _MAX_FIELDS:
                found[node.target] = node
    return found


def _walk(revisions: Revisions, revision: int, item: PdfValue, above: _Node, depth: int = 0) -> Iterator[_Node]:
    entries = revisions.resolve(item, revision)
    if not isinstance(entries, generic.DictionaryObject) or depth > 32:
        return
    target = (item.idnum, item.generation) if isinstance(item, generic.IndirectObject) else (0, 0)
    partial = revisions.resolve(_raw(entries, "/T"), revision)
    name = ".".join(part for part in (above.name, str(partial) if partial is not None else "") if part)
    own_type, own_value = _raw(entries, "/FT"), _raw(entries, "/V")
    node = _Node(
        target,
        name,
        str(own_type) if own_type is not None else above.type,
        own_value if own_value is not None else above.value,
        entries,
    )
    yield node
    for kid in _items(revisions.resolve(_raw(entries, "/Kids"), revision)):
        yield from _walk(revisions, revision, kid, node, depth + 1)


def _items(array: PdfValue) -> list[PdfValue]:
    return [array.raw_get(index) for index in range(len(array))] if isinstance(array, generic.ArrayObject) else []


def _raw(dictionary: PdfValue, key: str) -> PdfValue:
    return dictionary.raw_get(key) if isinstance(dictionary, generic.DictionaryObject) and key in dictionary else None
