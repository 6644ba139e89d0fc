"""Sales side by side: each lane is a family of people who sell one house after another, each in a browser of their own.

The people log in once per lane; a sale is measured from opening its case to the sealed, archived contract. Houses are
copies the sandbox makes. Every request can be timed, by kind: the method and the path without its identifiers.
"""

from __future__ import annotations

import re
import threading
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from qianshu.demo.city.browser import Browser
from qianshu.demo.city.cast import CASTS, STAFF, Cast
from qianshu.demo.city.client import Client, until
from qianshu.demo.city.sale import Sale, Stage, Step
from qianshu.service.trial import REGISTRY

if TYPE_CHECKING:
    import urllib.request
    from collections.abc import Callable, Iterator

    from bench.processes import Stand
    from qianshu.demo.city.browser import Answer

__all__ = ["FILED", "Lane", "SalesLog", "TimedBrowser", "kind_of", "lanes_of", "run_lanes"]

FILED = "备案 filed"
"""The step at whose end a contract is sealed and in the archive."""

MORE = {
    "huangshi": Cast("hs-joint", ("zhao-xiaomei", "wu-guodong"), "gu-deming"),
    "zhongshan": Cast("zs-joint", ("handler-unbound", "handler-awaiting"), "handler-expired"),
}
"""A second lane of two cities: people of the sandbox who are in no other lane."""


@dataclass
class SalesLog:
    """What lanes write down; threads share it."""

    sales: list[tuple[float, float]] = field(default_factory=list)
    """Begin and end of each, monotonic."""

    requests: list[tuple[str, float]] = field(default_factory=list)
    """Kind and seconds of each."""

    faults: list[BaseException] = field(default_factory=list)
    """What ended a lane before its time."""

    def filed_within(self, begin: float, end: float) -> float:
        """Sales filed in a time; of a sale begun before or ended after it, the share that was in it."""
        return sum(max(0.0, min(end, ended) - max(begin, began)) / (ended - began) for began, ended in self.sales)


class TimedBrowser(Browser):
    """Writes down how long each request took."""

    log: SalesLog

    @classmethod
    def after(cls, browser: Browser, log: SalesLog) -> TimedBrowser:
        """The same person's, timed from now on."""
        timed = cls(browser.base_url, browser.headers)
        timed._opener = browser._opener  # noqa: SLF001 - the cookies
        timed.log = log
        return timed

    def _send(self, request: urllib.request.Request) -> Answer:
        began = time.perf_counter()
        try:
            return super()._send(request)
        finally:
            spent = time.perf_counter() - began
            self.log.requests.append((kind_of(request.get_method(), request.full_url), spent))


def kind_of(method: str, url: str) -> str:
    """``POST /v1/cases/{no}/sign``: identifiers and the query left out."""
    path = "/" + url.split("?", 1)[0].split("/", 3)[3]
    path = re.sub(r"/cases/(?!find-to-join)[^/]+", "/cases/{no}", path)
    path = re.sub(r"/contracts/[^/]+", "/contracts/{number}.pdf", path)
    path = re.sub(r"/papers/[^/.]+", "/papers/{name}", path)
    path = re.sub(r"/(cities|desk)/[^/]+", r"/\1/{city}", path)
    path = re.sub(r"/pages/[^/]+", "/pages/{n}", path)
    path = re.sub(r"/filings/[^/]+", "/filings/{code}", path)
    return f"{method} {path}"


class LaneClient(Client):
    """Somebody who sells again and again: a code that was read is not read again."""

    used: set[str]

    @classmethod
    def after(cls, client: Client, log: SalesLog) -> LaneClient:
        """The same person, timed from now on."""
        lasting = cls.__new__(cls)
        lasting.__dict__.update(client.__dict__)
        lasting.browser, lasting.used = TimedBrowser.after(client.browser, log), set()
        return lasting

    def code(self, words: str) -> str:
        """The newest code not read before."""

        def found() -> str | None:
            for message in self.sandbox.get("/sandbox/sms", phone=self.phone).json["messages"]:
                code = message["values"].get("code")
                if code and words in message["text"] and message["message_ref"] not in self.used:
                    self.used.add(message["message_ref"])
                    return str(code)
            return None

        return until(found, f"no code for {self.person}")


class _SaleOfALane(Sale):
    """A sale whose people have logged in already."""

    def steps(self) -> Iterator[Step]:
        if not self.clients:
            yield self._log_in()
        yield self._open()
        yield from self._check_house()
        yield self._enter_sellers()
        yield self._enter_buyer()
        yield self._enter_terms()
        yield from self._hand_in_materials("generate_text")
        yield self._fix_text()
        yield from self._prepare()
        yield from self._sign()
        yield from self._file()
        yield from self._register()

    def log_in(self, log: SalesLog) -> None:
        """Everybody, once; timed from then on."""
        self._log_in()
        self.clients = {person: LaneClient.after(client, log) for person, client in self.clients.items()}


class Lane:
    """One family in one city."""

    def __init__(self, where: Stand, registry_secret: str, city: str, cast: Cast) -> None:
        self._cast = cast
        self._sandbox = Browser(where.sandbox_url)
        self._stage = Stage(where.url, where.sandbox_url, (REGISTRY, registry_secret), city, cast, STAFF)
        self._first: _SaleOfALane | None = None

    def sell(self, log: SalesLog, until: str = FILED, past: tuple[str, ...] = ()) -> Sale:
        """One sale, to the end of the step ``until``; ``past``: titles after which to stop instead, seen first."""
        house = self._sandbox.post("/sandbox/houses", {"like": self._cast.house, "owners": list(self._cast.owners)})
        cast = Cast(house.json["houses"][0]["id"], self._cast.owners, self._cast.buyer)
        sale = _SaleOfALane(replace(self._stage, cast=cast))
        if self._first is None:
            sale.log_in(log)
            self._first = sale
        sale.clients, sale.profile = self._first.clients, self._first.profile
        self._listen(log)
        began = time.monotonic()
        for step in sale.steps():
            if step.title == until or step.title in past:
                break
        log.sales.append((began, time.monotonic()))
        return sale

    def _listen(self, log: SalesLog) -> None:
        for client in self.clients.values():
            if isinstance(client.browser, TimedBrowser):
                client.browser.log = log

    @property
    def clients(self) -> dict[str, Client]:
        """Who has logged in, by name in the sandbox."""
        return {} if self._first is None else self._first.clients


def lanes_of(where: Stand, registry_secret: str, count: int) -> list[Lane]:
    """So many lanes, of all cities in turn."""
    casts = [*CASTS.items(), *MORE.items()]
    return [Lane(where, registry_secret, city, cast) for city, cast in casts[:count]]


def run_lanes(lanes: list[Lane], log: SalesLog, go_on: Callable[[], bool]) -> list[threading.Thread]:
    """Start each lane in a thread of its own; it sells while ``go_on``, and is waited for by joining."""

    def run(lane: Lane) -> None:
        try:
            while go_on():
                lane.sell(log)
        except BaseException as fault:  # noqa: BLE001 - told by whoever waits
            log.faults.append(fault)

    threads = [threading.Thread(target=run, args=(lane,), daemon=True) for lane in lanes]
    for thread in threads:
        thread.start()
    return threads
