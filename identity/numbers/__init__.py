"""Numbers of people, organisations and houses: their forms, their checks, what they tell, and how they are masked.

Pure reading of text. Whether a number was issued, and to whom, is the outside world's to say.
"""

from __future__ import annotations

from identity.numbers.business_number import BusinessNumber, read_business_number
from identity.numbers.certificates import (
    CERTIFICATE_FORMS,
    CertificateForm,
    CertificateNumber,
    certificate_form,
    read_certificate,
)
from identity.numbers.check import PersonMatch, check_number, lifetime_form, same_person_number
from identity.numbers.kinds import ID_TYPE_NAMES, IdentityNumber, IdType, Region, Sex
from identity.numbers.masks import mask_name, mask_number, mask_phone
from identity.numbers.phones import check_mobile
from identity.numbers.resident import to_eighteen
from identity.numbers.text import folded
from identity.numbers.unit_number import Fixture, UnitNumber, read_unit_number

__all__ = [
    "CERTIFICATE_FORMS",
    "ID_TYPE_NAMES",
    "BusinessNumber",
    "CertificateForm",
    "CertificateNumber",
    "Fixture",
    "IdType",
    "IdentityNumber",
    "PersonMatch",
    "Region",
    "Sex",
    "UnitNumber",
    "certificate_form",
    "check_mobile",
    "check_number",
    "folded",
    "lifetime_form",
    "mask_name",
    "mask_number",
    "mask_phone",
    "read_business_number",
    "read_certificate",
    "read_unit_number",
    "same_person_number",
    "to_eighteen",
]
