"""What an authority has issued and revoked: one line of JSON each, only ever added to.

A line is on disk (``fdatasync``) before the certificate it announces is signed, so no certificate exists that OCSP
would call unknown. Lines hold no personal data: ``subject`` is SHA-256 over the DER of subject and public key, which
only somebody who has the certificate can recompute.

Any number of processes may append: each writes whole lines under a lock on the file, and each reads on from where it
left off before it answers. A line torn by a full disk or a crash was never acted upon: it is closed with a mark and
skipped; any other line that cannot be read stops the authority, because unknown is not good.
"""

from __future__ import annotations

import fcntl
import json
import os
from dataclasses import dataclass
from datetime import datetime
from threading import Lock
from typing import TYPE_CHECKING, Final

from cryptography.x509 import ReasonFlags

from signing.keys import refusals

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["IssuanceLog", "Revocation"]

_TORN: Final = b"!torn\n"


@dataclass(frozen=True, slots=True)
class Revocation:
    """That a certificate was withdrawn."""

    serial: int
    """Of the certificate."""

    revoked_at: datetime
    """Aware UTC, whole seconds."""

    reason: ReasonFlags
    """RFC 5280 § 5.3.1."""


class IssuanceLog:
    """The log of one authority. Memory: one integer per certificate ever issued, about 100 MB for a million."""

    __slots__ = ("_issued", "_lock", "_offset", "_path", "_revoked")

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()
        self._offset = 0
        self._issued: set[int] = set()
        self._revoked: dict[int, Revocation] = {}

    def record_issued(self, serial: int, subject_sha256: str, at: datetime) -> None:
        """Announce a certificate about to be signed. Durable on return."""
        moment = at.isoformat(timespec="seconds")
        # By hand, not json.dumps: every value is hexadecimal or a date, and this is on the way of every signature.
        self._append(f'{{"event":"issued","serial":"{serial:x}","subject":"{subject_sha256}","at":"{moment}"}}\n')

    def record_revoked(self, revocation: Revocation) -> None:
        """Withdraw a certificate. Durable on return; the first revocation of a serial stands."""
        line = {
            "event": "revoked",
            "serial": f"{revocation.serial:x}",
            "at": revocation.revoked_at.isoformat(timespec="seconds"),
            "reason": revocation.reason.value,
        }
        self._append(json.dumps(line, separators=(",", ":")) + "\n")

    def was_issued(self, serial: int) -> bool:
        self._catch_up()
        return serial in self._issued

    def revocation_of(self, serial: int) -> Revocation | None:
        self._catch_up()
        return self._revoked.get(serial)

    def revocations(self) -> tuple[Revocation, ...]:
        """Every revocation, oldest record first."""
        self._catch_up()
        return tuple(self._revoked.values())

    def _append(self, line: str) -> None:
        octets = line.encode("ascii")
        try:
            descriptor = os.open(self._path, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX)
                _close_torn_line(descriptor)
                if os.write(descriptor, octets) != len(octets):
                    raise refusals.file_unwritable(self._path, "short write")
                os.fdatasync(descriptor)
            finally:
                os.close(descriptor)
        except OSError as error:
            raise refusals.file_unwritable(self._path, error.strerror or "I/O error") from error

    def _catch_up(self) -> None:
        """Read the whole lines added since the last look, by whomever."""
        with self._lock:
            try:
                if self._path.stat().st_size == self._offset:
                    return
                with self._path.open("rb") as file:
                    file.seek(self._offset)
                    added = file.read()
            except FileNotFoundError:
                return  # nothing was issued yet
            except OSError as error:
                raise refusals.file_unreadable(self._path, error.strerror or "I/O error") from error
            whole = added[: added.rfind(b"\n") + 1]
            for line in whole.splitlines(keepends=True):
                if not line.endswith(_TORN):
                    self._take(line)
            self._offset += len(whole)

    def _take(self, line: bytes) -> None:
        try:
            entry = json.loads(line)
            serial = int(entry["serial"], 16)
            if entry["event"] == "issued":
                self._issued.add(serial)
            elif entry["event"] == "revoked":
                moment = datetime.fromisoformat(entry["at"])
                self._revoked.setdefault(serial, Revocation(serial, moment, ReasonFlags(entry["reason"])))
            else:
                raise refusals.file_damaged(self._path.name)
        except (ValueError, KeyError, TypeError) as error:
            raise refusals.file_damaged(self._path.name) from error


def _close_torn_line(descriptor: int) -> None:
    size = os.fstat(descriptor).st_size
    if size and os.pread(descriptor, 1, size - 1) != b"\n":
        os.write(descriptor, _TORN)
