"""A seal in a PKCS #11 token, against SoftHSM2.

SoftHSM reads ``SOFTHSM2_CONF`` when it is loaded, so each test has a token directory of its own and runs its Python in
a process of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from dataclasses import dataclass
from pathlib import Path

import pytest

pytestmark = pytest.mark.needs("softhsm2-util")

ROOM = Path(__file__).parents[2]
PIN = "4711-filing"

# Where distributions put the library; SoftHSM has no fixed place.
_LIBRARIES = (
    "/usr/lib/softhsm/libsofthsm2.so",
    "/usr/lib64/softhsm/libsofthsm2.so",
    "/usr/lib64/pkcs11/libsofthsm2.so",
    "/usr/local/lib/softhsm/libsofthsm2.so",
    "/opt/homebrew/lib/softhsm/libsofthsm2.so",
)

_PREAMBLE = """
import json, os, sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding
from signing.errors import KeyStoreError
from signing.keys import *
from signing.keys.pkcs11_token import find_or_generate
from tests.builders.keyring import CHEAP, NAMES, NOW, PASSPHRASE, SELLER

folder, key = Path(sys.argv[1]), TokenKey.from_uri(sys.argv[2])

def ring():
    if not (folder / "keys").exists():
        options = InitOptions(CHEAP.scrypt, {Role.FILING_SEAL: key})
        init_keys(folder / "keys", PASSPHRASE, NAMES, NOW, options)
    return load_keys(folder / "keys", PASSPHRASE)

def check(signer, text=b"filed"):
    signer.certificate.public_key().verify(signer.sign(text), text, ec.ECDSA(hashes.SHA256()))
    return True

def refusal(act):
    try:
        act()
    except KeyStoreError as error:
        return [error.code, PIN_IN(error)]
    return None

def PIN_IN(error):
    return Path(key.pin_path).read_text().strip() in f"{error} {error.zh} {error.fields} {error.__cause__}"
"""


@dataclass(frozen=True)
class Token:
    """One initialised token and the folder its test may use."""

    folder: Path
    environment: dict[str, str]
    uri: str

    def run(self, script: str) -> object:
        """What the script printed as JSON, run in a fresh process."""
        command = [sys.executable, "-c", _PREAMBLE + textwrap.dedent(script), str(self.folder), self.uri]
        done = subprocess.run(command, capture_output=True, text=True, env=self.environment, cwd=ROOM, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def tool(self, *arguments: str) -> None:
        subprocess.run(["softhsm2-util", *arguments], check=True, capture_output=True, env=self.environment)


@pytest.fixture
def token(tmp_path) -> Token:
    library = next((path for path in _LIBRARIES if Path(path).exists()), None)
    if library is None:
        pytest.fail("softhsm2-util is here, its library is in none of the known places")
    (tmp_path / "tokens").mkdir()
    configuration = tmp_path / "softhsm2.conf"
    settings = {
        "directories.tokendir": tmp_path / "tokens",
        "objectstore.backend": "file",
        "library.reset_on_fork": "true",  # as the standard has it, and as hardware does: a child starts from nothing
    }
    configuration.write_text("".join(f"{name} = {value}\n" for name, value in settings.items()))
    pin = tmp_path / "pin"
    pin.write_text(f"{PIN}\n")
    pin.chmod(0o600)
    uri = f"pkcs11:token=Filing%20seals;object=filing-seal?module-path={library}&pin-source=file:{pin}"
    environment = os.environ | {"SOFTHSM2_CONF": str(configuration), "PYTHONPATH": str(ROOM)}
    made = Token(tmp_path, environment, uri)
    made.tool("--init-token", "--free", "--label", "Filing seals", "--pin", PIN, "--so-pin", "security officer")
    return made


def test_init_makes_the_key_in_the_token_and_its_certificate_from_the_issuing_ca(token):
    found = token.run("""
        seal = ring().filing_seal
        issuing = ring().issuing.certificate
        seal.certificate.verify_directly_issued_by(issuing)
        chain = [seal.issuers[0] == issuing, len(seal.issuers)]
        print(json.dumps([repr(seal), check(seal), chain, str(seal.algorithm)]))
    """)
    assert found[0].startswith("Pkcs11Signer(serial=")
    assert found[1:] == [True, [True, 2], "SignatureAlgorithm.ECDSA_WITH_SHA256"]
    names = {path.name for path in (token.folder / "keys").iterdir()}
    assert "filing-0001.token" in names
    assert "filing-0001.key" not in names
    assert PIN not in (token.folder / "keys" / "filing-0001.token").read_text()


def test_the_key_cannot_be_taken_out_of_the_token(token):
    found = token.run("""
        ring()
        import pkcs11
        from pkcs11 import Attribute, ObjectClass
        with pkcs11.lib(key.module_path).get_token(token_label=key.token_label).open(user_pin="4711-filing") as session:
            private = list(session.get_objects({Attribute.CLASS: ObjectClass.PRIVATE_KEY}))[0]
            print(json.dumps([private[Attribute.SENSITIVE], private[Attribute.EXTRACTABLE]]))
    """)
    assert found == [True, False]


def test_a_key_the_custodian_made_beforehand_is_taken_as_it_is(token):
    found = token.run("""
        before = find_or_generate(key)
        print(json.dumps([ring().filing_seal.certificate.public_key() == before, find_or_generate(key) == before]))
    """)
    assert found == [True, True]


def test_signs_with_an_rsa_key_too(token):
    found = token.run("""
        import pkcs11
        token = pkcs11.lib(key.module_path).get_token(token_label=key.token_label)
        with token.open(rw=True, user_pin="4711-filing") as session:
            session.generate_keypair(pkcs11.KeyType.RSA, 2048, store=True, label=key.key_label)
        seal = ring().filing_seal
        seal.certificate.public_key().verify(seal.sign(b"filed"), b"filed", padding.PKCS1v15(), hashes.SHA256())
        print(json.dumps(str(seal.algorithm)))
    """)
    assert found == "SignatureAlgorithm.RSA_WITH_SHA256"


def test_a_new_process_finds_the_key_again(token):
    script = "print(json.dumps([check(ring().filing_seal), f'{ring().filing_seal.certificate.serial_number:x}']))"
    assert token.run(script) == token.run(script)


def test_a_forked_child_and_its_parent_both_go_on_signing(token):
    found = token.run("""
        seal = ring().filing_seal
        check(seal)
        child = os.fork()
        if child == 0:
            os._exit(0 if check(seal) and check(seal) else 1)
        status = os.waitpid(child, 0)[1]
        print(json.dumps([status, check(seal)]))
    """)
    assert found == [0, True]


def test_a_forked_child_never_signs_with_another_seals_key(token):
    # Session and object numbers start again in the child: a number kept from the parent may be another key's there.
    found = token.run("""
        other = TokenKey(key.module_path, key.token_label, "service-seal", key.pin_path)
        options = InitOptions(CHEAP.scrypt, {Role.FILING_SEAL: key, Role.SERVICE_SEAL: other})
        init_keys(folder / "keys", PASSPHRASE, NAMES, NOW, options)
        both = load_keys(folder / "keys", PASSPHRASE)
        check(both.filing_seal), check(both.service_seal)
        child = os.fork()
        if child == 0:
            os._exit(0 if check(both.service_seal) and check(both.filing_seal) else 1)
        print(json.dumps([os.waitpid(child, 0)[1], check(both.filing_seal), check(both.service_seal)]))
    """)
    assert found == [0, True, True]


def test_eight_threads_share_one_token(token):
    found = token.run("""
        seal = ring().filing_seal
        with ThreadPoolExecutor(8) as pool:
            print(json.dumps(all(pool.map(lambda number: check(seal, b"%d" % number), range(64)))))
    """)
    assert found is True


def test_two_seals_share_one_token(token):
    found = token.run("""
        other = TokenKey(key.module_path, key.token_label, "service-seal", key.pin_path, key_id=bytes([1, 2]))
        options = InitOptions(CHEAP.scrypt, {Role.FILING_SEAL: key, Role.SERVICE_SEAL: other})
        init_keys(folder / "keys", PASSPHRASE, NAMES, NOW, options)
        both = load_keys(folder / "keys", PASSPHRASE)
        print(json.dumps([check(both.filing_seal), check(both.service_seal), check(both.filing_seal)]))
    """)
    assert found == [True, True, True]


@pytest.mark.parametrize("loss", ["session closed", "library restarted"])
def test_a_lost_session_is_opened_again(token, loss):
    lose = {
        "session closed": "seal._session.close()",
        "library restarted": "pkcs11.lib(key.module_path).reinitialize()",
    }[loss]
    found = token.run(f"""
        import pkcs11
        seal = ring().filing_seal
        check(seal)
        {lose}
        print(json.dumps(check(seal)))
    """)
    assert found is True


def test_renewal_puts_the_next_key_into_the_token(token):
    found = token.run("""
        old = ring().filing_seal
        following = TokenKey(key.module_path, key.token_label, "filing-seal-2", key.pin_path)
        renew_seal(folder / "keys", PASSPHRASE, NOW, (Role.FILING_SEAL, following))
        new = ring().filing_seal
        places = {str(entry.stem): entry.key_place.value for entry in inventory(folder / "keys")}
        same = old.certificate.public_key() == new.certificate.public_key()
        print(json.dumps([check(old), check(new), same, places]))
    """)
    assert found[:3] == [True, True, False]
    assert {found[3]["filing-0001"], found[3]["filing-0002"]} == {"token"}


def test_a_wrong_pin_is_refused_once_and_not_tried_again(token):
    found = token.run("""
        seal = ring().filing_seal
        key.pin_path.write_text("wrong-pin")
        first = refusal(lambda: seal.sign(b"x"))
        key.pin_path.write_text("4711-filing")
        second = refusal(lambda: seal.sign(b"x"))  # a token locks for good after a few wrong ones
        print(json.dumps([first, second, check(ring().filing_seal)]))
    """)
    assert found == [["key.pin_refused", False], ["key.pin_refused", False], True]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ("token_label='Elsewhere'", "key.token_unavailable"),
        ("module_path='/nowhere/library.so'", "key.token_unavailable"),
        ("pin_path=folder / 'nothing'", "key.passphrase_missing"),
        ("key_label='another'", "key.token_key_missing"),
    ],
)
def test_a_token_that_is_not_as_expected_is_a_clear_refusal(token, change, code):
    found = token.run(f"""
        from dataclasses import replace
        seal = ring().filing_seal
        moved = Pkcs11Signer(replace(key, {change}), seal.certificate, seal.issuers)
        print(json.dumps(refusal(lambda: moved.sign(b"x"))))
    """)
    assert found == [code, False]


def test_a_pin_file_others_can_read_is_refused(token):
    (token.folder / "pin").chmod(0o644)
    assert token.run("print(json.dumps(refusal(ring)))") == ["key.file_exposed", False]
    assert not (token.folder / "keys").exists()


def test_two_keys_under_one_label_are_refused(token):
    found = token.run("""
        seal = ring().filing_seal
        from dataclasses import replace
        find_or_generate(replace(key, key_id=bytes([9])))
        print(json.dumps(refusal(lambda: seal.sign(b"x"))))
    """)
    assert found == ["key.token_key_missing", False]


def test_the_command_line_makes_a_filing_seal_in_the_token(token):
    passphrase = token.folder / "passphrase"
    passphrase.write_text("correct horse battery staple")
    passphrase.chmod(0o600)
    arguments = ["init", str(token.folder / "keys"), "--passphrase-file", str(passphrase), "--organization", "甲中心"]
    arguments += ["--filing-organization", "乙住房局", "--filing-seal-pkcs11", token.uri]
    command = [sys.executable, "-c", "from qianshu.commands.keys import keys; keys()", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, env=token.environment, cwd=ROOM, check=False)
    assert done.returncode == 0, done.stderr
    filing = next(line for line in done.stdout.splitlines() if line.startswith("filing-0001"))
    assert "token" in filing
    assert "乙住房局 备案专用章 G1" in filing
