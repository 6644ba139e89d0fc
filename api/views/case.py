"""A case as one person or program sees it: the head always, the rest while the contract lives or to staff."""

from collections import Counter
from typing import TYPE_CHECKING, Any

from pydantic import Field

from api.views.base import At, View
from api.views.notary import NotaryView, notary_view
from api.views.people import PeopleView, people_view
from api.views.sections import (
    CancellationView,
    CancellingView,
    CancelPaperView,
    FilingView,
    HandedInView,
    HouseView,
    MandateView,
    PapersView,
    PushView,
    QualificationView,
    RegistryView,
    ReviewView,
    SealedView,
    SigningTaskView,
    SigningView,
    SupervisionView,
    TextView,
)
from api.visibility import Seen
from filing.acts.outlook import waiting_for
from filing.case.cancelling import Cancellation, MandateHandedIn, PastCancellation
from filing.case.filing import Review
from filing.case.notary import NotaryState
from filing.case.signers import role_label, signer_of
from filing.errors import FilingError
from filing.lifecycle import PERMITS, State
from filing.profile import Actor, movers, state_label, transition_for
from filing.profile.cancelling import NotaryPurpose
from identity.numbers.masks import mask_number
from identity.subjects import Side
from notary.every_act import EVERY_ACT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from filing.acts.spec import ActSpec
    from filing.case.papers import MaterialFile

__all__ = ["ActedView", "CaseView", "YouView", "acted_view", "case_view", "open_acts"]


class YouView(View):
    """Who you are in this case."""

    as_: tuple[Actor, ...] = Field(alias="as", description="Capacities you may act in.")
    parties: tuple[str, ...]
    """Keys of the parties you stand for."""
    acts: tuple[str, ...]
    """Acts you may try now, each at `POST /v1/cases/{case_no}/{act}`. What must hold first is told when you try."""


class CaseView(View):
    """A case."""

    case_no: str
    """Number the city calls it by."""
    city: str
    """City."""
    state: State
    """Where it is in the lifecycle."""
    state_label: str | None
    """The city's own word for it."""
    resume_state: State | None
    """While cancelling or registering: where it goes back to."""
    whose_move: tuple[Actor, ...]
    """Who can carry it on."""
    waiting_for: tuple[str, ...]
    """Parties, by key, who still have to confirm, sign or consent; or the outside service that does not answer."""
    version: int
    """The number in the `ETag`."""
    opened_at: At
    """When it was opened."""
    expires_at: At | None
    """When a draft is thrown away."""
    in_force: bool
    """Whether this is a living contract. Of a dead one parties see the head, and what a notary's office returned."""
    you: YouView
    """Who you are in it."""
    people: PeopleView | None = None
    """Everybody in it."""
    house: HouseView | None = None
    """The house."""
    text: TextView | None = None
    """The text."""
    papers: PapersView | None = None
    """Papers."""
    signing: SigningView | None = None
    """Signing."""
    filing: FilingView | None = None
    """Filing."""
    registry: RegistryView | None = None
    """The land registry."""
    cancelling: CancellingView | None = None
    """Cancellations."""
    notary: NotaryView | None = None
    """Matters before a notary office; none where there never was one."""


class ActedView(View):
    """What came of an act."""

    case: CaseView
    """The case now."""
    answer: dict[str, Any]
    """What the asker is told besides: addresses, times, references. Each act says what."""


def acted_view(seen: Seen, answer: dict[str, Any], account_id: str) -> ActedView:
    """The case after an act."""
    return ActedView(case=case_view(seen, account_id), answer=answer)


def case_view(seen: Seen, account_id: str) -> CaseView:
    """The case as ``seen`` by an account. Pure."""
    case, position = seen.case, seen.case.position
    if position is None:
        raise LookupError("a case is shown once it has been opened")
    permits = PERMITS[position.state]
    head = CaseView(
        case_no=case.case_no,
        city=case.head.city,
        state=position.state,
        state_label=state_label(seen.profile, position.state),
        resume_state=position.resume_state,
        whose_move=movers(seen.profile, position.state),
        waiting_for=waiting_for(seen.profile, case),
        version=seen.version,
        opened_at=case.head.opened_at,
        expires_at=case.head.expires_at,
        in_force=permits.in_force,
        you=YouView.model_validate(
            {"as": tuple(a for a in Actor if a in seen.actors), "parties": seen.parties, "acts": open_acts(seen)}
        ),
    )
    shown = permits.in_force or seen.in_full
    # Of a contract that is dead parties keep what ended it: the certificate is theirs to print (ZN-21).
    return head.model_copy(update=_sections(seen, account_id) if shown else {"notary": notary_view(seen)})


def open_acts(seen: Seen) -> tuple[str, ...]:
    """Acts that this caller may try in this state, in the order in which a case meets them."""
    return tuple(name for name, act in EVERY_ACT.items() if _open(seen, act))


def _open(seen: Seen, act: "ActSpec[Any, Any]") -> bool:
    position = seen.case.position
    if position is None or position.state not in act.states:
        return False
    able = [
        each for each in (act.by & seen.actors) - {Actor.SYSTEM} if act.fits is None or act.fits(seen.profile, each)
    ]
    return any(act.event is None or _has_arrow(seen, act, actor) for actor in able)


def _has_arrow(seen: Seen, act: "ActSpec[Any, Any]", actor: Actor) -> bool:
    try:
        transition_for(seen.profile, seen.case.position, act.event, actor)  # type: ignore[arg-type]  # asked only where there is one
    except FilingError:
        return False
    return True


def _sections(seen: Seen, account_id: str) -> dict[str, Any]:
    case = seen.case
    if seen.office_only:
        # What its package tells: the contract with its parties, and the matter.
        return {
            "people": people_view(seen, account_id),
            "house": HouseView.model_validate(case.house),
            "text": TextView.model_validate(case.text),
            "notary": notary_view(seen),
        }
    return {
        "people": people_view(seen, account_id),
        "house": HouseView.model_validate(case.house),
        "text": TextView.model_validate(case.text),
        "papers": _papers(seen),
        "signing": _signing(seen),
        "filing": _filing(seen, account_id),
        "registry": _registry(seen),
        "cancelling": _cancelling(seen),
        "notary": notary_view(seen),
    }


def _signing(seen: Seen) -> SigningView:
    view = SigningView.model_validate(seen.case.signing)
    return view.model_copy(update={"tasks": tuple(_with_signer(seen, task) for task in view.tasks)})


def _with_signer(seen: Seen, task: SigningTaskView) -> SigningTaskView:
    party = seen.case.people.party(task.party)
    signer = None if party is None else signer_of(seen.profile, seen.case, party, seen.now)
    if party is None or signer is None:
        return task
    told = {"signer_name": signer.identified.name, "signer_role": role_label(party, signer)}
    return task.model_copy(update=told)


def _papers(seen: Seen) -> PapersView:
    papers = seen.case.papers
    mine = {party.side for party in seen.case.people.parties if party.key in seen.parties}
    qualification = QualificationView.model_validate(papers.qualification)
    if Side.BUYER not in mine and not seen.in_full:
        qualification = qualification.model_copy(update={"code": None, "reason": None})
    return PapersView.model_validate(
        {
            "qualification": qualification,
            "undertakings": papers.undertakings,
            "materials": tuple(file for file in papers.materials if may_open(seen, file.party)),
            "handed_in": _handed_in(papers.materials),
            "licences_allowed": tuple(allowed.party for allowed in papers.licences_allowed),
        }
    )


def _handed_in(materials: "Iterable[MaterialFile]") -> tuple[HandedInView, ...]:
    counted = Counter((file.slot, file.party) for file in materials)
    return tuple(HandedInView(slot=slot, party=party, count=count) for (slot, party), count in counted.items())


def may_open(seen: Seen, party: str) -> bool:
    """Whether somebody may open a paper of ``party``: their own side's, or as staff. SZ-75: buyers see the filing
    materials too, but an identity document of the other side is none of theirs.
    """
    if seen.in_full:
        return True
    sides = {one.side for one in seen.case.people.parties if one.key in seen.parties}
    owner = seen.case.people.party(party)
    return owner is not None and owner.side in sides


def _filing(seen: Seen, account_id: str) -> FilingView:
    filing = seen.case.filing
    return FilingView(
        required=filing.required,
        number=filing.number,
        review=None if filing.review is None else _review(filing.review, account_id),
        filed_at=filing.filed_at,
        sealed=None if filing.sealed is None else SealedView.model_validate(filing.sealed),
        revoked_at=filing.revoked_at,
        supervision=None if filing.supervision is None else SupervisionView.model_validate(filing.supervision),
    )


def _review(review: Review, account_id: str) -> ReviewView:
    return ReviewView(
        submitted_at=review.submitted_at,
        claimed=review.claimed_by is not None,
        claimed_by_you=review.claimed_by == account_id,
        decision=review.decision,
        decided_at=review.decided_at,
        reasons=review.reasons,
    )


def _registry(seen: Seen) -> RegistryView:
    registry = seen.case.registry
    return RegistryView(
        pushed=tuple(PushView(recipient=who, at=at) for who, at in registry.pushed),
        acknowledged_at=registry.acknowledged_at,
        accepted_at=registry.accepted_at,
        reference=registry.reference,
        rejected_reason=registry.rejected_reason,
        transferred_at=registry.transferred_at,
    )


def _cancelling(seen: Seen) -> CancellingView:
    cancelling = seen.case.cancelling
    return CancellingView(
        current=None if cancelling.current is None else _cancellation(seen, cancelling.current),
        past=tuple(_past(seen, ended) for ended in cancelling.past),
    )


def _past(seen: Seen, ended: PastCancellation) -> CancellationView:
    told = {"outcome": ended.outcome, "ended_at": ended.ended_at, "refused_reason": ended.reason}
    return _cancellation(seen, ended.request).model_copy(update=told)


def _cancellation(seen: Seen, asked: Cancellation) -> CancellationView:
    review = asked.file.review
    papers = [paper for paper in asked.file.papers if paper.party is None or may_open(seen, paper.party)]
    return CancellationView.model_validate(
        {
            **{name: getattr(asked, name) for name in ("rule", "scope", "channel", "ground", "asker", "asked_at")},
            "reason": asked.reason,
            "consents": asked.consents,
            "papers": tuple(CancelPaperView.model_validate(paper) for paper in papers),
            "proofs": asked.file.proofs,
            "mandates": tuple(_mandate(seen, each) for each in asked.file.mandates if may_open(seen, each.party)),
            "submitted_at": review.submitted_at,
            "passed_at": review.passed_at,
            "notary_state": _notary_state(seen) if asked is seen.case.cancelling.current else None,
            "appointment_at": review.appointment_at,
        }
    )


def _mandate(seen: Seen, held: MandateHandedIn) -> MandateView:
    return MandateView.model_validate(
        {name: getattr(held, name) for name in ("party", "sha256", "added_at")}
        | {"id_number": held.id_number if seen.in_full else mask_number(held.id_number)}
        | {name: getattr(held.mandate, name) for name in ("number", "office", "issued_on", "scope", "last_day")}
    )


def _notary_state(seen: Seen) -> NotaryState | None:
    matter = seen.case.notary.current
    cancels = matter is not None and matter.purpose is NotaryPurpose.CANCELLATION
    return matter.state if matter is not None and cancels else None
