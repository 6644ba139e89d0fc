"""The feed: the land registry's lines, and those of notary offices."""

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
        """To the registry ``filed``, ``amended``, ``revoked``, ``restored``; to an office as its guide says
        (``docs/api/notary-office.md``).
        """
        ...

    @property
    def at(self) -> datetime: ...

    @property
    def sha256(self) -> str | None: ...

    @property
    def data(self) -> Mapping[str, object]: ...


class FeedReader(Protocol):
    """What everybody is told, in order. Whoever has read past a position MUST have seen all that will ever be at
    or below it.
    """

    def after(
        self, cities: Sequence[str], position: int, limit: int, recipient: str = "registry"
    ) -> Sequence[FeedLine]:
        """Lines of these cities for ``recipient`` after ``position``, in order. MUST give nobody another's."""
        ...

    def before(self, city: str, position: int | None, limit: int) -> Sequence[FeedLine]:
        """The registry's last lines of a city, or the last before ``position``; in order."""
        ...

    def newest(self) -> int:
        """The last position given in any city, 0 before the first. Asked several times a second while somebody waits:
        MUST be cheap.
        """
        ...
