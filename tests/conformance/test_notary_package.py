"""Others open a package for a notary office: EU DSS judges its seal, OpenSSL its signature, and every ZIP reader its
files (ETSI EN 319 162-1).
"""

from __future__ import annotations

import hashlib
import io
import subprocess
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from notary.package import build_package
from signing.containers import build_container, open_container
from signing.validation import Level, Verdict
from tests.builders.containers import bureau_in, packed
from tests.builders.notary_package import handed_in, kept_by, planned
from tests.conformance.containers import dss_container, java_unzip, unzip_complaints
from tests.conformance.validators import DssTrust

if TYPE_CHECKING:
    from pathlib import Path

    from tests.builders.containers import Bureau

MANIFEST, SIGNATURE = "META-INF/ASiCManifest001.xml", "META-INF/signature001.p7s"
DSS = ("java", "javac", "mvn")


@dataclass(frozen=True, slots=True)
class Sent:
    folder: Path
    """Where it lies."""

    bureau: Bureau
    """Who sealed it."""

    names: tuple[str, ...]
    """Of its data files."""

    @property
    def lta(self) -> Path:
        return self.folder / "package.asice"

    @property
    def b_t(self) -> Path:
        return self.folder / "package-b-t.asice"

    @property
    def root_pem(self) -> Path:
        return self.folder / "root.pem"

    @property
    def trust(self) -> DssTrust:
        """The root and nothing else."""
        return DssTrust((self.root_pem,))

    @property
    def trust_with_crls(self) -> DssTrust:
        return DssTrust((self.root_pem,), tuple(sorted(self.folder.glob("*.crl"))))

    def altered(self, name: str, content: bytes) -> Path:
        """The same container with one entry changed, zipped anew."""
        path = self.folder / f"altered-{hashlib.sha256(name.encode()).hexdigest()[:8]}.asice"
        with zipfile.ZipFile(self.lta) as before, zipfile.ZipFile(path, "w") as after:
            for info in before.infolist():
                after.writestr(info, content if info.filename == name else before.read(info))
        return path


@pytest.fixture(scope="module")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Sent:
    """Sealed at the present time: validators judge by the clock of the machine."""
    folder = tmp_path_factory.mktemp("package")
    bureau = bureau_in(folder, datetime.now(UTC).replace(microsecond=0) - timedelta(seconds=5))
    office = handed_in()
    plan, kept = planned(office, 2), kept_by(office)
    made = Sent(folder, bureau, tuple(file.name for file in plan.files))
    for path, sealer in ((made.lta, bureau.sealer), (made.b_t, bureau.sealer_b_t())):
        with path.open("wb") as sink:
            build_package(plan, kept, sealer, sink)
    made.root_pem.write_bytes(bureau.keys.root.public_bytes(Encoding.PEM))
    for number, crl in enumerate(bureau.crls):
        (folder / f"{number}.crl").write_bytes(crl)
    return made


@pytest.mark.rule("ZN-05")
@pytest.mark.needs(*DSS)
def test_dss_passes_the_package_at_b_lta_by_the_root_alone(sent: Sent) -> None:
    found = dss_container(sent.lta, sent.trust)
    assert (found.container_type, found.mimetype) == ("ASiC-E", "application/vnd.etsi.asic-e+zip")
    (seal,) = found.seals
    assert (seal.verdict.indication, seal.verdict.errors, seal.verdict.warnings) == ("TOTAL_PASSED", (), ())
    assert (seal.file, seal.level) == (SIGNATURE, "CAdES-BASELINE-LTA")
    assert datetime.fromisoformat(seal.best_signature_time) == sent.bureau.now
    assert [(kind, verdict.indication) for kind, verdict in found.time_stamps] == [
        ("SIGNATURE_TIMESTAMP", "PASSED"),
        ("CONTAINER_TIMESTAMP", "PASSED"),
    ]


@pytest.mark.needs(*DSS)
def test_dss_sees_that_the_seal_stands_for_every_file(sent: Sent) -> None:
    (seal,) = dss_container(sent.lta, sent.trust).seals
    assert set(seal.covers) == {MANIFEST, *sent.names}


@pytest.mark.needs(*DSS)
def test_dss_passes_a_package_at_b_t_with_todays_lists(sent: Sent) -> None:
    (seal,) = dss_container(sent.b_t, sent.trust_with_crls).seals
    assert (seal.verdict.indication, seal.level) == ("TOTAL_PASSED", "CAdES-BASELINE-T")


@pytest.mark.needs(*DSS)
@pytest.mark.parametrize("name", ["package.json", "applicants/buyer-2/video.mp4", MANIFEST])
def test_dss_and_we_fail_an_altered_package(sent: Sent, name: str) -> None:
    path = sent.altered(name, zipfile.ZipFile(sent.lta).read(name) + b" ")
    (seal,) = dss_container(path, sent.trust).seals
    assert seal.verdict.indication == "TOTAL_FAILED"
    with path.open("rb") as stream:
        assert open_container(stream, trust=sent.bureau.trust, now=datetime.now(UTC)).verdict is Verdict.FAILED


@pytest.mark.needs(*DSS)
def test_dss_does_not_trust_a_seal_of_somebody_else(sent: Sent, tmp_path: Path) -> None:
    stranger = tmp_path / "stranger.pem"
    stranger.write_bytes(bureau_in(tmp_path).keys.root.public_bytes(Encoding.PEM))
    (seal,) = dss_container(sent.lta, DssTrust((stranger,))).seals
    assert seal.verdict.indication == "INDETERMINATE"


@pytest.mark.needs("openssl")
@pytest.mark.parametrize("level", ["b_t", "lta"])
def test_openssl_verifies_the_signature_over_the_manifest(sent: Sent, level: str, tmp_path: Path) -> None:
    """As docs/notary-package.md says it, and with the ESS attribute checked (``-cades``)."""
    with zipfile.ZipFile(getattr(sent, level)) as archive:
        archive.extractall(tmp_path)
    command = ["openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-in", SIGNATURE]
    command += ["-content", MANIFEST, "-CAfile", str(sent.root_pem), "-purpose", "any", "-out", "/dev/null"]
    done = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.needs("openssl")
def test_openssl_verifies_the_archive_time_stamp(sent: Sent, tmp_path: Path) -> None:
    with zipfile.ZipFile(sent.lta) as archive:
        archive.extractall(tmp_path)
    command = ["openssl", "ts", "-verify", "-token_in", "-in", "META-INF/timestamp001.tst"]
    command += ["-data", "META-INF/ASiCArchiveManifest.xml", "-CAfile", str(sent.root_pem)]
    done = subprocess.run(command, cwd=tmp_path, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def contents(path: Path) -> dict[str, str]:
    with zipfile.ZipFile(path) as archive:
        return {name: hashlib.sha256(archive.read(name)).hexdigest() for name in archive.namelist()}


def test_python_reads_every_file(sent: Sent) -> None:
    with zipfile.ZipFile(sent.lta) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[1 : len(sent.names) + 1] == list(sent.names)


@pytest.mark.needs("unzip")
def test_unzip_has_nothing_to_complain_of(sent: Sent) -> None:
    assert unzip_complaints(sent.lta) == ""


@pytest.mark.needs("bsdtar")
def test_libarchive_reads_every_file(sent: Sent) -> None:
    done = subprocess.run(["bsdtar", "-tf", sent.lta], check=True, capture_output=True, text=True)
    assert done.stdout.splitlines() == list(contents(sent.lta))


@pytest.mark.needs(*DSS)
def test_java_reads_every_file_from_the_front(sent: Sent) -> None:
    assert java_unzip(sent.lta) == contents(sent.lta)


@pytest.mark.needs(*DSS)
def test_we_pass_what_dss_passes_with_a_name_in_chinese(sent: Sent) -> None:
    path = sent.folder / "chinese.asice"
    with path.open("wb") as sink:
        built = build_container([packed("照片/身份证 正面.jpg", b"\xff\xd8")], sent.bureau.sealer, sink)
    (seal,) = dss_container(path, sent.trust).seals
    assert (seal.verdict.indication, set(seal.covers)) == ("TOTAL_PASSED", {MANIFEST, "照片/身份证 正面.jpg"})
    report = open_container(io.BytesIO(path.read_bytes()), trust=sent.bureau.trust, now=datetime.now(UTC))
    assert (report.verdict, report.seals[0].level, built.level) == (Verdict.PASSED, Level.B_LTA, Level.B_LTA)
