"""A filed contract cancelled before a notary, in browsers alone: developer, notary, two purchasers at once, bureau and
registrar; with what comes from outside made on the sandbox's page, as a newcomer makes it.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
import zxingcpp
from PIL import Image

from filing.calendar import beijing_day
from qianshu.demo.notary.photos import photo
from qianshu.demo_data.notary_papers import decision_paper
from tests.builders.browsers import DESK, PHONE
from tests.builders.notary_pages import (
    COMPANY,
    MAINLANDER,
    NOTARY,
    OPERATOR,
    OVERSEAS,
    WIDE,
    agrees,
    camera_browsers,
    draws_a_name,
    gives_photo,
    notary_town,
    photographs_both_sides,
    reads_everything,
    records,
    scans,
    sends_through_a_bad_network,
    shows_their_face,
    types_their_document,
    writes_their_name,
)
from tests.builders.sandbox import sandbox_person
from tests.builders.service import now, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Locator

    from tests.builders.browsers import Chromium, Person
    from tests.builders.notary_pages import NotaryTown

pytestmark = [
    pytest.mark.needs("chromium", "web", "playwright", "ffmpeg", "ffprobe"),
    pytest.mark.timeout(900),
]

PURCHASERS = ("huang-jiahao", "chan-kaming")


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    with camera_browsers(tmp_path_factory.mktemp("camera")) as found:
        yield found


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NotaryTown]:
    with notary_town(tmp_path_factory.mktemp("town")) as found:
        yield found


@pytest.mark.rule("ZN-04")
@pytest.mark.rule("ZN-06")
@pytest.mark.rule("ZN-09")
@pytest.mark.rule("ZN-11")
@pytest.mark.rule("ZN-12")
@pytest.mark.rule("ZN-14")
@pytest.mark.rule("ZN-15")
@pytest.mark.rule("ZN-20")
def test_a_filed_contract_is_cancelled_before_a_notary(chromium: Chromium, town: NotaryTown) -> None:
    url = town.city.url
    with chromium.person(url, DESK) as operator:
        case_no = takes_the_contract_over(operator, town)
        asks_to_cancel(operator)
        pushes(operator)
    with chromium.person(url, WIDE) as notary:
        codes = receives(notary, case_no)
        with chromium.person(url, PHONE) as mainlander, chromium.person(url, PHONE) as overseas:
            both_do_their_parts(mainlander, overseas, codes)
            looks_at_everything(notary)
            asks_for_more(notary)
            answers_again(mainlander)
        with chromium.person(url, PHONE) as operator:
            answers_for_the_developer(operator, case_no)
        accepts_and_issues(notary, town)
    with chromium.person(url, WIDE) as reviewer:
        confirms(reviewer, case_no)
    with chromium.person(url, PHONE) as mainlander:
        keeps_the_certificate(mainlander, case_no)
    with chromium.person(url, WIDE) as registrar:
        hears_of_it(registrar, case_no)
    with chromium.person(url, WIDE) as notary:
        revokes(notary, town, case_no)
    with chromium.person(url, WIDE) as reviewer:
        lets_the_filing_stand_again(reviewer, case_no)


# --- the developer ----------------------------------------------------------------------------------------------------


@dataclass
class Filed:
    """What the page of the sandbox says is to be typed in."""

    pdf: bytes
    number: str
    day: str
    location: str


def gets_a_filed_contract(operator: Person, town: NotaryTown) -> Filed:
    """On the sandbox's page: the other system is the outside world's."""
    page = operator.page
    page.goto(f"{town.city.sandbox_url}/sandbox/papers")
    for person_id in PURCHASERS:
        page.get_by_label(sandbox_person(person_id).name).check()
    operator.presses("生成合同")
    page.get_by_role("link", name="下载合同").wait_for(timeout=30_000)

    def cell(label: str) -> str:
        return page.get_by_role("row").filter(has_text=label).locator("td").inner_text()

    with page.expect_download() as download:
        page.get_by_role("link", name="下载合同").click()
    pdf = download.value.path().read_bytes()
    return Filed(pdf, cell("备案编号"), cell("备案时间"), cell("坐落"))


def takes_the_contract_over(operator: Person, town: NotaryTown) -> str:
    filed, page = gets_a_filed_contract(operator, town), operator.page
    operator.logs_in(OPERATOR, "/me")
    operator.presses(COMPANY)
    page.get_by_role("button", name=COMPANY, pressed=True).wait_for()
    operator.goes("/new")
    operator.finds_nothing_wrong("notary-new")
    page.locator("a[href^='/new/import/']").click()
    page.get_by_label("合同文件").wait_for()
    operator.presses("导入合同")
    page.get_by_text("此项必填").first.wait_for()
    operator.finds_nothing_wrong("notary-import")
    types_the_contract_in(page.locator("main"), filed)
    file = {"name": "contract.pdf", "mimeType": "application/pdf", "buffer": filed.pdf}
    page.get_by_label("合同文件").set_input_files(file)
    page.reload()
    assert page.get_by_label("备案编号").input_value() == filed.number, "what was typed is lost"
    page.get_by_label("合同文件").set_input_files(file)
    operator.presses("导入合同")
    page.get_by_role("heading", name="合同已导入").wait_for(timeout=30_000)
    page.get_by_text("完好，未被改动").wait_for()
    operator.finds_nothing_wrong("notary-imported")
    return page.locator("dd.number").first.inner_text()


def types_the_contract_in(form: Locator, filed: Filed) -> None:
    form.get_by_label("备案编号").fill(filed.number)
    form.get_by_label("备案时间").fill(f"{filed.day}T10:00")
    form.get_by_label("坐落").fill(filed.location)
    form.get_by_role("button", name="添加：买受人").click()
    for place, who in enumerate(map(sandbox_person, PURCHASERS)):
        form.get_by_label("姓名或名称").nth(place).fill(who.name)
        form.get_by_label("证件类型").nth(place).select_option(who.number.type.value)
        form.get_by_label("证件号码").nth(place).fill(who.number.normalised)
        form.get_by_label("手机号码").nth(place).fill(f"1380000002{place}")
    form.get_by_label("所属地区").last.select_option("HK")
    form.get_by_label("手机号码").nth(2).fill("13900000011")
    form.get_by_label("开发企业法定代表人").fill("欧阳听雨")


def asks_to_cancel(operator: Person) -> None:
    page = operator.page
    operator.follows("下一步：申请注销")
    page.get_by_label("理由").fill("双方协商一致，解除合同。")
    page.locator("label.tick input").check()
    operator.finds_nothing_wrong("notary-cancel")
    page.locator("form button[type=submit]").click()
    page.get_by_role("link", name="公证处办理").click()


def pushes(operator: Person) -> None:
    page = operator.page
    page.get_by_role("heading", name="推送到公证处").wait_for()
    page.get_by_role("radio").first.check()
    operator.types("合同总价", "1860000")
    operator.types("已付款", "1200000")
    operator.types("应退款", "1300000")
    operator.presses("签名并推送")
    page.get_by_text("退款不应超过已付款").wait_for()
    operator.finds_nothing_wrong("notary-push")
    operator.types("应退款", "1200000")
    operator.types("退款期限", "30")
    operator.presses("签名并推送")
    draws_a_name(operator, len(OPERATOR))
    page.get_by_text("已推送，待公证处接收").wait_for(timeout=30_000)


def answers_for_the_developer(operator: Person, case_no: str) -> None:
    page = operator.page
    operator.logs_in(OPERATOR, "/me")
    operator.presses(COMPANY)
    page.get_by_role("button", name=COMPANY, pressed=True).wait_for()
    operator.goes(f"/cases/{case_no}/notary")
    page.get_by_text("请补充情况说明").wait_for()
    operator.finds_nothing_wrong("notary-supplement-developer")
    page.locator("a[href$='/do/answer-supplement']").click()
    page.locator("main textarea, main input[type=text]").first.fill("购房款已于签约当日付清，退款账户见协议。")
    page.locator("main form button[type=submit]").click()
    page.wait_for_url(f"**/cases/{case_no}")


# --- the office -------------------------------------------------------------------------------------------------------


def receives(notary: Person, case_no: str) -> dict[str, str]:
    """The addresses in the codes that are shown, read from the screen as a telephone does."""
    page = notary.page
    notary.logs_in(NOTARY, "/desk/notary")
    page.get_by_role("link", name=case_no).first.wait_for()
    notary.finds_nothing_wrong("desk-notary-new")
    page.locator("table").get_by_role("link", name=case_no).click()
    notary.presses("接收材料包")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="接收材料包").click()
    dialog.wait_for(state="hidden")
    codes = {}
    for place, party in enumerate(("buyer-1", "buyer-2")):
        page.get_by_role("button", name="显示二维码").nth(place).click()
        picture = page.get_by_role("dialog").locator("img")
        until(lambda shown=picture: shown.evaluate("image => image.naturalWidth > 100"), "no code is shown")
        (read,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(picture.screenshot())))
        codes[party] = read.text
        page.keyboard.press("Escape")
        page.get_by_role("dialog").wait_for(state="hidden")
    return codes


def looks_at_everything(notary: Person) -> None:
    page = notary.page
    page.reload()
    page.get_by_role("tab", name="视频").wait_for()
    plays(notary)
    for name, part in (("视频", "video"), ("照片与签名", "photos"), ("文书", "papers")):
        page.get_by_role("tab", name=name).click()
        page.locator("[role=tabpanel]:visible").wait_for()
        notary.finds_nothing_wrong(f"desk-notary-{part}")


def plays(notary: Person) -> None:
    """From anywhere, by its keys, with the words beside it."""
    page, film = notary.page, notary.page.locator("video")
    pieces: list[str] = []
    page.on("response", lambda answer: "/videos/" in answer.url and pieces.append(str(answer.status)))
    until(lambda: film.evaluate("video => video.readyState") >= 1, "the recording cannot be played")
    script = page.get_by_role("region", name="应朗读的文字")
    assert OVERSEAS in script.inner_text()
    script.focus()
    page.keyboard.press("l")
    page.keyboard.press("l")
    until(lambda: film.evaluate("video => video.currentTime") >= 9, "it does not go on")
    until(lambda: film.evaluate("video => video.readyState") >= 2, "there is nothing to see there")
    page.keyboard.press("m")
    script.get_by_text("0:10").wait_for()
    page.keyboard.press("j")
    until(lambda: film.evaluate("video => video.currentTime") < 6, "it does not go back")
    script.get_by_role("button", name=re.compile("跳到 0:10")).click()
    until(lambda: film.evaluate("video => video.currentTime") >= 9, "the mark leads nowhere")
    page.keyboard.press(">")
    assert film.evaluate("video => video.playbackRate") == 1.25
    page.reload()
    page.get_by_role("region", name="应朗读的文字").get_by_text("0:10").wait_for()
    page.get_by_text("接收时的技术核验").wait_for()
    assert set(pieces) <= {"206", "304"}, "it was sent whole"


def asks_for_more(notary: Person) -> None:
    page, dialog = notary.page, notary.page.get_by_role("dialog")
    notary.presses("要求补充")
    dialog.get_by_label("内容").fill("身份证反面照片反光，请重新拍摄。")
    dialog.get_by_label("由谁补充").select_option("buyer-1")
    dialog.get_by_label("重新办理的步骤").select_option("upload_id_photos")
    dialog.get_by_role("button", name="再加一项").click()
    dialog.get_by_label("内容").nth(1).fill("请补充情况说明。")
    notary.finds_nothing_wrong("desk-notary-supplement")
    dialog.get_by_role("button", name="要求补充").click()
    dialog.wait_for(state="hidden")
    page.locator(".dossier-title").get_by_text("补充材料中").wait_for()


def accepts_and_issues(notary: Person, town: NotaryTown) -> None:
    page, dialog = notary.page, notary.page.get_by_role("dialog")

    def is_there_again() -> bool:
        page.reload()
        page.locator(".dossier-title .mark").first.wait_for()
        return page.locator(".dossier-title").get_by_text("已提交").count() > 0

    until(is_there_again, "the supplement did not arrive", pause_seconds=0.5)
    notary.presses("公证受理")
    dialog.get_by_label("受理编号").fill("（2026）粤中石岐受字第000123号")
    dialog.get_by_role("button", name="公证受理").click()
    dialog.wait_for(state="hidden")
    page.locator(".dossier-title").get_by_text("已受理").wait_for()
    notary.finds_nothing_wrong("desk-notary-accepted")
    verifies_the_package(notary)
    with page.expect_download() as download:
        page.get_by_role("link", name="下载材料包").click()
    package = download.value.path().read_bytes()
    place = page.url

    wrong, number, day = makes_a_bundle(notary, town, package, "digest")
    page.goto(place)
    returns(notary, wrong, number, day)
    dialog.get_by_text("证明的不是").or_(dialog.get_by_text("摘要")).first.wait_for(timeout=30_000)
    notary.finds_nothing_wrong("desk-notary-refused-certificate")
    good, number, day = makes_a_bundle(notary, town, package, "good")
    page.goto(place)
    returns(notary, good, number, day)
    dialog.wait_for(state="hidden", timeout=30_000)
    page.locator(".dossier-title").get_by_text("已出证").wait_for()
    notary.finds_nothing_wrong("desk-notary-issued")


def verifies_the_package(notary: Person) -> None:
    """Seals and files, each with its verdict."""
    page = notary.page
    notary.presses("核验第")
    page.get_by_text("摘要与本事项登记的相同").wait_for(timeout=30_000)
    assert page.get_by_text("无签章保护或者已改动").count() == 0
    assert page.get_by_text("与签章一致").count() >= 5
    notary.finds_nothing_wrong("desk-notary-package")


def makes_a_bundle(notary: Person, town: NotaryTown, package: bytes, kind: str) -> tuple[bytes, str, str]:
    """By the office's own system, which stands on the sandbox's page."""
    page = notary.page
    page.goto(f"{town.city.sandbox_url}/sandbox/papers")
    form = page.locator("form[action$='bundle.zip']")
    form.locator("input[type=file]").set_input_files(
        {"name": "package.asice", "mimeType": "application/vnd.etsi.asic-e+zip", "buffer": package}
    )
    form.locator("select").select_option(kind)
    number, day = form.locator("[name=number]").input_value(), form.locator("[name=day]").input_value()
    with page.expect_download(timeout=30_000) as download:
        form.locator("button").click()
    return download.value.path().read_bytes(), number, day


def returns(notary: Person, bundle: bytes, number: str, day: str) -> None:
    dialog = notary.page.get_by_role("dialog")
    notary.presses("出具公证书")
    dialog.get_by_label("公证书编号").fill(number)
    dialog.get_by_label("出证日期").fill(day)
    dialog.get_by_label("返回材料包").set_input_files(
        {"name": "bundle.zip", "mimeType": "application/zip", "buffer": bundle}
    )
    dialog.get_by_role("button", name="出具公证书").click()


# --- the purchasers ---------------------------------------------------------------------------------------------------


def both_do_their_parts(mainlander: Person, overseas: Person, codes: dict[str, str]) -> None:
    """At once: what one does is no obstacle to the other, not even handing in."""
    scans(mainlander, codes["buyer-1"], MAINLANDER)
    scans(overseas, codes["buyer-2"], OVERSEAS)
    types_their_document(overseas, is_first=True)
    shows_their_face(mainlander, "notary-face")
    reads_everything(mainlander)
    reads_everything(overseas)
    photographs_both_sides(overseas)
    overseas.page.get_by_role("region", name="手持证件").wait_for()
    gives_photo(overseas, "手持证件", photo("姓名 陈家明", "证件号码 H12345678", held=True), "notary-photo-held")
    writes_their_name(overseas)
    records(overseas)
    photographs_simply(mainlander, "一")
    writes_their_name(mainlander)
    sends_through_a_bad_network(overseas)
    mainlander.page.get_by_text("请再次进行人脸识别").wait_for()
    shows_their_face(mainlander, "notary-face-again")
    types_their_document(overseas, is_first=False)
    button = "提交资料，完成申请"
    for person in (mainlander, overseas):
        person.page.get_by_role("button", name=button).wait_for()
    mainlander.finds_nothing_wrong("notary-submit")
    for person in (mainlander, overseas):
        person.page.get_by_role("button", name=button).click(no_wait_after=True)
    for person in (mainlander, overseas):
        person.page.get_by_role("heading", name="资料已提交").wait_for(timeout=30_000)
    mainlander.finds_nothing_wrong("notary-done")
    # The code again, by the same person: nothing to be taken, they are where they were; and so after going back.
    mainlander.goes(codes["buyer-1"].removeprefix(mainlander.base_url))
    mainlander.page.get_by_role("heading", name="资料已提交").wait_for()
    mainlander.page.go_back()
    mainlander.page.go_forward()
    mainlander.page.get_by_role("heading", name="资料已提交").wait_for()


def photographs_simply(person: Person, note: str) -> None:
    agrees(person, "id_photo")
    gives_photo(person, "证件正面", photo(f"姓名 {MAINLANDER}", "公民身份号码", f"第{note}次"))
    person.page.get_by_role("region", name="证件正面").get_by_text("已上传").wait_for()
    gives_photo(person, "证件反面", photo("签发机关 示例市公安局", "有效期限 2024.01.01-2034.01.01", f"第{note}次"))


def answers_again(mainlander: Person) -> None:
    page = mainlander.page
    page.reload()
    page.get_by_text("身份证反面照片反光").wait_for()
    mainlander.finds_nothing_wrong("notary-supplement-purchaser")
    photographs_simply(mainlander, "二")
    mainlander.finds_nothing_wrong("notary-photos-again")
    mainlander.presses("照片已重拍，继续")
    done = page.get_by_role("heading", name="资料已提交")
    submit = page.get_by_role("button", name="提交资料，完成申请")
    writing = page.get_by_role("button", name="开始书写")
    face = page.locator("#consent-face")
    while not done.is_visible():
        writing.or_(face).or_(submit).or_(done).first.wait_for(timeout=30_000)
        if writing.is_visible():
            writing.click()
            draws_a_name(mainlander)
            writing.wait_for(state="hidden")
        elif face.is_visible():
            agrees(mainlander, "face")
            mainlander.presses("开始核验")
            page.get_by_role("button", name="通过 pass", exact=True).click()
            submit.wait_for(timeout=30_000)
        elif submit.is_visible():
            submit.click()
            done.wait_for(timeout=30_000)


def keeps_the_certificate(mainlander: Person, case_no: str) -> None:
    page = mainlander.page
    mainlander.logs_in(MAINLANDER, f"/cases/{case_no}/notary")
    page.get_by_role("heading", name="公证书").wait_for()
    mainlander.finds_nothing_wrong("notary-certificate")
    with page.expect_download() as download:
        page.locator("a[href$='certificate.pdf']").click()
    assert download.value.path().read_bytes().startswith(b"%PDF-")


# --- bureau and registry ----------------------------------------------------------------------------------------------


def confirms(reviewer: Person, case_no: str) -> None:
    page, dialog = reviewer.page, reviewer.page.get_by_role("dialog")
    reviewer.logs_in(sandbox_person("staff-reviewer").name, "/desk/queue")
    page.get_by_role("button", name=re.compile("注销")).first.click()
    page.get_by_role("link", name=case_no).click()
    page.get_by_role("tab", name="公证").click()
    page.get_by_text("返回的材料").wait_for()
    until(lambda: page.locator(".leaf img").first.evaluate("image => image.naturalWidth > 0"), "the contract is unread")
    reviewer.finds_nothing_wrong("desk-dossier-notary")
    reviewer.presses("审核注销")
    dialog.get_by_role("radio").first.check()
    reviewer.finds_nothing_wrong("desk-decide-cancel")
    dialog.locator("button[type=submit]").click()
    dialog.wait_for(state="hidden", timeout=30_000)
    page.locator(".dossier-title .mark").first.wait_for()


def hears_of_it(registrar: Person, case_no: str) -> None:
    registrar.logs_in(sandbox_person("registrar").name, f"/desk/cases/{case_no}")
    registrar.page.locator(".dossier-title .mark").first.wait_for()
    registrar.finds_nothing_wrong("desk-registrar-cancelled")


# --- a certificate that was wrong -------------------------------------------------------------------------------------


def revokes(notary: Person, town: NotaryTown, case_no: str) -> None:
    """The office finds its certificate wrong (公证法 art. 39) and says so by a decision under its seal."""
    page, dialog = notary.page, notary.page.get_by_role("dialog")
    notary.logs_in(NOTARY, f"/desk/notary/{case_no}")
    notary.presses("更正或者撤销公证书")
    dialog.get_by_label("撤销", exact=True).check()
    dialog.get_by_role("button", name="更正或者撤销公证书").click()
    dialog.get_by_role("alert").wait_for()
    today = beijing_day(now())
    certificate = page.locator("dd a[href$='certificate.pdf']").inner_text().partition("号")[0] + "号"
    decision = decision_paper("撤销", "（2026）粤中石岐撤字第000001号", certificate, today)
    dialog.get_by_label("决定日期").fill(today.isoformat())
    file = {
        "name": "decision.pdf",
        "mimeType": "application/pdf",
        "buffer": town.stage.demo_office.signed(decision, now()),
    }
    dialog.locator("input[type=file]").set_input_files(file)
    notary.finds_nothing_wrong("desk-notary-revoke")
    dialog.get_by_role("button", name="更正或者撤销公证书").click()
    dialog.wait_for(state="hidden", timeout=30_000)


def lets_the_filing_stand_again(reviewer: Person, case_no: str) -> None:
    """What was cancelled on it stands again only by a person's decision."""
    page, dialog = reviewer.page, reviewer.page.get_by_role("dialog")
    reviewer.logs_in(sandbox_person("staff-reviewer").name, f"/desk/cases/{case_no}")
    page.get_by_role("tab", name="公证").click()
    page.get_by_text("更正与撤销（公证法第三十九条）").wait_for()
    reviewer.finds_nothing_wrong("desk-dossier-revoked")
    reviewer.presses("处理公证书变更")
    reviewer.finds_nothing_wrong("desk-decide-certificate-change")
    dialog.get_by_label("恢复备案").check()
    dialog.get_by_label("理由").fill("公证书被撤销，注销依据自始无效。")
    dialog.locator("button[type=submit]").click()
    dialog.wait_for(state="hidden", timeout=30_000)
    page.locator(".dossier-title").get_by_text("已备案").wait_for()
