"""What notary acts and jobs ask, wired: codes purchasers scan, a look into videos, packages built and kept.

``ScanCodeDesk(sealer, books, base_url)``: a code's address is ``base_url`` + ``/n/`` + token; the token lies sealed in
the case and in the message, and nowhere else. ``SealedPackages(streams, desks, clock)``: a package goes from its files
into the store while it is built; nothing of it lies anywhere in clear.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Final, cast

from documents.video import look
from filing.case.notary import QrToken
from filing.case.signers import signer_of
from filing.messages import MessageKey, language_for
from filing.messages.book import names_in
from identity.codes import TextMessage
from identity.codes.message import seal_message
from notary.package import package_stream
from notary.ports import PackageBuilt, ScanCode
from notary.scan_codes import draw_token, token_digest
from signing.containers import MEDIA_TYPE, ContainerSealer, container_report_to_dict, open_container

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime, timedelta

    from documents.video import VideoSeen
    from filing.case.people import CaseParty
    from filing.contract import SigningDesk
    from filing.engine.situation import Situation
    from filing.messages import MessageBook
    from identity.ports import Sealer
    from notary.package import PackagePlan
    from signing.validation import TrustAnchors
    from storage.recordings import CaseStreams

__all__ = ["PackageLook", "ScanCodeDesk", "SealedPackages", "VideoLook"]

NO_WORDS: Final = "—"
"""Where a city's text names something that is not known."""

_LINK_ID_LENGTH: Final = 32


@dataclass(frozen=True, slots=True)
class ScanCodeDesk:
    """``notary.ports.ScanCodes``."""

    sealer: Sealer
    """The key of the records."""

    books: Mapping[str, MessageBook]
    """Words of each city."""

    base_url: str
    """Where people's telephones come to."""

    def mint(self, situation: Situation, party: CaseParty, life: timedelta) -> ScanCode:
        """A fresh code, and the message that brings it to whoever acts for the purchaser."""
        case_no = situation.case.case_no
        token = draw_token(case_no, party.key)
        digest = token_digest(token)
        sealed = base64.b64encode(self.sealer.encrypt(token.encode(), _context(case_no, digest))).decode()
        kept = QrToken(digest, sealed, situation.now, situation.now + life)
        return ScanCode(kept, self._url(token), self._message(situation, party, kept, self._url(token)))

    def address(self, situation: Situation, token: QrToken) -> str:
        """What is in the picture of a code that was minted before."""
        context = _context(situation.case.case_no, token.token_sha256)
        return self._url(self.sealer.decrypt(base64.b64decode(token.sealed), context).decode())

    def _url(self, token: str) -> str:
        return f"{self.base_url.rstrip('/')}/n/{token}"

    def _message(self, situation: Situation, party: CaseParty, kept: QrToken, link: str) -> Mapping[str, object] | None:
        signer = signer_of(situation.profile, situation.case, party, situation.now)
        if signer is None or signer.phone is None:
            return None
        book = self.books[situation.case.head.city]
        text = book.text(MessageKey.NOTARY_CODE, language_for(signer.identified.region))
        offered = {"case_no": situation.case.case_no, "link": link}
        values = {name: offered.get(name, NO_WORDS) for name in sorted(names_in(text))}
        message = TextMessage(signer.phone, text, values, expires_at=kept.expires_at)
        return seal_message(self.sealer, kept.token_sha256[:_LINK_ID_LENGTH], message).to_payload()


def _context(case_no: str, digest: str) -> str:
    """A sealed token opens in its own case, and as itself."""
    return f"notary-code:{case_no}:{digest}"


@dataclass(frozen=True, slots=True)
class VideoLook:
    """``notary.ports.VideoProbe`` by the tools of ``documents.video``."""

    def look(self, recording: BinaryIO) -> VideoSeen:
        """What is in it."""
        return look(recording)


@dataclass(frozen=True, slots=True)
class SealedPackages:
    """``notary.ports.PackageDesk``."""

    streams: CaseStreams
    """Files of cases, and where packages are kept among them."""

    desks: Mapping[str, SigningDesk]
    """By city: its authority's seal."""

    clock: Callable[[], datetime]
    """For the claimed time of the seal."""

    def build(self, city: str, plan: PackagePlan) -> PackageBuilt:
        """Build, seal and keep it; one that was built before and not recorded stays where it is."""
        desk = self.desks[city]
        sealer = ContainerSealer(desk.filing_seal, desk.timestamper, self.clock, desk.revocation)
        with package_stream(plan, self.streams, sealer) as stream:
            kept = self.streams.keep_stream(plan.case_no, cast("BinaryIO", stream), MEDIA_TYPE)
            return PackageBuilt(kept.sha256, kept.size_bytes, stream.sealed_at)


@dataclass(frozen=True, slots=True)
class PackageLook:
    """``api.ports.PackageExaminer``."""

    streams: CaseStreams
    """Where packages are kept."""

    trust: TrustAnchors
    """Roots of every authority served."""

    def examine(self, case_no: str, sha256: str, now: datetime) -> Mapping[str, object]:
        """The report; the container is read as its office gets it."""
        with self.streams.open(case_no, sha256) as stream:
            return container_report_to_dict(open_container(stream, trust=self.trust, now=now))
