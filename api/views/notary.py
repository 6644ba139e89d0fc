"""Matters before a notary office, as their office, their parties, the developer and the bureau see them.

Codes that are scanned are never in here: whoever may show one asks for its picture. What an applicant did is shown by
step to everybody in the case; pictures, recordings and scripts to themselves, the office and staff.
"""

from datetime import date

from api.views.base import At, Sha256, View
from api.visibility import Seen
from filing.calendar import beijing_day
from filing.case.notary import (
    ApplicantTask,
    ChangeKind,
    FileKind,
    NotaryMatter,
    NotaryState,
    PackageVersion,
)
from filing.profile.cancelling import NotaryPurpose, NotaryStep
from filing.profile.people import PersonGroup
from identity.subjects import Side
from notary.applicant.order import ApplicantView, applicant_view

SHARED_PARTS = frozenset({"certificate.pdf", "contract.pdf"})
"""Parts that are everybody's in the case."""

SELLERS_PARTS = ("seller_licence", "legal_rep_id")
"""How parts begin that are the seller's."""

__all__ = [
    "NotaryMatterView",
    "NotaryView",
    "PackageView",
    "matter_view",
    "matters_seen",
    "may_print",
    "notary_view",
    "package_view",
]


class OfficeNameView(View):
    """The office of a matter, as it was called when it was chosen."""

    office_id: str
    """Identifier."""
    name: str
    """公证处."""
    code: str
    """机构代码, part of its certificates' numbers."""


class MatterPaperView(View):
    """A paper that was generated for the matter, or added to it."""

    paper: str
    """As the city's profile calls it."""
    sha256: Sha256
    """The PDF: `/v1/notary/matters/{case_no}/papers/{sha256}.pdf`."""
    page_count: int
    """Pages; each is read by itself."""


class AgreementSignedView(View):
    """A signature in the termination agreement."""

    party: str
    """Key of the party."""
    signed_at: At
    """Time of its time-stamp."""


class AgreementView(View):
    """The termination agreement: a contract of its own."""

    text_sha256: Sha256
    """The text that is read, certified, signed by nobody yet."""
    head_sha256: Sha256
    """Its newest revision."""
    signed: tuple[AgreementSignedView, ...]
    """Who has signed."""


class PlaceView(View):
    """One step of an applicant, in order; a step may stand there twice."""

    step: NotaryStep
    """Which."""
    done_at: At | None
    """When it was done."""


class GivenFileView(View):
    """A picture or strokes of an applicant."""

    kind: FileKind
    """What."""
    sha256: Sha256
    """`/v1/notary/matters/{case_no}/photos/{sha256}`."""
    media_type: str
    """Of what is shown."""
    added_at: At
    """When."""


class VideoLookView(View):
    """What was found in a recording when it was taken in."""

    width: int
    """Pixels, upright."""
    height: int
    """Pixels, upright."""
    picture: str
    """Codec of the picture."""
    sound: str
    """Codec of the sound."""
    loudest_db: int
    """Peak of the sound in dBFS."""
    brightest: int
    """Mean luma of the brightest frame: 16 black, 235 white."""


class GivenVideoView(View):
    """A recording of an applicant."""

    sha256: Sha256
    """`/v1/notary/matters/{case_no}/videos/{sha256}`."""
    text: str
    """What was to be read aloud."""
    media_type: str
    """`video/mp4`, `video/quicktime` or `video/webm`."""
    size_bytes: int
    """How large."""
    duration_ms: int
    """How long."""
    taken_at: At
    """When it was taken in."""
    look: VideoLookView | None
    """What was found in it; none of old ones."""


class PagesLeftView(View):
    """A paper that was not read to its end."""

    paper: str
    """As the city's profile calls it."""
    sha256: Sha256
    """The PDF."""
    pages: tuple[int, ...]
    """Pages without a receipt, from 1."""


class ScriptPosedView(View):
    """The sentence of the next recording, while it is good: for whoever reads it aloud."""

    attempt: str
    """What the upload and `notary-give-video` name."""
    text: str
    """The words."""
    expires_at: At
    """Until when an upload of it may begin."""


class TaskView(View):
    """What one purchaser does, and how far they are."""

    party: str
    """Key of the purchaser."""
    group: PersonGroup
    """`mainland` or `overseas`: which steps."""
    code: str | None
    """State of the code to scan: `live`, `used` or `expired`; none before the office has received the package. Its
    picture: `/v1/cases/{case_no}/notary/codes/{party}.png`.
    """
    code_expires_at: At | None
    """Until when it may be scanned."""
    claimed: bool
    """Whether it was scanned by whom it is for."""
    places: tuple[PlaceView, ...]
    """Every step in order."""
    next_step: NotaryStep | None
    """What comes next."""
    unread: tuple[PagesLeftView, ...]
    """What of the papers has no receipt yet."""
    script: ScriptPosedView | None
    """Only for the applicant: what was posed and may still be recorded."""
    submitted_at: At | None
    """When everything was handed in."""
    files: tuple[GivenFileView, ...]
    """Pictures; of others than yourself only to the office and staff. The newest of a kind counts."""
    videos: tuple[GivenVideoView, ...]
    """Recordings, likewise; the newest counts."""


class PackageView(View):
    """A package for the office."""

    number: int
    """1, 2 … over all matters of the case."""
    complete: bool
    """Whether it holds what the applicants handed in."""
    ordered_at: At
    """When it was to be built."""
    sha256: Sha256 | None
    """The container; none until it is built."""
    size_bytes: int | None
    """How large."""
    sealed_at: At | None
    """Time of the time-stamp on its signature."""
    superseded_at: At | None
    """Since when it does not count any more."""


class SupplementItemView(View):
    """One thing that is wanted."""

    text: str
    """In words."""
    party: str | None
    """Of which purchaser; none: of the developer, or of all."""
    step: NotaryStep | None
    """Which step is done again."""


class SupplementView(View):
    """The office asked for more."""

    asked_at: At
    """When; the term pauses from here."""
    items: tuple[SupplementItemView, ...]
    """What for."""
    answer: str | None
    """The developer's words."""
    answered_at: At | None
    """When everything was there again; the term goes on from here."""


class DeadlineView(View):
    """Acceptance and term (公证法 art. 30)."""

    accepted_at: At
    """受理."""
    acceptance_number: str | None
    """The office's own number."""
    due_on: date | None
    """Last working day of the term; none while it is paused."""
    overdue: bool
    """The term is over, and there is no certificate."""


class RefusalView(View):
    """The office said no."""

    refused_at: At
    """When."""
    ground: str | None
    """Which of the nine grounds of 公证法 art. 31."""
    reason: str | None
    """In words."""


class CertificateChangeView(View):
    """A correction or revocation (公证法 art. 39)."""

    kind: ChangeKind
    """Which."""
    sha256: Sha256
    """The office's decision, which `decide-certificate-change` names; it is among the papers of the matter."""
    decided_on: date
    """The office's date."""
    came_at: At
    """When it came in."""
    outcome: str | None
    """`stands` or `restored`; none while nobody has decided here."""
    outcome_at: At | None
    """When it was decided."""


class ReturnedPartView(View):
    """A part of the package that came back (ZN-20)."""

    name: str
    """Its name: `/v1/notary/matters/{case_no}/returned/{name}`."""
    sha256: Sha256
    """Its digest."""


class NotaryCertificateView(View):
    """公证书."""

    number: str
    """As on it."""
    issued_on: date
    """In force from here (公证法 art. 32)."""
    sha256: Sha256
    """`/v1/notary/matters/{case_no}/certificate.pdf`."""
    names_sha256: Sha256
    """Digest of the file it is about."""
    verified_at: At
    """When it was verified and taken in."""
    parts: tuple[ReturnedPartView, ...]
    """Parts of the returned package that you may open."""
    changes: tuple[CertificateChangeView, ...]
    """Corrections and revocations."""


class NotaryMatterView(View):
    """One matter before one office."""

    number: int
    """1, 2 … in the case: a push to another office is another matter."""
    purpose: NotaryPurpose
    """What for."""
    procedure: str
    """As the city's profile calls it."""
    state: NotaryState
    """Where it is."""
    opened_at: At
    """When."""
    received_at: At | None
    """When the office said that it has the package."""
    office: OfficeNameView | None
    """Which office; chosen with the push."""
    papers: tuple[MatterPaperView, ...]
    """Papers."""
    agreement: AgreementView | None
    """The termination agreement."""
    tasks: tuple[TaskView, ...]
    """One for each purchaser."""
    deadline: DeadlineView | None
    """None before acceptance."""
    supplements: tuple[SupplementView, ...]
    """What was asked for, oldest first."""
    refusal: RefusalView | None
    """Why the office refused."""
    reason: str | None
    """Why it let the matter go."""
    packages: tuple[PackageView, ...]
    """Oldest first."""
    certificate: NotaryCertificateView | None
    """What came back."""


class NotaryView(View):
    """Matters of a case before notary offices."""

    current: NotaryMatterView | None
    """The one that counts."""
    past: tuple[NotaryMatterView, ...]
    """Withdrawn, refused, replaced."""


def notary_view(seen: Seen) -> NotaryView | None:
    """Every matter of the case that this caller may see; ``None`` where there is none."""
    current, past = seen.case.notary.current, seen.case.notary.past
    shown = [matter_view(seen, matter) for matter in matters_seen(seen, past)]
    now = [matter_view(seen, matter) for matter in matters_seen(seen, () if current is None else (current,))]
    return NotaryView(current=now[0] if now else None, past=tuple(shown)) if shown or now else None


def matters_seen(seen: Seen, matters: tuple[NotaryMatter, ...]) -> tuple[NotaryMatter, ...]:
    """Those of ``matters`` that a caller sees: an office its own, everybody else all."""
    if not seen.office_only:
        return matters
    return tuple(matter for matter in matters if matter.office is not None and matter.office.office_id in seen.offices)


def matter_view(seen: Seen, matter: NotaryMatter) -> NotaryMatterView:
    """A matter, as ``seen`` allows."""
    decision = matter.exchange.decision
    return NotaryMatterView(
        number=matter.number,
        purpose=matter.purpose,
        procedure=matter.procedure,
        state=matter.state,
        opened_at=matter.opened_at,
        received_at=decision.received_at,
        office=None if matter.office is None else OfficeNameView.model_validate(matter.office),
        papers=tuple(MatterPaperView.model_validate(paper) for paper in matter.papers),
        agreement=None if matter.agreement is None else AgreementView.model_validate(matter.agreement),
        tasks=tuple(_task(seen, matter, task) for task in matter.tasks),
        deadline=_deadline(seen, matter),
        supplements=tuple(SupplementView.model_validate(each) for each in matter.exchange.supplements),
        refusal=_refusal(matter),
        reason=decision.reason if decision.refused_at is None else None,
        packages=tuple(package_view(each) for each in matter.exchange.packages),
        certificate=_certificate(seen, matter),
    )


def package_view(package: PackageVersion) -> PackageView:
    """A package."""
    return PackageView.model_validate(package)


def _task(seen: Seen, matter: NotaryMatter, task: ApplicantTask) -> TaskView:
    progress = applicant_view(seen.profile, matter, task, seen.now)
    open_ = seen.in_full or task.party in seen.parties
    return TaskView(
        party=task.party,
        group=task.group,
        code=_code_state(seen, task),
        code_expires_at=None if task.qr is None else task.qr.expires_at,
        claimed=progress.claimed,
        places=tuple(
            PlaceView(step=place.step, done_at=None if place.done is None else place.done.done_at)
            for place in progress.places
        ),
        next_step=progress.next_step,
        unread=tuple(PagesLeftView.model_validate(each) for each in progress.unread),
        script=_script(seen, task.party, progress),
        submitted_at=task.submitted_at,
        files=tuple(GivenFileView.model_validate(file) for file in task.files) if open_ else (),
        videos=tuple(GivenVideoView.model_validate(video) for video in task.videos) if open_ else (),
    )


def _script(seen: Seen, party: str, progress: ApplicantView) -> ScriptPosedView | None:
    """Nobody else may know it before it was recorded: that is what it is drawn for (ZN-15)."""
    if progress.script is None or party not in seen.parties:
        return None
    return ScriptPosedView.model_validate(progress.script)


def _code_state(seen: Seen, task: ApplicantTask) -> str | None:
    if task.qr is None:
        return None
    if task.qr.used_at is not None:
        return "used"
    return "live" if seen.now < task.qr.expires_at else "expired"


def _deadline(seen: Seen, matter: NotaryMatter) -> DeadlineView | None:
    decision = matter.exchange.decision
    if decision.accepted_at is None:
        return None
    runs = matter.state is NotaryState.ACCEPTED and decision.due_on is not None
    return DeadlineView(
        accepted_at=decision.accepted_at,
        acceptance_number=decision.acceptance_number,
        due_on=decision.due_on,
        overdue=runs and decision.due_on is not None and beijing_day(seen.now) > decision.due_on,
    )


def _refusal(matter: NotaryMatter) -> RefusalView | None:
    decision = matter.exchange.decision
    if decision.refused_at is None:
        return None
    return RefusalView(refused_at=decision.refused_at, ground=decision.refused_ground, reason=decision.reason)


def _certificate(seen: Seen, matter: NotaryMatter) -> NotaryCertificateView | None:
    made = matter.exchange.certificate
    if made is None:
        return None
    return NotaryCertificateView(
        number=made.number,
        issued_on=made.issued_on,
        sha256=made.sha256,
        names_sha256=made.names_sha256,
        verified_at=made.verified_at,
        parts=tuple(ReturnedPartView(name=name, sha256=sha256) for name, sha256 in made.parts if may_print(seen, name)),
        changes=tuple(CertificateChangeView.model_validate(change) for change in made.changes),
    )


def may_print(seen: Seen, name: str) -> bool:
    """Whether a part of the returned package may be opened (ZN-21): the certificate and the contract by everybody in
    the case; papers that say who somebody is by them, the office and staff.
    """
    if seen.in_full or name in SHARED_PARTS:
        return True
    sides = {party.side for party in seen.case.people.parties if party.key in seen.parties}
    of_seller = Side.SELLER in sides and name.startswith(SELLERS_PARTS)
    return of_seller or any(name.startswith(f"{party}_") for party in seen.parties)
