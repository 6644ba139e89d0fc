"""Stream filters as a measuring chain (ISO 32000-2 § 7.4): how much comes out, never all of it at once.

Each stage takes pieces and yields pieces of at most 64 KiB, and every byte that leaves a stage is charged to one
allowance, so a bomb costs no more than the allowance however it is nested. Picture codecs end the chain: their output
is bounded by the pixels their header admits to.
"""

from __future__ import annotations

import base64
import re
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from documents.uploads.errors import refusal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

__all__ = ["PICTURE_CODECS", "Allowance", "Decoded", "canonical_filter", "decoded_pieces", "measure"]

PIECE_BYTES = 64 << 10

# Enough of the decoded data to read a picture header or to recognise a file by.
HEAD_BYTES = 64 << 10

# Flate inside ASCII85 is the deepest chain writers make; qpdf itself gives up at 25.
MAX_FILTERS = 4

# These are decoded in Python at about 10 MB/s where zlib does 500; the allowance is one of time as well.
SLOW_STAGE_WEIGHT = 50

PICTURE_CODECS = frozenset({"/DCTDecode", "/JPXDecode", "/JBIG2Decode", "/CCITTFaxDecode"})

# Inline-image abbreviations (table 92), which readers accept in stream dictionaries too.
_ABBREVIATIONS = {
    "/AHx": "/ASCIIHexDecode",
    "/A85": "/ASCII85Decode",
    "/Fl": "/FlateDecode",
    "/RL": "/RunLengthDecode",
    "/CCF": "/CCITTFaxDecode",
    "/DCT": "/DCTDecode",
    "/LZW": "/LZWDecode",
}

_WHITE = re.compile(rb"[\0\t\n\x0c\r ]+")


class Allowance:
    """How many bytes may still be decoded, or nodes looked at; spending more is refused by ``code``."""

    def __init__(self, limit: int, code: str = "upload.decompression_bomb") -> None:
        self.limit = limit
        self.spent = 0
        self._code = code

    def spend(self, size: int) -> None:
        """Take from the allowance, refusing the file when it is used up."""
        self.spent += size
        if self.spent > self.limit:
            raise refusal(self._code, limit=self.limit)


@dataclass(frozen=True, slots=True)
class Decoded:
    """What came out of a chain of filters."""

    size_bytes: int
    """Bytes after the last stage applied."""

    head: bytes
    """The first of them, at most 64 KiB."""

    last_filter: str
    """The picture codec that ended the chain, or empty."""

    is_complete: bool
    """Whether every stage met its own end-of-data mark."""


def canonical_filter(name: str) -> str:
    """A filter's full name for its abbreviation."""
    return _ABBREVIATIONS.get(name, name)


def measure(parts: Iterable[memoryview], filters: Sequence[str], own: Allowance, total: Allowance) -> Decoded:
    """Decode a stream piece by piece, keeping only its head; ``own`` bounds this stream, ``total`` the whole file.

    ``parts`` are the stream as stored, in one part or several that follow each other.
    """
    ends: list[bool] = []
    size, head = 0, bytearray()
    for piece in decoded_pieces(parts, filters, (own, total), ends):
        size += len(piece)
        if len(head) < HEAD_BYTES:
            head += piece[: HEAD_BYTES - len(head)]
    codec = next((name for name in filters if name in PICTURE_CODECS), "")
    return Decoded(size, bytes(head), codec, all(ends))


def decoded_pieces(
    parts: Iterable[memoryview], filters: Sequence[str], allowances: tuple[Allowance, Allowance], ends: list[bool]
) -> Iterator[bytes]:
    """The decoded stream in pieces, up to the first picture codec; ``ends`` receives whether each stage ended."""
    if len(filters) > MAX_FILTERS:
        raise refusal("upload.forbidden_filter", filter=f"x{len(filters)}")
    pieces: Iterator[bytes] = (
        bytes(part[at : at + PIECE_BYTES]) for part in parts for at in range(0, len(part), PIECE_BYTES)
    )
    for name in filters:
        if name in PICTURE_CODECS:
            break
        stage = _STAGES.get(name)
        if stage is None:
            raise refusal("upload.forbidden_filter", filter=name.lstrip("/"))
        pieces = _charged(stage(pieces, ends), 1 if name == "/FlateDecode" else SLOW_STAGE_WEIGHT, allowances)
    return pieces


def _charged(pieces: Iterator[bytes], weight: int, allowances: tuple[Allowance, Allowance]) -> Iterator[bytes]:
    own, total = allowances
    for piece in pieces:
        own.spend(len(piece))
        total.spend(len(piece) * weight)
        yield piece


def _flate(pieces: Iterator[bytes], ends: list[bool]) -> Iterator[bytes]:
    """FlateDecode (§ 7.4.4). A broken tail ends the data, as it does in readers."""
    engine = zlib.decompressobj()
    try:
        for piece in pieces:
            data = piece
            while data and not engine.eof:
                yield engine.decompress(data, PIECE_BYTES)
                data = engine.unconsumed_tail
    except zlib.error:
        ends.append(False)
        return
    ends.append(engine.eof)


def _ascii_hex(pieces: Iterator[bytes], ends: list[bool]) -> Iterator[bytes]:
    """ASCIIHexDecode (§ 7.4.2)."""
    digits = b""
    for piece in pieces:
        digits += _WHITE.sub(b"", piece)
        data, end, _ = digits.partition(b">")
        if end:
            yield _from_hex(data + b"0" * (len(data) % 2))
            ends.append(True)
            return
        whole = len(data) & ~1
        yield _from_hex(data[:whole])
        digits = data[whole:]
    ends.append(False)


def _from_hex(digits: bytes) -> bytes:
    try:
        return bytes.fromhex(digits.decode("latin-1"))
    except ValueError:
        raise refusal("upload.malformed", reason="ASCIIHexDecode") from None


def _ascii85(pieces: Iterator[bytes], ends: list[bool]) -> Iterator[bytes]:
    """ASCII85Decode (§ 7.4.3): groups of five characters, ``z`` for four zero bytes, ``~>`` at the end."""
    kept = b""
    for piece in pieces:
        kept += _WHITE.sub(b"", piece)
        data, end, _ = kept.partition(b"~")
        if end:
            yield _from_ascii85(data)
            ends.append(True)
            return
        whole = _whole_groups(data)
        yield _from_ascii85(data[:whole])
        kept = data[whole:]
    ends.append(False)


def _whole_groups(data: bytes) -> int:
    """How many of these characters make complete groups."""
    since_z = data.rfind(b"z") + 1
    return since_z + (len(data) - since_z) // 5 * 5


def _from_ascii85(data: bytes) -> bytes:
    try:
        return base64.a85decode(data)
    except ValueError:
        raise refusal("upload.malformed", reason="ASCII85Decode") from None


def _run_length(pieces: Iterator[bytes], ends: list[bool]) -> Iterator[bytes]:
    """RunLengthDecode (§ 7.4.5)."""
    kept = b""
    for piece in pieces:
        data = kept + piece
        out, used, ended = _runs(data)
        for at in range(0, len(out), PIECE_BYTES):
            yield out[at : at + PIECE_BYTES]
        if ended:
            ends.append(True)
            return
        kept = data[used:]
    ends.append(False)


def _runs(data: bytes) -> tuple[bytes, int, bool]:
    """The complete runs of a piece (at most 64 times as long), the bytes they took, and whether 128 ended them."""
    out, at = bytearray(), 0
    while at < len(data):
        length = data[at]
        if length == 128:
            return bytes(out), at + 1, True
        need = length + 2 if length < 128 else 2
        if at + need > len(data):
            break
        out += data[at + 1 : at + need] if length < 128 else data[at + 1 : at + 2] * (257 - length)
        at += need
    return bytes(out), at, False


_STAGES: dict[str, Callable[[Iterator[bytes], list[bool]], Iterator[bytes]]] = {
    "/FlateDecode": _flate,
    "/ASCIIHexDecode": _ascii_hex,
    "/ASCII85Decode": _ascii85,
    "/RunLengthDecode": _run_length,
}
