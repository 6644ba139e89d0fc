"""``qianshu verify``, ``archive verify`` and the rest: exit statuses, JSON, reports, refusals, a quick ``--help``."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import jsonschema
import pikepdf
import pypdfium2
import pytest

import signing.validation
from qianshu.cli import main
from tests.e2e.conftest import COMMAND, ENVIRONMENT, REPOSITORY, qianshu

SCHEMA = json.loads((REPOSITORY / "docs/schemas/verification.schema.json").read_text(encoding="utf-8"))


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]):
    """The command in this process: exit status, what it printed, what it complained of."""

    def run(*arguments: str | Path) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(list(map(str, arguments)))
        printed = capsys.readouterr()
        return int(ended.value.code or 0), printed.out, printed.err

    return run


def tampered(contract: bytes) -> bytes:
    """The language of the text changed in the first revision, lengths kept."""
    at = contract.index(b"/Lang")
    place = contract.index(b"zh-CN", at)
    return contract[:place] + b"en-US" + contract[place + 5 :]


def encrypted(contract: Path, target: Path) -> None:
    with pikepdf.open(contract) as pdf:
        pdf.save(target, encryption=pikepdf.Encryption(owner="owner", user="user"))


def unsigned(target: Path) -> None:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.save(target)


FILES = {
    "passed": (0, "passed", lambda demo, target: target.write_bytes((demo / "contract.pdf").read_bytes())),
    "tampered": (1, "failed", lambda demo, target: target.write_bytes(tampered((demo / "contract.pdf").read_bytes()))),
    "unsigned": (2, "indeterminate", lambda _, target: unsigned(target)),
    "garbage": (3, "unreadable", lambda _, target: target.write_bytes(b"garbage" * 100)),
    "empty": (3, "unreadable", lambda _, target: target.write_bytes(b"")),
    "encrypted": (3, "unreadable", lambda demo, target: encrypted(demo / "contract.pdf", target)),
}


@pytest.mark.parametrize("name", FILES)
def test_verify_exits_by_its_verdict_and_prints_it_as_promised(demo: Path, tmp_path: Path, run, name: str) -> None:
    status, verdict, make = FILES[name]
    file, report = tmp_path / "a file.pdf", tmp_path / "report.pdf"
    make(demo, file)
    ended, printed, _ = run("verify", file, "--trust", demo / "root.pem", "--json", "--report", report)
    told = json.loads(printed)
    jsonschema.validate(told, SCHEMA)
    assert (ended, told["verdict"]) == (status, verdict)
    assert re.search(VERDICT_WORDS[verdict], text_of(report))


VERDICT_WORDS = {
    "passed": "验证通过：全部签名有效",
    "failed": "验证不通过",
    "indeterminate": "尚不能判定：证据不足",
    "unreadable": "文件无法读取",
}


def text_of(pdf: Path) -> str:
    with pypdfium2.PdfDocument(pdf) as document:
        return "".join(page.get_textpage().get_text_range() for page in document)


def test_verify_without_trust_cannot_say(demo: Path, run) -> None:
    status, printed, _ = run("verify", demo / "contract.pdf", "--json")
    told = json.loads(printed)
    assert (status, told["verdict"], told["integrity"]) == (2, "indeterminate", "intact")


def test_verify_speaks_both_languages(demo: Path, run) -> None:
    status, chinese, _ = run("verify", demo / "contract.pdf", "--trust", demo / "root.pem")
    _, english, _ = run("verify", demo / "contract.pdf", "--trust", demo / "root.pem", "--lang", "en")
    assert (status, chinese.splitlines()[0], english.splitlines()[0]) == (0, "结论: 通过", "Verdict: PASSED")
    assert all(field in chinese for field in ("seller-1", "seller-2", "buyer-1", "filing-stamp"))


REFUSED = {
    "no such file": (("verify", "none.pdf"), "none.pdf"),
    "a folder": (("verify", "."), "directory"),
    "trust that is none": (("verify", "here.txt", "--trust", "here.txt"), "trust.unreadable"),
    "report with no place to go": (("verify", "here.txt", "--report", "none/report.pdf"), "file.unusable"),
    "no such option": (("verify", "here.txt", "--fast"), "--fast"),
    "no such command": (("sign",), "sign"),
    "no such settings": (("archive", "verify", "--settings", "none.toml"), "none.toml"),
    "settings that are none": (("archive", "verify", "--settings", "here.txt"), "settings.unreadable"),
    "unknown settings": (("archive", "verify", "--settings", "colour.toml"), "settings.unknown_key"),
    "no passphrase": (("archive", "verify", "--data", "."), "key.passphrase_missing"),
    "a demo where a file is": (("demo", "--out", "here.txt"), "here.txt"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_is_never_taken_for_a_verdict(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, run, name: str
) -> None:
    arguments, told = REFUSED[name]
    (tmp_path / "here.txt").write_text("not = what is = asked for")
    (tmp_path / "colour.toml").write_text("colour = 'red'")
    monkeypatch.chdir(tmp_path)
    status, _, complaint = run(*arguments)
    assert status == 4
    assert told in complaint
    assert "Traceback" not in complaint


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda passphrase: passphrase.unlink(), "key.passphrase_missing"),
        (lambda passphrase: passphrase.write_bytes(b"not the one it was"), "key.wrong_passphrase"),
        (lambda passphrase: passphrase.write_bytes(b""), "key.passphrase_empty"),
        (lambda passphrase: passphrase.chmod(0o644), "key.file_exposed"),
    ],
    ids=["missing", "wrong", "empty", "open to others"],
)
def test_a_passphrase_that_does_not_serve_is_refused_in_both_languages(own_demo: Path, run, spoil, code: str) -> None:
    spoil(own_demo / "private" / "passphrase")
    for arguments in (("demo", "--out", own_demo), ("archive", "verify", "--data", own_demo)):
        status, _, complaint = run(*arguments)
        chinese, english, *_ = complaint.splitlines()
        assert status == 4
        assert re.search("[\u4e00-\u9fff]", chinese)
        assert english.endswith(f"[{code}]")


def damaged(out: Path, how: str) -> None:
    objects = sorted(path for path in (out / "archive/objects").rglob("*") if re.fullmatch("[0-9a-f]{64}", path.name))
    victim = objects[0]
    if how == "missing":
        victim.unlink()
    elif how == "altered":
        victim.chmod(0o644)
        victim.write_bytes(victim.read_bytes() + b" ")
    elif how == "unlisted":
        (victim.parent / "stranger").write_bytes(b"?")


@pytest.mark.parametrize(
    ("how", "status", "code"),
    [
        ("intact", 0, None),
        ("missing", 1, "archive.object_missing"),
        ("altered", 1, "archive.object_altered"),
        ("unlisted", 2, "archive.stray"),
    ],
)
def test_archive_verify_exits_by_what_it_found(own_demo: Path, run, how: str, status: int, code: str | None) -> None:
    damaged(own_demo, how)
    ended, printed, _ = run("archive", "verify", "--data", own_demo, "--json")
    told = json.loads(printed)
    assert ended == status
    assert code in {finding["code"] for finding in told["findings"]} or (code, told["findings"]) == (None, [])
    ended, printed, _ = run("archive", "verify", "--data", own_demo)
    head, *lines = printed.splitlines()
    assert (ended, head.partition(":")[0]) == (status, told["verdict"])
    assert len(lines) == len(told["findings"])
    assert all(
        finding["code"] in line and finding["zh"] in line for finding, line in zip(told["findings"], lines, strict=True)
    )


def test_archive_verify_needs_no_certificate_in_force(demo: Path, run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever looks after thirty years must not be stopped by seals that ended after four."""
    monkeypatch.setattr("qianshu.bootstrap.require_in_force", pytest.fail)
    assert run("archive", "verify", "--data", demo)[0] == 0


def test_a_fault_of_the_program_is_no_verdict(demo: Path, run, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(signing.validation, "verify_file_guarded", broken)
    status, _, complaint = run("verify", demo / "contract.pdf")
    assert status == 70
    assert "ZeroDivisionError" in complaint


def test_a_reader_that_goes_away_is_no_verdict(demo: Path) -> None:
    command = [*COMMAND, "verify", str(demo / "contract.pdf")]
    process = subprocess.Popen(command, env=ENVIRONMENT, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.close()
    assert process.stderr is not None
    complaint = process.stderr.read()
    process.stderr.close()
    assert (process.wait(), complaint) == (141, b"")


def test_output_that_the_terminal_cannot_show_is_escaped(demo: Path) -> None:
    environment = {**ENVIRONMENT, "PYTHONIOENCODING": "latin-1"}
    done = subprocess.run(
        [*COMMAND, "verify", str(demo / "contract.pdf")], env=environment, capture_output=True, check=False
    )
    assert done.returncode == 2
    assert rb"\u7ed3\u8bba" in done.stdout


HEAVY = ("pyhanko", "typst", "pikepdf", "pypdfium2", "cryptography", "httpx", "minio", "rich")


@pytest.mark.parametrize(
    "arguments",
    [("--help",), ("demo", "--help"), ("verify", "-h"), ("archive", "--help"), ("archive", "verify", "--help")],
    ids=" ".join,
)
def test_help_comes_before_anything_heavy_is_imported(arguments: tuple[str, ...]) -> None:
    probe = (
        "import sys, atexit\n"
        f"atexit.register(lambda: print([m for m in {HEAVY} if m in sys.modules], file=sys.stderr))\n"
        "from qianshu.cli import main\n"
        f"main({list(arguments)})"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe], env=ENVIRONMENT, capture_output=True, encoding="utf-8", check=False
    )
    assert (done.returncode, done.stderr) == (0, "[]\n")
    assert "Usage:" in done.stdout


@pytest.mark.parametrize("command", ["archive", "demo", "keys", "renew", "verify"])
def test_every_command_is_listed_and_explains_itself(run, command: str) -> None:
    assert re.search(rf"^  {command} ", run("--help")[1], re.MULTILINE)
    status, printed, _ = run(command, "--help")
    assert status == 0
    assert re.search("[\u4e00-\u9fff]", printed)


def test_the_version_is_told(run) -> None:
    status, printed, _ = run("--version")
    assert status == 0
    assert "0.1.0" in printed


def test_the_command_works_from_anywhere(demo: Path, tmp_path: Path) -> None:
    done = qianshu("verify", demo / "contract.pdf", "--trust", demo / "root.pem", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
