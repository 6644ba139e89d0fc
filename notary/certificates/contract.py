"""The notarised contract of an overseas party (SZ-80): an electronic certificate is verified, a scan is nobody's proof.

Implements ``filing.acts.world.NotarialJudge``. A PDF that is signed claims to be a certificate and is held to it: by an
office at the house's place, naming the contract's number and the digest of the text that was printed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from documents.errors import UploadError
from documents.words import look_into
from filing.case.signing import NotarialProof, NotarialStanding
from identity.findings import Finding
from notary.certificates.certificate import examine_certificate
from notary.certificates.expected import Expected, trust_in
from notary.certificates.signature import office_of_signer
from notary.errors import CertificateRefused

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from cryptography.x509 import Certificate

    from filing.acts.world import NotarialJudge, NotarialQuestion
    from notary.certificates.expected import OfficeTrust
    from notary.ports import OfficeBook

__all__ = ["judge_notarised_contract", "notarial_judge"]


def judge_notarised_contract(
    content: bytes, question: NotarialQuestion, trusts: Sequence[OfficeTrust], now: datetime
) -> NotarialProof:
    """How far the paper can be believed; ``trusts`` are the offices at the house's place.

    Raises :class:`CertificateRefused` for a signed PDF that is not such a certificate, :class:`UploadError`.
    """
    (look,) = look_into([content])
    if isinstance(look, UploadError):
        raise look
    if not look.is_signed:
        return NotarialProof(NotarialStanding.UNVERIFIED)
    trust = office_of_signer(content, trusts, now)
    if trust is None:
        raise CertificateRefused((_UNKNOWN_OFFICE,))
    expected = Expected(question.case_no, question.text_sha256, question.party_names)
    facts, findings = examine_certificate(content, look, trust, expected, now)
    if facts is None:
        raise CertificateRefused(findings)
    return NotarialProof(
        NotarialStanding.VERIFIED,
        number=facts.number,
        issued_on=facts.issued_on,
        office=trust.office.name,
        signed_at=facts.signed_at,
    )


def notarial_judge(offices: OfficeBook, time_roots: Iterable[Certificate]) -> NotarialJudge:
    """The judge of a service: offices of the list, times of its own authority."""
    roots = tuple(time_roots)

    def judge(content: bytes, question: NotarialQuestion, now: datetime) -> NotarialProof:
        trusts = [trust_in(office, roots) for office in offices.at_place(question.region_code, now)]
        return judge_notarised_contract(content, question, trusts, now)

    return judge


_UNKNOWN_OFFICE = Finding(
    "certificate.unknown_office",
    "电子公证书不是房屋所在地已登记的公证机构签署的；纸质公证书请上传未签名的扫描件",
    "no office entered for the house's place has signed it; of a paper certificate hand in a scan without signature",
)
