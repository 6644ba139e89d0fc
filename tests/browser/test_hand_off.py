"""From a screen to a telephone and back: a code is scanned, its signer logs in there and writes, the screen goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from documents.scans.stamp_code import read_stamp_codes
from tests.builders.browsers import DESK, PHONE
from tests.builders.sale_pages import writes_their_name
from tests.builders.service import walked

if TYPE_CHECKING:
    from qianshu.demo.city.client import Client
    from qianshu.demo.city.sale import Sale
    from tests.builders.browsers import Chromium, Person
    from tests.builders.service import CityService

pytestmark = [pytest.mark.needs("chromium", "web", "playwright"), pytest.mark.timeout(600)]

CITY = "huangshi"


@pytest.fixture(scope="module")
def sale(staffed: CityService) -> Sale:
    """Confirmed and about to be signed."""
    sale = staffed.sale(CITY)
    walked(sale.steps(), "确认合同")
    sale.seller.act(sale.case_no, "start-signing", text_sha256=sale._text_sha256)
    return sale


def read_and_checked(sale: Sale, client: Client, party: str) -> None:
    """Everything before the handwriting."""
    said = {"party": party, "text_sha256": sale._text_sha256}
    client.act(sale.case_no, "preview-contract", **said)
    begun = client.act(sale.case_no, "begin-signer-check", **said, return_url=f"{sale.stage.service_url}/v1/me")
    client.show_face(begun["answer"]["url"])
    client.act(sale.case_no, "finish-signer-check", **said)


def scanned(screen: Person) -> str:
    """What a telephone's camera reads off the screen: the address, as a path."""
    code = screen.page.get_by_role("img", name="二维码")
    code.wait_for()
    (address,) = read_stamp_codes(code.screenshot())
    assert address.startswith(f"{screen.base_url}/s/")
    return address.removeprefix(screen.base_url)


def logs_in_there(phone: Person, name: str, path: str) -> None:
    """The code logs nobody in."""
    phone.goes(path)
    phone.page.get_by_role("heading", name="签署链接", level=2).wait_for()
    phone.follows("登录办理")
    phone.page.get_by_role("link", name=name, exact=True).click()


@pytest.mark.rule("HS-31")
@pytest.mark.rule("HS-32")
def test_a_party_goes_from_the_screen_to_the_phone_and_back(chromium: Chromium, sale: Sale) -> None:
    read_and_checked(sale, sale.seller, "seller-1")
    place = f"/cases/{sale.case_no}/sign/seller-1"
    url = sale.stage.service_url
    with chromium.person(url, DESK) as screen, chromium.person(url, PHONE) as phone:
        screen.logs_in("陈建国", place)
        screen.finds_nothing_wrong("hand-off-offered")
        screen.presses("用手机签署")
        path = scanned(screen)
        screen.finds_nothing_wrong("hand-off-code")
        with chromium.person(url, PHONE) as somebody:
            logs_in_there(somebody, "王磊", path)
            somebody.page.get_by_role("heading", name="没有办成").wait_for()
            somebody.finds_nothing_wrong("hand-off-another")
        logs_in_there(phone, "陈建国", path)
        phone.page.wait_for_url(f"**{place}")
        # Room for a finger: nobody hands a telephone off.
        assert phone.page.get_by_role("button", name="用手机签署").count() == 0
        writes_their_name(phone)
        screen.page.get_by_role("heading", name="您已完成签署").wait_for(timeout=30_000)
        screen.finds_nothing_wrong("hand-off-back")


@pytest.mark.rule("HS-32")
def test_the_window_hands_writing_to_whoever_is_present(chromium: Chromium, sale: Sale) -> None:
    read_and_checked(sale, sale.buyer, "buyer-1")
    url = sale.stage.service_url
    with chromium.person(url, DESK) as clerk, chromium.person(url, PHONE) as buyer:
        clerk.logs_in("窦敏", f"/desk/cases/{sale.case_no}")
        clerk.presses("转到手机签署")
        dialog = clerk.page.get_by_role("dialog")
        dialog.get_by_label("王磊").check()
        path = scanned(clerk)
        clerk.finds_nothing_wrong("desk-hand-off")
        logs_in_there(buyer, "王磊", path)
        buyer.page.wait_for_url(f"**/cases/{sale.case_no}/sign/buyer-1")
        writes_their_name(buyer)
        dialog.get_by_text("王磊已完成签署").wait_for(timeout=30_000)
        clerk.finds_nothing_wrong("desk-hand-off-done")
        dialog.get_by_role("button", name="完成").click()
        dialog.wait_for(state="hidden")
    entries = sale.buyer.browser.get(f"/v1/cases/{sale.case_no}/journal?limit=100").json["entries"]
    assert [entry["data"]["party"] for entry in entries if entry["event"] == "signing.handed_off"][-1] == "buyer-1"
