"""Files are whole or not there, and nothing is overwritten that was not meant to be."""

from __future__ import annotations

import errno
from typing import TYPE_CHECKING

import pytest

from storage import durable
from storage.errors import StorageFull, StorageUnavailable

if TYPE_CHECKING:
    from pathlib import Path


def test_creating_never_overwrites(tmp_path: Path) -> None:
    durable.create_file(tmp_path / "name", b"first", tmp_path)
    with pytest.raises(FileExistsError):
        durable.create_file(tmp_path / "name", b"second", tmp_path)
    assert (tmp_path / "name").read_bytes() == b"first"
    assert [path.name for path in tmp_path.iterdir()] == ["name"]


def test_replacing_does(tmp_path: Path) -> None:
    durable.create_file(tmp_path / "name", b"first", tmp_path)
    durable.replace_file(tmp_path / "name", b"second", tmp_path)
    assert (tmp_path / "name").read_bytes() == b"second"
    assert [path.name for path in tmp_path.iterdir()] == ["name"]


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EDQUOT, errno.EFBIG])
def test_no_room_by_any_name_is_full(code: int) -> None:
    with pytest.raises(StorageFull) as refusal, durable.translated_os_errors():
        raise OSError(code, "")
    assert refusal.value.fields["errno"] == errno.errorcode[code]


@pytest.mark.parametrize("code", [errno.EIO, errno.EROFS, errno.EACCES, None])
def test_any_other_failure_is_unavailable(code: int | None) -> None:
    with pytest.raises(StorageUnavailable) as refusal, durable.translated_os_errors():
        raise OSError(*([code, ""] if code else []))
    assert isinstance(refusal.value.__cause__, OSError)
