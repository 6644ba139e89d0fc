"""Errors of signing: ``SigningError`` ← ``KeyStoreError``, ``TimeStampError``, ``HandwritingError``,
``SignatureStateError``, ``ValidationError``.
"""

from __future__ import annotations

from errors import QianshuError

__all__ = [
    "HandwritingError",
    "KeyStoreError",
    "SignatureStateError",
    "SigningError",
    "TimeStampError",
    "ValidationError",
]


class SigningError(QianshuError):
    """Anything that stops a signature, a seal or a time-stamp from being made."""


class KeyStoreError(SigningError):
    """A key or certificate cannot be read, used or trusted."""


class TimeStampError(SigningError):
    """No acceptable RFC 3161 time-stamp could be had; the signature fails closed and may be retried."""


class HandwritingError(SigningError):
    """The strokes are not a signature."""


class SignatureStateError(SigningError):
    """The PDF is not in the state this act needs (field missing, already signed, text altered)."""


class ValidationError(SigningError):
    """The file cannot be examined at all (unreadable, over a limit)."""
