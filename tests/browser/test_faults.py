"""What goes wrong while people sign, in real browsers: every time nothing is lost, nothing is done twice, nobody else
comes in.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from identity.sign_links import invite
from qianshu.demo.city.client import until
from qianshu.demo.city.sale import _blank_pdf, _strokes
from qianshu.service import links
from tests.browser.test_sale import shows_their_face
from tests.builders.browsers import PHONE
from tests.builders.sale_pages import reads_to_the_end
from tests.builders.service import walked

if TYPE_CHECKING:
    from datetime import datetime

    from playwright.sync_api import Page, Route

    from identity.keys import LookupSecret
    from identity.ports import SignLinks
    from identity.sign_links import Invitation, LinkRequest
    from qianshu.demo.city.client import Client
    from qianshu.demo.city.sale import Sale
    from tests.builders.browsers import Chromium, Person
    from tests.builders.service import CityService

pytestmark = [pytest.mark.needs("chromium", "web", "playwright"), pytest.mark.timeout(600)]

SELLER, WIFE, BUYER = "chen-jianguo", "li-xiulan", "wang-lei"
NAMES = {SELLER: "陈建国", WIFE: "李秀兰", BUYER: "王磊"}


@pytest.fixture(scope="module")
def sale(city: CityService) -> Sale:
    """Confirmed by everybody and begun to be signed."""
    found = city.sale("huangshi")
    walked(found.steps(), "确认合同")
    found._read_notices(found.seller, "seller", "start_signing")
    found.seller.act(found.case_no, "start-signing", text_sha256=found._text_sha256)
    return found


def party_of(sale: Sale, person: str) -> str:
    parties = sale.seller.case(sale.case_no)["people"]["parties"]
    return str(next(one["key"] for one in parties if one["name"] == NAMES[person]))


def signed_by(sale: Sale, person: str) -> dict[str, Any]:
    """The task of a signer, as the service has it."""
    tasks = sale.clients[person].case(sale.case_no)["signing"]["tasks"]
    return dict(next(one for one in tasks if one["party"] == party_of(sale, person)))


def comes_to_the_last_step(sale: Sale, person: str) -> None:
    """Everything before the confirmation, without a browser."""
    client: Client = sale.clients[person]
    said = {"party": party_of(sale, person), "text_sha256": sale._text_sha256}
    client.act(sale.case_no, "preview-contract", **said)
    back = f"{sale.stage.service_url}/v1/me"
    client.consent(sale.case_no, "face")
    client.show_face(client.act(sale.case_no, "begin-signer-check", **said, return_url=back)["answer"]["url"])
    client.act(sale.case_no, "finish-signer-check", **said)
    client.act(sale.case_no, "sign", **said, strokes=_strokes())


def link_sent_to(sale: Sale, person: str) -> str:
    """Path of the newest sign link on somebody's telephone."""
    client = sale.clients[person]

    def found() -> str | None:
        for message in client.sandbox.get("/sandbox/sms", phone=client.phone).json["messages"]:
            link = re.search(r"/s/[\w-]+", message["text"])
            if link:
                return link[0]
        return None

    return str(until(found, "no link came"))


class LosingAnswers:
    """The service does what is asked; its first answer never comes."""

    def __init__(self, page: Page, path: str) -> None:
        self.keys: list[str] = []
        page.route(path, self._handle)

    def _handle(self, route: Route) -> None:
        self.keys.append(route.request.headers["idempotency-key"])
        if len(self.keys) == 1:
            route.fetch()
            route.abort("connectionreset")
        else:
            route.continue_()


def writes_three_characters(person: Person) -> None:
    person.page.locator("canvas").wait_for()
    person.page.wait_for_timeout(300)
    for box in range(3):
        left = box / 3
        person.writes([[(left + 0.06, 0.3), (left + 0.27, 0.28)], [(left + 0.17, 0.2), (left + 0.1, 0.8)]])


def test_a_reload_between_all_steps_and_answers_that_are_lost(
    chromium: Chromium, city: CityService, sale: Sale
) -> None:
    party = party_of(sale, SELLER)
    with chromium.person(city.url, PHONE) as seller:
        page = seller.page
        seller.logs_in("陈建国", f"/cases/{sale.case_no}/sign/{party}")
        page.locator(".reader-frame").wait_for()
        page.reload()
        reads_to_the_end(seller, "faults-read")
        seller.presses("已阅读全文")
        page.get_by_role("button", name="开始核验").wait_for()
        page.reload()
        shows_their_face(seller)
        page.get_by_role("button", name="手写签名").wait_for()
        page.reload()
        seller.presses("手写签名")
        writes_three_characters(seller)
        lost = LosingAnswers(page, "**/sign")
        seller.presses("使用此签名")
        page.get_by_role("heading", name="网络不通").wait_for()
        seller.finds_nothing_wrong("sign-offline")
        seller.presses("再次提交刚才的签名")
        page.get_by_role("button", name="确认签署").wait_for()
        assert len(set(lost.keys)) == 1
        page.reload()
        lost = LosingAnswers(page, "**/confirm-signing")
        seller.presses("确认签署")
        page.get_by_role("heading", name="网络不通").wait_for()
        seller.presses("确认签署")
        page.get_by_role("heading", name="您已完成签署").wait_for(timeout=30_000)
        assert len(lost.keys) == 2
        assert len(set(lost.keys)) == 1
        _keeps_what_was_signed(seller)
        page.go_back()
        page.go_forward()
        page.get_by_role("heading", name="您已完成签署").wait_for()
        assert page.get_by_role("button", name="确认签署").count() == 0
    assert signed_by(sale, SELLER)["signed_at"] is not None


def _keeps_what_was_signed(seller: Person) -> None:
    """Verified before one's eyes, and to be kept."""
    page = seller.page
    page.locator(".signatures li").filter(has_text="陈建国").wait_for(timeout=30_000)
    assert page.locator("p.mark.good").inner_text() == "完好"
    seller.finds_nothing_wrong("sign-done-verified")
    with page.expect_download() as download:
        seller.presses("下载合同 PDF")
    assert download.value.path().read_bytes().startswith(b"%PDF-")


def test_two_tabs_of_one_signer_sign_once(chromium: Chromium, city: CityService, sale: Sale) -> None:
    comes_to_the_last_step(sale, WIFE)
    path = f"/cases/{sale.case_no}/sign/{party_of(sale, WIFE)}"
    with chromium.person(city.url, PHONE) as wife:
        wife.logs_in("李秀兰", path)
        other = wife.page.context.new_page()
        other.goto(city.url + path)
        for tab in (wife.page, other):
            tab.get_by_role("button", name="确认签署").wait_for()
        wife.page.get_by_role("button", name="确认签署").click()
        other.get_by_role("button", name="确认签署").click()
        for tab in (wife.page, other):
            tab.get_by_role("heading", name="您已完成签署").wait_for(timeout=30_000)
    content = sale.clients[WIFE].browser.get(f"/v1/cases/{sale.case_no}/contract.pdf").content
    assert content.count(b"/ByteRange") <= 4


def test_a_link_is_for_whom_it_was_sent_to_and_then_the_network_is_cut(
    chromium: Chromium, city: CityService, sale: Sale, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = link_sent_to(sale, BUYER)
    party = party_of(sale, BUYER)
    with chromium.person(city.url, PHONE) as forwarded:
        forwarded.goes(first)
        forwarded.finds_nothing_wrong("link-open")
        forwarded.follows("登录办理")
        forwarded.page.get_by_role("link", name="李秀兰", exact=True).click()
        forwarded.page.get_by_text("此链接是发给他人的").wait_for()
        forwarded.finds_nothing_wrong("link-forwarded")
    with chromium.person(city.url, PHONE) as buyer:
        buyer.logs_in("王磊", first)
        buyer.page.wait_for_url(f"**/cases/{sale.case_no}")
        sale.seller.act(sale.case_no, "resend-invitation", party=party, text_sha256=sale._text_sha256)
        fresh = str(until(lambda: (link := link_sent_to(sale, BUYER)) != first and link, "no fresh link"))
        buyer.goes(first)
        buyer.page.get_by_role("heading", name="没有办成").wait_for()
        buyer.finds_nothing_wrong("link-replaced")
        buyer.goes(fresh)
        buyer.page.wait_for_url(f"**/cases/{sale.case_no}")
        monkeypatch.setattr(links, "invite", _soon_over)
        sale.seller.act(sale.case_no, "resend-invitation", party=party, text_sha256=sale._text_sha256)
        ended = str(until(lambda: (link := link_sent_to(sale, BUYER)) not in (first, fresh) and link, "no link"))
        buyer.goes(ended)
        buyer.page.get_by_role("heading", name="没有办成").wait_for()
        buyer.finds_nothing_wrong("link-expired")
        buyer.presses("查看我的业务") if buyer.page.get_by_role(
            "button", name="查看我的业务"
        ).count() else buyer.follows("查看我的业务")
        buyer.page.get_by_text(sale.case_no).wait_for()
        _signs_over_a_cut_network(buyer, sale, party)
    assert signed_by(sale, BUYER)["signed_at"] is not None


def _soon_over(secret: LookupSecret, store: SignLinks, request: LinkRequest, now: datetime) -> Invitation:
    """An invitation by a link that ends before it comes."""
    return invite(secret, store, replace(request, life=timedelta(milliseconds=1)), now)


def _signs_over_a_cut_network(buyer: Person, sale: Sale, party: str) -> None:
    comes_to_the_last_step(sale, BUYER)
    page = buyer.page
    buyer.goes(f"/cases/{sale.case_no}/sign/{party}")
    page.get_by_role("button", name="确认签署").wait_for()
    page.context.set_offline(True)
    buyer.presses("确认签署")
    page.get_by_role("heading", name="网络不通").wait_for()
    assert signed_by(sale, BUYER)["signed_at"] is None
    page.context.set_offline(False)
    buyer.presses("确认签署")
    page.get_by_role("heading", name="您已完成签署").wait_for(timeout=30_000)


def test_a_paper_is_handed_in_once_and_two_people_confirm_at_once(chromium: Chromium, city: CityService) -> None:
    sale = city.sale("huangshi")
    sale.stage = replace(sale.stage, cast=replace(sale.stage.cast, house="hs-sole", owners=(SELLER,)))
    steps = sale.steps()
    walked(steps, "合同条款")
    with chromium.person(city.url, PHONE) as seller, chromium.person(city.url, PHONE) as buyer:
        seller.logs_in("陈建国", f"/cases/{sale.case_no}")
        _hands_in_a_paper(seller, sale)
        walked(steps, "生成合同文本")
        seller.goes(f"/cases/{sale.case_no}")
        buyer.logs_in("王磊", f"/cases/{sale.case_no}")
        for person in (seller, buyer):
            person.follows("阅读并确认合同")
            reads_to_the_end(person, "faults-confirm")
            person.page.get_by_role("button", name="阅读并确认合同").wait_for()
        for person in (seller, buyer):
            person.page.get_by_role("button", name="阅读并确认合同").click(no_wait_after=True)
        for person in (seller, buyer):
            person.page.wait_for_url(re.compile(r"/cases/\d+$"))
    confirmed = sale.seller.case(sale.case_no)["text"]["confirmations"]
    assert len(confirmed) == 2


def _hands_in_a_paper(seller: Person, sale: Sale) -> None:
    """The network is gone; then the answer is lost; then it goes well. One paper."""

    def held() -> int:
        return len(sale.seller.case(sale.case_no)["papers"]["materials"])

    before = held()
    paper = {"name": "paper.pdf", "mimeType": "application/pdf", "buffer": _blank_pdf("材料")}
    seller.follows("上传材料：产权证书")
    page = seller.page
    page.locator("input[type=file]").first.wait_for(state="attached")
    page.context.set_offline(True)
    page.locator("input[type=file]").first.set_input_files(paper)
    again = page.get_by_role("button", name="重试 paper.pdf")
    again.wait_for()
    seller.shoots("upload-offline")
    assert held() == before
    page.context.set_offline(False)
    lost = LosingAnswers(page, "**/upload-material")
    again.click()
    until(lambda: lost.keys, "nothing was sent")
    again.wait_for()
    again.click()
    page.locator(".held").first.wait_for()
    assert len(lost.keys) == 2
    assert held() == before + 1


def test_a_form_half_filled_outlives_the_way_back_and_a_reload(chromium: Chromium, city: CityService) -> None:
    case_no = city.client(SELLER).open("huangshi")
    typed = "鄂(2022)黄石市不动产权第0012001号"
    with chromium.person(city.url, PHONE) as seller:
        seller.logs_in("陈建国", f"/cases/{case_no}")
        seller.goes(f"/cases/{case_no}/house")
        seller.types("产权证号", typed)
        seller.page.wait_for_timeout(400)
        seller.page.reload()
        assert seller.page.get_by_label("产权证号").first.input_value() == typed
        seller.page.go_back()
        seller.page.get_by_role("heading", name="现在要做的").wait_for()
        seller.page.go_forward()
        seller.page.get_by_label("产权证号").first.wait_for()
        assert seller.page.get_by_label("产权证号").first.input_value() == typed
