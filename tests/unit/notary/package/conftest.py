"""One walk of two purchasers for all tests of packages: it is the costly part."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builders.containers import bureau_in
from tests.builders.notary_package import first_push, handed_in

if TYPE_CHECKING:
    from tests.builders.applicants import Applicants
    from tests.builders.containers import Bureau


@pytest.fixture(scope="session")
def pushed() -> Applicants:
    return first_push()


@pytest.fixture(scope="session")
def complete() -> Applicants:
    return handed_in()


@pytest.fixture(scope="session")
def bureau(tmp_path_factory: pytest.TempPathFactory) -> Bureau:
    return bureau_in(tmp_path_factory.mktemp("bureau"))
