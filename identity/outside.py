"""What identity needs from the outside world: who logs in, short messages, faces; and how the outside world fails.

Three ways of failing, the same for every service (``filing.outside`` uses them too):

OutsideError
├── OutsideUnavailable   cannot be reached, too slow, or says "later": nothing is known, ask again
├── OutsideRefused       understood the question and will not answer it: asking again is useless
└── OutsideAnswerWrong   the answer is no answer to this question (garbage, another person, another house)
    └── LoginRefused     a login that cannot be believed: wrong nonce, audience, signature …
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar, Protocol

from errors import QianshuError
from identity.numbers import IdType, Region
from identity.representation import Period
from identity.subjects import PartyKind, Subject
from identity.trust_level import CheckMethod, RealName

__all__ = [
    "SERVICE_NAMES",
    "FaceCheck",
    "FaceOutcome",
    "FaceResult",
    "FaceSession",
    "HandledOrganisation",
    "HandlerState",
    "IdentityProvider",
    "LoginCallback",
    "LoginClaims",
    "LoginIdentity",
    "LoginRefused",
    "LoginStart",
    "OutsideAnswerWrong",
    "OutsideError",
    "OutsideRefused",
    "OutsideService",
    "OutsideUnavailable",
    "SmsReceipt",
    "SmsSender",
]


class OutsideService(StrEnum):
    """The services of the outside world, as settings, errors and metrics name them."""

    IDENTITY_PROVIDER = "identity_provider"
    SMS = "sms"
    FACE = "face"
    LAND_REGISTER = "land_register"
    QUALIFICATION = "qualification"
    USE_CATEGORY = "use_category"
    E_LICENCES = "e_licences"
    BANK = "bank"
    RECIPIENTS = "recipients"


SERVICE_NAMES: Mapping[OutsideService, tuple[str, str]] = {
    OutsideService.IDENTITY_PROVIDER: ("统一身份认证平台", "the identity platform"),
    OutsideService.SMS: ("短信平台", "the message service"),
    OutsideService.FACE: ("人脸核身服务", "the face check"),
    OutsideService.LAND_REGISTER: ("不动产登记系统", "the land register"),
    OutsideService.QUALIFICATION: ("购房资格审查系统", "the qualification office"),
    OutsideService.USE_CATEGORY: ("房屋用途核定部门", "the office that decides the use category"),
    OutsideService.E_LICENCES: ("电子证照系统", "the e-licence service"),
    OutsideService.BANK: ("资金监管银行", "the supervising bank"),
    OutsideService.RECIPIENTS: ("共享单位", "the receiving body"),
}
"""Chinese and English name of each service, as people read it."""


class OutsideError(QianshuError):
    """The outside world did not give a usable answer. ``fields``: ``service``, ``reason``, ``retryable``."""

    CODE: ClassVar[str] = "outside.unavailable"
    RETRYABLE: ClassVar[bool] = True
    SENTENCES: ClassVar[tuple[str, str]] = ("{zh}暂时无法使用，请稍后再试", "waiting for {en}: try again later")

    def __init__(self, service: OutsideService, reason: str, **facts: str) -> None:
        """``reason`` is a stable lower-case word (``slow``, ``other_person``); neither it nor ``facts`` hold personal
        data.
        """
        zh, en = SERVICE_NAMES[service]
        super().__init__(
            self.CODE,
            zh=self.SENTENCES[0].format(zh=zh),
            en=self.SENTENCES[1].format(en=en),
            service=service.value,
            reason=reason,
            retryable=self.RETRYABLE,
            **facts,
        )
        self.service = service
        self.reason = reason


class OutsideUnavailable(OutsideError):  # noqa: N818 - the family name says error
    """Nothing is known; the same question may be asked again.

    Reasons: ``unreachable``, ``slow``, ``busy`` (429, 503), ``failing`` (other 5xx).
    """


class OutsideRefused(OutsideError):  # noqa: N818 - the family name says error
    """The service will not answer this question. ``fields["said"]`` is its own code, if it gave one.

    Reasons: ``credential`` (401, 403: the operator's to mend), ``unknown`` (404), ``conflict`` (409), ``refused``.
    """

    CODE = "outside.refused"
    RETRYABLE = False
    SENTENCES = ("{zh}拒绝了该请求", "{en} refused the request")


class OutsideAnswerWrong(OutsideError):  # noqa: N818 - the family name says error
    """What came back does not answer what was asked; it was not used, and asking again may help.

    Reasons: ``garbage`` (no JSON, not the shape), ``too_long``, ``unexpected_status``, ``unexpected_type``, and what
    was wrong: ``other_person``, ``other_house``, ``other_reference``, ``number`` …
    """

    CODE = "outside.answer_wrong"
    SENTENCES = ("{zh}返回的结果与请求不符，未予采用", "{en} gave an answer that does not fit the question; not used")


class LoginRefused(OutsideAnswerWrong):
    """A login that is not believed; begin anew.

    Reasons: ``state``, ``nonce``, ``issuer``, ``audience``, ``signature``, ``algorithm``, ``expired``, ``code``,
    ``hash``, ``claims``, ``denied``, ``subject``, ``token``.
    """

    CODE = "outside.login_refused"
    SENTENCES = ("{zh}的登录结果无法采信，请重新登录", "the login by {en} cannot be believed: log in again")


@dataclass(frozen=True, slots=True)
class SmsReceipt:
    """The provider has taken a message over."""

    provider_ref: str
    """The provider's number of the message: evidence."""

    at: datetime
    """When it was taken over; aware."""


class SmsSender(Protocol):
    """Short messages.

    ``send`` MUST send at most one message per ``request_id``, however often it is called with it, and MUST raise
    :class:`OutsideError` unless the provider has taken the message over. It MUST NOT write ``values`` or ``phone``
    to a log: they hold codes. A receipt is not a delivery.
    """

    def send(self, phone: str, text_template: str, values: Mapping[str, str], *, request_id: str) -> SmsReceipt:
        """``text_template`` is the registered text with ``{name}`` where ``values`` go; ``request_id`` is the
        caller's, e.g. the outbox row's.
        """
        ...


class FaceOutcome(StrEnum):
    """How a face check stands."""

    PENDING = "pending"
    PASSED = "passed"
    FAILED = "failed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class FaceSession:
    """A face check that the person has yet to do."""

    ref: str
    """The provider's number; keep it with the act it is for."""

    url: str
    """Where the person's browser goes."""

    expires_at: datetime
    """After this it cannot be passed; aware."""


@dataclass(frozen=True, slots=True)
class FaceResult:
    """What the provider found, about the person and purpose that were asked about."""

    ref: str
    """Number of the session."""

    outcome: FaceOutcome
    """How it stands."""

    provider_ref: str | None = None
    """The provider's number of the comparison: evidence. Always there if passed."""

    at: datetime | None = None
    """When it was decided; aware. ``None`` while pending."""


class FaceCheck(Protocol):
    """Is the one before the camera the holder of this number? Another way MUST always be offered beside it.

    ``result`` MUST raise :class:`OutsideAnswerWrong` when the session is about somebody else or another purpose, so
    that a pass can be used only for what it was made for. Neither may keep or return a picture.
    """

    def start(self, subject: Subject, purpose: str, return_url: str) -> FaceSession:
        """``purpose`` names the act (``filing.profile.people.CheckPurpose`` and, by the caller, the case)."""
        ...

    def result(self, ref: str, subject: Subject, purpose: str) -> FaceResult: ...


@dataclass(frozen=True, slots=True)
class LoginIdentity:
    """Who an account belongs to, as the platform says."""

    kind: PartyKind
    """A person, or a legal person that logged in as such (ZS-09, SZ-02)."""

    name: str
    """Registered name (ZS-08, SZ-35: must equal the title's)."""

    id_type: IdType
    """Kind of document."""

    id_number: str
    """Checked number in its one written form; locked in every form (ZS-20, SZ-36)."""

    region: Region
    """Where the holder belongs."""

    phone: str | None = None
    """Registered mobile (SZ-05), verified by the platform."""


class HandlerState(StrEnum):
    """How far a handler's appointment has come (SZ-02, SZ-09…11)."""

    AWAITING_CONSENT = "awaiting_consent"
    BOUND = "bound"
    UNBOUND = "unbound"


@dataclass(frozen=True, slots=True)
class HandledOrganisation:
    """A legal person that made the holder of the account its handler (经办人)."""

    name: str
    """Name of the legal person."""

    credit_code: str
    """Unified social credit code (SZ-04), checked."""

    kind: PartyKind
    """Enterprise or other organisation."""

    state: HandlerState
    """How far the appointment has come; only ``BOUND`` acts, and only within the period."""

    level: int | None
    """Trust level of the legal person's account (SZ-08)."""

    period: Period | None = None
    """Authorised time (SZ-10)."""

    consented_at: datetime | None = None
    """When the handler agreed (SZ-09); aware."""

    ended_at: datetime | None = None
    """When the legal person ended it (SZ-11); aware."""


@dataclass(frozen=True, slots=True)
class LoginClaims:
    """What a believed login yields. Roles of staff are not in it: the house keeps those itself."""

    issuer: str
    """The platform, as its ``iss``; with ``subject`` the one key of an account."""

    subject: str
    """The platform's ``sub``."""

    identity: LoginIdentity
    """Whose account it is."""

    methods: tuple[CheckMethod, ...]
    """Everything done in this login (``amr``)."""

    logged_in_at: datetime
    """``auth_time``; aware."""

    real_name: RealName | None = None
    """Real-name check with its level (``acr``); ``None`` if there was none (SZ-12)."""

    handler_of: tuple[HandledOrganisation, ...] = ()
    """Organisations that named the holder as handler, in every state."""


@dataclass(frozen=True, slots=True)
class LoginStart:
    """A login that has begun. Everything but ``url`` stays in the browser's session and is used once."""

    url: str
    """Where the browser goes."""

    state: str
    """Comes back with the browser (RFC 6749 § 10.12)."""

    nonce: str
    """Comes back in the id_token (OpenID Connect Core § 3.1.2.1)."""

    code_verifier: str
    """PKCE (RFC 7636)."""

    return_url: str
    """Where the browser comes back."""


@dataclass(frozen=True, slots=True)
class LoginCallback:
    """What the browser brought back, unchecked."""

    state: str
    """``state``."""

    code: str | None = None
    """``code``."""

    error: str | None = None
    """``error``, if the person or the platform said no."""

    issuer: str | None = None
    """``iss`` (RFC 9207)."""


class IdentityProvider(Protocol):
    """The identity platform: OpenID Connect, code flow with PKCE.

    ``finish`` MUST check state, nonce, issuer, audience, signature, times and hashes and MUST raise
    :class:`LoginRefused` for whatever does not fit; it MUST NOT follow a key address found in a token.
    """

    def begin(self, return_url: str, *, hint: str | None = None) -> LoginStart:
        """``hint`` is ``login_hint``: whom the caller expects."""
        ...

    def finish(self, start: LoginStart, callback: LoginCallback) -> LoginClaims: ...
