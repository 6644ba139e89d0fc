"""What parties do in every city: read, show their face, enter people; what only differs in words is given."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from qianshu.demo.city.sale import CLAUSES, _blank_pdf

if TYPE_CHECKING:
    from collections.abc import Callable

    from qianshu.demo.city.sale import Sale
    from tests.builders.browsers import Person
    from tests.builders.service import CityService

ADDRESS = "示例市示例区示例路18号3栋602室"


def a_paper(name: str = "paper.pdf") -> dict[str, Any]:
    return {"name": name, "mimeType": "application/pdf", "buffer": _blank_pdf("材料")}


def house_of(city: CityService, sale: Sale) -> dict[str, Any]:
    houses = city.client(sale.stage.cast.buyer).sandbox.get("/sandbox/houses").json["houses"]
    return next(one for one in houses if one["id"] == sale.stage.cast.house)


def begins_a_case(seller: Person, name: str) -> str:
    seller.logs_in(name)
    seller.follows("发起买卖")
    seller.presses("开始")
    seller.page.wait_for_url("**/cases/*")
    seller.page.get_by_role("heading", name="现在要做的").wait_for()
    return seller.page.url.rpartition("/")[2]


def fills(person: Person, label: str, text: str) -> None:
    """The field of just this label: choices may hold its words too."""
    person.page.get_by_role("textbox", name=label, exact=True).first.fill(text)


def reads(person: Person, title: str) -> None:
    person.follows(f"阅读《{title}》")
    box = person.page.locator(".words")
    box.wait_for()
    person.page.wait_for_timeout(200)
    box.evaluate("box => box.scrollTo(0, box.scrollHeight)")
    person.presses("我已阅读并同意")
    person.page.wait_for_url("**/cases/*")


def enters_the_sellers(seller: Person, city: CityService, sale: Sale) -> None:
    seller.follows("填写出卖人信息")
    phones = seller.page.get_by_label("手机号码")
    phones.first.wait_for()
    for index, owner in enumerate(sale.stage.cast.owners):
        phones.nth(index).fill(city.client(owner).phone)
        seller.page.get_by_label("联系地址").nth(index).fill(ADDRESS)
    seller.presses("出卖人信息")
    seller.page.wait_for_url("**/cases/*")


def enters_the_buyer(seller: Person, city: CityService, sale: Sale, name: str) -> None:
    page, buyer = seller.page, city.client(sale.stage.cast.buyer)
    seller.follows("填写买受人信息")
    page.get_by_label("手机号码").first.wait_for()
    page.get_by_label("单独所有").check()
    seller.types("姓名或名称", buyer.me["name"])
    page.get_by_label("证件类型").first.select_option(label="居民身份证")
    seller.types("证件号码", buyer.identity["id_number"])
    seller.types("手机号码", buyer.phone)
    seller.types("联系地址", ADDRESS)
    seller.finds_nothing_wrong(name)
    seller.presses("买受人信息")
    page.wait_for_url("**/cases/*")


def enters_the_terms(sale: Sale, city: CityService) -> None:
    """By the other way in: the page of clauses is walked in Huangshi."""
    import json  # noqa: PLC0415
    from importlib.resources import files  # noqa: PLC0415

    terms = json.loads((files("qianshu.demo_data") / "terms.json").read_text(encoding="utf-8"))
    clauses = {name: terms[name] for name in CLAUSES if name in terms}
    seller = city.client(sale.stage.cast.owners[0])
    clauses["money"]["payee"]["holder"] = seller.me["name"]
    seller.act(sale.case_no, "save-clauses", clauses=clauses)


def fixes_the_text(person: Person) -> None:
    person.follows("生成合同文本")
    person.presses("生成合同文本")
    person.page.get_by_role("link", name="阅读合同").wait_for(timeout=60_000)


def reads_to_the_end(person: Person, name: str) -> None:
    """Every page to its end, after a look at the first."""
    person.page.locator(".leaf img").first.wait_for()
    person.finds_nothing_wrong(name)
    reads_every_page(person)


def reads_every_page(person: Person) -> None:
    """To its end: a page counts once its picture was there."""
    page, frame = person.page, person.page.locator(".reader-frame")
    page.locator(".leaf img").first.wait_for()
    for number in range(1, int(page.locator(".leaf").first.get_attribute("aria-setsize") or 0) + 1):
        frame.evaluate(TO_THE_END_OF_A_PAGE, number)
        page.locator(f".leaf[data-number='{number}'][data-read]").wait_for()


TO_THE_END_OF_A_PAGE = """
(box, number) => {
  const leaf = box.querySelector('.leaf')
  const below = (number - Number(leaf.dataset.number)) * (leaf.offsetHeight + 8)
  box.scrollTop = leaf.offsetTop + below + leaf.offsetHeight - box.clientHeight
}
"""
"""Only those near are there, and all are of one size."""


def starts_signing(person: Person) -> None:
    person.follows("发起签署")
    person.presses("发起签署")


def signs_by_codes(seller: Person, city: CityService, sale: Sale, name: str) -> None:
    """Both codes at one screen; each read from its holder's own telephone."""
    seller.follows("验证码签署（出卖人）")
    reads_to_the_end(seller, f"{name}-codes-read")
    seller.presses("已阅读全文")
    seller.page.get_by_role("button", name="获取验证码").first.wait_for()
    for upload in seller.page.locator("input[type=file]").all():
        upload.set_input_files(a_paper())
    for side, who in (("出卖人", sale.stage.cast.owners[0]), ("买受人", sale.stage.cast.buyer)):
        block = seller.page.locator(".code-side").filter(has=seller.page.get_by_role("heading", name=side))
        block.get_by_role("button", name="获取验证码").click()
        box = seller.page.get_by_label(f"短信验证码（{side}）")
        box.wait_for()
        if side == "出卖人":
            seller.finds_nothing_wrong(f"{name}-codes")
        box.fill(city.client(who).code("签"))
        block.get_by_role("button", name="提交验证码").click()
        box.wait_for(state="detached", timeout=60_000)
    seller.page.get_by_role("heading", name="您已完成签署").wait_for(timeout=60_000)
    seller.finds_nothing_wrong(f"{name}-codes-done")
    seller.follows("完成")


def writes_their_name(person: Person, seen: Callable[[str], None] = lambda _: None, boxes: int = 3) -> None:
    """A box on the pad for each character, two strokes each, to the signature's last confirmation; ``seen`` is told of
    each page.
    """
    page = person.page
    person.presses("手写签名")
    page.locator("canvas").wait_for()
    page.wait_for_timeout(300)
    for box in range(boxes):
        left, wide = box / boxes, 3 / boxes
        across = [(left + x * wide, y) for x, y in ((0.06, 0.3), (0.15, 0.26), (0.27, 0.28))]
        down = [(left + x * wide, y) for x, y in ((0.17, 0.2), (0.16, 0.55), (0.1, 0.8))]
        person.writes([across, down])
    seen("sign-3-pad")
    person.presses("使用此签名")
    page.get_by_role("button", name="确认签署").wait_for()
    seen("sign-4-confirm")
    person.presses("确认签署")
    page.get_by_role("heading", name="您已完成签署").wait_for(timeout=60_000)
