"""Whether a house in an answer is the one that was asked for."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gateways.certificates import is_certificate_asked
from gateways.subjects import is_number_of
from identity.numbers import IdType, check_number

TODAY = datetime(2026, 11, 20, tzinfo=UTC).date()

NEW = "鄂(2022)黄石市不动产权第0000001号"

CERTIFICATES: dict[str, tuple[str, str, bool]] = {
    "equal": ("鄂(2022)黄石市不动产权第0000001号", "鄂(2022)黄石市不动产权第0000001号", True),
    "other brackets and blanks (H-26)": ("鄂（2022）黄石市不动产权第 0000001 号", NEW, True),
    "without 第 and 号": ("鄂2022黄石市不动产权0000001", "鄂(2022)黄石市不动产权第0000001号", True),
    "another serial": ("鄂(2022)黄石市不动产权第0000001号", "鄂(2022)黄石市不动产权第0000002号", False),
    "another year": ("鄂(2022)黄石市不动产权第0000001号", "鄂(2021)黄石市不动产权第0000001号", False),
    "another city": ("鄂(2022)黄石市不动产权第0000001号", "鄂(2022)武汉市不动产权第0000001号", False),
    "its part (HS-10)": ("03私01234", "房权证字第03私01234号", True),
    "another part": ("03私01235", "房权证字第03私01234号", False),
    "its serial (HS-11)": ("0004567", "黄房权证2010字第0004567号", True),
    "another's serial": ("0004568", "黄房权证2010字第0004567号", False),
    "the whole of another year": ("黄房权证2013字第0004567号", "黄房权证2010字第0004567号", False),
    "a serial of a newer certificate": ("0000001", "鄂(2022)黄石市不动产权第0000001号", False),
    "a form nobody knows, equal": ("X-1", "X-1", True),
    "a form nobody knows, another": ("X-1", "X-2", False),
    "nothing asked": (None, "鄂(2022)黄石市不动产权第0000001号", True),
}


@pytest.mark.rule("HS-10")
@pytest.mark.rule("HS-11")
@pytest.mark.rule("H-26")
@pytest.mark.parametrize("name", CERTIFICATES)
def test_a_certificate_is_the_one_asked_for_or_not(name: str) -> None:
    asked, answered, same = CERTIFICATES[name]
    assert is_certificate_asked(asked, answered, TODAY) is same


NUMBERS: dict[str, tuple[IdType, str, str, bool]] = {
    "equal": (IdType.RESIDENT_ID, "110101199003070011", "110101199003070011", True),
    "another": (IdType.RESIDENT_ID, "110101199003070011", "440300198506150028", False),
    "fifteen digits of the same person": (IdType.RESIDENT_ID_15, "150102880730303", "150102198807303035", True),
    "eighteen digits of the same person": (IdType.RESIDENT_ID, "150102198807303035", "150102880730303", True),
    "a permit renewed": (IdType.HM_PERMIT, "H1234567801", "H1234567802", True),
    "another's permit": (IdType.HM_PERMIT, "H1234567801", "H1234567902", False),
    "a passport renewed: nobody can tell": (IdType.PASSPORT, "EH1234567", "AK7654321", False),
    "a credit code": (IdType.USCC, "91350100M000100Y43", "91350100m000100y43", True),
}


@pytest.mark.rule("ZS-23")
@pytest.mark.parametrize("name", NUMBERS)
def test_a_number_is_the_owners_or_not(name: str) -> None:
    kind, answered, asked, same = NUMBERS[name]
    assert is_number_of(asked, check_number(kind, answered, TODAY), TODAY) is same
