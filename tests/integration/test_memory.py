"""Memory does not grow with the file: 30 MB are signed and verified in little more than one (issue 2 § 6).

The same acts as the bench, each in a process of its own. Drawing a page of 300 dpi takes as much memory as the heavy
file has bytes, and would hide that it was read whole; hence its pages are coarse.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from bench.memory import LIMIT_MB, MB, run_act
from bench.scanned import page_pixels, write_scans
from documents.uploads import combine_uploads

LIGHT = {"pages": 2, "dpi": 300, "quality": 22}
HEAVY = {"pages": 50, "dpi": 100, "quality": 96}
MAX_GROWTH_MB = 10.0
"""A third of the heavy file: reading it whole once, or keeping the streams of its pages, takes more."""

pytestmark = pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="needs the peak of memory from /proc")


@dataclass(frozen=True, slots=True)
class Measured:
    """One contract, signed and verified."""

    path: Path
    sign_mb: float
    verify_mb: float
    page_mb: float


@pytest.fixture(scope="module")
def light(tmp_path_factory) -> Measured:
    return measured(tmp_path_factory.mktemp("light"), **LIGHT)


@pytest.fixture(scope="module")
def heavy(tmp_path_factory) -> Measured:
    return measured(tmp_path_factory.mktemp("heavy"), **HEAVY)


def measured(folder: Path, pages: int, dpi: int, quality: int) -> Measured:
    write_scans(folder, pages, dpi, quality)
    combine_uploads(sorted(folder.glob("page-*.jpg")), folder / "contract.pdf")
    _, sign_mb = run_act("sign", folder, pages)
    _, verify_mb = run_act("verify", folder, pages)
    width, height = page_pixels(dpi)
    return Measured(folder / "contract.pdf", sign_mb, verify_mb, 3 * width * height / MB)


def test_heavy_file_is_heavy(light, heavy):
    assert heavy.path.stat().st_size > light.path.stat().st_size + 28 * MB


def test_signing_does_not_grow_with_the_file(light, heavy):
    assert heavy.sign_mb < LIMIT_MB
    assert heavy.sign_mb - light.sign_mb < MAX_GROWTH_MB


def test_verifying_under_guard_does_not_grow_with_the_file(light, heavy):
    assert heavy.verify_mb < LIMIT_MB
    assert (heavy.verify_mb - heavy.page_mb) - (light.verify_mb - light.page_mb) < MAX_GROWTH_MB


def test_drawing_decodes_one_picture_at_a_time_and_once(light, heavy):
    assert light.verify_mb < LIMIT_MB
    assert light.verify_mb - heavy.verify_mb < 1.5 * (light.page_mb - heavy.page_mb)
