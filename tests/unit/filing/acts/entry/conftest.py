"""A service with real keys, and a case that begins with its opening."""

import pytest

from tests.builders.desks import service
from tests.builders.entry import EntryDesks, entry_desks

__all__ = ["desks", "service"]


@pytest.fixture
def desks(service) -> EntryDesks:
    return entry_desks(service)
