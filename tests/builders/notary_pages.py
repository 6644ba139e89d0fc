"""Matters before a notary in real browsers: a town with an office, telephones with cameras, and what people do there.

    with notary_town(folder) as town, camera_browsers(folder) as chromium, chromium.person(town.city.url) as person:
        story = town.called(); scans(person, story.codes["buyer-1"], MAINLANDER); shows_their_face(person); …

A look at a page (``finds_nothing_wrong``) is named after it and taken once, whoever comes there again.
"""

from __future__ import annotations

import itertools
import subprocess
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qianshu.demo.notary.cast import WITH_OVERSEAS
from qianshu.demo.notary.outside import OutsidePapers
from qianshu.demo.notary.photos import photo
from qianshu.demo.notary.run import contract_maker
from qianshu.demo.notary.story import Cancellation, Stage
from qianshu.demo_data.notary_office import demo_office
from qianshu.service.run import Running
from qianshu.service.trial import DESKS, OFFICE_CLIENT, REGISTRY, admit_staff, register_office, register_registry
from tests.builders.browsers import Chromium, browsers
from tests.builders.house import cheap_guessing
from tests.builders.id_photos import jpeg
from tests.builders.id_photos import photo as id_photo
from tests.builders.service import CityService, city_service, now, until, visitors

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Route

    from tests.builders.browsers import Person

CITY = "zhongshan-notary"
OPERATOR, MAINLANDER, OVERSEAS, NOTARY = "江涛", "黄嘉豪", "陈家明", "公孙信"
COMPANY = "中山翠亨房地产开发有限公司"
WIDE = {"viewport": {"width": 1366, "height": 768}, "device_scale_factor": 1}


@dataclass
class NotaryTown:
    """A service that cancels before notaries, with an office, its notary and everybody at the desks."""

    city: CityService
    stage: Stage

    def begun(self) -> Cancellation:
        """The filed contract is there, the developer has asked for its end."""
        story = Cancellation(self.stage, contract_maker(self.city.folder))
        for step in itertools.islice(story.steps(), 3):
            assert step.title
        return story

    def pushed(self) -> Cancellation:
        """The office has been sent the first package."""
        story = self.begun()
        story._push()
        story._pull("pull")
        return story

    def called(self) -> Cancellation:
        """The office has the package, and has called both purchasers."""
        story = self.pushed()
        story._receive()
        return story


@contextmanager
def notary_town(folder: Path) -> Iterator[NotaryTown]:
    """Served in this process."""
    office = demo_office(now())
    papers = OutsidePapers(folder / "outside", now, office)
    with cheap_guessing(), city_service(folder, (CITY,), papers=papers) as city:
        city.lay_cheap_keys()
        with city.serving() as service, visitors():
            running = Running(city.url, service, city.sandbox_url, office)
            admit_staff(running, DESKS)
            registry, secret = register_registry(running), register_office(running)
            assert secret is not None
            city.registry = (REGISTRY, registry)
            credentials = (OFFICE_CLIENT, secret)
            yield NotaryTown(
                city, Stage(city.url, city.sandbox_url, city.registry, credentials, office, WITH_OVERSEAS, papers.film)
            )


@contextmanager
def camera_browsers(folder: Path) -> Iterator[Chromium]:
    """With a camera that shows a film, and a microphone that hears its sound."""
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


def scans(person: Person, address: str, name: str) -> None:
    """The code is opened by the telephone's camera; who is not logged in does that first."""
    person.goes(address.removeprefix(person.base_url))
    person.page.get_by_role("heading", name="公证办理二维码").last.wait_for()
    person.finds_nothing_wrong("notary-code")
    person.follows("登录办理")
    person.page.get_by_role("link", name=name, exact=True).click()
    person.page.wait_for_url("**/cases/*/notary/*")


def agrees(person: Person, kind: str) -> None:
    """The separate consent of this kind: given at once, or given before."""
    person.page.locator(f"#consent-{kind}").check()
    person.page.locator(".consent [role=status]").wait_for()


def shows_their_face(person: Person, name: str) -> None:
    agrees(person, "face")
    person.finds_nothing_wrong(name)
    person.presses("开始核验")
    person.page.get_by_role("button", name="通过 pass", exact=True).click()


def _zooms(person: Person) -> None:
    """By the keys and back, as the contract does: the frame came after the page around it."""
    frame, picture = person.page.locator(".page-frame"), person.page.locator(".page-frame img")
    before = picture.evaluate("picture => picture.clientWidth")
    frame.press("+")
    person.page.get_by_role("button", name="120%").wait_for()
    assert picture.evaluate("picture => picture.clientWidth") > before
    frame.press("0")
    person.page.get_by_role("button", name="100%").wait_for()


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
                _zooms(person)
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
    agrees(person, "id_photo")
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
    agrees(person, "video")
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
