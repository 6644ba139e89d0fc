"""A notarised mandate as an electronic certificate (SZ-13…15, ZS-48, ZS-49): who, whom, for what, how long.

A paper mandate stays what it was: a clerk holds the original in hand and says so. An electronic one is verified here,
and what it says takes the place of what a clerk would type.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from documents.errors import UploadError
from documents.uploads.facts import MediaType
from documents.words import look_into
from filing.calendar import beijing_day
from filing.case.cancelling import NotarisedMandate
from identity.findings import Finding
from identity.representation import Attestation
from notary.certificates.certificate import examine_signed, not_a_pdf, objections_to_form
from notary.certificates.expected import trust_in
from notary.certificates.signature import office_of_signer
from notary.certificates.wording import read_period
from notary.errors import CertificateRefused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date, datetime

    from cryptography.x509 import Certificate

    from filing.acts.world import MandateJudge, MandateQuestion
    from identity.findings import Findings
    from identity.representation import Mandate
    from identity.subjects import Subject
    from notary.certificates.certificate import Examined
    from notary.certificates.expected import OfficeTrust
    from notary.certificates.wording import Wording
    from notary.ports import OfficeBook

__all__ = ["ORIGINAL", "MandateExpected", "MandateFacts", "attested", "mandate_judge", "verify_mandate"]

ORIGINAL: Final = "mandate_original"
"""Kind of paper an electronic certificate is: its own original (电子签名法 art. 5)."""


@dataclass(frozen=True, slots=True)
class MandateExpected:
    """What a mandate must be about."""

    principal: Subject
    """Who gives it."""

    agent: Subject
    """Who acts."""

    matter: str
    """The matter as rules name it, e.g. ``cancel_filing``."""

    wording: tuple[str, ...] = ()
    """Words that must all stand in it: of the matter, by the city's rule, and of the house."""


@dataclass(frozen=True, slots=True)
class MandateFacts:
    """A mandate that was verified."""

    number: str
    """Of the certificate."""

    issued_on: date
    """Date on it."""

    office: str
    """Name of the office."""

    sha256: str
    """The PDF."""

    scope: str
    """Its words, without blanks."""

    first_day: date | None
    """From when; ``None``: from its date."""

    last_day: date | None
    """Until when; ``None``: until the matter is done."""


def verify_mandate(pdf: bytes, expected: MandateExpected, trusts: Sequence[OfficeTrust], now: datetime) -> MandateFacts:
    """The facts of a mandate certified by one of the offices. Raises :class:`CertificateRefused`."""
    look = look_into([pdf])[0]
    if isinstance(look, UploadError) or look.media_type is not MediaType.PDF:
        raise CertificateRefused((not_a_pdf(look),))
    trust = office_of_signer(pdf, trusts, now)
    if trust is None:
        raise CertificateRefused((_UNKNOWN_OFFICE,))
    examined, today = examine_signed(pdf, look, trust, now), beijing_day(now)
    form = objections_to_form(examined, trust.office, today)
    findings = (*examined.findings, *form, *_of_mandate(examined.wording, expected, today))
    if findings:
        raise CertificateRefused(findings)
    return _facts(pdf, examined, trust)


def attested(mandate: Mandate, facts: MandateFacts, matter: str) -> Mandate:
    """``mandate`` as the certificate has it: its words, this matter found named, a notary vouching."""
    return replace(
        mandate,
        scope=facts.scope,
        matters=tuple(dict.fromkeys((*mandate.matters, matter))),
        attestation=Attestation.NOTARISED,
        papers=tuple(dict.fromkeys((*mandate.papers, ORIGINAL))),
    )


def mandate_judge(offices: OfficeBook, time_roots: Iterable[Certificate]) -> MandateJudge:
    """The judge of a service: a mandate, though about a house, may be any office's on the list (公证法 art. 25)."""
    roots = tuple(time_roots)

    def judge(content: bytes, question: MandateQuestion, now: datetime) -> NotarisedMandate:
        expected = MandateExpected(question.principal, question.agent, question.matter, question.wording)
        facts = verify_mandate(content, expected, [trust_in(each, roots) for each in offices.every()], now)
        return NotarisedMandate(facts.number, facts.issued_on, facts.office, facts.scope, facts.last_day)

    return judge


def _facts(pdf: bytes, examined: Examined, trust: OfficeTrust) -> MandateFacts:
    wording = examined.wording
    first, last = read_period(wording.text) or (None, None)
    sha256 = hashlib.sha256(pdf).hexdigest()
    return MandateFacts(str(wording.numbers[0]), wording.dates[0], trust.office.name, sha256, wording.text, first, last)


def _of_mandate(wording: Wording, expected: MandateExpected, today: date) -> Iterator[Finding]:
    for who, subject in (("principal", expected.principal), ("agent", expected.agent)):
        if not (wording.says(subject.name) and wording.says(subject.number.normalised)):
            yield Finding(
                f"mandate.{who}",
                "委托书未载明委托人的姓名和证件号码" if who == "principal" else "委托书未载明受托人的姓名和证件号码",
                f"the mandate does not name the {who} with the number of their document",
            )
    absent = [words for words in expected.wording if not wording.says(words)]
    if absent:
        yield Finding(
            "mandate.matter",
            "授权委托书必须注明本次办理的委托事项",
            "the mandate must name this very matter",
            facts=(("matter", expected.matter), ("absent", " ".join(absent))),
        )
    yield from _of_period(wording, today)


def _of_period(wording: Wording, today: date) -> Findings:
    period = read_period(wording.text)
    if period is None:
        return (Finding("mandate.period_missing", "委托书未载明委托期限", "the mandate states no period"),)
    first, last = period
    if first is not None and today < first:
        return (Finding("mandate.not_started", "委托期限尚未开始", "the mandate's period has not begun"),)
    if last is not None and last < today:
        return (Finding("mandate.expired", "委托期限已过", "the mandate's period is over"),)
    return ()


_UNKNOWN_OFFICE: Final = Finding(
    "certificate.unknown_office",
    "电子公证书不是已登记的公证机构签署的",
    "no office on the list has signed it",
)
