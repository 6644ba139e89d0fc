"""A service with real keys, whose passphrase is cheap; one for all tests here, each case has its own files."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from qianshu.bootstrap import House
from tests.builders.cases import drafting
from tests.builders.desks import Desks, desks_for
from tests.builders.house import cheap_guessing, lay_keys, opened

if TYPE_CHECKING:
    from filing.case.people import CaseParty

_NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    with cheap_guessing():
        yield opened(lay_keys(tmp_path_factory.mktemp("service")))


@pytest.fixture
def text_ready(service: House) -> Callable[..., Desks]:
    """A case of a city with its text fixed."""

    def make(city: str, *parties: CaseParty, **changes: Any) -> Desks:
        case = drafting(city, *parties)
        numbered = replace(case, head=replace(case.head, case_no=f"20261121{next(_NUMBERS):05}"))
        return desks_for(service, replace(numbered, **changes))

    return make
