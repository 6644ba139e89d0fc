"""Whoever verifies a stranger's file has nothing to fetch with."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]


def child(code: str) -> subprocess.CompletedProcess[str]:
    """A process of its own: what is imported here cannot be taken back."""
    start = "from signing.fetching import have_no_http_client as have_none\n"
    return subprocess.run([sys.executable, "-c", start + code], cwd=ROOT, capture_output=True, text=True, check=False)


def test_verification_is_imported_without_an_http_client() -> None:
    done = child(
        "have_none()\nimport signing.validation.guard, sys\n"
        "print(sorted(n for n in sys.modules if n.split('.')[0] in {'aiohttp', 'requests', 'httpx', 'urllib3'}))"
    )
    assert (done.stdout.strip(), done.stderr) == ("['aiohttp']", "")


@pytest.mark.parametrize("asked", ["ClientSession()", "ClientTimeout(total=5)", "BasicAuth('a', 'b')"])
def test_what_would_ask_somebody_fails(asked: str) -> None:
    done = child(f"have_none()\nimport aiohttp\naiohttp.{asked}")
    assert done.stderr.endswith("RuntimeError: this process fetches nothing\n")
