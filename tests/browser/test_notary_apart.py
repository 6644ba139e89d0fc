"""What else happens before a notary: codes shown, made again, forwarded; a matter taken back or refused; a telephone
that records nothing; one purchaser in two tabs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.builders.browsers import PHONE
from tests.builders.notary_pages import (
    COMPANY,
    MAINLANDER,
    NOTARY,
    OPERATOR,
    OVERSEAS,
    WIDE,
    agrees,
    notary_town,
    types_their_document,
)
from tests.builders.service import until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qianshu.demo.notary.story import Cancellation
    from tests.builders.browsers import Chromium, Person
    from tests.builders.notary_pages import NotaryTown

pytestmark = [
    pytest.mark.needs("chromium", "web", "playwright", "ffmpeg", "ffprobe"),
    pytest.mark.timeout(600),
]


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NotaryTown]:
    with notary_town(tmp_path_factory.mktemp("town")) as found:
        yield found


@pytest.fixture(scope="module")
def called(town: NotaryTown) -> Cancellation:
    return town.called()


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


@pytest.mark.rule("ZN-14")
@pytest.mark.rule("ZN-15")
def test_a_telephone_that_records_nothing_and_then_two_tabs(chromium: Chromium, called: Cancellation) -> None:
    comes_to_the_video(called)
    url = called.stage.service_url
    with chromium.person(url, PHONE) as person:
        page = person.page
        page.context.add_init_script("delete window.MediaRecorder")
        person.logs_in(OVERSEAS, f"/cases/{called.case_no}/notary/buyer-2")
        agrees(person, "video")
        person.presses("获取朗读文字")
        page.locator(".script").wait_for()
        assert page.get_by_role("button", name="打开摄像头").count() == 0
        person.finds_nothing_wrong("notary-video-no-recorder")
        camera = page.locator("input[capture]")
        assert camera.get_attribute("accept") == "video/*"
        film = called.stage.make_video()
        camera.set_input_files({"name": "IMG_0001.MOV", "mimeType": "video/mp4", "buffer": film})
        page.locator("video.player").wait_for()
        person.presses("使用这段视频，上传")
        page.get_by_label("证件号码", exact=True).wait_for(timeout=60_000)
        types_their_document(person, is_first=False)
        hands_in_from_two_tabs(person)
    signed = [each["party"] for each in called.matter["agreement"]["signed"]]
    assert signed.count("buyer-2") == 1


def comes_to_the_video(story: Cancellation) -> None:
    """Everything before it, without a browser."""
    phone = story._phone("buyer-2", story.purchaser(1))
    phone.claim()
    for _ in phone.steps():
        if phone.task["next_step"] == "video":
            return
    raise AssertionError("no video is asked for")


def hands_in_from_two_tabs(person: Person) -> None:
    page, button = person.page, "提交资料，完成申请"
    page.get_by_role("button", name=button).wait_for()
    other = page.context.new_page()
    other.goto(page.url)
    tabs = (page, other)
    for tab in tabs:
        tab.get_by_role("button", name=button).wait_for()
    for tab in tabs:
        tab.get_by_role("button", name=button).click(no_wait_after=True)
    for tab in tabs:
        tab.get_by_role("heading", name="资料已提交").wait_for(timeout=30_000)


@pytest.mark.rule("ZN-07")
def test_the_developer_shows_codes_makes_them_again_and_takes_back(chromium: Chromium, town: NotaryTown) -> None:
    story = town.called()
    with chromium.person(town.city.url, PHONE) as operator:
        page = operator.page
        operator.logs_in(OPERATOR, "/me")
        operator.presses(COMPANY)
        page.get_by_role("button", name=COMPANY, pressed=True).wait_for()
        operator.goes(f"/cases/{story.case_no}")
        operator.finds_nothing_wrong("notary-case")
        operator.follows("公证处办理")
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
    entry = next(entry for entry in story.journal if entry["event"] == "notary.withdrawn")
    assert entry["data"]["reason"].startswith("购买人")
    with chromium.person(town.city.url, PHONE) as purchaser:
        purchaser.logs_in(MAINLANDER, "/me")
        purchaser.goes(story.codes["buyer-1"].removeprefix(town.city.url))
        purchaser.page.get_by_role("heading", name="不能用此二维码办理").wait_for()


@pytest.mark.rule("H-40")
def test_an_office_refuses_on_one_of_nine_grounds(chromium: Chromium, town: NotaryTown) -> None:
    story = town.pushed()
    with chromium.person(town.city.url, WIDE) as notary:
        page = notary.page
        notary.logs_in(NOTARY, f"/desk/notary/{story.case_no}")
        dialog = page.get_by_role("dialog")
        notary.presses("不予公证")
        dialog.get_by_role("button", name="不予公证").click()
        dialog.get_by_role("alert").wait_for()
        assert dialog.get_by_role("radio").count() == 9
        dialog.get_by_role("radio").nth(5).check()
        dialog.get_by_label("说明").fill("出卖人营业执照已过期，拒绝补充。")
        notary.finds_nothing_wrong("desk-notary-refuse")
        dialog.get_by_role("button", name="不予公证").click()
        dialog.wait_for(state="hidden")
    until(lambda: story.state == "filed", "the contract is not in force again")
