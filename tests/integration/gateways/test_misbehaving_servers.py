"""A server that hangs, drips, cuts, resets or never ends: given up in time, with one clear error."""

from __future__ import annotations

import time

import pytest

from gateways.endpoint import Endpoint, Surroundings
from gateways.sms import HttpSms
from identity.outside import OutsideAnswerWrong, OutsideError, OutsideUnavailable
from tests.builders import tsa_server
from tests.builders.sandbox import NOW
from tests.builders.tsa_server import Behaviour, Handler, closed_port_url, serving

RECEIPT = b'{"message_ref": "sms-1", "request_id": "1", "accepted_at": "2026-11-20T02:00:00Z"}'


def say(body: bytes, status: int = 200, **headers: str) -> Behaviour:
    return lambda handler, _: handler.reply(body, status, content_type="application/json", **headers)


def send(url: str, **limits: float) -> object:
    endpoint = Endpoint(url, "credential", **{"timeout_seconds": 0.25, "tries": 1, **limits})  # type: ignore[arg-type]
    sms = HttpSms(endpoint, Surroundings(clock=lambda: NOW, sleep=lambda _: None))
    try:
        return sms.send("13800000001", "码{code}", {"code": "482913"}, request_id="1")
    finally:
        sms.close()


def elsewhere(handler: Handler, body: bytes) -> None:
    del body
    handler.reply(RECEIPT, 307, content_type="application/json", Location="/elsewhere")


BEHAVIOURS: dict[str, tuple[type[OutsideError], str, Behaviour]] = {
    "says nothing": (OutsideUnavailable, "slow", tsa_server.hang),
    "drips its headers": (OutsideUnavailable, "slow", tsa_server.drip_headers),
    "drips its body": (OutsideUnavailable, "slow", tsa_server.drip_body),
    "hangs up": (OutsideUnavailable, "unreachable", tsa_server.hang_up),
    "resets the connection": (OutsideUnavailable, "unreachable", tsa_server.reset),
    "is no HTTP server": (OutsideUnavailable, "unreachable", tsa_server.not_http),
    "cuts its body": (OutsideUnavailable, "unreachable", tsa_server.cut_body),
    "never ends": (OutsideAnswerWrong, "too_long", tsa_server.endless_body),
    "redirects": (OutsideAnswerWrong, "unexpected_status", elsewhere),
    "answers in another type": (OutsideAnswerWrong, "unexpected_type", lambda handler, _: handler.reply(RECEIPT)),
    "answers compressed": (OutsideAnswerWrong, "garbage", say(b"\x1f\x8b\x08", Content_Encoding="gzip")),
    "answers somebody else": (OutsideAnswerWrong, "other_reference", say(RECEIPT.replace(b'"1"', b'"2"'))),
}


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_a_misbehaving_server_is_one_clear_error(name: str) -> None:
    error, reason, behaviour = BEHAVIOURS[name]
    with serving(behaviour) as server, pytest.raises(error) as caught:
        send(server.url)
    assert caught.value.reason == reason
    assert len(server.requests) == 1


def test_a_dripping_server_cannot_stretch_the_time() -> None:
    """Every octet comes well within any limit for a single read; the whole would take a minute and a half."""
    with serving(tsa_server.drip_headers) as server:
        started = time.monotonic()
        with pytest.raises(OutsideUnavailable):
            send(server.url)
        assert time.monotonic() - started < 5  # a limit of the test, not a measurement


def test_nobody_there_is_unavailable() -> None:
    with pytest.raises(OutsideUnavailable) as caught:
        send(closed_port_url())
    assert caught.value.reason == "unreachable"


def test_an_honest_server_is_asked_as_documented() -> None:
    with serving(say(RECEIPT)) as server:
        assert send(server.url)
    (asked,) = server.requests
    assert (asked.path, asked.content_type) == ("/tsa/messages", "application/json")


def test_delays_grow_and_are_bounded() -> None:
    slept: list[float] = []
    endpoint = Endpoint(closed_port_url(), tries=5, first_delay_seconds=0.6, timeout_seconds=0.25)
    sms = HttpSms(endpoint, Surroundings(sleep=slept.append))
    with pytest.raises(OutsideUnavailable):
        sms.send("13800000001", "码", {}, request_id="1")
    assert slept == [0.6, 1.2, 2.0, 2.0]


def test_a_kept_connection_that_died_is_opened_anew() -> None:
    """Closed by the other side between two calls: the repeat opens a new one."""
    with serving(say(RECEIPT)) as server:
        sms = HttpSms(Endpoint(server.url, tries=2), Surroundings(sleep=lambda _: None))
        for _ in range(3):
            assert sms.send("13800000001", "码", {}, request_id="1")
        sms.close()
