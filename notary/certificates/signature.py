"""Whether a PDF was signed by an office, and by nobody else: every signature in it, not only the last.

Certificates are pinned, as the office told the bureau: a CA that issues to every office of a province proves nothing
about one of them. What is above a pinned certificate is trusted for its validity and its revocation, and for this
office only. A time-stamp is asked for, and an answer on revocation: one that is not there is a finding.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from identity.findings import Finding
from signing.validation import Severity, SignatureKind, TrustAnchors, Verdict, verify_file_guarded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from identity.findings import Findings
    from notary.certificates.expected import OfficeTrust
    from notary.offices import OfficeCertificate
    from signing.validation import SignatureReport, VerificationReport

__all__ = ["SignedByOffice", "judge_signatures", "office_of_signer"]


@dataclass(frozen=True, slots=True)
class SignedByOffice:
    """The office's last signature in a file."""

    signed_by: str
    """SHA-256 of its certificate, hex."""

    signed_at: datetime
    """By the time-stamp."""

    level: str
    """PAdES level reached."""


def judge_signatures(pdf: bytes, trust: OfficeTrust, now: datetime) -> tuple[SignedByOffice | None, Findings]:
    """The office's signature, and everything that speaks against any signature in the file."""
    report = _report(pdf, _anchors(trust), now)
    own = [item for item in report.signatures if item.kind is not SignatureKind.DOCUMENT_TIMESTAMP]
    findings = (
        *_of_report(report, own),
        *(finding for item in own for finding in _of_signer(item, trust.office.certificates, now)),
    )
    return (_signed(own[-1]) if own else None), findings


def office_of_signer(pdf: bytes, trusts: Sequence[OfficeTrust], now: datetime) -> OfficeTrust | None:
    """The office whose certificate signed the file; nothing is said of whether the signature holds."""
    report = _report(pdf, TrustAnchors(()), now)
    signers = {item.signer.sha256 for item in report.signatures if item.signer is not None}
    for trust in trusts:
        if signers & {_digest(certificate) for certificate in trust.office.certificates}:
            return trust
    return None


def _report(pdf: bytes, anchors: TrustAnchors, now: datetime) -> VerificationReport:
    with tempfile.NamedTemporaryFile(prefix="certificate-", suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        return verify_file_guarded(Path(file.name), trust=anchors, now=now)


def _anchors(trust: OfficeTrust) -> TrustAnchors:
    """The top of each chain is the anchor. A certificate without a chain, or in it, would be its own: never revoked."""
    chains = [each.issuers for each in trust.office.certificates if each.issuers and each.der not in each.issuers]
    return TrustAnchors(
        certificates=tuple(dict.fromkeys(chain[-1] for chain in chains)),
        intermediates=tuple(dict.fromkeys(der for chain in chains for der in chain[:-1])),
        revocation=trust.revocation,
        time_roots=trust.time_roots,
    )


def _of_report(report: VerificationReport, own: Sequence[SignatureReport]) -> Iterator[Finding]:
    if not own and report.verdict is not Verdict.UNREADABLE:
        yield Finding("certificate.not_signed", "文件没有公证机构的电子签名", "no office has signed the file")
    if report.signatures and not any(item.covers.whole_file for item in report.signatures):
        yield Finding(
            "certificate.not_whole",
            "最后一个签名（或文档时间戳）未覆盖整个文件",
            "the last signature, or document time-stamp, does not cover the whole file",
        )
    wrong = [found for found in report.findings if found.severity is not Severity.INFO]
    for found in wrong:
        if found.code != "signature.none":
            facts = (("field", found.field or ""), ("page", str(found.page or "")))
            given = tuple((name, value) for name, value in facts if value)
            yield Finding(
                f"office_signature.{found.code}", f"电子签名：{found.zh}", f"signature: {found.en}", facts=given
            )
    if report.verdict is not Verdict.PASSED and not wrong:
        yield Finding("office_signature.not_passed", "电子签名未通过验证", "a signature did not pass verification")


def _of_signer(item: SignatureReport, certificates: Sequence[OfficeCertificate], now: datetime) -> Iterator[Finding]:
    if item.signer is None:  # said by the report
        return
    pinned = next((each for each in certificates if _digest(each) == item.signer.sha256), None)
    facts = (("field", item.field or ""), ("sha256", item.signer.sha256))
    if pinned is None:
        yield Finding(
            "certificate.other_signer",
            "签名证书不是该公证机构登记的证书",
            "signed with a certificate that is not one of this office's",
            facts=facts,
        )
    elif pinned.withdrawn_at is not None and pinned.withdrawn_at <= now:
        yield Finding(
            "certificate.signer_withdrawn",
            "签名证书已停止信任",
            "this office's certificate is no longer trusted here",
            facts=facts,
        )
    elif pinned.trusted_from is not None and now < pinned.trusted_from:
        yield Finding(
            "certificate.signer_not_yet",
            "签名证书尚未启用",
            "this office's certificate is not trusted yet",
            facts=facts,
        )
    if item.signed_at.proven_at is None:
        yield Finding(
            "certificate.no_timestamp",
            "签名没有可信时间戳，无法确定签名时间",
            "no trusted time-stamp says when it was signed",
            facts=facts,
        )


def _signed(item: SignatureReport) -> SignedByOffice | None:
    if item.signer is None or item.signed_at.proven_at is None:
        return None
    return SignedByOffice(item.signer.sha256, item.signed_at.proven_at, item.level.value)


def _digest(certificate: OfficeCertificate) -> str:
    return hashlib.sha256(certificate.der).hexdigest()
