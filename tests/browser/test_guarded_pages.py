"""What guards the pages in a real browser: policy, headers, cookies; nothing of another host in the build."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from api.pages import CONTENT_SECURITY_POLICY, DOCUMENTS
from tests.builders.browsers import PHONE, ROOT

if TYPE_CHECKING:
    from tests.builders.browsers import Chromium
    from tests.builders.service import CityService

pytestmark = pytest.mark.needs("chromium", "web", "playwright")

BUILT = ROOT / "qianshu" / "built_pages"

NAMES = (
    "http://www.w3.org/",  # namespaces of SVG and MathML
    "https://json-schema.org/draft/",  # name of a dialect
    "https://vuejs.org/error-reference/",  # text of an error
    "https://element-plus.org/",  # text of a warning
    "http://localhost",  # what paths are joined to where there is no page: in tests of logic
)
"""Beginnings of what looks like an address and is a name or a text: never asked for."""

TRY_INLINE_SCRIPT = """() => {
  const script = document.createElement('script')
  script.textContent = 'window.ran = true'
  document.body.append(script)
  return window.ran === true
}"""

TRY_ANOTHER_HOST = "() => fetch('http://127.0.0.2:9/').then(() => 'went', (error) => error.name)"


def test_no_built_file_names_another_host() -> None:
    found = set()
    for file in BUILT.rglob("*"):
        if file.is_file() and file.suffix not in (".br", ".gz", ".woff2", ".sha256"):
            text = file.read_text(encoding="utf-8")
            found |= {(file.name, url) for url in re.findall(r"""(?:https?|wss?):?//[\w.-]+[^"'`\s)]*""", text)}
            found |= {(file.name, url) for url in re.findall(r"""(?<=["'(])//[\w-]+\.[\w.-]+""", text)}
    assert found
    assert [each for each in found if not each[1].startswith(NAMES)] == []


def test_every_page_comes_with_the_policy(chromium: Chromium, city: CityService) -> None:
    with chromium.person(city.url, PHONE) as anybody:
        for first in DOCUMENTS:
            answer = anybody.page.request.get(f"{city.url}/{first}")
            assert answer.status == 200, first
            headers = answer.headers
            assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["x-frame-options"] == "DENY"
            assert headers["referrer-policy"] == "no-referrer"
            assert headers["cross-origin-opener-policy"] == "same-origin"
            assert headers["permissions-policy"].startswith("camera=(self), microphone=(self)")
            assert headers["cache-control"] == "no-store"
            assert "server" not in headers or "/" not in headers["server"]


def test_the_policy_stops_what_would_be_slipped_in(chromium: Chromium, city: CityService) -> None:
    with chromium.person(city.url, PHONE) as anybody:
        anybody.goes("/")
        assert anybody.page.evaluate(TRY_INLINE_SCRIPT) is False
        assert anybody.page.evaluate(TRY_ANOTHER_HOST) == "TypeError"
        assert [fault for fault in anybody.faults if "Content Security Policy" in fault]
        # They were provoked.
        anybody.faults.clear()


def test_what_is_kept_in_a_browser(chromium: Chromium, city: CityService) -> None:
    with chromium.person(city.url, PHONE) as seller:
        seller.logs_in("陈建国")
        (cookie,) = seller.page.context.cookies(city.url)
        assert cookie["httpOnly"]
        assert cookie["sameSite"] == "Lax"
        assert seller.page.evaluate("document.cookie") == ""
        kept = seller.page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
        assert cookie["value"] not in kept
        assert "csrf" not in kept.lower()
