"""Secrets are files only their owner can read; no default, no weak passphrase."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from signing.errors import KeyStoreError
from signing.keys import init_keys, load_keys, read_passphrase
from tests.builders.keyring import CHEAP, NAMES, NOW, PASSPHRASE, make_keyring

if TYPE_CHECKING:
    from pathlib import Path


def _secret(folder: Path, content: bytes, mode: int = 0o600) -> Path:
    path = folder / "passphrase"
    path.write_bytes(content)
    path.chmod(mode)
    return path


def _refusal(act) -> str:
    with pytest.raises(KeyStoreError) as caught:
        act()
    return caught.value.code


def test_reads_a_passphrase_without_its_line_end(tmp_path):
    assert read_passphrase(_secret(tmp_path, b"correct horse \xe9\xa9\xac\r\n")) == "correct horse 马".encode()


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o620, 0o602, 0o644])
def test_refuses_a_passphrase_file_others_can_reach(tmp_path, mode):
    path = _secret(tmp_path, b"correct horse battery", mode)
    assert _refusal(lambda: read_passphrase(path)) == "key.file_exposed"


def test_refuses_a_missing_or_empty_passphrase_file(tmp_path):
    assert _refusal(lambda: read_passphrase(tmp_path / "nothing")) == "key.passphrase_missing"
    assert _refusal(lambda: read_passphrase(_secret(tmp_path, b"\n"))) == "key.passphrase_empty"


@pytest.mark.parametrize(
    ("passphrase", "code"),
    [
        (b"", "key.passphrase_empty"),
        (b"elevenbytes", "key.passphrase_weak"),
        (b"aaaaaaaaaaaaaaaaaaaa", "key.passphrase_weak"),
        (b"121212121212121212", "key.passphrase_weak"),
    ],
)
def test_refuses_to_make_keys_under_a_weak_passphrase(tmp_path, passphrase, code):
    assert _refusal(lambda: init_keys(tmp_path / "keys", passphrase, NAMES, NOW, CHEAP)) == code
    assert list(tmp_path.iterdir()) == []


def test_every_file_is_its_owners_alone_whatever_the_umask(tmp_path):
    before = os.umask(0)
    try:
        ring = make_keyring(tmp_path)
        ring.issuing.revoke(ring.service_seal.certificate.serial_number, NOW)
    finally:
        os.umask(before)
    assert (tmp_path / "keys").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "keys").iterdir()} == {0o600}


@pytest.mark.parametrize("name", ["issuing-0001.key", "filing-0001.key", "authority.json", "tsu-0001.pem"])
def test_refuses_to_load_when_others_can_read_a_file(tmp_path, name):
    make_keyring(tmp_path)
    (tmp_path / "keys" / name).chmod(0o644)
    assert _refusal(lambda: load_keys(tmp_path / "keys", PASSPHRASE)) == "key.file_exposed"


def test_refuses_to_load_from_a_folder_others_can_enter(tmp_path):
    make_keyring(tmp_path)
    (tmp_path / "keys").chmod(0o750)
    assert _refusal(lambda: load_keys(tmp_path / "keys", PASSPHRASE)) == "key.file_exposed"


def test_refuses_a_second_writer_while_one_is_at_work(tmp_path):
    hold = (
        "import fcntl, os, sys; fcntl.flock(os.open(sys.argv[1], os.O_RDONLY), fcntl.LOCK_EX);"
        "print(flush=True); input()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as holder:
        holder.stdout.readline()
        code = _refusal(lambda: init_keys(tmp_path / "keys", PASSPHRASE, NAMES, NOW, CHEAP))
        holder.communicate(b"\n")
    assert code == "key.store_busy"
