"""Records opened: database, what cases are searched by, and the files beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from filing.case import index_of
from identity.keys import key_of_number
from qianshu.archives import open_archive
from qianshu.bootstrap import evidence_key, retained_until
from qianshu.service.secrets import lookup_secret
from signing.keys import read_passphrase
from storage.evidence import EvidenceArchive
from storage.records import CaseRecords, Database, DatabaseOptions, Means, Numbers
from storage.records.answers import Answers
from storage.records.export import JournalExport
from storage.records.outbox import Outbox

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from filing.case import Case, CaseIndex
    from identity.keys import LookupSecret
    from identity.numbers import IdType
    from qianshu.settings import Settings
    from signing.envelope import EvidenceKey
    from storage.dossier import Archive

__all__ = ["Records", "database_url", "open_records"]


@dataclass(frozen=True, slots=True)
class Records:
    """Everything kept, and the secrets it is kept under."""

    database: Database
    """Where."""

    means: Means
    """Database, key and index, as the stores take them."""

    cases: CaseRecords
    """Cases."""

    answers: Answers
    """Requests that may come twice."""

    outbox: Outbox
    """Work for later."""

    numbers: Numbers
    """Running numbers."""

    archive: Archive
    """Objects, and what stands on the shelf of each case."""

    evidence: EvidenceArchive
    """Files of cases, encrypted."""

    key: EvidenceKey
    """Seals what is personal."""

    secret: LookupSecret
    """Finds people without telling who they are."""

    retention_years: int
    """Full calendar years, after the one a case begins in, in which its files are kept."""

    @property
    def export(self) -> JournalExport:
        """Brings journals into the archive."""
        return JournalExport(self.database, self.archive.shelf, timedelta(days=366 * (self.retention_years + 1)))

    def key_of(self, id_type: IdType, number: str) -> str:
        """Keyed digest of a checked identity number."""
        return key_of_number(self.secret, id_type, number)


def open_records(settings: Settings, clock: Callable[[], datetime]) -> Records:
    """Open the database, brought to this program's schema, and the archive."""
    key = evidence_key(settings, read_passphrase(settings.passphrase_path))
    secret = lookup_secret(settings.private_folder / "lookup.secret", key)

    def searched_by(case: Case) -> CaseIndex:
        return index_of(case, lambda id_type, number: key_of_number(secret, id_type, number))

    options = DatabaseOptions(connections=settings.service.database.connections)
    database = Database.open(database_url(settings), options)
    database.migrate()
    means = Means(database, key, searched_by)
    archive = open_archive(settings)
    years = settings.retention_years
    return Records(
        database=database,
        means=means,
        cases=CaseRecords(means),
        answers=Answers(means),
        outbox=Outbox(database),
        numbers=Numbers(database),
        archive=archive,
        evidence=EvidenceArchive(archive, key, lambda _: retained_until(clock(), years)),
        key=key,
        secret=secret,
        retention_years=years,
    )


def database_url(settings: Settings) -> str:
    """Where records are: the address in its file, or SQLite in the data folder."""
    url_file = settings.service.database.url_file
    if url_file is not None:
        return read_passphrase(url_file).decode()
    return f"sqlite:///{(settings.data_folder / 'records' / 'records.db').absolute()}"
