"""What notary acts and jobs ask, wired over a folder: codes only the records' key opens, packages sealed and kept."""

from __future__ import annotations

import hashlib
import io
from base64 import b64decode
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from filing.messages import load_messages
from identity.codes import SealedMessage
from identity.codes.message import unseal_message
from notary.package import PackagePlan, PlannedFile
from notary.scan_codes import token_digest, whose_token
from qianshu.service.notary_desks import ScanCodeDesk, SealedPackages
from signing.containers import read_directory
from signing.errors import SignatureStateError
from tests.builders.cases import BUYER, CITIES, FOREIGNER, party, situation
from tests.builders.house import cheap_guessing, lay_keys, opened
from tests.builders.keyring import NOW
from tests.builders.recordings import CASE_NO, KEY, store_in
from tests.builders.termination import CITY, filed_case

if TYPE_CHECKING:
    from pathlib import Path

    from filing.contract import SigningDesk

LIFE = timedelta(hours=72)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> SigningDesk:
    with cheap_guessing():
        return opened(lay_keys(tmp_path_factory.mktemp("keys"))).desk


@pytest.fixture
def codes() -> ScanCodeDesk:
    return ScanCodeDesk(KEY, load_messages(CITIES), "https://sign.test/")


@pytest.mark.rule("ZN-06")
def test_a_code_lies_sealed_and_its_address_can_be_shown_again(codes: ScanCodeDesk) -> None:
    at = situation(filed_case(BUYER), now=NOW)
    made = codes.mint(at, party(BUYER, "buyer-1"), LIFE)
    token = made.url.removeprefix("https://sign.test/n/")
    assert whose_token(token) == (at.case.case_no, "buyer-1")
    assert made.token.token_sha256 == token_digest(token)
    assert made.token.expires_at == NOW + LIFE
    assert token.rsplit(".", 1)[1] not in made.token.sealed
    assert codes.address(at, made.token) == made.url
    assert codes.mint(at, party(BUYER, "buyer-1"), LIFE).url != made.url


@pytest.mark.rule("ZN-18")
@pytest.mark.parametrize(("someone", "word"), [(BUYER, "本人"), (FOREIGNER, "yourself")])
def test_the_message_is_in_the_purchasers_language_and_sealed(codes: ScanCodeDesk, someone, word: str) -> None:
    at = situation(filed_case(someone), now=NOW)
    made = codes.mint(at, party(someone, "buyer-1"), LIFE)
    assert made.message is not None
    assert made.url not in str(made.message)
    number = str(made.message["code_id"])
    message = unseal_message(KEY, SealedMessage(number, b64decode(str(made.message["sealed"]))))
    assert (message.phone, message.expires_at) == (someone.phone, NOW + LIFE)
    assert made.url in message.template.format(**message.values)
    assert word in message.template


@pytest.mark.rule("ZN-05")
def test_a_package_is_kept_sealed_among_the_files_of_its_case(tmp_path: Path, desk: SigningDesk) -> None:
    store = store_in(tmp_path)
    paper = b"%PDF-1.7 " + bytes(range(256)) * 900
    kept = store.evidence.put(CASE_NO, paper, "application/pdf")
    packages = SealedPackages(store.streams, {CITY: desk}, lambda: NOW)
    about = b'{"a": 1}\n'
    plan = PackagePlan(
        CASE_NO,
        1,
        complete=False,
        files=(
            PlannedFile("package.json", "说明", "application/json", hashlib.sha256(about).hexdigest(), about),
            PlannedFile("papers/notary_notice.pdf", "告知", "application/pdf", kept),
        ),
    )
    built = packages.build(CITY, plan)
    facts = store.streams.facts(CASE_NO, built.sha256)
    assert (facts.size_bytes, facts.media_type) == (built.size_bytes, "application/vnd.etsi.asic-e+zip")
    with store.streams.open(CASE_NO, built.sha256) as stream:
        container = stream.read()
    assert hashlib.sha256(container).hexdigest() == built.sha256
    names = {entry.name for entry in read_directory(io.BytesIO(container)).entries}
    assert {"mimetype", "package.json", "papers/notary_notice.pdf"} <= names
    assert not any(b"papers/notary_notice.pdf" in path.read_bytes() for path in _files(tmp_path)), "nothing in clear"


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_of_a_package_that_could_not_be_built_nothing_is_kept(tmp_path: Path, desk: SigningDesk) -> None:
    store = store_in(tmp_path)
    wrong = PlannedFile("package.json", "说明", "application/json", "0" * 64, b"{}\n")
    before = _files(tmp_path)
    with pytest.raises(SignatureStateError):
        SealedPackages(store.streams, {CITY: desk}, lambda: NOW).build(
            CITY, PackagePlan(CASE_NO, 1, complete=False, files=(wrong,))
        )
    assert _files(tmp_path) == before
