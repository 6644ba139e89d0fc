"""A reviewer decides on cancelling: refused with a reason, asked for again, passed; as the parties find it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builders.service import walked

if TYPE_CHECKING:
    from qianshu.demo.city.sale import Sale
    from tests.builders.browsers import Chromium, Person
    from tests.builders.service import CityService

pytestmark = [pytest.mark.needs("chromium", "web", "playwright"), pytest.mark.timeout(600)]

CITY = "shenzhen"
WIDE = {"viewport": {"width": 1366, "height": 768}, "device_scale_factor": 1}
PAPERS = ("e_licence_authorisation", "cancel_form", "cancel_undertaking", "termination_agreement")
WHY = "注销承诺书未由共有人签署，请补充。"


@pytest.fixture(scope="module")
def filed(staffed: CityService) -> Sale:
    sale = staffed.sale(CITY)
    walked(sale.steps(), "备案")
    return sale


def asks_to_cancel(sale: Sale) -> None:
    """Everybody agrees and hands in; by the other way in, for the parties' pages have tests of their own."""
    case_no, seller = sale.case_no, sale.seller
    seller.act(case_no, "request-cancel", scope="filing")
    parties = {party["name"]: party["key"] for party in seller.case(case_no)["people"]["parties"]}
    for client in (sale.clients[person] for person in (*sale.stage.cast.owners, sale.stage.cast.buyer)):
        key = parties[client.me["name"]]
        for paper in PAPERS:
            client.upload(
                case_no, "upload-cancel-paper", ("p.pdf", sale._some_paper(), "application/pdf"), paper=paper, party=key
            )
        if client is not seller:
            client.act(case_no, "consent-cancel")
    seller.act(case_no, "submit-cancel-review")


def begins_to_decide(reviewer: Person, case_no: str) -> None:
    page = reviewer.page
    reviewer.goes("/desk/queue")
    page.get_by_role("button", name="注销审核").click()
    page.get_by_role("link", name=case_no).click()
    reviewer.presses("审核注销")
    page.get_by_role("dialog").get_by_role("button", name="作出决定").wait_for()


@pytest.mark.rule("SZ-93")
@pytest.mark.rule("SZ-105")
def test_a_reviewer_refuses_and_passes(chromium: Chromium, staffed: CityService, filed: Sale) -> None:
    case_no = filed.case_no
    asks_to_cancel(filed)
    with chromium.person(staffed.url, WIDE) as reviewer:
        page = reviewer.page
        dialog = page.get_by_role("dialog")
        reviewer.logs_in("严谨", "/desk/queue")
        begins_to_decide(reviewer, case_no)
        dialog.get_by_role("button", name="作出决定").click()
        dialog.get_by_text("请先选择通过或者不予通过").wait_for()
        dialog.get_by_label("不予通过").check()
        dialog.get_by_role("button", name="作出决定").click()
        dialog.get_by_text("请至少选择或填写一条理由").wait_for()
        reviewer.finds_nothing_wrong("desk-cancel-refuse")
        dialog.get_by_label("不予通过的理由").fill(WHY)
        dialog.get_by_role("button", name="作出决定").click()
        dialog.wait_for(state="hidden")
        page.locator(".dossier-title .mark").first.wait_for()
        case = filed.seller.case(case_no)
        assert case["state"] == "filed"
        assert case["cancelling"]["past"][-1]["refused_reason"] == WHY
        asks_to_cancel(filed)
        begins_to_decide(reviewer, case_no)
        dialog.get_by_label("通过", exact=True).check()
        reviewer.finds_nothing_wrong("desk-cancel-pass")
        dialog.get_by_role("button", name="作出决定").click()
        dialog.wait_for(state="hidden")
    assert filed.seller.case(case_no)["filing"]["revoked_at"] is not None
