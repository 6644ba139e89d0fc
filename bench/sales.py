"""Cases per second through the API, from opening to the sealed contract in the archive, on one server process and on
two; several sales at once by HTTP clients in all four cities, and where the processor time goes.

``python -m bench sales [--seconds 60] [--lanes 6]``
"""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import psutil

from bench.lanes import SalesLog, lanes_of, run_lanes
from bench.processes import cpu_seconds, processes_of_postgres, serving, stand
from bench.sheet import Sheet

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from pathlib import Path

    from bench.lanes import Lane
    from bench.processes import Stand

__all__ = ["arguments", "measure"]


@dataclass(frozen=True, slots=True)
class Run:
    """One measuring."""

    rate: float
    """Cases per second."""

    seconds: float
    """Median time of one sale."""

    cpu: dict[str, float]
    """Processor seconds per case: servers, database, sandbox, clients."""

    kinds: dict[str, float]
    """Share of the servers' processor time by kind of work; empty unless sampled."""


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--seconds", type=float, default=45.0, help="how long each number of processes is measured")
    parser.add_argument("--lanes", type=int, default=6, help="sales at once, 1 to 6")
    parser.add_argument("--rounds", type=int, default=2, help="one process and two in turn, so many times")


def measure(given: Namespace) -> list[Sheet]:
    runs: dict[int, list[Run]] = {1: [], 2: []}
    for _ in range(given.rounds):
        for processes, found in runs.items():
            # A city of its own each time: nobody gets more codes in a day than the service sends.
            with stand() as where:
                with serving(where, 1):
                    secret = where.admit()
                found.append(_run(where, lanes_of(where, secret, given.lanes), processes, given.seconds))
    return [_rates(runs, where, given), _work(runs)]


def _run(where: Stand, lanes: list[Lane], processes: int, seconds: float) -> Run:
    log = SalesLog()
    samples = where.folder / "samples.json"
    with serving(where, processes, samples) as servers:
        ends_at = [float("inf")]
        threads = run_lanes(lanes, log, lambda: time.monotonic() < ends_at[0])
        _warm_up(log, len(lanes))
        parts = _parts(where, servers)
        begin, before = time.monotonic(), {name: _spent(found) for name, found in parts.items()}
        time.sleep(seconds)
        end, after = time.monotonic(), {name: _spent(found) for name, found in parts.items()}
        ends_at[0] = 0.0
        for thread in threads:
            thread.join()
    if log.faults:
        raise log.faults[0]
    filed = log.filed_within(begin, end)
    times = sorted(ended - began for began, ended in log.sales if ended > begin)
    cpu = {name: (after[name] - before[name]) / filed for name in parts}
    return Run(filed / (end - begin), times[len(times) // 2], cpu, _kinds(samples, processes))


def _warm_up(log: SalesLog, sales: int) -> None:
    while len(log.sales) < sales and not log.faults:
        time.sleep(0.1)


def _parts(where: Stand, servers: list[psutil.Process]) -> dict[str, list[psutil.Process]]:
    postgres = processes_of_postgres() if where.database == "PostgreSQL" else None
    return {
        "servers": servers,
        "database": [] if postgres is None else [postgres],
        "sandbox": [where.sandbox],
        "clients": [psutil.Process()],
    }


def _spent(processes: list[psutil.Process]) -> float:
    own = psutil.Process()
    return sum(sum(own.cpu_times()[:2]) if one == own else cpu_seconds(one) for one in processes)


def _kinds(samples: Path, processes: int) -> dict[str, float]:
    kinds: dict[str, float] = {}
    for number in range(processes):
        file = samples.with_name(f"{samples.stem}-{number}{samples.suffix}")
        for kind, spent in json.loads(file.read_text(encoding="utf-8"))["kinds"].items():
            kinds[kind] = kinds.get(kind, 0.0) + spent
    total = sum(kinds.values())
    return {kind: spent / total for kind, spent in kinds.items()}


def _rates(runs: dict[int, list[Run]], where: Stand, given: Namespace) -> Sheet:
    best = {processes: max(found, key=lambda run: run.rate) for processes, found in runs.items()}
    columns = ("server processes", "cases/s", "ratio", "s per sale", *(f"CPU s/case: {name}" for name in best[1].cpu))
    lines = tuple(
        (
            str(processes),
            round(run.rate, 3),
            round(run.rate / best[1].rate, 2),
            round(run.seconds, 2),
            *(round(spent, 3) for spent in run.cpu.values()),
        )
        for processes, run in best.items()
    )
    notes = (
        f"{given.lanes} sales at once, {given.rounds} times {given.seconds:g} s each, the better; all four cities.",
        f"Clients, sandbox, database and servers share {psutil.cpu_count()} cores.",
    )
    return Sheet("sales", f"Cases filed per second through the API, {where.database}", columns, lines, notes)


def _work(runs: dict[int, list[Run]]) -> Sheet:
    run = max(runs[1], key=lambda run: run.rate)
    lines = tuple(
        (kind, round(share * run.cpu["servers"], 3), round(100 * share, 1)) for kind, share in run.kinds.items()
    )
    return Sheet("sales-work", "One server process: what its processor time goes into", ("work", "s/case", "%"), lines)
