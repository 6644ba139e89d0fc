"""Pages that anybody may see, without a login."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builders.browsers import DESK, PHONE

if TYPE_CHECKING:
    from tests.builders.browsers import Chromium
    from tests.builders.service import CityService

pytestmark = pytest.mark.needs("chromium", "web", "playwright")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_first_page_says_what_this_is(chromium: Chromium, city: CityService, language: str) -> None:
    with chromium.person(city.url, PHONE, language) as anybody:
        anybody.goes("/")
        login = {"zh": "登录办理", "en": "Log in"}[language]
        assert anybody.page.get_by_role("link", name=login, exact=True).is_visible()
        anybody.finds_nothing_wrong("landing-phone")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_first_page_in_large_print_and_in_the_dark(chromium: Chromium, city: CityService, scheme: str) -> None:
    with chromium.person(city.url, PHONE, color_scheme=scheme) as anybody:
        anybody.page.add_init_script("localStorage.setItem('large-print', 'yes')")
        anybody.goes("/")
        anybody.finds_nothing_wrong(f"landing-large-{scheme}")


def test_a_wide_screen_shows_the_same(chromium: Chromium, city: CityService) -> None:
    with chromium.person(city.url, DESK) as anybody:
        anybody.goes("/")
        anybody.finds_nothing_wrong("landing-desk")


def test_a_page_of_somebody_leads_to_the_login_and_back(chromium: Chromium, city: CityService) -> None:
    with chromium.person(city.url) as anybody:
        anybody.goes("/me")
        anybody.follows("登录办理")
        anybody.page.get_by_role("link", name="陈建国", exact=True).click()
        anybody.page.wait_for_url(f"{city.url}/me")
        anybody.page.get_by_role("heading", name="陈建国").wait_for()
        anybody.finds_nothing_wrong("me-phone")
        anybody.presses("退出登录")
        anybody.page.get_by_role("link", name="登录办理", exact=True).wait_for()
        anybody.goes("/me")
        assert anybody.page.get_by_role("link", name="登录办理", exact=True).is_visible()


def test_an_address_of_no_page_is_unknown(chromium: Chromium, city: CityService) -> None:
    with chromium.person(city.url) as anybody:
        answer = anybody.page.goto(f"{city.url}/cases/1/nowhere/else")
        assert answer is not None
        assert answer.status == 200
        anybody.page.get_by_role("heading", name="没有这个页面").last.wait_for()
        anybody.finds_nothing_wrong("nowhere")
        answer = anybody.page.goto(f"{city.url}/nowhere")
        assert answer is not None
        assert answer.status == 404


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_no_pdf_is_said_to_be_none(chromium: Chromium, city: CityService, language: str) -> None:
    with chromium.person(city.url, PHONE, language) as anybody:
        anybody.goes("/verify")
        anybody.finds_nothing_wrong("verify-empty")
        file = {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": b"not a PDF"}
        anybody.page.locator("input[type=file]").first.set_input_files(file)
        verdict = {"zh": "无法读取", "en": "Cannot be read"}[language]
        anybody.page.get_by_role("heading", name=verdict).wait_for()
        anybody.finds_nothing_wrong("verify-unreadable")
