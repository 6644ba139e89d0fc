"""``qianshu keys``: what an operator types and sees."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from cryptography import x509

from qianshu.commands.keys import keys
from signing.errors import KeyStoreError
from signing.keys import KeyPlace, inventory, load_keys
from tests.builders.keyring import NOW, PASSPHRASE, make_keyring


@pytest.fixture
def passphrase_file(tmp_path):
    path = tmp_path / "passphrase"
    path.write_bytes(PASSPHRASE + b"\n")
    path.chmod(0o600)
    return path


@pytest.fixture
def folder(tmp_path):
    make_keyring(tmp_path)
    return tmp_path / "keys"


def _run(*arguments: object):
    return CliRunner().invoke(keys, [str(argument) for argument in arguments], catch_exceptions=False)


def _init(folder, passphrase_file, *more: str):
    names = ("--organization", "黄石数字住房中心", "--filing-organization", "黄石市住房局")
    return _run("init", folder, "--passphrase-file", passphrase_file, *names, *more)


def test_init_makes_keys_that_load(tmp_path, passphrase_file):
    done = _init(tmp_path / "new", passphrase_file, "--base-url", "http://pki.example")
    assert done.exit_code == 0, done.output
    ring = load_keys(tmp_path / "new", PASSPHRASE)
    assert ring.names.base_url == "http://pki.example"
    assert "黄石市住房局 备案专用章 G1" in done.output
    assert PASSPHRASE.decode() not in done.output


@pytest.mark.parametrize("missing", ["--passphrase-file", "--organization", "--filing-organization"])
def test_init_has_no_default_for_what_matters(tmp_path, passphrase_file, missing):
    arguments = {
        "--passphrase-file": passphrase_file,
        "--organization": "甲",
        "--filing-organization": "乙",
    }
    del arguments[missing]
    done = _run("init", tmp_path / "new", *(part for pair in arguments.items() for part in pair))
    assert done.exit_code == 2
    assert missing in done.output
    assert not (tmp_path / "new").exists()


def test_init_never_overwrites(folder, passphrase_file):
    with pytest.raises(KeyStoreError) as caught:
        _init(folder, passphrase_file)
    assert caught.value.code == "key.store_exists"


def test_show_lists_every_certificate_without_a_passphrase(folder):
    done = _run("show", folder)
    assert done.exit_code == 0
    for entry in inventory(folder):
        assert f"{entry.stem}  2026-11-21" in done.output
        assert entry.key_place is KeyPlace.ENCRYPTED_FILE


@pytest.mark.parametrize(
    ("command", "made"),
    [
        (("renew-tsu",), "tsu-0002"),
        (("renew-seal", "service"), "service-0002"),
        (("renew-seal", "filing"), "filing-0002"),
        (("renew-responder",), "ocsp-0002"),
        (("renew-issuing",), "issuing-0002"),
    ],
)
def test_each_renewal_adds_its_generation(folder, passphrase_file, command, made):
    name, *seal = command
    done = _run(name, folder, *seal, "--passphrase-file", passphrase_file)
    assert done.exit_code == 0, done.output
    assert made in done.output


def test_the_roots_crl_is_renewed(folder, passphrase_file):
    before = load_keys(folder, PASSPHRASE).root_crl
    assert _run("renew-root-crl", folder, "--passphrase-file", passphrase_file).exit_code == 0
    assert load_keys(folder, PASSPHRASE).root_crl != before


def test_revoke_withdraws_what_any_generation_issued(folder, passphrase_file):
    seal = load_keys(folder, PASSPHRASE).filing_seal.certificate
    _run("renew-issuing", folder, "--passphrase-file", passphrase_file)
    serial = f"{seal.serial_number:x}"
    done = _run("revoke", folder, serial, "--passphrase-file", passphrase_file, "--reason", "keyCompromise")
    assert done.exit_code == 0, done.output
    crl = x509.load_der_x509_crl(load_keys(folder, PASSPHRASE).authority_of(seal).crl(NOW))
    assert crl.get_revoked_certificate_by_serial_number(seal.serial_number) is not None


def test_revoke_refuses_what_nobody_issued_or_is_no_number(folder, passphrase_file):
    with pytest.raises(KeyStoreError) as caught:
        _run("revoke", folder, "4711", "--passphrase-file", passphrase_file)
    assert caught.value.code == "key.serial_unknown"
    assert _run("revoke", folder, "xyz", "--passphrase-file", passphrase_file).exit_code == 2
