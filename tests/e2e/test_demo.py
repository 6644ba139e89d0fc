"""``qianshu demo``: what it leaves, what it says, what it never tells, and how it goes on."""

from __future__ import annotations

import hashlib
import io
import json
import re
import signal
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import jsonschema
import pikepdf
import pypdfium2

from qianshu.demo.people import demo_terms_data
from signing.validation import TrustAnchors, load_trust_anchors, verify_pdf
from tests.e2e.conftest import COMMAND, ENVIRONMENT, REPOSITORY, qianshu

FIELDS = ["service-certification", "seller-1", "seller-2", "buyer-1", "filing-stamp", "archive-timestamp-1"]
SCHEMA = json.loads((REPOSITORY / "docs/schemas/verification.schema.json").read_text(encoding="utf-8"))


def cases(out: Path) -> list[str]:
    return sorted(path.name for path in (out / "archive" / "cases").iterdir())


def trusted(out: Path) -> TrustAnchors:
    return load_trust_anchors([out / "root.pem"])


def archived(out: Path) -> dict[str, bytes]:
    """Every object of the archive by its digest."""
    found = (path for path in (out / "archive" / "objects").rglob("*") if re.fullmatch("[0-9a-f]{64}", path.name))
    return {path.name: path.read_bytes() for path in found}


def test_the_results_are_where_they_are_promised(demo: Path) -> None:
    assert {path.name for path in demo.iterdir()} == {
        "archive",
        "contract.pdf",
        "evidence-report.pdf",
        "private",
        "root.pem",
        "verification.json",
    }
    objects = archived(demo)
    for name in ("contract.pdf", "evidence-report.pdf"):
        content = (demo / name).read_bytes()
        assert objects[hashlib.sha256(content).hexdigest()] == content


def test_the_contract_is_signed_by_everybody_filed_and_sealed(demo: Path) -> None:
    told = json.loads((demo / "verification.json").read_text(encoding="utf-8"))
    jsonschema.validate(told, SCHEMA)
    assert (told["verdict"], told["integrity"], told["findings"]) == ("passed", "intact", [])
    assert [signature["field"] for signature in told["signatures"]] == FIELDS
    assert {signature["level"] for signature in told["signatures"][:-1]} == {"B-LTA"}
    assert told["file"]["sha256"] == hashlib.sha256((demo / "contract.pdf").read_bytes()).hexdigest()


def test_the_sealed_report_verifies_itself(demo: Path) -> None:
    now = verification_time(demo)
    report = verify_pdf(demo / "evidence-report.pdf", trust=trusted(demo), now=now)
    assert (report.verdict.value, report.integrity.value) == ("passed", "intact")
    assert [signature.field for signature in report.signatures] == [
        "service-certification",
        "service-seal",
        "archive-timestamp-1",
    ]


def verification_time(demo: Path) -> datetime:
    told = json.loads((demo / "verification.json").read_text(encoding="utf-8"))
    return datetime.fromisoformat(told["verified_at"]) + timedelta(minutes=1)


def test_every_step_is_told_on_a_line_of_its_own_with_its_time(demo_run: tuple[Path, str]) -> None:
    lines = demo_run[1].splitlines()
    steps = [line for line in lines if line.startswith("✓")]
    assert len(steps) == 12
    assert all(re.fullmatch(r"✓ \S+ .+  \d+ ms", line) for line in steps), steps
    assert any("PAdES B-LTA" in line for line in steps)
    assert "  root.pem             the demo's root: qianshu verify contract.pdf --trust root.pem" in lines


def personal_data() -> set[str]:
    """Every identity number, telephone number, address of mail and account in the demo's terms."""
    text = json.dumps(demo_terms_data())
    found = set(re.findall(r"\b\d{17}[\dX]\b|\b1\d{10}\b|[\w.]+@[\w.]+|\b\d{15,19}\b", text))
    assert len(found) > 6
    return found


def readable(pdf: bytes) -> bytes:
    """Everything in a PDF that somebody could read: its bytes, its streams unpacked, its pages' text."""
    parts = [pdf]
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for item in document.objects:
            if isinstance(item, pikepdf.Stream):
                try:
                    parts.append(item.read_bytes())
                except pikepdf.PdfError:  # a picture's filter
                    parts.append(item.read_raw_bytes())
            elif isinstance(item, (pikepdf.Dictionary, pikepdf.Array)):
                parts.append(item.unparse(resolved=False))
    with pypdfium2.PdfDocument(pdf) as document:
        parts += [page.get_textpage().get_text_range().encode() for page in document]
    return b"\n".join(parts)


def test_personal_data_stand_in_the_contract_and_nowhere_else(demo_run: tuple[Path, str]) -> None:
    out, printed = demo_run
    secrets = {each.encode() for each in personal_data()}
    contract = readable((out / "contract.pdf").read_bytes())
    assert all(secret in contract for secret in secrets), "the search would find nothing anywhere"
    searched: set[str] = set()
    for path in (path for path in out.rglob("*") if path.is_file() and path.name != "contract.pdf"):
        content = path.read_bytes()
        if content.startswith(b"%PDF"):
            content = readable(content)
            if b"contract.json" in content:
                continue  # a revision of the contract
        searched.add(path.name)
        assert [secret for secret in secrets if secret in content] == [], path.name
    assert {"evidence-report.pdf", "verification.json", "journal.jsonl", "manifest-0001.json"} < searched
    assert hashlib.sha256((out / "evidence-report.pdf").read_bytes()).hexdigest() in searched
    assert not any(secret.decode() in printed for secret in secrets)


def test_strokes_in_the_archive_are_not_readable(demo: Path) -> None:
    envelopes = [content for content in archived(demo).values() if content.startswith(b"QSE1")]
    assert len(envelopes) == 3
    for field in ("seller-1", "seller-2", "buyer-1"):
        drawn = (REPOSITORY / f"qianshu/demo_data/strokes/{field}.json").read_bytes()
        runs = {drawn[at : at + 10] for at in range(0, len(drawn) - 10, 10)}
        assert not any(run in envelope for envelope in envelopes for run in runs)


def test_the_next_run_makes_the_next_sale(own_demo: Path) -> None:
    first = archived(own_demo)
    done = qianshu("demo", "--out", own_demo)
    assert done.returncode == 0, done.stderr
    numbers = cases(own_demo)
    assert [number[-5:] for number in numbers[:2]] == ["00001", "00002"] or len({n[:8] for n in numbers}) == 2
    assert first.items() < archived(own_demo).items()
    assert f"{numbers[-1]} → " in done.stdout
    assert qianshu("archive", "verify", "--data", own_demo).returncode == 0


def test_killed_and_started_again_it_finishes_the_same_sale(tmp_path: Path) -> None:
    """Once as people meet it; ``tests/integration/test_crash.py`` does it everywhere."""
    out = tmp_path / "out"
    process = subprocess.Popen(
        [*COMMAND, "demo", "--out", str(out)], env=ENVIRONMENT, stdout=subprocess.PIPE, encoding="utf-8"
    )
    assert process.stdout is not None
    for _ in range(4):
        assert process.stdout.readline().startswith("✓")
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    done = qianshu("demo", "--out", out)
    assert done.returncode == 0, done.stderr
    assert len(cases(out)) == 1
    checked = qianshu("archive", "verify", "--data", out, "--json")
    assert checked.returncode == 0
    assert json.loads(checked.stdout)["findings"] == []
