"""Well-formed answers that do not answer the question, one lie at a time; each starts from a true answer."""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import msgspec
import pytest

from filing.outside import (
    ELicenceKind,
    FiledContract,
    HouseQuery,
    LicenceAuthorisation,
    OutsideAnswerWrong,
    QualificationApplication,
    SupervisionRequest,
    UseCategoryQuestion,
)
from gateways.bank import HttpSupervisionBank
from gateways.e_licences import HttpELicences
from gateways.endpoint import Endpoint, Surroundings
from gateways.face import HttpFaceCheck
from gateways.http import HttpAdapter
from gateways.land_register import HttpLandRegister
from gateways.qualification import HttpQualificationOffice
from gateways.recipients import HttpContractRecipients
from gateways.use_category import HttpUseCategoryOffice
from sandbox.land_register import as_registered
from sandbox.options import SandboxOptions
from sandbox.world import World
from tests.builders.lying_server import always_answering
from tests.builders.sandbox import NOW, RETURN_URL, sandbox_house, sandbox_person

AT = "2026-11-20T02:00:00Z"
WORLD = World(SandboxOptions(clock=lambda: NOW))
PDF = b"%PDF"
DIGEST = hashlib.sha256(PDF).hexdigest()


def house(house_id: str) -> Any:
    return msgspec.json.decode(msgspec.json.encode(as_registered(WORLD, WORLD.houses.named(house_id))))


def who(person_id: str) -> dict[str, str]:
    person = WORLD.people[person_id]
    return {"name": person.name, "id_type": person.id_type, "id_number": person.id_number}


OWNER, BUYER = sandbox_person("lin-haitao"), sandbox_person("xu-zixuan")
NUMBER = sandbox_house("sz-shenshan").title.certificate_number
APPLICATION = QualificationApplication("shenzhen", "C1", BUYER, NUMBER)
QUESTION = UseCategoryQuestion("shenzhen", "C1", NUMBER, "莲花路", "商务公寓")
LEAVE = LicenceAuthorisation("0" * 64, NOW, "C1", (ELicenceKind.IDENTITY,))
SUPERVISION = SupervisionRequest("zhongshan", "CCB", "C1", Decimal("2850000.00"), (OWNER,), (BUYER,), RETURN_URL)
CONTRACT = FiledContract("huangshi", "C1", "F1", NOW, PDF, DIGEST, {})
QUERY = HouseQuery(
    "shenzhen",
    certificate_number=NUMBER,
    region="深汕合作区",
    unit_number=sandbox_house("sz-shenshan").title.unit_number,
    owner_name=OWNER.name,
    owner_id_number=OWNER.number.normalised,
)


@dataclass(frozen=True)
class Asked:
    """A question and its true answer."""

    adapter: Callable[[Endpoint, Surroundings], HttpAdapter]
    ask: Callable[[Any], object]
    truth: Any


QUALIFIED = {
    "code": "Q1",
    "case_number": "C1",
    "buyer_id_type": BUYER.number.type.value,
    "buyer_id_number": BUYER.number.normalised,
    "certificate_number": NUMBER,
    "state": "passed",
    "reason": None,
    "decided_at": AT,
}
DECIDED = {
    "ref": "U1",
    "case_number": "C1",
    "certificate_number": NUMBER,
    "state": "decided",
    "asked_at": AT,
    "use_category": "residential",
    "restriction": "restricted",
    "decided_at": AT,
}
SUPERVISED = {
    "ref": "B1",
    "case_number": "C1",
    "amount": "2850000.00",
    "bank": "CCB",
    "way": "online_redirect",
    "state": "awaiting_parties",
    "url": "https://bank.example/B1",
    "branches": [],
    "account_number": None,
    "opened_at": None,
}
OPENED = {**SUPERVISED, "state": "opened", "url": None, "account_number": "440012345678", "opened_at": AT}
FACE = {
    "ref": "F1",
    **who("lin-haitao"),
    "purpose": "open",
    "outcome": "passed",
    "comparison_ref": "cmp-1",
    "decided_at": AT,
    "expires_at": AT,
}
LICENCE = {
    "kind": "identity",
    "number": "L1",
    "issuer": "某市公安局",
    "issued_on": "2020-01-02",
    "expires_on": None,
    "media_type": "application/pdf",
    "content_base64": "JVBERg==",
    "sha256": DIGEST,
    "holder": who("lin-haitao"),
}
RECEIVED = {
    "recipient": "tax",
    "ref": "R1",
    "received_at": AT,
    "case_number": "C1",
    "filing_number": "F1",
    "pdf_sha256": DIGEST,
}
TITLES = {
    "number": "CX1",
    "city": "shenzhen",
    **who("lin-haitao"),
    "state": "ready",
    "asked_at": AT,
    "titles": [
        {
            "business_type": "存量房转移登记",
            "result_type": "不动产登记",
            "certificate_number": NUMBER,
            "floor_area": "98.60",
            "registered_at": AT,
            "status": "现势",
            "house": house("sz-shenshan"),
        }
    ],
}


def tax(endpoint: Endpoint, around: Surroundings) -> HttpAdapter:
    return HttpContractRecipients(endpoint, ("tax",), around)


QUESTIONS: dict[str, Asked] = {
    "face": Asked(HttpFaceCheck, lambda port: port.result("F1", OWNER, "open"), FACE),
    "face start": Asked(
        HttpFaceCheck,
        lambda port: port.start(OWNER, "open", RETURN_URL),
        {"ref": "F1", "url": "https://face.example/F1", "expires_at": AT},
    ),
    "house": Asked(HttpLandRegister, lambda port: port.find(QUERY), {"houses": [house("sz-shenshan")]}),
    "titles": Asked(HttpLandRegister, lambda port: port.own_titles("shenzhen", "CX1", OWNER), TITLES),
    "qualification": Asked(HttpQualificationOffice, lambda port: port.state("Q1", APPLICATION), QUALIFIED),
    "void": Asked(HttpQualificationOffice, lambda port: port.void("Q1", APPLICATION), {**QUALIFIED, "state": "voided"}),
    "use": Asked(HttpUseCategoryOffice, lambda port: port.answer("U1", QUESTION), DECIDED),
    "licence": Asked(HttpELicences, lambda port: port.fetch(OWNER, LEAVE), {"licences": [LICENCE]}),
    "bank": Asked(HttpSupervisionBank, lambda port: port.state("B1", SUPERVISION), SUPERVISED),
    "bank opened": Asked(HttpSupervisionBank, lambda port: port.state("B1", SUPERVISION), OPENED),
    "push": Asked(tax, lambda port: port.push("tax", CONTRACT), RECEIVED),
}

OTHER = who("sun-bo")
LIES: list[tuple[str, str, str, object]] = [
    ("face", "other_reference", "ref", "F2"),
    ("face", "other_person", "id_number", OTHER["id_number"]),
    ("face", "other_person", "id_type", "resident_id_15"),
    ("face", "other_purpose", "purpose", "sign"),
    ("face", "undecided", "comparison_ref", None),
    ("face", "undecided", "comparison_ref", ""),
    ("face", "undecided", "decided_at", None),
    ("face", "reference", "comparison_ref", "../x"),
    ("face start", "address", "url", "javascript:alert(1)"),
    ("face start", "reference", "ref", "a/b"),
    ("house", "other_house", "houses.0.city", "zhongshan"),
    ("house", "other_house", "houses.0.title.region", "深圳市"),
    ("house", "other_house", "houses.0.title.certificate_number", "粤(2021)深圳市不动产权第0199999号"),
    ("house", "other_house", "houses.0.title.unit_number", "440304001002GB00001F00010001"),
    ("house", "other_house", "houses.0.title.unit_number", None),
    ("house", "other_house", "houses.0.owners.0.name", "孙博"),
    ("house", "other_house", "houses.0.owners.0.id_number", OTHER["id_number"]),
    ("house", "other_house", "houses", [house("sz-shenshan"), house("sz-sole")]),
    ("titles", "other_reference", "number", "CX2"),
    ("titles", "other_person", "id_number", OTHER["id_number"]),
    ("titles", "state", "city", "zhongshan"),
    ("titles", "state", "state", "pending"),
    ("titles", "other_house", "titles.0.house", house("sz-blacklisted")),
    ("titles", "other_house", "titles.0.house.city", "zhongshan"),
    ("qualification", "other_reference", "code", "Q2"),
    ("qualification", "other_person", "buyer_id_number", OTHER["id_number"]),
    ("qualification", "other_case", "case_number", "C2"),
    ("qualification", "other_house", "certificate_number", "深房地字第3000123号"),
    ("qualification", "state", "decided_at", None),
    ("void", "state", "state", "passed"),
    ("use", "other_reference", "ref", "U2"),
    ("use", "other_case", "case_number", "C2"),
    ("use", "other_house", "certificate_number", "深房地字第3000123号"),
    ("use", "undecided", "use_category", "unclear"),
    ("use", "undecided", "use_category", None),
    ("use", "undecided", "restriction", "unknown"),
    ("use", "undecided", "decided_at", None),
    ("use", "state", "state", "pending"),
    ("licence", "other_person", "licences.0.holder.id_number", OTHER["id_number"]),
    ("licence", "other_kind", "licences.0.kind", "marriage"),
    ("licence", "digest", "licences.0.sha256", "0" * 64),
    ("licence", "content", "licences.0.content_base64", "no base64"),
    ("licence", "garbage", "licences.0.media_type", "text/html"),
    ("licence", "reference", "licences.0.number", "../x"),
    ("bank", "other_reference", "ref", "B2"),
    ("bank", "other_case", "case_number", "C2"),
    ("bank", "other_case", "bank", "RCB"),
    ("bank", "other_amount", "amount", "2850000.01"),
    ("bank", "address", "url", None),
    ("bank", "address", "url", "javascript:alert(1)"),
    ("bank", "state", "account_number", "440012345678"),
    ("bank", "state", "opened_at", AT),
    ("bank opened", "state", "account_number", None),
    ("bank opened", "state", "opened_at", None),
    ("push", "other_recipient", "recipient", "registry"),
    ("push", "other_case", "case_number", "C2"),
    ("push", "other_case", "filing_number", "F2"),
    ("push", "digest", "pdf_sha256", "0" * 64),
]


def answered(name: str, answer: Any) -> object:
    asked = QUESTIONS[name]
    with always_answering(answer) as url:
        adapter = asked.adapter(Endpoint(url, "credential", tries=1), Surroundings(clock=lambda: NOW))
        try:
            return asked.ask(adapter)
        finally:
            adapter.close()


def changed(truth: Any, path: str, value: object) -> Any:
    lie = copy.deepcopy(truth)
    *parents, last = [int(part) if part.isdigit() else part for part in path.split(".")]
    place = lie
    for parent in parents:
        place = place[parent]
    place[last] = value
    return lie


@pytest.mark.parametrize("name", QUESTIONS)
def test_the_truth_is_believed(name: str) -> None:
    assert answered(name, QUESTIONS[name].truth)


@pytest.mark.parametrize(
    ("name", "reason", "path", "value"), LIES, ids=[f"{name}-{path}-{reason}" for name, reason, path, _ in LIES]
)
def test_a_lie_is_named_and_not_believed(name: str, reason: str, path: str, value: object) -> None:
    with pytest.raises(OutsideAnswerWrong) as caught:
        answered(name, changed(QUESTIONS[name].truth, path, value))
    assert caught.value.reason == reason
