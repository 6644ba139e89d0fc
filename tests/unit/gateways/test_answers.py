"""What counts as an answer, and what a service may hand us to keep or to show."""

from __future__ import annotations

import msgspec
import pytest

from gateways.answers import Answer, RawAnswer, checked_reference, decoded, demand_answered, segment
from gateways.endpoint import Endpoint
from gateways.web_addresses import checked_web_address
from identity.outside import (
    OutsideAnswerWrong,
    OutsideError,
    OutsideRefused,
    OutsideService,
    OutsideUnavailable,
)

SMS = OutsideService.SMS


class Told(Answer, frozen=True):
    ref: str


STATUSES: dict[int, tuple[type[OutsideError] | None, str]] = {
    200: (None, ""),
    201: (None, ""),
    202: (None, ""),
    204: (None, ""),
    301: (OutsideAnswerWrong, "unexpected_status"),
    304: (OutsideAnswerWrong, "unexpected_status"),
    307: (OutsideAnswerWrong, "unexpected_status"),
    400: (OutsideRefused, "refused"),
    401: (OutsideRefused, "credential"),
    403: (OutsideRefused, "credential"),
    404: (OutsideRefused, "unknown"),
    409: (OutsideRefused, "conflict"),
    422: (OutsideRefused, "refused"),
    429: (OutsideUnavailable, "busy"),
    500: (OutsideUnavailable, "failing"),
    502: (OutsideUnavailable, "failing"),
    503: (OutsideUnavailable, "busy"),
    504: (OutsideUnavailable, "failing"),
}


@pytest.mark.parametrize("status", STATUSES)
def test_every_status_means_one_thing(status: int) -> None:
    error, reason = STATUSES[status]
    answer = RawAnswer(status, "application/json", b"{}")
    if error is None:
        demand_answered(SMS, answer)
        return
    with pytest.raises(error) as caught:
        demand_answered(SMS, answer)
    assert caught.value.reason == reason
    assert caught.value.fields["retryable"] is (error is not OutsideRefused)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b'{"code": "number_blocked"}', "number_blocked"),
        (b'{"code": "\xe9\x99\x88\xe5\xbb\xba\xe5\x9b\xbd 420202197803120510"}', None),
        (b'{"code": 7}', None),
        (b'["code"]', None),
        (b"<html>", None),
        (b"\xff", None),
        (b'{"code":' + b"[" * 100_000, None),
    ],
)
def test_only_a_plain_code_of_a_refusal_is_kept(body: bytes, said: str | None) -> None:
    with pytest.raises(OutsideRefused) as caught:
        demand_answered(SMS, RawAnswer(422, "application/json", body))
    assert caught.value.fields.get("said") == said


WRONG: dict[str, tuple[str, str, bytes]] = {
    "another type": ("unexpected_type", "text/html", b'{"ref": "1"}'),
    "no type": ("unexpected_type", "", b'{"ref": "1"}'),
    "no JSON": ("garbage", "application/json", b"<html>"),
    "nothing": ("garbage", "application/json", b""),
    "no UTF-8": ("garbage", "application/json", b'{"ref": "\xff"}'),
    "a list": ("garbage", "application/json", b"[]"),
    "a missing key": ("garbage", "application/json", b"{}"),
    "an unknown key": ("garbage", "application/json", b'{"ref": "1", "extra": 1}'),
    "another kind of value": ("garbage", "application/json", b'{"ref": 1}'),
    "two answers": ("garbage", "application/json", b'{"ref": "1"}{"ref": "2"}'),
    "depth without end": ("garbage", "application/json", b'{"ref":' + b"[" * 100_000),
    "depth without end where nobody looks": ("garbage", "application/json", b'{"extra":' + b"[" * 100_000),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_no_answer_is_wrong(name: str) -> None:
    reason, content_type, body = WRONG[name]
    with pytest.raises(OutsideAnswerWrong) as caught:
        decoded(SMS, RawAnswer(200, content_type, body), Told)
    assert caught.value.reason == reason


class Open(msgspec.Struct, frozen=True):
    """As OpenID Connect wants it: what is not known is ignored."""

    ref: str


def test_depth_without_end_is_garbage_where_unknown_keys_are_ignored() -> None:
    body = b'{"extra":' + b"[" * 100_000 + b"]" * 100_000 + b', "ref": "1"}'
    with pytest.raises(OutsideAnswerWrong) as caught:
        decoded(SMS, RawAnswer(200, "application/json", body), Open)
    assert caught.value.reason == "garbage"


def test_an_answer_is_read() -> None:
    assert decoded(SMS, RawAnswer(200, "application/json", b'{"ref": "1"}'), Told) == Told(ref="1")


@pytest.mark.parametrize("text", ["", "a/b", "../x", "a b", "-a", "a\n", "号", "a" * 101, "a?b", "a%2Fb"])
def test_a_reference_is_short_and_plain(text: str) -> None:
    with pytest.raises(OutsideAnswerWrong):
        checked_reference(SMS, text)


@pytest.mark.parametrize("text", ["sms-000001", "CX202611200D84518D", "a.b_c-d"])
def test_a_plain_reference_is_kept(text: str) -> None:
    assert checked_reference(SMS, text) == text


def test_a_segment_cannot_leave_its_place() -> None:
    assert segment("../a?b#c/号") == "..%2Fa%3Fb%23c%2F%E5%8F%B7"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "/page/1",
        "//evil.example/",
        "https://user:pass@bank.example/",
        "ftp://bank.example/",
        "https://",
        "https://bank.example/\u202e",
        "https://bank.example/" + "a" * 2000,
        "http://[::1",
        "",
    ],
)
def test_no_browser_is_sent_to_what_is_no_web_address(url: str) -> None:
    with pytest.raises(OutsideAnswerWrong) as caught:
        checked_web_address(SMS, url)
    assert caught.value.reason == "address"


def test_a_web_address_is_kept_as_it_is() -> None:
    assert checked_web_address(SMS, "https://bank.example/a?b=c") == "https://bank.example/a?b=c"


@pytest.mark.parametrize(
    "change",
    [
        {"url": "ftp://a.example"},
        {"url": "https://"},
        {"url": "https://u:p@a.example"},
        {"url": "https://a.example/?token=1"},
        {"url": "https://a.example/#x"},
        {"url": "https://a.example", "credential": "secret\n"},
        {"url": "https://a.example", "credential": "密"},
        {"url": "https://a.example", "timeout_seconds": 0},
        {"url": "https://a.example", "timeout_seconds": 61},
        {"url": "https://a.example", "tries": 0},
        {"url": "https://a.example", "tries": 6},
        {"url": "https://a.example", "first_delay_seconds": -1},
    ],
)
def test_an_endpoint_out_of_bounds_stops_the_start(change: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="outside service"):
        Endpoint(**change)


def test_an_endpoint_does_not_show_its_credential() -> None:
    assert "top-secret" not in repr(Endpoint("https://a.example", "top-secret"))


def test_errors_say_the_same_in_both_languages_and_as_data() -> None:
    error = OutsideUnavailable(OutsideService.LAND_REGISTER, "slow")
    assert error.zh == "不动产登记系统暂时无法使用，请稍后再试"
    assert error.en == "waiting for the land register: try again later"
    assert msgspec.json.encode(error.to_dict())
    assert error.fields == {"service": "land_register", "reason": "slow", "retryable": True}
