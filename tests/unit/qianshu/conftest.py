"""One finished sale, made once; each test works on a copy of its folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from qianshu.bootstrap import House
from qianshu.demo.sale import sale_steps
from qianshu.settings import settings_in
from tests.builders.house import CASE_NO, cheap_guessing, lay_keys, opened


@pytest.fixture(scope="session")
def sold(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Data folder and results of a finished sale."""
    data = tmp_path_factory.mktemp("sold")
    with cheap_guessing():
        house = opened(lay_keys(data))
        for step in sale_steps(house, house.case(CASE_NO), data):
            step.run()
    return data


@pytest.fixture
def house(sold: Path, tmp_path: Path) -> Iterator[House]:
    shutil.copytree(sold, tmp_path / "data")
    with cheap_guessing():
        yield opened(settings_in(tmp_path / "data"))
