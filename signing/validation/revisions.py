"""The revisions of a file, and any object as any revision had it (ISO 32000-2 § 7.5.6).

Reads through pyHanko's lazy reader; only objects that updates touch are ever read, never page images. Revisions are
numbered from 1, oldest first, as everywhere in this package.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, BinaryIO

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import DecodeLimits, DecodePurpose, DocumentDecodeBudget, StreamDecodeLimits
from pyhanko.pdf_utils.misc import PdfDecodeLimitError
from pyhanko.pdf_utils.reader import PdfFileReader

from signing.errors import ValidationError

if TYPE_CHECKING:
    from signing.validation.foreign import PdfValue
    from signing.validation.limits import Limits

__all__ = ["ObjectId", "Revisions", "reference_to", "same_object"]

ObjectId = tuple[int, int]
"""Object number and generation."""

_TAIL_BYTES = 64
"""``startxref``, a number and ``%%EOF`` with generous white space."""

_END = re.compile(rb"startxref[\x00\t\n\x0c\r ]+(\d{1,12})[\x00\t\n\x0c\r ]+%%EOF[\r\n]{0,2}\Z")


class Revisions:
    """An opened file, looked at revision by revision. The stream stays the caller's."""

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        try:
            self._reader = PdfFileReader(file, strict=False, decode_limits=_decode_limits(limits))
            self._xrefs = self._reader.xrefs
            self.count: int = self._xrefs.total_revisions
            self.encrypted = "/Encrypt" in self._reader.trailer
            self._sections = [self._xrefs.get_xref_data(index) for index in range(self.count)]
            self._touched = [_touched(section) for section in self._sections]
        except Exception as cause:  # a hostile file surfaces as almost anything
            raise _unreadable(cause) from cause
        self._file = file
        self._objects: dict[tuple[ObjectId, int], PdfValue] = {}

    @property
    def root(self) -> ObjectId:
        """Object number of the catalog in the newest revision."""
        return self.root_at(self.count)

    def trailer(self, revision: int) -> PdfValue:
        """Trailer dictionary in force at ``revision``."""
        return self._reader.trailer.flatten(revision - 1)

    def root_at(self, revision: int) -> ObjectId:
        """Object number of the catalog at ``revision``."""
        reference = self._reader.trailer.raw_get("/Root", revision=revision - 1)
        return reference.idnum, reference.generation

    def touched(self, revision: int) -> frozenset[ObjectId]:
        """Objects that ``revision`` writes or frees."""
        return self._touched[revision - 1]

    def freed(self, revision: int) -> set[ObjectId]:
        """Objects that ``revision`` deletes and an earlier one had."""
        freed = self._sections[revision - 1].freed
        return {
            (number, generation - 1)
            for number, generation in freed.items()
            if generation > 0 and revision > 1 and self.exists((number, generation - 1), revision - 1)
        }

    def structural(self, revision: int) -> set[ObjectId]:
        """Object streams and the cross-reference stream of ``revision``: carriers, not content."""
        info = self._xrefs.get_xref_container_info(revision - 1)
        carriers = {(number, 0) for number in self._sections[revision - 1].obj_streams_used}
        if info.stream_ref is not None:
            carriers.add((info.stream_ref.idnum, info.stream_ref.generation))
        return carriers

    def exists(self, target: ObjectId, revision: int) -> bool:
        """Whether ``target`` is defined at ``revision``."""
        return self._location(target, revision) is not None

    def number_used(self, number: int, revision: int) -> bool:
        """Whether any revision up to ``revision`` used the number, under any generation: readers differ in heeding
        generations, so one that comes back under another is the same to some.
        """
        return any(
            number in section.standard_xrefs or number in section.xrefs_in_objstm
            for section in self._sections[:revision]
        )

    def last_change(self, target: ObjectId) -> int:
        """The newest revision that writes ``target``; 0 if none does."""
        for revision in range(self.count, 0, -1):
            if target in self.touched(revision):
                return revision
        return 0

    def get(self, target: ObjectId, revision: int) -> PdfValue:
        """Object ``target`` as ``revision`` had it; references inside stay references. ``None`` if not defined."""
        location, defined_in = self._definition(target, revision)
        if location is None:
            return None
        key = (target, defined_in)
        if key not in self._objects:
            self._objects[key] = self._read(target, defined_in)
        return self._objects[key]

    def resolve(self, value: PdfValue, revision: int) -> PdfValue:
        """``value`` itself, or what it refers to at ``revision``."""
        seen = 0
        while isinstance(value, generic.IndirectObject):
            value = self.get((value.idnum, value.generation), revision)
            seen += 1
            if seen > 8:
                return None
        return value

    def stream_data(self, target: ObjectId) -> bytes | None:
        """Decoded bytes of a stream in the newest revision, within the limits."""
        stream = self.get(target, self.count)
        if not isinstance(stream, generic.StreamObject):
            return None
        return bytes(stream.read_data(DecodePurpose.CERTIFICATE))

    def section_start(self, revision: int) -> int:
        """Offset of the cross-reference section of ``revision``."""
        return int(self._xrefs.get_xref_container_info(revision - 1).start_location)

    def section_end(self, revision: int) -> int:
        """First byte after that section's table."""
        return int(self._xrefs.get_xref_container_info(revision - 1).end_location)

    def is_hybrid(self) -> bool:
        """Whether any section is a hybrid one (ISO 32000-2 § 7.5.8.4)."""
        return bool(self._xrefs.hybrid_xrefs_present)

    def ends_at(self, offset: int) -> int | None:
        """The revision whose bytes end at ``offset``, by its ``startxref`` and ``%%EOF``; ``None`` if none does."""
        self._file.seek(max(0, offset - _TAIL_BYTES))
        found = _END.search(self._file.read(min(offset, _TAIL_BYTES)))
        if found is None:
            return None
        startxref = int(found[1])
        for revision in range(self.count, 0, -1):
            if self._xrefs.get_startxref_for_revision(revision - 1) == startxref:
                whole = all(self.section_end(earlier) <= offset for earlier in range(1, revision + 1))
                return revision if whole else None
        return None

    def pages(self, limit: int) -> list[ObjectId]:
        """Page objects of the newest revision in order, as this parser sees them; at most ``limit`` + 1 of them."""
        catalog = self.get(self.root, self.count)
        found: list[ObjectId] = []
        seen: set[ObjectId] = set()
        pending = [catalog.raw_get("/Pages")] if isinstance(catalog, generic.DictionaryObject) else []
        while pending and len(found) <= limit:
            item = pending.pop()
            target = (item.idnum, item.generation) if isinstance(item, generic.IndirectObject) else (0, 0)
            node = self.resolve(item, self.count)
            if target in seen or not isinstance(node, generic.DictionaryObject):
                continue
            seen.add(target)
            kids = self.resolve(node.raw_get("/Kids"), self.count) if "/Kids" in node else None
            if isinstance(kids, generic.ArrayObject):
                pending += [kids.raw_get(index) for index in range(len(kids) - 1, -1, -1)]
            else:
                found.append(target)
        return found

    def startxrefs(self) -> set[int]:
        """Where every revision's cross-reference section is declared to start."""
        return {int(self._xrefs.get_startxref_for_revision(index)) for index in range(self.count)}

    def object_count(self) -> int:
        """How many object numbers all revisions together define."""
        return len(set().union(*(section.explicit_refs_in_revision for section in self._sections)))

    def out_of_order(self) -> bool:
        """Whether some section stands before the one it continues. Linearised files may: their first two do."""
        starts = [self.section_start(revision) for revision in range(1, self.count + 1)]
        return any(later < earlier for earlier, later in pairwise(starts[1:]))

    def _definition(self, target: ObjectId, revision: int) -> tuple[PdfValue, int]:
        reference = generic.Reference(*target, self._reader)
        for index in range(revision - 1, -1, -1):
            try:
                return self._sections[index].try_resolve(reference), index + 1
            except KeyError:
                continue
        return None, 0

    def _location(self, target: ObjectId, revision: int) -> PdfValue:
        return self._definition(target, revision)[0]

    def _read(self, target: ObjectId, defined_in: int) -> PdfValue:
        reference = generic.Reference(*target, self._reader)
        try:
            value = self._reader.get_object(reference, revision=defined_in - 1)  # type: ignore[no-untyped-call]
        except Exception as cause:  # a hostile file surfaces as almost anything
            raise _unreadable(cause) from cause
        return None if isinstance(value, generic.NullObject) else value


def _touched(section: PdfValue) -> frozenset[ObjectId]:
    found = set(section.explicit_refs_in_revision)
    if section.hybrid is not None:
        found |= section.hybrid.xref_data.explicit_refs_in_revision
    return frozenset(entry for entry in found if entry[1] >= 0)


def reference_to(target: ObjectId) -> PdfValue:
    """A reference to ``target``, bound to no file: this package resolves references itself."""
    return generic.IndirectObject(*target, None)  # type: ignore[no-untyped-call]


def same_object(one: PdfValue, other: PdfValue) -> bool:
    """Whether two objects are the same as written; references are the same when they name the same object."""
    if isinstance(one, generic.IndirectObject) or isinstance(other, generic.IndirectObject):
        return (
            isinstance(one, generic.IndirectObject)
            and isinstance(other, generic.IndirectObject)
            and (one.idnum, one.generation) == (other.idnum, other.generation)
        )
    if isinstance(one, generic.StreamObject) != isinstance(other, generic.StreamObject):
        return False
    if isinstance(one, generic.StreamObject) and one.encoded_data != other.encoded_data:
        return False
    if isinstance(one, generic.DictionaryObject) and isinstance(other, generic.DictionaryObject):
        return one.keys() == other.keys() and all(same_object(one.raw_get(key), other.raw_get(key)) for key in one)
    if isinstance(one, generic.ArrayObject) and isinstance(other, generic.ArrayObject):
        return len(one) == len(other) and all(
            same_object(one.raw_get(index), other.raw_get(index)) for index in range(len(one))
        )
    return type(one) is type(other) and one == other


def _decode_limits(limits: Limits) -> DecodeLimits:
    return DecodeLimits(
        per_stream=StreamDecodeLimits(max_output_size=limits.expanded_bytes),
        document_budget=DocumentDecodeBudget(base_allowance=4 * limits.expanded_bytes, max_ratio=1),
    )


def _unreadable(cause: Exception) -> ValidationError:
    """A stranger's exception as ours; an expansion over the limit keeps its own code."""
    link: BaseException | None = cause
    while link is not None:
        if isinstance(link, PdfDecodeLimitError | MemoryError):
            return ValidationError("limit.expansion", zh="压缩数据展开后超过上限", en=str(link))
        link = link.__cause__ or link.__context__
    return ValidationError("file.unreadable", zh="文件结构损坏", en=f"broken structure: {cause}")
