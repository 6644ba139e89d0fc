"""Materials: papers handed in for a slot, taken back, or fetched as e-licences (HS-17, HS-26, SZ-75, SZ-77, SZ-98)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from documents.errors import UploadError
from documents.uploads import take_in
from filing.acts.entry.representing import require_own_side
from filing.acts.papers.inputs import LicencesAuthorised, MaterialNamed, MaterialUpload
from filing.acts.signing.bound import party_named
from filing.acts.spec import ActDoc, ActSpec, FileInput, NoInput
from filing.calendar import beijing_day
from filing.case.papers import LicencesAllowed, MaterialFile, MaterialSource
from filing.engine.outcome import Outcome
from filing.engine.roles import require_party, subject_of
from filing.errors import FilingError, GuardsRefuse, NotYours
from filing.guards.duties import objections_to_duty
from filing.guards.representing import guardians_papers
from filing.guards.signing import CO_OWNER_CONSENT, consents_wanted
from filing.lifecycle import State
from filing.outside import ELicenceKind, LicenceAuthorisation
from filing.profile import Actor
from identity.findings import refusals
from identity.staff import StaffRole
from identity.subjects import PartyKind, Side

if TYPE_CHECKING:
    from filing.acts.world import World
    from filing.case.people import CaseParty
    from filing.engine.situation import Situation
    from filing.outside import ELicence
    from filing.profile.entry import Material, MaterialRules

__all__ = ["AUTHORISE_LICENCES", "FETCH_LICENCES", "IDENTITY_SLOT", "REMOVE_MATERIAL", "UPLOAD_MATERIAL"]

IDENTITY_SLOT: Final = "identity"
"""Where fetched e-licences go."""

MOST_IN_A_SLOT: Final = 20
"""Papers of one party in one slot: a household register has some ten pages, photographed one by one."""

_SIDES: Final = {Actor.SELLER: Side.SELLER, Actor.BUYER: Side.BUYER}

_OPEN: Final[frozenset[State | None]] = frozenset({State.DRAFTING, State.TEXT_READY, State.SIGNING, State.SIGNED})
"""While somebody reviews, what they look at does not change; returned materials lead back to ``signed`` (H-32)."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What the e-licence service gave for one party."""

    party: str
    """Key of the party."""

    files: tuple[tuple[str, str], ...]
    """(digest, number of the licence); empty where it holds none, or none that can be taken in."""


def _rules(situation: Situation) -> MaterialRules:
    rules = situation.sale.preparation.materials
    if rules is None:
        raise FilingError("material.none_asked", zh="本市网签无需上传材料", en="this city asks for no papers")
    return rules


def _slot(situation: Situation, name: str) -> Material:
    for slot in _rules(situation).slots:
        if slot.slot == name:
            return slot
    raise FilingError("material.unknown_slot", zh="没有该项材料", en="there is no such slot", slot=name)


def _require_uploader(situation: Situation, slot: str, party: CaseParty) -> None:
    """SZ-75: who may upload. Where both sides may, each its own (HS-17, HS-26); no clerk in a case of their own."""
    actor = situation.who.actor
    if actor in _SIDES and slot in guardians_papers(situation, party):
        require_own_side(situation, party)
        return
    if slot == CO_OWNER_CONSENT and party.key in consents_wanted(situation.profile, situation.case):
        return
    if party.side not in _slot(situation, slot).sides:
        raise FilingError(
            "material.not_of_this_side", zh="该当事人无需提交此项材料", en="this party has no such slot", slot=slot
        )
    allowed = _rules(situation).uploaded_by
    if actor not in allowed:
        raise NotYours(
            "material.view_only", zh="您只可查看材料，不能上传", en="you may look at papers, not hand them in"
        )
    both = {Actor.SELLER, Actor.BUYER} <= set(allowed)
    if both and actor in _SIDES and _SIDES[actor] is not party.side:
        raise NotYours("material.other_side", zh="只能上传本方的材料", en="each side hands in its own papers")
    if actor is Actor.WINDOW_STAFF:
        found = refusals(objections_to_duty(situation, StaffRole.WINDOW_CLERK))
        if found:
            raise GuardsRefuse("upload-material", found)


# --- by hand ---------------------------------------------------------------------------------------------------------


def _check_upload(situation: Situation, asked: MaterialUpload) -> None:
    party = party_named(situation.case, asked.party)
    _require_uploader(situation, asked.slot, party)
    if len(situation.case.papers.materials_in(asked.slot, asked.party)) >= MOST_IN_A_SLOT:
        raise FilingError("material.slot_full", zh="该项材料份数已达上限", en="this slot is full", limit=MOST_IN_A_SLOT)


def _gather_upload(situation: Situation, asked: MaterialUpload, world: World) -> str:
    taken = take_in([asked.upload.content])
    return world.evidence.put(situation.case.case_no, taken.content, taken.media_type)


def _decide_upload(situation: Situation, asked: MaterialUpload, sha256: str) -> Outcome:
    by_window = situation.who.actor is Actor.WINDOW_STAFF
    source = MaterialSource.WINDOW if by_window else MaterialSource.UPLOAD
    file = _file(situation, (asked.slot, asked.party), sha256, source)
    return _added(Outcome(situation.case), file).answering(sha256=sha256, number=file.number)


def _file(situation: Situation, place: tuple[str, str], sha256: str, source: MaterialSource) -> MaterialFile:
    slot, party = place
    there = situation.case.papers.materials_in(slot, party)
    return MaterialFile(
        slot=slot,
        party=party,
        sha256=sha256,
        media_type="application/pdf",
        source=source,
        added_by=situation.who.account_id,
        added_at=situation.now,
        number=max((each.number for each in there), default=0) + 1,
    )


def _added(outcome: Outcome, file: MaterialFile) -> Outcome:
    papers = outcome.case.papers
    return outcome.with_case(papers=replace(papers, materials=(*papers.materials, file))).noting(
        "material.added", slot=file.slot, party=file.party, number=file.number, sha256=file.sha256
    )


def _check_remove(situation: Situation, asked: MaterialNamed) -> None:
    _require_uploader(situation, asked.slot, party_named(situation.case, asked.party))
    if not _named(situation, asked):
        raise FilingError("material.not_there", zh="没有这份材料", en="there is no such paper", number=asked.number)


def _named(situation: Situation, asked: MaterialNamed) -> tuple[MaterialFile, ...]:
    there = situation.case.papers.materials_in(asked.slot, asked.party)
    return tuple(each for each in there if each.number == asked.number)


def _decide_remove(situation: Situation, asked: MaterialNamed, _: None) -> Outcome:
    """It no longer counts; the file stays where it is, as evidence (H-50)."""
    gone = _named(situation, asked)
    papers = situation.case.papers
    kept = tuple(each for each in papers.materials if each not in gone)
    return (
        Outcome(situation.case)
        .with_case(papers=replace(papers, materials=kept))
        .noting("material.removed", slot=asked.slot, party=asked.party, number=asked.number, sha256=gone[0].sha256)
    )


# --- e-licences ------------------------------------------------------------------------------------------------------


def _require_licences(situation: Situation) -> None:
    if not _rules(situation).e_licence:
        raise FilingError("licence.not_used", zh="本市网签不调用电子证照", en="this city fetches no e-licences")


def _check_authorise(situation: Situation, asked: LicencesAuthorised) -> None:
    """Each party signs and hands in their own (SZ-98)."""
    _require_licences(situation)
    require_party(situation.who.parties, asked.party)


def _gather_authorise(situation: Situation, asked: LicencesAuthorised, world: World) -> str:
    taken = take_in([asked.upload.content])
    return world.evidence.put(situation.case.case_no, taken.content, taken.media_type)


def _decide_authorise(situation: Situation, asked: LicencesAuthorised, sha256: str) -> Outcome:
    papers = situation.case.papers
    others = tuple(each for each in papers.licences_allowed if each.party != asked.party)
    allowed = LicencesAllowed(asked.party, sha256, situation.who.account_id, situation.now)
    return (
        Outcome(situation.case)
        .with_case(papers=replace(papers, licences_allowed=(*others, allowed)))
        .noting("licences.allowed", party=asked.party, sha256=sha256)
        .answering(sha256=sha256)
    )


def _check_fetch(situation: Situation, _: NoInput) -> None:
    _require_licences(situation)
    if not _to_fetch(situation):
        raise FilingError(
            "licence.nothing_to_fetch",
            zh="没有已授权且尚未取得的电子证照",
            en="nobody has authorised licences that are still missing",
        )


def _to_fetch(situation: Situation) -> tuple[LicencesAllowed, ...]:
    papers = situation.case.papers
    return tuple(each for each in papers.licences_allowed if not papers.materials_in(IDENTITY_SLOT, each.party))


def _gather_fetch(situation: Situation, _: NoInput, world: World) -> tuple[Fetched, ...]:
    return tuple(_fetch(situation, allowed, world) for allowed in _to_fetch(situation))


def _fetch(situation: Situation, allowed: LicencesAllowed, world: World) -> Fetched:
    party = party_named(situation.case, allowed.party)
    organisation = party.identified.kind is not PartyKind.PERSON
    kinds = (ELicenceKind.BUSINESS_LICENCE,) if organisation else (ELicenceKind.IDENTITY,)
    authorisation = LicenceAuthorisation(allowed.sha256, allowed.allowed_at, situation.case.case_no, kinds)
    subject = subject_of(party.identified, beijing_day(situation.now))
    found = world.outside.licences.fetch(subject, authorisation)
    today = beijing_day(situation.now)
    running = (each for each in found if each.expires_on is None or each.expires_on >= today)
    kept = (_keep(situation, licence, world) for licence in running)
    return Fetched(allowed.party, tuple(each for each in kept if each is not None))


def _keep(situation: Situation, licence: ELicence, world: World) -> tuple[str, str] | None:
    """A file that cannot be taken in counts as not found: then the paper is uploaded by hand (SZ-77, SZ-99)."""
    try:
        taken = take_in([licence.content])
    except UploadError:
        return None
    return world.evidence.put(situation.case.case_no, taken.content, taken.media_type), licence.number


def _decide_fetch(situation: Situation, _: NoInput, fetched: tuple[Fetched, ...]) -> Outcome:
    outcome = Outcome(situation.case)
    for each in fetched:
        for sha256, _number in each.files:
            seen = replace(situation, case=outcome.case)
            outcome = _added(outcome, _file(seen, (IDENTITY_SLOT, each.party), sha256, MaterialSource.E_LICENCE))
        if not each.files:
            outcome = outcome.noting("licences.not_found", party=each.party)
    return outcome.answering(
        fetched=[each.party for each in fetched if each.files],
        upload_by_hand=[each.party for each in fetched if not each.files],
    )


UPLOAD_MATERIAL: Final = ActSpec(
    name="upload-material",
    by=frozenset({Actor.SELLER, Actor.BUYER, Actor.WINDOW_STAFF}),
    states=_OPEN,
    input=MaterialUpload,
    check=_check_upload,
    gather=_gather_upload,
    decide=_decide_upload,
    file=FileInput.ONE,
    doc=ActDoc(
        zh="上传材料：PDF、JPEG或PNG；谁可以上传、上传哪些、哪些必须上传，以本市规定为准。",
        en="Hand in a paper for one slot of one party. Who may, which, and which are required is the city's to say.",
        example={"slot": "identity_and_marriage", "party": "seller-1"},
        errors=(
            *("material.none_asked", "material.unknown_slot", "material.not_of_this_side", "material.view_only"),
            *("material.other_side", "material.slot_full", "upload.unknown_type", "upload.too_large"),
        ),
    ),
    rules=("HS-17", "HS-18", "HS-26", "SZ-55", "SZ-75", "SZ-77", "SZ-84", "SZ-99", "H-09"),
)
"""Inspected, made clean, sealed at rest."""

REMOVE_MATERIAL: Final = ActSpec(
    name="remove-material",
    by=frozenset({Actor.SELLER, Actor.BUYER, Actor.WINDOW_STAFF}),
    states=_OPEN,
    input=MaterialNamed,
    check=_check_remove,
    decide=_decide_remove,
    doc=ActDoc(
        zh="撤下一份已上传的材料；文件仍作为证据留存。",
        en="Take a paper back: it no longer counts. The file stays as evidence.",
        example={"slot": "identity_and_marriage", "party": "seller-1", "number": 1},
        errors=("material.not_there", "material.view_only", "material.other_side"),
    ),
    rules=("HS-17", "SZ-75", "SZ-84"),
)
"""By whoever may hand it in."""

AUTHORISE_LICENCES: Final = ActSpec(
    name="authorise-licences",
    by=frozenset({Actor.SELLER, Actor.BUYER}),
    states=_OPEN,
    input=LicencesAuthorised,
    check=_check_authorise,
    gather=_gather_authorise,
    decide=_decide_authorise,
    file=FileInput.ONE,
    doc=ActDoc(
        zh="授权调用电子证照：当事人上传本人签署的授权书。",
        en="A party hands in the authorisation it signed; its e-licences may then be fetched.",
        example={"party": "buyer-1"},
        errors=("licence.not_used", "party.not_yours"),
    ),
    rules=("SZ-77", "SZ-98"),
)
"""Each party for itself."""

FETCH_LICENCES: Final = ActSpec(
    name="fetch-licences",
    by=frozenset({Actor.SELLER, Actor.BUYER, Actor.WINDOW_STAFF, Actor.SYSTEM}),
    states=_OPEN,
    input=NoInput,
    check=_check_fetch,
    gather=_gather_fetch,
    decide=_decide_fetch,
    doc=ActDoc(
        zh="获取电子证照：对已授权的当事人自动获取；无法获取的，请手动上传身份证明材料。",
        en="Fetch the e-licences of those who authorised it; the answer names whose papers must be uploaded by hand.",
        example={},
        errors=("licence.not_used", "licence.nothing_to_fetch", "outside.unavailable"),
    ),
    rules=("SZ-76", "SZ-77", "SZ-99"),
)
"""What is not found is uploaded by hand."""
