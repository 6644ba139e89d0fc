"""The contract that is to be cancelled: signed and filed months ago in another system, with keys of its own.

The service knows none of these keys. It takes the file over by its bytes, and checks that nothing was changed in it.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from documents.amounts import capital_amount
from documents.papers import parse_template, render_paper
from filing.contract import PartySigning, certify_text, fix_typeset, read_object, seal_unstamped, sign_contract
from identity.numbers import ID_TYPE_NAMES, IdType, mask_number
from qianshu.bootstrap import ensure_keys, open_house
from qianshu.settings import settings_in
from signing.ink import parse_handwriting

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from documents.typesetting import TypesetPdf

__all__ = ["FiledContract", "make_filed_contract"]

AGE: Final = timedelta(days=200)
"""How long ago it was signed."""

PRICE: Final = Decimal("1860000.00")

FLOOR_AREA: Final = "98.60"

_DATA = files("qianshu.demo_data")

_STROKES = ("seller-1", "buyer-1", "seller-2")
"""Drawings by the order of parties."""


@dataclass(frozen=True, slots=True)
class FiledContract:
    """A contract another system filed."""

    pdf: bytes
    """The file, signed by everybody."""

    filing_number: str
    """备案编号."""

    filed_at: datetime
    """When."""

    location: str
    """Where the house is."""

    floor_area: str
    """Square metres."""

    price: Decimal
    """Yuan."""


def make_filed_contract(
    folder: Path, developer: Mapping[str, Any], purchasers: Sequence[Mapping[str, Any]], now: datetime
) -> FiledContract:
    """Typeset it, have everybody sign, seal it; ``folder`` keeps the other system's keys and archive.

    People are as the sandbox describes them.
    """
    filed_at = now - AGE
    settings = replace(settings_in(folder), service_name="示例商品房网上签约系统")
    ensure_keys(settings, filed_at)
    house = open_house(settings, lambda: filed_at)
    serial = f"{secrets.randbelow(90_000) + 10_000}"  # another contract, of another house, each time
    number, location = f"ZS{filed_at:%Y%m%d}{serial}", f"中山市翠亨新区示例大道8号示例花园{serial[:2]}栋{serial[1:]}房"
    contract = house.case(f"{filed_at:%Y%m%d}{serial}")
    people = [("seller-1", "出卖人", developer)]
    people += [(f"buyer-{place}", "买受人", one) for place, one in enumerate(purchasers, 1)]
    values = _values(number, location, filed_at, people)

    def typeset(made_at: datetime) -> TypesetPdf:
        template = parse_template((_DATA / "filed_contract.yaml").read_text(encoding="utf-8"))
        return render_paper(template, values, made_at=made_at)

    digest = hashlib.sha256(json.dumps(values, sort_keys=True).encode()).hexdigest()
    fix_typeset(contract, digest, typeset)
    certify_text(contract, house.desk)
    for place, (key, label, who) in enumerate(people):
        drawn = parse_handwriting((_DATA / "strokes" / f"{_STROKES[place % len(_STROKES)]}.json").read_bytes())
        sign_contract(contract, house.desk, PartySigning(key, who["name"], mask_number(who["id_number"]), label, drawn))
    sealed = seal_unstamped(contract, house.desk)
    return FiledContract(read_object(contract, sealed.sha256), number, filed_at, location, FLOOR_AREA, PRICE)


def _values(
    number: str, location: str, at: datetime, people: list[tuple[str, str, Mapping[str, Any]]]
) -> dict[str, Any]:
    rows = [_row(key, who) for key, _, who in people]
    return {
        "case_no": number,
        "filing_number": number,
        "signed_on": f"{at.year}年{at.month}月{at.day}日",
        "house_location": location,
        "floor_area": f"{FLOOR_AREA} 平方米",
        "house_use": "住宅",
        "price": f"{PRICE:,.2f} 元",
        "price_capital": capital_amount(PRICE),
        "sellers": rows[:1],
        "buyers": rows[1:],
    }


def _row(key: str, who: Mapping[str, Any]) -> dict[str, str]:
    return {
        "key": key,
        "name": str(who["name"]),
        "id_type": ID_TYPE_NAMES[IdType(who["id_type"])][0],
        "id_number": str(who["id_number"]),
        "phone": str(who["phone"]),
        "address": "广东省中山市示例街道示例路18号",
    }
