"""PAdES by incremental updates: certify the text, sign the fields, seal and renew the archive time-stamp.

``certify`` · ``sign_field`` · ``archive_timestamp`` · ``sign_detached`` (CAdES, for manifests).
"""

from __future__ import annotations

from signing.pades.archive import RevocationAnswers, RevocationSource, archive_timestamp
from signing.pades.base import PdfBase, SignatureFieldRef
from signing.pades.cms import TimeStamper, sign_detached, sign_digest
from signing.pades.fields import CERTIFICATION_FIELD
from signing.pades.sign import FieldSignature, SignatureLevel, SignedRevision, certify, sign_field

__all__ = [
    "CERTIFICATION_FIELD",
    "FieldSignature",
    "PdfBase",
    "RevocationAnswers",
    "RevocationSource",
    "SignatureFieldRef",
    "SignatureLevel",
    "SignedRevision",
    "TimeStamper",
    "archive_timestamp",
    "certify",
    "sign_detached",
    "sign_digest",
    "sign_field",
]
