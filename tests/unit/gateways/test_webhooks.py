"""Posting to an address that somebody else chose: what is gone to, and what is not."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

import pytest

from gateways.webhooks import HttpWebhooks, public_address, public_or_loopback
from identity.outside import OutsideError, OutsideRefused, OutsideUnavailable
from tests.builders import tsa_server
from tests.builders.tsa_server import Behaviour, closed_port_url, serving

PRIVATE = (
    "127.0.0.1",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "0.0.0.0",
    "224.0.0.1",
    "255.255.255.255",
    "::1",
    "::",
    "fe80::1",
    "fc00::1",
    "ff02::1",
    "::ffff:10.1.2.3",
    "::ffff:127.0.0.1",
    "64:ff9b::a01:203",
    "2002:0a01:0203::1",
)


@pytest.fixture
def hooks() -> Iterator[HttpWebhooks]:
    one = HttpWebhooks(public_or_loopback, timeout_seconds=0.4)
    yield one
    one.close()


def reason_of(url: str, hooks: HttpWebhooks) -> tuple[type[OutsideError], str]:
    with pytest.raises(OutsideError) as caught:
        hooks.post(url, {}, b"{}")
    return type(caught.value), caught.value.reason


@pytest.mark.parametrize("text", PRIVATE)
def test_an_address_inside_is_never_public(text: str) -> None:
    assert not public_address(ip_address(text))


@pytest.mark.parametrize("text", ["1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"])
def test_an_address_of_the_net_is_public(text: str) -> None:
    assert public_address(ip_address(text))


@pytest.mark.parametrize("text", ["10.1.2.3", "169.254.169.254", "::ffff:10.1.2.3"])
def test_loopback_allowed_allows_loopback_alone(text: str) -> None:
    assert public_or_loopback(ip_address("127.0.0.1"))
    assert not public_or_loopback(ip_address(text))


@pytest.mark.parametrize(
    "url",
    [
        "http://registry.example/hook",
        "http://10.1.2.3/hook",
        "ftp://127.0.0.1/hook",
        "https://user:secret@127.0.0.1/hook",
        "https:///hook",
        "https://[::1/hook",
        "",
    ],
)
def test_an_address_that_is_not_https_nor_loopback_is_not_gone_to(url: str, hooks: HttpWebhooks) -> None:
    assert reason_of(url, hooks) == (OutsideRefused, "address")


def test_in_a_city_loopback_is_not_gone_to_either() -> None:
    hooks = HttpWebhooks()
    with serving(answers(204)) as server:
        assert reason_of(server.url, hooks) == (OutsideRefused, "address")
        assert reason_of(server.url.replace("http:", "https:"), hooks) == (OutsideRefused, "address")
    assert server.requests == []
    hooks.close()


def test_a_name_that_leads_inside_is_not_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding: what the name said when it was subscribed is not asked; what it says now is judged."""

    def inside(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        assert host == "registry.example"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (text, port)) for text in ("10.1.2.3", "127.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", inside)
    hooks = HttpWebhooks(timeout_seconds=0.4)
    assert reason_of("https://registry.example/hook", hooks) == (OutsideRefused, "address")
    hooks.close()


@pytest.mark.allow_hosts(["127.0.0.1", "127.0.0.2"])
def test_a_host_that_answers_at_its_second_address_is_reached(
    hooks: HttpWebhooks, monkeypatch: pytest.MonkeyPatch
) -> None:
    with serving(answers(204)) as server:
        port = urlsplit(server.url).port
        entries = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (text, port)) for text in ("127.0.0.2", "127.0.0.1")]
        monkeypatch.setattr("gateways.webhooks.socket.getaddrinfo", lambda *_, **__: entries)
        assert hooks.post(f"http://localhost:{port}/", {}, b"{}") == 204


@pytest.mark.parametrize("status", [200, 204, 307, 410, 500])
def test_the_status_is_given_back_whatever_it_is_and_no_redirect_is_followed(status: int, hooks: HttpWebhooks) -> None:
    with serving(answers(status, Location="/elsewhere")) as server:
        assert hooks.post(server.url, {"webhook-id": "msg_1"}, b"{}") == status
        assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        (tsa_server.hang, "slow"),
        (tsa_server.drip_headers, "slow"),
        (tsa_server.hang_up, "unreachable"),
        (tsa_server.reset, "unreachable"),
        (tsa_server.not_http, "unreachable"),
    ],
)
def test_a_misbehaving_subscriber_is_one_clear_error(behaviour: Behaviour, reason: str, hooks: HttpWebhooks) -> None:
    with serving(behaviour) as server:
        assert reason_of(server.url, hooks) == (OutsideUnavailable, reason)


def test_an_endless_answer_is_not_read(hooks: HttpWebhooks) -> None:
    with serving(tsa_server.endless_body) as server:
        assert hooks.post(server.url, {}, b"{}") == 200


def test_nobody_at_home_is_unreachable(hooks: HttpWebhooks) -> None:
    assert reason_of(closed_port_url(), hooks) == (OutsideUnavailable, "unreachable")


def answers(status: int, **headers: str) -> Behaviour:
    return lambda handler, _: handler.reply(b"", status, content_type="text/plain", **headers)
