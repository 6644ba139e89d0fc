"""Whether a certificate number in an answer is the one that was asked by."""

from __future__ import annotations

from typing import TYPE_CHECKING

from identity.errors import CertificateNumberError
from identity.numbers import CERTIFICATE_FORMS, CertificateForm, folded, read_certificate

if TYPE_CHECKING:
    from datetime import date

__all__ = ["is_certificate_asked"]


def is_certificate_asked(asked: str | None, answered: str, today: date) -> bool:
    """Whether the register's number is the one asked by, whole or in part (HS-10, HS-11)."""
    if asked is None or folded(asked) == folded(answered):
        return True
    return any(_same_by_form(asked, answered, form, today) for form in CERTIFICATE_FORMS.values())


def _same_by_form(asked: str, answered: str, form: CertificateForm, today: date) -> bool:
    try:
        one, other = (read_certificate(text, (form,), today) for text in (asked, answered))
    except CertificateNumberError:
        return False
    # Asked by a part, the part must be the same; asked by the whole number, the whole.
    part_only = one.normalised == one.lookup
    return one.normalised == other.normalised or (part_only and one.lookup == other.lookup)
