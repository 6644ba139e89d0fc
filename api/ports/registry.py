"""The land registry's feed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

__all__ = ["FeedLine", "FeedReader"]


class FeedLine(Protocol):
    """One line of the feed (``storage.records.values.FeedRow``)."""

    @property
    def position(self) -> int:
        """1 for the first ever, then more, in the order of commits."""
        ...

    @property
    def city(self) -> str: ...

    @property
    def case_no(self) -> str: ...

    @property
    def kind(self) -> str:
        """``filed``, ``amended`` or ``revoked``."""
        ...

    @property
    def at(self) -> datetime: ...

    @property
    def sha256(self) -> str | None: ...

    @property
    def data(self) -> Mapping[str, object]: ...


class FeedReader(Protocol):
    """What the registry is told, in order. Whoever has read past a position MUST have seen all that will ever be at
    or below it.
    """

    def after(self, cities: Sequence[str], position: int, limit: int) -> Sequence[FeedLine]:
        """Lines of these cities after ``position``, in order."""
        ...

    def newest(self) -> int:
        """The last position given in any city, 0 before the first. Asked several times a second while somebody waits:
        MUST be cheap.
        """
        ...
