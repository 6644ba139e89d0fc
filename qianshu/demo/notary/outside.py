"""What people bring along from outside, made for whoever tries the service out (``sandbox.papers.PaperMaker``): the
contract of another system, photos, a recording, and what the notary office returns.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

import msgspec

from qianshu.demo.notary.filed_contract import make_filed_contract
from qianshu.demo.notary.photos import photo
from qianshu.demo.notary.recording import make_video, tools_missing
from qianshu.demo.notary.returned import Package, about_agreement, about_contract, returned_parts
from qianshu.demo_data.notary_office import demo_office, returned_bundle
from qianshu.demo_data.notary_papers import contract_paper, decision_paper
from sandbox.papers import FiledElsewhere, PaperError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import date, datetime
    from pathlib import Path

    from qianshu.demo_data.notary_office import AgreementNotarised, DemoOffice
    from sandbox.people import Person

__all__ = ["OutsidePapers"]

CONTRACT: Final = "contract"
"""Purpose of a matter in which a contract is certified before it is filed."""

BEIJING: Final = timedelta(hours=8)

NOT_A_PACKAGE: Final = (
    "这不是材料包：请从工作台下载最新材料包（.asice） not a package: download the newest one from the desk"
)
NOT_COMPLETE: Final = (
    "材料包中还没有买受人的材料：请待全部买受人提交后下载新的材料包"
    " nothing of the purchasers is in it yet: download the one that was built after they handed in"
)


@dataclass(frozen=True, slots=True)
class OutsidePapers:
    """Makes them, with an office of its own."""

    folder: Path
    """Keys of the other system, and the last recording."""

    clock: Callable[[], datetime]
    """Now."""

    office: DemoOffice
    """The office; the bureau has its certificates on the list."""

    contract_office: DemoOffice | None = None
    """Another, for contracts before they are filed (SZ-80)."""

    def filed_contract(self, developer: Person, purchasers: Sequence[Person]) -> FiledElsewhere:
        """A contract of a new house between these."""
        people = [msgspec.to_builtins(each) for each in (developer, *purchasers)]
        made = make_filed_contract(self.folder / "elsewhere", people[0], people[1:], self.clock())
        filed_on = (made.filed_at + BEIJING).date()
        return FiledElsewhere(made.pdf, made.filing_number, filed_on, made.location, made.floor_area)

    def document_photo(self, person: Person, side: str) -> bytes:
        """A photo of somebody's document."""
        if side == "back":
            return photo("签发机关 示例出入境管理局", "有效期限 2024.01.01-2034.01.01")
        return photo(f"姓名 {person.name}", f"证件号码 {person.id_number}", held=side == "held")

    def film(self) -> bytes | None:
        """A recording, where ffmpeg is."""
        if tools_missing():
            return None
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        return make_video(self.folder / "recording.mp4")

    def certificate_bundle(self, package: bytes, number: str, day: date, kind: str) -> bytes:
        """Certify what is in the package; ``kind`` says what is wrong with it, if anything shall be."""
        opened = _opened(package)
        if opened.described()["matter"]["purpose"] == CONTRACT:
            return self._contract_bundle(opened, (number, day), kind)
        about, office = about_agreement(opened, number, day), self.office
        if kind == "key":
            office = demo_office(self.clock())
        return returned_bundle(returned_parts(opened, office.certificate(_spoilt(about, kind), self.clock())))

    def _contract_bundle(self, package: Package, stated: tuple[str, date], kind: str) -> bytes:
        """The contract in it, certified by the office that does that."""
        office, about = self.contract_office or self.office, about_contract(package, *stated)
        if kind == "key":
            office = demo_office(self.clock())
        if kind == "digest":
            about = replace(about, sha256=hashlib.sha256(b"another file").hexdigest())
        if kind == "parties":
            about = replace(about, parties=about.parties[:-1])
        certificate = office.signed(contract_paper(about), self.clock())
        return returned_bundle({"certificate.pdf": certificate, "contract.pdf": package.file("contract/contract.pdf")})

    def decision(self, kind: str, number: str, day: date) -> bytes:
        """A decision about the certificate of this number."""
        return self.office.signed(
            decision_paper(kind, number.replace("第", f"{kind[0]}字第", 1), number, day), self.clock()
        )


def _spoilt(about: AgreementNotarised, kind: str) -> AgreementNotarised:
    if kind == "digest":
        return replace(about, sha256=hashlib.sha256(b"another file").hexdigest())
    if kind == "parties":
        return replace(about, buyers=about.buyers[:-1])
    return about


def _opened(content: bytes) -> Package:
    """A package as its own words describe it. Raises ``PaperError``."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as container:
            names = tuple(container.namelist())
            told: dict[str, Any] = json.loads(container.read("package.json"))
        package = Package(
            told["case"]["case_no"], told["package"]["number"], told["package"]["complete"], content, names
        )
    except (zipfile.BadZipFile, KeyError, ValueError) as error:
        raise PaperError(NOT_A_PACKAGE) from error
    if told["matter"]["purpose"] != CONTRACT and not package.complete:
        raise PaperError(NOT_COMPLETE)
    return package
