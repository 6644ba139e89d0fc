"""The service as processes to be measured: sandbox, servers on one port, a data folder, a database."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from bench.databases import fresh_database
from qianshu.service.open import Service
from qianshu.service.run import Running, free_port, prepare
from qianshu.service.sandboxed import PATHS
from qianshu.service.trial import admit_staff, register_registry
from qianshu.settings import load_settings
from sandbox.options import BEARER, CLIENT_ID, CLIENT_SECRET
from signing.keys.private_files import write_private

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qianshu.settings import Settings

__all__ = ["Stand", "beside", "cpu_seconds", "now", "processes_of_postgres", "serving", "stand"]

ROOT = Path(__file__).parents[1]
START_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Stand:
    """Everything but the servers."""

    folder: Path
    """Settings, secrets, data, logs."""

    settings_file: Path
    """What servers are started with."""

    database: str
    """``PostgreSQL`` or ``SQLite``."""

    url: str
    """Where servers answer."""

    sandbox_url: str
    """The outside world."""

    sandbox: psutil.Process
    """Its process."""

    @property
    def settings(self) -> Settings:
        """As servers read them."""
        return load_settings(self.settings_file)

    @contextmanager
    def opened(self) -> Iterator[Service]:
        """The service in this process, for what has no way in over HTTP."""
        service = Service(self.settings, now)
        try:
            yield service
        finally:
            service.close()

    def admit(self) -> str:
        """Give the sandbox's staff their roles and register the registry: its secret. Servers must be running."""
        with self.opened() as service:
            running = Running(self.url, service, self.sandbox_url)
            admit_staff(running)
            return register_registry(running)


@contextmanager
def stand() -> Iterator[Stand]:
    """A data folder, a database and a sandbox, thrown away afterwards."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="qianshu-bench-")))
        for name, secret in {"bearer": BEARER, "client-secret": CLIENT_SECRET}.items():
            write_private(folder / name, secret.encode())
        port = free_port()
        command = ["-m", "sandbox", "--port", str(port), "--title-query-seconds", "0"]
        sandbox = stack.enter_context(_process(command, folder / "sandbox.log"))
        _wait(f"http://127.0.0.1:{port}/sandbox/people", sandbox)
        where = stack.enter_context(_standing(folder, f"http://127.0.0.1:{port}", sandbox))
        prepare(where.settings, now())
        yield where


@contextmanager
def beside(where: Stand) -> Iterator[Stand]:
    """Another one with the same keys, objects and sandbox, on an empty database of its own."""
    with _standing(where.folder, where.sandbox_url, where.sandbox) as another:
        yield another


@contextmanager
def _standing(folder: Path, sandbox_url: str, sandbox: psutil.Process) -> Iterator[Stand]:
    with fresh_database() as database:
        port = free_port()
        settings_file = folder / f"settings-{port}.toml"
        if database is not None:
            write_private(folder / f"database-{port}", database.encode())
        url_file = None if database is None else folder / f"database-{port}"
        settings_file.write_text(_settings(folder, port, sandbox_url, url_file), encoding="utf-8")
        kind = "SQLite" if database is None else "PostgreSQL"
        yield Stand(folder, settings_file, kind, f"http://127.0.0.1:{port}", sandbox_url, sandbox)


@contextmanager
def serving(where: Stand, processes: int, samples: Path | None = None) -> Iterator[list[psutil.Process]]:
    """So many server processes on the port of the stand, until left; each writes its samples beside ``samples``."""
    port = where.url.rpartition(":")[2]
    with ExitStack() as stack:
        servers = []
        for number in range(processes):
            command = ["-m", "bench.serving", str(where.settings_file), port, str(where.folder / "service.log")]
            if samples is not None:
                command.append(str(samples.with_name(f"{samples.stem}-{number}{samples.suffix}")))
            server = stack.enter_context(_process(command, where.folder / f"server-{port}-{number}.log"))
            _wait_listening(server, int(port))
            servers.append(server)
        _wait(f"{where.url}/readyz", servers[0])
        yield servers


def cpu_seconds(process: psutil.Process) -> float:
    """Processor time of a process and of all it has started."""
    total = 0.0
    for one in (process, *process.children(recursive=True)):
        try:
            times = one.cpu_times()
        except psutil.NoSuchProcess:
            continue
        total += times.user + times.system + (times.children_user + times.children_system if one == process else 0)
    return total


def processes_of_postgres() -> psutil.Process | None:
    """The PostgreSQL server of ``QIANSHU_TEST_POSTGRES_URL``, where it is on this machine."""
    from sqlalchemy import make_url  # noqa: PLC0415 - only here

    from bench.databases import server_url  # noqa: PLC0415

    url = server_url()
    port = None if url is None else make_url(url).port
    for one in psutil.process_iter(["name", "cmdline"]):
        if one.info["name"] == "postgres" and f"port={port}" in " ".join(one.info["cmdline"] or ()):
            return one
    return None


def now() -> datetime:
    return datetime.now(UTC)


@contextmanager
def _process(arguments: list[str], log: Path) -> Iterator[psutil.Process]:
    with log.open("ab") as out:
        process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, stdout=out, stderr=out)
    try:
        yield psutil.Process(process.pid)
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(START_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait(url: str, process: psutil.Process) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            with urllib.request.urlopen(url, timeout=5):
                return
        except (urllib.error.URLError, ConnectionError) as error:
            _still(process, deadline, error)


def _wait_listening(process: psutil.Process, port: int) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not any(
        one.status == psutil.CONN_LISTEN and one.laddr.port == port for one in process.net_connections(kind="tcp4")
    ):
        _still(process, deadline, None)


def _still(process: psutil.Process, deadline: float, cause: Exception | None) -> None:
    if time.monotonic() > deadline or not process.is_running() or process.status() == psutil.STATUS_ZOMBIE:
        raise RuntimeError("a process of the bench did not start; its log is in its folder") from cause
    time.sleep(0.1)


def _settings(folder: Path, port: int, sandbox_url: str, url_file: Path | None) -> str:
    lines = [
        f'data_folder = "{folder / "data"}"',
        "[service.web]",
        f'base_url = "http://127.0.0.1:{port}"',
        f"port = {port}",
        'metrics = "open"',
        "[service.outside.identity_provider]",
        f'issuer = "{sandbox_url}/identity"',
        f'client_id = "{CLIENT_ID}"',
        f'client_secret_file = "{folder / "client-secret"}"',
    ]
    if url_file is not None:
        lines += ["[service.database]", f'url_file = "{url_file}"']
    for name, path in PATHS.items():
        lines += [f"[service.outside.{name}]", f'url = "{sandbox_url}/{path}"']
        lines.append(f'credential_file = "{folder / "bearer"}"')
    return "\n".join(lines) + "\n"
