"""Real-estate unit numbers, GB/T 37346-2019: 28 characters, the first 19 of which are the parcel's code.

6 county, 3 cadastral district, 3 sub-district, 2 parcel mark, 5 parcel serial, 1 fixture mark, 8 fixture unit.
The number has no check character.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from identity.errors import CertificateNumberError
from identity.numbers.resident import PROVINCES
from identity.numbers.text import folded

__all__ = ["Fixture", "UnitNumber", "read_unit_number"]

FORM = re.compile(
    r"(?P<county>[0-9]{6})(?P<district>[0-9]{3})(?P<sub_district>[0-9]{3})"
    r"(?P<parcel_mark>[GJZ][ABSXCDEFHGWY])(?P<parcel_serial>[0-9]{5})"
    r"(?P<fixture>[FLQW])(?P<fixture_unit>[0-9]{8})"
)

NO_FIXTURE_UNIT = "00000000"


@dataclass(frozen=True, slots=True)
class Fixture:
    """What stands on the parcel."""

    mark: str
    """F building, L forest, Q other, W none."""

    unit: str
    """Eight digits; zeros if there is none."""


@dataclass(frozen=True, slots=True)
class UnitNumber:
    """A real-estate unit number and its parts."""

    normalised: str
    """All 28 characters."""

    county: str
    """Six digits of GB/T 2260."""

    district: str
    """Cadastral district (地籍区)."""

    sub_district: str
    """Cadastral sub-district (地籍子区)."""

    parcel_mark: str
    """Ownership (G state, J collective, Z disputed) and kind of right."""

    parcel_serial: str
    """Running number of the parcel."""

    fixture: Fixture
    """What stands on it."""

    @property
    def parcel_code(self) -> str:
        """The first 19 characters: the parcel (宗地代码)."""
        return self.normalised[:19]


def read_unit_number(text: str) -> UnitNumber:
    """Read ``text``, as typed or printed in groups. Raises :class:`CertificateNumberError`, ``unit_number.…``."""
    form = FORM.fullmatch(folded(text))
    if not form:
        raise _refusal(
            "format", "不动产单元号应为28位，格式不符", "a unit number has 28 characters; this is not its form"
        )
    if form["county"][:2] not in PROVINCES:
        raise _refusal("area", "不动产单元号的县级代码不存在", "the county code of the unit number does not exist")
    fixture = Fixture(form["fixture"], form["fixture_unit"])
    if fixture.mark == "W" and fixture.unit != NO_FIXTURE_UNIT:
        raise _refusal(
            "fixture", "无定着物（W）的不动产单元号末八位应为0", "a unit without fixture (W) ends with eight zeros"
        )
    return UnitNumber(
        form[0],
        form["county"],
        form["district"],
        form["sub_district"],
        form["parcel_mark"],
        form["parcel_serial"],
        fixture,
    )


def _refusal(reason: str, zh: str, en: str) -> CertificateNumberError:
    return CertificateNumberError(f"unit_number.{reason}", zh=zh, en=en)
