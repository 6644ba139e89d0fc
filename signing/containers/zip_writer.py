"""ZIP, written front to back and never turned back (PKWARE APPNOTE 6.3.10; ISO/IEC 21320-1 but for ZIP64's 4.5).

Everything is stored, not deflated: photos, videos and PDFs are compressed already, and ETSI EN 319 162-1 wants the
first entry stored anyway. Sizes and CRC stand in the local header, because readers that stream (Java's
``ZipInputStream``) cannot find the end of a stored entry by a data descriptor. All times are the earliest there is:
equal contents, equal bytes. ZIP64 only where it is needed, since some readers still have none.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["ZipWriter"]

_LOCAL = struct.Struct("<4s5H3I2H")
_CENTRAL = struct.Struct("<4s6H3I5H2I")
_END = struct.Struct("<4s4H2IH")
_END64 = struct.Struct("<4sQ2H2I4Q")
_LOCATOR64 = struct.Struct("<4sIQI")

_UTF8_NAMES = 1 << 11
_STORED = 0
_EARLIEST = (1 << 5) | 1  # 1980-01-01, month and day from 1 (APPNOTE § 4.4.6)
_ZIP64_EXTRA = 0x0001
_VERSION = 20
_VERSION_ZIP64 = 45
_FULL16 = 0xFFFF
_FULL32 = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class _Written:
    name: bytes
    flags: int
    crc32: int
    size_bytes: int
    offset: int


class ZipWriter:
    """One archive as pieces of bytes, to be written one after the other; ``directory`` ends it."""

    def __init__(self) -> None:
        self._offset = 0
        self._written: list[_Written] = []

    def entry(self, name: str, crc32: int, size_bytes: int, pieces: Iterable[bytes]) -> Iterator[bytes]:
        """One entry. ``pieces`` MUST come to ``size_bytes`` bytes of this CRC: the header is out before them."""
        entry = _Written(name.encode(), 0 if name.isascii() else _UTF8_NAMES, crc32, size_bytes, self._offset)
        yield self._counted(_local_header(entry))
        start = self._offset
        for piece in pieces:
            yield self._counted(piece)
        if self._offset - start != size_bytes:
            raise ValueError(f"{name}: {self._offset - start} bytes came, {size_bytes} were announced")
        self._written.append(entry)

    def directory(self) -> Iterator[bytes]:
        """The central directory and its end."""
        start = self._offset
        for entry in self._written:
            yield self._counted(_central_header(entry))
        count, size = len(self._written), self._offset - start
        if count >= _FULL16 or size >= _FULL32 or start >= _FULL32:
            end64 = self._offset
            version = _VERSION_ZIP64
            yield self._counted(_END64.pack(b"PK\x06\x06", 44, version, version, 0, 0, count, count, size, start))
            yield self._counted(_LOCATOR64.pack(b"PK\x06\x07", 0, end64, 1))
        count16 = min(count, _FULL16)
        narrow = (count16, count16, min(size, _FULL32), min(start, _FULL32))
        yield self._counted(_END.pack(b"PK\x05\x06", 0, 0, *narrow, 0))

    def _counted(self, data: bytes) -> bytes:
        self._offset += len(data)
        return data


def _local_header(entry: _Written) -> bytes:
    """§ 4.3.7; with ZIP64 both sizes MUST be in the extra field (§ 4.5.3)."""
    large = entry.size_bytes >= _FULL32
    extra = struct.pack("<2H2Q", _ZIP64_EXTRA, 16, entry.size_bytes, entry.size_bytes) if large else b""
    size = _FULL32 if large else entry.size_bytes
    version = _VERSION_ZIP64 if large else _VERSION
    fixed = (version, entry.flags, _STORED, 0, _EARLIEST, entry.crc32, size, size, len(entry.name), len(extra))
    return _LOCAL.pack(b"PK\x03\x04", *fixed) + entry.name + extra


def _central_header(entry: _Written) -> bytes:
    """§ 4.3.12; in the ZIP64 extra field only what does not fit, in the order of § 4.5.3."""
    wide = [entry.size_bytes] * 2 if entry.size_bytes >= _FULL32 else []
    wide += [entry.offset] if entry.offset >= _FULL32 else []
    extra = struct.pack(f"<2H{len(wide)}Q", _ZIP64_EXTRA, 8 * len(wide), *wide) if wide else b""
    size, offset = min(entry.size_bytes, _FULL32), min(entry.offset, _FULL32)
    version = _VERSION_ZIP64 if wide else _VERSION
    fixed = (version, version, entry.flags, _STORED, 0, _EARLIEST, entry.crc32, size, size)
    rest = (len(entry.name), len(extra), 0, 0, 0, 0, offset)
    return _CENTRAL.pack(b"PK\x01\x02", *fixed, *rest) + entry.name + extra
