"""People of a case on telephones: consents each by itself, handlers who agree, whose signature it is."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from tests.builders.browsers import DESK, PHONE, expected

if TYPE_CHECKING:
    from tests.builders.browsers import Chromium
    from tests.builders.service import CityService

CITY = "huangshi"
FACE = "我同意为本次办理进行人脸核验"

pytestmark = [pytest.mark.needs("chromium", "web", "playwright"), pytest.mark.timeout(600)]


def events_of(city: CityService, person: str, case_no: str) -> list[str]:
    client = city.client(person)
    return [entry["event"] for entry in client.browser.get(f"/v1/cases/{case_no}/journal").json["entries"]]


def begun_in(city: CityService, person: str) -> str:
    """A case whose notice was read."""
    client = city.client(person)
    case_no = client.open(CITY)
    paper = client.paper(case_no, "signing_notice")
    client.act(case_no, "read-notice", notice="signing_notice", sha256=paper["sha256"])
    return case_no


def test_no_face_without_a_consent_of_its_own(chromium: Chromium, city: CityService) -> None:
    """Refused, the other way is told; given, it is journalled; taken back under 我的, nothing more is done by it."""
    case_no = begun_in(city, "chen-jianguo")
    with chromium.person(city.url, PHONE) as seller:
        page = seller.page
        seller.logs_in("陈建国", f"/cases/{case_no}/face/open")
        start = page.get_by_role("button", name="开始核验")
        start.wait_for()
        assert start.is_disabled()
        assert page.get_by_text("带身份证件到窗口").is_visible()
        # The page is not what holds it: the service does.
        token = page.evaluate("fetch('/v1/me').then(answer => answer.json())")["csrf_token"]
        refused = page.evaluate(
            """async ([address, token]) => {
              const headers = {'content-type': 'application/json', 'x-csrf-token': token}
              const answer = await fetch(address, {method: 'POST', headers, body: JSON.stringify({purpose: 'open'})})
              return (await answer.json()).code
            }""",
            [f"/v1/cases/{case_no}/start-face-check", token],
        )
        assert refused == "consent.missing"
        page.get_by_label(FACE).check()
        page.get_by_text("已单独同意").wait_for()
        seller.finds_nothing_wrong("consent-face")
        assert start.is_enabled()
        assert events_of(city, "chen-jianguo", case_no)[-1] == "consent.given"

        page.get_by_role("link", name="我的", exact=True).click()
        page.get_by_role("button", name=f"撤回 人脸核验 {case_no}").click()
        seller.finds_nothing_wrong("consents-mine")
        seller.presses("确认撤回")
        page.get_by_text("已撤回").wait_for()
        assert events_of(city, "chen-jianguo", case_no)[-1] == "consent.withdrawn"

        seller.goes(f"/cases/{case_no}/face/open")
        start.wait_for()
        assert start.is_disabled()
        assert not page.get_by_label(FACE).is_checked()


@pytest.mark.rule("SZ-09")
@pytest.mark.rule("SZ-11")
def test_a_handler_agrees_by_code_and_is_ended(chromium: Chromium, city: CityService) -> None:
    with chromium.person(city.url, DESK) as company, chromium.person(city.url, PHONE) as handler:
        company.logs_in("黄石西塞置业有限公司", "/me/handlers")
        company.types("经办人姓名", "王磊")
        company.types("经办人身份证号码", city.client("wang-lei").identity["id_number"])
        company.page.get_by_label("授权结束日期").fill("2030-12-31")
        company.presses("添加，等待本人确认")
        company.page.get_by_text("待本人确认", exact=True).wait_for()
        company.finds_nothing_wrong("handlers-organisation")

        handler.logs_in("王磊", "/me/handlers")
        handler.page.get_by_role("heading", name="黄石西塞置业有限公司").wait_for()
        handler.presses("获取验证码")
        code = handler.page.get_by_label("短信验证码")
        code.wait_for()
        code.fill("000000")
        handler.presses("确认担任经办人")
        handler.page.get_by_role("alert").wait_for()
        code.fill(city.client("wang-lei").code("经办人"))
        handler.finds_nothing_wrong("handlers-consent")
        handler.presses("确认担任经办人")
        handler.page.get_by_text("已生效", exact=True).wait_for()
        handler.page.get_by_role("link", name="返回").click()
        card = handler.page.get_by_role("button", name="黄石西塞置业有限公司")
        card.click()
        expected(card).to_have_attribute("aria-pressed", "true")
        handler.finds_nothing_wrong("me-handler")

        bound = company.page.get_by_role("region", name="王*")
        company.goes("/me/handlers")
        bound.get_by_role("button", name="解除").click()
        bound.get_by_role("button", name="确认解除").click()
        bound.get_by_text("已解除", exact=True).wait_for()
        handler.goes("/me")
        expected(card).to_be_disabled()


def test_a_number_with_chinese_words_survives_a_login(chromium: Chromium, city: CityService) -> None:
    """Wuhan calls its contracts 武房…; and nobody is sent to another site by our login."""
    with chromium.person(city.url, PHONE) as buyer:
        page = buyer.page
        buyer.goes("/cases/武房20261121001/contract")
        page.get_by_role("link", name="登录办理").click()
        page.get_by_role("link", name="王磊", exact=True).click()
        page.wait_for_url("**/contract")
        assert unquote(page.url) == f"{city.url}/cases/武房20261121001/contract"
        page.get_by_text("案件不存在，或者您无权查看").first.wait_for()
        assert page.get_by_text("请核对编号").is_visible()
        buyer.finds_nothing_wrong("case-unknown")
        page.goto(f"{city.url}/v1/login?return_to=/c/武房1")
        page.get_by_role("link", name="王磊", exact=True).click()
        page.wait_for_url("**/c/*")
        assert unquote(page.url) == f"{city.url}/c/武房1"
        page.goto(f"{city.url}/v1/login?return_to=//evil.example/c/1")
        page.get_by_role("link", name="王磊", exact=True).click()
        page.wait_for_url(f"{city.url}/matters")
