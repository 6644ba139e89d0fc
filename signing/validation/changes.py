"""What each revision did to the one before it, under a policy that allows almost nothing.

Allowed after a first signature: a value (and appearance) for a signature field that already existed and was empty, an
invisible document time-stamp in a field of its own, validation data that only grow, modification dates. Everything
else is suspicious, form filling included: pyHanko's default policy allows any change of field values and appearances,
which is what shadow-replace attacks live on (Mainka et al., "Shadow Attacks", NDSS 2021).

Each pair of neighbours is compared once, whatever the number of signatures. Every object a revision writes must be
explained by the role in which it was found changed; what is left over is a change of its own. Whether explained
objects are also used elsewhere, as page content say, is checked in ``reach.py``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pyhanko.pdf_utils import generic

from signing.errors import ValidationError
from signing.validation.changed_fields import compare_forms
from signing.validation.metadata import lasting_properties
from signing.validation.report import Change, ChangeKind
from signing.validation.revisions import reference_to, same_object

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from signing.validation.foreign import PdfValue
    from signing.validation.revisions import ObjectId, Revisions

__all__ = ["RevisionChanges", "compare_revision"]

_FREE_CATALOG_KEYS = frozenset({"/AcroForm", "/DSS", "/Extensions", "/Version", "/Metadata", "/Pages"})
"""Keys judged on their own, or harmless: a higher PDF version, and developer extensions that announce PAdES."""

_FREE_INFO_KEYS = frozenset({"/ModDate", "/Producer"})
_MAX_DEPTH = 64
"""How deep new values are followed."""


@dataclass(frozen=True, slots=True)
class RevisionChanges:
    """What one revision did."""

    revision: int
    """Its number, from 1."""

    changes: tuple[Change, ...]
    """Everything it changed."""

    touched: frozenset[ObjectId]
    """Objects it wrote or freed."""

    unchanged: frozenset[ObjectId]
    """Objects it wrote again as they were, and pages in which only explained annotations changed."""


class _Comparison:
    """One revision against the one before; collects changes and ticks off objects."""

    def __init__(self, revisions: Revisions, revision: int, signatures: Mapping[ObjectId, bool]) -> None:
        self.revisions = revisions
        self.signatures = signatures
        self.new = revision
        self.old = revision - 1
        self.changes: list[Change] = []
        self.explained: set[ObjectId] = set()
        self.unchanged: set[ObjectId] = set()
        self.new_widgets: dict[ObjectId, ChangeKind] = {}

    def add(self, kind: ChangeKind, *, suspicious: bool, field: str | None = None, detail: str = "") -> None:
        self.changes.append(Change(self.new, kind, suspicious, field=field, detail=detail))

    def before(self, value: PdfValue) -> PdfValue:
        return self.revisions.resolve(value, self.old)

    def after(self, value: PdfValue) -> PdfValue:
        return self.revisions.resolve(value, self.new)

    def explain(self, value: PdfValue, depth: int = 0) -> None:
        """Tick off ``value`` and every new object under it. Objects that existed before are not followed."""
        if depth > _MAX_DEPTH:
            return
        if isinstance(value, generic.IndirectObject):
            target = (value.idnum, value.generation)
            if target in self.explained or self.revisions.exists(target, self.old):
                return
            self.explained.add(target)
            if target in self.signatures:
                return
            value = self.revisions.get(target, self.new)
        if isinstance(value, generic.DictionaryObject):
            for key in value:
                if key not in {"/P", "/Parent"}:
                    self.explain(value.raw_get(key), depth + 1)
        elif isinstance(value, generic.ArrayObject):
            for index in range(len(value)):
                self.explain(value.raw_get(index), depth + 1)

    def explain_reference(self, value: PdfValue) -> None:
        """Tick off the object ``value`` refers to, and nothing under it."""
        if isinstance(value, generic.IndirectObject):
            self.explained.add((value.idnum, value.generation))


def compare_revision(revisions: Revisions, revision: int, signatures: Mapping[ObjectId, bool]) -> RevisionChanges:
    """What ``revision`` (2 or later) did to the one before it.

    ``signatures`` are the signature dictionaries found in the file, and whether each is a time-stamp: they are judged
    elsewhere, and reading their tens of kilobytes of hexadecimal once more would cost half the time of this package.
    """
    work = _Comparison(revisions, revision, signatures)
    touched = revisions.touched(revision)
    # Carriers of a new number only: one that takes the place of a content stream would be both.
    work.explained |= {
        target for target in revisions.structural(revision) if not revisions.number_used(target[0], work.old)
    }
    try:
        for number, generation in sorted(revisions.freed(revision)):
            work.add(ChangeKind.FREED, suspicious=True, detail=f"{number} {generation}")
        work.explained |= revisions.freed(revision)
        _compare_trailers(work)
        _compare_catalogs(work)
        compare_forms(work)
        _compare_pages(work, touched)
        _account_for_rest(work, touched)
    except ValidationError as error:
        work.add(ChangeKind.OTHER, suspicious=True, detail=error.en)
    except RecursionError:
        work.add(ChangeKind.OTHER, suspicious=True, detail="nested too deep")
    return RevisionChanges(revision, tuple(work.changes), frozenset(touched), frozenset(work.unchanged))


def _compare_trailers(work: _Comparison) -> None:
    old, new = work.revisions.trailer(work.old), work.revisions.trailer(work.new)
    if work.revisions.root_at(work.old) != work.revisions.root_at(work.new):
        work.add(ChangeKind.TRAILER, suspicious=True, detail="/Root")
    if ("/Encrypt" in old) != ("/Encrypt" in new):
        work.add(ChangeKind.TRAILER, suspicious=True, detail="/Encrypt")
    before, after = _raw(old, "/Info"), _raw(new, "/Info")
    old_info, new_info = work.before(before), work.after(after)
    changed = _changed_keys(old_info, new_info)
    if changed - _FREE_INFO_KEYS:
        work.add(ChangeKind.METADATA, suspicious=True, detail=" ".join(sorted(changed)))
    elif changed:
        work.add(ChangeKind.METADATA, suspicious=False, detail=" ".join(sorted(changed)))
    work.explain_reference(after)


def _compare_catalogs(work: _Comparison) -> None:
    root = work.revisions.root_at(work.new)
    old, new = work.revisions.get(work.revisions.root_at(work.old), work.old), work.revisions.get(root, work.new)
    if not isinstance(old, generic.DictionaryObject) or not isinstance(new, generic.DictionaryObject):
        raise ValidationError("file.unreadable", zh="文件没有目录", en="a revision has no catalog")
    changed = {key for key in _changed_keys(old, new) if key not in _FREE_CATALOG_KEYS}
    for key in sorted(changed):
        work.add(ChangeKind.CATALOG, suspicious=True, detail=key)
        work.explain(_raw(new, key))
    if not same_object(_raw(old, "/Pages"), _raw(new, "/Pages")):
        work.add(ChangeKind.PAGE_TREE, suspicious=True, detail="/Pages")
    work.explained.add(root)
    work.explain(_raw(new, "/Extensions"))
    _compare_metadata(work, _raw(old, "/Metadata"), _raw(new, "/Metadata"))
    _compare_stores(work, _raw(old, "/DSS"), _raw(new, "/DSS"))


def _compare_metadata(work: _Comparison, before: PdfValue, after: PdfValue) -> None:
    old, new = work.before(before), work.after(after)
    if same_object(before, after) and same_object(old, new):
        return
    work.explain_reference(after)
    dates_only = lasting_properties(old) is not None and lasting_properties(old) == lasting_properties(new)
    work.add(ChangeKind.METADATA, suspicious=not dates_only, detail="/Metadata")


def _compare_stores(work: _Comparison, before: PdfValue, after: PdfValue) -> None:
    """The document security store may only grow (ISO 32000-2 § 12.8.4.3)."""
    old, new = work.before(before), work.after(after)
    if new is None and old is None:
        return
    kept = isinstance(new, generic.DictionaryObject) and (old is None or isinstance(old, generic.DictionaryObject))
    if not kept:
        work.add(ChangeKind.VALIDATION_DATA, suspicious=True, detail="/DSS")
        return
    shrunk = [key for key in (old or ()) if not _grown(work, _raw(old, key), _raw(new, key))]
    grown = _tick_store(work, after) or not same_object(old, new)
    if shrunk:
        work.add(ChangeKind.VALIDATION_DATA, suspicious=True, detail=" ".join(sorted(shrunk)))
    elif grown:
        work.add(ChangeKind.VALIDATION_DATA, suspicious=False)


def _tick_store(work: _Comparison, value: PdfValue) -> bool:
    """Tick off what the store holds. Containers may be rewritten; certificates, CRLs and responses only be added."""
    touched = work.revisions.touched(work.new)
    pending, found = [value], False
    for _ in range(10_000):
        if not pending:
            break
        item = pending.pop()
        if isinstance(item, generic.IndirectObject):
            target = (item.idnum, item.generation)
            item = work.revisions.get(target, work.new)
            is_stream = isinstance(item, generic.StreamObject)
            if (
                target in touched
                and target not in work.explained
                and not (is_stream and work.revisions.exists(target, work.old))
            ):
                work.explained.add(target)
                found = True
        if isinstance(item, generic.StreamObject):
            continue
        if isinstance(item, generic.DictionaryObject):
            pending += [item.raw_get(key) for key in item]
        elif isinstance(item, generic.ArrayObject):
            pending += [item.raw_get(index) for index in range(len(item))]
    return found


def _grown(work: _Comparison, before: PdfValue, after: PdfValue) -> bool:
    """Whether everything in ``before`` is still in ``after``."""
    old, new = work.before(before), work.after(after)
    if isinstance(old, generic.ArrayObject):
        if not isinstance(new, generic.ArrayObject):
            return False
        have = {_spell(new.raw_get(index)) for index in range(len(new))}
        return all(_spell(old.raw_get(index)) in have for index in range(len(old)))
    if isinstance(old, generic.DictionaryObject) and not isinstance(old, generic.StreamObject):
        return isinstance(new, generic.DictionaryObject) and all(
            _grown(work, _raw(old, key), _raw(new, key)) for key in old if key != "/TU"
        )
    return same_object(old, new)


def _compare_pages(work: _Comparison, touched: Iterable[ObjectId]) -> None:
    """Pages may be rewritten for one reason: to list the widget of an allowed new field."""
    for target in sorted(touched):
        old = work.revisions.get(target, work.old)
        if not isinstance(old, generic.DictionaryObject) or _raw(old, "/Type") != "/Page":
            continue
        new = work.revisions.get(target, work.new)
        changed = _changed_keys(old, new) - {"/Annots"}
        work.explained.add(target)
        if changed:
            work.add(ChangeKind.PAGE_CONTENT, suspicious=True, detail=f"{target[0]} 0 R: {' '.join(sorted(changed))}")
            continue
        work.unchanged.add(target)
        _compare_annotations(work, target, _raw(old, "/Annots"), _raw(new, "/Annots"))
    for target in sorted(set(touched) - work.explained):
        _compare_annotation_array(work, target)


def _compare_annotations(work: _Comparison, page: ObjectId, before: PdfValue, after: PdfValue) -> None:
    old, new = _references(work.before(before)), _references(work.after(after))
    work.explain_reference(after)
    removed = [target for target in old if target not in new]
    added = [target for target in new if target not in old and target not in work.new_widgets]
    if removed or added or [target for target in new if target in old] != old:
        detail = f"{page[0]} 0 R: +{len(added)} -{len(removed)}"
        work.add(ChangeKind.ANNOTATION, suspicious=True, detail=detail)
        for target in added:
            work.explain(reference_to(target))


def _compare_annotation_array(work: _Comparison, target: ObjectId) -> None:
    """An /Annots array kept as an object of its own, or an annotation that is no form field."""
    old, new = work.revisions.get(target, work.old), work.revisions.get(target, work.new)
    is_array = isinstance(old, generic.ArrayObject) and isinstance(new, generic.ArrayObject)
    if is_array and any(work.new_widgets.get(entry) for entry in _references(new)):
        work.explained.add(target)
        _compare_annotations(work, target, old, new)
    elif isinstance(old, generic.DictionaryObject) and "/Subtype" in old and "/Rect" in old:
        work.explained.add(target)
        if not same_object(old, new):
            work.add(ChangeKind.ANNOTATION, suspicious=True, detail=f"{target[0]} 0 R")


def _account_for_rest(work: _Comparison, touched: Iterable[ObjectId]) -> None:
    for target in sorted(set(touched) - work.explained):
        label = f"{target[0]} {target[1]} R"
        if not work.revisions.number_used(target[0], work.old):
            work.add(ChangeKind.UNREFERENCED, suspicious=False, detail=label)
        elif same_object(work.revisions.get(target, work.old), work.revisions.get(target, work.new)):
            work.unchanged.add(target)
            work.add(ChangeKind.IDENTICAL, suspicious=False, detail=label)
        else:
            work.add(ChangeKind.OTHER, suspicious=True, detail=label)


def _changed_keys(old: PdfValue, new: PdfValue) -> set[str]:
    if not isinstance(old, generic.DictionaryObject) or not isinstance(new, generic.DictionaryObject):
        return set() if same_object(old, new) else {"*"}
    return {key for key in {*old, *new} if not same_object(_raw(old, key), _raw(new, key))}


def _raw(dictionary: PdfValue, key: str) -> PdfValue:
    return dictionary.raw_get(key) if isinstance(dictionary, generic.DictionaryObject) and key in dictionary else None


def _references(array: PdfValue) -> list[ObjectId]:
    if not isinstance(array, generic.ArrayObject):
        return []
    items = (array.raw_get(index) for index in range(len(array)))
    return [(item.idnum, item.generation) if isinstance(item, generic.IndirectObject) else (0, 0) for item in items]


def _spell(value: PdfValue) -> object:
    return (value.idnum, value.generation) if isinstance(value, generic.IndirectObject) else repr(value)
