"""Errors of documents: ``DocumentError`` ← ``TermsError``, ``GlyphError``, ``UploadError``, ``TypesettingError``."""

from __future__ import annotations

from errors import QianshuError

__all__ = ["DocumentError", "GlyphError", "TermsError", "TypesettingError", "UploadError"]


class DocumentError(QianshuError):
    """Anything that stops a document from being made or taken in."""


class TermsError(DocumentError):
    """The terms of a contract are incomplete or contradict each other."""


class GlyphError(DocumentError):
    """A character cannot be set in the embedded fonts: refused by code point, never dropped."""


class TypesettingError(DocumentError):
    """The template did not compile."""


class UploadError(DocumentError):
    """An uploaded file is refused."""
