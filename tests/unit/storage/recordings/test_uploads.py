"""Uploads: nothing lost, nothing twice, nothing in clear, whoever dies in between."""

from __future__ import annotations

import hashlib
import io
import os
import signal
import subprocess
import sys
import threading
import zlib
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from errors import QianshuError
from storage.errors import ObjectAltered, ObjectMissing, StorageError, UploadStopped
from storage.recordings import staging as staging_module
from tests.builders.recordings import BEGUN_AT, CASE_NO, Clock, Store, asked, store_in

ROOT = Path(__file__).resolve().parents[4]
FILM = hashlib.shake_256(b"a film").digest(700_001)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Store:
    return store_in(tmp_path, clock)


def in_clear(store: Store, upload_id: str) -> bytes:
    with store.recordings.open_upload(upload_id) as stream:
        return stream.read()


def test_an_upload_becomes_a_file_of_its_case(store: Store) -> None:
    upload_id = store.upload(FILM)
    facts = store.recordings.finished(upload_id)
    assert (facts.case_no, facts.owner, facts.size_bytes) == (CASE_NO, "account-1", len(FILM))
    assert facts.sha256 == hashlib.sha256(FILM).hexdigest()
    assert facts.metadata["filename"] == "我的视频.mp4"
    assert store.recordings.keep(upload_id, "video/mp4") == facts.sha256
    kept = store.streams.facts(CASE_NO, facts.sha256)
    assert (kept.sha256, kept.crc32, kept.size_bytes, kept.media_type) == (
        facts.sha256,
        zlib.crc32(FILM),
        len(FILM),
        "video/mp4",
    )
    with store.streams.open(CASE_NO, facts.sha256) as stream:
        assert stream.read() == FILM
        stream.seek(400_000)
        assert stream.read(10) == FILM[400_000:400_010]
    assert store.evidence.media_type(CASE_NO, facts.sha256) == "video/mp4"
    assert store.archive.objects.contains(store.evidence.envelope_of(CASE_NO, facts.sha256))


def test_goes_on_where_it_stopped_in_another_process(tmp_path: Path, store: Store) -> None:
    upload_id = store.staging.begin(asked(len(FILM))).upload_id
    store.send(upload_id, FILM[:300_000], 0)
    other = store_in(tmp_path)
    assert other.staging.offset(upload_id) == 300_000
    other.send(upload_id, FILM[300_000:500_000], 300_000)
    store.send(upload_id, FILM[500_000:], 500_000)
    assert in_clear(other, upload_id) == FILM
    assert store.recordings.finished(upload_id).sha256 == hashlib.sha256(FILM).hexdigest()
    assert other.staging.measured(upload_id).crc32 == zlib.crc32(FILM)


def test_nothing_on_the_disk_shows_the_content(tmp_path: Path, store: Store) -> None:
    upload_id = store.upload(b"my name is Zhou Mingyuan" * 1000)
    store.recordings.keep(store.upload(b"my name is Zhou Mingyuan" * 1001), "video/mp4")
    for path in tmp_path.rglob("*"):
        content = path.read_bytes() if path.is_file() else b""
        assert b"Zhou" not in content, path
        assert b"buyer-1" not in content, path
    assert in_clear(store, upload_id).startswith(b"my name")


def test_a_block_that_fails_keeps_what_came(store: Store) -> None:
    upload_id = store.staging.begin(asked(len(FILM))).upload_id

    def send_and_break() -> None:
        with store.staging.receiving(upload_id, 0) as receiving:
            receiving.take(FILM[:1000])
            raise ConnectionError

    with pytest.raises(ConnectionError):
        send_and_break()
    assert store.staging.offset(upload_id) == 1000


@pytest.mark.parametrize("offset", [0, 999, 1001, 5000])
def test_refuses_bytes_from_elsewhere(store: Store, offset: int) -> None:
    upload_id = store.staging.begin(asked(len(FILM))).upload_id
    store.send(upload_id, FILM[:1000], 0)
    with pytest.raises(UploadStopped, match=r"upload\.offset") as refused:
        store.send(upload_id, b"x", offset)
    assert refused.value.fields["offset"] == 1000


def test_refuses_more_than_was_announced(store: Store) -> None:
    upload_id = store.staging.begin(asked(10)).upload_id
    with pytest.raises(UploadStopped, match=r"upload\.too_long"):
        store.send(upload_id, b"01234567890", 0)
    assert store.staging.offset(upload_id) == 0


@pytest.mark.rule("ZN-15")
def test_a_finished_upload_says_when_it_was_begun(store: Store, clock: Clock) -> None:
    """However long it took to come in: a sentence must have been good when its recording began."""
    upload_id = store.upload(FILM)
    clock.now += timedelta(hours=5)
    assert store.recordings.finished(upload_id).begun_at == BEGUN_AT


def test_an_unfinished_upload_is_not_finished(store: Store) -> None:
    upload_id = store.staging.begin(asked(10)).upload_id
    store.send(upload_id, b"012345678", 0)
    for ask in (store.recordings.finished, lambda name: store.recordings.keep(name, "video/mp4")):
        with pytest.raises(StorageError, match=r"upload\.unfinished"):
            ask(upload_id)


@pytest.mark.parametrize("name", ["", "..", "../uploads", "0-" + "f" * 31, "a" * 43])
def test_a_name_that_is_none_is_unknown(store: Store, name: str) -> None:
    with pytest.raises(StorageError, match=r"upload\.unknown"):
        store.recordings.finished(name)
    store.recordings.discard(name)


def test_equal_bytes_are_stored_once_in_a_case(store: Store) -> None:
    first, second = store.upload(FILM), store.upload(FILM)
    assert store.recordings.keep(first, "video/mp4") == store.recordings.keep(second, "video/mp4")
    assert len(list(store.archive.objects.iterate())) == 1
    store.recordings.keep(store.upload(FILM, "2026112100002"), "video/mp4")
    assert len(list(store.archive.objects.iterate())) == 2


def test_keeping_twice_is_harmless(tmp_path: Path, store: Store) -> None:
    upload_id = store.upload(FILM)
    sha256 = store.recordings.keep(upload_id, "video/mp4")
    other = store_in(tmp_path)
    assert other.recordings.keep(upload_id, "video/mp4") == sha256
    assert other.recordings.finished(upload_id).sha256 == sha256
    assert in_clear(other, upload_id) == FILM
    other.recordings.discard(upload_id)
    assert in_clear(other, upload_id) == FILM
    assert sum(path.stat().st_size for path in (tmp_path / "uploads").rglob("*")) < 100_000


def test_two_at_once_keep_it_once(store: Store) -> None:
    upload_id = store.upload(FILM)
    threads = [threading.Thread(target=store.recordings.keep, args=(upload_id, "video/mp4")) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(store.archive.objects.iterate())) == 1


def test_a_killed_keeper_is_followed_by_another(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    upload_id = store.upload(FILM)
    monkeypatch.setattr(store.staging, "note_kept", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        store.recordings.keep(upload_id, "video/mp4")
    monkeypatch.undo()
    sha256 = store.recordings.keep(upload_id, "video/mp4")
    with store.streams.open(CASE_NO, sha256) as stream:
        assert stream.read() == FILM
    assert len(list(store.archive.objects.iterate())) == 1


def test_what_is_discarded_is_gone(tmp_path: Path, store: Store) -> None:
    upload_id = store.upload(FILM)
    store.recordings.discard(upload_id)
    store.recordings.discard(upload_id)
    assert list((tmp_path / "uploads").iterdir()) == []
    with pytest.raises(StorageError, match=r"upload\.unknown"):
        store.recordings.finished(upload_id)


def test_after_a_day_it_is_over_and_swept(tmp_path: Path, store: Store, clock: Clock) -> None:
    upload_id = store.staging.begin(asked(10)).upload_id
    kept = store.upload(b"kept")
    sha256 = store.recordings.keep(kept, "video/mp4")
    clock.now = BEGUN_AT + timedelta(hours=24)
    assert store.staging.sweep(BEGUN_AT + timedelta(hours=23)) == 0
    with pytest.raises(UploadStopped, match=r"upload\.expired"):
        store.send(upload_id, b"x", 0)
    assert store.staging.sweep(clock.now) == 2
    assert list((tmp_path / "uploads").iterdir()) == []
    with pytest.raises(UploadStopped, match=r"upload\.expired"):
        store.staging.offset(upload_id)
    with store.streams.open(CASE_NO, sha256) as stream:
        assert stream.read() == b"kept"


def test_one_account_cannot_fill_the_disk(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(staging_module.MOST_AT_ONCE):
        last = store.staging.begin(asked(10))
    with pytest.raises(UploadStopped, match=r"upload\.too_many"):
        store.staging.begin(asked(10))
    store.staging.begin(asked(10, owner="account-2"))
    store.recordings.discard(last.upload_id)
    store.staging.begin(asked(10))
    monkeypatch.setattr(staging_module, "ROOM_LEFT_BYTES", 1 << 60)
    with pytest.raises(StorageError, match=r"storage\.full"):
        store.staging.begin(asked(10, owner="account-3"))


def test_a_second_sender_stops_the_first_and_nothing_interleaves(store: Store) -> None:
    upload_id = store.staging.begin(asked(len(FILM))).upload_id
    begun, ended = threading.Event(), threading.Event()

    def first() -> None:
        with store.staging.receiving(upload_id, 0) as receiving:
            receiving.take(FILM[:1000])
            begun.set()
            while not receiving.is_wanted():
                ended.wait(0.01)
            receiving.take(FILM[1000:2000])

    thread = threading.Thread(target=first)
    thread.start()
    begun.wait()
    assert store.staging.offset(upload_id) == 2000
    thread.join()
    store.send(upload_id, FILM[2000:], 2000)
    assert in_clear(store, upload_id) == FILM


def test_a_sender_that_does_not_let_go_is_left_alone(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging_module, "PATIENCE_SECONDS", 0.05)
    upload_id = store.staging.begin(asked(10)).upload_id
    with store.staging.receiving(upload_id, 0) as receiving:
        with pytest.raises(UploadStopped, match=r"upload\.locked"):
            store.staging.offset(upload_id)
        receiving.take(b"0123456789")
    assert in_clear(store, upload_id) == b"0123456789"


# ── checksums ──


def test_bytes_with_a_wrong_checksum_are_forgotten(store: Store) -> None:
    upload_id = store.staging.begin(asked(len(FILM))).upload_id
    store.send(upload_id, FILM[:1000], 0)
    with store.staging.receiving(upload_id, 1000) as receiving:
        receiving.distrust()
        receiving.take(b"what was damaged on its way" * 20_000)
    assert store.staging.offset(upload_id) == 1000
    with store.staging.receiving(upload_id, 1000) as receiving:
        receiving.distrust()
        receiving.take(FILM[1000:])
        receiving.trust()
    assert store.recordings.finished(upload_id).sha256 == hashlib.sha256(FILM).hexdigest()
    assert in_clear(store, upload_id) == FILM


# ── killed ──

SENDER = """
import os, signal, sys
from pathlib import Path
from tests.builders.recordings import store_in
store = store_in(Path(sys.argv[1]))
content = sys.stdin.buffer.read()
with store.staging.receiving(sys.argv[2], 0) as receiving:
    if sys.argv[3] == "distrust":
        receiving.distrust()
    receiving.take(content[:300_000])
    receiving.take(content[300_000:600_000])
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.parametrize(("how", "stands_at"), [("trust", 600_000), ("distrust", 0)])
def test_a_killed_process_loses_nothing_that_was_sure(tmp_path: Path, store: Store, how: str, stands_at: int) -> None:
    upload_id = store.staging.begin(asked(len(FILM))).upload_id
    command = [sys.executable, "-c", SENDER, str(tmp_path), upload_id, how]
    done = subprocess.run(command, input=FILM, cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    assert store.staging.offset(upload_id) == stands_at
    store.send(upload_id, FILM[stands_at:], stands_at)
    assert in_clear(store, upload_id) == FILM


@pytest.mark.parametrize("cut_bytes", [1, 15, 16, 17, 40_000, 262_144])
def test_a_record_half_written_is_sent_again(tmp_path: Path, store: Store, cut_bytes: int) -> None:
    upload_id = store.staging.begin(asked(len(FILM))).upload_id
    store.send(upload_id, FILM[:524_288], 0)
    data = tmp_path / "uploads" / upload_id / "data"
    os.truncate(data, data.stat().st_size - cut_bytes)
    assert store.staging.offset(upload_id) == 262_144
    store.send(upload_id, FILM[262_144:], 262_144)
    assert in_clear(store, upload_id) == FILM
    assert store.recordings.finished(upload_id).sha256 == hashlib.sha256(FILM).hexdigest()


def test_a_record_full_of_zeros_is_sent_again(tmp_path: Path, store: Store) -> None:
    """What a power cut leaves where the length reached the disk and the bytes did not."""
    upload_id = store.staging.begin(asked(len(FILM))).upload_id
    store.send(upload_id, FILM[:524_288], 0)
    data = tmp_path / "uploads" / upload_id / "data"
    with data.open("r+b") as file:
        file.seek(-1000, 2)
        file.write(bytes(1000))
    assert store.staging.offset(upload_id) == 262_144


@given(st.lists(st.integers(1, 400_000), min_size=1, max_size=6), st.data())
def test_any_range_of_an_upload_is_the_slice(tmp_path_factory, sizes, data):
    store = store_in(tmp_path_factory.mktemp("any"))
    content = hashlib.shake_256(bytes(str(sizes), "ascii")).digest(sum(sizes))
    upload_id = store.staging.begin(asked(len(content))).upload_id
    offset = 0
    for size in sizes:
        store.send(upload_id, content[offset : offset + size], offset)
        offset += size
    start = data.draw(st.integers(0, len(content)))
    size = data.draw(st.integers(0, 300_000))
    with store.recordings.open_upload(upload_id) as stream:
        stream.seek(start)
        assert stream.read(size) == content[start : start + size]


# ── altered at rest ──


def test_records_that_were_moved_are_found(tmp_path: Path, store: Store) -> None:
    upload_id = store.upload(bytes(262_144) + FILM[:262_144])
    data = tmp_path / "uploads" / upload_id / "data"
    half = data.stat().st_size // 2
    content = data.read_bytes()
    data.write_bytes(content[half:] + content[:half])
    with pytest.raises(ObjectAltered, match=r"upload\.altered"):
        in_clear(store, upload_id)
    with pytest.raises(ObjectAltered):
        store.recordings.keep(upload_id, "video/mp4")
    assert list(store.archive.objects.iterate()) == []


def swap(store: Store, tmp_path: Path, one: str, other: str) -> None:
    """Lay the sealed bytes of each recording in the other's place."""
    paths = []
    for sha256 in (one, other):
        name = store.evidence.envelope_of(CASE_NO, sha256)
        paths.append(next((tmp_path / "archive" / "objects").rglob(name)))
    contents = [path.read_bytes() for path in paths]
    for path, content in zip(paths, reversed(contents), strict=True):
        path.chmod(0o600)
        path.write_bytes(content)


def test_recordings_in_each_others_place_are_found(tmp_path: Path, store: Store) -> None:
    one, other = (store.recordings.keep(store.upload(film), "video/mp4") for film in (FILM, FILM[::-1]))
    swap(store, tmp_path, one, other)
    with pytest.raises(ObjectAltered, match=r"evidence\.altered"), store.streams.open(CASE_NO, one):
        pass


@pytest.mark.parametrize("what", ["record of another", "media type", "size", "crc"])
def test_an_altered_record_is_found(tmp_path: Path, store: Store, what: str) -> None:
    one, other = (store.recordings.keep(store.upload(film), "video/mp4") for film in (FILM, FILM[::-1]))
    folder = tmp_path / "archive" / "cases" / CASE_NO
    record, another = (folder / f"evidence-{sha256}.json" for sha256 in (one, other))
    content = record.read_text()
    altered = {
        "record of another": another.read_text(),
        "media type": content.replace("video/mp4", "text/html"),
        "size": content.replace("700001", "700000"),
        "crc": content.replace('"crc32":', '"crc32":1'),
    }[what]
    assert altered != content
    record.chmod(0o600)
    record.write_text(altered)
    with pytest.raises(ObjectAltered, match=r"evidence\.altered"):
        store.streams.facts(CASE_NO, one)


# ── every kind of file ──


def test_evidence_and_contracts_are_read_the_same_way(store: Store) -> None:
    photo = store.evidence.put(CASE_NO, b"a photo", "image/jpeg")
    contract = store.archive.objects.put(
        b"a contract", media_type="application/pdf", retain_until=BEGUN_AT.replace(year=2057)
    ).sha256
    for sha256, content, media_type in (
        (photo, b"a photo", "image/jpeg"),
        (contract, b"a contract", "application/pdf"),
    ):
        facts = store.streams.facts(CASE_NO, sha256)
        assert (facts.size_bytes, facts.crc32, facts.media_type) == (len(content), zlib.crc32(content), media_type)
        with store.streams.open(CASE_NO, sha256) as stream:
            assert stream.read() == content


def test_a_package_is_kept_in_one_pass(store: Store) -> None:
    class Pipe(io.RawIOBase):
        _inner = io.BytesIO(FILM)

        def readable(self) -> bool:
            return True

        def readinto(self, buffer) -> int:
            return self._inner.readinto(memoryview(buffer)[:1000])

    kept = store.streams.keep_stream(CASE_NO, Pipe(), "application/vnd.etsi.asic-e+zip")
    assert (kept.sha256, kept.crc32) == (hashlib.sha256(FILM).hexdigest(), zlib.crc32(FILM))
    with store.streams.open(CASE_NO, kept.sha256) as stream:
        assert stream.read() == FILM


def test_another_case_cannot_ask_for_it(store: Store) -> None:
    sha256 = store.recordings.keep(store.upload(FILM), "video/mp4")
    with pytest.raises(ObjectMissing):
        store.streams.facts("2026112100002", sha256)


def test_evidence_in_memory_refuses_a_stream(store: Store) -> None:
    sha256 = store.recordings.keep(store.upload(FILM), "video/mp4")
    with pytest.raises(QianshuError, match=r"evidence\.is_stream"):
        store.evidence.get(CASE_NO, sha256)
