"""The cancellation, told as it happens: developer, office, two purchasers, bureau, registry; all through HTTP."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from qianshu.demo.city.browser import Browser
from qianshu.demo.city.client import Client, until
from qianshu.demo.city.sale import Step
from qianshu.demo.notary.office import OfficeProgram, basic
from qianshu.demo.notary.phone import Phone

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date

    from qianshu.demo.notary.cast import Cast
    from qianshu.demo.notary.filed_contract import FiledContract
    from qianshu.demo.notary.office import Package
    from qianshu.demo_data.notary_office import DemoOffice

__all__ = ["Cancellation", "Stage"]

REASON: Final = "买受人工作调动，双方经协商一致解除合同、退还房屋。"

SETTLEMENT: Final = {
    "price": "1860000.00",
    "paid": "1200000.00",
    "refund": "1200000.00",
    "within_days": 30,
}

BEIJING: Final = timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Stage:
    """Where it plays."""

    service_url: str
    """The service."""

    sandbox_url: str
    """The outside world."""

    registry: tuple[str, str]
    """Client and secret of the land registry."""

    office: tuple[str, str]
    """Client and secret of the notary office's program."""

    demo_office: DemoOffice
    """The office's own keys."""

    cast: Cast
    """Who plays."""

    make_video: Callable[[], bytes] | None
    """Records the overseas purchaser; ``None`` where there is none."""


@dataclass
class Cancellation:
    """One cancellation under way."""

    stage: Stage
    make_contract: Callable[[dict[str, Any], list[dict[str, Any]]], FiledContract]
    """Makes the filed contract, of the developer and the purchasers as the sandbox knows them."""

    case_no: str = ""
    contract: FiledContract | None = None
    clients: dict[str, Client] = field(default_factory=dict)
    packages: list[Package] = field(default_factory=list)
    codes: dict[str, str] = field(default_factory=dict)
    phones: dict[str, Phone] = field(default_factory=dict)
    certificate: bytes = b""
    agreement: bytes = b""

    def steps(self) -> Iterator[Step]:
        """From the filed contract to the archive."""
        yield self._log_in()
        yield self._import()
        yield self._ask()
        yield self._push()
        yield self._pull("拉取材料包 office pulls the package")
        yield self._receive()
        for place in range(len(self.stage.cast.purchasers)):
            yield from self._do_part(place)
        yield self._pull("拉取完整材料包 the complete package")
        yield self._want_more()
        yield self._answer()
        yield self._pull("拉取补充后的材料包 the package after the supplement")
        yield self._accept()
        yield self._issue()
        yield self._confirm()
        yield self._registry_hears()
        yield self._parties_hear()
        yield self._archived()

    # people

    @property
    def operator(self) -> Client:
        """Who acts for the developer."""
        return self.clients[self.stage.cast.operator]

    @property
    def reviewer(self) -> Client:
        """Who confirms at the bureau."""
        return self.clients[self.stage.cast.reviewer]

    def purchaser(self, place: int) -> Client:
        """Who bought; 0 is the first."""
        return self.clients[self.stage.cast.purchasers[place]]

    @property
    def recorded(self) -> bytes:
        """The video, as it left the telephone; empty where there is none."""
        return b"".join(phone.recorded for phone in self.phones.values())

    @property
    def state(self) -> str:
        """Where the case is."""
        return str(self.reviewer.case(self.case_no)["state"])

    @property
    def matter(self) -> dict[str, Any]:
        """The matter, as the developer sees it."""
        current: dict[str, Any] = self._look(self.operator, f"/v1/notary/matters/{self.case_no}")["current"]
        return current

    def _log_in(self) -> Step:
        stage, cast = self.stage, self.stage.cast
        ways = {cast.operator: "password", cast.reviewer: "", **dict.fromkeys(cast.purchasers, "wechat_realname")}
        for person, way in ways.items():
            hint = f"{person}:{way}" if way else person
            self.clients[person] = Client(stage.service_url, stage.sandbox_url, hint)
        self.office = OfficeProgram(stage.service_url, stage.office, stage.demo_office)
        self.operator.choose_card(self._sandbox_person(cast.developer)["name"])
        return Step("登录 log in", "、".join(client.me["name"] for client in self.clients.values()))

    def _sandbox_person(self, person: str) -> dict[str, Any]:
        people = Browser(self.stage.sandbox_url).get("/sandbox/people").json["people"]
        found: dict[str, Any] = next(one for one in people if one["id"] == person)
        return found

    # developer

    def _import(self) -> Step:
        people = [self.purchaser(place).identity for place in range(len(self.stage.cast.purchasers))]
        developer = self._sandbox_person(self.stage.cast.developer)
        self.contract = contract = self.make_contract(developer, people)
        said = {
            "filing_number": contract.filing_number,
            "filed_at": contract.filed_at.isoformat(),
            "house": {"location": contract.location, "floor_area": contract.floor_area},
            "purchasers": [_purchaser(who) for who in people],
            "developer_contact": {"phone": developer["phone"], "address": "中山市翠亨新区示例大道8号"},
            "developer_head": "欧阳听雨",
        }
        file = ("contract.pdf", contract.pdf, "application/pdf")
        path = "/v1/cities/zhongshan-notary/import-filed"
        done = self.operator.browser.upload(path, json.dumps(said, ensure_ascii=False), file).json
        self.case_no = str(done["case"]["case_no"])
        answer = done["answer"]
        told = f"备案编号 {contract.filing_number}，{answer['signatures']} 个签名 {answer['integrity']}"
        return Step("导入已备案合同 import the filed contract", f"{self.case_no}，{told}")

    def _ask(self) -> Step:
        self.operator.act(self.case_no, "request-cancel", reason=REASON)
        return Step("申请注销 ask to cancel", REASON)

    def _push(self) -> Step:
        asked = {"city": "zhongshan-notary", "case_no": self.case_no}
        offices = self._look(self.operator, "/v1/notary/offices", **asked)["offices"]
        office = next(one for one in offices if one["office_id"] == self.stage.demo_office.record.office_id)
        said = {"office_id": office["office_id"], "strokes": _strokes("seller-1"), "settlement": SETTLEMENT}
        self.operator.act(self.case_no, "push-to-notary", **said)
        pages = sum(paper["page_count"] for paper in self.matter["papers"])
        return Step(
            "生成材料并推送 push to the office", f"{office['name']}，{len(self.matter['papers'])} 份文书共 {pages} 页"
        )

    # office

    def _pull(self, title: str) -> Step:
        line = until(self._package_line, "the office was told of no package")
        package = self.office.pull(line, datetime.now(UTC))
        self.packages.append(package)
        return Step(
            title, f"第 {package.number} 版，{len(package.names)} 个文件，{len(package.content) // 1024} kB，验证通过"
        )

    def _package_line(self) -> dict[str, Any] | None:
        known = {package.number for package in self.packages}
        lines = [line for line in self.office.news() if line["kind"] == "package" and line["case_no"] == self.case_no]
        return next((line for line in reversed(lines) if line["number"] not in known), None)

    def _receive(self) -> Step:
        answer = self.office.act(self.case_no, "notary-receive", package_sha256=self.packages[-1].sha256)["answer"]
        self.codes = {code["party"]: code["url"] for code in answer["codes"]}
        return Step("签收并返回二维码 codes for the purchasers", "、".join(self.codes))

    def _want_more(self) -> Step:
        item = {"text": "身份证件背面照片反光，请重新拍摄。", "party": "buyer-1", "step": "upload_id_photos"}
        self.office.act(self.case_no, "notary-supplement", items=[item])
        return Step("要求补充 the office asks for more", item["text"])

    def _accept(self) -> Step:
        number = f"（{_today().year}）粤中石岐受字第000123号"
        due = self.office.act(self.case_no, "notary-accept", acceptance_number=number)["answer"]["due_on"]
        return Step("受理 accepted", f"{number}，期限至 {due}")

    def _issue(self) -> Step:
        number = f"（{_today().year}）粤中石岐第001234号"
        self.office.return_certificate(self.packages[-1], number, datetime.now(UTC), _today())
        found = self._look(self.reviewer, f"/v1/notary/matters/{self.case_no}")["current"]["certificate"]
        self.certificate = self._file(f"/v1/notary/matters/{self.case_no}/certificate.pdf")
        self.agreement = self._file(
            f"/v1/notary/matters/{self.case_no}/papers/{self.matter['agreement']['head_sha256']}.pdf"
        )
        return Step(
            "出具公证书 the certificate comes back",
            f"{number}，{len(found['parts'])} 份材料，{len(self.certificate) // 1024} kB",
        )

    # purchasers

    def _do_part(self, place: int) -> Iterator[Step]:
        party, client = f"buyer-{place + 1}", self.purchaser(place)
        phone = self._phone(party, client)
        group = phone.claim()["answer"]["group"]
        yield Step("扫码认领 scan the code", f"{client.me['name']}　{party}　{group}")
        for step in phone.steps():
            yield Step(f"　{STEPS[step]} {step}", self._told(phone, step))
            if place == 0 and step == "read_all":
                phone = self._another_phone(party)
                yield Step("　换一部手机继续 goes on on another telephone", f"下一步 {phone.task['next_step']}")
        phone.submit()
        self.phones[party] = phone
        signed = [each["party"] for each in self.matter["agreement"]["signed"]]
        yield Step("提交资料 hand in", f"{client.me['name']} 已在终止协议上签名（{'、'.join(signed)}）")

    def _phone(self, party: str, client: Client) -> Phone:
        return Phone(client, self.codes[party], self.stage.make_video)

    def _another_phone(self, party: str) -> Phone:
        person = self.stage.cast.purchasers[int(party.rpartition("-")[2]) - 1]
        self.clients[person] = Client(self.stage.service_url, self.stage.sandbox_url, f"{person}:wechat_realname")
        return self._phone(party, self.clients[person])

    def _told(self, phone: Phone, step: str) -> str:
        if step == "read_all":
            return f"{phone.seen_pages} 页，逐页"
        if step == "video":
            came, whole = phone.broken_off
            return f"{whole // 1024} kB，断在 {came * 100 // whole}% 处后续传"
        return str(phone.client.me["name"])

    def _answer(self) -> Step:
        phone = self.phones["buyer-1"]
        phone.take_photos(number="二")
        again = list(phone.steps())
        phone.submit()
        return Step(
            "补充材料 the purchaser does it again", f"重拍照片，{'、'.join(STEPS[step] for step in again)}，重新提交"
        )

    # bureau, registry, archive

    def _confirm(self) -> Step:
        self.reviewer.act(self.case_no, "decide-cancel", decision="pass")
        return Step("确认注销 the bureau confirms", f"{self.reviewer.me['name']}：{self.state}")

    def _registry_hears(self) -> Step:
        line = until(self._revoked, "the registry heard nothing")
        return Step("登记机构得知 the registry's feed", f"{line['kind']}　{line['case_no']}")

    def _revoked(self) -> dict[str, Any] | None:
        client = Browser(self.stage.service_url)
        said = {"grant_type": "client_credentials"}
        token = client.form("/v1/oauth/token", said, Authorization=basic(*self.stage.registry)).json["access_token"]
        client.headers["Authorization"] = f"Bearer {token}"
        lines = client.get("/v1/registry/feed", limit="100").json["items"]
        return next((line for line in lines if line["case_no"] == self.case_no and line["kind"] == "revoked"), None)

    def _parties_hear(self) -> Step:
        told = []
        for client in (self.purchaser(place) for place in range(len(self.stage.cast.purchasers))):
            until(partial(self._message, client), f"{client.person} was not told")
            told.append(client.me["name"])
        return Step("通知当事人 the parties are told", "、".join(told))

    def _message(self, client: Client) -> str | None:
        messages = client.sandbox.get("/sandbox/sms", phone=client.phone).json["messages"]
        return next((str(one["text"]) for one in messages if "注销" in one["text"] and "已" in one["text"]), None)

    def _archived(self) -> Step:
        until(lambda: self._journal("dossier.closed"), "the dossier was not closed")
        return Step("封存案卷 the dossier is closed", f"日志 {len(self.journal)} 条")

    def _journal(self, event: str) -> bool:
        return any(entry["event"] == event for entry in self.journal)

    @property
    def journal(self) -> list[dict[str, Any]]:
        """The journal, as the bureau sees it."""
        entries: list[dict[str, Any]] = []
        after: int | None = 0
        while after is not None:
            piece = self._look(self.reviewer, f"/v1/cases/{self.case_no}/journal", limit="100", after=str(after))
            entries += piece["entries"]
            after = piece["next_after"]
        return entries

    def _look(self, client: Client, path: str, **query: str) -> dict[str, Any]:
        found: dict[str, Any] = client.browser.get(path, **query).json
        return found

    def _file(self, path: str) -> bytes:
        return self.operator.browser.get(path).content


STEPS: Final = {
    "face": "人脸识别",
    "read_all": "逐页阅读四份文件",
    "enter_id_document": "录入本人证件",
    "upload_id_photos": "证件正反面照片",
    "upload_id_in_hand": "手持证件照片",
    "upload_signature_image": "手写签名",
    "video": "录制视频",
}
"""What each step is called."""


def _purchaser(who: dict[str, Any]) -> dict[str, Any]:
    named = {name: who[name] for name in ("name", "id_type", "id_number", "region")}
    return {"identity": named, "contact": {"phone": who["phone"], "address": "广东省中山市示例街道示例路18号"}}


def _strokes(name: str) -> dict[str, Any]:
    text = (files("qianshu.demo_data") / "strokes" / f"{name}.json").read_text(encoding="utf-8")
    drawn: dict[str, Any] = json.loads(text)
    return drawn


def _today() -> date:
    return (datetime.now(UTC) + BEIJING).date()
