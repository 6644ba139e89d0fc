"""Boxes of MP4 and QuickTime (ISO/IEC 14496-12 § 4.2; there they are atoms): whether they account for every byte.

At the top: boxes of known kinds, one after another from the first byte to the last. In ``moov``: children that fill
their parents. In ``mdat``: where there are sample tables, every byte belongs to a sample or is zero; of a fragmented
file (``moof``) the boxes are checked and not what each sample takes. Room left free is empty. What no player shows –
user data, metadata, the timed metadata that iPhones record beside picture and sound – is little, or the file is no
recording alone.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass, field
from typing import BinaryIO, Final

__all__ = ["brand_of", "is_whole_mp4"]

_TOP: Final = frozenset(
    {b"ftyp", b"styp", b"moov", b"mdat", b"moof", b"mfra", b"sidx", b"free", b"skip", b"wide", b"pdin", b"prft"}
)
_FREE: Final = frozenset({b"free", b"skip", b"wide"})
_UNSHOWN: Final = frozenset({b"udta", b"meta"})
_PARENTS: Final = frozenset({b"moov", b"trak", b"mdia", b"minf", b"dinf", b"stbl", b"edts", b"mvex", b"moof", b"traf"})
_SHOWN: Final = frozenset({b"vide", b"soun"})
"""Handlers of tracks that are seen and heard (§ 8.4.3)."""
_MOST_BOXES: Final = 100_000
_MOST_TABLE_BYTES: Final = 1 << 20
"""Half a minute has some thousand samples of a track."""
_MOST_CHUNKS: Final = 100_000
_MOST_UNSHOWN_BYTES: Final = 1 << 18
"""Where, by which device, how it was held: some kilobytes; faces found, thirty times a second, at most a few hundred.
No program worth hiding fits beside them unseen: what is at the end is looked at besides (``containers``)."""
_BLOCK_BYTES: Final = 1 << 16


class _NotWhole(Exception):  # noqa: N818 - never leaves this module
    """Something is not accounted for."""


@dataclass(frozen=True, slots=True)
class _Box:
    """One box."""

    kind: bytes
    """Four characters."""

    begin: int
    """Where its content begins."""

    end: int
    """Where it ends."""


@dataclass(slots=True)
class _Tables:
    """Sample tables of one track."""

    found: dict[bytes, _Box] = field(default_factory=dict)
    """By kind."""


def brand_of(head: bytes) -> bytes | None:
    """Major brand if a file begins as MP4 does."""
    return head[8:12] if head[4:8] == b"ftyp" and len(head) >= 12 else None


def is_whole_mp4(stream: BinaryIO, size: int) -> bool:
    """Whether the boxes account for every byte."""
    try:
        walk = _Walk(stream, size)
        walk.top()
    except _NotWhole:
        return False
    return True


class _Walk:
    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream = stream
        self._size = size
        self._count = 0
        self._tracks: list[_Tables] = []
        self._unshown_bytes = 0
        self._is_fragmented = False

    def top(self) -> None:
        boxes = self._children(0, self._size, top=True)
        kinds = [box.kind for box in boxes]
        if kinds[:1] != [b"ftyp"] or kinds.count(b"ftyp") != 1 or kinds.count(b"moov") != 1 or b"mdat" not in kinds:
            raise _NotWhole
        for box in boxes:
            if box.kind not in _TOP:
                raise _NotWhole
            if box.kind in _FREE:
                self._require_zeros(box.begin, box.end)
            if box.kind in (b"moov", b"moof"):
                self._is_fragmented = self._is_fragmented or box.kind == b"moof"
                self._descend(box)
        if not self._is_fragmented:
            self._require_samples([box for box in boxes if box.kind == b"mdat"])

    def _descend(self, parent: _Box) -> None:
        for box in self._children(parent.begin, parent.end, top=False):
            if box.kind == b"trak":
                self._tracks.append(_Tables())
            if self._tracks and (parent.kind == b"stbl" or (parent.kind, box.kind) == (b"mdia", b"hdlr")):
                self._tracks[-1].found[box.kind] = box
            self._look_at(box)
            if box.kind in _PARENTS:
                self._descend(box)

    def _look_at(self, box: _Box) -> None:
        if box.kind in _FREE:
            self._require_zeros(box.begin, box.end)
        if box.kind in _UNSHOWN:
            self._count_unshown(box.end - box.begin)
        if box.kind == b"dref":
            self._require_own_data(box)

    def _require_own_data(self, references: _Box) -> None:
        """Samples lie in this very file (§ 8.7.2): no player is sent elsewhere for them."""
        for entry in self._children(references.begin + 8, references.end, top=False):
            if not self._read(entry.begin, 4).endswith(b"\x01"):
                raise _NotWhole

    def _count_unshown(self, size: int) -> None:
        self._unshown_bytes += size
        if self._unshown_bytes > _MOST_UNSHOWN_BYTES:
            raise _NotWhole

    def _children(self, begin: int, end: int, *, top: bool) -> list[_Box]:
        found = []
        while begin < end:
            self._count += 1
            if self._count > _MOST_BOXES:
                raise _NotWhole
            box = self._box(begin, end, top=top)
            found.append(box)
            begin = box.end
        return found

    def _box(self, begin: int, end: int, *, top: bool) -> _Box:
        head = self._read(begin, min(8, end - begin))
        if len(head) < 8:
            raise _NotWhole
        size, kind = struct.unpack(">I4s", head)
        header = 8
        if size == 1:
            size, header = struct.unpack(">Q", self._read(begin + 8, 8))[0], 16
        elif size == 0 and top:
            size = end - begin  # § 4.2.2: to the end of the file
        if size < header or begin + size > end:
            raise _NotWhole
        return _Box(kind, begin + header, begin + size)

    def _require_samples(self, data: list[_Box]) -> None:
        """Every byte of ``mdat`` belongs to a chunk of some track, or is zero."""
        extents: list[tuple[int, int]] = []
        for tables in self._tracks:
            chunks = self._chunks(tables.found)
            if not self._is_shown(tables.found.get(b"hdlr")):
                self._count_unshown(sum(end - begin for begin, end in chunks))
            extents += chunks
            if len(extents) * len(data) > _MOST_CHUNKS:
                raise _NotWhole
        extents.sort()
        for box in data:
            reached = box.begin
            for begin, end in extents:
                if end <= reached or begin >= box.end:
                    continue
                if begin > reached:
                    self._require_zeros(reached, begin)
                reached = max(reached, min(end, box.end))
            self._require_zeros(reached, box.end)

    def _is_shown(self, handler: _Box | None) -> bool:
        return handler is not None and self._read(handler.begin + 8, 4) in _SHOWN

    def _chunks(self, found: dict[bytes, _Box]) -> list[tuple[int, int]]:
        """Where the chunks of a track lie (§ 8.7.3 to 8.7.5)."""
        runs, (common, sizes) = self._table(found.get(b"stsc"), ">III"), self._sizes(found.get(b"stsz"))
        extents, sample, run = [], 0, 0
        for number, offset in enumerate(self._offsets(found), 1):
            while run + 1 < len(runs) and runs[run + 1][0] <= number:
                run += 1
            per_chunk = runs[run][1] if runs else 0
            length = per_chunk * common if common else sum(sizes[sample : sample + per_chunk])
            sample += per_chunk
            extents.append((offset, offset + length))
        return extents

    def _offsets(self, found: dict[bytes, _Box]) -> list[int]:
        wide = found.get(b"co64")
        rows = self._table(wide, ">Q") if wide is not None else self._table(found.get(b"stco"), ">I")
        return [row[0] for row in rows]

    def _sizes(self, box: _Box | None) -> tuple[int, tuple[int, ...]]:
        """The size all samples have, or the size of each."""
        if box is None:
            return 0, ()
        content = self._read(box.begin, min(box.end - box.begin, _MOST_TABLE_BYTES))
        if len(content) < 12:
            raise _NotWhole
        common, count = struct.unpack(">II", content[4:12])
        if common:
            return common, ()
        if len(content) < 12 + 4 * count:
            raise _NotWhole
        return 0, struct.unpack(f">{count}I", content[12 : 12 + 4 * count])

    def _table(self, box: _Box | None, row: str) -> list[tuple[int, ...]]:
        if box is None:
            return []
        content = self._read(box.begin, min(box.end - box.begin, _MOST_TABLE_BYTES))
        count, size = int.from_bytes(content[4:8], "big"), struct.calcsize(row)
        if len(content) < 8 + count * size:
            raise _NotWhole
        return list(struct.iter_unpack(row, content[8 : 8 + count * size]))

    def _require_zeros(self, begin: int, end: int) -> None:
        while begin < end:
            block = self._read(begin, min(_BLOCK_BYTES, end - begin))
            if not block or block.strip(b"\0"):
                raise _NotWhole
            begin += len(block)

    def _read(self, offset: int, size: int) -> bytes:
        self._stream.seek(offset)
        return self._stream.read(size)
