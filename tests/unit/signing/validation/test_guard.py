"""Untrusted files in a child process: whatever happens there, a report comes back."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import pytest

from signing.validation import DEFAULT_LIMITS, TrustAnchors, VerificationReport, verify_file_guarded, verify_pdf
from signing.validation.guard import _ending
from tests.builders import signed_by_pyhanko as signed
from tests.builders.attacks.every import attack_named
from tests.builders.signed_by_pyhanko import SIGNED_AT
from tests.builders.validation_pki import DAY

NOW = SIGNED_AT + 2 * DAY


@pytest.fixture
def contract(tmp_path: Path) -> Path:
    path = tmp_path / "合同.pdf"
    path.write_bytes(signed.lta_contract())
    return path


def trust() -> TrustAnchors:
    pki = signed.shared_notary().pki
    return TrustAnchors((pki.root.der,), revocation=pki.crls(SIGNED_AT + DAY), revocation_max_age=30 * DAY)


def codes(report: VerificationReport) -> list[str]:
    return [finding.code for finding in report.findings]


def test_guarded_report_is_the_plain_one(contract: Path) -> None:
    guarded = verify_file_guarded(contract, trust=trust(), now=NOW)
    assert guarded == verify_pdf(contract, trust=trust(), now=NOW)


def test_patience_at_an_end_is_reported(contract: Path) -> None:
    report = verify_file_guarded(contract, trust=trust(), now=NOW, limits=replace(DEFAULT_LIMITS, wall_seconds=0.02))
    assert (report.verdict.value, codes(report)) == ("unreadable", ["limit.time"])
    assert report.file.size_bytes == contract.stat().st_size


def test_too_little_memory_is_reported(contract: Path) -> None:
    limits = replace(DEFAULT_LIMITS, memory_bytes=48 * 1024 * 1024)
    report = verify_file_guarded(contract, trust=trust(), now=NOW, limits=limits)
    assert report.verdict.value == "unreadable"
    assert codes(report)[0] in {"limit.memory", "limit.crash"}


def test_bomb_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "bomb.pdf"
    path.write_bytes(attack_named("bomb_in_an_object_stream").build())
    report = verify_file_guarded(path, trust=trust(), now=NOW)
    assert (report.verdict.value, codes(report)) == ("unreadable", ["limit.expansion"])


@pytest.mark.parametrize(
    ("status", "code"),
    [(77, "limit.memory"), (-24, "limit.time"), (-9, "limit.time"), (-11, "limit.crash"), (1, "limit.crash")],
)
def test_every_ending_of_the_child_has_a_code(status: int, code: str) -> None:
    assert _ending(status) == code


def test_missing_file_is_an_error_of_the_caller(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        verify_file_guarded(tmp_path / "absent.pdf", trust=trust(), now=NOW)


def test_child_sees_nothing_of_the_environment(contract: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A variable that would make Python fail at once if it reached the child.
    monkeypatch.setenv("PYTHONHOME", os.devnull)
    assert verify_file_guarded(contract, trust=trust(), now=NOW).verdict.value == "passed"
