"""A desk and contracts in memory for measuring: real keys, the real time-stamp authority, nothing on the network."""

from __future__ import annotations

import io
import json
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from documents.contract import parse_terms, render_contract
from documents.fonts import default_fonts
from signing.appearance import FilingMark, PartyMark, filing_stamp_appearance, load_typeface, party_appearance
from signing.ink import parse_handwriting
from signing.keys import AuthorityNames, PartySubject, init_keys, load_keys, one_time_signer
from signing.pades import CERTIFICATION_FIELD, FieldSignature, archive_timestamp, certify, sign_field
from signing.revocation import KeyRingRevocation
from signing.time import LocalTransport, TimeStampAuthority, TimeStampClient, TimeStampTrust

if TYPE_CHECKING:
    from documents.boxes import FieldBox
    from documents.contract import ContractTerms
    from signing.appearance import Appearance, Typeface
    from signing.keys import KeyRing
    from signing.ports import Signer, TimeStampToken

CASE_NO = "2026112100001"
PASSPHRASE = b"only for measuring, never stored"
PEOPLE = {"seller": "出卖人", "buyer": "买受人"}


@dataclass(frozen=True, slots=True)
class Desk:
    keys: KeyRing
    authority: TimeStampAuthority
    client: TimeStampClient
    typeface: Typeface

    def stamp(self, digest: bytes) -> TimeStampToken:
        return self.client.stamp(digest, clock())


def clock() -> datetime:
    return datetime.now(UTC)


@cache
def desk() -> Desk:
    folder = Path(tempfile.mkdtemp(prefix="qianshu-bench-")) / "keys"
    # With addresses: pyHanko looks at an OCSP answer only if the certificate says where one could be asked for.
    names = AuthorityNames("签署电子签约服务平台", "黄石市住房和城乡建设局", base_url="http://pki.qianshu.example")
    init_keys(folder, PASSPHRASE, names, clock())
    keys = load_keys(folder, PASSPHRASE)
    authority = TimeStampAuthority(keys.timestamp_unit, "1.2.3.4")
    client = TimeStampClient([LocalTransport(authority, clock)], TimeStampTrust(keys.trust_anchors))
    return Desk(keys, authority, client, load_typeface(default_fonts().body))


@cache
def demo_terms() -> ContractTerms:
    return parse_terms(json.loads((files("qianshu") / "demo_data/terms.json").read_text(encoding="utf-8")))


def party_signer() -> Signer:
    subject = PartySubject("沈书瑶", "4202**********1027", CASE_NO)
    return one_time_signer(desk().keys.issuing, subject, clock())


def party_mark_appearance(box: FieldBox) -> Appearance:
    drawn = box.name if box.name.startswith("seller") else "buyer-1"
    strokes = parse_handwriting((files("qianshu") / f"demo_data/strokes/{drawn}.json").read_bytes())
    x0, y0, x1, y1 = box.rect
    mark = PartyMark("沈书瑶", PEOPLE[box.name.split("-")[0]], clock(), strokes)
    return party_appearance(mark, x1 - x0, y1 - y0, desk().typeface)


@cache
def text() -> tuple[bytes, tuple[FieldBox, ...]]:
    typeset = render_contract(demo_terms(), case_no=CASE_NO, made_at=clock())
    return typeset.pdf, typeset.boxes


def party_boxes() -> tuple[FieldBox, ...]:
    return tuple(box for box in text()[1] if box.name.startswith(("seller", "buyer")))


def certified(pdf: bytes, boxes: tuple[FieldBox, ...]) -> bytes:
    sink = io.BytesIO()
    certify(io.BytesIO(pdf), sink, boxes, certification(), desk().stamp)
    return sink.getvalue()


def certification() -> FieldSignature:
    return FieldSignature(CERTIFICATION_FIELD, desk().keys.service_seal, clock(), "固定合同文本", None)


def party_signed(pdf: bytes, box: FieldBox) -> bytes:
    sink = io.BytesIO()
    sign_field(io.BytesIO(pdf), sink, party_signature(box), desk().stamp)
    return sink.getvalue()


def party_signature(box: FieldBox) -> FieldSignature:
    return FieldSignature(box.name, party_signer(), clock(), "签署合同", party_mark_appearance(box))


def stamped(pdf: bytes, box: FieldBox) -> bytes:
    sink = io.BytesIO()
    sign_field(io.BytesIO(pdf), sink, stamp_signature(box), desk().stamp)
    return sink.getvalue()


def stamp_signature(box: FieldBox) -> FieldSignature:
    x0, y0, x1, y1 = box.rect
    verification = f"https://verify.qianshu.example/f/{CASE_NO}"
    mark = FilingMark("黄石市住房和城乡建设局", CASE_NO, clock().date(), verification, "4202000012345")
    appearance = filing_stamp_appearance(mark, x1 - x0, y1 - y0, desk().typeface)
    return FieldSignature(box.name, desk().keys.filing_seal, clock(), "准予备案", appearance)


def sealed(pdf: bytes) -> bytes:
    sink = io.BytesIO()
    archive_timestamp(io.BytesIO(pdf), sink, KeyRingRevocation(desk().keys, clock), desk().stamp)
    return sink.getvalue()


@cache
def with_three_signatures() -> bytes:
    """Certification and both sellers: what the buyer signs."""
    pdf, boxes = text()
    signed = certified(pdf, boxes)
    for box in party_boxes()[:2]:
        signed = party_signed(signed, box)
    return signed


@cache
def sealed_contract() -> bytes:
    boxes = text()[1]
    signed = party_signed(with_three_signatures(), party_boxes()[2])
    return sealed(stamped(signed, next(box for box in boxes if box.name == "filing-stamp")))
