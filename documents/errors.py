"""Errors of documents.

DocumentError
├── AmountError       an amount of money that cannot be written
├── TermsError        terms refused, with every problem found
├── GlyphError        a character the embedded fonts cannot show
├── TypesettingError  a template or a font failed: our fault
└── UploadError       an uploaded file refused
"""

from __future__ import annotations

from errors import QianshuError

__all__ = ["AmountError", "DocumentError", "GlyphError", "TermsError", "TypesettingError", "UploadError"]


class DocumentError(QianshuError):
    """Anything that stops a document from being made or taken in."""


class AmountError(DocumentError):
    """An amount cannot be written in figures and capitals: negative, too precise, too large, or not a Decimal."""


class TermsError(DocumentError):
    """The terms of a contract are incomplete or contradict each other.

    ``fields["problems"]`` lists every problem as ``{path, code, zh, en}``.
    """


class GlyphError(DocumentError):
    """A character cannot be set in the embedded fonts: refused by code point, never dropped."""


class TypesettingError(DocumentError):
    """The template did not compile."""


class UploadError(DocumentError):
    """An uploaded file is refused."""
