"""What acts may ask of the world while they gather: ports only. Wired once per process by ``qianshu``."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from filing.case.signing import NotarialProof, NotarialStanding
from filing.errors import FilingError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date, datetime

    from filing.case.cancelling import NotarisedMandate
    from filing.case.people import CaseParty
    from filing.contract import ContractCase, SigningDesk
    from filing.engine.situation import Situation
    from filing.outside import (
        ContractRecipients,
        ELicences,
        LandRegister,
        QualificationOffice,
        SupervisionBank,
        UseCategoryOffice,
    )
    from filing.profile import FlowProfile
    from identity.numbers import IdType
    from identity.outside import FaceCheck, SmsSender
    from identity.subjects import Subject

__all__ = [
    "CodeDesk",
    "CodeRequest",
    "CodeVerified",
    "Evidence",
    "LinkDesk",
    "MandateJudge",
    "MandateQuestion",
    "NotarialJudge",
    "NotarialQuestion",
    "Numbers",
    "Outside",
    "World",
]


@dataclass(frozen=True, slots=True)
class Outside:
    """The outside world."""

    land_register: LandRegister
    qualification: QualificationOffice
    use_category: UseCategoryOffice
    licences: ELicences
    bank: SupervisionBank
    recipients: ContractRecipients
    face: FaceCheck
    sms: SmsSender


class Numbers(Protocol):
    """Running numbers. MUST never give one number twice, across processes and restarts; gaps are harmless."""

    def next(self, name: str, day: date) -> int: ...


@dataclass(frozen=True, slots=True)
class CodeRequest:
    """A one-time code to be sent (``identity.codes``)."""

    purpose: str
    """What it confirms, e.g. ``sign_side``, ``cancel``, ``amend``."""

    phone: str
    """Where it goes."""

    bound_to: str
    """What it is good for and nothing else: case, party and digest of the text."""

    words: Mapping[str, str]
    """For the message: it names house and price (H-43)."""

    resend_seconds: int = 120
    """Least time between two sends (H-46)."""


@dataclass(frozen=True, slots=True)
class CodeVerified:
    """A code was given back right."""

    reference: str
    """Number of its record: evidence."""

    verified_at: datetime
    """When."""


class CodeDesk(Protocol):
    """One-time codes. Tries are counted and committed before the answer, whatever becomes of the act; a code MUST be
    good once, for what it was bound to, from the telephone it went to.
    """

    def request(self, request: CodeRequest, account_id: str, now: datetime) -> Mapping[str, object]:
        """Issue a code; returns the payload of the outbox task ``sms`` (code sealed). Raises ``IdentityError``."""
        ...

    def verify(self, request: CodeRequest, code: str, now: datetime) -> CodeVerified:
        """Raises ``IdentityError`` (``code.wrong``, ``.expired``, ``.locked``, ``.none``)."""
        ...


@dataclass(frozen=True, slots=True)
class CodePicture:
    """A QR code, drawn."""

    path: str
    """Dark modules as the ``d`` of an SVG path, quiet zone left free."""

    modules: int
    """Width and height, quiet zone included."""


@dataclass(frozen=True, slots=True)
class HandedOff:
    """A link to be scanned."""

    link_id: str
    """For the journal; the token is in the address alone."""

    url: str
    """Where it leads."""

    code: CodePicture
    """The address as a code."""

    expires_at: datetime
    """Until when; aware UTC."""

    def __repr__(self) -> str:
        return f"HandedOff(link_id={self.link_id!r})"


class LinkDesk(Protocol):
    """Sign links: worthless to whoever they are forwarded to."""

    def invite(self, party: CaseParty, situation: Situation, text_sha256: str) -> Mapping[str, object]:
        """A fresh link for the party's signer, older ones void; returns the payload of the outbox task ``sms``."""
        ...

    def hand_off(self, party: str, person_key: str, situation: Situation, text_sha256: str) -> HandedOff:
        """A short-lived link for whoever signs for ``party`` to scan from a screen, older ones of that kind void; links
        that were sent by message stay.
        """
        ...


class Evidence(Protocol):
    """Objects of a case, encrypted at rest. ``put`` is durable when it returns and keeps equal bytes once."""

    def put(self, case_no: str, content: bytes, media_type: str) -> str:
        """SHA-256 of the content in clear, by which it is asked for again."""
        ...

    def get(self, case_no: str, sha256: str) -> bytes: ...


@dataclass(frozen=True, slots=True)
class NotarialQuestion:
    """What a notary's paper on a contract must be about (SZ-80)."""

    region_code: str
    """Where the house is: only offices of that place (公证法 art. 25)."""

    case_no: str
    """Number of the contract."""

    text_sha256: str
    """Digest of the text that was printed and signed."""

    party_names: tuple[str, ...]
    """Everybody."""


class NotarialJudge(Protocol):
    """Looks at a notary's paper (``notary.certificates``): a signed PDF MUST be verified or refused, by
    ``QianshuError`` with every finding; anything else MUST come out unverified.
    """

    def __call__(self, content: bytes, question: NotarialQuestion, now: datetime) -> NotarialProof: ...


def nobody_judges(content: bytes, question: NotarialQuestion, now: datetime) -> NotarialProof:
    """Where no notary's part is wired: a person looks at every paper."""
    del content, question, now
    return NotarialProof(NotarialStanding.UNVERIFIED)


@dataclass(frozen=True, slots=True)
class MandateQuestion:
    """What a notarised mandate must be about (ZS-48, ZS-49)."""

    principal: Subject
    """Who gave it."""

    agent: Subject
    """Who acts."""

    matter: str
    """The matter as rules name it."""

    wording: tuple[str, ...]
    """Words that must all stand in it."""


class MandateJudge(Protocol):
    """Verifies an electronic mandate (``notary.certificates``); MUST refuse, by ``QianshuError`` with every finding,
    whatever is not one.
    """

    def __call__(self, content: bytes, question: MandateQuestion, now: datetime) -> NotarisedMandate: ...


def no_electronic_mandates(content: bytes, question: MandateQuestion, now: datetime) -> NotarisedMandate:
    """Where no notary's part is wired: the clerk sees the original on paper."""
    del content, question, now
    raise FilingError(
        "mandate.no_offices", zh="本服务不能核验电子公证书", en="no electronic mandate can be verified here"
    )


@dataclass(frozen=True, slots=True)
class World:
    """Everything an act may ask."""

    outside: Outside
    """Services of others."""

    desk: SigningDesk
    """Keys, time, typeface."""

    contract: Callable[[str, int], ContractCase]
    """The contract file's acts, by case and version of the text; only inside the case's lock."""

    evidence: Evidence
    """Files that come in."""

    codes: CodeDesk
    """One-time codes."""

    links: LinkDesk
    """Sign links."""

    numbers: Numbers
    """Running numbers."""

    key_of: Callable[[IdType, str], str]
    """Keyed digest of an identity number."""

    house_key_of: Callable[[FlowProfile, str], str]
    """Keyed digest of a house's unit or certificate number (H-48)."""

    read_text: Callable[[str, str], str]
    """A city's template by city and name, as text."""

    judge_notarial: NotarialJudge = field(default=nobody_judges, kw_only=True)
    """A notary's paper on a contract."""

    judge_mandate: MandateJudge = field(default=no_electronic_mandates, kw_only=True)
    """A notarised mandate."""
