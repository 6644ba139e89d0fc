"""Take over a contract that was filed elsewhere, to cancel it by notary (ZN-01, H-36).

What can be known of it: its bytes and their digest, whether its own signatures still fit them, who the parties are, the
house, and its filing number. Whose signatures they are is not judged: the service trusts no root of the other system.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass, replace
from datetime import datetime  # noqa: TC003 - read at run time by the ways in
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Final

from documents.uploads import take_in
from filing.acts.entry.buyers import BuyerInput  # noqa: TC001 - read at run time by the ways in
from filing.acts.entry.identify import ContactInput, contact_from, identified_from, refuse, share_from
from filing.acts.entry.opening import require_event
from filing.acts.entry.representing import handler_record, identified_of
from filing.acts.spec import ActDoc, ActSpec, FileInput, Upload
from filing.calendar import beijing_day
from filing.case.house import CheckedHouse, HouseBuilding, HouseRecord
from filing.case.people import CaseParty, OrganisationHead, PartyRole, Shares
from filing.case.text import FixedText, TextSource
from filing.engine.fire import fire
from filing.engine.outcome import Outcome
from filing.errors import FilingError, InputRefused
from filing.guards.people import id_findings
from filing.lifecycle import Event
from filing.profile import Actor, Guard, HouseUse, Restriction
from filing.profile.house import PropertyState
from identity.errors import CertificateNumberError
from identity.findings import refusals
from identity.numbers import folded, read_unit_number
from identity.subjects import PartyKind, Side
from signing.validation import Integrity, TrustAnchors, verify_file_guarded

if TYPE_CHECKING:
    from filing.acts.world import World
    from filing.engine.situation import Situation

__all__ = ["IMPORT_FILED", "FiledHouse", "FiledImport"]

NEW_HOUSE: Final = "商品房买卖合同"
"""What stands for a certificate: a house sold new has none yet."""


@dataclass(frozen=True, slots=True)
class FiledHouse:
    """The house, as the contract names it."""

    location: str
    """坐落."""

    unit_number: str | None = None
    """不动产单元号, where the contract has it."""

    floor_area: str | None = None
    """Square metres, two places."""

    design_use: str = "住宅"
    """As in the contract."""


@dataclass(frozen=True, slots=True)
class FiledImport:
    """A filed contract."""

    upload: Upload
    """The contract, PDF."""

    filing_number: str
    """备案编号."""

    filed_at: datetime
    """When it was filed; aware."""

    house: FiledHouse
    """What was sold."""

    purchasers: tuple[BuyerInput, ...]
    """Everybody who bought."""

    developer_contact: ContactInput
    """How the developer is reached."""

    developer_head: str
    """The developer's legal representative (ZN-20)."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What the file showed."""

    sha256: str
    """Digest of the contract, sealed among the case's files."""

    page_count: int
    """Pages."""

    signatures: int
    """Signatures in the file."""

    integrity: str
    """Whether it says what was signed; ``unsigned`` where nothing was."""

    house_key: str
    """Key of the house."""


def _check(situation: Situation, typed: FiledImport) -> None:
    require_event(situation, Event.IMPORT_FILED, frozenset({Guard.LOGGED_IN}))
    people = _parties(situation, typed)
    today = beijing_day(situation.now)
    found = [finding for party in people for finding in id_findings(situation.profile, party, today)]
    if refusals(found):
        raise InputRefused(refusals(found))
    if not typed.filing_number.strip() or typed.filed_at > situation.now:
        raise refuse("import.filing", "备案编号或者备案时间不正确", "filing number or time is wrong", "filing_number")
    _building(typed.house)
    _unit(typed.house)


def _parties(situation: Situation, typed: FiledImport) -> tuple[CaseParty, ...]:
    """The developer is whoever logged in as such, or whose handler did (H-36); purchasers are as in the contract."""
    person, today = situation.who.person, beijing_day(situation.now)
    if person is None:
        raise LookupError("only people import")
    developer = identified_of(person, situation.now)
    if developer.kind is PartyKind.PERSON:
        raise FilingError(
            "import.organisation", zh="须以开发企业或者其经办人身份登录", en="log in as the developer or its handler"
        )
    seller = CaseParty(
        "seller-1",
        Side.SELLER,
        PartyRole.SELLER,
        developer,
        contact_from(typed.developer_contact, "developer_contact"),
        on_title=True,
    )
    purchasers = tuple(
        CaseParty(
            f"buyer-{place}",
            Side.BUYER,
            PartyRole.BUYER,
            identified_from(each.identity, today, f"purchasers.{place - 1}.identity"),
            contact_from(each.contact, f"purchasers.{place - 1}.contact"),
            shares=Shares(held=share_from(each.share, f"purchasers.{place - 1}.share")),
        )
        for place, each in enumerate(typed.purchasers, start=1)
    )
    if not purchasers:
        raise refuse("buyers.count", "至少一名买受人", "one purchaser at least", "purchasers")
    return (seller, *purchasers)


def _gather(situation: Situation, typed: FiledImport, world: World) -> Imported:
    taken = take_in([typed.upload.content])
    if not typed.upload.content.startswith(b"%PDF-"):
        raise refuse("import.not_pdf", "请上传合同PDF文件", "the contract is a PDF", "upload")
    signatures, integrity = _signatures(typed.upload.content, situation.now)
    if integrity == Integrity.ALTERED.value:
        raise FilingError(
            "import.altered", zh="合同文件签名后被改动，不能采用", en="the file was altered after it was signed"
        )
    # The bytes that were filed, not the cleaned copy: the digest has to be the filed contract's own.
    sha256 = world.evidence.put(situation.case.case_no, typed.upload.content, "application/pdf")
    return Imported(sha256, taken.page_count, signatures, integrity, _house_key(situation, typed, world))


def _signatures(pdf: bytes, now: datetime) -> tuple[int, str]:
    with tempfile.TemporaryDirectory(prefix="import-") as folder:
        path = Path(folder) / hashlib.sha256(pdf).hexdigest()
        path.write_bytes(pdf)
        report = verify_file_guarded(path, trust=TrustAnchors(()), now=now)
    return len(report.signatures), report.integrity.value if report.signatures else "unsigned"


def _house_key(situation: Situation, typed: FiledImport, world: World) -> str:
    return world.house_key_of(situation.profile, _unit(typed.house) or folded(typed.house.location))


def _unit(house: FiledHouse) -> str | None:
    try:
        return None if house.unit_number is None else read_unit_number(house.unit_number).normalised
    except CertificateNumberError as error:
        raise refuse(error.code, error.zh, error.en, "house.unit_number") from error


def _building(house: FiledHouse) -> HouseBuilding:
    try:
        return HouseBuilding(floor_area=None if house.floor_area is None else Decimal(house.floor_area))
    except InvalidOperation as error:
        raise refuse("field.format", "面积格式不正确", "write the area as 118.64", "house.floor_area") from error


def _decide(situation: Situation, typed: FiledImport, seen: Imported) -> Outcome:
    case, parties = situation.case, _parties(situation, typed)
    person = situation.who.person
    record = HouseRecord(
        certificate_type=NEW_HOUSE,
        certificate_number=typed.filing_number.strip(),
        location=typed.house.location.strip(),
        unit_no=_unit(typed.house),
        building=_building(typed.house),
        design_use=typed.house.design_use,
    )
    checked = CheckedHouse(
        record,
        typed.filing_number.strip(),
        situation.now,
        frozenset({PropertyState.VALID}),
        HouseUse.UNCLEAR,
        Restriction.UNKNOWN,
        ("seller-1",),
        evidence_sha256=seen.sha256,
    )
    fixed = FixedText(1, seen.sha256, typed.filed_at, TextSource(seen.sha256, seen.page_count, ()))
    so_far = (
        Outcome(case)
        .with_case(
            people=replace(
                case.people,
                parties=parties,
                representations=() if person is None else handler_record(person, "seller-1", situation.now),
                heads=(OrganisationHead("seller-1", "法定代表人", typed.developer_head.strip()),),
            ),
            house=replace(case.house, checked=checked, key=seen.house_key),
            text=replace(case.text, version=1, fixed=fixed),
            filing=replace(case.filing, required=True, number=typed.filing_number.strip(), filed_at=typed.filed_at),
        )
        .noting(
            "contract.imported",
            sha256=seen.sha256,
            pages=seen.page_count,
            signatures=seen.signatures,
            integrity=seen.integrity,
            filing_number=typed.filing_number.strip(),
        )
    )
    return fire(situation, Event.IMPORT_FILED, so_far).answering(
        text_sha256=seen.sha256, signatures=seen.signatures, integrity=seen.integrity
    )


IMPORT_FILED: Final = ActSpec(
    name="import-filed",
    by=frozenset({Actor.DEVELOPER}),
    states=frozenset({None}),
    input=FiledImport,
    check=_check,
    gather=_gather,
    decide=_decide,
    file=FileInput.ONE,
    event=Event.IMPORT_FILED,
    doc=ActDoc(
        zh="导入已备案的商品房买卖合同（由开发企业经办人操作），以便办理电子公证注销。",
        en="Take over a filed new-house contract, by the developer's operator, so that it can be cancelled by notary.",
        example={
            "filing_number": "ZS2026000123",
            "filed_at": "2026-03-02T02:00:00Z",
            "house": {"location": "中山市东区示例路8号3栋1001房", "floor_area": "98.60"},
            "purchasers": [
                {
                    "identity": {"name": "沈书瑶", "id_type": "resident_id", "id_number": "420200199307080049"},
                    "contact": {"phone": "13900000003", "address": "中山市石岐街道示例路1号"},
                }
            ],
            "developer_contact": {"phone": "13900000011", "address": "中山市东区示例路8号"},
            "developer_head": "欧阳听雨",
        },
        errors=("input.refused", "import.organisation", "import.altered", "import.not_pdf", "upload.refused"),
    ),
    rules=("ZN-01", "ZN-20", "H-36"),
)
"""A filed contract is taken over."""
