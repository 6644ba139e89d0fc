"""Files of a case at rest: unreadable without the key, found by what they say, kept once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest

from signing.envelope import EvidenceKey
from signing.errors import KeyStoreError
from storage.dossier import open_folder_archive
from storage.errors import ObjectMissing
from storage.evidence import EvidenceArchive

if TYPE_CHECKING:
    from pathlib import Path

UNTIL = datetime(2057, 1, 1, tzinfo=UTC)
PHOTO = b"\x89PNG a photo of an identity card"


def archive(folder: Path, key: bytes = b"k" * 32) -> EvidenceArchive:
    return EvidenceArchive(open_folder_archive(folder), EvidenceKey(key), lambda _: UNTIL)


def test_what_was_put_is_got_by_the_digest_of_what_it_says(tmp_path: Path) -> None:
    sha256 = archive(tmp_path).put("2026112100001", PHOTO, "image/png")
    assert archive(tmp_path).get("2026112100001", sha256) == PHOTO
    assert archive(tmp_path).media_type("2026112100001", sha256) == "image/png"


def test_nothing_on_the_disk_shows_the_content(tmp_path: Path) -> None:
    archive(tmp_path).put("2026112100001", PHOTO, "image/png")
    assert not any(b"identity card" in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_equal_content_is_kept_once_in_a_case(tmp_path: Path) -> None:
    first, second = (archive(tmp_path).put("2026112100001", PHOTO, "image/png") for _ in range(2))
    assert first == second
    assert len(list(open_folder_archive(tmp_path).objects.iterate())) == 1


def test_another_case_cannot_ask_for_it(tmp_path: Path) -> None:
    sha256 = archive(tmp_path).put("2026112100001", PHOTO, "image/png")
    with pytest.raises(ObjectMissing):
        archive(tmp_path).get("2026112100002", sha256)


def test_another_key_does_not_open_it(tmp_path: Path) -> None:
    sha256 = archive(tmp_path).put("2026112100001", PHOTO, "image/png")
    with pytest.raises(KeyStoreError):
        archive(tmp_path, b"x" * 32).get("2026112100001", sha256)
