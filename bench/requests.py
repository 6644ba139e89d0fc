"""How long each kind of request takes at a fixed load: sales begin at a fixed interval, and beside them every kind of
reading is asked for at a fixed rate. Both whether the service keeps up or not: what waits for its turn is late, and
counts as late.

``python -m bench requests [--seconds 120] [--sale-every 6] [--rate 2] [--processes 1]``
"""

from __future__ import annotations

import random
import threading
import time
from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bench.lanes import SalesLog, lanes_of
from bench.processes import serving, stand
from bench.sheet import Sheet, percentile
from bench.wire import RegistryWire, as_person
from qianshu.demo.city.cast import CASTS, STAFF

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable

    from bench.lanes import Lane
    from bench.processes import Stand
    from qianshu.demo.city.sale import Sale

__all__ = ["arguments", "measure"]

CITY = "huangshi"
FEW = 20
"""Of fewer requests no 95 % are told."""


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--seconds", type=float, default=120.0, help="how long is measured")
    parser.add_argument("--sale-every", type=float, default=6.0, help="seconds between beginnings of sales")
    parser.add_argument("--rate", type=float, default=2.0, help="requests per second of each kind of reading")
    parser.add_argument("--processes", type=int, default=1, help="server processes")


@dataclass(frozen=True, slots=True)
class Reading:
    """One kind of reading."""

    name: str
    """In the table."""

    ask: Callable[[], object]
    """Asks once."""

    share: float = 1.0
    """Of the rate: less for what is rare and heavy."""


def measure(given: Namespace) -> list[Sheet]:
    with stand() as where, serving(where, given.processes):
        secret = where.admit()
        lanes = lanes_of(where, secret, 6)
        log = SalesLog()
        filed = lanes[0].sell(log)
        for lane in lanes[1:]:
            lane.sell(log)
        log.requests.clear()
        log.sales.clear()
        readings = _readings(where, secret, filed)
        times = _load(lanes, readings, log, given)
        if log.faults:
            raise log.faults[0]
        return [_sheet(times, log, where, given)]


def _readings(where: Stand, secret: str, filed: Sale) -> list[Reading]:
    """One wire for each: they are asked for side by side."""
    case_no, number = filed.case_no, filed.seller.case(filed.case_no)["filing"]["number"]
    seller, buyer = CASTS[CITY].owners[0], CASTS[CITY].buyer

    def reading(name: str, person: str, path: str, share: float = 1.0) -> Reading:
        wire, _ = as_person(where, person)
        return Reading(name, partial(wire.get, path), share)

    registry, other = RegistryWire(where, secret), RegistryWire(where, secret)
    verifier, _ = as_person(where, buyer)
    desk = f"/v1/desk/{CITY}"
    return [
        reading("GET /v1/me", seller, "/v1/me"),
        reading("GET my matters", seller, "/v1/cases?limit=20"),
        reading("GET a filed case", buyer, f"/v1/cases/{case_no}"),
        reading("GET its journal", buyer, f"/v1/cases/{case_no}/journal"),
        reading("GET its contract PDF", buyer, f"/v1/cases/{case_no}/contract.pdf"),
        reading("GET a page of it as an image", seller, f"/v1/cases/{case_no}/pages/1.png", 0.25),
        reading("GET the city", seller, f"/v1/cities/{CITY}"),
        reading("GET the queue", STAFF["reviewer"], f"{desk}/queue?state=filed"),
        reading("GET statistics", STAFF["reviewer"], f"{desk}/statistics"),
        reading("GET a filing (public)", seller, f"/v1/filings/{case_no}"),
        Reading("GET the registry's feed", partial(registry.get, "/v1/registry/feed?limit=100")),
        Reading("GET the registry's PDF", partial(other.get, f"/v1/registry/contracts/{number}.pdf")),
        Reading("POST verify a PDF (public)", partial(verifier.upload, "/v1/verify", filed.sealed), 0.1),
    ]


def _load(
    lanes: list[Lane], readings: list[Reading], log: SalesLog, given: Namespace
) -> dict[str, list[tuple[float, float]]]:
    """For each kind when it was due and how many seconds it took from then."""
    times: dict[str, list[tuple[float, float]]] = defaultdict(list)
    ends_at = time.monotonic() + given.seconds
    threads = [threading.Thread(target=_ask, args=(one, given.rate, ends_at, times, log)) for one in readings]
    threads.append(threading.Thread(target=_sell, args=(lanes, given.sale_every, ends_at, log)))
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times


def _ask(
    reading: Reading, rate: float, ends_at: float, times: dict[str, list[tuple[float, float]]], log: SalesLog
) -> None:
    # Arrivals as of many who know nothing of one another (Poisson); the same draws each time.
    draw, due = random.Random(reading.name), time.monotonic()
    try:
        while due < ends_at:
            time.sleep(max(0.0, due - time.monotonic()))
            reading.ask()
            times[reading.name].append((due, time.monotonic() - due))
            due += draw.expovariate(rate * reading.share)
    except BaseException as fault:  # noqa: BLE001 - told by whoever waits
        log.faults.append(fault)


def _sell(lanes: list[Lane], every: float, ends_at: float, log: SalesLog) -> None:
    """Begin a sale each time it is due, in the lane that has rested longest; a lane sells one at a time."""
    free, threads, due = list(lanes), [], time.monotonic()

    def sell(lane: Lane) -> None:
        try:
            lane.sell(log)
            free.append(lane)
        except BaseException as fault:  # noqa: BLE001 - told by whoever waits
            log.faults.append(fault)

    while due < ends_at and not log.faults:
        time.sleep(max(0.0, due - time.monotonic()))
        while not free and not log.faults:
            time.sleep(0.05)
        if free:
            threads.append(threading.Thread(target=sell, args=(free.pop(0),)))
            threads[-1].start()
        due += every
    for thread in threads:
        thread.join()


def _sheet(times: dict[str, list[tuple[float, float]]], log: SalesLog, where: Stand, given: Namespace) -> Sheet:
    found: dict[str, list[float]] = {name: [spent for _, spent in each] for name, each in times.items()}
    of_sales: dict[str, list[float]] = defaultdict(list)
    for kind, spent in list(log.requests):
        of_sales[kind].append(spent)
    lines = [_line(name, spent, given.seconds) for name, spent in found.items()]
    lines += [_line(name, of_sales[name], given.seconds) for name in sorted(of_sales)]
    begun = len(log.sales)
    notes = (
        f"{begun} sales begun, one every {given.sale_every:g} s; each kind of reading {given.rate:g}/s at random",
        "(verify a tenth of that, a page a quarter); readings from when they were due, the rest from when sent.",
        f"No 95 % of fewer than {FEW} requests.",
    )
    title = f"Requests at a fixed load, {given.processes} server process, {where.database}"
    return Sheet("requests", title, ("request", "per s", "p50 ms", "p95 ms"), tuple(lines), notes)


def _line(name: str, spent: list[float], seconds: float) -> tuple[object, ...]:
    p95 = round(percentile(spent, 0.95) * 1000, 1) if len(spent) >= FEW else None
    return name, round(len(spent) / seconds, 2), round(percentile(spent, 0.5) * 1000, 1), p95
