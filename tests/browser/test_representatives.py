"""People who act for others, on their own telephones: a child's parents, a company's people, an agent by mandate.

What is before and after is done through the other way in; here is what the representative does and how it is told.
"""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING

import pikepdf
import pytest

from qianshu.demo.city.sale import _contact
from tests.builders import sale_pages as parties
from tests.builders.browsers import DESK, PHONE
from tests.builders.house import cheap_guessing
from tests.builders.paths import said
from tests.builders.sandbox import sandbox_person
from tests.builders.service import city_service, visitors, walked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qianshu.demo.city.client import Client
    from qianshu.demo.city.sale import Sale
    from tests.builders.browsers import Chromium, Person
    from tests.builders.service import CityService

CITIES = ("huangshi", "zhongshan", "shenzhen")
COMPANY = "黄石西塞置业有限公司"

pytestmark = [pytest.mark.needs("chromium", "web", "playwright"), pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Iterator[CityService]:
    """Cities at once: each has people of another kind."""
    with cheap_guessing(), city_service(tmp_path_factory.mktemp("city"), CITIES) as found:
        found.lay_cheap_keys()
        with found.serving(), visitors():
            yield found


def begun(city: CityService, name: str, house: str, owners: tuple[str, ...], buyer: str) -> Sale:
    """A sale by these people; the first of the owners enters it. No staff."""
    sale = city.sale(name)
    cast = replace(sale.stage.cast, house=house, owners=owners, buyer=buyer)
    sale.stage = replace(sale.stage, cast=cast, staff={})
    return sale


def drawn_in(sale: Sale) -> dict[str, str]:
    """What stands in each signature of the contract, by field."""
    contract = sale.seller.browser.get(f"/v1/cases/{sale.case_no}/contract.pdf").content
    with pikepdf.open(io.BytesIO(contract)) as opened:
        signed = [one for one in opened.Root.AcroForm.Fields if "/AP" in one and "/V" in one]
        return {str(one.T): "".join(said(bytes(one.AP.N.read_bytes()))) for one in signed}


# --- who acts, entered and taken in ----------------------------------------------------------------------------------


def enters(person: Person, client: Client, kinship: str | None = None) -> None:
    person.types("姓名", client.me["name"])
    person.page.get_by_label("证件类型").select_option(label="居民身份证")
    person.types("证件号码", client.identity["id_number"])
    person.types("手机号码", client.phone)
    if kinship:
        person.page.get_by_label(kinship).check()
    person.presses("保存代为办理人")
    person.page.get_by_role("button", name=f"解除 {client.me['name']}").wait_for()


def hands_in(person: Person, paper: str) -> None:
    part = person.page.get_by_role("region", name=paper)
    part.locator("input[type=file]").last.set_input_files(parties.a_paper(f"{paper}.pdf"))
    part.get_by_text("已提交 1 份").wait_for()


def names_the_father(mother: Person, father: Client) -> None:
    page = mother.page
    mother.follows("填写谁代陈小雨办理")
    page.get_by_text("须由监护人代为办理").wait_for()
    assert page.get_by_text("法定代表人").count() == 0
    mother.finds_nothing_wrong("represent-child")
    enters(mother, father, "父亲")
    page.get_by_text("已落实").wait_for()
    mother.follows("完成")
    page.get_by_text("由陈建国代为办理（监护人）").wait_for()


def company_joins(sale: Sale) -> None:
    """The buyer is an organisation; its handler comes with its card."""
    handler, seller = sale.buyer, sale.seller.identity
    handler.choose_card(COMPANY)
    keys = {"seller_name": seller["name"], "seller_id_number": seller["id_number"]}
    notices = [{"notice": "signing_notice", "sha256": sale._city_notice("signing_notice")}]
    handler.act(sale.case_no, "join", **keys, notices=notices)
    sale._check_face(handler, "buyer", "join")
    who = next(one for one in handler._people() if one["name"] == COMPANY)
    identity = {name: who[name] for name in ("name", "id_type", "id_number", "region", "kind")}
    buyers = [{"identity": identity, "contact": _contact(handler), "head_name": "高远"}]
    handler.act(sale.case_no, "set-buyers", co_ownership="sole", buyers=buyers)


# --- a signature for another ---------------------------------------------------------------------------------------


def reads(person: Person) -> None:
    parties.reads_every_page(person)
    person.presses("已阅读全文")


def shows_their_face(person: Person) -> None:
    page = person.page
    page.get_by_label("我同意为本次办理进行人脸核验").check()
    person.presses("开始核验")
    page.get_by_role("button", name="通过 pass", exact=True).click()
    page.get_by_role("button", name="手写签名").wait_for()


def father_signs(father: Person) -> None:
    page = father.page
    father.logs_in("陈建国")
    page.get_by_text("李秀兰").first.click()
    page.get_by_text("您代办").wait_for()
    father.finds_nothing_wrong("represent-matter")
    father.follows("签署合同")
    page.get_by_text("代陈小雨签署").wait_for()
    reads(father)
    shows_their_face(father)
    father.finds_nothing_wrong("represent-sign")
    parties.writes_their_name(father)


def handler_signs(handler: Person, case_no: str) -> None:
    """A link brought them here with the card they log in with: they are told which to choose, and go on."""
    page = handler.page
    handler.logs_in("田野", f"/cases/{case_no}")
    page.get_by_text("案件不存在，或者您无权查看").wait_for()
    handler.finds_nothing_wrong("represent-veiled")
    handler.presses(f"以{COMPANY}的名义办理")
    page.get_by_role("heading", name="现在要做的").wait_for()
    handler.follows("签署合同")
    page.get_by_text(f"代{COMPANY}签署").wait_for()
    shows_their_face(handler)
    parties.writes_their_name(handler, boxes=2)
    handler.follows("完成")
    page.get_by_text("由田野代为办理（经办人）").wait_for()
    handler.finds_nothing_wrong("represent-company-signed")


def is_verified(anybody: Person, sale: Sale) -> None:
    page = anybody.page
    contract = sale.seller.browser.get(f"/v1/cases/{sale.case_no}/contract.pdf").content
    anybody.goes("/verify")
    file = {"name": "contract.pdf", "mimeType": "application/pdf", "buffer": contract}
    page.locator("input[type=file]").first.set_input_files(file)
    page.get_by_text("作为出卖人陈小雨的监护人签署").wait_for(timeout=60_000)
    page.get_by_text(f"作为买受人{COMPANY}的经办人签署").wait_for()
    anybody.finds_nothing_wrong("represent-verified")


@pytest.mark.rule("H-08")
@pytest.mark.rule("H-28")
def test_a_father_signs_for_his_child_and_a_handler_for_a_company(chromium: Chromium, city: CityService) -> None:
    sale = begun(city, "huangshi", "hs-minor", ("li-xiulan", "chen-xiaoyu"), "handler-huangshi")
    walked(sale.steps(), "出卖人信息")
    father, handler = city.client("chen-jianguo"), sale.buyer
    with chromium.person(city.url, PHONE) as person:
        person.logs_in("李秀兰", f"/cases/{sale.case_no}")
        names_the_father(person, father)
    sale._enter_terms()
    company_joins(sale)
    list(sale._hand_in_materials("generate_text"))
    sale._fix_text()
    said_of_text = {"text_sha256": sale._text_sha256}
    for client in (sale.seller, father, handler):
        client.act(sale.case_no, "confirm-text", **said_of_text)
    sale.seller.act(sale.case_no, "start-signing", **said_of_text)
    sale._sign_by_hand(sale.seller, "seller-2", sale._rules["signing"]["steps"]["app"])
    handler.act(sale.case_no, "preview-contract", **said_of_text, party="buyer-1")
    with chromium.person(city.url, PHONE, color_scheme="dark") as person:
        father_signs(person)
    with chromium.person(city.url, PHONE) as person:
        handler_signs(person, sale.case_no)
        is_verified(person, sale)
    assert sale.state == "signed"
    drawn = drawn_in(sale)
    assert "出卖人陈小雨的监护人\u3000陈建国" in drawn["seller-1"]
    assert f"买受人{COMPANY}的经办人\u3000田野" in drawn["buyer-1"]


# --- codes to whoever acts -------------------------------------------------------------------------------------------


def names_everybody(seller: Person, company: str, head: Client, parents: tuple[Client, Client]) -> None:
    """The company types everybody in (ZS-32): its own head, and the parents of the child who buys."""
    page = seller.page
    seller.follows(f"填写谁代{company}办理")
    page.get_by_text("单位当事人须由法定代表人或者经办人办理").wait_for()
    page.get_by_label("法定代表人").check()
    enters(seller, head)
    enters(seller, parents[0], "父亲")
    page.get_by_text("须由父母双方").wait_for()
    seller.finds_nothing_wrong("represent-parents")
    enters(seller, parents[1], "母亲")
    hands_in(seller, "未成年人保证书")
    hands_in(seller, "出生医学证明")
    page.get_by_text("待补充").first.wait_for(state="hidden")
    seller.finds_nothing_wrong("represent-papers")
    seller.follows("完成")
    page.get_by_text("由李秀兰代为办理（监护人）").wait_for()


def head_gives_the_codes(head: Person, case_no: str, phones: tuple[Client, Client]) -> None:
    page = head.page
    head.logs_in("何志强", f"/cases/{case_no}/codes")
    reads(head)
    page.get_by_text("由何志强代为办理（法定代表人）").wait_for()
    page.get_by_text("由陈建国代为办理（监护人）").wait_for()
    head.finds_nothing_wrong("represent-codes")
    for side, holder in zip(("出卖人", "买受人"), phones, strict=True):
        block = page.locator(".code-side").filter(has=page.get_by_role("heading", name=side))
        block.get_by_role("button", name="获取验证码").click()
        box = page.get_by_label(f"短信验证码（{side}）")
        box.fill(holder.code("签"))
        block.get_by_role("button", name="提交验证码").click()
        box.wait_for(state="detached", timeout=60_000)
    page.get_by_role("heading", name="您已完成签署").wait_for(timeout=60_000)


@pytest.mark.rule("H-08")
@pytest.mark.rule("H-11")
@pytest.mark.rule("ZS-47")
def test_a_company_sells_to_a_child_of_two_parents(chromium: Chromium, city: CityService) -> None:
    """Codes go to the company's head and to a parent, and whoever signs reads: not the account that typed."""
    sale = begun(city, "zhongshan", "zs-enterprise", ("org-xiangshan",), "chen-xiaoyu")
    walked(sale.steps(), "买受人信息")
    head, father, mother = (city.client(name) for name in ("he-zhiqiang", "chen-jianguo", "li-xiulan"))
    company = sale.seller.me["name"]
    with chromium.person(city.url, PHONE) as seller:
        seller.logs_in(company, f"/cases/{sale.case_no}")
        names_everybody(seller, company, head, (father, mother))
        sale._enter_terms()
        sale._fix_text()
        sale._read_notices(sale.seller, "seller", "start_signing")
        sale.seller.act(sale.case_no, "start-signing", text_sha256=sale._text_sha256)
        seller.goes(f"/cases/{sale.case_no}/codes")
        seller.page.get_by_role("heading", name="请由何志强本人登录").wait_for()
        seller.finds_nothing_wrong("represent-codes-other")
    with chromium.person(city.url, PHONE) as person:
        head_gives_the_codes(person, sale.case_no, (head, father))
    drawn = drawn_in(sale)
    assert f"出卖人{company}的法定代表人\u3000何志强" in drawn["seller-1"]
    assert "买受人陈小雨的监护人\u3000陈建国" in drawn["buyer-1"]


# --- an agent by mandate ---------------------------------------------------------------------------------------------


def agent_begins(agent: Person, city: CityService) -> str:
    """As themselves nothing can be looked up; as an agent they are told to be bound first."""
    page = agent.page
    agent.logs_in("方达明", "/new")
    page.get_by_text("深圳市").first.click()
    agent.presses("开始")
    page.get_by_text("代理人请先在“我的”中选择代理人身份").wait_for()
    case_no = page.url.rpartition("/")[2]
    agent.goes("/me")
    card = page.get_by_role("button", name="代理人")
    card.click()
    page.locator("[aria-pressed=true]").filter(has_text="代理人").wait_for()
    agent.goes(f"/cases/{case_no}")
    agent.follows("核验房屋")
    page.get_by_text("由工作人员关联后再核验").wait_for()
    agent.finds_nothing_wrong("represent-agent-first")
    return case_no


def clerk_binds(clerk: Person, case_no: str, owner: Client, agent: Client) -> None:
    """With the mandate and the application on the desk."""
    clerk.logs_in("窦敏", f"/desk/cases/{case_no}")
    clerk.presses("其他事项")
    clerk.page.locator(".choose").get_by_role("button", name="关联代理人").click()
    dialog = clerk.page.get_by_role("dialog", name="关联代理人")
    dialog.get_by_role("button", name="关联代理人", exact=True).wait_for()
    for place, who in enumerate((owner, agent)):
        dialog.get_by_label("姓名或名称").nth(place).fill(who.me["name"])
        dialog.get_by_label("证件类型").nth(place).select_option(label="居民身份证")
        dialog.get_by_label("证件号码").nth(place).fill(who.identity["id_number"])
    dialog.get_by_label("手机号码").fill(agent.phone)
    dialog.get_by_label("范围").fill("出售房屋，签订存量房买卖合同并办理网签备案")
    dialog.get_by_label("公证", exact=True).check()
    dialog.get_by_label("账号关联").check()
    clerk.finds_nothing_wrong("represent-bind")
    dialog.get_by_role("button", name="关联代理人", exact=True).click()
    dialog.wait_for(state="hidden")


def checks_the_house(agent: Person, title: dict[str, str]) -> None:
    page = agent.page
    page.reload()
    page.get_by_label("不动产权证书").check()
    assert page.get_by_text("由工作人员关联后再核验").count() == 0
    parties.fills(agent, "所属地区", title["region"])
    parties.fills(agent, "产权证号", title["certificate_number"])
    agent.presses("核验房屋")
    agent.presses("是这套房屋")
    page.get_by_text("由方达明代为办理（委托代理人）").wait_for()
    agent.finds_nothing_wrong("represent-agent-bound")


@pytest.mark.rule("SZ-13")
@pytest.mark.rule("SZ-14")
@pytest.mark.rule("SZ-23")
def test_an_agent_is_bound_and_sells(chromium: Chromium, city: CityService) -> None:
    sale = begun(city, "shenzhen", "sz-agent", ("fang-daming", "wu-guodong"), "xu-zixuan")
    sale._log_in()
    agent, owner = sale.seller, sale.clients["wu-guodong"]
    city.client("staff-window")
    number = sandbox_person("staff-window").number.normalised
    city.told("staff", "grant", "--person", number, "--role", "window_clerk", "--city", "shenzhen")
    with chromium.person(city.url, PHONE) as his, chromium.person(city.url, DESK) as clerk:
        sale.case_no = agent_begins(his, city)
        clerk_binds(clerk, sale.case_no, owner, agent)
        checks_the_house(his, sale._house()["registered"]["title"])
