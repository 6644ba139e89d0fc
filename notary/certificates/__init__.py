"""What comes back from a notary office: certificates, the bundle around them, later decisions, notarised mandates."""

from notary.certificates.bundle import take_in_bundle
from notary.certificates.certificate import verify_certificate, verify_change
from notary.certificates.contract import judge_notarised_contract
from notary.certificates.expected import (
    CertificateFacts,
    ChangeExpected,
    ChangeFacts,
    Expected,
    OfficeTrust,
    TakenBundle,
    TakenPart,
    trust_in,
)

__all__ = [
    "CertificateFacts",
    "ChangeExpected",
    "ChangeFacts",
    "Expected",
    "OfficeTrust",
    "TakenBundle",
    "TakenPart",
    "judge_notarised_contract",
    "take_in_bundle",
    "trust_in",
    "verify_certificate",
    "verify_change",
]
