"""One service with a certified contract, made once; each test works on a copy of its folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from qianshu.settings import Settings, settings_in
from tests.builders.house import certified_case, cheap_guessing, lay_keys, opened


@pytest.fixture(scope="session")
def certified_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("certified")
    with cheap_guessing():
        certified_case(opened(lay_keys(data)))
    return data


@pytest.fixture
def certified(certified_folder: Path, tmp_path: Path) -> Iterator[Settings]:
    """Settings of a service whose contract is certified and waits for its signatures."""
    shutil.copytree(certified_folder, tmp_path / "data")
    with cheap_guessing():
        yield settings_in(tmp_path / "data")
