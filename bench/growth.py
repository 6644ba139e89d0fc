"""The same requests with 1 thousand, 100 thousand and 1 million cases in PostgreSQL, side by side: one database and one
server process for each size, asked in turn by one client over a kept connection.

``python -m bench growth [--sizes 1000,100000] [--full] [--rounds 300]``. Filling a million takes some minutes.
"""

from __future__ import annotations

import json
import random
import time
from contextlib import ExitStack
from dataclasses import dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from api.cursors import Cursors
from bench.databases import PostgresMissing, server_url
from bench.filling import Patterns, filing_number_of, fill
from bench.history import FILED, History
from bench.lanes import SalesLog, lanes_of
from bench.processes import beside, serving, stand
from bench.sheet import Sheet, percentile
from bench.wire import RegistryWire, as_person
from filing.case import case_to_json
from filing.lifecycle import State
from qianshu.demo.city.cast import CASTS, STAFF
from qianshu.demo.city.sale import CLAUSES
from qianshu.service.secrets import signing_secret
from qianshu.service.trial import REGISTRY
from storage.records import reading

if TYPE_CHECKING:
    from argparse import ArgumentParser, Namespace
    from collections.abc import Callable, Iterator

    from bench.processes import Stand
    from bench.wire import Wire
    from qianshu.service.open import Service

__all__ = ["arguments", "measure", "patterns_of"]

CITY = "huangshi"
TERMS = "合同条款 terms"
WARM_UP = 20
MILLION = 1_000_000


def arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--sizes", default="1000,100000", help="numbers of cases, multiples of 1000")
    parser.add_argument("--full", action="store_true", help="with 1,000,000 too")
    parser.add_argument("--rounds", type=int, default=300, help="requests of each kind for each size")


@dataclass
class Grown:
    """One database with its server."""

    history: History
    """How many cases."""

    where: Stand
    """Where it answers."""

    filled_seconds: float
    """How long filling took."""

    filed: bytes
    """The pattern of filed cases."""

    asks: dict[str, Callable[[], object]] = field(default_factory=dict)
    """What is asked, by its name in the table."""

    times: dict[str, list[float]] = field(default_factory=dict)
    """Milliseconds."""

    bytes_used: int = 0
    """Of the database."""


def measure(given: Namespace) -> list[Sheet]:
    if server_url() is None:
        raise PostgresMissing
    sizes = [int(size) for size in given.sizes.split(",")] + ([MILLION] if given.full else [])
    with ExitStack() as stack:
        first = stack.enter_context(stand())
        draft, filed = patterns_of(first)
        grown = [_grown(stack, first, (draft, filed), History(size)) for size in sizes]
        for number in range(WARM_UP + given.rounds):
            for kind in grown[0].asks:
                for one in grown:
                    began = time.perf_counter()
                    one.asks[kind]()
                    spent = time.perf_counter() - began
                    if number >= WARM_UP:
                        one.times.setdefault(kind, []).append(spent * 1000)
    return [_sheet(grown, given.rounds), _fills(grown)]


def patterns_of(where: Stand) -> tuple[bytes, bytes]:
    """A case in drafting and a sealed one, walked through the API in a service of its own."""
    with serving(where, 1):
        (lane,) = lanes_of(where, where.admit(), 1)
        log = SalesLog()
        numbers = [lane.sell(log, until=TERMS).case_no, lane.sell(log).case_no]
    with where.opened() as service:
        found = [service.records.cases.find(number) for number in numbers]
        draft, filed = (case_to_json(one.case) for one in found if one is not None)
    return draft, filed


def _grown(stack: ExitStack, first: Stand, patterns: tuple[bytes, bytes], history: History) -> Grown:
    where = stack.enter_context(beside(first))
    stack.enter_context(serving(where, 1))
    registry = RegistryWire(where, where.admit())
    entrant, client = as_person(where, CASTS[CITY].owners[0])
    reviewer, _ = as_person(where, STAFF["reviewer"])
    began = time.perf_counter()
    fill(where.settings_file, Patterns(*patterns, entrant_account=client.me["account_id"]), history)
    grown = Grown(history, where, time.perf_counter() - began, patterns[1])
    service = stack.enter_context(where.opened())
    with service.records.database.reading() as connection:
        size = connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one()
        grown.bytes_used = int(size)
    accounts = client.me["account_id"], reviewer_account(where)
    grown.asks = dict(_asks(grown, service, accounts, (entrant, reviewer, registry)))
    return grown


def reviewer_account(where: Stand) -> str:
    """The reviewer's account in this database."""
    return str(as_person(where, STAFF["reviewer"])[1].me["account_id"])


def _asks(
    grown: Grown, service: Service, accounts: tuple[str, str], wires: tuple[Wire, Wire, Wire]
) -> Iterator[tuple[str, Callable[[], object]]]:
    history, (entrant, reviewer, registry) = grown.history, wires
    draw = random.Random(7)  # the same draws each time
    cursors = Cursors(signing_secret(service.records.secret))
    own = [history.case_no(number) for number in range(history.total) if history.is_kept(number)]

    def some(states: frozenset[State]) -> str:
        while True:
            number = draw.randrange(history.total)
            if history.state(number) in states:
                return history.case_no(number)

    def deep(state: State, of: str, account: str) -> str:
        row = service.records.cases.queue(CITY, [state], limit=1).rows[0]
        far = history.opened_at(int(history.total * draw.uniform(0.5, 0.9)))
        place = reading._cursor(_at(row, far))  # noqa: SLF001 - a place in the middle of a list
        return cursors.sign(place, of, account)

    clauses = _clauses()
    filed = f"queue:{CITY}:filed"
    every = frozenset(State)
    yield "load a case", lambda: reviewer.get(f"/v1/cases/{some(every)}")
    yield "journal of a case", lambda: reviewer.get(f"/v1/cases/{some(every)}/journal")
    yield "my matters, 20 of 100", lambda: entrant.get("/v1/cases?limit=20")
    yield "queue, first page", lambda: reviewer.get(f"/v1/desk/{CITY}/queue?state=filed")
    yield (
        "queue, page in the middle",
        lambda: reviewer.get(f"/v1/desk/{CITY}/queue?state=filed&cursor={deep(State.FILED, filed, accounts[1])}"),
    )
    yield "statistics", lambda: reviewer.get(f"/v1/desk/{CITY}/statistics")
    yield "open a case", lambda: entrant.post("/v1/cases", {"city": CITY})
    yield "act: save-clauses", lambda: entrant.post(f"/v1/cases/{draw.choice(own)}/save-clauses", {"clauses": clauses})
    yield (
        "feed, 100 lines in the middle",
        lambda: registry.get(f"/v1/registry/feed?limit=100&after={_after(cursors, history, draw)}"),
    )
    yield (
        "contract PDF by filing number",
        lambda: registry.get(f"/v1/registry/contracts/{filing_number_of(grown.filed, some(FILED))}.pdf"),
    )
    yield "filing by the code of its QR", lambda: reviewer.get(f"/v1/filings/{some(FILED)}")


def _after(cursors: Cursors, history: History, draw: random.Random) -> str:
    return cursors.sign(int(history.filings * draw.uniform(0.3, 0.85)), "feed", REGISTRY)


def _at(row: Any, at: Any) -> Any:
    from dataclasses import replace  # noqa: PLC0415

    return replace(row, updated_at=at)


def _clauses() -> dict[str, Any]:
    terms = json.loads((files("qianshu.demo_data") / "terms.json").read_text(encoding="utf-8"))
    return {name: terms[name] for name in CLAUSES if name in terms}


def _sheet(grown: list[Grown], rounds: int) -> Sheet:
    sizes = [f"{one.history.total:,}" for one in grown]
    columns = ("request", *(f"p50 ms, {size}" for size in sizes), *(f"p95 ms, {size}" for size in sizes), "p95 ratio")
    lines = tuple(
        (
            kind,
            *(round(percentile(one.times[kind], 0.5), 1) for one in grown),
            *(round(percentile(one.times[kind], 0.95), 1) for one in grown),
            round(percentile(grown[-1].times[kind], 0.95) / percentile(grown[0].times[kind], 0.95), 2),
        )
        for kind in grown[0].asks
    )
    note = (
        f"{rounds} requests of each kind for each size, in turn; asked: at most 1.5 times, from the first to the last."
    )
    return Sheet("growth", "The same requests in a growing PostgreSQL", columns, lines, (note,))


def _fills(grown: list[Grown]) -> Sheet:
    lines = tuple(
        (f"{one.history.total:,}", round(one.filled_seconds, 1), round(one.bytes_used / 1e9, 2), one.history.filings)
        for one in grown
    )
    return Sheet("growth-fill", "Databases measured", ("cases", "filled in s", "GB", "lines of the feed"), lines)
