"""Whether a signature covers what it must: one gap, exactly its own ``/Contents``, up to the end of a revision.

ISO 32000-2 § 12.8.1 and table 255; the attacks refused here are universal signature forgery and signature wrapping
(Mladenov et al., "1 Trillion Dollar Refund", 2019). pyHanko hashes whatever range it is given; this module decides
whether that range means anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

from signing.validation.codes import finding

if TYPE_CHECKING:
    from signing.validation.fields import SignatureDictionary
    from signing.validation.report import Finding

__all__ = ["ByteRange", "check_byte_range", "check_padding", "spans_a_string"]

_MAX_CONTENTS = 1 << 20
"""Half a megabyte of CMS, as hex. Signatures with a chain and time-stamps need some ten kilobytes."""

_HEX = frozenset(b"0123456789abcdefABCDEF")


@dataclass(frozen=True, slots=True)
class ByteRange:
    """The range of one signature, if it has one that can be digested."""

    gap_start: int
    """Where ``/Contents`` starts, at ``<``."""

    gap_end: int
    """First byte after its ``>``."""

    end: int
    """First byte after what is signed."""

    @property
    def key(self) -> tuple[int, int, int]:
        return self.gap_start, self.gap_end, self.end


def check_byte_range(
    file: BinaryIO, size: int, signature: SignatureDictionary, field: str | None
) -> tuple[ByteRange | None, tuple[Finding, ...]]:
    """The range, if it can be digested at all, and what is wrong with it; no finding means it is sound."""
    problems: list[Finding] = []
    if not signature.contents or not signature.contents.strip(b"\x00"):
        problems.append(finding("contents.missing", field=field))
    if signature.byte_range is None:
        return None, (*problems, finding("byte_range.missing", field=field))
    if not _well_formed(signature.byte_range):
        return None, (*problems, finding("byte_range.malformed", field=field, numbers=_spell(signature.byte_range)))
    _, gap_start, gap_end, length = signature.byte_range
    found = ByteRange(gap_start, gap_end, gap_end + length)
    if found.end > size:
        return None, (*problems, finding("byte_range.beyond_file", field=field, end=found.end, size=size))
    gap = _gap(file, found)
    if gap is None:
        problems.append(finding("byte_range.gap", field=field, start=gap_start, end=gap_end))
    elif signature.contents is not None and gap != signature.contents:
        problems.append(finding("contents.mismatch", field=field))
    return found, tuple(problems)


def check_padding(signature: SignatureDictionary, bytes_used: int, field: str | None) -> tuple[Finding, ...]:
    """After the DER only zeros may follow (ISO 32000-2 § 12.8.3.3: the space left is padded)."""
    rest = (signature.contents or b"")[bytes_used:]
    return (finding("contents.trailing_data", field=field),) if rest.strip(b"\x00") else ()


def spans_a_string(file: BinaryIO, numbers: tuple[int, ...]) -> bool:
    """Whether the numbers are a range of this file whose gap is a hexadecimal string, and not of a file within it."""
    if not _well_formed(numbers):
        return False
    file.seek(numbers[1])
    opens = file.read(1) == b"<"
    file.seek(numbers[2] - 1)
    return opens and file.read(1) == b">"


def _well_formed(numbers: tuple[int, ...]) -> bool:
    """``[0 a b c]`` with ``0 < a < b`` and ``c > 0``: one gap, from the first byte."""
    if len(numbers) != 4:
        return False
    start, length, second, rest = numbers
    return start == 0 and 0 < length < second and rest > 0


def _gap(file: BinaryIO, found: ByteRange) -> bytes | None:
    """The bytes the gap spells, or ``None`` if it is anything but one hexadecimal string."""
    length = found.gap_end - found.gap_start
    if length > _MAX_CONTENTS or length % 2:
        return None
    file.seek(found.gap_start)
    raw = file.read(length)
    digits = raw[1:-1]
    if raw[:1] != b"<" or raw[-1:] != b">" or not _HEX.issuperset(digits):
        return None
    return bytes.fromhex(digits.decode("ascii"))


def _spell(numbers: tuple[int, ...]) -> str:
    return " ".join(map(str, numbers[:8]))
