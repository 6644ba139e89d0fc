from __future__ import annotations

import pytest

from signing.envelope import EvidenceKey
from signing.errors import KeyStoreError

PASSPHRASE = b"correct horse battery"
CONTEXT = "2026112100001/strokes:seller-1"


@pytest.fixture(scope="module")
def key_file(tmp_path_factory):
    path = tmp_path_factory.mktemp("keys") / "evidence.key"
    EvidenceKey.load_or_create(path, PASSPHRASE)
    return path


def test_a_key_loaded_again_opens_what_was_encrypted(key_file):
    envelope = EvidenceKey.load_or_create(key_file, PASSPHRASE).encrypt(b"strokes", CONTEXT)
    assert b"strokes" not in envelope
    assert EvidenceKey.load_or_create(key_file, PASSPHRASE).decrypt(envelope, CONTEXT) == b"strokes"


def test_only_the_owner_may_read_the_key_file(key_file):
    assert key_file.stat().st_mode & 0o077 == 0


def test_refuses_a_wrong_passphrase(key_file):
    with pytest.raises(KeyStoreError) as refused:
        EvidenceKey.load_or_create(key_file, b"wrong horse")
    assert refused.value.code == "key.wrong_passphrase"


@pytest.mark.parametrize(
    "spoil",
    [
        lambda e: e[:-1] + bytes([e[-1] ^ 1]),
        lambda e: b"XXXX" + e[4:],
        lambda e: e[:10],
        lambda _: b"",
    ],
    ids=["flipped", "other magic", "cut", "empty"],
)
def test_refuses_a_spoilt_envelope(key_file, spoil):
    key = EvidenceKey.load_or_create(key_file, PASSPHRASE)
    with pytest.raises(KeyStoreError):
        key.decrypt(spoil(key.encrypt(b"strokes", CONTEXT)), CONTEXT)


def test_an_envelope_of_another_case_does_not_open(key_file):
    key = EvidenceKey.load_or_create(key_file, PASSPHRASE)
    with pytest.raises(KeyStoreError):
        key.decrypt(key.encrypt(b"strokes", CONTEXT), "2026112100002/strokes:seller-1")
