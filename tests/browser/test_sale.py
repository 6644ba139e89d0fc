"""Huangshi from first page to last: seller and buyer on telephones, the co-owner at a desk's screen, then the desks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.builders import desk_pages as desks
from tests.builders.browsers import DESK, PHONE
from tests.builders.sale_pages import reads_to_the_end, writes_their_name
from tests.builders.service import until

if TYPE_CHECKING:
    from tests.builders.browsers import Chromium, Person
    from tests.builders.service import CityService

pytestmark = [pytest.mark.needs("chromium", "web", "playwright"), pytest.mark.timeout(600)]


def a_paper() -> dict[str, object]:
    from qianshu.demo.city.sale import _blank_pdf  # noqa: PLC0415

    return {"name": "paper.pdf", "mimeType": "application/pdf", "buffer": _blank_pdf("材料")}


def begins_a_case(seller: Person) -> str:
    seller.logs_in("陈建国")
    seller.page.get_by_role("heading", name="还没有业务").wait_for()
    seller.finds_nothing_wrong("matters-empty")
    seller.follows("发起买卖")
    seller.page.get_by_role("button", name="开始").wait_for()
    seller.finds_nothing_wrong("new-case")
    seller.presses("开始")
    seller.page.wait_for_url("**/cases/*")
    return seller.page.url.rpartition("/")[2]


def reads_the_notice(person: Person) -> None:
    person.follows("阅读《合同网签须知》")
    box = person.page.locator(".words")
    box.wait_for()
    person.page.wait_for_timeout(200)
    person.finds_nothing_wrong("notice")
    box.evaluate("box => box.scrollTo(0, box.scrollHeight)")
    person.presses("我已阅读并同意")
    person.page.wait_for_url("**/cases/*")


def shows_their_face(person: Person) -> None:
    person.page.get_by_label("我同意为本次办理进行人脸核验").check()
    person.finds_nothing_wrong("face")
    person.presses("开始核验")
    person.page.get_by_role("button", name="通过 pass", exact=True).click()


def checks_the_house(seller: Person, certificate: str, number: str) -> None:
    seller.follows("核验房屋")
    seller.types("产权证号", certificate)
    seller.types("产权人证件号码", number)
    seller.finds_nothing_wrong("house-form")
    seller.presses("核验房屋")
    seller.page.get_by_role("heading", name="请核对房屋").wait_for()
    seller.finds_nothing_wrong("house-found")
    seller.presses("是这套房屋")
    seller.page.wait_for_url("**/cases/*")


ADDRESS = "湖北省黄石市黄石港区湖滨大道1号2栋802室"


def enters_the_sellers(seller: Person) -> None:
    """The address of one is not known yet."""
    seller.follows("填写出卖人信息")
    phones = seller.page.get_by_label("手机号码")
    phones.nth(0).wait_for()
    assert phones.count() == 2
    for index, phone in enumerate(("13800000001", "13800000002")):
        phones.nth(index).fill(phone)
    assert seller.page.get_by_text("生成合同前须填写").count() == 2
    seller.page.get_by_label("联系地址").nth(0).fill(ADDRESS)
    seller.finds_nothing_wrong("sellers")
    seller.presses("出卖人信息")
    seller.page.wait_for_url("**/cases/*")


def says_what_was_missing(seller: Person) -> None:
    """What is missing is told by who can do something about it, and each leads to its place."""
    page = seller.page
    page.get_by_text("以下内容由他人或者在后续步骤填写").wait_for()
    seller.finds_nothing_wrong("clauses-outstanding")
    page.get_by_role("button", name="约定日期交付的填写交付日期").click()
    assert page.evaluate("document.activeElement.name").startswith("f-performance-delivery")
    seller.types("交付日期", "2027-01-31")
    seller.presses("保存")
    page.get_by_text("合同条款中还须填写或改正").wait_for(state="detached")
    page.get_by_role("link", name="李秀兰：通讯地址未填写").click()
    page.wait_for_url("**/do/set-sellers")
    page.get_by_label("手机号码").nth(1).fill("13800000002")
    page.get_by_label("联系地址").nth(1).fill(ADDRESS)
    seller.presses("出卖人信息")
    page.wait_for_url("**/cases/*")


def enters_the_terms(seller: Person) -> None:
    page = seller.page
    seller.follows("填写合同条款")
    seller.types("成交价格", "1286500")
    page.get_by_text("壹佰贰拾捌万陆仟伍佰元整").first.wait_for()
    page.get_by_label("一次性付款").check()
    # What was typed outlives a reload.
    page.wait_for_timeout(500)
    page.reload()
    page.get_by_text("已恢复您上次填写的内容").wait_for()
    assert page.get_by_label("成交价格").input_value() == "1286500"
    page.get_by_label("款项", exact=True).select_option(label="全部房款")
    page.get_by_label("金额", exact=True).first.fill("1286500")
    page.get_by_label("支付至甲方收款账户").check()
    seller.types("支付日期", "2026-12-20")
    page.get_by_role("button", name="填写甲方收款账户").click()
    seller.types("账户名称", "陈建国")
    seller.types("开户银行", "示例银行黄石湖滨支行")
    seller.types("账号", "6200000000000000018")
    page.get_by_role("group", name="乙方取得方式").get_by_label("单独所有").check()
    seller.types("申请转移登记期限（日）", "30")
    page.get_by_label("于约定日期前交付").check()
    page.get_by_label("腾空交付").check()
    page.get_by_label("结余随房屋一并转移").check()
    page.get_by_label("房屋内无户口登记").check()
    for index in range(3):
        page.get_by_label("日违约金（万分比）").nth(index).fill("3")
        page.get_by_label("可解除合同的逾期日数").nth(index).fill("30")
    seller.types("根本违约违约金比例", "10")
    page.get_by_label("依法向房屋所在地人民法院起诉").check()
    seller.finds_nothing_wrong("clauses")
    seller.presses("保存")
    page.get_by_role("heading", name="已保存").wait_for()
    says_what_was_missing(seller)


def uploads(person: Person, slot: str, times: int) -> None:
    person.follows(f"上传材料：{slot}")
    inputs = person.page.locator("input[type=file].files")
    inputs.first.wait_for(state="attached")
    assert inputs.count() == times
    for index in range(times):
        inputs.nth(index).set_input_files(a_paper())
        person.page.locator(".held").nth(index).wait_for()
    person.finds_nothing_wrong("material")
    person.follows("完成")
    person.page.wait_for_url("**/cases/*")


def joins(buyer: Person, case_no: str, seller_number: str) -> None:
    buyer.follows("加入合同")
    buyer.types("出卖人姓名", "陈建国")
    buyer.types("出卖人证件号码", seller_number)
    buyer.types("业务编号", case_no)
    buyer.finds_nothing_wrong("join")
    buyer.presses("查找合同")
    buyer.page.get_by_label("我已阅读并同意").check()
    buyer.presses("确认加入")
    buyer.page.wait_for_url(f"**/cases/{case_no}")
    buyer.page.get_by_role("heading", name="现在要做的").wait_for()
    buyer.finds_nothing_wrong("case-buyer")


def enters_themselves(buyer: Person) -> None:
    buyer.follows("填写买受人信息")
    buyer.page.get_by_label("手机号码").first.wait_for()
    buyer.page.get_by_label("单独所有").check()
    buyer.types("手机号码", "13800000003")
    buyer.types("联系地址", "湖北省黄石市下陆区杭州西路56号")
    buyer.finds_nothing_wrong("buyers")
    buyer.presses("买受人信息")
    buyer.page.wait_for_url("**/cases/*")


def fixes_the_text(buyer: Person) -> None:
    buyer.follows("生成合同文本")
    buyer.presses("生成合同文本")
    buyer.page.get_by_role("link", name="阅读合同").wait_for(timeout=30_000)


def confirms(person: Person) -> None:
    person.follows("阅读并确认合同")
    reads_to_the_end(person, "reader")
    person.presses("阅读并确认合同")
    person.page.wait_for_url(re.compile(r"/cases/\d+$"))


def signs(person: Person) -> None:
    page = person.page
    person.follows("签署合同")
    reads_to_the_end(person, "sign-1-read")
    person.presses("我已阅读全文" if page.get_by_role("button", name="我已阅读全文").count() else "已阅读全文")
    shows_their_face(person)
    page.get_by_role("button", name="手写签名").wait_for()
    person.finds_nothing_wrong("sign-3-write")
    writes_their_name(person, person.finds_nothing_wrong)
    person.finds_nothing_wrong("sign-5-done")


def goes_through_the_desks(chromium: Chromium, city: CityService, seller: Person, case_no: str) -> None:
    """Handed in by the seller; a reviewer, a second person for the seal, the registrar."""
    seller.goes(f"/cases/{case_no}")
    seller.follows("提交备案")
    seller.presses("提交备案")
    seller.page.get_by_text("正在等待：审核人员").first.wait_for()
    desks.reviews_and_seals(chromium, city, case_no)
    desks.accepts_and_transfers(chromium, city, case_no)


def is_drafted(seller: Person, case_no: str, house: dict[str, Any], number: str) -> None:
    """Everything the seller enters before anybody else comes."""
    reads_the_notice(seller)
    seller.follows("人脸核验")
    shows_their_face(seller)
    seller.page.wait_for_url(f"**/cases/{case_no}")
    checks_the_house(seller, house["registered"]["title"]["certificate_number"], number)
    enters_the_sellers(seller)
    enters_the_terms(seller)
    uploads(seller, "身份证明及婚姻状况", 2)
    uploads(seller, "产权证书", 2)


def test_a_sale_from_login_to_the_registry(chromium: Chromium, staffed: CityService) -> None:
    city = staffed
    house = next(
        one
        for one in city.client("chen-jianguo").sandbox.get("/sandbox/houses").json["houses"]
        if one["id"] == "hs-joint"
    )
    number = city.client("chen-jianguo").identity["id_number"]
    with (
        chromium.person(city.url, PHONE) as seller,
        chromium.person(city.url, DESK) as wife,
        chromium.person(city.url, PHONE) as buyer,
    ):
        case_no = begins_a_case(seller)
        seller.page.get_by_role("heading", name="现在要做的").wait_for()
        seller.finds_nothing_wrong("case-opened")
        is_drafted(seller, case_no, house, number)
        seller.finds_nothing_wrong("case-drafting")

        buyer.logs_in("王磊")
        joins(buyer, case_no, number)
        buyer.follows("人脸核验")
        shows_their_face(buyer)
        buyer.page.wait_for_url(f"**/cases/{case_no}")
        enters_themselves(buyer)
        uploads(buyer, "身份证明及婚姻状况", 1)
        fixes_the_text(buyer)

        wife.logs_in("李秀兰", f"/cases/{case_no}")
        seller.goes(f"/cases/{case_no}")
        for person in (buyer, seller, wife):
            confirms(person)
        seller.goes(f"/cases/{case_no}")
        seller.follows("发起签署")
        seller.presses("发起签署")
        seller.page.get_by_role("link", name="签署合同").first.wait_for()
        for person in (seller, wife, buyer):
            person.goes(f"/cases/{case_no}")
            signs(person)
        signed = until(lambda: city.client("wang-lei").case(case_no)["state"] == "signed", "not signed")
        assert signed is None
        seller.goes("/matters")
        seller.page.get_by_text(case_no).wait_for()
        seller.finds_nothing_wrong("matters")
        goes_through_the_desks(chromium, city, seller, case_no)
        for person in (seller, wife, buyer):
            person.goes(f"/cases/{case_no}")
            person.page.get_by_text("已过户").first.wait_for()
        seller.finds_nothing_wrong("case-transferred")
