"""A sale by the city's own rules: the profile says who reads what, joins how, signs by which steps, who reviews.

Nothing here knows a city by name: a sixth city is walked through by the same steps.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from qianshu.demo.city.browser import Browser
from qianshu.demo.city.client import Client, until

if TYPE_CHECKING:
    from collections.abc import Iterator

    from qianshu.demo.city.cast import Cast

__all__ = ["Sale", "Stage", "Step"]

CLAUSES = ("money", "performance", "liability", "other_agreements")
"""Parts of the demonstration's terms that do not come from the house or the people."""

FORMS = {
    "service_rating": {"stars": 5},
    "fund_supervision": {"chosen": False},
}
"""Forms beside the contract; the applicant's is filled from the seller."""


@dataclass(frozen=True, slots=True)
class Stage:
    """Where a sale plays."""

    service_url: str
    """The service."""

    sandbox_url: str
    """The outside world."""

    registry: tuple[str, str]
    """Client and secret of the land registry."""

    city: str
    """Name of the city."""

    cast: Cast
    """Who plays."""

    staff: dict[str, str]
    """Role to person."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the story."""

    title: str
    """What is done."""

    told: str
    """What came of it."""


@dataclass
class Sale:
    """One sale under way."""

    stage: Stage
    case_no: str = ""
    clients: dict[str, Client] = field(default_factory=dict)
    profile: dict[str, Any] = field(default_factory=dict)
    sealed: bytes = b""

    def steps(self) -> Iterator[Step]:
        """The sale from login to the registry's "transferred", told as it happens."""
        yield self._log_in()
        yield self._open()
        yield from self._check_house()
        yield self._enter_sellers()
        yield self._enter_buyer()
        yield self._enter_terms()
        yield from self._hand_in_materials("generate_text")
        yield self._fix_text()
        yield from self._prepare()
        yield from self._sign()
        yield from self._file()
        yield from self._register()

    @property
    def seller(self) -> Client:
        """Whoever enters the contract."""
        return self.clients[self.stage.cast.owners[0]]

    @property
    def buyer(self) -> Client:
        """Who buys."""
        return self.clients[self.stage.cast.buyer]

    @property
    def state(self) -> str:
        """Where the case is."""
        return str(self._case["state"])

    @property
    def _case(self) -> dict[str, Any]:
        return self.seller.case(self.case_no)

    @property
    def _rules(self) -> dict[str, Any]:
        sale: dict[str, Any] = self.profile["sale"]
        return sale

    def _log_in(self) -> Step:
        stage = self.stage
        people = (*stage.cast.owners, stage.cast.buyer, *stage.staff.values())
        self.clients = {person: Client(stage.service_url, stage.sandbox_url, person) for person in people}
        self.profile = self.seller.browser.get(f"/v1/cities/{stage.city}").json["profile"]
        return Step("登录 log in", "、".join(client.me["name"] for client in self.clients.values()))

    def _open(self) -> Step:
        self.case_no = self.seller.open(self.stage.city)
        return Step("创建合同 open a case", self.case_no)

    # the house

    def _check_house(self) -> Iterator[Step]:
        self._read_notices(self.seller, "seller", "verify_property")
        self._check_face(self.seller, "seller", "open")
        house = self._house()
        typed = self._typed(house)
        found = until(lambda: self._found(typed), "the register did not answer")
        yield Step("房源核验 check the house", str(found["case"]["house"]["checked"]["record"]["location"]))

    def _found(self, typed: dict[str, Any]) -> dict[str, Any] | None:
        """A query for one's own titles takes the register a minute or two (WH-06): asked again until it is there."""
        asked = self.seller.act(self.case_no, "check-property", **typed, confirmed=True)
        return asked if str(asked["case"]["state"]) == "drafting" else None

    def _house(self) -> dict[str, Any]:
        houses = self.seller.sandbox.get("/sandbox/houses").json["houses"]
        house: dict[str, Any] = next(one for one in houses if one["id"] == self.stage.cast.house)
        return house

    def _typed(self, house: dict[str, Any]) -> dict[str, Any]:
        """What the first way of looking a house up in this city asks for."""
        keys = self._rules["house"]["lookups"][0]["keys"]
        registered, who = house["registered"], self.seller.identity
        known = {
            "certificate_number": registered["title"]["certificate_number"],
            "certificate_type": registered["title"]["certificate_type"],
            "check_code": house["check_code"],
            "region": registered["title"]["region"],
            "unit_number": registered["title"]["unit_number"],
            "owner_name": who["name"],
            "owner_id_number": who["id_number"],
        }
        typed = {key: known[key] for key in keys if key in known}
        if "own_title_query" in keys:
            typed["query_no"] = self.seller.act(self.case_no, "ask-own-titles")["answer"]["query_no"]
            typed["certificate_number"] = known["certificate_number"]
        return typed

    # people and terms

    def _enter_sellers(self) -> Step:
        parties = [party for party in self._case["people"]["parties"] if party["side"] == "seller"]
        by_name = {client.me["name"]: client for client in self.clients.values()}
        owners = [{"party": one["key"], "contact": _contact(by_name[one["name"]])} for one in parties]
        self.seller.act(self.case_no, "set-sellers", owners=owners, has_co_owners=len(parties) > 1)
        return Step("出卖人信息 sellers", "、".join(one["name"] for one in parties))

    def _enter_buyer(self) -> Step:
        entry, buyer = self._rules["entry"]["buyers"], self.buyer
        typed = [{"identity": _identity(buyer), "contact": _contact(buyer)}]
        by_buyer = entry["by"] == "buyer"
        if by_buyer:
            who = self.seller.identity
            keys = {"seller_name": who["name"], "seller_id_number": who["id_number"], "case_number": self.case_no}
            found = buyer.browser.post("/v1/cases/find-to-join", {"city": self.stage.city, "keys": keys}).json
            notices = [
                {"notice": one["template"], "sha256": self._city_notice(one["template"])}
                for one in self._rules["entry"]["notices"]
                if "buyer" in one["sides"]
            ]
            del keys["case_number"]
            buyer.act(found["case_no"], "join", **keys, notices=notices)
            self._check_face(buyer, "buyer", "join")
        enters = buyer if by_buyer else self.seller
        enters.act(self.case_no, "set-buyers", co_ownership="sole", buyers=typed)
        return Step("买受人信息 buyer", f"{buyer.me['name']}（{'买方查询加入' if by_buyer else '卖方录入'}）")

    def _enter_terms(self) -> Step:
        terms = json.loads((files("qianshu.demo_data") / "terms.json").read_text(encoding="utf-8"))
        clauses = {name: terms[name] for name in CLAUSES if name in terms}
        clauses["money"]["payee"]["holder"] = self.seller.me["name"]
        self.seller.act(self.case_no, "save-clauses", clauses=clauses)
        for form in self._rules["entry"]["forms"]:
            answers = FORMS.get(form["name"]) or {"name": self.seller.me["name"], "phone": self.seller.phone}
            self.seller.act(self.case_no, "save-form", form=form["name"], answers=answers)
        return Step("合同条款 terms", f"成交价 {clauses['money']['price']} 元")

    def _fix_text(self) -> Step:
        makers = self._able("generate_text")
        maker = self.buyer if makers == ["buyer"] else self.seller
        self._read_notices(self.buyer, "buyer", "generate_text")
        made = maker.act(self.case_no, "generate-text")["case"]["text"]["fixed"]
        return Step("生成合同文本 fix the text", f"{made['source']['page_count']} 页，{made['sha256'][:16]}…")

    # before signing

    def _prepare(self) -> Iterator[Step]:
        yield from self._qualify()
        yield from self._undertake()
        yield from self._hand_in_materials("start_signing")
        yield from self._confirm()

    def _qualify(self) -> Iterator[Step]:
        if self._rules["preparation"]["qualification"]["need"] == "never":
            return
        state = _decided(self.buyer.act(self.case_no, "apply-qualification"))
        if state is None:
            state = until(self._qualified, "the qualification office did not decide")
        yield Step("购房资格审查 qualification", state)

    def _qualified(self) -> str | None:
        return _decided(self.buyer.act(self.case_no, "settle-qualification"))

    def _undertake(self) -> Iterator[Step]:
        for each in self._rules["preparation"]["undertakings"]:
            name = each["template"]
            paper = self.seller.browser.get(f"/v1/cases/{self.case_no}/papers/{name}.pdf").content
            self.seller.upload(
                self.case_no,
                "upload-undertaking",
                (f"{name}.pdf", paper, "application/pdf"),
                text_sha256=self._text_sha256,
                template=name,
            )
            yield Step("承诺书 undertaking", f"{len(paper) // 1024} kB，双方签署后上传")

    def _hand_in_materials(self, before: str) -> Iterator[Step]:
        rules = self._rules["preparation"]["materials"]
        slots = [] if rules is None else [one for one in rules["slots"] if one["required"] and one["before"] == before]
        handed = 0
        for slot in slots:
            for party in self._case["people"]["parties"]:
                if party["side"] in slot["sides"]:
                    by_seller = "buyer" not in rules["uploaded_by"] or party["side"] == "seller"
                    client = self.seller if by_seller else self.buyer
                    file = (f"{slot['slot']}.pdf", self._some_paper(), "application/pdf")
                    client.upload(self.case_no, "upload-material", file, slot=slot["slot"], party=party["key"])
                    handed += 1
        if handed:
            yield Step("上传材料 materials", f"{handed} 份")

    def _confirm(self) -> Iterator[Step]:
        if self._rules["preparation"]["confirmers"] == "nobody":
            return
        confirmed = []
        for person in (self.stage.cast.buyer, *self.stage.cast.owners):
            client = self.clients[person]
            self._check_face(client, "buyer" if client is self.buyer else "seller", "confirm")
            client.act(self.case_no, "confirm-text", text_sha256=self._text_sha256)
            confirmed.append(client.me["name"])
        yield Step("确认合同 confirm", "、".join(confirmed))

    # signing

    def _sign(self) -> Iterator[Step]:
        self._read_notices(self.seller, "seller", "start_signing")
        starts = self.buyer if self._rules["signing"]["started_by"] == ["buyer"] else self.seller
        starts.act(self.case_no, "start-signing", text_sha256=self._text_sha256)
        method = self._case["signing"]["method"]
        if method == "otp":
            yield from self._sign_by_codes()
            return
        for party in self._case["people"]["parties"]:
            client = next(one for one in self.clients.values() if one.me["name"] == party["name"])
            self._sign_by_hand(client, party["key"], self._rules["signing"]["steps"][method])
            yield Step("签署 sign", f"{party['name']}　{party['key']}")

    def _sign_by_codes(self) -> Iterator[Step]:
        said = {"text_sha256": self._text_sha256}
        key = next(party["key"] for party in self._case["people"]["parties"] if party["is_you"])
        self.seller.act(self.case_no, "preview-contract", **said, party=key)
        yield from self._consents()
        for side, holder in (("seller", self.seller), ("buyer", self.buyer)):
            self.seller.act(self.case_no, "request-side-code", **said, side=side)
            self.seller.act(self.case_no, "verify-side-code", **said, side=side, code=holder.code("签"))
            yield Step("验证码签署 sign by code", f"{holder.me['name']}（{side}）")

    def _consents(self) -> Iterator[Step]:
        """Whoever another's code will speak for has agreed in writing (H-09); where all sign the print, that is it."""
        if self._rules["signing"]["printed_after"]:
            return
        others = [party for party in self._case["people"]["parties"] if party["side"] == "seller"][1:]
        for party in others:
            file = ("consent.pdf", self._some_paper(), "application/pdf")
            self.seller.upload(self.case_no, "upload-material", file, slot="co_owner_consent", party=party["key"])
            yield Step("共有人书面同意 consent", str(party["name"]))

    def _sign_by_hand(self, client: Client, party: str, steps: list[str]) -> None:
        said = {"party": party, "text_sha256": self._text_sha256}
        if "preview_contract" in steps:
            client.act(self.case_no, "preview-contract", **said)
        if "preview_risk" in steps:
            warning = client.paper(self.case_no, "risk_warning")["sha256"]
            client.act(self.case_no, "preview-risk", **said, warning_sha256=warning)
        if "face_or_cert_check" in steps:
            back = f"{self.stage.service_url}/v1/me"
            client.consent(self.case_no, "face")
            client.show_face(client.act(self.case_no, "begin-signer-check", **said, return_url=back)["answer"]["url"])
            client.act(self.case_no, "finish-signer-check", **said)
        code = {}
        if "otp" in steps:
            client.act(self.case_no, "request-sign-code", **said)
            code = {"code": client.code("签")}
        client.act(self.case_no, "sign", **said, strokes=_strokes(), **code)
        client.act(self.case_no, "confirm-signing", **said)

    # filing and registry

    def _file(self) -> Iterator[Step]:
        if self.state == "signed" and self.profile["filing"]["review"]:
            yield from self._hand_in_materials("submit_filing")
            self.seller.act(self.case_no, "submit-filing")
            reviewer = self.clients[self.stage.staff["reviewer"]]
            reviewer.act(self.case_no, "claim-review")
            reviewer.act(self.case_no, "approve-review")
            yield Step("审核 review", f"{reviewer.me['name']} 审核通过")
            officer = self.clients[self.stage.staff["sealing_officer"]]
            officer.act(self.case_no, "seal-filing")
            yield Step("用印 seal", f"{officer.me['name']} 准予用印")
        if self.state == "filed":
            yield self._filed()

    def _filed(self) -> Step:
        sealed = until(self._sealed, "the filed contract was not sealed")
        self.sealed = self.seller.browser.get(f"/v1/cases/{self.case_no}/contract.pdf").content
        if hashlib.sha256(self.sealed).hexdigest() != sealed["sha256"]:
            raise ValueError("the contract is not the sealed one")
        return Step("备案 filed", f"备案编号 {self._case['filing']['number']}，{len(self.sealed) // 1024} kB")

    def _sealed(self) -> dict[str, Any] | None:
        sealed: dict[str, Any] | None = self._case["filing"]["sealed"]
        return sealed

    def _register(self) -> Iterator[Step]:
        registry = self._registry()
        if self.state == "filed":
            line = until(lambda: self._line(registry), "the contract did not come to the registry")
            pdf = registry.get(f"/v1/registry/contracts/{line['data']['filing_number']}.pdf").content
            sha256 = hashlib.sha256(pdf).hexdigest()
            registry.post(f"/v1/cases/{self.case_no}/acknowledge-contract", {"sha256": sha256})
            yield Step("登记机构取件 registry pulls", f"{len(pdf) // 1024} kB，{sha256[:16]}…")
        registry.post(f"/v1/cases/{self.case_no}/registry-accept", {"reference": f"BDC{self.case_no}"})
        yield Step("受理转移登记 registry accepts", self.state)
        if not self.sealed and self.profile["filing"]["trigger"] == "registry_accept":
            yield self._filed()
        registry.post(f"/v1/cases/{self.case_no}/registry-done", {})
        yield Step("完成转移登记 transferred", self.state)

    def _registry(self) -> Browser:
        client, secret = self.stage.registry
        browser = Browser(self.stage.service_url)
        token = browser.form(
            "/v1/oauth/token", {"grant_type": "client_credentials"}, Authorization=_basic(client, secret)
        ).json
        return Browser(self.stage.service_url, {"Authorization": f"Bearer {token['access_token']}"})

    def _line(self, registry: Browser) -> dict[str, Any] | None:
        lines = registry.get("/v1/registry/feed", limit="100").json["items"]
        return next((line for line in lines if line["case_no"] == self.case_no), None)

    # what several steps need

    @property
    def _text_sha256(self) -> str:
        return str(self._case["text"]["fixed"]["sha256"])

    def _able(self, event: str) -> list[str]:
        rules = self.seller.browser.get(f"/v1/cities/{self.stage.city}").json["lifecycle"]
        return next((list(line["by"]) for line in rules if line["event"] == event), [])

    def _read_notices(self, client: Client, side: str, before: str) -> None:
        for notice in self._rules["entry"]["notices"]:
            if side in notice["sides"] and notice["before"] == before and not self._joins_reading(side):
                paper = client.paper(self.case_no, notice["template"])
                client.act(self.case_no, "read-notice", notice=notice["template"], sha256=paper["sha256"])

    def _joins_reading(self, side: str) -> bool:
        """A buyer who looks the case up has read before coming in."""
        return side == "buyer" and self._rules["entry"]["buyers"]["join"] == "lookup"

    def _city_notice(self, name: str) -> str:
        return str(self.buyer.browser.get(f"/v1/cities/{self.stage.city}/papers/{name}").json["sha256"])

    def _check_face(self, client: Client, side: str, purpose: str) -> None:
        for check in self.profile["people"]["checks"]:
            if check["purpose"] == purpose and side in check["sides"]:
                back = f"{self.stage.service_url}/v1/me"
                client.consent(self.case_no, "face")
                begun = client.act(self.case_no, "start-face-check", purpose=purpose, return_url=back)
                client.show_face(begun["answer"]["url"])
                client.act(self.case_no, "finish-face-check", purpose=purpose)

    def _some_paper(self) -> bytes:
        """A paper of the city as a stand-in for a scan: any clean PDF does."""
        return _blank_pdf(f"{self.case_no} 材料")


def _decided(answer: dict[str, Any]) -> str | None:
    """What the qualification office said; it may say so at once."""
    state = answer["case"]["papers"]["qualification"]["state"]
    return None if state == "applied" else str(state)


def _contact(client: Client) -> dict[str, str]:
    return {"phone": client.phone, "address": "示例市示例区示例路18号3栋602室", "postcode": "435000"}


def _identity(client: Client) -> dict[str, str]:
    who = client.identity
    return {name: who[name] for name in ("name", "id_type", "id_number", "region")}


def _strokes() -> dict[str, Any]:
    drawn: dict[str, Any] = json.loads(
        (files("qianshu.demo_data") / "strokes" / "buyer-1.json").read_text(encoding="utf-8")
    )
    return drawn


def _basic(client: str, secret: str) -> str:
    from base64 import b64encode  # noqa: PLC0415

    return f"Basic {b64encode(f'{client}:{secret}'.encode()).decode()}"


def _blank_pdf(text: str) -> bytes:
    from io import BytesIO  # noqa: PLC0415

    import pikepdf  # noqa: PLC0415

    sheet = pikepdf.new()
    sheet.add_blank_page(page_size=(595, 842))
    sheet.docinfo["/Title"] = text
    out = BytesIO()
    sheet.save(out, deterministic_id=True)
    return out.getvalue()
