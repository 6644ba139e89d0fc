"""What was signed, seen by others: the verify page says so in plain words, the pages of the contract are read."""

from __future__ import annotations

import io
import json
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
import segno
from PIL import Image

from tests.builders.attacks.saving import saving_new_page_content
from tests.builders.browsers import DESK, PHONE
from tests.builders.service import walked

if TYPE_CHECKING:
    from tests.builders.browsers import Chromium
    from tests.builders.service import CityService

pytestmark = [pytest.mark.needs("chromium", "web", "playwright"), pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def filed(city: CityService) -> tuple[str, bytes]:
    """Number and file of a contract that was filed."""
    sale = city.sale("huangshi")
    walked(sale.steps(), "备案")
    return sale.case_no, sale.sealed


@pytest.mark.parametrize(("device", "name"), [(PHONE, "phone"), (DESK, "desk")])
def test_a_filed_contract_is_found_good(
    chromium: Chromium, city: CityService, filed: tuple[str, bytes], device: dict[str, object], name: str
) -> None:
    _, content = filed
    with chromium.person(city.url, device) as anybody:
        anybody.goes("/verify")
        file = {"name": "contract.pdf", "mimeType": "application/pdf", "buffer": content}
        anybody.page.locator("input[type=file]").first.set_input_files(file)
        anybody.page.get_by_role("heading", name="文件完好，签名有效").wait_for(timeout=30_000)
        for signer in ("陈建国", "李秀兰", "王磊"):
            assert anybody.page.get_by_text(signer).first.is_visible()
        anybody.finds_nothing_wrong(f"verify-passed-{name}")


def test_one_changed_byte_is_found(chromium: Chromium, city: CityService, filed: tuple[str, bytes]) -> None:
    _, content = filed
    at = content.index(b"/ByteRange") // 2
    changed = content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :]
    with chromium.person(city.url, PHONE) as anybody:
        anybody.goes("/verify")
        file = {"name": "contract.pdf", "mimeType": "application/pdf", "buffer": changed}
        anybody.page.locator("input[type=file]").first.set_input_files(file)
        anybody.page.get_by_role("heading", name="文件不可信").wait_for(timeout=30_000)
        anybody.finds_nothing_wrong("verify-failed")


def test_a_filed_case_shows_what_comes_next(chromium: Chromium, city: CityService, filed: tuple[str, bytes]) -> None:
    case_no, _ = filed
    with chromium.person(city.url, PHONE) as seller:
        seller.logs_in("陈建国", f"/cases/{case_no}")
        seller.page.get_by_text("备案编号").wait_for()
        seller.finds_nothing_wrong("case-filed")
        with seller.page.expect_download() as download:
            seller.follows("下载合同 PDF")
        assert download.value.path().read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("device", [PHONE, DESK], ids=["phone", "desk"])
def test_what_was_changed_is_shown_on_its_page(
    chromium: Chromium, city: CityService, device: dict[str, object]
) -> None:
    with chromium.person(city.url, device) as anybody:
        anybody.goes("/verify")
        file = {"name": "forged.pdf", "mimeType": "application/pdf", "buffer": _forged()}
        anybody.page.locator("input[type=file]").first.set_input_files(file)
        anybody.page.get_by_role("heading", name="文件不可信").wait_for(timeout=30_000)
        anybody.presses("查看第 1 页")
        anybody.page.get_by_alt_text("第 1 页，红框为与签署时不同之处").wait_for(timeout=30_000)
        anybody.finds_nothing_wrong(f"verify-changed-{'phone' if device is PHONE else 'desk'}")
        with anybody.page.expect_download() as download:
            anybody.presses("下载完整报告")
        assert json.loads(download.value.path().read_text(encoding="utf-8"))["verdict"] == "failed"


def test_from_paper_to_its_filing(chromium: Chromium, city: CityService, filed: tuple[str, bytes]) -> None:
    case_no, _ = filed
    number = city.client("chen-jianguo").case(case_no)["filing"]["number"]
    with chromium.person(city.url, PHONE) as anybody:
        page = anybody.page
        anybody.goes("/verify")
        anybody.presses("查询")
        page.get_by_text("请输入备案编号").last.wait_for()
        anybody.types("备案编号", number)
        anybody.presses("查询")
        page.get_by_role("heading", name="备案有效").wait_for()
        assert unquote(page.url) == f"{city.url}/c/{number}"
        anybody.finds_nothing_wrong("filing-in-force")
        assert "陈建国" not in page.locator("main").inner_text()
        anybody.follows("有电子文件？")
        photo = {"name": "stamp.jpg", "mimeType": "image/jpeg", "buffer": _photo(f"{city.url}/c/{case_no}")}
        page.locator("input[type=file][capture]").set_input_files(photo)
        page.wait_for_url(f"**/c/{case_no}")
        page.get_by_role("heading", name="备案有效").wait_for()
        anybody.goes("/c/2020010100001")
        page.get_by_text("没有该备案").wait_for()
        anybody.finds_nothing_wrong("filing-unknown")


def test_a_photo_without_a_code_is_told(chromium: Chromium, city: CityService) -> None:
    blank = io.BytesIO()
    Image.new("RGB", (400, 300), "white").save(blank, "JPEG")
    with chromium.person(city.url, PHONE) as anybody:
        anybody.goes("/verify")
        photo = {"name": "wall.jpg", "mimeType": "image/jpeg", "buffer": blank.getvalue()}
        anybody.page.locator("input[type=file][capture]").set_input_files(photo)
        anybody.page.get_by_text("照片中没有找到备案二维码").wait_for(timeout=30_000)
        anybody.finds_nothing_wrong("verify-no-code")


def _forged() -> bytes:
    """Made in a thread: pyHanko wants a loop of its own, and Playwright's runs in this one."""
    with ThreadPoolExecutor(1) as threads:
        return threads.submit(saving_new_page_content).result()


def _photo(text: str) -> bytes:
    """Of a stamp's code on a table."""
    code = io.BytesIO()
    segno.make(text, error="m", micro=False).save(code, kind="png", scale=7)
    table = Image.new("RGB", (1000, 1200), (116, 98, 80))
    table.paste(Image.open(code).convert("RGB"), (200, 300))
    out = io.BytesIO()
    table.save(out, "JPEG")
    return out.getvalue()
