"""DER, the little of it that CMS, RFC 3161 and OCSP need: bytes in, bytes out, no object trees.

Encoders return complete encodings and nest as calls do: ``sequence(oid("1.2.3"), null())``. :func:`read_tlv` and
:class:`Reader` read what others wrote and refuse whatever is not DER (ITU-T X.690 § 10, § 11): indefinite or
overlong lengths, padded integers, ``TRUE`` other than FF. Tags above 30 (two identifier octets) are refused: no
structure read here has one. What asn1crypto does in milliseconds this does in microseconds, and a time-stamp or a
signature is nothing but a few hundred bytes of it.

:class:`DerError` is a plain ``ValueError``: it never leaves ``signing``, each caller turns it into its own error.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, NamedTuple

__all__ = [
    "BIT_STRING",
    "BOOLEAN",
    "ENUMERATED",
    "GENERALIZED_TIME",
    "IA5_STRING",
    "INTEGER",
    "NULL",
    "OBJECT_IDENTIFIER",
    "OCTET_STRING",
    "SEQUENCE",
    "SET",
    "UTC_TIME",
    "UTF8_STRING",
    "DerError",
    "Reader",
    "Tlv",
    "bit_string",
    "boolean",
    "context",
    "decode_bit_string",
    "decode_boolean",
    "decode_generalized_time",
    "decode_integer",
    "decode_oid",
    "encode_length",
    "enumerated",
    "explicit",
    "generalized_time",
    "implicit",
    "integer",
    "named_bits",
    "null",
    "octet_string",
    "oid",
    "read_tlv",
    "sequence",
    "set_of",
    "tlv",
    "utf8_string",
]

# Identifier octets (X.690 § 8.1.2); SEQUENCE and SET carry the constructed bit.
BOOLEAN: Final = 0x01
INTEGER: Final = 0x02
BIT_STRING: Final = 0x03
OCTET_STRING: Final = 0x04
NULL: Final = 0x05
OBJECT_IDENTIFIER: Final = 0x06
ENUMERATED: Final = 0x0A
UTF8_STRING: Final = 0x0C
IA5_STRING: Final = 0x16
UTC_TIME: Final = 0x17
GENERALIZED_TIME: Final = 0x18
SEQUENCE: Final = 0x30
SET: Final = 0x31

_CONSTRUCTED: Final = 0x20
_CONTEXT: Final = 0x80
_HIGH_TAG: Final = 0x1F


class DerError(ValueError):
    """The octets are not DER, or not the structure expected."""


# ---------------------------------------------------------------------------------------------------------- writing


def encode_length(length: int) -> bytes:
    """The length octets: short form below 128, else the fewest octets (X.690 § 10.1)."""
    if length < 0x80:
        return bytes((length,))
    octets = length.to_bytes((length.bit_length() + 7) // 8, "big")
    return bytes((0x80 | len(octets),)) + octets


def tlv(tag: int, content: bytes) -> bytes:
    """One encoding from its identifier octet and its content octets."""
    length = len(content)
    if length < 0x80:  # nearly always: spares two calls
        return bytes((tag, length)) + content
    return bytes((tag,)) + encode_length(length) + content


def sequence(*parts: bytes) -> bytes:
    """SEQUENCE of complete encodings, in the order given."""
    return tlv(SEQUENCE, b"".join(parts))


def set_of(*members: bytes) -> bytes:
    """SET OF complete encodings, sorted as DER demands (X.690 § 11.6).

    § 11.6 compares as if the shorter were padded with zeros; a complete encoding is never a proper prefix of another,
    so plain byte order is the same order.
    """
    return tlv(SET, b"".join(sorted(members)))


def boolean(value: bool) -> bytes:  # noqa: FBT001 - the value to encode, not a flag
    """BOOLEAN; TRUE is FF (X.690 § 11.1)."""
    return b"\x01\x01\xff" if value else b"\x01\x01\x00"


def integer(value: int) -> bytes:
    """INTEGER in the fewest two's-complement octets (X.690 § 8.3)."""
    return tlv(INTEGER, _twos_complement(value))


def enumerated(value: int) -> bytes:
    """ENUMERATED, coded as an integer (X.690 § 8.4)."""
    return tlv(ENUMERATED, _twos_complement(value))


def _twos_complement(value: int) -> bytes:
    # -128 fits one octet, 128 does not: ~value has the bits a negative number needs besides its sign.
    bits = value.bit_length() if value >= 0 else (~value).bit_length()
    return value.to_bytes(bits // 8 + 1, "big", signed=True)


def octet_string(content: bytes) -> bytes:
    """OCTET STRING, primitive."""
    return tlv(OCTET_STRING, content)


def bit_string(content: bytes, *, unused_bits: int = 0) -> bytes:
    """BIT STRING of whole octets, of which the last ``unused_bits`` (0…7) bits do not count and must be zero."""
    return tlv(BIT_STRING, bytes((unused_bits,)) + content)


def named_bits(*positions: int) -> bytes:
    """BIT STRING with a named bit list: bit 0 is the leftmost, trailing zeros are cut (X.690 § 11.2.2)."""
    if not positions:
        return tlv(BIT_STRING, b"\x00")
    octets = bytearray(max(positions) // 8 + 1)
    for position in positions:
        octets[position // 8] |= 0x80 >> (position % 8)
    return bit_string(bytes(octets), unused_bits=7 - max(positions) % 8)


def null() -> bytes:
    """NULL."""
    return b"\x05\x00"


def utf8_string(text: str) -> bytes:
    """UTF8String."""
    return tlv(UTF8_STRING, text.encode())


@lru_cache(maxsize=512)
def oid(dotted: str) -> bytes:
    """OBJECT IDENTIFIER from its dotted form, e.g. ``"1.2.840.113549.1.7.2"`` (X.690 § 8.19)."""
    arcs = [int(arc) for arc in dotted.split(".")]
    if len(arcs) < 2 or min(arcs) < 0 or arcs[0] > 2 or (arcs[0] < 2 and arcs[1] > 39):
        raise DerError(f"no object identifier: {dotted}")
    return tlv(OBJECT_IDENTIFIER, b"".join(_base128(arc) for arc in (arcs[0] * 40 + arcs[1], *arcs[2:])))


def _base128(arc: int) -> bytes:
    octets = [arc & 0x7F]
    while arc := arc >> 7:
        octets.append(0x80 | (arc & 0x7F))
    return bytes(reversed(octets))


def generalized_time(moment: datetime) -> bytes:
    """GeneralizedTime in UTC, the fraction without trailing zeros, ``Z`` (X.690 § 11.7, RFC 3161 § 2.4.2)."""
    if moment.tzinfo is None:
        raise DerError("a time without a zone has no encoding")
    utc = moment.astimezone(UTC)
    # Not strftime: %Y does not pad on every platform, and this is five times as fast.
    text = f"{utc.year:04}{utc.month:02}{utc.day:02}{utc.hour:02}{utc.minute:02}{utc.second:02}"
    if utc.microsecond:
        text += f".{utc.microsecond:06}".rstrip("0")
    return tlv(GENERALIZED_TIME, f"{text}Z".encode("ascii"))


def context(number: int) -> int:
    """The identifier octet of a primitive ``[number]``; add 0x20 for a constructed one, or use the two below."""
    if not 0 <= number < _HIGH_TAG:
        raise DerError(f"tag number out of range: {number}")
    return _CONTEXT | number


def explicit(number: int, encoding: bytes) -> bytes:
    """``[number] EXPLICIT``: a wrapper around a complete encoding."""
    return tlv(context(number) | _CONSTRUCTED, encoding)


def implicit(number: int, encoding: bytes) -> bytes:
    """``[number] IMPLICIT``: the tag of a complete encoding replaced, its form (primitive or constructed) kept."""
    return bytes((context(number) | (encoding[0] & _CONSTRUCTED),)) + encoding[1:]


# ---------------------------------------------------------------------------------------------------------- reading


class Tlv(NamedTuple):
    """Where one encoding lies in its buffer (a tuple, because thousands of them are made)."""

    tag: int
    """The identifier octet."""

    start: int
    """Offset of the identifier octet."""

    content_start: int
    """Offset of the first content octet."""

    end: int
    """Offset after the last content octet."""


def read_tlv(data: bytes, offset: int = 0, limit: int | None = None) -> Tlv:
    """The encoding that begins at ``offset`` and must end at or before ``limit`` (default: the end of ``data``).

    The content is not looked into. Raises :class:`DerError` for what X.690 § 10.1 forbids.
    """
    limit = len(data) if limit is None else limit
    if limit > len(data) or offset + 2 > limit:
        raise DerError(f"truncated at octet {offset}")
    tag = data[offset]
    if tag & _HIGH_TAG == _HIGH_TAG:
        raise DerError(f"tag number above 30 at octet {offset}")
    length = data[offset + 1]
    content_start = offset + 2
    if length >= 0x80:
        content_start, length = _long_length(data, content_start, length & 0x7F, limit)
    end = content_start + length
    if end > limit:
        raise DerError(f"length runs past the end at octet {offset}")
    return Tlv(tag, offset, content_start, end)


def _long_length(data: bytes, start: int, octets: int, limit: int) -> tuple[int, int]:
    if start + octets > limit:
        raise DerError(f"truncated at octet {start}")
    length = int.from_bytes(data[start : start + octets], "big")
    # The indefinite form has no octets here and so gives 0, which is refused with the others.
    if length < 0x80 or length >> (8 * (octets - 1)) == 0:
        raise DerError(f"length not in its shortest form at octet {start - 1}")
    return start + octets, length


class Reader:
    """Walks the encodings of one constructed value from left to right.

    ``take`` gives content octets, ``take_encoded`` the complete encoding, ``enter`` a reader over the content;
    ``finish`` refuses anything left over. Slices are copied only when taken.
    """

    __slots__ = ("_data", "_end", "_offset")

    def __init__(self, data: bytes, start: int = 0, end: int | None = None) -> None:
        self._data = data
        self._offset = start
        self._end = len(data) if end is None else end

    @property
    def at_end(self) -> bool:
        """Whether everything has been read."""
        return self._offset == self._end

    def peek(self) -> int | None:
        """The identifier octet of the next encoding, or nothing at the end."""
        return None if self._offset >= self._end else self._data[self._offset]

    def next(self, tag: int | None = None) -> Tlv:
        """Step over the next encoding, which must carry ``tag`` when one is given."""
        found = read_tlv(self._data, self._offset, self._end)
        if tag is not None and found.tag != tag:
            raise DerError(f"tag {tag:#04x} expected, {found.tag:#04x} found at octet {found.start}")
        self._offset = found.end
        return found

    def take(self, tag: int) -> bytes:
        """Content octets of the next encoding."""
        found = self.next(tag)
        return self._data[found.content_start : found.end]

    def take_encoded(self, tag: int | None = None) -> bytes:
        """The next encoding, complete."""
        found = self.next(tag)
        return self._data[found.start : found.end]

    def enter(self, tag: int) -> Reader:
        """A reader over the content of the next encoding."""
        found = self.next(tag)
        return Reader(self._data, found.content_start, found.end)

    def finish(self) -> None:
        """Refuse octets after the last encoding expected."""
        if self._offset != self._end:
            raise DerError(f"unexpected octets at {self._offset}")


def decode_boolean(content: bytes) -> bool:
    """BOOLEAN from its content octet, 00 or FF (X.690 § 11.1)."""
    if content not in (b"\x00", b"\xff"):
        raise DerError("BOOLEAN is neither 00 nor FF")
    return content == b"\xff"


def decode_integer(content: bytes) -> int:
    """INTEGER from its content octets, which must be the fewest possible (X.690 § 8.3.2)."""
    if not content or (len(content) > 1 and (content[0], content[1] >> 7) in ((0x00, 0), (0xFF, 1))):
        raise DerError("INTEGER is empty or padded")
    return int.from_bytes(content, "big", signed=True)


@lru_cache(maxsize=512)
def decode_oid(content: bytes) -> str:
    """OBJECT IDENTIFIER from its content octets, in dotted form."""
    if not content or content[-1] & 0x80:
        raise DerError("OBJECT IDENTIFIER is empty or truncated")
    arcs: list[int] = []
    arc, begun = 0, False
    for octet in content:
        if not begun and octet == 0x80:
            raise DerError("OBJECT IDENTIFIER with a padded arc")
        arc, begun = arc << 7 | octet & 0x7F, octet >= 0x80
        if not begun:
            arcs.append(arc)
            arc = 0
    first = min(arcs[0] // 40, 2)
    return ".".join(str(part) for part in (first, arcs[0] - 40 * first, *arcs[1:]))


def decode_bit_string(content: bytes) -> tuple[bytes, int]:
    """BIT STRING from its content octets: the bits in whole octets, and how many at the end do not count."""
    if not content or content[0] > 7 or (len(content) == 1 and content[0]):
        raise DerError("BIT STRING without its count of unused bits")
    unused, octets = content[0], content[1:]
    if unused and octets[-1] & ((1 << unused) - 1):
        raise DerError("BIT STRING with unused bits set")  # X.690 § 11.2.1
    return octets, unused


def decode_generalized_time(content: bytes) -> datetime:
    """GeneralizedTime in DER form (``Z``, seconds, no trailing zeros) as aware UTC; below a microsecond is cut."""
    try:
        text = content.decode("ascii")
    except UnicodeDecodeError:
        raise DerError("GeneralizedTime is not ASCII") from None
    digits, point, fraction = text[:-1].partition(".")
    well_formed = text.endswith("Z") and len(digits) == 14 and digits.isdigit()
    if not well_formed or (point and (not fraction.isdigit() or fraction.endswith("0"))):
        raise DerError("GeneralizedTime is not in DER form")
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:8])
    hour, minute, second = int(digits[8:10]), int(digits[10:12]), int(digits[12:])
    microsecond = int(fraction[:6].ljust(6, "0"))
    try:
        return datetime(year, month, day, hour, minute, second, microsecond, tzinfo=UTC)
    except ValueError:
        raise DerError("GeneralizedTime names no moment") from None
