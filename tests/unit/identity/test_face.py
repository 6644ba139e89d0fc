"""A face is never the only way: not in a check, not in a city, not in a route of logging in."""

from __future__ import annotations

from itertools import chain, combinations

import pytest

from filing.profile import load_cities
from identity.face import WayBeside, face_only, ways_beside
from identity.trust_level import FACE_METHODS, CheckMethod
from tests.builders.cases import CITIES

PROFILES = load_cities(CITIES)


@pytest.mark.rule("HS-05", "HS-24", "HS-32", "SZ-20", "SZ-21")
@pytest.mark.parametrize("city", sorted(PROFILES))
def test_no_city_leaves_somebody_nothing_but_their_face(city: str) -> None:
    people = PROFILES[city].people

    for check in people.checks:
        assert not face_only(check.any_of), check.purpose
    for way in people.login:
        assert not face_only(way.methods) or any(
            other.group is way.group and not face_only(other.methods) for other in people.login
        )


@pytest.mark.parametrize(
    "methods", list(chain.from_iterable(combinations(CheckMethod, size) for size in range(1, 3))), ids=str
)
def test_whatever_a_check_takes_a_way_without_a_face_is_offered(methods: tuple[CheckMethod, ...]) -> None:
    assert WayBeside.WINDOW in ways_beside(methods)
    assert face_only(methods) is (set(methods) <= FACE_METHODS)


def test_document_and_code_are_offered_where_the_city_takes_them() -> None:
    assert WayBeside.DOCUMENT_AND_CODE in ways_beside([CheckMethod.FACE, CheckMethod.SMS])
    assert WayBeside.DOCUMENT_AND_CODE not in ways_beside([CheckMethod.FACE, CheckMethod.WINDOW])
