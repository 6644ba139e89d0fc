"""Mainland mobile numbers, the only ones that receive codes (ZS-26, H-10)."""

from __future__ import annotations

import re

from identity.errors import NumberError
from identity.numbers.text import folded

__all__ = ["check_mobile"]

MOBILE = re.compile(r"(?:\+?86|0086)?(?P<number>1[3-9][0-9]{9})")


def check_mobile(text: str) -> str:
    """The eleven digits of a mainland mobile number; the country prefix, blanks and hyphens are dropped.

    Raises :class:`NumberError` ``phone.not_mainland_mobile``.
    """
    form = MOBILE.fullmatch(folded(text).replace("-", ""))
    if not form:
        raise NumberError(
            "phone.not_mainland_mobile",
            zh="联系电话必须是能接收验证码的大陆手机号码",
            en="the phone must be a mainland mobile number that can receive codes",
        )
    return form["number"]
