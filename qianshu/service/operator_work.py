"""What operators' desks have done in the background: walking through the archive, looking when files are to be renewed.

``operator_handlers(bench)`` binds both to a service. Each ends well within the lease of its task: a walk that runs out
of time says what it did not see (``archive.unfinished``; the whole of a large archive is ``qianshu archive verify``'s),
and looking at files goes on with the next beat.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from errors import QianshuError
from jobs.workshop import Periodic
from qianshu.manifest import check_archive
from signing.renewal import renewal_due
from storage.errors import ObjectAltered, ObjectMissing, StorageError
from storage.objects.reading import read_verified
from storage.operations import KeptRenewal

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from signing.keys import KeyRing
    from storage.dossier import Archive
    from storage.operations import SealedLine, SqlArchiveChecks, SqlRenewals
    from storage.records.outbox import OutboxTask

__all__ = ["CHECK_ARCHIVE", "LOOK_AT_RENEWALS", "OperatorBench", "operator_handlers"]

CHECK_ARCHIVE: Final = "check-archive"

LOOK_AT_RENEWALS: Final = Periodic("look-at-renewals", every_seconds=60)
"""How soon a sealed file is on the list, at most."""

LOOKING: Final = timedelta(seconds=15)
"""How long one beat looks at files: other work waits in an embedded service."""

LINES: Final = 50
"""Lines read at once."""

MAX_CONTRACT_BYTES: Final = 256 << 20
"""A contract of two hundred pages with scans in it stays far below."""

WALK_SHARE: Final = 0.5
"""Of a lease: a walk ends before somebody else may begin it."""


@dataclass(frozen=True, slots=True)
class OperatorBench:
    """What this work needs."""

    archive: Archive
    """What is walked."""

    checks: SqlArchiveChecks
    """Where walks are kept."""

    renewals: SqlRenewals
    """Where dates are kept."""

    rings: Callable[[], tuple[KeyRing, ...]]
    """Every authority's keys: seals are judged by them."""

    clock: Callable[[], datetime]
    """Present time, aware."""

    lease_seconds: float
    """How long claimed work is left alone."""

    def check(self, task: OutboxTask) -> None:
        """Walk through the archive, as far as time allows."""
        check_id, begun_at = int(task.payload["check_id"]), self.clock()
        if not self.checks.begin(check_id, begun_at):
            return
        until = begun_at + timedelta(seconds=self.lease_seconds * WALK_SHARE)
        report = check_archive(self.archive, self.rings(), begun_at, lambda: self.clock() < until)
        self.checks.finish(check_id, report, self.clock())

    def look(self, task: OutboxTask) -> None:  # noqa: ARG002 - the handler's parameter
        """Look at sealed files nobody looked at yet."""
        until = self.clock() + LOOKING
        while lines := self.renewals.unlooked(LINES):
            for line in lines:
                if self.clock() >= until:
                    return
                self.renewals.keep(self._due(line))

    def _due(self, line: SealedLine) -> KeptRenewal:
        """What a file says. Raises ``StorageError`` while the store cannot be asked: the next beat does it."""
        now = self.clock()
        try:
            due = renewal_due(io.BytesIO(read_verified(self.archive.objects, line.sha256, MAX_CONTRACT_BYTES)))
        except StorageError as error:
            if not isinstance(error, ObjectAltered | ObjectMissing):
                raise
            return KeptRenewal(line, now, error_code=error.code)
        except QianshuError as error:
            return KeptRenewal(line, now, error_code=error.code)
        return KeptRenewal(line, now, due.last_archive_timestamp_at, due.expires_at, due.due_at)


def operator_handlers(bench: OperatorBench) -> Mapping[str, Callable[[OutboxTask], None]]:
    """By kind."""
    return {CHECK_ARCHIVE: bench.check, LOOK_AT_RENEWALS.kind: bench.look}
