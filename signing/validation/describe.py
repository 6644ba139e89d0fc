"""From what was found and judged to what is said about one signature."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cryptography import x509
from pyhanko.pdf_utils.generic import parse_pdf_date
from pyhanko.sign.validation import generic_cms

from signing.validation.lines import printable
from signing.validation.report import (
    Change,
    Coverage,
    Level,
    Outcome,
    SignatureKind,
    SignatureReport,
    SignerFacts,
    SigningTime,
    TimeProof,
    Verdict,
    worst,
)

if TYPE_CHECKING:
    from signing.validation.ades import Judgement
    from signing.validation.foreign import Asn1Value
    from signing.validation.found import FoundSignature

__all__ = ["describe_signature", "signer_facts"]

_INDICATIONS = {
    Verdict.PASSED: "TOTAL-PASSED",
    Verdict.FAILED: "TOTAL-FAILED",
    Verdict.INDETERMINATE: "INDETERMINATE",
    Verdict.UNREADABLE: "TOTAL-FAILED",
}


def describe_signature(
    item: FoundSignature,
    judgement: Judgement | None,
    changes: tuple[Change, ...],
    beside: Verdict,
    extent: tuple[int, int],
) -> SignatureReport:
    """The report on one signature; ``beside`` is the worst of what ETSI's procedure does not look at.

    ``extent`` is the size of the file and the number of its revisions.
    """
    sound = not item.findings and item.revision > 0
    end = item.byte_range.end if item.byte_range is not None else None
    return SignatureReport(
        field=item.field,
        kind=_kind(item),
        signer=None if item.in_time is None else _signer(item.in_time.cms.signer, item.dictionary.reason),
        level=Level.NONE if judgement is None or not sound else judgement.level,
        signed_at=_time(item, judgement),
        intact=sound and item.in_time is not None and item.in_time.verdict.intact,
        trusted=judgement is not None and judgement.verdict is Verdict.PASSED,
        covers=Coverage(sound and end == extent[0], item.revision > 0, item.revision or None, extent[1], end),
        changes=changes,
        outcome=_outcome(item, judgement, beside),
    )


def _outcome(item: FoundSignature, judgement: Judgement | None, beside: Verdict) -> Outcome:
    """ETSI's indication is about the signature alone; the verdict also about its range and what came after."""
    if judgement is None:
        unknown = any(entry.code == "signature.subfilter_unknown" for entry in item.findings)
        own = Verdict.INDETERMINATE if unknown and beside is not Verdict.FAILED else Verdict.FAILED
        sub_indication: str | None = "FORMAT_FAILURE"
    elif item.findings and judgement.verdict is not Verdict.FAILED and beside is Verdict.FAILED:
        own, sub_indication = Verdict.FAILED, "FORMAT_FAILURE"
    else:
        own, sub_indication = judgement.verdict, judgement.sub_indication
    return Outcome(worst((own, beside)), _INDICATIONS[own], sub_indication)


def _kind(item: FoundSignature) -> SignatureKind:
    if item.is_timestamp:
        return SignatureKind.DOCUMENT_TIMESTAMP
    return SignatureKind.APPROVAL if item.dictionary.docmdp is None else SignatureKind.CERTIFICATION


def _signer(certificate: Asn1Value, reason: str | None) -> SignerFacts:
    """With the signer's own words, which stand in the file and may be anything."""
    return replace(signer_facts(certificate), reason=None if reason is None else printable(reason))


def signer_facts(certificate: Asn1Value) -> SignerFacts:
    """What the certificate says of its holder; says nothing about trust."""
    der = certificate.dump()
    try:
        parsed = x509.load_der_x509_certificate(der)
        subject, issuer = parsed.subject.rfc4514_string(), parsed.issuer.rfc4514_string()
    except (ValueError, TypeError):
        subject, issuer = certificate.subject.human_friendly, certificate.issuer.human_friendly
    names = certificate.subject.native
    name = names.get("common_name") if isinstance(names, dict) else None
    return SignerFacts(
        common_name=name if isinstance(name, str) else None,
        subject=subject,
        issuer=issuer,
        serial_number=f"{certificate.serial_number:x}",
        not_before=certificate.not_valid_before,
        not_after=certificate.not_valid_after,
        sha256=certificate.sha256.hex(),
    )


def _time(item: FoundSignature, judgement: Judgement | None) -> SigningTime:
    claimed = _claimed(item)
    if judgement is None:
        return SigningTime(claimed, None, TimeProof.CLAIMED, None)
    return SigningTime(claimed, judgement.proven_at, judgement.proof, judgement.source)


def _claimed(item: FoundSignature) -> datetime | None:
    found: datetime | None = None
    try:
        if item.dictionary.claimed is not None:
            found = parse_pdf_date(item.dictionary.claimed, strict=False)
        elif item.in_time is not None:
            found = generic_cms.extract_self_reported_ts(item.in_time.cms.signer_info)
    except Exception:  # noqa: BLE001 - a claim that cannot be read is no claim
        return None
    if found is None:
        return None
    return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
