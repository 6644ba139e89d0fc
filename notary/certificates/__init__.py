"""What comes back from a notary office: certificates, the bundle around them, later decisions, notarised mandates."""

from notary.certificates.bundle import take_in_bundle
from notary.certificates.certificate import verify_certificate, verify_change
from notary.certificates.contract import judge_notarised_contract, notarial_judge
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
from notary.certificates.mandate import MandateExpected, MandateFacts, attested, mandate_judge, verify_mandate

__all__ = [
    "CertificateFacts",
    "ChangeExpected",
    "ChangeFacts",
    "Expected",
    "MandateExpected",
    "MandateFacts",
    "OfficeTrust",
    "TakenBundle",
    "TakenPart",
    "attested",
    "judge_notarised_contract",
    "mandate_judge",
    "notarial_judge",
    "take_in_bundle",
    "trust_in",
    "verify_certificate",
    "verify_change",
    "verify_mandate",
]
