"""What somebody who means well says with each act of the notary exchange, read off the case (``said``)."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from filing.acts.spec import Upload
from filing.calendar import beijing_day
from filing.case.notary import ChangeKind
from filing.profile.cancelling import NotaryPurpose, NotaryStep
from identity.numbers import IdType
from identity.subjects import Side
from notary.acts.inputs import ChangeOutcome, RefusalGround, Wanted
from notary.applicant.inputs import PhotoKind
from notary.applicant.order import applicant_view
from qianshu.demo_data.notary_office import returned_bundle
from qianshu.demo_data.notary_papers import AgreementNotarised, ContractNotarised, contract_paper, decision_paper
from tests.builders.applicants import card
from tests.builders.cases import BUYER
from tests.builders.desks import strokes_document
from tests.builders.entry import contact
from tests.builders.notary_office import office, picture
from tests.builders.notary_world import OFFICE_ID

if TYPE_CHECKING:
    from collections.abc import Callable

    from filing.case import Case
    from filing.case.notary import ApplicantTask, MatterPaper, NotaryMatter
    from tests.builders.town import Town

__all__ = ["BACK", "NUMBER", "SAID_OF_NOTARY", "bundle_for", "contract_bundle_for", "decision_for"]

BACK = "https://app.qianshu.example/back"
NUMBER = "（2026）粤中石岐第001234号"
NOTHING = "0" * 64


def _matter(at: Any) -> NotaryMatter | None:
    notary = at.case.notary
    return notary.current if notary.current is not None else next(reversed(notary.past), None)


def _papers(at: Any) -> tuple[MatterPaper, ...]:
    matter = _matter(at)
    return () if matter is None else tuple(each for each in matter.papers if each.paper != "cancel_form")


def _task(at: Any) -> ApplicantTask | None:
    matter = _matter(at)
    return None if matter is None else matter.task(_party(at))


def _party(at: Any) -> str:
    """Their own task, else the first purchaser whose part is not done."""
    matter = _matter(at)
    tasks = () if matter is None else matter.tasks
    open_ = [task.party for task in tasks if task.submitted_at is None]
    return at.own if at.own.startswith("buyer") else next(iter((*open_, "buyer-1")))


def _received(at: Any) -> dict[str, Any]:
    matter = _matter(at)
    packages = () if matter is None else matter.exchange.packages
    counting = [each.sha256 for each in packages if each.sha256 is not None and each.superseded_at is None]
    return {"package_sha256": next(iter(counting), NOTHING)}


def _recorded(at: Any) -> dict[str, Any]:
    matter = _matter(at)
    packages = () if matter is None else matter.exchange.packages
    number = next((each.number for each in packages if each.sha256 is None), 1)
    return {"number": number, "sha256": "b" * 64, "size_bytes": 1024, "sealed_at": at.town.now}


def _claimed(at: Any) -> dict[str, Any]:
    task = _task(at)
    token = "" if task is None or task.qr is None else task.qr.sealed[::-1]
    return {"party": _party(at), "token": token}


def _page(at: Any) -> dict[str, Any]:
    task = _task(at)
    seen = set() if task is None else {(each.sha256, each.page) for each in task.pages}
    for paper in _papers(at):
        for page in range(1, paper.page_count + 1):
            if (paper.sha256, page) not in seen:
                return {"party": _party(at), "paper": paper.paper, "sha256": paper.sha256, "page": page}
    return {"party": _party(at), "paper": "notary_notice", "sha256": NOTHING, "page": 1}


def _photo(at: Any) -> dict[str, Any]:
    matter, task = _matter(at), _task(at)
    have = set() if task is None else {each.kind.value for each in task.files}
    kind = next((one for one in (PhotoKind.ID_FRONT, PhotoKind.ID_BACK) if one.value not in have), PhotoKind.ID_FRONT)
    if matter is not None and task is not None:
        following = applicant_view(at.profile, matter, task, at.town.now).next_step
        kind = PhotoKind.ID_IN_HAND if following is NotaryStep.UPLOAD_ID_IN_HAND else kind
    return {"party": _party(at), "kind": kind, "upload": Upload(card(kind.value), "IMG_0001.jpg")}


def _document(at: Any) -> dict[str, Any]:
    party = at.case.people.party(_party(at))
    if party is None:
        return {"party": _party(at), "id_type": IdType.PASSPORT, "id_number": "X0000000"}
    who = party.identified
    return {"party": party.key, "id_type": who.id_type, "id_number": who.id_number}


def _video(at: Any) -> dict[str, Any]:
    """As if it had just been uploaded."""
    task, party = _task(at), _party(at)
    attempt = "none" if task is None or task.script is None else task.script.attempt
    owner = "" if at.person is None else at.person.account_id
    content = f"video of {party} {attempt}".encode()
    told = at.town.recordings.give(at.case.case_no, owner, content, at.town.now, party=party, attempt=attempt)
    return {"party": party, "attempt": attempt, "upload_id": told}


def _submitted(at: Any) -> dict[str, Any]:
    matter = _matter(at)
    agreement = None if matter is None else matter.agreement
    return {"party": _party(at), "agreement_sha256": NOTHING if agreement is None else agreement.text_sha256}


def _issued(at: Any) -> dict[str, Any]:
    """An office certifies what it has accepted; before, it has nothing to return."""
    accepted = at.case.notary.current is not None and at.case.notary.current.exchange.decision.accepted_at is not None
    content = bundle_for(at.town, at.case) if accepted else b"PK"
    return {"number": NUMBER, "issued_on": beijing_day(at.town.now), "upload": Upload(content, "返回.zip")}


def _changed(at: Any) -> dict[str, Any]:
    matter, day = _matter(at), beijing_day(at.town.now)
    issued = matter is not None and matter.exchange.certificate is not None
    content = decision_for(at.town, ChangeKind.REVOKED) if issued else b"%PDF-"
    return {"kind": ChangeKind.REVOKED, "decided_on": day, "upload": Upload(content, "撤销决定.pdf")}


def _judged(at: Any) -> dict[str, Any]:
    matter = _matter(at)
    certificate = None if matter is None else matter.exchange.certificate
    waiting = [] if certificate is None else [each.sha256 for each in certificate.changes if each.outcome is None]
    return {
        "sha256": next(iter(waiting), NOTHING),
        "outcome": ChangeOutcome.RESTORED,
        "reason": "公证书已被撤销，自始无效。",
    }


def _overdue(at: Any) -> dict[str, Any]:
    matter = _matter(at)
    due = None if matter is None else matter.exchange.decision.due_on
    return {"due_on": due or beijing_day(at.town.now) - timedelta(days=1)}


@cache
def _certificate(about: AgreementNotarised, now: Any) -> bytes:
    return office().certificate(about, now)


def bundle_for(town: Town, case: Case, *, named: str = "", **changes: bytes | None) -> bytes:
    """What the town's office returns for the case (ZN-20); changes are of parts, ``.`` written ``__``. ``named``: the
    certificate is about another case.
    """
    matter = case.notary.current
    if matter is not None and matter.purpose is NotaryPurpose.CONTRACT:
        return contract_bundle_for(town, case, named=named, **changes)
    agreement = None if matter is None else matter.agreement
    buyers, (seller, *_) = case.people.of_side(Side.BUYER), case.people.of_side(Side.SELLER)
    about = AgreementNotarised(
        number=NUMBER,
        dated=beijing_day(town.now),
        case_no=named or case.case_no,
        sha256=NOTHING if agreement is None else agreement.head_sha256,
        seller=(seller.identified.name, seller.identified.id_number),
        buyers=tuple((each.identified.name, f"证件号码：{each.identified.id_number}") for each in buyers),
        house="" if case.house.checked is None else case.house.checked.record.location,
    )
    text = case.text.fixed
    parts: dict[str, bytes | None] = {
        "certificate.pdf": _certificate(about, town.now),
        "contract.pdf": None if text is None else town.files.get(case.case_no, text.sha256),
        "seller_licence.jpg": picture(),
        "legal_rep_id_front.jpg": picture(),
        "legal_rep_id_back.png": picture("PNG"),
    }
    for party in buyers:
        parts[f"{party.key}_id_front.jpg"] = picture(shade=90)
        if party.identified.id_type is not IdType.PASSPORT:
            parts[f"{party.key}_id_back.jpg"] = picture(shade=91)
    parts |= {name.replace("__", "."): content for name, content in changes.items()}
    return returned_bundle({name: content for name, content in parts.items() if content is not None})


@cache
def _contract_certificate(about: ContractNotarised, now: Any) -> bytes:
    return office().signed(contract_paper(about), now)


def contract_bundle_for(town: Town, case: Case, *, named: str = "", **changes: bytes | None) -> bytes:
    """What the town's office returns of a contract (SZ-80): the certificate about its text, and what was sent."""
    text, head = case.text.fixed, case.signing.head_sha256
    about = ContractNotarised(
        number=NUMBER,
        dated=beijing_day(town.now),
        case_no=named or case.case_no,
        sha256=NOTHING if text is None else text.sha256,
        parties=tuple((each.identified.name, f"证件号码：{each.identified.id_number}") for each in case.people.parties),
    )
    parts: dict[str, bytes | None] = {
        "certificate.pdf": _contract_certificate(about, town.now),
        "contract.pdf": None if head is None else town.store.objects[head],
    }
    parts |= {name.replace("__", "."): content for name, content in changes.items()}
    return returned_bundle({name: content for name, content in parts.items() if content is not None})


@cache
def _decision(kind: str, day: Any, now: Any) -> bytes:
    return office().signed(decision_paper(kind, "（2026）粤中石岐撤字第000001号", NUMBER, day), now)


def decision_for(town: Town, kind: ChangeKind) -> bytes:
    """The office's decision about its certificate (公证法 art. 39)."""
    word = {ChangeKind.REVOKED: "撤销", ChangeKind.CORRECTED: "更正"}[kind]
    return _decision(word, beijing_day(town.now), town.now)


SAID_OF_NOTARY: dict[str, Callable[[Any], dict[str, Any]]] = {
    "push-to-notary": lambda _: {"office_id": OFFICE_ID, "strokes": strokes_document()},
    "send-to-notary": lambda _: {"office_id": OFFICE_ID},
    "withdraw-from-notary": lambda _: {"reason": "购买人手机号填写错误。"},
    "correct-purchaser": lambda _: {"party": "buyer-1", "contact": contact(BUYER), "reason": "地址填写不全。"},
    "record-notary-package": _recorded,
    "notary-receive": _received,
    "reissue-notary-codes": lambda at: {"party": _party(at)},
    "notary-accept": lambda _: {"acceptance_number": "（2026）粤中石岐受字第000123号"},
    "notary-supplement": lambda _: {
        "items": (
            Wanted("身份证照片反光，请重新拍摄。", "buyer-1", NotaryStep.UPLOAD_ID_PHOTOS),
            Wanted("请补充出卖方营业执照副本。"),
        )
    },
    "notary-refuse": lambda _: {
        "ground": RefusalGround.INSUFFICIENT_MATERIALS,
        "reason": "申请人未在规定期限内完成视频认证。",
    },
    "tell-notary-overdue": _overdue,
    "notary-issue": _issued,
    "notary-change-certificate": _changed,
    "decide-certificate-change": _judged,
    "notary-claim": _claimed,
    "notary-face-begin": lambda at: {"party": _party(at), "return_url": BACK},
    "notary-face-finish": lambda at: {"party": _party(at)},
    "notary-enter-id": _document,
    "notary-read-page": _page,
    "notary-agree": lambda at: {"party": _party(at), "digests": {each.paper: each.sha256 for each in _papers(at)}},
    "notary-upload-photo": _photo,
    "notary-give-signature": lambda at: {"party": _party(at), "strokes": strokes_document()},
    "notary-video-script": lambda at: {"party": _party(at)},
    "notary-give-video": _video,
    "notary-submit": _submitted,
}
"""By act; one that is not here says its example."""
