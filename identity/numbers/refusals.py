"""The four ways in which a number of a person or an organisation is refused; one wording for all kinds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from identity.errors import NumberError
from identity.numbers.kinds import ID_TYPE_NAMES

if TYPE_CHECKING:
    from identity.numbers.kinds import IdType

__all__ = ["not_a_birth_date", "unknown_area", "wrong_checksum", "wrong_format"]


def wrong_format(id_type: IdType) -> NumberError:
    """The text does not have the shape of ``id_type``."""
    zh, en = ID_TYPE_NAMES[id_type]
    return NumberError(
        "number.format",
        zh=f"证件号码不符合{zh}的格式，请核对证件类型和号码",
        en=f"not the form of a number of a {en}; check the kind of document and the number",
        id_type=id_type.value,
    )


def wrong_checksum(id_type: IdType) -> NumberError:
    """The check character does not belong to the rest: somebody mistyped."""
    zh, en = ID_TYPE_NAMES[id_type]
    return NumberError(
        "number.checksum",
        zh=f"{zh}号码校验位不符，请核对是否输错",
        en=f"the check character of the number of this {en} does not fit; look for a typing error",
        id_type=id_type.value,
    )


def not_a_birth_date(id_type: IdType) -> NumberError:
    """The digits of birth are no day of the calendar, or a day that nobody alive was born on."""
    zh, en = ID_TYPE_NAMES[id_type]
    return NumberError(
        "number.birth_date",
        zh=f"{zh}号码中的出生日期不存在或者晚于今天",
        en=f"the date of birth in the number of this {en} does not exist or lies in the future",
        id_type=id_type.value,
    )


def unknown_area(id_type: IdType) -> NumberError:
    """The area code begins with no province."""
    zh, en = ID_TYPE_NAMES[id_type]
    return NumberError(
        "number.area",
        zh=f"{zh}号码中的地区代码不存在",
        en=f"the area code in the number of this {en} does not exist",
        id_type=id_type.value,
    )
