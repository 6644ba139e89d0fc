"""The command line as people run it, and one demo of it that all tests look at."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-c", "from qianshu.cli import main; main()"]
# As narrow as a phone, in colour if it likes: what is printed must not depend on it.
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(REPOSITORY), "COLUMNS": "40"}


def qianshu(*arguments: str | Path, cwd: Path = REPOSITORY) -> subprocess.CompletedProcess[str]:
    """One run of the command in a process of its own."""
    command = [*COMMAND, *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, env=ENVIRONMENT, capture_output=True, encoding="utf-8", check=False)


@pytest.fixture(scope="session")
def demo_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Where ``qianshu demo`` left its results, and what it printed."""
    out = tmp_path_factory.mktemp("demo") / "out"
    done = qianshu("demo", "--out", out)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    return out, done.stdout


@pytest.fixture(scope="session")
def demo(demo_run: tuple[Path, str]) -> Path:
    """The demo's results; not to be changed."""
    return demo_run[0]


@pytest.fixture
def own_demo(demo: Path, tmp_path: Path) -> Path:
    """A copy of the demo's results, to be changed."""
    return Path(shutil.copytree(demo, tmp_path / "out"))
