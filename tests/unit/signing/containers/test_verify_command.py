"""``qianshu verify`` takes a container as it takes a PDF. It judges by the machine's clock, so these are sealed now."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from cryptography.hazmat.primitives.serialization import Encoding

from qianshu.commands.verify import verify
from signing.containers import container_report_lines, open_container
from tests.builders.containers import bureau_in, packed
from tests.unit.signing.containers.test_verify import changed, entries_of, rezipped


@pytest.fixture(scope="module")
def sealed_now(tmp_path_factory):
    """A container of this moment, and the root."""
    folder = tmp_path_factory.mktemp("now")
    bureau = bureau_in(folder, datetime.now(UTC).replace(microsecond=0))
    container, root = folder / "package.asice", folder / "root.pem"
    container.write_bytes(bureau.build(packed("package.json", b"{}"), packed("a.txt", b"a")))
    root.write_bytes(bureau.keys.root.public_bytes(Encoding.PEM))
    return container, root


def run(*arguments) -> tuple[int, str]:
    ended = CliRunner().invoke(verify, [str(argument) for argument in arguments])
    return ended.exit_code, ended.output


def test_exits_0_and_says_who_sealed_it(sealed_now):
    container, root = sealed_now
    status, printed = run(container, "--trust", root, "--lang", "en")
    assert status == 0, printed
    assert printed.startswith("Verdict: PASSED")
    assert "META-INF/signature001.p7s: " in printed
    assert "B-LTA" in printed
    assert "2 of them covered by a seal" in printed


def test_speaks_chinese_unless_asked(sealed_now):
    status, printed = run(sealed_now[0], "--trust", sealed_now[1])
    assert (status, printed.splitlines()[0]) == (0, "结论: 通过")


def test_prints_json(sealed_now):
    status, printed = run(sealed_now[0], "--trust", sealed_now[1], "--json")
    report = json.loads(printed)
    assert (status, report["verdict"], report["seals"][0]["level"]) == (0, "passed", "B-LTA")


def test_exits_1_for_an_altered_one_and_2_without_trust(sealed_now, tmp_path):
    container, root = sealed_now
    altered = tmp_path / "altered.asice"
    altered.write_bytes(rezipped(changed(entries_of(container.read_bytes()))))
    status, printed = run(altered, "--trust", root)
    assert status == 1
    assert "container.digest_mismatch" in printed
    assert run(container)[0] == 2


def test_exits_3_for_what_cannot_be_read(tmp_path):
    broken = tmp_path / "broken.asice"
    broken.write_bytes(b"PK\x03\x04 and then nothing")
    assert run(broken)[0] == 3


def test_a_hostile_name_does_not_reach_the_terminal(bureau, container):
    entries = {**entries_of(container), "evil\x1b[2J.txt": b""}
    report = open_container(io.BytesIO(rezipped(entries)), trust=bureau.trust, now=bureau.now)
    lines = "\n".join(container_report_lines(report, "en"))
    assert "\x1b" not in lines
    assert "<U+001B>" in lines


def test_a_fault_of_the_examiner_is_no_verdict(bureau, container, monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise RecursionError

    monkeypatch.setattr("signing.containers.verify.judge_seals", broken)
    report = open_container(io.BytesIO(container), trust=bureau.trust, now=bureau.now)
    assert (report.verdict.value, report.findings[0].code) == ("unreadable", "examiner.error")
