"""What is said with the acts of developer, office and bureau."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from filing.acts.entry.identify import ContactInput, IdentityInput
from filing.acts.spec import Upload
from filing.case.notary import RESTORED, STANDS, ChangeKind
from filing.profile.cancelling import NotaryStep

__all__ = [
    "GROUNDS",
    "Accepted",
    "CertificateChanged",
    "CertificateReturned",
    "ChangeDecided",
    "ChangeOutcome",
    "CodesWanted",
    "LetGo",
    "Overdue",
    "PackageRecorded",
    "PaperAdded",
    "PurchaserCorrected",
    "Pushed",
    "Received",
    "RefusalGround",
    "Refused",
    "Sent",
    "SettlementInput",
    "SupplementAnswered",
    "SupplementWanted",
    "Wanted",
    "Withdrawn",
]


class RefusalGround(StrEnum):
    """The nine grounds on which an office refuses (公证法 art. 31)."""

    NO_GUARDIAN = "no_guardian"
    NO_INTEREST = "no_interest"
    EXPERT_MATTER = "expert_matter"
    DISPUTE = "dispute"
    FALSE_FACTS = "false_facts"
    INSUFFICIENT_MATERIALS = "insufficient_materials"
    NOT_TRUE_OR_LEGAL = "not_true_or_legal"
    AGAINST_MORALS = "against_morals"
    FEE_UNPAID = "fee_unpaid"


GROUNDS: Mapping[RefusalGround, tuple[str, str]] = {
    RefusalGround.NO_GUARDIAN: (
        "无民事行为能力人或者限制民事行为能力人没有监护人代理申请办理公证",
        "a person without full capacity has no guardian to apply for them",
    ),
    RefusalGround.NO_INTEREST: (
        "当事人与申请公证的事项没有利害关系",
        "the applicant has no interest in the matter",
    ),
    RefusalGround.EXPERT_MATTER: (
        "申请公证的事项属专业技术鉴定、评估事项",
        "the matter is one for experts to appraise",
    ),
    RefusalGround.DISPUTE: (
        "当事人之间对申请公证的事项有争议",
        "the parties dispute the matter",
    ),
    RefusalGround.FALSE_FACTS: (
        "当事人虚构、隐瞒事实，或者提供虚假证明材料",
        "facts were invented or hidden, or proofs are false",
    ),
    RefusalGround.INSUFFICIENT_MATERIALS: (
        "当事人提供的证明材料不充分或者拒绝补充证明材料",
        "proofs are not sufficient, or more were refused",
    ),
    RefusalGround.NOT_TRUE_OR_LEGAL: (
        "申请公证的事项不真实、不合法",
        "the matter is not true or not legal",
    ),
    RefusalGround.AGAINST_MORALS: (
        "申请公证的事项违背社会公德",
        "the matter is against public morals",
    ),
    RefusalGround.FEE_UNPAID: (
        "当事人拒绝按照规定支付公证费",
        "the fee was not paid",
    ),
}
"""In words."""


class ChangeOutcome(StrEnum):
    """What the bureau makes of a corrected or revoked certificate."""

    STANDS = STANDS
    """What was done on it stays done."""
    RESTORED = RESTORED
    """The filing is in force again."""


# --- developer -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class SettlementInput:
    """The money that goes back; yuan, as ``1150000.00``. What is not said the agreement leaves to the parties."""

    price: str | None = None
    """Price of the house by the contract."""

    paid: str | None = None
    """What was paid, loans included."""

    refund: str | None = None
    """What goes back to the purchasers."""

    within_days: int | None = None
    """Days from the cancellation within which it goes back."""

    loan: str | None = None
    """How a loan is settled, in words, as a sentence of the agreement."""


@dataclass(frozen=True, slots=True)
class Pushed:
    """Generate the papers and push them to an office (ZN-04, ZN-05)."""

    office_id: str
    """Which office: one that acts at the place of the house (公证法 art. 25)."""

    strokes: Mapping[str, Any] = field(repr=False)
    """The signature of whoever signs for the developer, in the form of ``docs/schemas/strokes.schema.json``."""

    settlement: SettlementInput | None = None
    """The money, where the agreement is to say it."""


@dataclass(frozen=True, slots=True)
class Sent:
    """Send the signed contract to an office, before it is filed (SZ-80)."""

    office_id: str
    """Which office: one that acts at the place of the house (公证法 art. 25)."""


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Take the matter back from the office (ZN-07)."""

    reason: str
    """Why, for office and purchasers to read."""


@dataclass(frozen=True, slots=True)
class PurchaserCorrected:
    """An applicant's data were wrong (ZN-07)."""

    party: str
    """Key of the purchaser."""

    reason: str
    """Why; it is journalled."""

    identity: IdentityInput | None = None
    """Who, as it should have been; ``None``: as before."""

    contact: ContactInput | None = None
    """How to reach them, as it should have been; ``None``: as before."""


@dataclass(frozen=True, slots=True)
class CodesWanted:
    """A fresh code to scan; the old one is worthless (ZN-06, H-40)."""

    party: str
    """Key of the purchaser."""


@dataclass(frozen=True, slots=True)
class PaperAdded:
    """A paper the office asked for."""

    title: str
    """What it is, in a few words."""

    upload: Upload
    """One PDF or picture."""


@dataclass(frozen=True, slots=True)
class SupplementAnswered:
    """What the developer says to what the office asked for."""

    words: str
    """In words; papers are added before."""


# --- office ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Received:
    """The office has the package and calls the applicants (ZN-06)."""

    package_sha256: str
    """SHA-256, hex, of the package the office has pulled."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """受理 (公证法 art. 30)."""

    acceptance_number: str
    """The office's own number."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """One thing that is wanted."""

    text: str
    """In words, for people to read."""

    party: str | None = None
    """Key of the purchaser; ``None``: the developer, or with a step every purchaser."""

    step: NotaryStep | None = None
    """The step that is done again, with everything after it; ``None``: the developer answers."""


@dataclass(frozen=True, slots=True)
class SupplementWanted:
    """More is wanted, or something again (公证法 art. 30)."""

    items: tuple[Wanted, ...]
    """What."""


@dataclass(frozen=True, slots=True)
class Refused:
    """The office refuses (公证法 art. 31)."""

    ground: RefusalGround
    """Which of the nine."""

    reason: str
    """In words, for the parties to read."""


@dataclass(frozen=True, slots=True)
class LetGo:
    """The office ends an accepted matter at the applicant's request (H-41)."""

    reason: str
    """In words."""


@dataclass(frozen=True, slots=True)
class CertificateReturned:
    """The certificate, in the package that comes back (ZN-19, ZN-20)."""

    number: str
    """Number of the certificate as printed; it must be the one in the file."""

    issued_on: date
    """Its date; it must be the one in the file."""

    upload: Upload
    """The package, ZIP."""


@dataclass(frozen=True, slots=True)
class CertificateChanged:
    """A certificate was corrected or revoked (公证法 art. 39)."""

    kind: ChangeKind
    """Which."""

    decided_on: date
    """The office's date; it must be the one in the file."""

    upload: Upload
    """The decision, a PDF the office signed."""


# --- bureau and service ----------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ChangeDecided:
    """What becomes of the case after a certificate was changed."""

    sha256: str
    """SHA-256, hex, of the office's decision that is judged."""

    outcome: ChangeOutcome
    """``stands`` or ``restored``."""

    reason: str
    """Why, for the parties to read."""


@dataclass(frozen=True, slots=True)
class PackageRecorded:
    """A package was built."""

    number: int
    """Which."""

    sha256: str
    """The container, in clear."""

    size_bytes: int
    """Of the container."""

    sealed_at: datetime
    """Time of the time-stamp on its signature."""


@dataclass(frozen=True, slots=True)
class Overdue:
    """A term has run out."""

    due_on: date
    """Which: the last day of the term."""
