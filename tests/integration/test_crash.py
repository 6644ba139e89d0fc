"""Killed anywhere, taken up again: one sealed file, nothing signed twice, no orphan, no act lost."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]

# Every system call is for CI: minutes. Every boundary between acts, objects, records and steps is for everybody.
SALE = "calls" if os.environ.get("QIANSHU_REQUIRE_TOOLS") == "1" else "acts"


def killed(folder: Path, level: str) -> dict[str, object]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.builders.crash", str(folder), level],
        cwd=REPOSITORY,
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.mark.timeout(1200)
def test_a_sale_killed_at_any_boundary_goes_on_to_one_sealed_contract(tmp_path: Path) -> None:
    told = killed(tmp_path, SALE)
    assert told["failures"] == {}
    # 11 acts of 3 entries and an object, a manifest with its journal copy and seal, 12 steps, 4 results, each twice.
    assert told["boundaries"] > 120
    assert told["states"] > 55


def test_keys_killed_at_any_system_call_are_made_whole(tmp_path: Path) -> None:
    told = killed(tmp_path, "keys")
    assert told["failures"] == {}
    assert told["boundaries"] > 50
