"""What the exchange needs besides a town: offices, recordings, a look into videos, codes to scan, packages.

The office signs for real (``qianshu.demo_data.notary_office``); everything is kept in memory.
"""

from __future__ import annotations

import hashlib
import io
import zlib
from contextlib import contextmanager
from dataclasses import dataclass, field, fields
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from documents.video import TrackSeen, VideoSeen
from filing.acts.world import World
from filing.case.notary import QrToken
from notary.certificates import mandate_judge, notarial_judge
from notary.offices import acts_at
from notary.ports import KeptFile, PackageBuilt, ScanCode, UploadFacts
from notary.scan_codes import draw_token, token_digest
from notary.world import NotaryWorld
from qianshu.demo_data.notary_office import demo_office
from storage.errors import StorageError
from tests.builders.keyring import NOW
from tests.builders.notary_office import office

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime
    from typing import BinaryIO

    from filing.case.people import CaseParty
    from filing.engine.situation import Situation
    from notary.offices import NotaryOffice
    from notary.package import PackagePlan
    from qianshu.demo_data.notary_office import DemoOffice

__all__ = [
    "CODE_ADDRESS",
    "GOOD_VIDEO",
    "OFFICE_ID",
    "OTHER_OFFICE_ID",
    "Offices",
    "Packages",
    "Probe",
    "Recordings",
    "ScanDesk",
    "other_office",
    "with_notary",
]

CODE_ADDRESS: Final = "https://sign.test/n/"

GOOD_VIDEO: Final = VideoSeen(
    media_type="video/mp4",
    duration_ms=16_000,
    tracks=(TrackSeen("video", "h264", 16_000), TrackSeen("audio", "aac", 16_000)),
    width=720,
    height=1280,
    brightest=120,
    loudest_db=-12.0,
    decoded_ms=16_000,
    whole=True,
)
"""What a look into a proper video shows."""


@cache
def other_office() -> DemoOffice:
    """Another at the same place, certified by the same authority."""
    return demo_office(NOW - timedelta(days=30), "广东省中山市菊城公证处", "粤中菊城", office().pki)


OFFICE_ID: Final = office().record.office_id
OTHER_OFFICE_ID: Final = other_office().record.office_id


def _listed() -> dict[str, NotaryOffice]:
    return {one.record.office_id: one.record for one in (office(), other_office())}


@dataclass
class Offices:
    """The bureau's list."""

    book: dict[str, NotaryOffice] = field(default_factory=_listed)

    def load(self, office_id: str) -> NotaryOffice | None:
        return self.book.get(office_id)

    def every(self) -> Sequence[NotaryOffice]:
        return list(self.book.values())

    def at_place(self, region_code: str, now: datetime) -> Sequence[NotaryOffice]:
        here = (one for one in self.book.values() if acts_at(one, region_code))
        return [one for one in here if one.ended_at is None or one.ended_at > now]


class ScanDesk:
    """Codes whose sealing turns them round."""

    def mint(self, situation: Situation, party: CaseParty, life: timedelta) -> ScanCode:
        token = draw_token(situation.case.case_no, party.key)
        kept = QrToken(token_digest(token), token[::-1], situation.now, situation.now + life)
        message = None if party.contact is None else {"link_id": token_digest(token)[:16], "sealed": "…"}
        return ScanCode(kept, f"{CODE_ADDRESS}{token}", message)

    def address(self, situation: Situation, token: QrToken) -> str:
        return f"{CODE_ADDRESS}{token.sealed[::-1]}"


@dataclass
class Recordings:
    """Uploads by number, kept when told so."""

    uploads: dict[str, tuple[UploadFacts, bytes]] = field(default_factory=dict)
    kept: dict[tuple[str, str], bytes] = field(default_factory=dict)

    def give(self, case_no: str, owner: str, content: bytes, now: datetime, **metadata: str) -> str:
        """Somebody uploads."""
        number = f"up-{len(self.uploads) + 1}"
        digest = hashlib.sha256(content).hexdigest()
        facts = UploadFacts(number, case_no, owner, metadata, digest, len(content), NOW)
        self.uploads[number] = (facts, content)
        return number

    def finished(self, upload_id: str) -> UploadFacts:
        if upload_id not in self.uploads:
            raise StorageError("upload.unknown", zh="没有该上传", en="no such upload")
        return self.uploads[upload_id][0]

    def keep(self, upload_id: str, media_type: str) -> str:
        facts = self.finished(upload_id)
        self.kept[facts.case_no, facts.sha256] = self.uploads[upload_id][1]
        return facts.sha256

    @contextmanager
    def open_upload(self, upload_id: str) -> Iterator[BinaryIO]:
        self.finished(upload_id)
        yield io.BytesIO(self.uploads[upload_id][1])

    def discard(self, upload_id: str) -> None:
        self.uploads.pop(upload_id, None)


@dataclass
class Probe:
    """A look that always shows the same."""

    facts: VideoSeen = GOOD_VIDEO

    def look(self, recording: BinaryIO) -> VideoSeen:
        return self.facts


@dataclass
class TownFiles:
    """Every file of every case of a town, as streams."""

    town: Any

    def facts(self, case_no: str, sha256: str) -> KeptFile:
        content = self._content(case_no, sha256)
        return KeptFile(sha256, zlib.crc32(content), len(content), "application/octet-stream")

    @contextmanager
    def open(self, case_no: str, sha256: str) -> Iterator[BinaryIO]:
        yield io.BytesIO(self._content(case_no, sha256))

    def _content(self, case_no: str, sha256: str) -> bytes:
        kept = (self.town.files.kept, self.town.recordings.kept)
        found = next((each[case_no, sha256] for each in kept if (case_no, sha256) in each), None)
        return self.town.store.objects[sha256] if found is None else found


@dataclass
class Packages:
    """Builds without a seal: the container has tests of its own. What was built is kept by its digest."""

    built: dict[tuple[str, int], bytes] = field(default_factory=dict)
    fails: list[Exception] = field(default_factory=list)

    def build(self, city: str, plan: PackagePlan) -> PackageBuilt:
        if self.fails:
            raise self.fails.pop(0)
        content = b"".join(f"{file.name} {file.sha256}\n".encode() for file in plan.files)
        self.built[plan.case_no, plan.number] = content
        return PackageBuilt(hashlib.sha256(content).hexdigest(), len(content), NOW)


def with_notary(world: World, offices: Offices, recordings: Recordings, video: Probe, codes: ScanDesk) -> NotaryWorld:
    """``world`` with the exchange's part."""
    own = {one.name: getattr(world, one.name) for one in fields(World)}
    own |= {"judge_notarial": notarial_judge(offices, ()), "judge_mandate": mandate_judge(offices, ())}
    return NotaryWorld(**own, offices=offices, recordings=recordings, video=video, scan_codes=codes)
