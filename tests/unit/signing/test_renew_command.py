"""``qianshu renew``: what an operator types and sees, and what stays on the disk."""

from __future__ import annotations

import io
import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner, Result

from qianshu.commands.renew import renew
from signing.renewal import renewal_due
from signing.validation import load_trust_anchors, verify_pdf
from tests.builders.keyring import PASSPHRASE
from tests.builders.long_life import Operator, sealed_contract, signed_contract

if TYPE_CHECKING:
    from pathlib import Path

FOUR_YEARS = timedelta(days=1460)


def run(*arguments: object) -> Result:
    return CliRunner().invoke(renew, [str(argument) for argument in arguments], catch_exceptions=False)


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, bytes, bytes]:
    """A data folder kept for four years up to today; a contract sealed then, and one never sealed."""
    data = tmp_path_factory.mktemp("data")
    (data / "private").mkdir(mode=0o700)
    today = datetime.now(UTC)
    operator = Operator(data / "private", today - FOUR_YEARS)
    contract, unsealed = sealed_contract(operator), signed_contract(operator)
    operator.wait_until(today)
    passphrase = data / "private" / "passphrase"
    passphrase.write_bytes(PASSPHRASE)
    passphrase.chmod(0o600)
    (data / "root.der").write_bytes(operator.trust_anchors[0])
    return data, contract, unsealed


@pytest.fixture
def data(authority: tuple[Path, bytes, bytes]) -> Path:
    return authority[0]


@pytest.fixture
def contract(authority: tuple[Path, bytes, bytes], tmp_path: Path) -> Path:
    path = tmp_path / "contract.pdf"
    path.write_bytes(authority[1])
    path.chmod(0o640)
    return path


@pytest.fixture
def unsealed(authority: tuple[Path, bytes, bytes], tmp_path: Path) -> Path:
    path = tmp_path / "unsealed.pdf"
    path.write_bytes(authority[2])
    return path


def test_a_file_is_replaced_by_its_renewed_self(data: Path, contract: Path) -> None:
    before = contract.read_bytes()
    end_before = renewal_due(io.BytesIO(before)).expires_at
    done = run(contract, "--data", data)
    assert done.exit_code == 0, done.output
    after = contract.read_bytes()
    due = renewal_due(io.BytesIO(after))
    assert after.startswith(before)
    assert len(after) > len(before)
    assert due.expires_at > end_before
    assert contract.stat().st_mode & 0o777 == 0o640
    assert [path.name for path in contract.parent.iterdir()] == ["contract.pdf"]
    for told in ("B-LTA", "passed", "archive-timestamp-2", f"good until {due.expires_at:%Y-%m-%d}"):
        assert told in done.output
    trust = load_trust_anchors([data / "root.der"])
    assert verify_pdf(contract, trust=trust, now=datetime.now(UTC)).verdict.value == "passed"


def test_out_leaves_the_file_alone(data: Path, contract: Path, tmp_path: Path) -> None:
    before = contract.read_bytes()
    assert run(contract, "--data", data, "--out", tmp_path / "renewed.pdf").exit_code == 0
    assert contract.read_bytes() == before
    assert (tmp_path / "renewed.pdf").read_bytes().startswith(before)


def test_a_link_still_points_to_the_renewed_file(data: Path, contract: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.pdf"
    link.symlink_to(contract)
    before = contract.read_bytes()
    assert run(link, "--data", data).exit_code == 0
    assert link.is_symlink()
    assert len(contract.read_bytes()) > len(before)


def test_settings_name_the_keys(data: Path, contract: Path, tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    settings.write_text(f'data_folder = "{data}"\npassphrase_file = "{data / "private" / "passphrase"}"\n')
    assert run(contract, "--settings", settings).exit_code == 0


def test_one_refused_file_does_not_keep_the_others(data: Path, contract: Path, unsealed: Path) -> None:
    before = contract.read_bytes(), unsealed.read_bytes()
    done = run(unsealed, contract, "--data", data)
    assert done.exit_code == 4
    assert "renew.not_sealed" in done.output
    assert unsealed.read_bytes() == before[1]
    assert len(contract.read_bytes()) > len(before[0])


def test_renewal_by_the_same_unit_says_that_nothing_was_gained(data: Path, contract: Path) -> None:
    assert "renew-tsu" not in run(contract, "--data", data).output
    again = run(contract, "--data", data)
    assert again.exit_code == 0
    assert "renew-tsu" in again.output


def test_a_failure_at_the_last_step_leaves_the_old_file(
    data: Path, contract: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = contract.read_bytes()

    def full(*_: object) -> None:
        raise OSError(28, os.strerror(28))

    monkeypatch.setattr(os, "fchmod", full)
    done = run(contract, "--data", data)
    assert done.exit_code == 4
    assert "storage.full" in done.output
    assert contract.read_bytes() == before
    assert [path.name for path in contract.parent.iterdir()] == ["contract.pdf"]


def test_due_tells_the_most_urgent_first_and_changes_nothing(data: Path, contract: Path, tmp_path: Path) -> None:
    fresh = tmp_path / "a-fresh.pdf"
    assert run(contract, "--data", data, "--out", fresh).exit_code == 0
    before = {path: path.read_bytes() for path in (fresh, contract)}
    done = run(fresh, contract, "--due", 400)
    assert done.exit_code == 1
    first, second = done.output.splitlines()
    assert ("due" in first, "contract.pdf" in first) == (True, True)
    assert ("later" in second, "a-fresh.pdf" in second) == (True, True)
    assert f"{renewal_due(io.BytesIO(contract.read_bytes())).due_at:%Y-%m-%d}" in first
    assert {path: path.read_bytes() for path in before} == before


def test_nothing_due_is_success(contract: Path) -> None:
    assert run(contract, "--due", 0).exit_code == 0


def test_due_names_what_it_cannot_read(contract: Path, unsealed: Path) -> None:
    done = run(unsealed, contract, "--due", 0)
    assert done.exit_code == 4
    assert "renew.not_sealed" in done.output
    assert "later" in done.output


def test_out_is_for_one_file(data: Path, contract: Path, unsealed: Path, tmp_path: Path) -> None:
    assert run(contract, unsealed, "--data", data, "--out", tmp_path / "out.pdf").exit_code == 2
