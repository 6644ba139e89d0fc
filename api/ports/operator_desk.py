"""What operators look at and set going: work, deliveries, outside services, renewals, checks of the archive.

Nothing that comes out of here is personal: numbers of cases, digests, accounts, codes.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Protocol

from api.ports.operations import Task

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

__all__ = [
    "ArchiveCheck",
    "Attempt",
    "CertificateLine",
    "DeliveryState",
    "KindCounts",
    "OperatorActLine",
    "OperatorDesk",
    "OutsideLine",
    "OutsideState",
    "RenewalLine",
    "RenewalTotals",
    "SubscriberLine",
    "WorkLine",
]


class KindCounts(Protocol):
    """How much work of one kind (``storage.records.work.KindOfWork``)."""

    @property
    def kind(self) -> str: ...

    @property
    def by_state(self) -> Mapping[str, int]: ...

    @property
    def oldest_pending_at(self) -> datetime | None: ...

    @property
    def last_done_at(self) -> datetime | None: ...


class WorkLine(Task, Protocol):
    """One task, whatever has become of it (``storage.records.work.TaskLine``)."""

    @property
    def state(self) -> str: ...

    @property
    def created_at(self) -> datetime: ...

    @property
    def since_at(self) -> datetime:
        """Pending: when it is due. Running: until when it is its worker's. Failed: when it was given up."""
        ...


class Attempt(Protocol):
    """One attempt at telling (``storage.machines.StoredAttempt``)."""

    @property
    def position(self) -> int: ...

    @property
    def attempt(self) -> int: ...

    @property
    def at(self) -> datetime: ...

    @property
    def status(self) -> int | None: ...

    @property
    def error_code(self) -> str | None: ...


class DeliveryState(StrEnum):
    """How telling stands with a subscriber."""

    TOLD = "told"
    """Everything was told."""

    WAITING = "waiting"
    """There is something to tell."""

    FAILING = "failing"
    """The last attempt was not taken."""

    UNTRIED = "untried"
    """Nothing was told yet: whether its address works is not known."""

    ENDED = "ended"
    """Nothing is told any more."""


@dataclass(frozen=True, slots=True)
class SubscriberLine:
    """Somebody who is told."""

    subscription_id: str
    """Identifier."""

    client_id: str
    """Which program."""

    url: str
    """Where, without what follows a question mark: that may be a secret."""

    cities: tuple[str, ...]
    """Of which cities."""

    created_at: datetime
    """Since when."""

    ended_at: datetime | None
    """When it was ended."""

    state: DeliveryState
    """How telling stands."""

    waiting: int
    """Lines still to be told."""

    waiting_is_more: bool
    """There are more of them than were counted."""

    failing_since_at: datetime | None
    """Since when telling fails."""

    succeeded: Attempt | None
    """The last attempt that was taken."""

    failed: Attempt | None
    """The last that was not."""


class OutsideState(StrEnum):
    """What is known of an outside service."""

    ANSWERING = "answering"
    """The last try had an answer, and it is not a day old."""

    FAILING = "failing"
    """The last try had none."""

    QUIET = "quiet"
    """It answered, but nobody asked it for a day: how it is now is not known."""

    UNKNOWN = "unknown"
    """It was never asked."""

    EMBEDDED = "embedded"
    """It is part of this service."""


@dataclass(frozen=True, slots=True)
class OutsideLine:
    """An outside service."""

    service: str
    """Its constant name."""

    zh: str
    """In Chinese."""

    en: str
    """In English."""

    address: str | None
    """Scheme, host and port it is asked at; ``None`` where it is part of this service."""

    state: OutsideState
    """What is known."""

    answered_at: datetime | None
    """The last usable answer."""

    took_ms: int | None
    """How long it took."""

    failed_at: datetime | None
    """The last try without one."""

    failure: str | None
    """How it failed."""

    failing_since_at: datetime | None
    """Since when."""


@dataclass(frozen=True, slots=True)
class CertificateLine:
    """A certificate of ours that something depends on."""

    city: str
    """Whose keys."""

    role: str
    """``root``, ``issuing``, ``timestamp`` …"""

    algorithm: str
    """Of its key, e.g. ``EC secp384r1``."""

    not_before: datetime
    """From when."""

    not_after: datetime
    """Until when."""

    renew_from: datetime | None
    """From when a ceremony should replace it (``docs/renewal.md``); ``None`` where nothing is to be done."""


class RenewalLine(Protocol):
    """A sealed file (``storage.operations.KeptRenewal``)."""

    @property
    def line(self) -> Any: ...  # noqa: ANN401 - position, sha256, case_no, city

    @property
    def stamped_at(self) -> datetime | None: ...

    @property
    def expires_at(self) -> datetime | None: ...

    @property
    def due_at(self) -> datetime | None: ...

    @property
    def error_code(self) -> str | None: ...


class RenewalTotals(Protocol):
    """How many files (``storage.operations.RenewalCounts``)."""

    @property
    def looked(self) -> int: ...

    @property
    def due(self) -> int: ...

    @property
    def soon(self) -> int: ...

    @property
    def unreadable(self) -> int: ...

    @property
    def unlooked(self) -> int: ...

    @property
    def first_due_at(self) -> datetime | None: ...


class ArchiveCheck(Protocol):
    """A walk through the archive (``storage.operations.KeptCheck``)."""

    @property
    def check_id(self) -> int: ...

    @property
    def asked_at(self) -> datetime: ...

    @property
    def asked_by(self) -> str: ...

    @property
    def begun_at(self) -> datetime | None: ...

    @property
    def finished_at(self) -> datetime | None: ...

    @property
    def verdict(self) -> str | None: ...

    @property
    def report(self) -> Mapping[str, Any] | None: ...


class OperatorActLine(Protocol):
    """An act of an operator (``storage.operations.OperatorAct``)."""

    @property
    def number(self) -> int: ...

    @property
    def at(self) -> datetime: ...

    @property
    def event(self) -> str: ...

    @property
    def actor(self) -> str: ...

    @property
    def data(self) -> Mapping[str, Any]: ...


class OperatorDesk(Protocol):
    """The operator's desk. Every act MUST be journalled before it is done."""

    def kinds(self, now: datetime) -> Sequence[KindCounts]:
        """Work by kind; done within the last day."""
        ...

    def late(self, now: datetime) -> int:
        """How many tasks should have been taken up, or ended, by now."""
        ...

    def work(self, state: str, after: tuple[datetime, int] | None, limit: int) -> Sequence[WorkLine]:
        """``pending`` (those tried before only), ``waiting`` (every pending one), ``running`` or ``failed``."""
        ...

    def subscribers(self, cities: Sequence[str]) -> Sequence[SubscriberLine]:
        """Of these cities; those that fail first."""
        ...

    def attempts(self, subscription_id: str, before: int | None, limit: int) -> Sequence[Attempt]:
        """The newest line first, of lines before a position."""
        ...

    def deliver_again(self, subscription_id: str, position: int | None, account_id: str, now: datetime) -> bool:
        """Tell what waits, now; or one line again. Whether there is such a subscription in force."""
        ...

    def outside(self, now: datetime) -> Sequence[OutsideLine]:
        """Every service that the settings name."""
        ...

    def renewals(self, cities: Sequence[str], now: datetime) -> RenewalTotals: ...

    def due_files(
        self, cities: Sequence[str], after: tuple[datetime, int] | None, limit: int, *, unreadable: bool
    ) -> Sequence[RenewalLine]:
        """The soonest due first; or those that could not be read."""
        ...

    def renewing(self, sha256s: Sequence[str]) -> Mapping[str, str]:
        """State of the work that renews these files, by digest, where it was asked for: ``pending``, ``running``,
        ``failed`` or ``done``.
        """
        ...

    def renew(self, cities: Sequence[str], sha256: str, account_id: str, now: datetime) -> bool:
        """Have a sealed file renewed in the background, once; whether these cities have it."""
        ...

    def certificates_of(self, cities: Sequence[str]) -> Sequence[CertificateLine]:
        """Certificates in use, of these cities."""
        ...

    def check_archive(self, account_id: str, now: datetime) -> ArchiveCheck | None:
        """Have the archive walked through, in the background; ``None`` while another walk is open."""
        ...

    def archive_checks(self, before: int | None, limit: int) -> Sequence[ArchiveCheck]:
        """The newest first."""
        ...

    def archive_check(self, check_id: int) -> ArchiveCheck | None: ...

    def acts(self, before: int | None, limit: int) -> Sequence[OperatorActLine]:
        """What operators did, the newest first."""
        ...
