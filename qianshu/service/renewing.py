"""Renewing a sealed file in the background, as an operator asked: the file, its dossier, the list, a note of it.

``renewal_key(sha256)`` names the work in the outbox: each file is renewed once, however often it is asked for.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from signing.renewal import renewal_due
from storage.operations import KeptRenewal, SealedLine

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from filing.engine.outcome import Task
    from storage.operations import SqlOperatorActs, SqlRenewals
    from storage.records.outbox import Outbox, OutboxTask

__all__ = ["RENEW_FILE", "RenewalBench", "renewal_key"]

RENEW_FILE: Final = "renew-file"

BY_SERVICE: Final = "service"
"""Stands as actor where work that was asked for came to its end."""


def renewal_key(sha256: str) -> str:
    """Names the work that renews a file."""
    return f"{RENEW_FILE}:{sha256}"


@dataclass(frozen=True, slots=True)
class RenewalBench:
    """What this work needs."""

    renew_file: Callable[[str, str], tuple[bytes, Task]]
    """Renews the file of a case and digest (``filing.later.renew_file``)."""

    outbox: Outbox
    """Where the dossier's closing is asked for."""

    acts: SqlOperatorActs
    """Where it is written down that a file was renewed."""

    renewals: SqlRenewals
    """The list."""

    clock: Callable[[], datetime]
    """Present time, aware."""

    def renew(self, task: OutboxTask) -> None:
        """Renew one file; its dossier is closed anew, and the list says how long it is good now. Harmless twice."""
        said = task.payload
        before, case_no = str(said["sha256"]), str(said["case_no"])
        pdf, closing = self.renew_file(case_no, before)
        sha256, now = hashlib.sha256(pdf).hexdigest(), self.clock()
        self.outbox.add(closing.kind, str(closing.dedupe_key), now, dict(closing.payload))
        due = renewal_due(io.BytesIO(pdf))
        line = SealedLine(int(said["position"]), sha256, case_no, str(said["city"]))
        found = KeptRenewal(line, now, due.last_archive_timestamp_at, due.expires_at, due.due_at)
        if self.renewals.renewed(before, found):
            self.acts.note("archive.renewed", BY_SERVICE, now, {"case_no": case_no, "sha256": sha256, "before": before})
