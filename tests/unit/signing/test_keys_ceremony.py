"""Ceremonies: whole or not at all, generation upon generation, for longer than any certificate lives."""

from __future__ import annotations

import shutil
from datetime import timedelta
from itertools import count
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.x509 import ocsp

from signing.errors import KeyStoreError
from signing.keys import (
    InitOptions,
    KeyPlace,
    Role,
    TokenKey,
    init_keys,
    inventory,
    load_keys,
    one_time_signer,
    renew_issuing,
    renew_responder,
    renew_root,
    renew_root_crl,
    renew_seal,
    renew_timestamp_unit,
    require_in_force,
)
from tests.builders.keyring import CHEAP, NAMES, NOW, PASSPHRASE, SELLER, make_keyring

YEAR = timedelta(days=365)


@pytest.fixture
def folder(tmp_path):
    make_keyring(tmp_path)
    return tmp_path / "keys"


def _refusal(act) -> str:
    with pytest.raises(KeyStoreError) as caught:
        act()
    return caught.value.code


def _stems(folder) -> list[str]:
    return [str(entry.stem) for entry in inventory(folder)]


def test_init_makes_one_of_each(folder):
    assert _stems(folder) == [f"{role.value}-0001" for role in Role]
    assert {entry.key_place for entry in inventory(folder)} == {KeyPlace.ENCRYPTED_FILE}


def test_init_never_overwrites(folder):
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    assert _refusal(lambda: init_keys(folder, PASSPHRASE, NAMES, NOW, CHEAP)) == "key.store_exists"
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before


def test_init_starts_over_after_a_killed_run(tmp_path):
    left = tmp_path / "keys.partial"
    left.mkdir()
    (left / "root-0001.key").write_text("half")
    assert _refusal(lambda: load_keys(tmp_path / "keys", PASSPHRASE)) == "key.store_missing"
    make_keyring(tmp_path)
    assert not left.exists()


class _Killed(BaseException):
    """Stands for the process dying: no handler of the house runs."""


def _kill_before_write(number: int, act) -> None:
    real, writes = Path.replace, count()

    def replace(path, target):
        if next(writes) == number:
            raise _Killed
        return real(path, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Path, "replace", replace)
        with pytest.raises(_Killed):
            act()


@pytest.mark.parametrize("write", range(14))
def test_init_killed_before_any_write_can_simply_be_run_again(tmp_path, write):
    _kill_before_write(write, lambda: make_keyring(tmp_path))
    assert not (tmp_path / "keys").exists()
    make_keyring(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]


@pytest.mark.parametrize("write", range(4))
def test_a_renewal_killed_before_any_write_leaves_a_folder_that_loads(folder, write):
    old = load_keys(folder, PASSPHRASE)
    _kill_before_write(write, lambda: renew_issuing(folder, PASSPHRASE, NOW))
    between = load_keys(folder, PASSPHRASE)
    assert between.issuing.certificate == old.issuing.certificate
    assert between.ocsp.certificate == old.ocsp.certificate
    renew_issuing(folder, PASSPHRASE, NOW)
    assert len(load_keys(folder, PASSPHRASE).authorities) == 2


def test_a_failed_init_leaves_no_key_folder(tmp_path):
    token = TokenKey("/nowhere/library.so", "Filing", "seal", tmp_path / "pin")
    options = InitOptions(CHEAP.scrypt, {Role.FILING_SEAL: token})
    with pytest.raises(KeyStoreError):
        init_keys(tmp_path / "keys", PASSPHRASE, NAMES, NOW, options)
    assert not (tmp_path / "keys").exists()


def test_only_seals_can_live_in_a_token(tmp_path):
    token = TokenKey("/nowhere/library.so", "Filing", "seal", tmp_path / "pin")
    assert _refusal(lambda: InitOptions(tokens={Role.ROOT: token})) == "key.pkcs11_uri_refused"


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("extension", ["pem", "key"])
def test_a_folder_that_lost_a_file_does_not_load(folder, role, extension):
    (folder / f"{role.value}-0001.{extension}").unlink()
    if role is Role.ROOT and extension == "key":
        assert load_keys(folder, PASSPHRASE)  # the root's key belongs in a safe
    else:
        assert _refusal(lambda: load_keys(folder, PASSPHRASE)) == "key.store_incomplete"


def test_a_folder_without_its_names_does_not_load(folder):
    (folder / "authority.json").unlink()
    assert _refusal(lambda: load_keys(folder, PASSPHRASE)) == "key.store_incomplete"


@pytest.mark.parametrize("name", ["authority.json", "issuing-0001.pem", "tsu-0001.key"])
def test_a_damaged_file_does_not_load(folder, name):
    (folder / name).write_text("{")
    assert _refusal(lambda: load_keys(folder, PASSPHRASE)) == "key.file_damaged"


def test_a_key_beside_anothers_certificate_does_not_load(folder):
    shutil.copy(folder / "service-0001.key", folder / "filing-0001.key")
    assert _refusal(lambda: load_keys(folder, PASSPHRASE)) == "key.mismatch"


def test_a_certificate_of_another_authority_does_not_load(folder, tmp_path):
    other = tmp_path / "other"
    make_keyring(other)
    for extension in ("pem", "key"):
        shutil.copy(other / "keys" / f"tsu-0001.{extension}", folder / f"tsu-0001.{extension}")
    assert _refusal(lambda: load_keys(folder, PASSPHRASE)) == "key.store_incomplete"


def test_a_wrong_passphrase_opens_and_renews_nothing(folder):
    wrong = b"correct horse battery stapler"
    before = sorted(path.name for path in folder.iterdir())
    for act in (
        lambda: load_keys(folder, wrong),
        lambda: renew_timestamp_unit(folder, wrong, NOW),
        lambda: renew_seal(folder, wrong, NOW, (Role.FILING_SEAL, None)),
        lambda: renew_responder(folder, wrong, NOW),
        lambda: renew_issuing(folder, wrong, NOW),
        lambda: renew_root(folder, wrong, NOW),
        lambda: renew_root_crl(folder, wrong, NOW),
    ):
        assert _refusal(act) == "key.wrong_passphrase"
    assert sorted(path.name for path in folder.iterdir()) == before


@pytest.mark.parametrize(
    ("renew", "attribute", "made"),
    [
        (renew_timestamp_unit, "timestamp_unit", "tsu-0002"),
        (lambda *of: renew_seal(*of, (Role.SERVICE_SEAL, None)), "service_seal", "service-0002"),
        (lambda *of: renew_seal(*of, (Role.FILING_SEAL, None)), "filing_seal", "filing-0002"),
        (renew_responder, "ocsp", "ocsp-0002"),
    ],
    ids=["tsu", "service", "filing", "ocsp"],
)
def test_a_renewal_adds_a_generation_and_keeps_the_old(folder, renew, attribute, made):
    old = load_keys(folder, PASSPHRASE)
    renew(folder, PASSPHRASE, NOW + YEAR)
    new = load_keys(folder, PASSPHRASE)
    assert made in _stems(folder)
    assert getattr(new, attribute).certificate != getattr(old, attribute).certificate
    assert getattr(old, attribute).certificate in [entry.certificate for entry in inventory(folder)]
    assert getattr(new, attribute).issuers == getattr(old, attribute).issuers


def test_only_a_seal_is_renewed_as_a_seal(folder):
    with pytest.raises(ValueError, match="not a seal"):
        renew_seal(folder, PASSPHRASE, NOW, (Role.ROOT, None))


def test_a_renewal_killed_before_its_certificate_leaves_the_old_in_use(folder):
    old = load_keys(folder, PASSPHRASE)
    key = folder / "tsu-0002.key"
    key.write_bytes((folder / "service-0001.key").read_bytes())  # written, then killed
    key.chmod(0o600)
    assert load_keys(folder, PASSPHRASE).timestamp_unit.certificate == old.timestamp_unit.certificate
    renew_timestamp_unit(folder, PASSPHRASE, NOW)
    assert _stems(folder).count("tsu-0002") == 1
    assert load_keys(folder, PASSPHRASE).timestamp_unit.sign(b"x")


def test_a_new_issuing_ca_leaves_the_old_to_answer_for_what_it_issued(folder):
    before = load_keys(folder, PASSPHRASE)
    old_party = one_time_signer(before.issuing, SELLER, NOW).certificate
    renew_issuing(folder, PASSPHRASE, NOW + YEAR)
    ring = load_keys(folder, PASSPHRASE)
    new_party = one_time_signer(ring.issuing, SELLER, NOW + YEAR).certificate
    assert [ring.authority_of(each) for each in (old_party, new_party)] == list(ring.authorities)
    assert ring.service_seal.issuers[0] == before.issuing.certificate
    for party in (old_party, new_party):
        response = ocsp.load_der_ocsp_response(ring.authority_of(party).ocsp_response(party, NOW + YEAR))
        assert response.certificate_status is ocsp.OCSPCertStatus.GOOD
        response.certificates[0].verify_directly_issued_by(ring.authority_of(party).certificate)


def test_responders_of_every_issuing_ca_in_force_are_renewed(folder):
    renew_issuing(folder, PASSPHRASE, NOW + YEAR)
    renew_responder(folder, PASSPHRASE, NOW + 2 * YEAR)
    ring = load_keys(folder, PASSPHRASE)
    assert {a.responder.certificate.not_valid_before_utc for a in ring.authorities} == {
        NOW + 2 * YEAR - timedelta(minutes=1)
    }


def test_the_issuing_ca_is_renewed_only_with_the_roots_key(folder):
    (folder / "root-0001.key").unlink()
    assert inventory(folder)[0].key_place is KeyPlace.ELSEWHERE
    assert _refusal(lambda: renew_issuing(folder, PASSPHRASE, NOW)) == "key.store_incomplete"
    assert _refusal(lambda: renew_root_crl(folder, PASSPHRASE, NOW)) == "key.store_incomplete"


def test_the_roots_crl_is_renewed(folder):
    renew_root_crl(folder, PASSPHRASE, NOW + YEAR)
    crl = x509.load_der_x509_crl(load_keys(folder, PASSPHRASE).root_crl)
    assert crl.last_update_utc == NOW + YEAR


def test_a_new_root_takes_effect_with_the_next_issuing_ca(folder):
    first = load_keys(folder, PASSPHRASE)
    renew_root(folder, PASSPHRASE, NOW + YEAR)
    between = load_keys(folder, PASSPHRASE)
    assert between.root == first.root
    assert len(between.trust_anchors) == len(between.root_crls) == 2
    renew_issuing(folder, PASSPHRASE, NOW + YEAR)
    ring = load_keys(folder, PASSPHRASE)
    assert ring.root == ring.trust_anchors[1] != first.root
    assert x509.load_der_x509_crl(ring.root_crl).is_signature_valid(ring.root.public_key())


def test_no_certificate_outlives_its_issuer(folder):
    ring = load_keys(folder, PASSPHRASE)
    end = ring.issuing.certificate.not_valid_after_utc
    assert _refusal(lambda: renew_timestamp_unit(folder, PASSPHRASE, end - 4 * YEAR)) == "key.authority_expiring"
    renew_seal(folder, PASSPHRASE, end - 4 * YEAR, (Role.FILING_SEAL, None))
    assert load_keys(folder, PASSPHRASE).filing_seal.certificate.not_valid_after_utc == end


def test_twenty_years_of_renewals_by_the_calendar_of_the_docstring(folder):
    for year in range(1, 21):
        now = NOW + year * 360 * timedelta(days=1)  # an operator who is never late
        renew_root_crl(folder, PASSPHRASE, now)
        try:
            renew_timestamp_unit(folder, PASSPHRASE, now)
        except KeyStoreError as refusal:
            if refusal.code != "key.authority_expiring":
                raise
            renew_issuing(folder, PASSPHRASE, now)
            renew_timestamp_unit(folder, PASSPHRASE, now)
        if year % 2 == 0:
            renew_responder(folder, PASSPHRASE, now)
        if year % 4 == 0:
            renew_seal(folder, PASSPHRASE, now, (Role.SERVICE_SEAL, None))
            renew_seal(folder, PASSPHRASE, now, (Role.FILING_SEAL, None))
        ring = load_keys(folder, PASSPHRASE)
        for signer in (ring.timestamp_unit, ring.service_seal, ring.filing_seal, ring.ocsp):
            for certificate in (signer.certificate, *signer.issuers):
                require_in_force(certificate, now)
        assert ring.timestamp_unit.certificate.not_valid_after_utc >= now + 5 * YEAR
        assert one_time_signer(ring.issuing, SELLER, now).sign(b"x")
    assert len(ring.authorities) == 2
    assert len(inventory(folder)) > 40
