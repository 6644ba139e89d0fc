from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builders.quick_uploads import quick_uploads
from tests.builders.walked import walked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.builders.walk import Walk


@pytest.fixture(scope="session")
def walks() -> dict[str, Walk]:
    return walked()


@pytest.fixture(autouse=True)
def _quick() -> Iterator[None]:
    with quick_uploads():
        yield
