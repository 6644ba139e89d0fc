"""The operator's desk (``api.ports.OperatorDesk``).

``OperatorDesk(records, subscribers, outside, authorities)``: what is kept; deliveries; which services there are; whose
certificates are in use. Every act is written down before it is done.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from qianshu.service.operator_work import CHECK_ARCHIVE
from qianshu.service.renewing import RENEW_FILE, renewal_key
from storage.operations import SqlArchiveChecks, SqlOperatorActs, SqlRenewals
from storage.records.tables import TaskState
from storage.records.work import OutboxWork

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from api.ports import CertificateLine, OutsideLine, SubscriberLine
    from qianshu.service.operator_outside import OutsideBoard
    from qianshu.service.operator_subscribers import Subscribers
    from qianshu.service.records import Records
    from storage.machines import StoredAttempt
    from storage.operations import KeptCheck, KeptRenewal, OperatorAct, RenewalCounts
    from storage.records.work import KindOfWork, TaskLine

__all__ = ["OperatorDesk"]

A_DAY: Final = timedelta(days=1)

SOON: Final = timedelta(days=365)
"""Which renewals are counted as coming: an archive is looked through once a year."""

LATE_AFTER: Final = timedelta(minutes=2)
"""Work that is due is taken up within seconds; what waits for longer waits for a worker that is not there."""


@dataclass(frozen=True, slots=True)
class OperatorDesk:
    """``api.ports.OperatorDesk``."""

    records: Records
    """Everything kept."""

    told: Subscribers
    """Who is told of what."""

    board: OutsideBoard
    """Outside services."""

    certificates: Callable[[Sequence[str]], Sequence[CertificateLine]]
    """Certificates in use, of cities."""

    wake: Callable[[], None]
    """There is work."""

    def kinds(self, now: datetime) -> Sequence[KindOfWork]:
        """Work by kind."""
        return self._work.kinds(now - A_DAY)

    def late(self, now: datetime) -> int:
        """How many tasks nobody takes up, or ends."""
        return self._work.late(now - LATE_AFTER, now)

    def work(self, state: str, after: tuple[datetime, int] | None, limit: int) -> Sequence[TaskLine]:
        """Tasks in a state."""
        is_tried = state == TaskState.PENDING.value
        return self._work.page(
            TaskState.PENDING if state == "waiting" else TaskState(state), after, limit, tried=is_tried
        )

    def subscribers(self, cities: Sequence[str]) -> Sequence[SubscriberLine]:
        """Who is told, of these cities."""
        return self.told.of_cities(cities)

    def attempts(self, subscription_id: str, before: int | None, limit: int) -> Sequence[StoredAttempt]:
        """The log of one."""
        return self.told.attempts(subscription_id, before, limit)

    def deliver_again(self, subscription_id: str, position: int | None, account_id: str, now: datetime) -> bool:
        """Tell what waits, or one line again."""
        if not self.told.may_be_told(subscription_id, position):
            return False
        said = {"subscription_id": subscription_id, **({} if position is None else {"position": position})}
        self._acts.note("delivery.again", account_id, now, said)
        self.told.again(subscription_id, position, now)
        self.wake()
        return True

    def outside(self, now: datetime) -> Sequence[OutsideLine]:
        """What is known of the outside world."""
        return self.board.lines(now)

    def renewals(self, cities: Sequence[str], now: datetime) -> RenewalCounts:
        """How many files are due."""
        return self._renewals.counts(cities, now, now + SOON)

    def due_files(
        self, cities: Sequence[str], after: tuple[datetime, int] | None, limit: int, *, unreadable: bool
    ) -> Sequence[KeptRenewal]:
        """Which."""
        return self._renewals.page(cities, after, limit, unreadable=unreadable)

    def renewing(self, sha256s: Sequence[str]) -> Mapping[str, str]:
        """How renewing these files stands, by digest."""
        states = self._work.standing([renewal_key(one) for one in sha256s])
        return {one: states[renewal_key(one)] for one in sha256s if renewal_key(one) in states}

    def renew(self, cities: Sequence[str], sha256: str, account_id: str, now: datetime) -> bool:
        """Ask for a file to be renewed."""
        line = self._renewals.find(cities, sha256)
        if line is None:
            return False
        said = {"case_no": line.case_no, "sha256": sha256}
        self._acts.note("archive.renewal_asked", account_id, now, said)
        place = {**said, "position": line.position, "city": line.city}
        self.records.outbox.add(RENEW_FILE, renewal_key(sha256), now, place)
        self.wake()
        return True

    def certificates_of(self, cities: Sequence[str]) -> Sequence[CertificateLine]:
        """Certificates in use."""
        return self.certificates(cities)

    def check_archive(self, account_id: str, now: datetime) -> KeptCheck | None:
        """Ask for a walk through the archive."""
        number = self._checks.ask(account_id, now)
        if number is None:
            return None
        self._acts.note("archive.check_asked", account_id, now, {"check_id": number})
        self.records.outbox.add(CHECK_ARCHIVE, f"{CHECK_ARCHIVE}:{number}", now, {"check_id": number})
        self.wake()
        return self._checks.load(number)

    def archive_checks(self, before: int | None, limit: int) -> Sequence[KeptCheck]:
        """The newest first."""
        return self._checks.before(before, limit)

    def archive_check(self, check_id: int) -> KeptCheck | None:
        """One."""
        return self._checks.load(check_id)

    def acts(self, before: int | None, limit: int) -> Sequence[OperatorAct]:
        """What operators did."""
        return self._acts.before(before, limit)

    @property
    def _work(self) -> OutboxWork:
        return OutboxWork(self.records.database)

    @property
    def _checks(self) -> SqlArchiveChecks:
        return SqlArchiveChecks(self.records.database)

    @property
    def _renewals(self) -> SqlRenewals:
        return SqlRenewals(self.records.database)

    @property
    def _acts(self) -> SqlOperatorActs:
        return SqlOperatorActs(self.records.database)
