"""What was signed, seen by others: the verify page says so in plain words, the pages of the contract are read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

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
