"""A notary office that does not exist: it makes papers as an office would and signs them with its own certificate.

For the demos and for tests: 公证书, decisions of 公证法 art. 39, notarised mandates, and the bundle that goes back
(ZN-20). Everything about it is invented; nothing it makes proves anything.
"""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from documents.fonts import default_fonts
from documents.typesetting import Attachment, Manuscript, typeset
from notary.certificates.attachment import ATTACHMENT
from notary.offices import NotaryOffice, OfficeCertificate
from qianshu.demo_data.notary_papers import AgreementNotarised, OfficePaper, agreement_paper, chinese_date
from qianshu.demo_data.notary_pki import make_pki
from signing.appearance import SealFace, load_typeface, service_seal_appearance
from signing.pades import FieldSignature, archive_timestamp, certify, sign_field

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from documents.typesetting import TypesetPdf
    from qianshu.demo_data.notary_pki import NotaryPki, OfficeSigner
    from signing.appearance import Typeface

__all__ = ["AgreementNotarised", "DemoOffice", "demo_contract_office", "demo_office", "returned_bundle"]

NOTARY: Final = "陈静宜"
"""公证员."""

TEMPLATE: Final = Path(__file__).with_name("notary_certificate.typ")


@dataclass(frozen=True, slots=True)
class DemoOffice:
    """An office: its authority, its key, and itself as the bureau has it on its list."""

    pki: NotaryPki
    """Who certifies it, and its time-stamps."""

    signer: OfficeSigner
    """Its seal's certificate."""

    notary_signer: OfficeSigner
    """The notary's own, with which the text is fixed: 公证法 art. 32 asks for notary and office."""

    record: NotaryOffice
    """On the bureau's list."""

    def certificate(self, about: AgreementNotarised, now: datetime) -> bytes:
        """公证书 about a termination agreement, signed at B-LTA."""
        return self.signed(agreement_paper(about), now)

    def signed(self, paper: OfficePaper, now: datetime, signer: OfficeSigner | None = None) -> bytes:
        """Certified, sealed in its field, at B-LTA: revocation data and one archive time-stamp over all."""
        return self.archived(self.sealed(self.typeset(paper, now), now, signer), now)

    def typeset(self, paper: OfficePaper, now: datetime) -> TypesetPdf:
        """The paper set, not signed."""
        data: dict[str, object] = {
            "title": paper.title,
            "number": paper.number,
            "applicants": [list(each) for each in paper.applicants],
            "matter": paper.matter,
            "paragraphs": list(paper.paragraphs),
            "subject": [list(each) for each in paper.subject],
            "office": self.record.name,
            "office_full": f"中华人民共和国{self.record.name}",
            "notary": NOTARY,
            "date": chinese_date(paper.dated),
        }
        attached = None
        if paper.data is not None:
            content = json.dumps(paper.data, ensure_ascii=False, indent=1).encode()
            attached = Attachment(ATTACHMENT, content, "application/json", "公证书数据")
        return typeset(Manuscript(TEMPLATE, f"{paper.title} {paper.number}", data, now, attached))

    def sealed(self, paper: TypesetPdf, now: datetime, signer: OfficeSigner | None = None) -> bytes:
        """Certified and sealed at B-T."""
        return self.seal(self.certified(paper, now, signer), paper, now, signer)

    def certified(self, paper: TypesetPdf, now: datetime, signer: OfficeSigner | None = None) -> bytes:
        """Its text fixed (DocMDP), the seal's field still empty."""
        sink = io.BytesIO()
        fixing = FieldSignature("service-certification", signer or self.notary_signer, now, "出具公证书", None)
        certify(io.BytesIO(paper.pdf), sink, paper.boxes, fixing, self.pki.timestamper(now))
        return sink.getvalue()

    def seal(self, pdf: bytes, paper: TypesetPdf, now: datetime, signer: OfficeSigner | None = None) -> bytes:
        """With the seal in its field."""
        sink = io.BytesIO()
        (box,) = paper.boxes
        width, height = box.rect[2] - box.rect[0], box.rect[3] - box.rect[1]
        look = service_seal_appearance(SealFace(self.record.name, "", ""), width, height, _typeface())
        sealing = FieldSignature(box.name, signer or self.signer, now, "加盖公证处印章", look)
        sign_field(io.BytesIO(pdf), sink, sealing, self.pki.timestamper(now))
        return sink.getvalue()

    def archived(self, pdf: bytes, now: datetime) -> bytes:
        """Up to B-LTA."""
        sink = io.BytesIO()
        archive_timestamp(io.BytesIO(pdf), sink, self.pki.revocation(now), self.pki.timestamper(now))
        return sink.getvalue()


def demo_office(
    now: datetime, name: str = "广东省中山市石岐公证处", code: str = "粤中石岐", pki: NotaryPki | None = None
) -> DemoOffice:
    """An office, with an authority of its own where none is given."""
    pki = pki or make_pki(now)
    seal, notary = (pki.office_signer(each, now) for each in (name, f"{name} 公证员 {NOTARY}"))
    record = NotaryOffice(
        office_id=f"office-{hashlib.sha256(name.encode()).hexdigest()[:8]}",
        name=name,
        code=code,
        region_codes=("442000",),
        certificates=tuple(OfficeCertificate(each.der, each.chain_der) for each in (seal, notary)),
        made_at=now,
    )
    return DemoOffice(pki, seal, notary, record)


def demo_contract_office(now: datetime) -> DemoOffice:
    """An office in Shenzhen, where contracts of people from abroad are certified (SZ-80)."""
    office = demo_office(now, "广东省深圳市莲花公证处", "粤深莲花")
    return replace(office, record=replace(office.record, region_codes=("440300",)))


def returned_bundle(parts: Mapping[str, bytes]) -> bytes:
    """The ZIP that goes back, its parts by their names (ZN-20)."""
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return sink.getvalue()


@cache
def _typeface() -> Typeface:
    fonts = default_fonts()
    return load_typeface(fonts.body, fonts.rare)
