"""When the network fails: nothing is lost, nothing is done twice; and how little is asked for at first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builders.browsers import PHONE

if TYPE_CHECKING:
    from playwright.sync_api import Response, Route

    from tests.builders.browsers import Chromium
    from tests.builders.service import CityService

pytestmark = pytest.mark.needs("chromium", "web", "playwright")

MOST_SCRIPT_BYTES = 200_000
"""Compressed, before the first screen of a page for parties."""

WORTH_COMPRESSING = 600
"""Bytes; what is shorter is sent as it is (`web/build/compressed.ts`)."""


def test_an_act_whose_answer_was_lost_is_done_once(chromium: Chromium, city: CityService) -> None:
    with chromium.person(city.url, PHONE) as seller:
        seller.logs_in("陈建国", "/new")
        keys = []

        def lost(route: Route) -> None:
            """The service does it; its answer never comes."""
            keys.append(route.request.headers["idempotency-key"])
            if len(keys) == 1:
                route.fetch()
                route.abort("connectionreset")
            else:
                route.continue_()

        seller.page.route("**/v1/cases", lost)
        before = len(city.client("chen-jianguo").browser.get("/v1/cases").json["cases"])
        seller.presses("开始")
        seller.page.get_by_role("heading", name="网络不通").wait_for()
        seller.finds_nothing_wrong("offline")
        seller.presses("开始")
        seller.page.wait_for_url("**/cases/*")
        assert len(keys) == 2
        assert keys[0] == keys[1]
        assert len(city.client("chen-jianguo").browser.get("/v1/cases").json["cases"]) == before + 1


def test_what_was_typed_outlives_a_session_that_ended(chromium: Chromium, city: CityService) -> None:
    case_no = city.client("chen-jianguo").open("huangshi")
    with chromium.person(city.url, PHONE) as seller:
        seller.logs_in("陈建国", f"/cases/{case_no}/house")
        seller.types("产权证号", "鄂(2022)黄石市不动产权第0012001号")
        seller.types("产权人证件号码", "420202197803120510")
        seller.page.wait_for_timeout(400)
        seller.page.context.clear_cookies()
        seller.presses("核验房屋")
        seller.page.get_by_text("登录已结束").wait_for()
        seller.finds_nothing_wrong("session-ended")
        seller.follows("重新登录")
        seller.page.get_by_role("link", name="陈建国", exact=True).click()
        seller.page.wait_for_url(f"**/cases/{case_no}/house")
        assert seller.page.get_by_label("产权证号").input_value() == "鄂(2022)黄石市不动产权第0012001号"


def test_a_number_that_does_not_fit_is_told_while_one_types(chromium: Chromium, city: CityService) -> None:
    case_no = city.client("chen-jianguo").open("huangshi")
    with chromium.person(city.url, PHONE, "en") as seller:
        seller.logs_in("陈建国", f"/cases/{case_no}/house")
        seller.presses("Check the house")
        seller.page.get_by_text("This is required").first.wait_for()
        seller.finds_nothing_wrong("house-faults")


def test_somebody_elses_case_is_unknown(chromium: Chromium, city: CityService) -> None:
    case_no = city.client("chen-jianguo").open("huangshi")
    with chromium.person(city.url, PHONE) as stranger:
        stranger.logs_in("王磊", f"/cases/{case_no}")
        stranger.page.get_by_role("heading", name="没有办成").wait_for()
        stranger.finds_nothing_wrong("case-unknown")


@pytest.mark.parametrize("path", ["/", "/matters", "/verify"])
def test_the_first_screen_needs_little_and_nothing_of_the_desks(
    chromium: Chromium, city: CityService, path: str
) -> None:
    with chromium.person(city.url, PHONE) as seller:
        seller.logs_in("陈建国", "/me")
        bodies: dict[str, int] = {}

        def took(response: Response) -> None:
            if response.url.endswith(".js"):
                bodies[response.url] = int(response.headers["content-length"])
                assert bodies[response.url] < WORTH_COMPRESSING or response.headers["content-encoding"] in (
                    "br",
                    "gzip",
                )

        seller.page.on("response", took)
        seller.goes(path)
        assert bodies
        assert sum(bodies.values()) < MOST_SCRIPT_BYTES
        assert not any("desk" in url or "el-" in url or "element" in url for url in bodies)
