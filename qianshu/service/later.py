"""What is done after a commit: handlers of the outbox bound to this service, and what the clock asks for."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from filing.later import EXPIRE_DRAFTS, HANDLERS, Later, StampFace, waiting_tasks
from filing.messages.load import load_messages
from jobs.workshop import Periodic
from notary.later import HANDLERS as NOTARY_HANDLERS
from qianshu.service.cities import open_cities
from qianshu.service.dossiers import Dossiers
from qianshu.service.operator_work import LOOK_AT_RENEWALS
from qianshu.service.recordings import FORGET_UPLOADS
from qianshu.service.records import open_records
from qianshu.service.telling import TELLING
from storage.machines import SqlClients
from storage.people import sweep_people
from storage.records.entries import to_chain
from storage.records.rebuild import rebuild_records

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from filing.case import Case
    from filing.contract import SigningDesk
    from filing.engine.outcome import Task
    from filing.later import Handler
    from identity.outside import SmsSender
    from notary.later import NotaryHandler, NotaryLater
    from qianshu.service.book import ActsDesk
    from qianshu.service.cities import Cities
    from qianshu.service.records import Records
    from qianshu.settings import Settings
    from storage.records.entries import CaseEntry
    from storage.records.outbox import OutboxTask
    from storage.records.rebuild import RebuildReport

    Handlers = Mapping[str, Callable[[OutboxTask], None]]

__all__ = [
    "EXPORT_JOURNALS",
    "PERIODICS",
    "MoreOfLater",
    "export_all",
    "handlers_of",
    "journal_lines",
    "later_of",
    "notary_handlers",
    "rebuild_all",
]

EXPORT_JOURNALS = "export-journals"
FORGET = "forget"

PERIODICS = (
    Periodic(EXPIRE_DRAFTS, every_seconds=60),
    Periodic(EXPORT_JOURNALS, every_seconds=15),
    Periodic(FORGET, every_seconds=3600),
    TELLING,
    FORGET_UPLOADS,
    LOOK_AT_RENEWALS,
)
"""What the clock asks for, the telling of subscribers and the sweeping of uploads among it."""

KEEP_DONE = timedelta(days=7)
"""Longer than any period above: a row that was done holds its dedupe key until it is removed."""


@dataclass(frozen=True, slots=True)
class MoreOfLater:
    """What later work needs besides settings, cities, records and acts."""

    desks: Mapping[str, SigningDesk]
    """By city."""

    clock: Callable[[], datetime]
    """Present time, aware."""

    phone_of_account: Callable[[str], str | None]
    """The registered telephone of an account."""

    sms: SmsSender
    """Messages."""


def later_of(settings: Settings, cities: Cities, records: Records, acts: ActsDesk, more: MoreOfLater) -> Later:
    """What handlers of filing need."""
    books = load_messages(cities.folder)
    return Later(
        house_of=acts.house_of,
        clock=more.clock,
        books={name: books[name] for name in cities.profiles},
        sealer=records.key,
        stamp_face=lambda city, case_no: StampFace(
            settings.stamp_address(case_no), _seal_number(cities, city, settings.seal_number)
        ),
        dossiers=Dossiers(settings, records, more.desks, more.clock),
        due_cases=records.cases.due,
        phone_of_account=more.phone_of_account,
        sms=more.sms,
    )


def _seal_number(cities: Cities, city: str, seal_number: str) -> str:
    """Thirteen digits: the city's own six, then what the authority was given."""
    region_code: str = cities.profiles[city].city.region_code
    return region_code + seal_number[len(region_code) :]


def handlers_of(later: Later, records: Records) -> Handlers:
    """Every kind of work by name, bound to this service."""

    def export_journals(_: OutboxTask) -> None:
        records.export.sweep(later.clock())

    def forget(_: OutboxTask) -> None:
        now = later.clock()
        records.answers.forget_expired(now)
        while records.outbox.forget_done(now - KEEP_DONE):
            pass
        sweep_people(records.database, now)
        SqlClients(records.database).forget_assertions(now)

    filing = {kind: _bound(handler, later) for kind, handler in HANDLERS.items()}
    return {**filing, EXPORT_JOURNALS: export_journals, FORGET: forget}


def notary_handlers(exchange: NotaryLater) -> Handlers:
    """Work of the exchange with offices by name, bound to this service."""

    def bound(handler: NotaryHandler) -> Callable[[OutboxTask], None]:
        return lambda task: handler(exchange, task)

    return {kind: bound(handler) for kind, handler in NOTARY_HANDLERS.items()}


def journal_lines(records: Records, case_no: str) -> bytes:
    """The journal of a case whose lock is held, as JSON lines, the chain whole."""
    return b"".join(to_chain(entry).to_line() for entry in records.cases.held(case_no).entries())


def export_all(records: Records, now: datetime) -> int:
    """Every journal that the archive does not have yet; how many entries."""
    return records.export.sweep(now, limit=sys.maxsize)


def rebuild_all(settings: Settings, clock: Callable[[], datetime]) -> RebuildReport:
    """An empty database filled from the archive, with the work its cases wait for; those of a city that is not served
    wait until it is.
    """
    profiles, records = open_cities(settings.service).profiles, open_records(settings, clock)

    def waiting(case: Case, entries: Sequence[CaseEntry]) -> Sequence[Task]:
        profile = profiles.get(case.head.city)
        return () if profile is None else waiting_tasks(profile, case, entries)

    try:
        return rebuild_records(records.means, records.archive.shelf, waiting)
    finally:
        records.database.close()


def _bound(handler: Handler, later: Later) -> Callable[[OutboxTask], None]:
    def handle(task: OutboxTask) -> None:
        handler(later, task)

    return handle
