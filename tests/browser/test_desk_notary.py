"""A notary's desk: what purchasers handed in is looked at, more is asked for, the matter is accepted or refused."""

from __future__ import annotations

import itertools
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from api.ports import MemberAsked
from notary.members import MemberKind
from qianshu.demo.notary.cast import WITH_OVERSEAS
from qianshu.demo.notary.recording import make_video
from qianshu.demo.notary.run import OFFICE_CLIENT, admit_office, contract_maker
from qianshu.demo.notary.story import Cancellation, Stage
from qianshu.demo_data.notary_office import demo_office
from tests.builders.house import cheap_guessing
from tests.builders.service import city_service, now, until, visitors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.builders.browsers import Chromium, Person

pytestmark = [pytest.mark.needs("chromium", "web", "playwright", "ffmpeg", "ffprobe"), pytest.mark.timeout(600)]

CITY = "zhongshan-notary"
NOTARY = "staff-window"
WIDE = {"viewport": {"width": 1366, "height": 768}, "device_scale_factor": 1}


@pytest.fixture(scope="module")
def submitted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cancellation]:
    """A matter that both purchasers have handed in; a person works for its office."""
    folder = tmp_path_factory.mktemp("city")
    with cheap_guessing(), city_service(folder, (CITY,)) as city:
        city.lay_cheap_keys()
        with city.serving() as service, visitors():
            city.admit((CITY,))
            office = demo_office(now())
            secret = admit_office(SimpleNamespace(service=service), office)  # type: ignore[arg-type]
            account = city.client(NOTARY).me["account_id"]
            service.offices.enter(MemberAsked(office.record.office_id, MemberKind.ACCOUNT, account), now())
            film = lambda: make_video(folder / "video.mp4")  # noqa: E731 - as the stage takes it
            stage = Stage(
                city.url, city.sandbox_url, city.registry, (OFFICE_CLIENT, secret), office, WITH_OVERSEAS, film
            )
            story = Cancellation(stage, contract_maker(folder))
            list(itertools.takewhile(lambda step: not step.title.startswith("拉取完整材料包"), story.steps()))
            yield story


def opens(notary: Person, case_no: str) -> None:
    notary.logs_in("窦敏", "/desk/notary")
    notary.finds_nothing_wrong("desk-notary")
    notary.page.get_by_role("link", name=case_no).click()
    notary.page.get_by_role("tab", name="视频").wait_for()
    notary.page.wait_for_load_state("networkidle")


def looks_at_every_part(notary: Person) -> None:
    page = notary.page
    # The recording can be read from here, with the policy of the pages.
    until(lambda: page.locator("video").evaluate("video => video.readyState") >= 1, "the recording cannot be played")
    assert page.get_by_role("region", name="应朗读的文字").is_visible()
    for name, part in (("视频", "video"), ("照片与签名", "photos"), ("文书", "papers")):
        page.get_by_role("tab", name=name).click()
        page.wait_for_timeout(300)
        notary.finds_nothing_wrong(f"desk-notary-{part}")


def test_a_notary_looks_asks_for_more_and_refuses(chromium: Chromium, submitted: Cancellation) -> None:
    with chromium.person(submitted.stage.service_url, WIDE) as notary:
        page = notary.page
        opens(notary, submitted.case_no)
        looks_at_every_part(notary)
        dialog = page.get_by_role("dialog")

        notary.presses("不予公证")
        dialog.get_by_role("button", name="不予公证").click()
        dialog.get_by_role("alert").wait_for()
        assert dialog.get_by_role("radio").count() == 9
        page.keyboard.press("Escape")
        dialog.wait_for(state="hidden")

        notary.presses("公证受理")
        dialog.get_by_label("受理编号").fill("(2026)粤中石岐受字第1号")
        dialog.get_by_role("button", name="公证受理").click()
        dialog.wait_for(state="hidden")
        page.locator(".dossier-title").get_by_text("已受理").wait_for()
        assert submitted.matter["state"] == "accepted"
        notary.finds_nothing_wrong("desk-notary-accepted")

        notary.presses("要求补充")
        dialog.get_by_label("内容").fill("请开发企业补充情况说明。")
        dialog.get_by_role("button", name="要求补充").click()
        dialog.wait_for(state="hidden")
        page.locator(".dossier-title").get_by_text("补充材料中").wait_for()
        assert submitted.matter["supplements"][-1]["items"][0]["text"] == "请开发企业补充情况说明。"
