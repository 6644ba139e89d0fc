"""A contract of two hundred pages: the usual terms, and annexes of many short lines."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING

from qianshu.demo.city.sale import CLAUSES
from tests.builders.service import walked

if TYPE_CHECKING:
    from qianshu.demo.city.sale import Sale
    from tests.builders.service import CityService

ANNEXES, LINES = 4, 2000


def long_sale(city: CityService, name: str) -> Sale:
    """A sale whose text is made, and long; nobody has confirmed it."""
    sale = city.sale(name)
    steps = sale.steps()
    walked(steps, "合同条款")
    sale.seller.act(sale.case_no, "save-clauses", clauses=_clauses(sale))
    walked(steps, "生成合同文本")
    return sale


def _clauses(sale: Sale) -> dict[str, object]:
    terms = json.loads((files("qianshu.demo_data") / "terms.json").read_text(encoding="utf-8"))
    clauses = {name: terms[name] for name in CLAUSES if name in terms}
    clauses["money"]["payee"]["holder"] = sale.seller.me["name"]
    lines = "\n".join("一" if number % 5 else "" for number in range(1, LINES)).strip()
    annexes = [
        {"title": f"房屋附属设施清单之{number}", "content": f"清\n{lines}\n毕"} for number in range(1, ANNEXES + 1)
    ]
    return {**clauses, "annexes": annexes}
