"""The one door to every outside service: bounded in time and size, strangers' exceptions translated once.

What a call does:

1. one deadline per try covers everything from the first packet to the last octet;
2. no redirect is followed, no proxy read from the environment, no content decoded;
3. the answer must have an expected status, be JSON and have the expected shape, unknown keys refused;
4. a call that may be repeated is repeated a few times, with growing delay, if nothing is known
   (:class:`OutsideUnavailable`); never if it was refused or the answer was wrong;
5. what is observed and logged is service, operation, outcome and duration: no address with a query, no body.
"""

from __future__ import annotations

import logging
import ssl
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final, Literal, TypeVar

import httpcore
import msgspec

from gateways.answers import RawAnswer, decoded, demand_answered
from gateways.deadline import DeadlineBackend, deadline
from gateways.endpoint import Endpoint, OutsideCall, Surroundings
from identity.outside import OutsideAnswerWrong, OutsideError, OutsideService, OutsideUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from datetime import datetime

__all__ = ["HttpAdapter", "OutsideHttp"]

_log = logging.getLogger("qianshu.gateways")

T = TypeVar("T")

LONGEST_DELAY_SECONDS: Final = 2.0
"""Somebody waits at the other end of an interactive call; what takes longer is the job queue's to repeat."""


@dataclass(frozen=True, slots=True)
class _Request:
    method: Literal["GET", "POST"]
    url: str
    headers: Mapping[str, str]
    content: bytes = b""


class OutsideHttp:
    """A client of one service. Safe to share between threads; connections are kept."""

    def __init__(self, service: OutsideService, endpoint: Endpoint, surroundings: Surroundings | None = None) -> None:
        self._service = service
        self._endpoint = endpoint
        self._around = surroundings or Surroundings()
        context = None
        if endpoint.url.startswith("https:"):
            context = ssl.create_default_context(cafile=endpoint.ca_file)
        # keepalive below what servers usually keep (uvicorn: 5 s), so that a dead connection is seldom tried.
        self._pool = httpcore.ConnectionPool(
            ssl_context=context, max_connections=50, keepalive_expiry=4.0, network_backend=DeadlineBackend()
        )

    @property
    def service(self) -> OutsideService:
        return self._service

    @property
    def clock(self) -> Callable[[], datetime]:
        return self._around.clock

    def get(self, operation: str, path: str, shape: type[T]) -> T:
        """The JSON answer of ``path`` (percent-encoded, relative to the service's URL)."""
        request = _Request("GET", self.url(path), self._headers())
        return decoded(self._service, self.fetch(operation, request.url, headers=request.headers), shape)

    def post(self, operation: str, path: str, body: object, shape: type[T]) -> T:
        """The JSON answer to ``body`` as JSON. Every call of this service must be harmless twice: it is repeated."""
        headers = {**self._headers(), "Content-Type": "application/json"}
        request = _Request("POST", self.url(path), headers, msgspec.json.encode(body))
        return decoded(self._service, self._repeated(operation, request, self._endpoint.tries), shape)

    def fetch(self, operation: str, url: str, *, headers: Mapping[str, str]) -> RawAnswer:
        """GET of a whole URL, repeated if need be."""
        return self._repeated(operation, _Request("GET", url, headers), self._endpoint.tries)

    def send_once(self, operation: str, url: str, *, headers: Mapping[str, str], content: bytes) -> RawAnswer:
        """POST of a whole URL, never repeated: for what is used up by the first try."""
        return self._repeated(operation, _Request("POST", url, headers, content), 1)

    def url(self, path: str) -> str:
        return f"{self._endpoint.url.rstrip('/')}/{path.lstrip('/')}"

    def close(self) -> None:
        self._pool.close()

    def _headers(self) -> dict[str, str]:
        credential = self._endpoint.credential
        return {"Accept": "application/json", **({"Authorization": f"Bearer {credential}"} if credential else {})}

    def _repeated(self, operation: str, request: _Request, tries: int) -> RawAnswer:
        *delays, last = [*self._delays(tries - 1), None]
        for delay in delays:
            try:
                return self._try(operation, request)
            except OutsideUnavailable:
                self._around.sleep(delay or 0.0)
        del last
        return self._try(operation, request)

    def _delays(self, count: int) -> Iterator[float]:
        for turn in range(count):
            yield min(self._endpoint.first_delay_seconds * 2**turn, LONGEST_DELAY_SECONDS)

    def _try(self, operation: str, request: _Request) -> RawAnswer:
        started = time.monotonic()
        outcome = "answered"
        try:
            return self._exchange(request)
        except OutsideError as error:
            outcome = f"{error.code}:{error.reason}"
            raise
        finally:
            call = OutsideCall(self._service, operation, outcome, time.monotonic() - started)
            self._around.observe(call)
            _tell(call)

    def _exchange(self, request: _Request) -> RawAnswer:
        try:
            with deadline(self._endpoint.timeout_seconds):
                answer = self._stream(request)
        except httpcore.TimeoutException as error:
            raise OutsideUnavailable(self._service, "slow") from error
        except (httpcore.NetworkError, httpcore.ProtocolError, ssl.SSLError) as error:
            # A protocol error is mostly a kept connection that the other side has just closed.
            raise OutsideUnavailable(self._service, "unreachable") from error
        demand_answered(self._service, answer)
        return answer

    def _stream(self, request: _Request) -> RawAnswer:
        headers = {**request.headers, "User-Agent": "qianshu"}
        with self._pool.stream(
            request.method,
            request.url,
            headers=list(headers.items()),
            content=request.content,
            extensions={"timeout": {"pool": self._endpoint.timeout_seconds}},
        ) as response:
            body = bytearray()
            for chunk in response.iter_stream():
                body += chunk
                if len(body) > self._endpoint.max_answer_bytes:
                    raise OutsideAnswerWrong(self._service, "too_long")
            given = {name.lower(): value for name, value in response.headers}
            content_type = given.get(b"content-type", b"").partition(b";")[0].strip().lower().decode("ascii", "replace")
            return RawAnswer(response.status, content_type, bytes(body))


class HttpAdapter:
    """What every adapter of a service has in common: its client, and an end."""

    SERVICE: ClassVar[OutsideService]

    def __init__(self, endpoint: Endpoint, surroundings: Surroundings | None = None) -> None:
        self._http = OutsideHttp(self.SERVICE, endpoint, surroundings)

    def close(self) -> None:
        """Give the connections back."""
        self._http.close()


def _tell(call: OutsideCall) -> None:
    level = logging.DEBUG if call.outcome == "answered" else logging.WARNING
    facts = {"service": call.service.value, "operation": call.operation, "outcome": call.outcome}
    _log.log(level, "outside_call", extra={**facts, "seconds": round(call.seconds, 3)})
