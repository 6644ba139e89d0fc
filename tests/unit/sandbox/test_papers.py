"""Papers from outside: a page of forms, whose makers are told from outside."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import httpx
import pytest

from qianshu.service.sandboxed import serve_in_thread
from sandbox.app import create_app
from sandbox.options import SandboxOptions
from sandbox.papers import FiledElsewhere, PaperError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from sandbox.people import Person

NUMBER = "（2026）粤中石岐第001234号"
ASKED = {"number": NUMBER, "day": "2026-11-21", "kind": "good"}


class Maker:
    """Says what it was asked for, in bytes."""

    def filed_contract(self, developer: Person, purchasers: Sequence[Person]) -> FiledElsewhere:
        pdf = "、".join(each.name for each in (developer, *purchasers)).encode()
        return FiledElsewhere(pdf, "ZS2026", date(2026, 5, 5), "<中山市>", "98.60")

    def document_photo(self, person: Person, side: str) -> bytes:
        return f"{person.name} {side}".encode()

    def film(self) -> bytes | None:
        return None

    def certificate_bundle(self, package: bytes, number: str, day: date, kind: str) -> bytes:
        if package != b"package":
            raise PaperError("这不是材料包")
        return f"{number} {day} {kind}".encode()

    def decision(self, kind: str, number: str, day: date) -> bytes:
        return f"{kind} {number} {day}".encode()


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    with serve_in_thread(create_app(SandboxOptions(papers=Maker()))) as url, httpx.Client(base_url=url) as made:
        yield made


def test_the_front_page_leads_there_and_every_form_is_on_it(client: httpx.Client) -> None:
    assert "sandbox/papers" in client.get("/").text
    page = client.get("/sandbox/papers").text
    assert page.count("<form") == 3
    assert "黄嘉豪" in page


def test_a_contract_is_made_told_and_kept(client: httpx.Client) -> None:
    asked = {"developer": "org-cuiheng", "purchaser": ["huang-jiahao", "chan-kaming"]}
    told = client.post("/sandbox/papers/contract", data=asked).text
    assert "&lt;中山市&gt;" in told, "what is told is no markup"
    pdf = client.get("/sandbox/papers/contract/ZS2026.pdf").content.decode()
    assert pdf == "中山翠亨房地产开发有限公司、黄嘉豪、陈家明"
    assert client.get("/sandbox/papers/contract/other.pdf").status_code == 404
    assert client.post("/sandbox/papers/contract", data={"developer": "org-cuiheng"}).status_code == 422


def test_an_office_makes_its_bundle_and_its_decision(client: httpx.Client) -> None:
    bundle = client.post("/sandbox/papers/bundle.zip", data=ASKED, files={"package": ("p.asice", b"package")})
    assert bundle.content.decode() == f"{NUMBER} 2026-11-21 good"
    assert "attachment" in bundle.headers["content-disposition"]
    refused = client.post("/sandbox/papers/bundle.zip", data=ASKED, files={"package": ("p.asice", b"other")})
    assert refused.status_code == 422
    assert "这不是材料包" in refused.text
    decision = client.post("/sandbox/papers/decision.pdf", data={**ASKED, "kind": "撤销"})
    assert decision.content.decode() == f"撤销 {NUMBER} 2026-11-21"


@pytest.mark.parametrize("wrong", [{"number": " "}, {"day": "today"}, {"kind": "other"}])
def test_what_is_not_said_is_asked_for(client: httpx.Client, wrong: dict[str, str]) -> None:
    said = {**ASKED, **wrong}
    assert client.post("/sandbox/papers/bundle.zip", data=said, files={"package": ("p", b"")}).status_code == 422


def test_photos_and_films(client: httpx.Client) -> None:
    assert client.get("/sandbox/papers/photo/chan-kaming/held.jpg").content.decode() == "陈家明 held"
    assert client.get("/sandbox/papers/photo/chan-kaming/other.jpg").status_code == 404
    assert client.get("/sandbox/papers/recording.mp4").status_code == 404


def test_a_sandbox_alone_makes_none() -> None:
    with serve_in_thread(create_app()) as url:
        assert "qianshu serve" in httpx.get(f"{url}/sandbox/papers").text
        assert httpx.get(f"{url}/sandbox/papers/photo/chan-kaming/held.jpg").status_code == 404
