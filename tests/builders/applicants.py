"""Purchasers before a notary: a matter whose codes were returned, telephones that act on it, and a world around it.

The face provider, recordings and the look into a video answer from memory; photos, ink, keys and the agreement are real
where a test asks for them (``with_agreement``).
"""

from __future__ import annotations

import hashlib
import io
from contextlib import contextmanager
from dataclasses import dataclass, field, fields, replace
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from documents.video import TrackSeen, VideoSeen
from filing.acts.perform import Asked, perform_act
from filing.acts.perform import House as ActHouse
from filing.acts.spec import Upload
from filing.case.notary import (
    Agreement,
    ApplicantTask,
    MatterPaper,
    NotaryState,
    QrToken,
)
from filing.lifecycle import CasePosition, State
from filing.profile.cancelling import NotaryStep
from filing.profile.people import PersonGroup
from identity.numbers import Region
from identity.subjects import Side
from notary.agreement import agreement_paper, make_agreement, next_version, sign_agreement, with_signature
from notary.applicant import ACTS
from notary.applicant.order import applicant_view
from notary.ports import UploadFacts
from notary.world import NotaryWorld
from storage.errors import StorageError
from tests.builders.cases import acting, calendar, cities, key_of, profile
from tests.builders.consents import consenting
from tests.builders.desks import Codes, Files, Links, Numbers, Unasked, _Book, strokes_document
from tests.builders.entry import EntryDesks, entry_desks
from tests.builders.id_photos import jpeg, photo
from tests.builders.keyring import NOW
from tests.builders.termination import CITY, at, filed_case, handwriting
from tests.fakes.outside import FakeFaceCheck

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from filing.acts.perform import Performed
    from filing.case import Case
    from filing.case.notary import NotaryMatter
    from identity.acting import ActingPerson
    from notary.applicant.order import ApplicantView
    from tests.builders.cases import Someone

BY_NAME = {act.name: act for act in ACTS}
READ = ("termination_agreement", "notary_application", "notary_notice", "acceptance_record")
GOOD_VIDEO = VideoSeen(
    media_type="video/mp4",
    duration_ms=17_000,
    tracks=(TrackSeen("video", "h264", 17_000), TrackSeen("audio", "aac", 16_950)),
    width=720,
    height=1280,
    brightest=130,
    loudest_db=-9.5,
    decoded_ms=17_000,
    whole=True,
)


def sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def token_of(party: str, issue: int = 1) -> str:
    """What is in a purchaser's code."""
    return f"token-of-{party}-{issue}"


def code_for(party: str, issue: int = 1, **changes: Any) -> QrToken:
    made = QrToken(sha(token_of(party, issue)), "sealed", NOW, NOW + timedelta(days=3))
    return replace(made, **changes)


@dataclass
class Uploads:
    """:class:`notary.ports.Recordings` in memory."""

    waiting: dict[str, tuple[UploadFacts, bytes]] = field(default_factory=dict)
    kept: dict[str, str] = field(default_factory=dict)
    discarded: list[str] = field(default_factory=list)

    def finished(self, upload_id: str) -> UploadFacts:
        if upload_id not in self.waiting:
            raise StorageError("upload.unknown", zh="没有该上传", en="no such upload")
        return self.waiting[upload_id][0]

    def keep(self, upload_id: str, media_type: str) -> str:
        sha256 = self.finished(upload_id).sha256
        self.kept[sha256] = media_type
        return sha256

    @contextmanager
    def open_upload(self, upload_id: str) -> Iterator[BinaryIO]:
        self.finished(upload_id)
        yield io.BytesIO(self.waiting[upload_id][1])

    def discard(self, upload_id: str) -> None:
        self.waiting.pop(upload_id, None)
        self.discarded.append(upload_id)


@dataclass
class Probe:
    """:class:`notary.ports.VideoProbe` that was told what it sees."""

    facts: VideoSeen = GOOD_VIDEO
    looked_at: list[bytes] = field(default_factory=list)

    def look(self, recording: BinaryIO) -> VideoSeen:
        self.looked_at.append(recording.read())
        return self.facts


@dataclass
class Applicants:
    """A case before a notary, and everything that came of the acts on it."""

    case: Case
    desks: EntryDesks | None = None
    now: Any = NOW
    face: FakeFaceCheck = field(default_factory=FakeFaceCheck)
    files: Files = field(default_factory=Files)
    uploads: Uploads = field(default_factory=Uploads)
    probe: Any = field(default_factory=Probe)
    facts: list[Any] = field(default_factory=list)
    tasks: list[Any] = field(default_factory=list)
    refused: list[Any] = field(default_factory=list)
    version: int = 1
    consents_given: bool = True
    """As in :class:`tests.builders.desks.Desks`."""

    def __post_init__(self) -> None:
        self.face.clock = lambda: self.now

    @property
    def world(self) -> NotaryWorld:
        parts = {
            "outside": _Outside(self.face),
            "desk": Unasked(),
            "contract": Unasked(),
            "codes": Codes(),
            "links": Links(),
            "numbers": Numbers(),
            "key_of": key_of,
            "house_key_of": Unasked(),
            "read_text": Unasked(),
        }
        if self.desks is not None:
            made = self.desks.world
            parts |= {each.name: getattr(made, each.name) for each in fields(made) if each.name != "outside"}
        notary = {"offices": Unasked(), "recordings": self.uploads, "video": self.probe, "scan_codes": Unasked()}
        known = {each.name for each in fields(NotaryWorld)}
        others = {name: Unasked() for name in known - set(parts) - set(notary) - {"evidence"}}
        return NotaryWorld(**{**parts, **notary, **others, "evidence": self.files})

    @property
    def matter(self) -> NotaryMatter:
        matter = self.case.notary.current
        assert matter is not None
        return matter

    def task(self, party: str = "buyer-1") -> ApplicantTask:
        task = self.matter.task(party)
        assert task is not None
        return task

    def view(self, party: str = "buyer-1") -> ApplicantView:
        return applicant_view(profile(CITY), self.matter, self.task(party), self.now)

    def steps(self, party: str = "buyer-1") -> list[str]:
        return [each.step.value for each in self.task(party).steps]

    def change(self, **changes: Any) -> None:
        """Something in the matter, as others would."""
        self.case = replace(self.case, notary=replace(self.case.notary, current=replace(self.matter, **changes)))

    def change_task(self, party: str, **changes: Any) -> None:
        made = replace(self.task(party), **changes)
        self.change(tasks=tuple(made if each.party == party else each for each in self.matter.tasks))

    def later(self, **delta: float) -> None:
        self.now += timedelta(**delta)

    def phone(self, someone: Someone, party: str, **login: Any) -> Telephone:
        return Telephone(self, acting(someone, CITY, **login), party)

    def do(self, name: str, person: ActingPerson, /, **said: Any) -> Performed:
        act = BY_NAME[name]
        before = self.case
        if self.consents_given:
            self.case = consenting(self.case, act, person, self.now)
        house = ActHouse(_Book(self), self.world, cities(), calendar(), lambda: self.now)
        try:
            return perform_act(house, self.case.case_no, Asked(act, act.input(**said), person))
        except BaseException:
            self.case = before
            raise


@dataclass
class _Outside:
    face: FakeFaceCheck


@dataclass
class Telephone:
    """One person at one purchaser's task."""

    office: Applicants
    person: ActingPerson
    party: str

    def do(self, name: str, /, **said: Any) -> Performed:
        return self.office.do(name, self.person, party=self.party, **said)

    def claim(self, issue: int = 1) -> Performed:
        return self.do("notary-claim", token=token_of(self.party, issue))

    def show_face(self, outcome: str = "passed") -> Performed:
        self.do("notary-face-begin", return_url="https://app.example/back")
        for ref, (_, _, result) in list(self.office.face.sessions.items()):
            if result.at is None:
                self.office.face.press(ref, outcome)
        return self.do("notary-face-finish")

    def read_all(self) -> None:
        for paper in self.office.matter.papers:
            if paper.paper in READ:
                for page in range(1, paper.page_count + 1):
                    self.do("notary-read-page", paper=paper.paper, sha256=paper.sha256, page=page)

    def agree(self) -> Performed:
        papers = {each.paper: each.sha256 for each in self.office.matter.papers if each.paper in READ}
        return self.do("notary-agree", digests=papers)

    def enter_id(self, **changes: Any) -> Performed:
        number = self.person.subject.number
        return self.do("notary-enter-id", **{"id_type": number.type, "id_number": number.normalised} | changes)

    def take(self, kind: str, content: bytes | None = None) -> Performed:
        from notary.applicant.inputs import PhotoKind  # noqa: PLC0415 - only for photos

        return self.do(
            "notary-upload-photo", kind=PhotoKind(kind), upload=Upload(content or card(kind), "IMG_0001.jpg")
        )

    def sign(self, **changes: Any) -> Performed:
        return self.do("notary-give-signature", **{"strokes": strokes_document()} | changes)

    def pose(self, **said: Any) -> dict[str, Any]:
        return dict(self.do("notary-video-script", **said).answer)

    def upload(self, attempt: str, content: bytes = b"a video", **changes: Any) -> str:
        """To ``/v1/uploads``, outside the case."""
        upload_id = f"upload-{len(self.office.uploads.waiting) + len(self.office.uploads.discarded) + 1}"
        facts = UploadFacts(
            upload_id,
            self.office.case.case_no,
            self.person.account_id,
            {"party": self.party, "attempt": attempt, "filename": "v.mp4"},
            hashlib.sha256(content).hexdigest(),
            len(content),
            self.office.now,
        )
        self.office.uploads.waiting[upload_id] = replace(facts, **changes), content
        return upload_id

    def film(self, content: bytes = b"a video") -> Performed:
        attempt = self.pose()["attempt"]
        return self.do("notary-give-video", attempt=attempt, upload_id=self.upload(attempt, content))

    def submit(self) -> Performed:
        agreement = self.office.matter.agreement
        assert agreement is not None
        return self.do("notary-submit", agreement_sha256=agreement.text_sha256)

    def walk(self, until: str | None = None) -> None:
        """Every step that is left, in order, up to before ``until``."""
        while (step := self.office.view(self.party).next_step) is not None and step.value != until:
            self.step(step)

    def step(self, step: NotaryStep) -> None:
        """One step, whatever it takes."""
        if step is NotaryStep.READ_ALL:
            self.read_all()
        for way in WAYS[step]:
            way(self)


WAYS = {
    NotaryStep.SELECT_SELF: (Telephone.claim,),
    NotaryStep.FACE: (Telephone.show_face,),
    NotaryStep.ENTER_ID_DOCUMENT: (Telephone.enter_id,),
    NotaryStep.READ_ALL: (Telephone.agree,),
    NotaryStep.UPLOAD_ID_PHOTOS: (lambda phone: phone.take("id_front"), lambda phone: phone.take("id_back")),
    NotaryStep.UPLOAD_ID_IN_HAND: (lambda phone: phone.take("id_in_hand"),),
    NotaryStep.UPLOAD_SIGNATURE_IMAGE: (Telephone.sign,),
    NotaryStep.VIDEO: (lambda phone: phone.film(f"video of {phone.party}".encode()),),
}


@cache
def card(kind: str = "id_front") -> bytes:
    """A photo that is sharp, one of each kind."""
    fills = {"id_front": 0.7, "id_back": 0.6, "id_in_hand": 0.4}
    return jpeg(photo((800, 600), fill=fills[kind]))


def applicants(*buyers: Someone, **changes: Any) -> Applicants:
    """Codes were returned for these purchasers; papers and agreement are digests."""
    papers = tuple(MatterPaper(name, sha(name), pages) for name, pages in zip(READ, (3, 2, 1, 1), strict=True))
    office = Applicants(_called(filed_case(*buyers, **changes)))
    office.change(papers=papers, agreement=Agreement(1_000_000, papers[0].sha256, papers[0].sha256, page_count=3))
    return office


def with_agreement(service: Any, *buyers: Someone, **changes: Any) -> Applicants:
    """The same with a real agreement, certified and signed by the developer."""
    desks = entry_desks(service, _called(filed_case(*buyers, **changes)))
    agreement = make_agreement(at(desks), desks.world, next_version(desks.case))
    signed = sign_agreement(at(desks), desks.world, agreement, "seller-1", handwriting())
    office = Applicants(desks.case, desks)
    others = tuple(MatterPaper(name, sha(name), 1) for name in READ[1:])
    office.change(papers=(agreement_paper(agreement), *others), agreement=with_signature(agreement, signed))
    return office


def _called(case: Case) -> Case:
    matter = case.notary.current
    assert matter is not None
    tasks = tuple(_task(party) for party in case.people.of_side(Side.BUYER))
    called = replace(matter, state=NotaryState.QR_RETURNED, tasks=tasks)
    return replace(
        case,
        notary=replace(case.notary, current=called),
        position=CasePosition(State.CANCELLING, State.FILED),
    )


def _task(party: Any) -> ApplicantTask:
    mainland = party.identified.region is Region.CN
    return ApplicantTask(party.key, PersonGroup.MAINLAND if mainland else PersonGroup.OVERSEAS, qr=code_for(party.key))
