"""Consents and papers of a cancellation, each side its own (SZ-98…105), and handing it in for review."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from documents.uploads import take_in
from filing.acts.cancelling.request import under_way
from filing.acts.spec import ActDoc, ActSpec, FileInput, NoInput, Upload
from filing.case.cancelling import CancelPaper, ConsentGiven
from filing.effects.telling import tell
from filing.engine.outcome import Outcome
from filing.engine.roles import require_party
from filing.errors import FilingError, GuardsRefuse
from filing.guards.cancel_situation import IDENTITY_PROOF, missing_consents, missing_papers, row_of
from filing.lifecycle import State
from filing.messages.keys import MessageKey
from filing.profile import Actor
from filing.profile.cancelling import Consent
from identity.findings import Finding

if TYPE_CHECKING:
    from filing.acts.world import World
    from filing.case.cancelling import Cancellation
    from filing.engine.situation import Situation
    from filing.profile.cancelling import CancelRule

__all__ = [
    "CONSENT_CANCEL",
    "SUBMIT_CANCEL_REVIEW",
    "UPLOAD_CANCEL_PAPER",
    "UploadCancelPaperInput",
    "require_complete",
    "with_request",
]

_ONLINE: Final = frozenset({Consent.OTHER_SIDE, Consent.ALL_PARTIES})
"""Kinds of consent that are given by logging in; the others are given before a clerk or a notary."""

_CANCELLING: Final[frozenset[State | None]] = frozenset({State.CANCELLING})


@dataclass(frozen=True, slots=True)
class UploadCancelPaperInput:
    """A paper of the cancellation."""

    paper: str
    """Which, as the city's table names it: ``cancel_form``, ``termination_agreement`` … or ``identity_proof``."""

    upload: Upload
    """One PDF or picture, signed by the party."""

    party: str | None = None
    """For which party: one's own; at the window also nobody's, where one paper serves all."""


def with_request(situation: Situation, asked: Cancellation) -> Outcome:
    """The outcome with the request replaced."""
    return Outcome(situation.case).with_case(cancelling=replace(situation.case.cancelling, current=asked))


def require_complete(situation: Situation, asked: Cancellation, row: CancelRule) -> None:
    """Raises :class:`GuardsRefuse` with every consent and paper that is missing."""
    found = (
        *(
            Finding("cancel.consent_missing", "尚有当事人未确认", "a party has not agreed", facts=(("party", key),))
            for key in missing_consents(situation.case, asked, row)
        ),
        *(
            Finding(
                "cancel.paper_missing",
                "注销材料不齐",
                "a paper of the cancellation is missing",
                facts=(("paper", paper), ("party", party or "any")),
            )
            for paper, party in missing_papers(situation.case, asked, row)
        ),
    )
    if found:
        raise GuardsRefuse("submit-cancel-review", found)


def _check_consent(situation: Situation, _: NoInput) -> None:
    if row_of(situation.profile, under_way(situation)).consent not in _ONLINE:
        raise FilingError(
            "cancel.no_consent_online", zh="该注销申请不在线上确认", en="consent is not given online here"
        )


def _consent(situation: Situation, _: NoInput, __: None) -> Outcome:
    """SZ-103: agreeing tells those who have still to agree."""
    asked, who = under_way(situation), situation.who
    already = {consent.party for consent in asked.consents}
    given = tuple(ConsentGiven(key, who.account_id, situation.now) for key in who.parties if key not in already)
    agreed = replace(asked, consents=(*asked.consents, *given))
    noted = with_request(situation, agreed).noting("cancel.consented", parties=[consent.party for consent in given])
    waiting = missing_consents(situation.case, agreed, row_of(situation.profile, agreed)) if given else ()
    return tell(noted, MessageKey.CONSENT_WANTED, waiting, f"consent@{situation.now.isoformat()}")


def _check_upload(situation: Situation, said: UploadCancelPaperInput) -> None:
    row = row_of(situation.profile, under_way(situation))
    at_window = situation.who.actor is Actor.WINDOW_STAFF
    wanted = {*row.demands.papers, IDENTITY_PROOF, *(row.demands.proofs if at_window else ())}
    if said.paper not in wanted:
        raise FilingError("cancel.paper_unknown", zh="本次注销不需要该材料", en="this paper is not asked for")
    if not at_window and situation.who.actor is not Actor.DEVELOPER:
        require_party(situation.who.parties, said.party or "")
    elif said.party is not None:
        require_party(tuple(party.key for party in situation.case.people.parties), said.party)


def _gather_upload(situation: Situation, said: UploadCancelPaperInput, world: World) -> str:
    taken = take_in([said.upload.content])
    return world.evidence.put(situation.case.case_no, taken.content, taken.media_type)


def _upload(situation: Situation, said: UploadCancelPaperInput, sha256: str) -> Outcome:
    asked, who = under_way(situation), situation.who
    paper = CancelPaper(said.paper, sha256, who.account_id, situation.now, said.party)
    others = tuple(p for p in asked.file.papers if (p.paper, p.party) != (said.paper, said.party))
    shown = said.paper in row_of(situation.profile, asked).demands.proofs
    proofs = (*asked.file.proofs, said.paper) if shown and said.paper not in asked.file.proofs else asked.file.proofs
    # The applicant is whoever uploads first (SZ-100); a clerk and an office are nobody's applicant.
    first = not asked.file.papers and who.actor in (Actor.SELLER, Actor.BUYER)
    filed = replace(
        asked,
        asked_by=who.account_id if first else asked.asked_by,
        file=replace(asked.file, papers=(*others, paper), proofs=proofs),
    )
    return with_request(situation, filed).noting("cancel.paper", paper=said.paper, party=said.party, sha256=sha256)


def _submit(situation: Situation, _: NoInput, __: None) -> Outcome:
    asked = under_way(situation)
    row = row_of(situation.profile, asked)
    if not row.demands.review:
        raise FilingError("cancel.no_review", zh="该注销申请无需审核", en="this cancellation is not reviewed")
    require_complete(situation, asked, row)
    review = replace(asked.file.review, submitted_at=situation.now)
    return with_request(situation, replace(asked, file=replace(asked.file, review=review))).noting("cancel.submitted")


CONSENT_CANCEL: Final = ActSpec(
    name="consent-cancel",
    by=frozenset({Actor.SELLER, Actor.BUYER}),
    states=_CANCELLING,
    input=NoInput,
    check=_check_consent,
    decide=_consent,
    doc=ActDoc(
        zh="确认注销申请。需对方确认的，对方每一人均须确认；备案后注销的，全体当事人均须确认。",
        en="Agree to a cancellation. Every person of the other side does; after filing every party.",
        example={},
        errors=("cancel.none", "cancel.no_consent_online"),
    ),
    rules=("SZ-82", "SZ-88", "SZ-91", "SZ-103", "SZ-104", "H-21", "H-29"),
)
"""Agree."""

UPLOAD_CANCEL_PAPER: Final = ActSpec(
    name="upload-cancel-paper",
    by=frozenset({Actor.SELLER, Actor.BUYER, Actor.DEVELOPER, Actor.WINDOW_STAFF}),
    states=_CANCELLING,
    input=UploadCancelPaperInput,
    check=_check_upload,
    gather=_gather_upload,
    decide=_upload,
    file=FileInput.ONE,
    doc=ActDoc(
        zh="上传注销材料：授权书（或身份证明）、注销申请表、承诺书、解除协议。买卖双方各自上传本人材料，先上传者为申请人。",
        en="Upload a paper of the cancellation, each party its own; the first to upload is the applicant.",
        example={"paper": "cancel_form", "party": "seller-1"},
        errors=("cancel.paper_unknown", "party.not_yours"),
    ),
    rules=("SZ-98", "SZ-99", "SZ-100", "SZ-101", "SZ-102", "SZ-104", "ZN-05", "ZS-46"),
)
"""Hand in a paper."""

SUBMIT_CANCEL_REVIEW: Final = ActSpec(
    name="submit-cancel-review",
    by=frozenset({Actor.SELLER, Actor.BUYER, Actor.DEVELOPER, Actor.WINDOW_STAFF}),
    states=_CANCELLING,
    input=NoInput,
    decide=_submit,
    doc=ActDoc(
        zh="全体当事人材料上传齐备后，任何一方可提交审核。",
        en="When everybody's papers are in, any party hands the cancellation in for review.",
        example={},
        errors=("case.guards_refuse", "cancel.no_review"),
    ),
    rules=("SZ-105",),
)
"""Hand in for review."""
