"""The folder backend: the contract, and what only a folder can suffer."""

from __future__ import annotations

import stat
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from storage.errors import ObjectAltered, RetentionHeld, StorageUnavailable
from storage.objects import FolderObjectStore, read_verified
from tests.unit.storage.object_store_contract import ObjectStoreContract, later, sha256

if TYPE_CHECKING:
    from pathlib import Path


class Clock:
    """The wall clock, pushed forward at will."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


def object_path(root: Path, digest: str) -> Path:
    return root / digest[:2] / digest[2:4] / digest


def overwrite(path: Path, content: bytes) -> None:
    path.chmod(0o600)
    path.write_bytes(content)


class TestContract(ObjectStoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> FolderObjectStore:
        self.clock = Clock()
        self.root = tmp_path / "objects"
        return FolderObjectStore(self.root, clock=self.clock)

    def wait_until(self, at: datetime) -> None:
        self.clock.ahead = at - datetime.now(UTC)

    def alter(self, store: FolderObjectStore, digest: str, content: bytes) -> None:
        overwrite(object_path(self.root, digest), content)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "objects"


def test_files_are_read_only_and_have_one_name(root: Path) -> None:
    ref = FolderObjectStore(root).put(b"x", media_type="text/plain", retain_until=later(hours=1))
    for path in (object_path(root, ref.sha256), object_path(root, f"{ref.sha256}.json")):
        facts = path.stat()
        assert stat.S_IMODE(facts.st_mode) == 0o444
        assert facts.st_nlink == 1
    assert stat.S_IMODE(root.stat().st_mode) == 0o700


def test_leaves_no_temporary_file_behind(root: Path) -> None:
    store = FolderObjectStore(root)
    store.put(b"x", media_type="text/plain", retain_until=later(hours=1))
    store.put(b"x", media_type="text/plain", retain_until=later(hours=2))
    assert list((root / ".incoming").iterdir()) == []


def test_sweeps_what_a_dead_writer_left_and_spares_a_live_one(root: Path) -> None:
    store = FolderObjectStore(root)
    dead = root / ".incoming" / "dead.part"
    dead.write_bytes(b"half")

    class OpensTheStoreAgain:
        """A source during whose reading another process starts."""

        def __init__(self) -> None:
            self.chunks = [b"first", b"second", b""]

        def read(self, _size: int) -> bytes:
            FolderObjectStore(root)
            return self.chunks.pop(0)

    ref = store.put(OpensTheStoreAgain(), media_type="text/plain", retain_until=later(hours=1))
    assert ref.sha256 == sha256(b"firstsecond")
    assert not dead.exists()


def test_survives_death_between_facts_and_object(root: Path) -> None:
    """The facts get their name first; alone they mean nothing, and the next put replaces them."""
    store = FolderObjectStore(root)
    ref = store.put(b"x", media_type="text/plain", retain_until=later(hours=5))
    object_path(root, ref.sha256).unlink()
    again = FolderObjectStore(root)
    assert not again.contains(ref.sha256)
    assert list(again.iterate()) == list(again.strays()) == []
    assert again.put(b"x", media_type="text/html", retain_until=later(hours=1)).media_type == "text/html"
    assert again.stat(ref.sha256).media_type == "text/html"


@pytest.mark.parametrize("facts", [None, b"", b"{}", b"[]", b'{"media_type":"a","retain_until":"2000-01-01"}', b"\xff"])
def test_unknown_retention_is_no_licence_to_remove(root: Path, facts: bytes | None) -> None:
    clock = Clock()
    store = FolderObjectStore(root, clock=clock)
    ref = store.put(b"x", media_type="text/plain", retain_until=later(hours=1))
    path = object_path(root, f"{ref.sha256}.json")
    if facts is None:
        path.unlink()
    else:
        overwrite(path, facts)
    clock.ahead = timedelta(days=1)
    for act in (store.stat, store.delete):
        with pytest.raises(ObjectAltered):
            act(ref.sha256)
    with store.open(ref.sha256) as stream:
        assert stream.read() == b"x"


def test_second_put_does_not_replace_the_file(root: Path) -> None:
    store = FolderObjectStore(root)
    ref = store.put(b"x", media_type="text/plain", retain_until=later(hours=1))
    before = object_path(root, ref.sha256).stat()
    store.put(b"x", media_type="text/plain", retain_until=later(hours=1))
    after = object_path(root, ref.sha256).stat()
    assert (before.st_ino, before.st_mtime_ns) == (after.st_ino, after.st_mtime_ns)


def test_does_not_take_altered_bytes_for_the_same(root: Path) -> None:
    store = FolderObjectStore(root)
    ref = store.put(b"genuine", media_type="text/plain", retain_until=later(hours=1))
    overwrite(object_path(root, ref.sha256), b"altered")
    with pytest.raises(ObjectAltered):
        store.put(b"genuine", media_type="text/plain", retain_until=later(hours=1))


def test_names_strays(root: Path) -> None:
    store = FolderObjectStore(root)
    ref = store.put(b"x", media_type="text/plain", retain_until=later(hours=1))
    (root / "notes.txt").write_bytes(b"")
    (root / "zz").mkdir()
    (root / "zz" / ref.sha256).write_bytes(b"x")
    assert sorted(store.strays()) == ["notes.txt", f"zz/{ref.sha256}"]
    assert list(store.iterate()) == [ref.sha256]


def test_does_not_follow_a_link_laid_in_place_of_an_object(root: Path, tmp_path: Path) -> None:
    store = FolderObjectStore(root)
    ref = store.put(b"x", media_type="text/plain", retain_until=later(hours=1))
    elsewhere = tmp_path / "elsewhere"
    elsewhere.write_bytes(b"x")
    object_path(root, ref.sha256).unlink()
    object_path(root, ref.sha256).symlink_to(elsewhere)
    with pytest.raises(StorageUnavailable), store.open(ref.sha256):
        pass


def test_says_unavailable_when_the_folder_cannot_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(StorageUnavailable) as refusal:
        FolderObjectStore(tmp_path / "file" / "objects")
    assert refusal.value.fields["errno"] == "EEXIST"
    assert isinstance(refusal.value.__cause__, OSError)


def test_two_processes_agree_on_retention(root: Path) -> None:
    one, other = FolderObjectStore(root), FolderObjectStore(root)
    ref = one.put(b"x", media_type="text/plain", retain_until=later(hours=1))
    other.extend_retention(ref.sha256, later(hours=9))
    with pytest.raises(RetentionHeld):
        one.extend_retention(ref.sha256, later(hours=5))
    assert read_verified(one, ref.sha256, 10) == b"x"
