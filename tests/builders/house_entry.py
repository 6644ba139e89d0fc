"""A seller about to look a house up, and a land register that is down."""

from __future__ import annotations

from filing.outside import OutsideService, OutsideUnavailable
from tests.builders.cases import CERTIFICATE, SELLER, registered
from tests.builders.entry import until_opened

DOWN = OutsideUnavailable(OutsideService.LAND_REGISTER, "slow")


def ready_to_look(desks, city, *houses, someone=SELLER):
    desks.knows(*(houses or (registered(city),)))
    desks.land.check_codes = {CERTIFICATE[city]: "A1B2"}
    return until_opened(desks, city, someone)
