"""One service with a certified contract, made once; each test works on a copy of its folder."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import signing.envelope
from filing.contract import ContractCase
from qianshu.bootstrap import House
from qianshu.settings import settings_in
from tests.builders.house import CASE_NO, certified_case, lay_keys, make_guessing_cheap, opened


@pytest.fixture(scope="session")
def laid(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Keys, and a contract that is certified and waits for its signatures."""
    dear = signing.envelope._SCRYPT_N
    make_guessing_cheap()
    data = tmp_path_factory.mktemp("laid")
    certified_case(opened(lay_keys(data)))
    yield data
    signing.envelope._SCRYPT_N = dear


@pytest.fixture
def house(laid: Path, tmp_path: Path) -> House:
    """The service, its contract certified."""
    shutil.copytree(laid, tmp_path / "data")
    return opened(settings_in(tmp_path / "data"))


@pytest.fixture
def case(house: House) -> ContractCase:
    return house.case(CASE_NO)
