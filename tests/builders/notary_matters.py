"""Cases before notary offices, as values: for tests of who sees what. The acts themselves are not run here."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from filing.case.notary import (
    Agreement,
    ApplicantTask,
    CaseNotary,
    Certificate,
    Exchange,
    MatterPaper,
    NotaryMatter,
    NotaryPurpose,
    NotaryState,
    Office,
    PackageVersion,
    QrToken,
)
from filing.lifecycle import State
from filing.profile.people import PersonGroup
from identity.acting import Machine, MachineKind
from tests.builders.cases import in_state
from tests.builders.keyring import NOW

if TYPE_CHECKING:
    from filing.case import Case

CITY = "zhongshan-notary"
SHIQI = Office("shiqi", "广东省中山市石岐公证处", "粤中石岐")
OTHER = Office("other", "广东省中山市香山公证处", "粤中香山")
CONTAINER = b"PK\x03\x04 a container " + bytes(range(256)) * 40
CONTAINER_SHA = hashlib.sha256(CONTAINER).hexdigest()
CERTIFICATE_PDF = b"%PDF-1.7 certificate"
PAPER_PDF = b"%PDF-1.7 notice"


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def package(number: int = 1, content: bytes = CONTAINER, **changes: Any) -> PackageVersion:
    made = PackageVersion(number, complete=False, ordered_at=NOW, sha256=sha(content), size_bytes=len(content))
    return replace(made, **{"sealed_at": NOW, **changes})


def qr(party: str = "buyer-1", **changes: Any) -> QrToken:
    token = QrToken(sha(party.encode()), f"sealed:{party}", NOW, NOW + timedelta(days=7))
    return replace(token, **changes)


def task(party: str = "buyer-1", **changes: Any) -> ApplicantTask:
    return replace(ApplicantTask(party, PersonGroup.MAINLAND, qr=qr(party)), **changes)


def matter(state: NotaryState = NotaryState.QR_RETURNED, office: Office | None = SHIQI, **changes: Any) -> NotaryMatter:
    made = NotaryMatter(
        1,
        NotaryPurpose.CANCELLATION,
        "new_house_cancel",
        NOW,
        state,
        office,
        papers=(MatterPaper("notary_notice", sha(PAPER_PDF), 2),),
        agreement=Agreement(2, "d" * 64, "e" * 64),
        tasks=(task(),),
        exchange=Exchange(packages=(package(),)),
    )
    return replace(made, **changes)


def certified(**changes: Any) -> Exchange:
    """With a certificate that came back."""
    certificate = Certificate(
        "（2026）粤中石岐第001234号",
        NOW.date(),
        sha(CERTIFICATE_PDF),
        "b" * 64,
        "e" * 64,
        NOW,
        "f" * 64,
        parts=(("certificate.pdf", sha(CERTIFICATE_PDF)),),
    )
    return Exchange(packages=(package(),), certificate=replace(certificate, **changes))


def before_notary(current: NotaryMatter | None = None, *past: NotaryMatter, **changes: Any) -> Case:
    """A filed contract whose cancellation is before an office."""
    state = changes.pop("state", State.CANCELLING)
    case = in_state(CITY, state, **changes)
    return replace(case, notary=CaseNotary(current, past))


def program(client_id: str = "shiqi-program", office: str | None = "shiqi", *cities: str, **changes: Any) -> Machine:
    scopes = ("notary:read", "cases:act", "webhooks:manage")
    made = Machine(client_id, MachineKind.NOTARY, cities or (CITY,), scopes, office)
    return replace(made, **changes)
