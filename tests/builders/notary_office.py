"""A notary office for tests: one per process, what it certifies, and what it is held against."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from PIL import Image

from notary.certificates import Expected, OfficeTrust
from qianshu.demo_data.notary_office import DemoOffice, demo_office, returned_bundle
from qianshu.demo_data.notary_papers import AgreementNotarised, agreement_paper
from tests.builders.keyring import NOW

if TYPE_CHECKING:
    from notary.errors import CertificateRefused
    from qianshu.demo_data.notary_papers import OfficePaper

__all__ = [
    "ABOUT",
    "AGREEMENT_SHA256",
    "DAY",
    "EXPECTED",
    "NOW",
    "TODAY",
    "agreement",
    "bundle_of",
    "bundle_parts",
    "certificate",
    "codes",
    "contract",
    "office",
    "picture",
    "trust",
]

DAY = timedelta(days=1)
TODAY = date(2026, 11, 21)
AGREEMENT_SHA256 = "5f" * 16 + "0123456789abcdef" * 2

ABOUT = AgreementNotarised(
    number="（2026）粤中石岐第001234号",
    dated=TODAY,
    case_no="2026110500017",
    sha256=AGREEMENT_SHA256,
    seller=("中山市云汉房地产开发有限公司", "91442000MA4UL2PX2A"),
    buyers=(
        ("黄嘉豪", "男，公民身份号码：440300198506150028"),
        ("陈美琪", "女，港澳居民来往内地通行证号码：H01234567"),
    ),
    house="广东省中山市石岐区岐江公路18号汉宸花园3幢1202房",
)

EXPECTED = Expected(
    case_no=ABOUT.case_no,
    subject_sha256=AGREEMENT_SHA256,
    party_names=(ABOUT.seller[0], "黄嘉豪", "陈美琪"),
    accepted_on=TODAY - DAY,
    returned=("certificate", "contract", "seller_licence", "legal_rep_id", "buyer_id"),
    purchasers=("buyer-1", "buyer-2"),
)
"""What the certificate of :data:`ABOUT` must be about."""


@cache
def office() -> DemoOffice:
    """One office per process; entered long before."""
    return demo_office(NOW - 30 * DAY)


@cache
def certificate() -> bytes:
    """The office's certificate about :data:`ABOUT`, at B-LTA."""
    return office().certificate(ABOUT, NOW)


def agreement(**changes: object) -> OfficePaper:
    """The certificate's paper with some facts changed."""
    return agreement_paper(replace(ABOUT, **changes))  # type: ignore[arg-type]


def trust(**changes: object) -> OfficeTrust:
    """The office as trusted; changes are of each of its certificates."""
    record = office().record
    pinned = tuple(replace(each, **changes) for each in record.certificates)  # type: ignore[arg-type]
    return OfficeTrust(replace(record, certificates=pinned))


def codes(refused: CertificateRefused) -> set[str]:
    """What was found."""
    return {finding.code for finding in refused.findings}


@cache
def picture(kind: str = "JPEG", shade: int = 120) -> bytes:
    """A photograph of nothing."""
    sink = io.BytesIO()
    Image.new("RGB", (320, 200), (shade, 140, 160)).save(sink, kind)
    return sink.getvalue()


@cache
def contract() -> bytes:
    """What was sent as the contract: any PDF, its bytes count."""
    return office().typeset(agreement(), NOW).pdf


def bundle_parts(**changes: bytes | None) -> dict[str, bytes]:
    """Every part by name, ``.`` written ``__``; ``None`` takes one away."""
    parts: dict[str, bytes | None] = {
        "certificate.pdf": certificate(),
        "contract.pdf": contract(),
        "seller_licence.jpg": picture(),
        "legal_rep_id_front.jpg": picture(),
        "legal_rep_id_back.png": picture("PNG"),
    }
    for key in EXPECTED.purchasers:
        parts |= {f"{key}_id_front.jpg": picture(shade=90), f"{key}_id_back.jpg": picture(shade=91)}
    parts |= {name.replace("__", "."): content for name, content in changes.items()}
    return {name: content for name, content in parts.items() if content is not None}


def bundle_of(parts: dict[str, bytes] | None = None) -> bytes:
    """The ZIP."""
    return returned_bundle(bundle_parts() if parts is None else parts)
