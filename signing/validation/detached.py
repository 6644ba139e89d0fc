"""A detached CMS signature (CAdES) over bytes that lie beside it: the seal of a manifest."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from signing.errors import ValidationError
from signing.validation.ades import Evidence, Judge, SignatureInFile
from signing.validation.chains import ChainBuilder
from signing.validation.cms import CmsSignature, check_signature, parse_signature
from signing.validation.codes import finding
from signing.validation.report import Finding, Verdict
from signing.validation.revocation import RevocationStore

if TYPE_CHECKING:
    from datetime import datetime

    from signing.validation.foreign import Asn1Value
    from signing.validation.trust import TrustAnchors

__all__ = ["DetachedReport", "verify_detached"]


@dataclass(frozen=True, slots=True)
class DetachedReport:
    """The judgement on one detached signature."""

    verdict: Verdict
    """Three-valued; ``unreadable`` when it is not a CMS signature."""

    sub_indication: str | None
    """ETSI sub-indication, if not passed."""

    proven_at: datetime | None
    """The time its time-stamp proves."""

    findings: tuple[Finding, ...]
    """Why."""


def verify_detached(data: bytes, cms_der: bytes, *, trust: TrustAnchors, now: datetime) -> DetachedReport:
    """Judge the CMS ``cms_der`` over ``data`` as of ``now`` (ETSI EN 319 102-1 § 5.5: signature with time).

    Revocation data come from ``trust``, there being no place for them in a B-T signature.
    """
    try:
        parsed = parse_signature(cms_der)
    except ValidationError:
        return DetachedReport(Verdict.UNREADABLE, "FORMAT_FAILURE", None, (finding("signature.unreadable"),))
    digest = hashlib.new(parsed.digest_algorithm, data, usedforsecurity=False).digest()
    signature = SignatureInFile(parsed, check_signature(parsed, digest), revision=0, is_pades=False)
    chains = ChainBuilder(trust.certificates, _certificates(parsed))
    evidence = Evidence(chains, RevocationStore([], trust.revocation), (), trust.revocation_max_age)
    (judgement,) = Judge(evidence, now).judge([signature])
    findings = tuple(finding(code) for code in judgement.codes)
    return DetachedReport(judgement.verdict, judgement.sub_indication, judgement.proven_at, findings)


def _certificates(signature: CmsSignature) -> list[Asn1Value]:
    return [
        *signature.certificates,
        *(item for token in signature.tokens for item in (token.signer, *token.certificates)),
    ]
