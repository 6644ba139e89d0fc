"""How outside services answered last: noted at once when it changes, seldom while it does not, never in the way."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from types import SimpleNamespace

import pytest

from api.ports import OutsideState
from gateways.endpoint import OutsideCall
from identity.outside import OutsideService
from qianshu.service.operator_outside import OutsideBoard
from qianshu.service.outside_ledger import EVERY_SECONDS, Ledger
from qianshu.service_settings import IdentityProviderAddress, OutsideSettings, ServiceAddress
from signing.time.faults import fault
from storage.errors import StorageUnavailable
from storage.operations import SqlOutsideCalls
from storage.records.database import Database
from tests.builders.keyring import NOW

SLOW = "outside.unavailable:slow"


@dataclass
class Noted:
    """What would be written."""

    notes: list[tuple[str, str | None]] = field(default_factory=list)
    is_down: bool = False

    def answered(self, service: str, at: object, took_ms: int) -> None:
        self._note(service, None)

    def failed(self, service: str, at: object, failure: str) -> None:
        self._note(service, failure)

    def _note(self, service: str, failure: str | None) -> None:
        if self.is_down:
            raise StorageUnavailable("storage.unavailable", zh="没有", en="none")
        self.notes.append((service, failure))


@dataclass
class Time:
    seconds: float = 100.0

    def __call__(self) -> float:
        return self.seconds


def call(outcome: str) -> OutsideCall:
    return OutsideCall(OutsideService.SMS, "send", outcome, 0.012)


@pytest.fixture
def book() -> tuple[Ledger, Noted, Time]:
    noted, time = Noted(), Time()
    return Ledger(noted, lambda: NOW, time), noted, time


def test_a_change_is_noted_at_once_and_the_same_again_only_after_a_while(book) -> None:
    ledger, noted, time = book
    for outcome in ("answered", "answered", SLOW, SLOW, "answered"):
        ledger.observe(call(outcome))
    assert noted.notes == [("sms", None), ("sms", SLOW), ("sms", None)]
    time.seconds += EVERY_SECONDS
    ledger.observe(call("answered"))
    assert len(noted.notes) == 4


def test_whoever_refuses_has_answered_and_whoever_answers_nonsense_has_not(book) -> None:
    ledger, noted, _ = book
    ledger.observe(call("outside.refused:no_such_house"))
    ledger.observe(call("outside.answer_wrong:unexpected_type"))
    assert noted.notes == [("sms", None), ("sms", "outside.answer_wrong:unexpected_type")]


def test_a_note_that_cannot_be_written_is_nobodys_error(book) -> None:
    ledger, noted, _ = book
    noted.is_down = True
    ledger.observe(call("answered"))


def test_a_time_stamp_source_is_watched_and_answers_as_before(book) -> None:
    ledger, noted, _ = book

    def post(request: bytes, seconds: float) -> bytes:
        if request == b"bad":
            raise fault("time.slow", timeout_seconds=seconds)
        return b"token"

    source = ledger.watched(SimpleNamespace(name="tsa.example", post=post))
    assert (source.name, source.post(b"good", 1.0)) == ("tsa.example", b"token")
    with pytest.raises(Exception, match=r"time\.slow"):
        source.post(b"bad", 1.0)
    assert noted.notes == [("timestamp:tsa.example", None), ("timestamp:tsa.example", "time.slow")]


def test_what_was_never_asked_or_not_for_a_day_is_not_called_good(database: Database, tmp_path) -> None:
    calls = SqlOutsideCalls(database)
    calls.answered("sms", NOW, 3)
    calls.answered("face", NOW - timedelta(days=2), 3)
    calls.failed("bank", NOW, SLOW)
    address = ServiceAddress("https://a.example/v1", tmp_path)
    names = [name for name in OutsideSettings.__dataclass_fields__ if name != "identity_provider"]
    provider = IdentityProviderAddress("https://id.example/oidc", "client", tmp_path)
    outside = OutsideSettings(identity_provider=provider, **dict.fromkeys(names, address))
    timestamps = SimpleNamespace(urls=("https://tsa.example/x",), trust_file=tmp_path)
    settings = SimpleNamespace(service=SimpleNamespace(outside=outside), timestamps=timestamps)
    lines = {line.service: line for line in OutsideBoard(calls, settings).lines(NOW)}
    states = {name: lines[name].state for name in ("sms", "face", "bank", "land_register", "timestamp:tsa.example")}
    assert states == {
        "sms": OutsideState.ANSWERING,
        "face": OutsideState.QUIET,
        "bank": OutsideState.FAILING,
        "land_register": OutsideState.UNKNOWN,
        "timestamp:tsa.example": OutsideState.UNKNOWN,
    }
    assert lines["identity_provider"].address == "https://id.example"
    assert set(OutsideService) <= {*lines}
