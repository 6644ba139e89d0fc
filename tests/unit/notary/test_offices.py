"""Which office may act for a property (公证法 art. 25): codes of GB/T 2260, two digits a level."""

from __future__ import annotations

import pytest

from notary.offices import NotaryOffice, acts_at

PLACES = [
    # office, property, whether
    ("442000", "442000", True),
    ("440000", "442000", True),
    ("440100", "440106", True),
    ("440106", "440100", False),
    ("440106", "440106", True),
    ("440106", "440103", False),
    # A nought that belongs to the code is no nought that covers.
    ("500000", "510100", False),
    ("500000", "500101", True),
    ("131000", "131100", False),
    ("131000", "131003", True),
    # A code of no place covers nothing.
    ("000000", "442000", False),
    ("", "442000", False),
]


@pytest.mark.parametrize(("own", "place", "may"), PLACES)
@pytest.mark.rule("ZN-04")
def test_an_office_acts_where_the_property_is(own, place, may):
    assert acts_at(NotaryOffice("o", "某公证处", "粤某", (own,)), place) is may
