"""Terms of sales that never were: the demo's, a crowded one, a bare one. Everybody is invented."""

from __future__ import annotations

import copy
import json
from functools import cache
from pathlib import Path
from typing import Any

from documents.contract import ContractTerms, parse_terms

__all__ = ["bare_data", "crowded_data", "demo_data", "demo_terms", "resident_number", "terms_of"]

DEMO = Path(__file__).parents[2] / "qianshu" / "demo_data" / "terms.json"

LONG_ADDRESS = (
    "湖北省黄石市阳新县富池镇袁广村滨江新区产业园配套生活服务中心东侧三期安置小区（原富池船厂家属院）12号楼2单元1301室"
)


@cache
def _demo_text() -> str:
    return DEMO.read_text(encoding="utf-8")


def demo_data() -> dict[str, Any]:
    """The demo's terms: a fresh copy, to be changed at will."""
    data: dict[str, Any] = json.loads(_demo_text())
    return data


def demo_terms() -> ContractTerms:
    """The demo's terms, parsed."""
    return parse_terms(demo_data())


def terms_of(data: dict[str, Any]) -> ContractTerms:
    """Parse; what a test expects to be right must be."""
    return parse_terms(copy.deepcopy(data))


def resident_number(birth: str, sequence: int, region: str = "420200") -> str:
    """A resident number with the right check character (GB 11643-1999, ISO 7064 MOD 11-2)."""
    body = f"{region}{birth}{sequence:03}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, weights, strict=True)) % 11]


def person(name: str, sequence: int, *, born: str = "19850506", share: str | None = None) -> dict[str, Any]:
    """A person; an odd sequence is a man's."""
    party = {
        "kind": "person",
        "name": name,
        "identity": {"document": "resident_id", "number": resident_number(born, sequence)},
        "personal": {
            "nationality": "中国",
            "birth_date": f"{born[:4]}-{born[4:6]}-{born[6:]}",
            "sex": "male" if sequence % 2 else "female",
        },
        "contact": {"address": LONG_ADDRESS, "postcode": "435200", "phone": f"1390000{sequence:04}"},
    }
    return party | ({"share": share} if share else {})


def agent(name: str, sequence: int, role: str, authority: str) -> dict[str, Any]:
    """A representative."""
    party = person(name, sequence)
    kept = ("name", "identity", "personal", "contact")
    return {"role": role, "authority": authority} | {key: party[key] for key in kept}


def organisation(name: str) -> dict[str, Any]:
    """A company, named and numbered after nobody."""
    return {
        "kind": "organisation",
        "name": name,
        "identity": {"document": "credit_code", "number": "91420200MA49X7Q2AG"},
        "head": {
            "post": "法定代表人",
            "name": "欧阳听雨",
            "identity": {"document": "passport", "number": "E00000001"},
        },
        "contact": {
            "address": LONG_ADDRESS,
            "phone": "0714-0000000",
            "email": "a.very.long.mailbox.of.a.very.long.company-name@subsidiary.example-holding.example.com",
        },
    }


def crowded_data() -> dict[str, Any]:
    """Five sellers (a child with guardians, a company), two consenting co-owners, four buyers, every burden."""
    data = demo_data()
    child = person("𠮷㛃䶮", 22, born="20150301", share="1/10")
    child["representatives"] = [
        agent("龙行云", 31, "guardian", "父亲，监护人"),
        agent("温如许", 42, "guardian", "母亲，监护人"),
    ]
    company = organisation("黄石市示例置业发展集团有限责任公司（原黄石示例机械总厂）") | {"share": "1/5"}
    company["representatives"] = [
        agent("季长风", 53, "agent", "授权委托书（2026）示例字第7号：签订合同、办理网签备案和转移登记")
    ]
    data["sellers"] = [
        person("阿卜杜热西提·买买提吐尔逊·阿不都克里木江", 61, share="3/10"),
        person("司徒望舒", 72, share="1/10"),
        person("诸葛青崖", 73, share="1/10"),
        child,
        company,
    ]
    data["co_owners"] = [person("端木晚照", 84, share="1/10"), person("公孙既白", 85, share="1/10")]
    data["buyers"] = [
        person("Maria Alexandra von Hohenberg-Lichtenfels", 92, share="1/4"),
        person("上官疏影", 94, share="1/4"),
        person("慕容归雁", 96, share="1/4"),
        person("尉迟停云", 97, share="1/4"),
    ]
    data["buyers"][0]["identity"] = {
        "document": "other",
        "number": "X-00000000-ABCDEFGH-12345678",
        "other_name": "外国人身份证明",
    }
    data["buyers"][0]["personal"]["nationality"] = "示例联邦共和国"
    data["buyers"][1]["representatives"] = [agent("夏侯问渠", 99, "agent", "公证委托书：签订合同并代收法律文书")]
    data["performance"]["transfer"]["buyers_hold"] = "by_share"
    data["house"]["location"] = LONG_ADDRESS
    data["house"]["title"]["land_certificate_no"] = "黄石国用（2009）第000123号"
    data["house"]["rights"] |= {
        "mortgage": {
            "mortgagee": "示例银行股份有限公司黄石分行",
            "secured_amount": "356000.00",
            "settlement": "release_first",
            "release_by": "2026-12-20",
        },
        "lease": {"tenant": "独孤若水", "ends_on": "2027-06-30", "tenant_waived": True},
        "residence_right": {"holder": "东方既晓", "arrangement": "交付前由甲方负责注销居住权登记"},
        "other": "外立面广告位已由业主委员会统一出租至2028年底",
    }
    data["performance"]["delivery"] |= {"condition": "with_lease", "maintenance_fund": "paid_separately"}
    data["performance"]["delivery"]["maintenance_fund_amount"] = "8123.45"
    data["performance"]["delivery"]["fixtures"] *= 6
    data["annexes"] = [
        {"title": "房屋平面布置说明", "content": "客厅朝南，面积约32平方米。\n主卧带独立卫生间。"},
        {"title": "共有人之间的约定", "content": "各出卖人按份额取得价款。"},
    ]
    data["liability"]["dispute"] = {"forum": "arbitration", "arbitration_body": "黄石仲裁委员会"}
    return data


def bare_data() -> dict[str, Any]:
    """One seller, one buyer, and nothing that may be left out."""
    data = demo_data()
    data["sellers"] = [person("周明远", 3)]
    data["buyers"] = [person("沈书瑶", 2)]
    for party in data["sellers"] + data["buyers"]:
        del party["contact"]["postcode"]
    data["house"]["title"] = {"number": "黄房权证2022字第0000001号"}
    optional = ("inner_area", "shared_area", "layout", "year_built")
    data["house"]["building"] = {key: value for key, value in data["house"]["building"].items() if key not in optional}
    data["house"]["land"] = {"acquired_by": "allocation"}
    data["house"]["rights"] = {"ownership": "sole"}
    money = data["money"]
    for optional_part in ("loan", "supervision", "taxes"):
        del money[optional_part]
    money["method"] = "lump_sum"
    money["instalments"] = [
        {"kind": "full", "amount": money["price"], "channel": "seller", "due_when": "转移登记申请受理当日"}
    ]
    delivery = {"mode": "after_transfer", "within_days": 3, "condition": "vacant", "maintenance_fund": "none"}
    data["performance"] |= {"delivery": delivery, "household": {"state": "none_registered"}}
    del data["other_agreements"]
    return data
