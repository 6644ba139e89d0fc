"""A service killed at its commits, started again: ``python -m tests.faults.nursery SETTINGS FOLDER PART/OF [writes]``.

One process has everything imported and forks the service; whenever it has been killed, it forks another. A service
kills itself (SIGKILL, as a power cut would) at the first commit of a kind at which none was killed yet: before or after
it, by the tables written and by what is journalled. With ``writes`` also before and after what is written elsewhere.
Of all kinds those are taken whose digest falls on ``PART`` of ``OF``; in place of both, ``chosen`` takes the first kind
that each line of FOLDER's ``chosen`` is found in. In FOLDER: ``killed`` lists the kinds, ``clock`` how many seconds the
clocks are ahead.
"""

from __future__ import annotations

import os
import signal
import sys
import threading
import traceback
import zlib
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

import api.app
import api.state
import qianshu.service.open
import signing.envelope
import storage.records.answers
from api.tokens import TokenIssuer
from documents.fonts import default_fonts
from documents.typesetting import default_typesetter
from jobs.workshop import BrokerSettings
from qianshu.service.open import Service
from qianshu.service.run import run_embedded
from qianshu.settings import ObjectSettings, load_settings
from signing.appearance import load_typeface
from tests.builders.commits import at_each_commit
from tests.builders.house import lay_keys
from tests.builders.service import end_with_parent
from tests.builders.writes import at_each_write

if TYPE_CHECKING:
    from collections.abc import Callable

    from qianshu.settings import Settings

LEASE_SECONDS = 2.0


@dataclass
class Executioner:
    """Ends this process at the commits and writes that are chosen."""

    killed: Path
    takes: Callable[[str, list[str]], bool]
    """Whether a kind is one of those, told also those that were taken before."""
    journalled: threading.local = field(default_factory=threading.local)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def watch(self) -> None:
        event.listen(Engine, "before_cursor_execute", self._note)
        event.listen(Engine, "rollback", self._forget)

    def reached(self, name: str) -> None:
        moment, _, wrote = name.split(" ", 2)
        kind = f"{moment} {wrote} [{', '.join(self._events())}]"
        if moment == "after":
            self._forget(None)
        self.passed(kind)

    def passed(self, kind: str) -> None:
        with self.lock:
            before = self.killed.read_text().splitlines()
            if kind not in before and self.takes(kind, before):
                with self.killed.open("a") as lines:
                    lines.write(f"{kind}\n")
                os.kill(os.getpid(), signal.SIGKILL)

    def _note(self, _connection: Any, _cursor: Any, statement: str, _parameters: Any, context: Any, *_: Any) -> None:
        if statement.startswith("INSERT INTO journal"):
            self._events().extend(_said(row) for row in context.compiled_parameters)

    def _forget(self, _: Any) -> None:
        self._events().clear()

    def _events(self) -> list[str]:
        if not hasattr(self.journalled, "events"):
            self.journalled.events = []
        return self.journalled.events


def _said(row: dict[str, Any]) -> str:
    """``act.done sign:seller-1`` and the like."""
    named = row["data"].partition('"act":"')[2].partition('"')[0]
    return f"{row['event']} {named}".rstrip()


def _share(part: int, of: int) -> Callable[[str, list[str]], bool]:
    return lambda kind, _: zlib.crc32(kind.encode()) % of == part


def _chosen(places: list[str]) -> Callable[[str, list[str]], bool]:
    """Each place once."""
    return lambda kind, before: any(place in kind and not any(place in one for one in before) for place in places)


def clock_in(folder: Path) -> Callable[[], datetime]:
    """The clock of this service and its sandbox."""
    ahead = folder / "clock"
    return lambda: datetime.now(UTC) + timedelta(seconds=float(ahead.read_text()))


def _impatient() -> None:
    """What others wait for minutes before they take a dead process's place is a moment here."""
    signing.envelope._SCRYPT_N = 2
    storage.records.answers.ABANDONED_AFTER = timedelta(0)
    # Hundreds of deaths take longer than the ten minutes for which a program's token is good.
    api.state.TokenIssuer = lambda secret, issuer, _: TokenIssuer(secret, issuer, timedelta(hours=2))
    qianshu.service.open.broker_settings = lambda _: BrokerSettings(lease_seconds=LEASE_SECONDS, sweep_seconds=0.3)


def _warm(settings: Settings, folder: Path) -> None:
    """What every service of this process makes for itself, made before the first fork; it holds nothing of theirs, and
    no thread is left, which a fork would lose.
    """
    own = replace(settings, data_folder=folder / "warm", objects=ObjectSettings())
    lay_keys(own.data_folder)
    service = Service(own, clock_in(folder))
    for route in api.app.create_app(service.api).routes:
        if hasattr(route, "effective_route_contexts"):
            list(route.effective_route_contexts())
    service.close()
    default_typesetter()
    load_typeface(default_fonts().body)
    assert threading.active_count() == 1, "a thread would not survive the fork"


def _serve(settings_file: Path, folder: Path, executioner: Executioner) -> None:
    executioner.watch()
    writes = at_each_write(executioner.passed) if "writes" in sys.argv[4:] else nullcontext()
    with at_each_commit(executioner.reached), writes, run_embedded(load_settings(settings_file), clock_in(folder)):
        threading.Event().wait()


def main() -> None:
    settings_file, folder = Path(sys.argv[1]), Path(sys.argv[2])
    part, _, of = sys.argv[3].partition("/")
    takes = _share(int(part), int(of)) if of else _chosen((folder / "chosen").read_text().splitlines())
    executioner = Executioner(folder / "killed", takes)
    _impatient()
    end_with_parent()
    _warm(load_settings(settings_file), folder)
    while True:
        child = os.fork()
        if child == 0:
            end_with_parent()
            try:
                _serve(settings_file, folder, executioner)
            except BaseException:  # noqa: BLE001 - told, then the child must end here
                traceback.print_exc()
            os._exit(1)
        _, status = os.waitpid(child, 0)
        if os.waitstatus_to_exitcode(status) != -signal.SIGKILL:
            sys.exit(f"the service ended by itself: {status}")


if __name__ == "__main__":
    main()
