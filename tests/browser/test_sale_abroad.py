"""Shenzhen with a buyer from abroad: printed, signed by hand, scanned, compared; notarised before it is filed (SZ-80).

Once the office is reached over HTTP by its own program; once it is visited, and its paper handed in as a scan.
"""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from api.ports import MemberAsked
from filing.calendar import beijing_day
from identity.acting import Machine, MachineKind
from notary.members import MemberKind
from qianshu.demo.notary.office import OfficeProgram
from qianshu.demo.notary.outside import OutsidePapers
from qianshu.demo_data.notary_office import DemoOffice, demo_contract_office
from qianshu.service.open import Service
from tests.builders import desk_pages as desks
from tests.builders import sale_pages as parties
from tests.builders.browsers import DESK, PHONE
from tests.builders.notary_story import exchange_visitors
from tests.builders.scanner import scan_of, scanned_file
from tests.builders.service import now, until, walked

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qianshu.demo.city.sale import Sale
    from qianshu.demo.notary.office import Package
    from tests.builders.browsers import Chromium, Person
    from tests.builders.service import CityService

CITY = "shenzhen"
BUYER = "anna-kowalska"
PROGRAM = "lianhua-notary"
NUMBER = "（2026）粤深莲花第000012号"

pytestmark = [pytest.mark.needs("chromium", "web", "playwright"), pytest.mark.timeout(600), pytest.mark.rule("SZ-80")]


@pytest.fixture(scope="module")
def office() -> DemoOffice:
    """An office of the place, with its program."""
    return demo_contract_office(now())


@pytest.fixture(scope="module")
def program(city: CityService, office: DemoOffice) -> Iterator[OfficeProgram]:
    machine = Machine(PROGRAM, MachineKind.NOTARY, (CITY,), ("notary:read", "cases:act"))
    with closing(Service(city.settings, city.clock)) as service:
        service.offices.add(office.record, now())
        secret = service.machines.add(machine, now())
        service.offices.enter(MemberAsked(office.record.office_id, MemberKind.CLIENT, PROGRAM), now())
    with exchange_visitors():
        yield OfficeProgram(city.url, (PROGRAM, secret), office)


def sold_abroad(city: CityService, house: str) -> Sale:
    """Begun by the seller; the buyer is entered on the page."""
    sale = city.sale(CITY)
    sale.stage = replace(sale.stage, cast=replace(sale.stage.cast, house=house, owners=("lin-haitao",), buyer=BUYER))
    walked(sale.steps(), "出卖人信息")
    parties.enters_the_terms(sale, city)
    return sale


def enters_the_buyer(seller: Person, sale: Sale) -> None:
    page, buyer = seller.page, sale.buyer
    seller.goes(f"/cases/{sale.case_no}")
    seller.follows("填写买受人信息")
    page.get_by_label("手机号码").first.wait_for()
    page.get_by_label("单独所有").check()
    seller.types("姓名或名称", buyer.me["name"])
    page.get_by_label("证件类型").first.select_option(label="护照")
    seller.types("证件号码", buyer.identity["id_number"])
    # Of somebody with such a document more is asked, and at once.
    page.get_by_label("所属地区").select_option(label="其他国家")
    seller.types("国籍", "波兰")
    seller.types("出生日期", "1988-05-04")
    page.get_by_label("女", exact=True).check()
    seller.types("手机号码", buyer.phone)
    seller.types("联系地址", parties.ADDRESS)
    seller.finds_nothing_wrong("sz-abroad-buyer")
    seller.presses("买受人信息")
    page.wait_for_url("**/cases/*")


def begins_signing_by_hand(chromium: Chromium, city: CityService, house: str) -> Sale:
    """The buyer is entered on a page; text and undertaking by the other way in; the seller begins to sign."""
    sale = sold_abroad(city, house)
    with chromium.person(city.url, DESK) as seller:
        seller.logs_in("林海涛", f"/cases/{sale.case_no}")
        enters_the_buyer(seller, sale)
        sale._fix_text()
        list(sale._undertake())
        seller.goes(f"/cases/{sale.case_no}")
        parties.starts_signing(seller)
        seller.page.get_by_role("link", name="下载、线下签字、上传扫描件").first.wait_for()
        seller.finds_nothing_wrong("sz-abroad-signing")
        prints_signs_and_scans(seller, sale)
    return sale


def prints_signs_and_scans(seller: Person, sale: Sale) -> None:
    """What is not the print is refused with its pages named; then the scan of it is compared and taken."""
    page = seller.page
    seller.follows("下载、线下签字、上传扫描件")
    page.get_by_text("当事人是境外人士").wait_for()
    seller.presses("生成打印件")
    link = page.get_by_role("link", name="下载打印件")
    link.wait_for(timeout=30_000)
    printed = page.request.get(str(link.evaluate("link => link.href"))).body()
    whole = page.locator("input[type=file][accept='application/pdf']")
    whole.set_input_files(parties.a_paper("别的.pdf"))
    page.get_by_role("alert").first.wait_for(timeout=60_000)
    seller.finds_nothing_wrong("sz-scan-refused")
    scan = {"name": "扫描.pdf", "mimeType": "application/pdf", "buffer": scanned_file(scan_of(printed))}
    whole.set_input_files(scan)
    page.get_by_text("扫描件已核对").wait_for(timeout=90_000)
    seller.finds_nothing_wrong("sz-scanned")
    seller.page.get_by_role("link", name="办理涉外合同公证书").click()
    page.get_by_role("heading", name="在线送公证处").wait_for()


def certifies(program: OfficeProgram, package: Package) -> None:
    """The office's certificate about the text that was printed, and what it was sent, back in one bundle."""
    today = beijing_day(now())
    papers = OutsidePapers(Path(), now, program.office, program.office)
    made = papers.certificate_bundle(package.content, NUMBER, today, "good")
    said = json.dumps({"number": NUMBER, "issued_on": today.isoformat()}, ensure_ascii=False)
    program.upload(f"/v1/cases/{package.case_no}/notary-issue", said, ("bundle.zip", made, "application/zip"))


def package_of(program: OfficeProgram, sale: Sale) -> Package:
    found: list[Package] = []

    def came() -> bool:
        lines = [line for line in program.news() if line["case_no"] == sale.case_no and line["kind"] == "package"]
        found.extend(program.pull(line, now()) for line in lines)
        return bool(found)

    until(came, "no package came")
    return found[-1]


def test_an_office_reached_by_its_program(
    chromium: Chromium, city: CityService, office: DemoOffice, program: OfficeProgram
) -> None:
    sale = begins_signing_by_hand(chromium, city, "sz-free")
    with chromium.person(city.url, PHONE) as buyer:
        page = buyer.page
        buyer.logs_in("ANNA KOWALSKA", f"/cases/{sale.case_no}")
        buyer.follows("办理涉外合同公证书")
        page.get_by_label(office.record.name).check()
        buyer.finds_nothing_wrong("sz-notary-choose")
        buyer.presses("送公证处办理")
        page.get_by_text("已送公证处，待接收").wait_for(timeout=60_000)
        buyer.finds_nothing_wrong("sz-notary-sent")
        package = package_of(program, sale)
        assert "papers/signed_scan.pdf" in package.names
        program.act(sale.case_no, "notary-receive", package_sha256=package.sha256)
        program.act(sale.case_no, "notary-accept", acceptance_number="（2026）粤深莲花受字第000012号")
        page.get_by_text("受理时间").wait_for(timeout=30_000)
        certifies(program, package)
        page.get_by_text("电子公证书已核验").wait_for(timeout=30_000)
        page.get_by_text(NUMBER).first.wait_for()
        buyer.finds_nothing_wrong("sz-notary-issued")
        with page.expect_download() as download:
            page.get_by_role("link", name="下载公证书").click()
        assert download.value.path().read_bytes().startswith(b"%PDF-")
    # Nobody handed a paper in, and nobody has anything left to sign.
    assert sale.state == "signed"


def test_an_office_visited_and_its_paper_confirmed_by_the_reviewer(chromium: Chromium, staffed: CityService) -> None:
    city = staffed
    sale = begins_signing_by_hand(chromium, city, "sz-many-same-use")
    with chromium.person(city.url, PHONE) as seller:
        seller.logs_in("林海涛", f"/cases/{sale.case_no}/notarised/notarised_contract")
        seller.page.locator("input[type=file]").set_input_files(parties.a_paper("公证书.pdf"))
        seller.page.get_by_text("待审核人员核对原件").wait_for(timeout=30_000)
        seller.finds_nothing_wrong("sz-notary-scan")
        list(sale._hand_in_materials("submit_filing"))
        seller.goes(f"/cases/{sale.case_no}")
        seller.page.get_by_role("listitem").filter(has_text="上传材料：身份证明").get_by_text("已完成").wait_for()
        seller.finds_nothing_wrong("sz-abroad-signed")
        seller.follows("提交备案")
        seller.presses("提交备案")
        seller.page.get_by_text("正在等待：审核人员").first.wait_for()
    with desks.at_desk(chromium, city, "reviewer", sale.case_no) as reviewer:
        desks.claims(reviewer)
        reviewer.page.get_by_role("tab", name="核查").click()
        reviewer.page.get_by_text("公证书为扫描件，须核对原件并登记编号").wait_for()
        reviewer.finds_nothing_wrong("desk-notarised-scan")
        desks.does(reviewer, "核验公证文书", {"公证书编号": NUMBER})
        reviewer.page.get_by_text(f"公证书已核验：{NUMBER}").wait_for()
        reviewer.page.get_by_role("tab", name="材料").click()
        reviewer.page.get_by_text(f"已核对原件 · {NUMBER}").wait_for()
        reviewer.finds_nothing_wrong("desk-notarised-confirmed")
        desks.does(reviewer, "审核通过")
        reviewer.page.get_by_text("已通过，待用印").wait_for()
    desks.seals(chromium, city, sale.case_no)
    desks.accepts_and_transfers(chromium, city, sale.case_no)
    assert sale.state == "transferred"
