"""A page is placed by the corners of its codes: turn, scale, shift."""

from __future__ import annotations

from math import cos, hypot, radians, sin

import pytest

from documents.scans.placing import Placement, place

CORNERS = [(10.0, 10.0), (60.0, 10.0), (60.0, 60.0), (500.0, 800.0), (550.0, 850.0)]


@pytest.mark.parametrize("degrees", [0, 1.5, 90, 180, -91])
def test_finds_turn_scale_and_shift(degrees: float) -> None:
    a, b = 0.7 * cos(radians(degrees)), 0.7 * sin(radians(degrees))
    truth = Placement(a, b, 31.0, -12.0, 0.0)
    fitted = place(CORNERS, [truth.apply(point) for point in CORNERS])
    assert (fitted.a, fitted.b, fitted.e, fitted.f) == pytest.approx((a, b, 31.0, -12.0))
    assert fitted.scale == pytest.approx(0.7)
    assert fitted.residual == pytest.approx(0.0, abs=1e-9)


def test_the_way_back_is_the_way_back() -> None:
    there = Placement(0.3, -1.1, 5.0, 7.0, 0.0)
    x, y = there.inverse().apply(there.apply((123.0, 45.0)))
    assert hypot(x - 123.0, y - 45.0) < 1e-9


def test_says_how_far_off_the_worst_corner_is() -> None:
    wanted = [(x + (3.0 if x == 10.0 else 0.0), y) for x, y in CORNERS]
    assert 1.0 < place(CORNERS, wanted).residual < 3.0
