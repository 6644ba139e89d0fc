"""A matter before a notary as it goes out: first with papers only, then with everything two purchasers did.

What they did they did through the acts; contract and papers are named by their digests and say their own names.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from filing.case.notary import AgreementSigned, MatterPaper, NotaryState, PackageVersion, Supplement, SupplementItem
from filing.profile.cancelling import NotaryStep
from notary.ports import KeptFile
from tests.builders.applicants import Applicants, applicants, sha
from tests.builders.cases import BUYER, FOREIGNER, profile
from tests.builders.keyring import NOW
from tests.builders.termination import CITY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, BinaryIO

    from notary.package import PackagePlan

__all__ = ["JOURNAL", "KeptInMemory", "first_push", "handed_in", "kept_by", "planned"]

CLAIMED = (("buyer-1", "principal"), ("buyer-2", "principal"))

JOURNAL = (
    b'{"at":"2026-11-21T08:00:00+00:00","data":{"case_no":"2026112100001"},"event":"case.imported","seq":1}\n'
    + b"".join(
        b'{"at":"2026-11-21T08:01:00+00:00","data":{"by":"%s","matter":1,"party":"%s"},"event":"notary.claimed","seq":%d}\n'
        % (by.encode(), party.encode(), seq)
        for seq, (party, by) in enumerate(CLAIMED, 2)
    )
)
"""Lines as of a journal; their chain is not looked at here."""

CONTRACT = b"the contract"


@dataclass
class KeptInMemory:
    """:class:`notary.ports.KeptFiles`; ``closed`` counts files that were opened and closed again."""

    contents: dict[str, bytes] = field(default_factory=dict)
    closed: int = 0

    def add(self, content: bytes) -> str:
        sha256 = hashlib.sha256(content).hexdigest()
        self.contents[sha256] = content
        return sha256

    def facts(self, _: str, sha256: str) -> KeptFile:
        content = self.contents[sha256]
        return KeptFile(sha256, zlib.crc32(content), len(content), "application/octet-stream")

    @contextmanager
    def open(self, _: str, sha256: str) -> Iterator[BinaryIO]:
        yield io.BytesIO(self.contents[sha256])
        self.closed += 1


def first_push(**changes: Any) -> Applicants:
    """Papers were generated, package 1 was ordered; nobody has done anything yet."""
    office = applicants(BUYER, FOREIGNER, **changes)
    fixed = office.case.text.fixed
    assert fixed is not None
    text = replace(office.case.text, fixed=replace(fixed, sha256=hashlib.sha256(CONTRACT).hexdigest()))
    office.case = replace(office.case, text=text)
    cancel_form = MatterPaper("cancel_form", sha("cancel_form"), 2)
    ordered = PackageVersion(1, complete=False, ordered_at=NOW)
    office.change(
        papers=(*office.matter.papers, cancel_form),
        state=NotaryState.QR_RETURNED,
        exchange=replace(office.matter.exchange, packages=(ordered,)),
    )
    return office


def handed_in(**changes: Any) -> Applicants:
    """Both purchasers are done, all have signed, a supplement was answered, package 2 was ordered."""
    office = first_push(**changes)
    office.phone(BUYER, "buyer-1").walk()
    office.phone(FOREIGNER, "buyer-2").walk()
    agreement = office.matter.agreement
    assert agreement is not None
    signed = tuple(
        AgreementSigned(party, office.now, sha(f"agreement signed by {party}"))
        for party in ("seller-1", "buyer-1", "buyer-2")
    )
    asked = Supplement(
        NOW, "clerk", (SupplementItem("照片模糊", "buyer-1", NotaryStep.UPLOAD_ID_PHOTOS),), answered_at=office.now
    )
    packages = (*office.matter.exchange.packages, PackageVersion(2, complete=True, ordered_at=office.now))
    office.change(
        state=NotaryState.SUBMITTED,
        agreement=replace(agreement, signed=signed, head_sha256=signed[-1].sha256),
        tasks=tuple(replace(task, submitted_at=office.now + timedelta(minutes=1)) for task in office.matter.tasks),
        exchange=replace(office.matter.exchange, packages=packages, supplements=(asked,)),
    )
    return office


def kept_by(office: Applicants) -> KeptInMemory:
    """Everything the matter names, as it is kept."""
    kept = KeptInMemory()
    kept.add(CONTRACT)
    for said in ("termination_agreement", "notary_application", "notary_notice", "acceptance_record", "cancel_form"):
        kept.add(said.encode())
    kept.add(b"agreement signed by buyer-2")
    for content in office.files.kept.values():
        kept.add(content)
    for _, content in office.uploads.waiting.values():
        kept.add(content)
    return kept


def planned(office: Applicants, number: int, journal: bytes = JOURNAL) -> PackagePlan:
    """The plan of one of its packages."""
    from notary.package import plan_package  # noqa: PLC0415 - builders of others import this module without planning

    return plan_package(profile(CITY), office.case, office.matter, number, journal)
