"""What filing needs from the outside world: ports and their values, one module per service.

Every method of every port may raise :class:`OutsideUnavailable` (ask again), :class:`OutsideRefused` (asking again is
useless) or :class:`OutsideAnswerWrong` (the answer does not fit the question and was not used). Implementations are in
``gateways``; what the HTTP looks like is in ``docs/outside-world.md``.

Every port MUST give up after its time limit, MUST check that an answer is about what was asked, and MUST NOT write
personal data to a log. None of them may be called inside a database transaction.
"""

from filing.outside.bank import (
    SupervisionAccount,
    SupervisionBank,
    SupervisionRequest,
    SupervisionState,
    SupervisionWay,
)
from filing.outside.e_licences import ELicence, ELicenceKind, ELicences, LicenceAuthorisation
from filing.outside.house import (
    BuildingFacts,
    CertificateType,
    HouseOnCertificate,
    LandFacts,
    RegisteredHouse,
    RegisteredMortgage,
    RegisteredOwner,
    RegisteredTitle,
    Restriction,
    Standing,
    UseCategory,
)
from filing.outside.land_register import HouseQuery, LandRegister, OwnTitle, OwnTitleQuery, OwnTitleState
from filing.outside.qualification import (
    Qualification,
    QualificationApplication,
    QualificationOffice,
    QualificationState,
)
from filing.outside.recipients import ContractRecipients, FiledContract, PushReceipt
from filing.outside.use_category import UseCategoryAnswer, UseCategoryOffice, UseCategoryQuestion, UseCategoryState
from identity.outside import OutsideAnswerWrong, OutsideError, OutsideRefused, OutsideService, OutsideUnavailable

__all__ = [
    "BuildingFacts",
    "CertificateType",
    "ContractRecipients",
    "ELicence",
    "ELicenceKind",
    "ELicences",
    "FiledContract",
    "HouseOnCertificate",
    "HouseQuery",
    "LandFacts",
    "LandRegister",
    "LicenceAuthorisation",
    "OutsideAnswerWrong",
    "OutsideError",
    "OutsideRefused",
    "OutsideService",
    "OutsideUnavailable",
    "OwnTitle",
    "OwnTitleQuery",
    "OwnTitleState",
    "PushReceipt",
    "Qualification",
    "QualificationApplication",
    "QualificationOffice",
    "QualificationState",
    "RegisteredHouse",
    "RegisteredMortgage",
    "RegisteredOwner",
    "RegisteredTitle",
    "Restriction",
    "Standing",
    "SupervisionAccount",
    "SupervisionBank",
    "SupervisionRequest",
    "SupervisionState",
    "SupervisionWay",
    "UseCategory",
    "UseCategoryAnswer",
    "UseCategoryOffice",
    "UseCategoryQuestion",
    "UseCategoryState",
]
