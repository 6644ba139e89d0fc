"""A package as its office opens it, and what the office makes of it: the words of the certificate, and everything that
goes back with it (ZN-20).
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pikepdf

from qianshu.demo.notary.photos import scan
from qianshu.demo_data.notary_office import AgreementNotarised
from qianshu.demo_data.notary_papers import ContractNotarised

if TYPE_CHECKING:
    from datetime import date

__all__ = ["Package", "about_agreement", "about_contract", "returned_parts"]


@dataclass(frozen=True, slots=True)
class Package:
    """A package that was pulled and found good."""

    case_no: str
    """Of which case."""

    number: int
    """Which."""

    complete: bool
    """Whether it holds what the applicants handed in."""

    content: bytes
    """The container."""

    names: tuple[str, ...]
    """Files in it."""

    @property
    def sha256(self) -> str:
        """SHA-256, hex."""
        return hashlib.sha256(self.content).hexdigest()

    def file(self, name: str) -> bytes:
        """One file of it."""
        with zipfile.ZipFile(io.BytesIO(self.content)) as opened:
            return opened.read(name)

    def described(self) -> dict[str, Any]:
        """``package.json``."""
        told: dict[str, Any] = json.loads(self.file("package.json"))
        return told


def about_contract(package: Package, number: str, day: date) -> ContractNotarised:
    """What the certificate says of the contract in a package: of the text that everybody signed by hand."""
    with pikepdf.open(io.BytesIO(package.file("contract/contract.pdf"))) as opened:
        text = bytes(opened.attachments["text.pdf"].get_file().read_bytes())
    people = tuple((one["name"], f"证件号码：{one['id_number']}") for one in package.described()["parties"])
    return ContractNotarised(number, day, package.case_no, hashlib.sha256(text).hexdigest(), people)


def about_agreement(package: Package, number: str, day: date) -> AgreementNotarised:
    """What the certificate says of the agreement in a package."""
    told = package.described()
    parties = told["parties"]
    seller = next(party for party in parties if party["side"] == "seller")
    buyers = [party for party in parties if party["side"] == "buyer"]
    return AgreementNotarised(
        number=number,
        dated=day,
        case_no=package.case_no,
        sha256=hashlib.sha256(package.file("papers/termination_agreement.pdf")).hexdigest(),
        seller=(seller["name"], seller["id_number"]),
        buyers=tuple((party["name"], f"证件号码：{party['id_number']}") for party in buyers),
        house=told["house"]["location"],
    )


def returned_parts(package: Package, certificate: bytes) -> dict[str, bytes]:
    """The certificate, and what goes back with it."""
    parts = {
        "certificate.pdf": certificate,
        "contract.pdf": package.file("contract/contract.pdf"),
        "seller_licence.jpg": _licence(package),
        "legal_rep_id_front.jpg": scan("姓名 欧阳听雨", "公民身份号码 442000197203040326"),
        "legal_rep_id_back.jpg": scan("中华人民共和国居民身份证", "签发机关 示例市公安局"),
    }
    for name in package.names:
        folder, _, file = name.rpartition("/")
        if folder.startswith("applicants/") and file.startswith(("id_front.", "id_back.")):
            parts[f"{folder.removeprefix('applicants/')}_{file}"] = package.file(name)
    return parts


def _licence(package: Package) -> bytes:
    seller = next(party for party in package.described()["parties"] if party["side"] == "seller")
    return scan("营业执照", seller["name"], f"统一社会信用代码 {seller['id_number']}")
