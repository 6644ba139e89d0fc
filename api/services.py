"""Everything the ways in stand on: made by the wiring, kept for the life of the process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime
    from pathlib import Path

    from limits.storage import Storage

    from api.ports import (
        Acts,
        Authority,
        CaseReader,
        FeedReader,
        FileReader,
        LoginDesk,
        MachineBook,
        OfficeDesk,
        Operations,
        OperatorDesk,
        PackageExaminer,
        PublicDesk,
        RequestBook,
        SessionRecords,
        StaffDesk,
        UploadDesk,
        WebhookBook,
    )
    from filing.calendar import HolidayCalendar
    from filing.profile import FlowProfile
    from notary.ports import KeptFiles

__all__ = [
    "ApiServices",
    "ApiSettings",
    "CaseServices",
    "CityServices",
    "MachineServices",
    "NotaryServices",
    "OperationsServices",
    "PeopleServices",
]


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """How the service stands on the net."""

    base_url: str
    """Scheme and authority of the service as browsers know it, without a path: ``https://sign.example``. Plain http is
    for loopback only: the session cookie is then not ``Secure``.
    """

    signing_secret: bytes
    """At least 32 random bytes, equal in all processes: signs cursors and tokens."""

    session_life: timedelta = timedelta(hours=12)
    """Longest a session lives."""

    idle_life: timedelta = timedelta(minutes=30)
    """How long a session lives unused."""

    token_life: timedelta = timedelta(minutes=10)
    """How long an access token of a program lives."""

    upload_bytes: int = 20 * 1024 * 1024
    """Largest file taken; ``documents.uploads`` has its own limits behind it."""

    recording_bytes: int = 1 << 30
    """Largest recording taken."""

    limits_scale: float = 1.0
    """Multiplies every rate limit: more for a load test, never 0."""

    public_metrics: bool = False
    """``/metrics`` for every address; unless set, for loopback only."""

    pages: Path | None = None
    """Folder of the built pages; without, there is the interface only."""


@dataclass(frozen=True, slots=True)
class CaseServices:
    """Cases."""

    acts: Acts
    """Doing."""

    reader: CaseReader
    """Reading."""

    files: FileReader
    """Files."""

    feed: FeedReader
    """The registry's feed."""

    requests: RequestBook
    """Requests that may come twice."""

    uploads: UploadDesk
    """Recordings that come in piece by piece."""


@dataclass(frozen=True, slots=True)
class PeopleServices:
    """People."""

    login: LoginDesk
    """Logging in."""

    sessions: SessionRecords
    """Sessions."""

    authority: Authority
    """Who acts for whom."""

    staff: StaffDesk
    """Roles of staff."""


@dataclass(frozen=True, slots=True)
class MachineServices:
    """Programs."""

    book: MachineBook
    """Registered clients."""

    webhooks: WebhookBook
    """Those that are told."""


@dataclass(frozen=True, slots=True)
class NotaryServices:
    """The exchange with notary offices."""

    desk: OfficeDesk
    """Offices, members, what they were told."""

    files: KeptFiles
    """Files of cases as streams: packages, recordings, papers."""

    packages: PackageExaminer
    """What is found in a package."""


@dataclass(frozen=True, slots=True)
class OperationsServices:
    """Keeping the service running."""

    work: Operations
    """Dependencies, and work that failed."""

    desk: OperatorDesk
    """Everything else operators look at."""


@dataclass(frozen=True, slots=True)
class CityServices:
    """Cities."""

    profiles: Mapping[str, FlowProfile]
    """By name."""

    read_text: Callable[[str, str], str]
    """A city's template by city and name. Raises ``LookupError``."""

    calendar: HolidayCalendar
    """Working days."""


@dataclass(frozen=True, slots=True)
class ApiServices:
    """All of it."""

    settings: ApiSettings
    """How it stands on the net."""

    clock: Callable[[], datetime]
    """Present time, aware."""

    cases: CaseServices
    """Cases."""

    people: PeopleServices
    """People."""

    machines: MachineServices
    """Programs."""

    notary: NotaryServices
    """Notary offices."""

    cities: CityServices
    """Cities."""

    public: PublicDesk
    """For anybody."""

    operations: OperationsServices
    """For operators."""

    limits: Storage
    """Counters of the rate limits (``limits.storage.Storage``), shared by all processes."""
