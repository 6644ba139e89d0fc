"""One service with a certified contract, made once; each test works on a copy of its folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from filing.contract import ContractCase
from qianshu.bootstrap import House
from qianshu.settings import settings_in
from tests.builders.house import CASE_NO, certified_case, cheap_guessing, lay_keys, opened


@pytest.fixture(scope="session")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Keys, and a contract that is certified and waits for its signatures."""
    data = tmp_path_factory.mktemp("laid")
    with cheap_guessing():
        certified_case(opened(lay_keys(data)))
    return data


@pytest.fixture
def house(laid: Path, tmp_path: Path) -> Iterator[House]:
    """The service, its contract certified."""
    shutil.copytree(laid, tmp_path / "data")
    with cheap_guessing():
        yield opened(settings_in(tmp_path / "data"))


@pytest.fixture
def case(house: House) -> ContractCase:
    return house.case(CASE_NO)
