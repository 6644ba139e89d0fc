"""The record of what was issued: durable before the act, readable by every process, honest about damage."""

from __future__ import annotations

import json
import multiprocessing
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.x509 import ReasonFlags

from signing.errors import KeyStoreError
from signing.keys.issuance_log import IssuanceLog, Revocation

NOW = datetime(2026, 11, 21, 8, 0, tzinfo=UTC)
DIGEST = "ab" * 32


@pytest.fixture
def path(tmp_path):
    return tmp_path / "issuing-0001.log"


def test_a_log_nobody_wrote_knows_nothing(path):
    log = IssuanceLog(path)
    assert not log.was_issued(1)
    assert log.revocations() == ()


def test_remembers_across_processes_what_was_issued_and_revoked(path):
    log = IssuanceLog(path)
    log.record_issued(0xABC, DIGEST, NOW)
    log.record_revoked(Revocation(0xABC, NOW, ReasonFlags.superseded))
    again = IssuanceLog(path)
    assert again.was_issued(0xABC)
    assert not again.was_issued(0xABD)
    assert again.revocation_of(0xABC) == Revocation(0xABC, NOW, ReasonFlags.superseded)


def test_sees_what_another_process_added_since(path):
    reader, writer = IssuanceLog(path), IssuanceLog(path)
    assert not reader.was_issued(7)
    writer.record_issued(7, DIGEST, NOW)
    assert reader.was_issued(7)
    writer.record_revoked(Revocation(7, NOW, ReasonFlags.unspecified))
    assert reader.revocation_of(7) is not None


def test_the_first_revocation_stands(path):
    log = IssuanceLog(path)
    first = Revocation(7, NOW, ReasonFlags.key_compromise)
    log.record_revoked(first)
    log.record_revoked(Revocation(7, NOW.replace(year=2027), ReasonFlags.superseded))
    assert IssuanceLog(path).revocations() == (first,)


def test_each_line_is_json_and_only_ever_added(path):
    log = IssuanceLog(path)
    log.record_issued(1, DIGEST, NOW)
    before = path.read_bytes()
    log.record_issued(2, DIGEST, NOW)
    assert path.read_bytes().startswith(before)
    assert [json.loads(line) for line in path.read_text().splitlines()] == [
        {"event": "issued", "serial": serial, "subject": DIGEST, "at": "2026-11-21T08:00:00+00:00"} for serial in "12"
    ]


@pytest.mark.parametrize("torn", [b"{", b'{"event":"issued","serial":"9', b'{"event":"issued","serial":"9"}'])
def test_a_line_torn_by_a_crash_is_skipped_and_the_next_is_whole(path, torn):
    log = IssuanceLog(path)
    log.record_issued(1, DIGEST, NOW)
    with path.open("ab") as file:
        file.write(torn)
    assert IssuanceLog(path).was_issued(1)
    log.record_issued(2, DIGEST, NOW)
    again = IssuanceLog(path)
    assert [again.was_issued(serial) for serial in (1, 2, 9)] == [True, True, False]


@pytest.mark.parametrize(
    "line",
    [
        b"{}\n",
        b"\n",
        b'{"event":"issued"}\n',
        b'{"event":"forgotten","serial":"1"}\n',
        b'{"event":"issued","serial":"x"}\n',
        b'{"event":"revoked","serial":"1","at":"yesterday","reason":"unspecified"}\n',
        b'{"event":"revoked","serial":"1","at":"2026-11-21T08:00:00+00:00","reason":"whim"}\n',
    ],
)
def test_a_damaged_line_stops_the_authority(path, line):
    path.write_bytes(line)
    with pytest.raises(KeyStoreError) as caught:
        IssuanceLog(path).was_issued(1)
    assert caught.value.code == "key.file_damaged"


def test_a_damaged_line_goes_on_stopping_it(path):
    path.write_bytes(b"{}\n")
    log = IssuanceLog(path)
    for _ in range(2):
        with pytest.raises(KeyStoreError):
            log.revocations()


def test_refuses_when_the_record_cannot_be_written(path):
    path.mkdir()
    with pytest.raises(KeyStoreError) as caught:
        IssuanceLog(path).record_issued(1, DIGEST, NOW)
    assert caught.value.code == "key.file_unwritable"


def test_a_full_disk_is_a_refusal():
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("needs /dev/full")
    with pytest.raises(KeyStoreError) as caught:
        IssuanceLog(full).record_issued(1, DIGEST, NOW)
    assert caught.value.code == "key.file_unwritable"


def _write(task):
    path, first = task
    log = IssuanceLog(path)
    for serial in range(first, first + 25):
        log.record_issued(serial, DIGEST, NOW)


def test_threads_and_processes_write_whole_lines(path):
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(_write, [(path, 1000 * n) for n in range(4)]))
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        pool.map(_write, [(path, 10_000 * (n + 1)) for n in range(2)])
    log = IssuanceLog(path)
    assert all(log.was_issued(1000 * n + i) for n in range(4) for i in range(25))
    assert all(log.was_issued(10_000 * (n + 1) + i) for n in range(2) for i in range(25))
    assert len(path.read_bytes().splitlines()) == 150
