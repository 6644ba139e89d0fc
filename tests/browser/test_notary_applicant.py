"""Purchasers before a notary, on their telephones: from the code they scan to the handing in; and the developer who
pushes. The recording is made by the browser's own recorder, of a camera that shows a film.
"""

from __future__ import annotations

import itertools
import json
import subprocess
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from qianshu.demo.notary.cast import WITH_OVERSEAS
from qianshu.demo.notary.photos import photo
from qianshu.demo.notary.run import OFFICE_CLIENT, admit_office, contract_maker
from qianshu.demo.notary.story import Cancellation, Stage
from qianshu.demo_data.notary_office import demo_office
from tests.builders.browsers import PHONE, Chromium, browsers
from tests.builders.house import cheap_guessing
from tests.builders.id_photos import jpeg
from tests.builders.id_photos import photo as id_photo
from tests.builders.service import city_service, now, until, visitors

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Route

    from tests.builders.browsers import Person

pytestmark = [
    pytest.mark.needs("chromium", "web", "playwright", "ffmpeg", "ffprobe"),
    pytest.mark.timeout(600),
]

CITY = "zhongshan-notary"
OPERATOR, MAINLANDER, OVERSEAS = "江涛", "黄嘉豪", "陈家明"


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """With a camera that shows a film, and a microphone that hears its sound."""
    folder = tmp_path_factory.mktemp("camera")
    seen, heard = folder / "seen.mjpeg", folder / "heard.wav"
    _film("-f", "lavfi", "-i", "testsrc2=size=640x480:rate=20", "-t", "4", "-q:v", "6", str(seen))
    _film("-f", "lavfi", "-i", "sine=frequency=220:sample_rate=48000", "-t", "20", "-af", "volume=3", str(heard))
    flags = (
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={seen}",
        f"--use-file-for-fake-audio-capture={heard}",
    )
    with browsers(*flags) as found:
        yield found


def _film(*words: str) -> None:
    subprocess.run(["ffmpeg", "-v", "error", "-y", *words], check=True, timeout=60, stdin=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def begin(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], Cancellation]]:
    """Begins a cancellation: the filed contract is there, the developer has asked for its end."""
    folder = tmp_path_factory.mktemp("city")
    with cheap_guessing(), city_service(folder, (CITY,)) as city:
        city.lay_cheap_keys()
        with city.serving() as service, visitors():
            city.admit((CITY,))
            office = demo_office(now())
            secret = admit_office(SimpleNamespace(service=service), office)  # type: ignore[arg-type] - all it reads
            credentials = (OFFICE_CLIENT, secret)
            stage = Stage(city.url, city.sandbox_url, city.registry, credentials, office, WITH_OVERSEAS, None)
            make = contract_maker(folder)

            def begun() -> Cancellation:
                story = Cancellation(stage, make)
                for step in itertools.islice(story.steps(), 3):
                    assert step.title
                return story

            yield begun


@pytest.fixture(scope="module")
def called(begin: Callable[[], Cancellation]) -> Cancellation:
    """The office has the package, and has called both purchasers."""
    story = begin()
    story._push()
    _calls(story)
    return story


def _calls(story: Cancellation) -> None:
    story._pull("pull")
    story._receive()


# --- what everybody does ----------------------------------------------------------------------------------------------


def scans(person: Person, story: Cancellation, party: str, name: str) -> None:
    """The code is opened by the telephone's camera; who is not logged in does that first."""
    path = story.codes[party].removeprefix(person.base_url)
    person.goes(path)
    person.page.get_by_role("heading", name="公证办理二维码").last.wait_for()
    person.finds_nothing_wrong("notary-code")
    person.follows("登录办理")
    person.page.get_by_role("link", name=name, exact=True).click()
    person.page.wait_for_url(f"**/cases/{story.case_no}/notary/{party}")


def shows_their_face(person: Person, name: str) -> None:
    person.page.get_by_label("我同意为本次办理进行人脸核验").check()
    person.finds_nothing_wrong(name)
    person.presses("开始核验")
    person.page.get_by_role("button", name="通过 pass", exact=True).click()


def reads_everything(person: Person) -> None:
    page = person.page
    page.get_by_text("请逐页阅读以下文件").wait_for()
    person.finds_nothing_wrong("notary-read-list")
    papers = page.locator(".paper-list li")
    papers.first.wait_for()
    assert papers.count() == 4
    was_looked_at = False
    for index in range(4):
        papers.nth(index).get_by_role("button").click()
        while True:
            page.locator(".page-frame img").wait_for()
            page.get_by_text("本页已记录").wait_for()
            if not was_looked_at:
                person.finds_nothing_wrong("notary-read-page")
                # Another look at the telephone: what was read stays read.
                page.reload()
                papers.first.wait_for()
                assert "已读 1/" in papers.first.inner_text()
                papers.first.get_by_role("button").click()
                page.get_by_text("本页已记录").wait_for()
                was_looked_at = True
            following = page.get_by_role("button", name="下一页")
            if following.count() == 0:
                person.presses("看完了")
                break
            following.click()
    page.get_by_label("我已逐页阅读全部文件").check()
    person.presses("同意继续")


def gives_photo(person: Person, title: str, content: bytes, look: str = "") -> None:
    """From the album, as it is."""
    taker = person.page.get_by_role("region", name=title)
    taker.locator("input.album").set_input_files({"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": content})
    taker.get_by_role("button", name="上传这张").wait_for()
    if look:
        person.finds_nothing_wrong(look)
    taker.get_by_role("button", name="上传这张").click()


def photographs_both_sides(person: Person) -> None:
    page = person.page
    front = page.get_by_role("region", name="证件正面")
    front.wait_for()
    person.finds_nothing_wrong("notary-photos")
    gives_photo(person, "证件正面", jpeg(id_photo(blur=14.0)))
    front.get_by_text("这张照片不能用").wait_for()
    person.finds_nothing_wrong("notary-photo-refused")
    # A better one, of which the card is cut out.
    better = {"name": "front.jpg", "mimeType": "image/jpeg", "buffer": photo("姓名 陈家明", "证件号码 H12345678")}
    front.locator("input.album").set_input_files(better)
    front.get_by_role("button", name="裁切拉正").click()
    front.locator(".handle").nth(3).wait_for()
    front.get_by_role("button", name="左上角").focus()
    for _ in range(3):
        page.keyboard.press("ArrowRight")
        page.keyboard.press("ArrowDown")
    handle = front.get_by_role("button", name="右下角")
    box = handle.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 22, box["y"] + 22)
    page.mouse.down()
    page.mouse.move(box["x"] + 12, box["y"] + 10, steps=4)
    page.mouse.up()
    person.finds_nothing_wrong("notary-photo-straighten")
    front.get_by_role("button", name="裁切", exact=True).click()
    front.get_by_role("button", name="上传这张").click()
    front.get_by_text("已上传").wait_for()
    gives_photo(person, "证件反面", photo("签发机关 示例出入境管理局", "有效期限 2024.01.01-2034.01.01"))


def writes_their_name(person: Person) -> None:
    person.page.get_by_role("button", name="开始书写").wait_for()
    person.finds_nothing_wrong("notary-ink")
    person.presses("开始书写")
    draws_a_name(person)


def draws_a_name(person: Person, boxes: int = 3) -> None:
    person.page.locator("dialog canvas").wait_for()
    person.page.wait_for_timeout(300)
    for box in range(boxes):
        left, wide = box / boxes, 1 / boxes
        across = [(left + 0.2 * wide, 0.3), (left + 0.5 * wide, 0.26), (left + 0.8 * wide, 0.28)]
        down = [(left + 0.5 * wide, 0.2), (left + 0.48 * wide, 0.55), (left + 0.3 * wide, 0.8)]
        person.writes([across, down])
    person.presses("使用此签名")


def hands_in(person: Person) -> None:
    person.page.get_by_role("button", name="提交资料，完成申请").wait_for()
    person.finds_nothing_wrong("notary-submit")
    person.presses("提交资料，完成申请")
    person.page.get_by_role("heading", name="资料已提交").wait_for(timeout=30_000)
    person.finds_nothing_wrong("notary-done")


# --- a purchaser of the mainland --------------------------------------------------------------------------------------


@pytest.mark.rule("ZN-09")
@pytest.mark.rule("ZN-11")
def test_a_purchaser_of_the_mainland(chromium: Chromium, called: Cancellation) -> None:
    with chromium.person(called.stage.service_url, PHONE) as person:
        scans(person, called, "buyer-1", MAINLANDER)
        shows_their_face(person, "notary-face")
        reads_everything(person)
        photographs_both_sides(person)
        writes_their_name(person)
        person.page.get_by_text("请再次进行人脸识别").wait_for()
        shows_their_face(person, "notary-face-again")
        hands_in(person)
        # The code again, by the same person: nothing to be taken, they are where they were.
        person.goes(called.codes["buyer-1"].removeprefix(person.base_url))
        person.page.get_by_role("heading", name="资料已提交").wait_for()
    assert "buyer-1" in {each["party"] for each in called.matter["agreement"]["signed"]}


# --- a purchaser from outside -----------------------------------------------------------------------------------------


@pytest.mark.rule("ZN-12")
@pytest.mark.rule("ZN-14")
@pytest.mark.rule("ZN-15")
def test_a_purchaser_from_outside_the_mainland(chromium: Chromium, called: Cancellation) -> None:
    with chromium.person(called.stage.service_url, PHONE) as person:
        scans(person, called, "buyer-2", OVERSEAS)
        types_their_document(person, is_first=True)
        reads_everything(person)
        photographs_both_sides(person)
        person.page.get_by_role("region", name="手持证件").wait_for()
        held = photo("姓名 陈家明", "证件号码 H12345678", held=True)
        gives_photo(person, "手持证件", held, "notary-photo-held")
        writes_their_name(person)
        records(person)
        sends_through_a_bad_network(person)
        types_their_document(person, is_first=False)
        hands_in(person)
    task = next(each for each in called.matter["tasks"] if each["party"] == "buyer-2")
    assert task["submitted_at"] is not None


def types_their_document(person: Person, *, is_first: bool) -> None:
    page = person.page
    page.get_by_label("证件号码", exact=True).fill("H12345678")
    page.get_by_label("再输入一遍证件号码").fill("H12345679")
    if is_first:
        page.get_by_text("两遍输入的号码不一致").wait_for()
        person.finds_nothing_wrong("notary-document")
    page.get_by_label("再输入一遍证件号码").fill("h 12345678")
    person.presses("确认证件")


def records(person: Person) -> None:
    page = person.page
    page.get_by_label("我同意为本次公证录制视频").check()
    person.finds_nothing_wrong("notary-video-consent")
    person.presses("获取朗读文字")
    page.locator(".script").wait_for()
    assert OVERSEAS in page.locator(".script").inner_text()
    person.finds_nothing_wrong("notary-video-script")
    person.presses("打开摄像头")
    until(lambda: page.evaluate("(document.querySelector('.stage video') || {}).videoWidth > 0"), "no camera")
    person.finds_nothing_wrong("notary-video-camera")
    person.presses("开始录制")
    stop = page.get_by_role("button", name="结束录制")
    stop.wait_for()
    assert stop.is_disabled()
    person.finds_nothing_wrong("notary-video-recording")
    page.get_by_text("时长够了").wait_for(timeout=40_000)
    stop.click()
    page.locator("video.player").wait_for()
    person.finds_nothing_wrong("notary-video-replay")


def sends_through_a_bad_network(person: Person) -> None:
    """It breaks after the first piece, stays away, and a reload comes in between."""
    page, offsets, is_down = person.page, [], [True]

    def goes_through(route: Route) -> None:
        if route.request.method != "PATCH":
            route.continue_()
            return
        offset = int(route.request.headers["upload-offset"])
        if offset and is_down[0]:
            if len(offsets) == 1:
                page.context.set_offline(True)
            route.abort("internetdisconnected")
            offsets.append(-offset)
            return
        offsets.append(offset)
        route.continue_()

    page.route("**/v1/uploads/*", goes_through)
    person.presses("使用这段视频，上传")
    page.get_by_text("网络中断，已上传的部分不会丢失").wait_for(timeout=40_000)
    assert page.get_by_text("本机无法保存录像").count() == 0
    person.finds_nothing_wrong("notary-video-cut")
    page.context.set_offline(False)
    page.reload()
    page.get_by_text("上次的录像还在本机").wait_for()
    person.finds_nothing_wrong("notary-video-kept")
    is_down[0] = False
    before = len(offsets)
    person.presses("继续上传")
    page.get_by_label("证件号码", exact=True).wait_for(timeout=60_000)
    assert min(offsets[before:]) > 0, "what had arrived was sent again"


# --- whom a code is not for -------------------------------------------------------------------------------------------


@pytest.mark.rule("ZN-08")
def test_a_forwarded_code_opens_nothing(chromium: Chromium, called: Cancellation) -> None:
    path = called.codes["buyer-2"].removeprefix(called.stage.service_url)
    with chromium.person(called.stage.service_url, PHONE) as person:
        person.logs_in("王磊", "/me")
        person.goes(path)
        person.page.get_by_role("heading", name="不能用此二维码办理").wait_for()
        person.finds_nothing_wrong("notary-code-refused")
        person.goes("/n/something")
        person.page.get_by_text("这不是公证办理二维码").wait_for()


# --- the developer ----------------------------------------------------------------------------------------------------


@pytest.mark.rule("ZN-04")
@pytest.mark.rule("ZN-06")
@pytest.mark.rule("ZN-07")
def test_the_developer_pushes_shows_codes_and_takes_back(chromium: Chromium, begin: Callable[[], Cancellation]) -> None:
    story = begin()
    with chromium.person(story.stage.service_url, PHONE) as operator:
        page = operator.page
        operator.logs_in(OPERATOR, "/me")
        operator.presses("中山翠亨房地产开发有限公司")
        page.get_by_role("button", name="中山翠亨房地产开发有限公司", pressed=True).wait_for()
        operator.goes(f"/cases/{story.case_no}")
        operator.finds_nothing_wrong("notary-case")
        operator.follows("公证处办理")
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
        _calls(story)
        operator.goes(f"/cases/{story.case_no}/notary")
        page.get_by_role("button", name=f"显示二维码 {MAINLANDER}").click()
        until(lambda: page.evaluate("(document.querySelector('.qr') || {}).naturalWidth > 100"), "no code")
        operator.finds_nothing_wrong("notary-codes")
        page.get_by_role("button", name=f"重新生成 {MAINLANDER}").click()
        page.get_by_text("旧二维码作废").wait_for()
        page.get_by_role("heading", name="撤回推送").click()
        operator.types("撤回理由", "购买人手机号填写错误。")
        operator.finds_nothing_wrong("notary-withdraw")
        operator.presses("确认撤回")
        page.get_by_role("heading", name="推送到公证处").wait_for()
    settled = _said(story, "notary.withdrawn")
    assert settled["reason"].startswith("购买人")


def _said(story: Cancellation, event: str) -> dict[str, Any]:
    entry = next(entry for entry in story.journal if entry["event"] == event)
    return json.loads(json.dumps(entry["data"] if "data" in entry else entry["facts"]))
