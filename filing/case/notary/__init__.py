"""What passes between the case and a notary office: the matter, each applicant's task, packages out, certificate back.

Data only. Who may do what, and when, is ``notary.acts``'; the guards of a cancellation look at
:attr:`CaseNotary.current`.
"""

from filing.case.notary.agreement import Agreement, AgreementSigned, MatterPaper, Settlement
from filing.case.notary.applicant import (
    ApplicantFile,
    ApplicantTask,
    FileKind,
    PageRead,
    QrToken,
    ScriptPosed,
    StepTaken,
    VideoGiven,
    VideoLook,
)
from filing.case.notary.exchange import (
    RESTORED,
    STANDS,
    Certificate,
    CertificateChange,
    ChangeKind,
    Exchange,
    OfficeDecision,
    PackageVersion,
    Supplement,
    SupplementItem,
)
from filing.case.notary.matter import OPEN_STATES, CaseNotary, NotaryMatter, NotaryState, Office
from filing.profile.cancelling import NotaryPurpose

__all__ = [
    "OPEN_STATES",
    "RESTORED",
    "STANDS",
    "Agreement",
    "AgreementSigned",
    "ApplicantFile",
    "ApplicantTask",
    "CaseNotary",
    "Certificate",
    "CertificateChange",
    "ChangeKind",
    "Exchange",
    "FileKind",
    "MatterPaper",
    "NotaryMatter",
    "NotaryPurpose",
    "NotaryState",
    "Office",
    "OfficeDecision",
    "PackageVersion",
    "PageRead",
    "QrToken",
    "ScriptPosed",
    "Settlement",
    "StepTaken",
    "Supplement",
    "SupplementItem",
    "VideoGiven",
    "VideoLook",
]
