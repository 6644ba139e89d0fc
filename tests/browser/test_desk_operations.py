"""Operators, administrators and numbers: what is stuck is set going again, the archive is walked, roles are given."""

from __future__ import annotations

import hashlib
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any

import pytest

from jobs.delays import RetryRules
from qianshu.demo_data.notary_office import demo_office
from tests.builders.house import cheap_guessing
from tests.builders.sandbox import sandbox_person
from tests.builders.service import city_service, now, until, visitors, walked

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from qianshu.demo.city.sale import Sale
    from qianshu.service.open import Service
    from tests.builders.browsers import Chromium, Person
    from tests.builders.service import CityService

pytestmark = [pytest.mark.needs("chromium", "web", "playwright"), pytest.mark.timeout(600)]

CITY = "huangshi"
WIDE = {"viewport": {"width": 1366, "height": 768}, "device_scale_factor": 1}
NARROW = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 1}
SOON = RetryRules(first_delay_seconds=0.05, attempts=2)

OPERATOR, ADMIN, NEW = "staff-operator", "staff-admin", "staff-window"

IN_THE_DARK = {
    "phone": (NARROW, ("operations", "operations/deliveries", "operations/archive", "statistics"), ("staff",)),
    "desk": (WIDE, ("operations", "operations/outside", "operations/renewals"), ("offices",)),
}
"""Each page once, in the dark and in large print; as they are in the light, stories look at them."""


@dataclass
class Registry:
    """A program that is told of filings, and does not always take them."""

    url: str = ""
    is_well: bool = False
    names: list[str] = field(default_factory=list)
    """``webhook-id`` of whatever came."""


@dataclass
class Running:
    """A service with somebody who is told, and one sale."""

    city: CityService
    service: Service
    registry: Registry
    sale: Sale


@contextmanager
def listening() -> Iterator[Registry]:
    registry = Registry()

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            registry.names.append(self.headers["webhook-id"])
            self.send_response(204 if registry.is_well else 500)
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Hook)
    registry.url = f"http://127.0.0.1:{server.server_port}/hooks?token=never-shown"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield registry
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A filed, sealed sale whose filing the registry's program does not take."""
    with (
        cheap_guessing(),
        city_service(tmp_path_factory.mktemp("city"), (CITY,)) as city,
        listening() as registry,
        visitors(),
    ):
        city.lay_cheap_keys()
        with city.serving(SOON) as service:
            city.admit((CITY,))
            for person, role in ((OPERATOR, "operator"), (ADMIN, "admin")):
                city.client(person)
                number = sandbox_person(person).number.normalised
                city.told("staff", "grant", "--person", number, "--role", role, "--city", CITY)
            sale = city.sale(CITY)
            sale.stage = replace(sale.stage, registry=city.registry)
            subscribed = sale._registry().post("/v1/registry/webhooks", {"url": registry.url, "cities": [CITY]})
            assert subscribed.status == 201, subscribed.text
            walked(sale.steps(), "登记机构取件")
            the_clock_comes_round(service)
            until(service.records.outbox.failed, "telling was not given up")
            yield Running(city, service, registry, sale)


def the_clock_comes_round(service: Service) -> None:
    """What it asks for every few seconds, or minutes, now."""
    for kind in ("tell-webhooks", "look-at-renewals"):
        service.records.outbox.add(kind, f"{kind}@test-{now().isoformat()}", now())
    service.wake()


def standing(running: Running) -> Any:
    """How telling the registry's program stands."""
    (one,) = running.service._operator_desk().subscribers([CITY])
    return one


def row(person: Person, words: str) -> Any:
    return person.page.get_by_role("row").filter(has_text=words)


def test_an_operator_sees_what_failed_and_sets_it_going_again(chromium: Chromium, running: Running) -> None:
    registry = running.registry
    with chromium.person(running.city.url, WIDE) as operator:
        page = operator.page
        operator.logs_in("管维", "/desk/operations")
        row(operator, "outside.unavailable").get_by_text("推送订阅").wait_for()
        operator.finds_nothing_wrong("desk-operations")
        operator.follows("推送与消息")
        page.get_by_text("推送失败").wait_for()
        assert page.get_by_text("never-shown").count() == 0
        operator.finds_nothing_wrong("desk-deliveries-failing")

        registry.is_well = True
        operator.goes("/desk/operations")
        operator.presses("重新执行 #")
        page.get_by_text("没有失败的任务").wait_for()
        row(operator, "重新执行任务").get_by_text("您").wait_for()
        until(lambda: standing(running).succeeded, "it was not tried again")
        operator.follows("推送与消息")
        page.get_by_text("已全部推送").wait_for()

        told = len(registry.names)
        operator.presses("推送记录 land-registry")
        dialog = page.get_by_role("dialog")
        dialog.get_by_text("应答 500").first.wait_for()
        dialog.get_by_role("button", name="重发").click()
        operator.finds_nothing_wrong("desk-delivery-log")
        dialog.get_by_role("button", name="重发", exact=True).first.click()
        until(lambda: len(registry.names) > told, "it was not sent again")
        assert registry.names[-1] == registry.names[0]
    assert [act.event for act in running.service._operator_desk().acts(None, 2)] == ["delivery.again", "task.requeued"]


def test_outside_services_and_renewals_are_shown_as_known(chromium: Chromium, running: Running) -> None:
    the_clock_comes_round(running.service)
    with chromium.person(running.city.url, WIDE) as operator:
        operator.logs_in("管维", "/desk/operations/outside")
        row(operator, "短信平台").get_by_text("应答正常").wait_for()
        assert row(operator, "资金监管银行").get_by_text("未曾请求，不明").is_visible()
        assert row(operator, "时间戳机构").get_by_text("本服务内置").is_visible()
        operator.finds_nothing_wrong("desk-outside")
        until(lambda: running.service._operator_desk().renewals([CITY], now()).looked, "the file was not looked at")
        operator.follows("归档续期")
        row(operator, running.sale.case_no).get_by_text("未到期").wait_for()
        assert row(operator, "时间戳单元").get_by_text("在期内").is_visible()
        operator.finds_nothing_wrong("desk-renewals")
        renews_the_file(operator, running)


def renews_the_file(operator: Person, running: Running) -> None:
    """In the background, as a further revision: what was filed stays, and the dossier lists both."""
    dialog, case_no = operator.page.get_by_role("dialog"), running.sale.case_no
    filed = running.service.records.cases.find(case_no).case.filing.sealed.sha256
    operator.presses(f"续期 {case_no}")
    operator.finds_nothing_wrong("desk-renewal-ask")
    dialog.get_by_role("button", name="续期").click()
    dialog.wait_for(state="hidden")
    (file,) = renewed_files(running, lambda files: files and files[0].line.sha256 != filed)
    row(operator, file.line.sha256[:12]).get_by_role("button", name="续期").wait_for()
    operator.finds_nothing_wrong("desk-renewed")
    operator.goes("/desk/operations")
    row(operator, "归档续期完成").first.wait_for()
    row(operator, "发起归档续期").get_by_text("您").wait_for()
    assert running.service.records.cases.find(case_no).case.filing.sealed.sha256 == filed


def renewed_files(running: Running, enough: Callable[[Any], bool]) -> Any:
    """The list, once it is as wanted."""
    desk = running.service._operator_desk()

    def files() -> Any:
        return desk.due_files([CITY], None, 9, unreadable=False)

    until(lambda: enough(files()), "it was not renewed")
    return files()


def test_the_archive_is_walked_and_what_was_altered_is_found(chromium: Chromium, running: Running) -> None:
    sha256 = running.service.records.cases.find(running.sale.case_no).case.filing.sealed.sha256
    with chromium.person(running.city.url, WIDE) as operator:
        page = operator.page
        operator.logs_in("管维", "/desk/operations/archive")
        page.get_by_text("还没有核对过档案").wait_for()
        walks(operator)
        row(operator, "#1").get_by_role("button", name="查看结果").wait_for()
        assert page.get_by_text("有缺失或改动").count() == 0

        (stored,) = running.city.folder.glob(f"data/**/{sha256}")
        stored.chmod(0o600)
        content = bytearray(stored.read_bytes())
        content[len(content) // 2] ^= 1
        stored.write_bytes(content)
        walks(operator)
        row(operator, "archive.object_altered").get_by_text(running.sale.case_no).first.wait_for()
        operator.finds_nothing_wrong("desk-archive")
        content[len(content) // 2] ^= 1
        stored.write_bytes(content)
        running.city.told("archive", "verify")
        row(operator, "命令行").get_by_text("完好").wait_for()


def walks(operator: Person) -> None:
    """Thinks twice, and has the archive walked."""
    operator.presses("核对档案")
    dialog = operator.page.get_by_role("dialog")
    dialog.get_by_role("button", name="取消").click()
    dialog.wait_for(state="hidden")
    operator.presses("核对档案")
    dialog.get_by_role("button", name="核对档案").click()
    operator.page.get_by_text("已安排核对").first.wait_for()


def test_numbers_by_city_state_and_day_lead_to_the_cases(chromium: Chromium, running: Running) -> None:
    with chromium.person(running.city.url, WIDE) as reviewer:
        page = reviewer.page
        reviewer.logs_in("严谨", "/desk/statistics")
        page.get_by_role("img", name="近 30 日每日新建案件").wait_for()
        page.get_by_text("数据表", exact=True).click()
        assert page.get_by_role("row").filter(has_text="1").first.is_visible()
        reviewer.finds_nothing_wrong("desk-statistics")
        reviewer.presses("近 365 日")
        page.get_by_text("每根柱为一周").wait_for()
        reviewer.follows("查看列表")
        page.get_by_role("link", name=running.sale.case_no).wait_for()
        reviewer.finds_nothing_wrong("desk-cases")


def test_an_administrator_gives_and_takes_a_role_and_a_membership(chromium: Chromium, running: Running) -> None:
    running.service.offices.add(replace(demo_office(now()).record, region_codes=("420200",)), now())
    running.city.client(NEW)
    somebody = sandbox_person(NEW)
    with chromium.person(running.city.url, WIDE) as admin:
        page = admin.page
        admin.logs_in("管全", "/desk/staff")
        # Nobody takes a role of their own.
        assert row(admin, "本人").get_by_role("button").count() == 0
        admin.presses("授予岗位")
        dialog = page.get_by_role("dialog")
        types_somebody(dialog, "王磊", somebody.number.normalised)
        dialog.get_by_role("button", name="授予").click()
        dialog.get_by_text("没有相符的账号").wait_for()
        admin.finds_nothing_wrong("desk-grant")
        dialog.get_by_label("姓名").fill(somebody.name)
        dialog.get_by_label("岗位").select_option("window_clerk")
        dialog.get_by_role("button", name="授予").click()
        dialog.wait_for(state="hidden")
        row(admin, somebody.name).get_by_text("在岗").wait_for()
        admin.finds_nothing_wrong("desk-staff")
        row(admin, somebody.name).get_by_role("button", name="撤销").click()
        admin.finds_nothing_wrong("desk-staff-take")
        dialog.get_by_role("button", name="撤销").click()
        row(admin, somebody.name).wait_for(state="detached")
        page.get_by_label("显示已结束的").check()
        row(admin, somebody.name).get_by_text("已结束").wait_for()

        admin.goes("/desk/offices")
        page.get_by_text("没有成员").wait_for()
        admin.presses("添加成员")
        types_somebody(dialog, somebody.name, somebody.number.normalised)
        dialog.get_by_role("button", name="添加成员").click()
        dialog.wait_for(state="hidden")
        page.get_by_role("listitem").filter(has_text=somebody.name).wait_for()
        admin.finds_nothing_wrong("desk-offices")
        admin.presses("移除")
        dialog.get_by_role("button", name="移除").click()
        page.get_by_text("没有成员").wait_for()
        enters_an_office(admin)
    done = [act.event for act in running.service._operator_desk().acts(None, 4)]
    assert done == [
        "notary.office_ended",
        "notary.certificate_withdrawn",
        "notary.certificate_added",
        "notary.office_added",
    ]


def enters_an_office(admin: Person) -> None:
    """Another one, what it signs with, compared first; trusted no more, and taken off the list."""
    page, dialog = admin.page, admin.page.get_by_role("dialog")
    name = "湖北省黄石市磁湖公证处"
    admin.presses("登记公证机构")
    dialog.get_by_label("公证机构名称").fill(name)
    dialog.get_by_label("机构代码").fill("鄂黄磁湖")
    dialog.get_by_label("执业区域").fill("440300")
    dialog.get_by_role("button", name="登记公证机构").click()
    dialog.get_by_text("超出本市").first.wait_for()
    admin.finds_nothing_wrong("desk-office-enter")
    dialog.get_by_label("执业区域").fill("420200、420202")
    dialog.get_by_role("button", name="登记公证机构").click()
    dialog.wait_for(state="hidden")
    entry = page.locator("section").filter(has=page.get_by_role("heading", name=name))
    entry.get_by_text("没有登记签名证书").wait_for()
    entry.get_by_role("button", name="登记签名证书").click()
    der = demo_office(now(), name, "鄂黄磁湖").record.certificates[0].der
    file = {"name": "office.cer", "mimeType": "application/pkix-cert", "buffer": der}
    dialog.get_by_label("签名证书（PEM 或 DER）").set_input_files(file)
    dialog.get_by_text(hashlib.sha256(der).hexdigest()).wait_for()
    dialog.get_by_role("button", name="登记签名证书").click()
    dialog.get_by_text("并确认已核对摘要").wait_for()
    dialog.get_by_label("已与公证机构核对摘要").check()
    admin.finds_nothing_wrong("desk-office-certificate")
    dialog.get_by_role("button", name="登记签名证书").click()
    dialog.wait_for(state="hidden")
    entry.get_by_text("在用").wait_for()
    admin.finds_nothing_wrong("desk-offices-entered")
    entry.get_by_role("button", name="停用证书").click()
    dialog.get_by_role("button", name="停用证书").click()
    entry.get_by_text("停止信任").wait_for()
    entry.get_by_role("button", name="停用机构").click()
    dialog.get_by_role("button", name="停用机构").click()
    entry.wait_for(state="detached")


def types_somebody(dialog: Any, name: str, number: str) -> None:
    dialog.get_by_label("姓名").fill(name)
    dialog.get_by_label("证件号码").fill(number)


@pytest.mark.parametrize("device", IN_THE_DARK)
def test_pages_hold_in_the_dark_and_in_large_print(chromium: Chromium, running: Running, device: str) -> None:
    screen, of_operators, of_administrators = IN_THE_DARK[device]
    for name, paths in (("管维", of_operators), ("管全", of_administrators)):
        # In English, whose words are the longer ones.
        with chromium.person(running.city.url, screen, "en", color_scheme="dark") as person:
            person.page.add_init_script("localStorage.setItem('large-print', 'yes')")
            person.logs_in(name, f"/desk/{paths[0]}")
            for path in paths:
                person.goes(f"/desk/{path}")
                person.finds_nothing_wrong(f"desk-{path.replace('/', '-')}-dark-{device}")


def test_who_is_no_operator_is_told_so(chromium: Chromium, running: Running) -> None:
    with chromium.person(running.city.url, WIDE) as reviewer:
        reviewer.logs_in("严谨", "/desk/operations/archive")
        reviewer.page.get_by_role("alert").get_by_text("需要运营岗位").wait_for()
