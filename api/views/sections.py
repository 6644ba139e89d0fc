"""Sections of a case as shown: house, text, papers, signing, filing, registry, cancellation. Nothing personal in them
but what the parties themselves have written into the contract.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from api.views.base import At, Sha256, View
from filing.case.cancelling import CancelOutcome
from filing.case.filing import ReviewDecision
from filing.case.papers import MaterialSource
from filing.case.signing import NotarialStanding
from filing.profile.cancellation import QualificationState
from filing.profile.cancelling import CancelScope, Channel, Ground
from filing.profile.decisions import HouseUse, Restriction
from filing.profile.house import PropertyState
from filing.profile.signing import Circumstance, SignMethod, SignStep
from filing.profile.vocabulary import Actor
from identity.subjects import Side


class BuildingView(View):
    """The building."""

    structure: str | None
    """E.g. 钢筋混凝土结构."""
    floor_area: Decimal | None
    """Square metres."""
    land_area: Decimal | None
    """Square metres."""
    floor: str | None
    """所在层."""
    floors_total: int | None
    """Floors above ground."""
    layout: str | None
    """房型."""


class HouseRecordView(View):
    """The house as registered; no party may alter it."""

    certificate_type: str
    """Which certificate."""
    certificate_number: str
    """As printed."""
    location: str
    """坐落."""
    unit_no: str | None
    """不动产单元号."""
    land_certificate_no: str | None
    """Separate land certificate."""
    building: BuildingView | None
    """The building."""
    issued_on: date | None
    """Date of the certificate."""
    design_use: str
    """规划用途."""


class CheckedHouseView(View):
    """The newest answer of the land register that counts."""

    record: HouseRecordView
    """The house."""
    query_no: str
    """The register's number of the query."""
    checked_at: At
    """When it answered."""
    states: frozenset[PropertyState]
    """What it said of the house."""
    use: HouseUse
    """Use category."""
    restriction: Restriction
    """Whether buying is restricted."""
    owners: tuple[str, ...]
    """Keys of the parties that are owners."""


class AssessmentView(View):
    """Somebody else decides an unclear use or restriction."""

    asked_at: At
    """When it was asked for."""
    due_on: date
    """Last working day for the answer."""
    reference: str | None
    """The office's number."""
    decided_at: At | None
    """When the answer came."""


class HouseView(View):
    """The house of the case."""

    checked: CheckedHouseView | None
    """The newest check."""
    code: str | None
    """房源编码."""
    assessment: AssessmentView | None
    """An open or decided question."""
    query_no: str | None
    """A title query that may still be under way."""
    waiting_for: str | None
    """Outside service the case waits for, e.g. `land_register`."""


class ReceiptView(View):
    """Something was read and ticked."""

    subject: str
    """Name of the template, or `contract`; `contract_pages` for pages of the contract, noted one by one."""
    sha256: Sha256
    """Digest of what was shown."""
    read_at: At
    """When."""
    party: str | None
    """For which party."""
    pages: tuple[int, ...]
    """Pages read to their end, where it is told page by page."""


class ConfirmationView(View):
    """A party says yes to this very text."""

    party: str
    """Key of the party."""
    text_sha256: Sha256
    """Digest of the text."""
    confirmed_at: At
    """When."""


class TextSourceView(View):
    """Of what a text was made."""

    page_count: int
    """Pages."""
    fields: tuple[str, ...]
    """Names of the signature fields."""


class FixedTextView(View):
    """A text that cannot change any more."""

    version: int
    """1, 2, … in the case."""
    sha256: Sha256
    """Digest of the PDF that parties read, confirm and sign."""
    fixed_at: At
    """When."""
    source: TextSourceView
    """Of what it was made."""


class AmendmentView(View):
    """A change of a filed contract."""

    number: int
    """1, 2, … in the case."""
    item: str
    """变更事项."""
    before: str
    """变更前内容."""
    after: str
    """变更后内容."""
    proposed_at: At
    """When."""
    text: FixedTextView | None
    """The amended text."""
    consents: tuple[ConfirmationView, ...]
    """Who agreed."""
    effective_at: At | None
    """When both sides had agreed."""


class TextView(View):
    """Drafted and fixed text."""

    clauses: Mapping[str, Any]
    """Clauses, in the data format of `contract.schema.json`."""
    forms: Mapping[str, Mapping[str, Any]]
    """Forms beside the contract, by name."""
    version: int
    """Number of the newest fixed text; 0 before the first."""
    fixed: FixedTextView | None
    """The text that stands; none while drafting."""
    receipts: tuple[ReceiptView, ...]
    """What has been read."""
    confirmations: tuple[ConfirmationView, ...]
    """Who has confirmed the text."""
    downloaded_at: At | None
    """When it was first downloaded for signing by hand."""
    amendments: tuple[AmendmentView, ...]
    """Changes after filing."""
    refiling: bool
    """A filing was revoked and the contract is to be filed again."""


class QualificationView(View):
    """The buyer's qualification to buy."""

    state: QualificationState
    """Where it is."""
    code: str | None = None
    """购房资格码; shown to buyers and staff."""
    reason: str | None = None
    """Why it was refused; likewise."""
    applied_at: At | None = None
    """When it was applied for."""
    decided_at: At | None = None
    """When it was decided."""


class UndertakingView(View):
    """A signed undertaking."""

    template: str
    """Which."""
    sha256: Sha256
    """The signed PDF."""
    text_sha256: Sha256
    """Digest of the contract text it goes with."""
    uploaded_at: At
    """When."""


class MaterialView(View):
    """One paper in a slot."""

    slot: str
    """Which slot."""
    party: str
    """Whose."""
    number: int
    """Running number in the slot of the party."""
    sha256: Sha256
    """The file; fetch it at `/v1/cases/{case_no}/materials/{sha256}`."""
    media_type: str
    """Of the file."""
    source: MaterialSource
    """How it came."""
    added_at: At
    """When."""


class HandedInView(View):
    """How much of a party lies in a slot; what it is, is for whoever may open it."""

    slot: str
    """Which slot."""
    party: str
    """Whose."""
    count: int
    """Files."""


class PapersView(View):
    """Everything on paper besides the contract."""

    qualification: QualificationView
    """Qualification to buy."""
    undertakings: tuple[UndertakingView, ...]
    """Undertakings handed in."""
    materials: tuple[MaterialView, ...]
    """Materials you may see."""
    handed_in: tuple[HandedInView, ...]
    """Of every party, yours or not: which slots hold something (SZ-75)."""
    licences_allowed: tuple[str, ...]
    """Keys of the parties that let their e-licences be fetched."""


class StepView(View):
    """One step of a signer."""

    step: SignStep
    """Which."""
    done_at: At
    """When."""
    method: str
    """How."""


class SigningTaskView(View):
    """What one party has to do and has done."""

    party: str
    """Key of the party."""
    text_sha256: Sha256
    """Digest of the text."""
    steps: tuple[StepView, ...]
    """Steps done, in order."""
    signed_at: At | None
    """Time-stamp of the party's signature."""
    signer_name: str | None = None
    """Whose signature it is: the party's own, or whoever acts for them."""
    signer_role: str | None = None
    """What they are, in the contract's words: 出卖人, or 出卖人王一的监护人."""


class MethodBarView(View):
    """One reason for signing by hand."""

    party: str
    """Key of the party."""
    circumstance: Circumstance
    """What about them."""


class SideCodeView(View):
    """One side's code was given back right."""

    side: Side
    """Which side."""
    party: str
    """Whose telephone it was."""
    verified_at: At
    """When."""


class WetCopyView(View):
    """The scan of the contract signed by hand."""

    sha256: Sha256
    """The scan."""
    page_count: int
    """Pages found."""
    checked_at: At
    """When."""
    look_at_pages: tuple[int, ...]
    """Pages that somebody has to look at."""


class NotarialProofView(View):
    """How far a notary's paper is believed (SZ-80)."""

    standing: NotarialStanding
    """Verified here, a scan, or a scan whose original a reviewer has looked up."""
    number: str | None
    """Number of the certificate."""
    issued_on: date | None
    """Date of a certificate that was verified."""
    office: str | None
    """Who signed it."""


class ExtraPaperView(View):
    """A paper that goes with a contract signed by hand."""

    paper: str
    """Which, as the city calls it."""
    sha256: Sha256
    """The file."""
    added_at: At
    """When."""
    media_type: str
    """Of the file; fetch it at `/v1/cases/{case_no}/materials/{sha256}`."""
    notarial: NotarialProofView | None = None
    """What is known of it, where it is a notary's."""


class SigningView(View):
    """How the case is signed and how far it has come."""

    method: SignMethod | None
    """Decided by rule when the text is fixed."""
    bars: tuple[MethodBarView, ...]
    """Every reason against signing online."""
    started_at: At | None
    """When signing was started."""
    tasks: tuple[SigningTaskView, ...]
    """One for each party."""
    side_codes: tuple[SideCodeView, ...]
    """Codes given back."""
    wet: WetCopyView | None
    """The scan, where the contract is signed by hand."""
    scan_pages: tuple[Sha256, ...] = ()
    """Pages photographed one by one and not handed in yet."""
    extra_papers: tuple[ExtraPaperView, ...] = ()
    """Papers that go with signing by hand."""
    head_sha256: Sha256 | None
    """The newest revision of the contract file."""


class ReviewView(View):
    """One review."""

    submitted_at: At
    """When it was handed in."""
    claimed: bool
    """A reviewer has taken it."""
    claimed_by_you: bool
    """You have."""
    decision: ReviewDecision | None
    """What was decided."""
    decided_at: At | None
    """When."""
    reasons: tuple[str, ...]
    """Why it was returned."""


class SealedView(View):
    """The finished file."""

    sha256: Sha256
    """The contract with every signature, the stamp and the archive time-stamp."""
    sealed_at: At
    """Time of the archive time-stamp."""


class SupervisionView(View):
    """The price under supervision of a bank."""

    bank: str
    """Usual short name."""
    reference: str | None
    """The bank's number."""
    opened_at: At | None
    """When the account was opened."""


class FilingView(View):
    """Filing with the authority."""

    required: bool | None
    """Whether this contract must be filed."""
    number: str | None
    """备案编号."""
    review: ReviewView | None
    """The newest review."""
    filed_at: At | None
    """When it was filed."""
    sealed: SealedView | None
    """The stamped and sealed file."""
    revoked_at: At | None
    """When the filing was revoked."""
    supervision: SupervisionView | None
    """Money under supervision."""


class PushView(View):
    """A recipient has the contract."""

    recipient: str
    """Who."""
    at: At
    """When it acknowledged."""


class RegistryView(View):
    """What the land registry makes of it."""

    pushed: tuple[PushView, ...]
    """Who has it."""
    acknowledged_at: At | None
    """When the registry said it has the file."""
    accepted_at: At | None
    """When it accepted the transfer application."""
    reference: str | None
    """Its number for the application."""
    rejected_reason: str | None
    """Why the last application was refused."""
    transferred_at: At | None
    """When ownership was transferred."""


class CancelPaperView(View):
    """A paper of the cancellation."""

    paper: str
    """Which."""
    sha256: Sha256
    """The file."""
    added_at: At
    """When."""
    party: str | None
    """For which party."""


class CancelConsentView(View):
    """A party agreed."""

    party: str
    """Key of the party."""
    given_at: At
    """When."""
    in_person: bool
    """At the window."""


class MandateView(View):
    """A proxy's mandate that came as an electronic certificate and was verified; shown to desks and to its own side."""

    party: str
    """Key of the party who gave it."""
    id_number: str
    """Number of the agent's document."""
    number: str
    """Of the certificate."""
    office: str
    """Name of the office that signed it."""
    issued_on: date
    """Date on it."""
    scope: str
    """Its words."""
    last_day: date | None
    """Until when; none: until the matter is done."""
    sha256: Sha256
    """The file."""
    added_at: At
    """When it was handed in."""


class CancellationView(View):
    """One request to cancel."""

    rule: str
    """Row of the city's cancel table."""
    scope: CancelScope
    """What is to be cancelled."""
    channel: Channel
    """Where it was asked for."""
    ground: Ground
    """Why it may be done."""
    asker: Actor
    """In which capacity it was asked for."""
    asked_at: At
    """When."""
    reason: str | None
    """Why, in words."""
    consents: tuple[CancelConsentView, ...]
    """Who has agreed."""
    papers: tuple[CancelPaperView, ...]
    """Papers handed in."""
    proofs: tuple[str, ...] = ()
    """What has been shown, e.g. `captcha`."""
    mandates: tuple[MandateView, ...] = ()
    """Mandates that were verified."""
    submitted_at: At | None
    """When it was handed in for review."""
    passed_at: At | None
    """When it passed."""
    notary_state: str | None
    """Where the notary case is."""
    appointment_at: At | None
    """When the parties come to the window."""
    outcome: CancelOutcome | None = None
    """How it ended; none while it is under way."""
    ended_at: At | None = None
    """When."""
    refused_reason: str | None = None
    """Why it was refused."""


class CancellingView(View):
    """Cancellations of the case."""

    current: CancellationView | None
    """The one under way."""
    past: tuple[CancellationView, ...]
    """Those that have ended."""
