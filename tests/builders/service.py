"""A service of a city for tests: settings in one file, its commands as processes, people who come in by HTTP.

    with city_service(folder, ("huangshi",), database=url, broker=amqp, objects=bucket) as city:
        city.run("setup")
        city.start("serve"); city.start("worker"); city.start("beat")
        city.wait_until_ready()
        sale = city.sale("huangshi")

What is not said is embedded: SQLite, a folder, a worker inside ``serve``. The outside world is the sandbox, in this
process.
"""

from __future__ import annotations

import ctypes
import itertools
import os
import signal
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from click.testing import CliRunner
from sqlalchemy import or_, select

from api.app import create_app
from jobs.embedded import EmbeddedJobs
from qianshu.bootstrap import CITY_FOLDERS
from qianshu.cli import _cli
from qianshu.demo.city import client, sale
from qianshu.demo.city.browser import Browser
from qianshu.demo.city.cast import CASTS, STAFF
from qianshu.demo.city.client import Client
from qianshu.demo.city.sale import Sale, Stage
from qianshu.service.open import Service
from qianshu.service.run import TRIAL_LIMITS, free_port, prepare
from qianshu.service.sandboxed import serve_in_thread, start_sandbox
from qianshu.service.trial import REGISTRY, REGISTRY_SCOPES
from qianshu.settings import load_settings
from signing.keys.private_files import write_private
from storage.records.tables import outbox
from tests.builders.house import lay_keys
from tests.builders.sandbox import sandbox_person

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from contextlib import AbstractContextManager

    from jobs.delays import RetryRules
    from qianshu.demo.city.sale import Step
    from qianshu.service.records import Records
    from qianshu.settings import Settings
    from sandbox.papers import PaperMaker

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 90.0
LEASE_SECONDS = 20.0
"""The shortest that settings take: a killed worker's work waits so long."""

_addresses = itertools.count(1)


def now() -> datetime:
    return datetime.now(UTC)


class Visitor(Browser):
    """Everybody comes from an address of their own, as behind the city's proxy: limits count by address."""

    def __init__(self, base_url: str, headers: Mapping[str, str] | None = None) -> None:
        number = next(_addresses)
        super().__init__(base_url, {"X-Forwarded-For": f"198.18.{number // 250}.{number % 250 + 1}", **(headers or {})})


@dataclass
class CityService:
    """One service: where it is, and its processes."""

    folder: Path
    settings_file: Path
    url: str
    sandbox_url: str
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    registry: tuple[str, str] = (REGISTRY, "")
    clock: Callable[[], datetime] = now

    @property
    def settings(self) -> Settings:
        """As its commands read them."""
        return load_settings(self.settings_file)

    def run(self, *words: str) -> str:
        """One command to its end; what it printed."""
        done = subprocess.run(
            self._command(*words), cwd=ROOT, env=_ENVIRONMENT, capture_output=True, check=False, timeout=120
        )
        assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()
        return done.stdout.decode()

    def told(self, *words: str) -> str:
        """The same in this process: starting one takes longer than granting a role."""
        done = CliRunner().invoke(_cli, [*words, "--settings", str(self.settings_file)], catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.output

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """One of its commands as a process that stays."""
        return self.begin(words[0], self._command(*words))

    def begin(self, name: str, command: list[str]) -> subprocess.Popen[bytes]:
        """A process in a group of its own, so that it can be killed with its children."""
        log = self.folder / f"{len(self.processes)}-{name}.log"
        with log.open("wb") as output:
            process = subprocess.Popen(
                command, cwd=ROOT, env=_ENVIRONMENT, stdout=output, stderr=output, start_new_session=True
            )
        self.processes.append(process)
        return process

    def stop(self) -> list[int]:
        """Tell every process to end; how each that was still there did."""
        alive = [process for process in self.processes if process.poll() is None]
        for process in alive:
            process.terminate()
        return [process.wait(60) for process in alive]

    def kill(self) -> None:
        """What is left, as a power cut would."""
        for process in self.processes:
            if process.poll() is None:
                killed_group(process)

    def logs(self) -> str:
        """What every process said, for a failed test."""
        return "\n".join(f"--- {log.name}\n{log.read_text()[-4000:]}" for log in sorted(self.folder.glob("*.log")))

    def wait_until_ready(self) -> None:
        """Until the service answers that everything it needs does."""
        until(self._ready, "the service is not ready")

    def admit(self, cities: tuple[str, ...]) -> None:
        """Staff and the land registry, by the commands an operator has."""
        for role, person in STAFF.items():
            self.client(person)
            number = sandbox_person(person).number.normalised
            for city in cities:
                self.told("staff", "grant", "--person", number, "--role", role, "--city", city)
        words = [word for city in cities for word in ("--city", city)]
        words += [word for scope in REGISTRY_SCOPES for word in ("--scope", scope)]
        secret = self.told("machines", "add", REGISTRY, "--kind", "registry", *words).split()[-1]
        self.registry = (REGISTRY, secret)

    def lay_cheap_keys(self) -> None:
        """Of every city served, within ``cheap_guessing``: making and opening real ones takes seconds."""
        data, cities = self.folder / "data", self.settings.service.cities
        lay_keys(data, now())
        for name in cities if len(cities) > 1 else ():
            lay_keys(data / CITY_FOLDERS / name, now())

    @contextmanager
    def serving(self, retry_rules: RetryRules | None = None) -> Iterator[Service]:
        """The service in this process, its worker in a thread; its limits are for a whole script of people.
        ``retry_rules``: where work is to be given up while somebody waits.
        """
        with self._service() as service:
            if retry_rules is not None:
                service.__dict__["workshop"] = replace(service.workshop, retry_rules=retry_rules)
            with EmbeddedJobs(service.jobs), self._answering(service):
                yield service

    @contextmanager
    def serving_without_worker(self) -> Iterator[Service]:
        """The service in this process; what happens after a commit does not."""
        with self._service() as service, self._answering(service):
            yield service

    @contextmanager
    def _service(self) -> Iterator[Service]:
        prepare(self.settings, now())
        service = Service(self.settings, self.clock, limits_scale=TRIAL_LIMITS)
        try:
            yield service
        finally:
            service.close()

    def _answering(self, service: Service) -> AbstractContextManager[str]:
        web = self.settings.service.web
        return serve_in_thread(create_app(service.api), web.host, web.port, proxies=web.proxies)

    def client(self, person: str) -> Client:
        """Somebody who logs in, within :func:`visitors`."""
        return Client(self.url, self.sandbox_url, person)

    def sale(self, city: str) -> Sale:
        """A sale in a city, to be walked within :func:`visitors`."""
        return Sale(Stage(self.url, self.sandbox_url, self.registry, city, CASTS[city], STAFF))

    def _ready(self) -> bool:
        assert all(process.poll() is None for process in self.processes), self.logs()
        try:
            with urllib.request.urlopen(f"{self.url}/readyz", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False

    def _command(self, *words: str) -> list[str]:
        return [sys.executable, "-m", "qianshu", *words, "--settings", str(self.settings_file)]


_ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


@contextmanager
def city_service(
    folder: Path,
    cities: tuple[str, ...],
    *,
    database: str | None = None,
    broker: tuple[str, str] | None = None,
    objects: Mapping[str, object] | None = None,
    clock: Callable[[], datetime] = now,
    answer_seconds: float = 5.0,
    papers: PaperMaker | None = None,
) -> Iterator[CityService]:
    """Settings of a service below ``folder``; nothing is started. ``broker``: address and queue; ``clock``: the
    sandbox's; ``answer_seconds``: how long outside services may take; ``papers``: who makes what is
    brought along from outside.
    """
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    service: dict[str, Any] = {
        "cities": list(cities),
        "web": {"base_url": url, "port": port, "proxies": ["127.0.0.1"]},
    }
    if database is not None:
        service["database"] = {"url_file": _secret(folder / "database-url", database)}
    if broker is not None:
        address, queue = broker
        service["broker"] = {
            "url_file": _secret(folder / "broker-url", address),
            "queue": queue,
            "processes": 1,
            "lease_seconds": LEASE_SECONDS,
        }
    with start_sandbox(folder / "sandbox", clock, papers=papers) as sandbox:
        service["outside"] = _said(sandbox.outside)
        for address in service["outside"].values():
            address["timeout_seconds"] = answer_seconds
        values = {"data_folder": str(folder / "data"), "objects": dict(objects or {}), "service": service}
        file = folder / "qianshu.toml"
        file.write_text("\n".join(_toml(values)), encoding="utf-8")
        city = CityService(folder, file, url, sandbox.url, clock=clock)
        try:
            yield city
        finally:
            city.kill()


def open_work(records: Records) -> list[tuple[object, ...]]:
    """Work of cases that is due and not done; what the clock asks for comes and goes."""
    c = outbox.c
    late = or_(c.state != "pending", c.not_before <= now())
    query = select(c.kind, c.state, c.last_error_code).where(c.state != "done", c.case_no.is_not(None), late)
    with records.database.reading() as connection:
        return [tuple(row) for row in connection.execute(query)]


def walked(steps: Iterator[Step], last: str | None = None) -> list[str]:
    """Walk on through a sale, to the end or until a step whose title begins so; the titles."""
    titles = []
    for step in steps:
        titles.append(step.title)
        if last is not None and step.title.startswith(last):
            return titles
    assert last is None, f"no step {last}"
    return titles


@contextmanager
def visitors(browser: type[Browser] = Visitor, person: type[Client] = Client) -> Iterator[None]:
    """Whoever comes in meanwhile uses this browser, and behaves like this."""
    before = client.Browser, sale.Browser, sale.Client
    client.Browser = sale.Browser = browser  # type: ignore[misc]
    sale.Client = person  # type: ignore[misc]
    try:
        yield
    finally:
        client.Browser, sale.Browser, sale.Client = before  # type: ignore[misc]


def killed_group(process: subprocess.Popen[bytes]) -> None:
    """A process and its children, as a power cut would."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def end_with_parent() -> None:
    """This process is killed when the one that started it ends, however that was: PR_SET_PDEATHSIG of prctl(2)."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)


def until(happened: Callable[[], object], otherwise: str, pause_seconds: float = 0.05) -> None:
    """Return when it has happened; far beyond any reasonable wait it is a failure."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not happened():
        assert time.monotonic() < end, otherwise
        time.sleep(pause_seconds)


def _secret(path: Path, text: str) -> str:
    write_private(path, text.encode())
    return str(path)


def _said(value: Any) -> Any:
    """A settings value as TOML has it."""
    if is_dataclass(value):
        said = {one.name: _said(getattr(value, one.name)) for one in fields(value)}
        return {name: one for name, one in said.items() if one is not None}
    return str(value) if isinstance(value, Path) else value


def _toml(values: Mapping[str, Any], prefix: str = "") -> Iterator[str]:
    tables = {name: value for name, value in values.items() if isinstance(value, dict)}
    yield from (f"{name} = {_literal(value)}" for name, value in values.items() if name not in tables)
    for name, table in tables.items():
        yield f"\n[{prefix}{name}]"
        yield from _toml(table, f"{prefix}{name}.")


def _literal(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_literal, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value)
