"""qpdf opened on a stranger's file: its own limits set, its warnings read, its errors translated once."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pikepdf
from pikepdf.settings import set_qpdf_limits

from documents.uploads.errors import refusal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from documents.uploads.limits import UploadLimits

__all__ = ["OpenedPdf", "guarded", "opened", "opened_for_rewriting"]

# A file that needs more mending than this is not mended but guessed. (Not qpdf's own doc_max_warnings: setting that
# makes it repair the page tree while opening, before we can see what was lost.)
MAX_WARNINGS = 1000

# Items of one array or dictionary. The longest in real files is the flat /Nums of a structure tree, some 10 000.
MAX_CONTAINER_ITEMS = 100_000

# What pikepdf raises on hostile input besides its own PdfError: C++ exceptions arrive as RuntimeError or ValueError,
# objects of the wrong type as TypeError, and so on.
STRANGERS_ERRORS = (
    pikepdf.PdfError,
    pikepdf.ForeignObjectError,
    pikepdf.DeletedObjectError,
    RuntimeError,
    ValueError,
    TypeError,
    LookupError,
    ArithmeticError,
)

# qpdf's limits belong to the process and are not synchronised, so one file is inspected at a time (pikepdf.settings).
_LIMITS_IN_FORCE = threading.RLock()


class OpenedPdf:
    """A parsed file and what qpdf had to repair in it so far."""

    def __init__(self, pdf: pikepdf.Pdf, limits: UploadLimits) -> None:
        self.pdf = pdf
        self.repairs: set[str] = set()
        self._limits = limits

    def collect_warnings(self) -> None:
        """Take qpdf's warnings, which it hands out once; refused where a repair would hide something."""
        warnings = [str(warning) for warning in self.pdf.get_warnings()]
        if len(warnings) > MAX_WARNINGS:
            raise refusal("upload.malformed", reason="too much to repair")
        for warning in warnings:
            if _is_limit(warning):
                raise refusal("upload.decompression_bomb", limit=self._limits.structure_bytes)
            if "duplicated key" in warning:
                # Two readers may choose differently: one shows a harmless action, the other runs a script.
                raise refusal("upload.malformed", reason="duplicate key")
            self.repairs.add("xref_rebuilt" if "reconstruct" in warning else "syntax_repaired")


@contextmanager
def opened(file: BinaryIO, limits: UploadLimits) -> Iterator[OpenedPdf]:
    """The parsed file, with nothing repaired silently; whatever pikepdf raises inside becomes a refusal.

    The page tree is left as stored (``inherit_page_attributes=False``): qpdf would walk it, and it may be a bomb.
    """
    file.seek(0)
    with (
        guarded(limits.structure_bytes),
        pikepdf.Pdf.open(file, inherit_page_attributes=False, conversion_mode="explicit") as pdf,
    ):
        if pdf.is_encrypted or "/Encrypt" in pdf.trailer:
            raise refusal("upload.encrypted")
        reading = OpenedPdf(pdf, limits)
        reading.collect_warnings()
        yield reading
        reading.collect_warnings()


@contextmanager
def opened_for_rewriting(file: BinaryIO) -> Iterator[pikepdf.Pdf]:
    """An inspected file with every page carrying its own attributes; to be used within :func:`guarded`."""
    file.seek(0)
    with pikepdf.Pdf.open(file, conversion_mode="explicit") as pdf:
        yield pdf


@contextmanager
def guarded(decoded_bytes: int) -> Iterator[None]:
    """Let qpdf decode at most so many bytes of any one stream, and turn whatever pikepdf raises into a refusal."""
    try:
        with _limits_set(decoded_bytes):
            yield
    except pikepdf.PasswordError:
        raise refusal("upload.encrypted") from None
    except STRANGERS_ERRORS as error:
        if _is_limit(str(error)):
            raise refusal("upload.decompression_bomb", limit=decoded_bytes) from error
        raise refusal("upload.malformed", reason=type(error).__name__) from error


@contextmanager
def _limits_set(decoded_bytes: int) -> Iterator[None]:
    with _LIMITS_IN_FORCE:
        previous = set_qpdf_limits(
            parser_max_container_size=MAX_CONTAINER_ITEMS,
            flate_max_memory=decoded_bytes,
            png_max_memory=decoded_bytes,
            tiff_max_memory=decoded_bytes,
            run_length_max_memory=decoded_bytes,
            dct_max_memory=decoded_bytes,
        )
        try:
            yield
        finally:
            set_qpdf_limits(**previous)


def _is_limit(message: str) -> bool:
    return "memory limit" in message
