"""Errors of filing: ``FilingError`` ← ``ActRefused``."""

from __future__ import annotations

from errors import QianshuError

__all__ = ["ActRefused", "FilingError"]


class FilingError(QianshuError):
    """Anything that stops a case from moving."""


class ActRefused(FilingError):  # noqa: N818 - the family name says error
    """The act is not possible in the state the contract is in."""
