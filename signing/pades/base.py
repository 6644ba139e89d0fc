"""A PDF about to receive an incremental update: where it ends, what its trailer says, its objects.

Owns reading the facts an update must continue (ISO 32000-2 § 7.5.6). Never rewrites a byte of the base file.
Refuses encrypted files and files whose newest cross-reference section is a stream: every file this house fixes is
written with classic tables, and an update must be of the same kind (ISO 32000-2 § 7.5.8.4).
"""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Self

import pikepdf

from signing.errors import SignatureStateError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

__all__ = ["CHUNK_BYTES", "PdfBase", "SignatureFieldRef"]

CHUNK_BYTES = 1 << 20
"""Files are hashed and copied in pieces of this size, so memory does not grow with the file."""

TAIL_BYTES = 2048
"""``startxref`` stands in the last 1024 bytes by ISO 32000-1 § H.3.18; twice that tolerates trailing white space."""

_STARTXREF = re.compile(rb"startxref\s+(\d+)\s+%%EOF")


@dataclass(frozen=True, slots=True)
class SignatureFieldRef:
    """A signature field as it stands in the base file."""

    name: str
    """Partial field name (``/T``)."""

    number: int
    """Object number of the merged field and widget dictionary."""

    generation: int
    """Generation of that object; kept in the update."""

    rect: tuple[float, float, float, float]
    """Widget rectangle in points, origin bottom left."""

    signed: bool
    """Whether ``/V`` is present."""


class PdfBase:
    """An opened base file. Use as a context manager; the stream stays the caller's to close."""

    def __init__(self, stream: BinaryIO) -> None:
        self.stream = stream
        self.size_bytes = stream.seek(0, io.SEEK_END)
        self.startxref = self._find_startxref()
        stream.seek(0)
        try:
            self.pdf = _open(stream)
        except pikepdf.PasswordError as cause:
            raise SignatureStateError("pdf.encrypted", zh="文件已加密, 不能签署", en="the file is encrypted") from cause
        except pikepdf.PdfError as cause:
            raise SignatureStateError(
                "pdf.unreadable", zh="文件不是完整的 PDF", en="the file is not a whole PDF"
            ) from cause
        self.trailer = self.pdf.trailer
        self.next_number = int(self.trailer.Size)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, tb: TracebackType | None) -> None:
        self.pdf.close()

    def chunks(self) -> Iterator[bytes | memoryview]:
        """The whole base file in pieces, from the start."""
        if isinstance(self.stream, io.BytesIO):
            yield self.stream.getbuffer()
            return
        self.stream.seek(0)
        while piece := self.stream.read(CHUNK_BYTES):
            yield piece

    def sha256(self) -> str:
        """SHA-256 of the base file, lower-case hex."""
        digest = hashlib.sha256()
        for piece in self.chunks():
            digest.update(piece)
        return digest.hexdigest()

    def signature_fields(self) -> dict[str, SignatureFieldRef]:
        """Every top-level signature field by name."""
        return {ref.name: ref for ref in map(_field_ref, self._fields())}

    def signature_field(self, name: str) -> SignatureFieldRef | None:
        """The field of that name. Looks at the others' names only: asking whether one is signed reads its signature."""
        return next((_field_ref(field) for field in self._fields() if str(field.T) == name), None)

    def _fields(self) -> Iterator[pikepdf.Object]:
        form = self.pdf.Root.get("/AcroForm")
        if form is not None:
            yield from (field for field in form.get("/Fields", []) if field.get("/FT") == "/Sig")

    def _find_startxref(self) -> int:
        self.stream.seek(max(0, self.size_bytes - TAIL_BYTES))
        found = _STARTXREF.findall(self.stream.read())
        if not found:
            raise SignatureStateError(
                "pdf.truncated", zh="文件末尾缺失, 可能不完整", en="the end of the file is missing"
            )
        offset = int(found[-1])
        self.stream.seek(offset)
        if self.stream.read(4) != b"xref":
            raise SignatureStateError(
                "pdf.xref_stream",
                zh="文件使用交叉引用流, 请先规范化再签署",
                en="the file uses a cross-reference stream; normalise it before the first signature",
            )
        return offset


def _open(stream: BinaryIO) -> pikepdf.Pdf:
    """Never mapped: pages of a mapping count as resident, and a file cut short meanwhile would be fatal. The page tree
    is left as it stands: a page that an update rewrites keeps what it has and inherits.
    """
    mode = pikepdf.AccessMode.stream
    return pikepdf.open(stream, attempt_recovery=False, inherit_page_attributes=False, access_mode=mode)


def _field_ref(field: pikepdf.Object) -> SignatureFieldRef:
    number, generation = field.objgen
    x0, y0, x1, y1 = (float(value) for value in field.Rect)
    return SignatureFieldRef(str(field.T), number, generation, (x0, y0, x1, y1), "/V" in field)
