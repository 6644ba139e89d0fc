"""Numbers that carry no check: passports, officers' and police certificates."""

from __future__ import annotations

import re

from identity.numbers.kinds import IdentityNumber, IdType, Region
from identity.numbers.refusals import wrong_format

__all__ = ["read_officer_id", "read_passport", "read_police_id"]

PASSPORT = re.compile(r"[A-Z0-9]{5,9}")
SERVICE_CERTIFICATE = re.compile(r"(?P<word>[一-龥])字第(?P<digits>[0-9]{6,8})号?")
POLICE_NUMBER = re.compile(r"[0-9]{6,8}")


def read_passport(text: str) -> IdentityNumber:
    """A passport of any state, 5 to 9 letters and digits (ICAO 9303 allows nine). It does not tell which state."""
    if not PASSPORT.fullmatch(text):
        raise wrong_format(IdType.PASSPORT)
    return IdentityNumber(IdType.PASSPORT, text)


def read_officer_id(text: str) -> IdentityNumber:
    """An officer's certificate, e.g. 军字第1234567号; a missing 号 is added."""
    return _read_service_certificate(IdType.OFFICER_ID, text)


def read_police_id(text: str) -> IdentityNumber:
    """A police certificate: the officer's shape, or the bare police number of 6 to 8 digits.

    No published standard gives its form; WH-23 only shows the kind. So this reads what is printed on the two models
    in use and proves nothing: staff look at the certificate.
    """
    if POLICE_NUMBER.fullmatch(text):
        return IdentityNumber(IdType.POLICE_ID, text, region=Region.CN)
    return _read_service_certificate(IdType.POLICE_ID, text)


def _read_service_certificate(kind: IdType, text: str) -> IdentityNumber:
    form = SERVICE_CERTIFICATE.fullmatch(text)
    if not form:
        raise wrong_format(kind)
    return IdentityNumber(kind, f"{form['word']}字第{form['digits']}号", region=Region.CN)
