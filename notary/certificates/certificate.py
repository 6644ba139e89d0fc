"""公证书 verified on the way in: who signed it, which number and date it bears, and that it is about this very file.

The order:

1. a look into the file: a PDF without active content (``documents.words``);
2. every signature in it, the whole file covered (``signature.py``);
3. number, date, contract, digest, names as the text has them (``wording.py``);
4. the attachment for machines, if there is one, agrees (``attachment.py``).

Every finding is said at once. What it does not check: whether what is certified is true. That is the notary's.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from documents.errors import UploadError
from documents.uploads.facts import MediaType
from documents.words import look_into
from filing.calendar import beijing_day
from filing.case.notary import ChangeKind
from identity.findings import Finding
from identity.numbers import folded
from notary.certificates.attachment import Said, objections_to_attachments
from notary.certificates.expected import CertificateFacts, ChangeFacts
from notary.certificates.signature import judge_signatures
from notary.certificates.wording import read_wording
from notary.errors import CertificateRefused

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from documents.words import Look
    from identity.findings import Findings
    from notary.certificates.expected import ChangeExpected, Expected, OfficeTrust
    from notary.certificates.signature import SignedByOffice
    from notary.certificates.wording import Wording
    from notary.offices import NotaryOffice

__all__ = [
    "Examined",
    "examine_certificate",
    "examine_signed",
    "not_a_pdf",
    "objections_to_form",
    "verify_certificate",
    "verify_change",
]

_T = TypeVar("_T")

_KIND_WORDS: Final = {ChangeKind.REVOKED: ("撤销",), ChangeKind.CORRECTED: ("更正", "补正")}

_REVOKING: Final = ("予以撤销", "决定撤销", "撤销公证书的决定", "撤销决定")


@dataclass(frozen=True, slots=True)
class Examined:
    """A PDF of an office, read."""

    look: Look
    """What the file is."""

    wording: Wording
    """What it says."""

    signed: SignedByOffice | None
    """Who signed it, if that is known."""

    findings: Findings
    """What speaks against the file itself."""


def verify_certificate(pdf: bytes, trust: OfficeTrust, expected: Expected, now: datetime) -> CertificateFacts:
    """The facts of a certificate of this office about this matter. Raises :class:`CertificateRefused`."""
    facts, findings = examine_certificate(pdf, look_into([pdf])[0], trust, expected, now)
    if findings or facts is None:
        raise CertificateRefused(findings)
    return facts


def examine_certificate(
    pdf: bytes, look: Look | UploadError, trust: OfficeTrust, expected: Expected, now: datetime
) -> tuple[CertificateFacts | None, Findings]:
    """As :func:`verify_certificate`, for whoever has looked already; facts only where there is no finding."""
    if isinstance(look, UploadError) or look.media_type is not MediaType.PDF:
        return None, (not_a_pdf(look),)
    examined = examine_signed(pdf, look, trust, now)
    wording = examined.wording
    findings = (*examined.findings, *_of_words(examined, trust.office, expected, beijing_day(now)))
    if findings or examined.signed is None:
        return None, findings
    signed = examined.signed
    return (
        CertificateFacts(
            number=str(wording.numbers[0]),
            issued_on=wording.dates[0],
            sha256=hashlib.sha256(pdf).hexdigest(),
            subject_sha256=expected.subject_sha256,
            signed_by=signed.signed_by,
            signed_at=signed.signed_at,
            level=signed.level,
            page_count=look.page_count,
        ),
        (),
    )


def verify_change(pdf: bytes, trust: OfficeTrust, expected: ChangeExpected, now: datetime) -> ChangeFacts:
    """The facts of a decision of art. 39 about a certificate. Raises :class:`CertificateRefused`."""
    look = look_into([pdf])[0]
    if isinstance(look, UploadError) or look.media_type is not MediaType.PDF:
        raise CertificateRefused((not_a_pdf(look),))
    examined = examine_signed(pdf, look, trust, now)
    findings = (*examined.findings, *_of_decision(examined, expected, beijing_day(now)))
    if findings or examined.signed is None:
        raise CertificateRefused(findings)
    (decided_on,) = examined.wording.dates
    sha256 = hashlib.sha256(pdf).hexdigest()
    return ChangeFacts(expected.kind, expected.number, decided_on, sha256, examined.signed.signed_by)


def examine_signed(pdf: bytes, look: Look, trust: OfficeTrust, now: datetime) -> Examined:
    """Who signed a PDF, and what it says."""
    signed, findings = judge_signatures(pdf, trust, now)
    return Examined(look, read_wording(look.words), signed, findings)


def not_a_pdf(look: Look | UploadError) -> Finding:
    """Why the file is not even looked at."""
    if isinstance(look, UploadError):
        return Finding("certificate.file", look.zh, look.en, facts=(("refusal", look.code),))
    return Finding("certificate.not_pdf", "公证书须为 PDF 文件", "a certificate is a PDF")


# --- the certificate ---------------------------------------------------------------------------------------------


def objections_to_form(
    examined: Examined, office: NotaryOffice, today: date, accepted_on: date | None = None
) -> Iterator[Finding]:
    """What is wrong with number and date, whatever the certificate is about."""
    yield from _of_number(examined.wording, office, _only(examined.wording.dates))
    yield from _of_date(examined, accepted_on, today)


def _of_words(examined: Examined, office: NotaryOffice, expected: Expected, today: date) -> Iterator[Finding]:
    wording = examined.wording
    yield from objections_to_form(examined, office, today, expected.accepted_on)
    yield from _of_subject(wording, expected)
    number, day = _only(wording.numbers), _only(wording.dates)
    if number is not None and day is not None:
        said = Said(str(number), day.isoformat(), expected.subject_sha256, expected.case_no)
        yield from objections_to_attachments(examined.look.attached, said)


def _of_number(wording: Wording, office: NotaryOffice, day: date | None) -> Iterator[Finding]:
    number = _only(wording.numbers)
    if number is None:
        yield Finding(
            "certificate.number_form",
            "公证书编号缺失或不唯一，应单独成行，如（2026）粤中石岐第001234号",
            "one number is needed, alone on its line: year in brackets, the office's code, a serial",
            facts=(("found", str(len(wording.numbers))),),
        )
        return
    if number.code != folded(office.code):
        yield Finding(
            "certificate.number_office",
            "公证书编号不是该公证机构的编号",
            "the number is not one of this office's",
            facts=(("code", number.code), ("expected", office.code)),
        )
    if day is not None and number.year != day.year:
        yield Finding(
            "certificate.number_year",
            "公证书编号的年份与出具日期不符",
            "the year in the number is not that of the date",
            facts=(("number", str(number.year)), ("date", str(day.year))),
        )


def _of_date(examined: Examined, accepted_on: date | None, today: date) -> Iterator[Finding]:
    day = _only(examined.wording.dates)
    if day is None:
        yield _no_date(examined.wording)
        return
    if day > today:
        yield Finding("certificate.date_future", "公证书出具日期在将来", "the certificate is dated in the future")
    if accepted_on is not None and day < accepted_on:
        yield Finding(
            "certificate.date_before_acceptance",
            "公证书出具日期早于受理日期",
            "the certificate is older than the acceptance of the matter",
            facts=(("date", day.isoformat()), ("accepted", accepted_on.isoformat())),
        )
    if examined.signed is not None and beijing_day(examined.signed.signed_at) < day <= today:
        yield Finding(
            "certificate.date_after_signature",
            "公证书出具日期晚于签名时间",
            "the certificate was signed before the date it bears",
            facts=(("date", day.isoformat()), ("signed", beijing_day(examined.signed.signed_at).isoformat())),
        )


def _of_subject(wording: Wording, expected: Expected) -> Iterator[Finding]:
    if not wording.says(expected.subject_sha256):
        other = bool(wording.digests)
        yield Finding(
            "certificate.digest_other" if other else "certificate.digest_missing",
            "公证书所载文件摘要不是本案文件的摘要" if other else "公证书未载明所公证文件的 SHA-256 摘要",
            "the certificate names the digest of another file" if other else "the certificate names no SHA-256",
            facts=(("expected", expected.subject_sha256),),
        )
    if not wording.says(expected.case_no):
        yield Finding(
            "certificate.contract_missing",
            "公证书未载明本合同编号",
            "the certificate does not name this contract's number",
            facts=(("expected", expected.case_no),),
        )
    for place, name in enumerate(expected.party_names, 1):
        if not wording.says(name):
            yield Finding(
                "certificate.party_missing",
                f"公证书未载明第{place}位当事人姓名（名称）",
                f"the certificate does not name party {place}",
                facts=(("party", str(place)),),
            )


# --- a later decision --------------------------------------------------------------------------------------------


def _of_decision(examined: Examined, expected: ChangeExpected, today: date) -> Iterator[Finding]:
    wording = examined.wording
    if not wording.says(expected.number):
        yield Finding(
            "change.other_certificate",
            "决定书未载明该公证书的编号",
            "the decision does not name the certificate's number",
        )
    said_so = any(wording.says(word) for word in _KIND_WORDS[expected.kind])
    revokes = any(wording.says(word) for word in _REVOKING)
    if not said_so or revokes != (expected.kind is ChangeKind.REVOKED):
        yield Finding(
            "change.kind_differs",
            "决定书内容与申报的类型（更正、撤销）不一致",
            "the decision does not say what it was sent in as: correction or revocation",
            facts=(("kind", expected.kind.value),),
        )
    day = _only(wording.dates)
    if day is None:
        yield _no_date(wording)
    elif not expected.issued_on <= day <= today:
        yield Finding(
            "change.date",
            "决定日期早于公证书出具日期或在将来",
            "the decision is older than the certificate, or dated in the future",
            facts=(("date", day.isoformat()),),
        )


def _no_date(wording: Wording) -> Finding:
    return Finding(
        "certificate.date_form",
        "出具日期缺失或不唯一，应单独成行",
        "one date is needed, alone on its line",
        facts=(("found", str(len(wording.dates))),),
    )


def _only(found: tuple[_T, ...]) -> _T | None:
    return found[0] if len(found) == 1 else None
