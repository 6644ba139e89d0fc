"""The service running: on embedded defaults in one process, or as one of a city's processes.

Embedded means SQLite, a folder, a worker in a thread and the sandbox on loopback. Whatever the settings name takes the
place of its part; the code is the same.
"""

from __future__ import annotations

import socket
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from jobs.app import create_app as create_jobs
from jobs.embedded import EmbeddedJobs
from jobs.perform import drain
from qianshu.bootstrap import ensure_passphrase
from qianshu.service.cities import open_cities
from qianshu.service.desks import ensure_desks
from qianshu.service.later import PERIODICS
from qianshu.service.open import Service, broker_settings
from qianshu.service.sandboxed import serve_in_thread, start_sandbox

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path

    from jobs.app import JobsApp
    from qianshu.demo.notary.outside import OutsidePapers
    from qianshu.demo_data.notary_office import DemoOffice
    from qianshu.settings import Settings

__all__ = ["TRIAL_LIMITS", "Running", "free_port", "prepare", "run_embedded", "worker_jobs"]

TRIAL_LIMITS = 50.0
"""With the sandbox everybody logs in from one address, script after script."""


@dataclass(frozen=True, slots=True)
class Running:
    """A service that answers."""

    url: str
    """Where."""

    service: Service
    """What it is made of."""

    sandbox_url: str | None
    """The outside world, where it is the sandbox."""

    office: DemoOffice | None = None
    """The notary office of that world: its keys are new with each start."""

    contract_office: DemoOffice | None = None
    """Another, which certifies contracts."""


def prepare(settings: Settings, now: datetime) -> None:
    """Passphrase and keys of every city served, where there are none: before the first start."""
    ensure_passphrase(settings.passphrase_path)
    ensure_desks(settings, open_cities(settings.service).profiles, now)


@contextmanager
def run_embedded(settings: Settings, clock: Callable[[], datetime]) -> Iterator[Running]:
    """Everything in this process until left; what is still to do is done before it ends."""
    from api.app import create_app  # noqa: PLC0415 - a worker never answers, and half of what it would import is this

    with ExitStack() as stack:
        sandbox_url, papers = None, None
        if settings.service.outside.is_sandbox:
            papers = _papers(settings.data_folder / "outside", clock)
            sandbox = stack.enter_context(start_sandbox(settings.data_folder / "sandbox", clock, papers=papers))
            sandbox_url = sandbox.url
            settings = replace(settings, service=replace(settings.service, outside=sandbox.outside))
        prepare(settings, clock())
        service = Service(settings, clock, limits_scale=TRIAL_LIMITS if sandbox_url else 1.0)
        stack.callback(service.close)
        stack.enter_context(_jobs(service))
        web = settings.service.web
        listen = serve_in_thread(create_app(service.api), web.host, web.port, proxies=web.proxies)
        url = stack.enter_context(listen)
        offices = () if papers is None else (papers.office, papers.contract_office)
        yield Running(url, service, sandbox_url, *offices)


def _papers(folder: Path, clock: Callable[[], datetime]) -> OutsidePapers:
    from qianshu.demo.notary.outside import OutsidePapers  # noqa: PLC0415 - a city never needs it
    from qianshu.demo_data.notary_office import demo_contract_office, demo_office  # noqa: PLC0415

    return OutsidePapers(folder, clock, demo_office(clock()), demo_contract_office(clock()))


def worker_jobs(settings: Settings, clock: Callable[[], datetime]) -> JobsApp:
    """What carries work in a worker, whose processes are forked: each opens the service for itself at its first work,
    since two processes on one inherited connection would read each other's answers. Raises what ``Service`` raises, so
    that a mistake stops the start.
    """
    Service(settings, clock).close()
    return create_jobs(broker_settings(settings.service.broker), lambda: Service(settings, clock).workshop, PERIODICS)


def free_port() -> int:
    """A port on loopback that nobody listens on now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _jobs(service: Service) -> AbstractContextManager[object]:
    """A worker in this process, unless others do the work."""
    if not broker_settings(service.settings.service.broker).in_process:
        return nullcontext()
    return _embedded_jobs(service)


@contextmanager
def _embedded_jobs(service: Service) -> Iterator[None]:
    with EmbeddedJobs(service.jobs):
        yield
    drain(service.workshop)
