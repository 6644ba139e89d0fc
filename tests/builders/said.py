"""What somebody who means well says with each act, read off the case: the right text, their own party, the right code.

For walks, attacks and random sales alike, so that a wrong input is always a right one with something put in its place.
An act that is not named here says nothing.
"""

from __future__ import annotations

import dataclasses
import io
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec
from PIL import Image

from documents.papers import paper_digest
from filing.acts.cancelling.attendance import PersonPresent
from filing.acts.cancelling.review import CancelDecision
from filing.acts.entry.buyers import BuyerInput
from filing.acts.entry.importing import FiledHouse
from filing.acts.entry.notices import NoticeTick
from filing.acts.spec import Upload
from filing.calendar import beijing_day, is_working_day
from filing.case.consents import ConsentKind
from filing.engine.roles import actors_of_person, parties_of
from filing.guards.cancel_situation import missing_consents, missing_papers, row_of
from filing.guards.consents import CONSENT_WORDS
from filing.guards.signing import code_holders
from filing.papers import read_paper
from filing.profile import Actor
from filing.profile.people import CheckPurpose
from identity.acting import ActingPerson
from identity.representation import Attestation, Basis, Kinship
from identity.subjects import Side
from notary.every_act import EVERY_ACT
from tests.builders.cases import (
    AGENT,
    BUYER,
    CHILD,
    FOREIGNER,
    MOTHER,
    SELLER,
    Someone,
    calendar,
    clauses,
    forms,
    profile,
    situation,
)
from tests.builders.desks import Codes, strokes_document
from tests.builders.entry import buyers_form, contact, lookup_of, person
from tests.builders.plain_pdf import plain_pdf
from tests.builders.said_notary import SAID_OF_NOTARY

if TYPE_CHECKING:
    from collections.abc import Callable

    from filing.case import Case
    from filing.case.people import CaseParty
    from tests.builders.town import Town

__all__ = ["SAID", "example", "picture", "said_by"]

RETURN_URL = "http://127.0.0.1/back"


def said_by(town: Town, case: Case, act: str, caller: object) -> dict[str, Any]:
    """What ``caller`` would say with ``act``; may be as good as nothing where the act has no place."""
    moment = _Moment(town, case, caller)
    return SAID[act](moment) if act in SAID else _usual(moment, act)


def _usual(at: _Moment, act: str) -> dict[str, Any]:
    """Of an act that is not named below: the text, their own party, any file; else its example."""
    usual = {"text_sha256": at.text, "party": at.own, "upload": paper()}
    spec = EVERY_ACT[act]
    made = example(spec)
    return {one.name: usual.get(one.name, getattr(made, one.name)) for one in dataclasses.fields(spec.input)}


@cache
def picture() -> Upload:
    sink = io.BytesIO()
    Image.new("L", (60, 80), 200).save(sink, "PNG")
    return Upload(sink.getvalue(), "照片.png")


@cache
def paper() -> Upload:
    return Upload(plain_pdf(), "材料.pdf")


class _Moment:
    """A case as a caller sees it."""

    def __init__(self, town: Town, case: Case, caller: object) -> None:
        self.town, self.case = town, case
        self.person = caller if isinstance(caller, ActingPerson) else None
        self.profile = profile(case.head.city)

    @property
    def text(self) -> str:
        fixed = self.case.text.fixed
        return "0" * 64 if fixed is None else fixed.sha256

    @property
    def sealed(self) -> str:
        return "0" * 64 if self.case.filing.sealed is None else self.case.filing.sealed.sha256

    @property
    def own(self) -> str:
        """Whom they stand for, preferably one who has still to sign."""
        mine = () if self.person is None else parties_of(self.profile, self.case, self.person, self.town.now)
        open_ = [key for key in mine if (task := self.case.signing.task(key)) and task.revision_sha256 is None]
        return next(iter((*open_, *mine, "seller-1")))

    @property
    def side(self) -> Side:
        return Side.BUYER if self.own.startswith("buyer") else Side.SELLER

    @property
    def actor(self) -> Actor:
        able = () if self.person is None else actors_of_person(self.profile, self.case, self.person, self.town.now)
        return next((actor for actor in Actor if actor in able), Actor.SYSTEM)

    @property
    def unsigned(self) -> str:
        open_ = [task.party for task in self.case.signing.tasks if task.revision_sha256 is None]
        return next(iter((*open_, "buyer-1")))

    @property
    def on(self) -> dict[str, Any]:
        return {"party": self.own, "text_sha256": self.text}

    @property
    def wanted_code(self) -> Side:
        given = {code.party for code in self.case.signing.side_codes if code.text_sha256 == self.text}
        open_ = [one.side for one in code_holders(self.profile, self.case) if one.party not in given]
        return next(iter((*open_, Side.BUYER)))

    def shown(self, name: str) -> str:
        """Digest of a paper as it is shown to them."""
        moment = situation(self.case, person=self.person, now=self.town.now)
        return paper_digest(read_paper(self.town.world.read_text, moment, name))

    def notices(self, side: Side) -> tuple[NoticeTick, ...]:
        sale = self.profile.sale
        listed = () if sale is None else [one.template for one in sale.entry.notices if side in one.sides]
        return tuple(NoticeTick(name, self.shown(name)) for name in listed)


def _notice(at: _Moment) -> dict[str, Any]:
    ticks = at.notices(at.side)
    return {"notice": ticks[0].notice, "sha256": ticks[0].sha256} if ticks else {"notice": "none", "sha256": "0" * 64}


def _face(at: _Moment) -> dict[str, Any]:
    return {"purpose": CheckPurpose.JOIN if at.side is Side.BUYER else CheckPurpose.OPEN}


def _binding(_: _Moment) -> dict[str, Any]:
    return {
        "principal": person(SELLER),
        "agent": person(AGENT),
        "contact": contact(AGENT),
        "scope": "出售房屋并签订合同、办理网签备案",
        "attestation": Attestation.NOTARISED,
        "papers": ("binding_application",),
    }


def _house(at: _Moment) -> dict[str, Any]:
    return {**(lookup_of(at.case.head.city) if at.profile.sale else {}), "confirmed": True}


def _sellers(at: _Moment) -> dict[str, Any]:
    from filing.acts.entry.sellers import OwnerInput  # noqa: PLC0415

    owners = [one for one in at.case.people.of_side(Side.SELLER) if one.on_title]
    return {
        "owners": tuple(OwnerInput(one.key, contact(_someone(one))) for one in owners),
        "has_co_owners": False,
    }


def _someone(party: CaseParty) -> Someone:
    """Whoever of the invented people the party is."""
    known = {one.number: one for one in (SELLER, BUYER, MOTHER, AGENT, CHILD)}
    return known.get(party.identified.id_number, SELLER)


def _join(at: _Moment) -> dict[str, Any]:
    keys = {"seller_name": SELLER.name, "seller_id_number": SELLER.number}
    return {**keys, "notices": at.notices(Side.BUYER)}


def _guardian(at: _Moment) -> dict[str, Any]:
    return {
        "party": at.own,
        "basis": Basis.GUARDIAN,
        "representative": person(MOTHER),
        "contact": contact(MOTHER),
        "kinship": Kinship.MOTHER,
        "papers": ("minor_guarantee", "household_register"),
    }


def _dropped(at: _Moment) -> dict[str, Any]:
    for record in at.case.people.representations:
        return {"party": record.party, "id_number": record.representative.id_number}
    return {"party": at.own, "id_number": MOTHER.number}


def _form(at: _Moment) -> dict[str, Any]:
    filled = forms(at.case.head.city)
    open_ = [name for name in filled if name not in at.case.text.forms]
    name = next(iter((*open_, *filled, "none")))
    return {"form": name, "answers": filled.get(name, {})}


def _material(at: _Moment) -> dict[str, Any]:
    sale = at.profile.sale
    rules = None if sale is None else sale.preparation.materials
    for_all = rules is not None and not {Actor.SELLER, Actor.BUYER} <= set(rules.uploaded_by)
    places = [
        (slot.slot, party.key)
        for slot in (() if rules is None else rules.slots)
        for party in at.case.people.parties
        if party.side in slot.sides and (for_all or party.side is at.side)
        if not at.case.papers.materials_in(slot.slot, party.key)
    ]
    slot, party = next(iter((*places, ("other", at.own))))
    return {"slot": slot, "party": party, "upload": paper()}


def _handed_in(at: _Moment) -> dict[str, Any]:
    for file in at.case.papers.materials:
        if at.side.value in file.party:
            return {"slot": file.slot, "party": file.party, "number": file.number}
    return {"slot": "other", "party": at.own, "number": 1}


def _written(at: _Moment) -> dict[str, Any]:
    coded = at.case.head.city == "shenzhen"
    return {**at.on, "strokes": strokes_document(), "code": Codes.CODE if coded else None}


def _amended_side(at: _Moment) -> Side:
    amending = at.case.filing.amending
    given = set() if amending is None else {code.side for code in amending.codes}
    return next((side for side in (Side.SELLER, Side.BUYER) if side not in given), at.side)


def _cancel(at: _Moment) -> dict[str, Any]:
    state = None if at.case.position is None else at.case.position.state
    for row in at.profile.cancelling.rows:
        if state in row.when.states and at.actor in row.by and row.first is None:
            return {"scope": row.scopes[0], "channel": row.channel, "ground": row.ground, "reason": "双方协商一致。"}
    return {"reason": "双方协商一致。"}


def _cancel_paper(at: _Moment) -> dict[str, Any]:
    asked = at.case.cancelling.current
    if asked is None:
        return {"paper": "cancel_form", "party": at.own, "upload": picture()}
    wanted = missing_papers(at.case, asked, row_of(at.profile, asked))
    names = [name for name, party in wanted if party in (None, at.own) or at.actor is Actor.WINDOW_STAFF]
    parties = [party for name, party in wanted if name in names[:1] and party in (None, at.own)]
    party = next(iter((*parties, at.own)))
    return {"paper": next(iter((*names, "cancel_form"))), "party": party, "upload": picture()}


def _captcha(at: _Moment) -> dict[str, Any]:
    answer = at.town.answers.get((at.case.case_no, "show-captcha"), {})
    words = str(answer.get("question_en", "")).replace("?", "").split()
    return {"answer": str(sum(int(word) for word in words if word.isdigit()))}


def _proof(at: _Moment) -> dict[str, Any]:
    party = at.case.people.party(at.own)
    number = SELLER.number if party is None else party.identified.id_number
    return {"contract_number": at.case.case_no, "id_number": number, "code": Codes.CODE}


def _appointment(at: _Moment) -> dict[str, Any]:
    when = at.town.now + timedelta(hours=20)
    while not is_working_day(beijing_day(when), calendar()):
        when += timedelta(days=1)
    return {"at": when}


def _attendance(at: _Moment) -> dict[str, Any]:
    asked = at.case.cancelling.current
    missing = () if asked is None else missing_consents(at.case, asked, row_of(at.profile, asked))
    key = next(iter((*missing, "seller-1")))
    party = at.case.people.party(key)
    if party is None:
        return {"party": key, "present": ()}
    who = party.identified
    return {"party": key, "present": (PersonPresent(who.name, who.id_type, who.id_number, original_seen=True),)}


def _import(at: _Moment) -> dict[str, Any]:
    return {
        "upload": paper(),
        "filing_number": "ZS2026000123",
        "filed_at": at.town.now - timedelta(days=200),
        "house": FiledHouse("中山市东区示例路8号3栋1001房", floor_area="98.60"),
        "purchasers": (*buyers_form()["buyers"], BuyerInput(person(FOREIGNER), contact(FOREIGNER))),
        "developer_contact": contact(SELLER),
        "developer_head": "欧阳听雨",
    }


def _scan(at: _Moment) -> dict[str, Any]:
    """The print itself, as if it came from the scanner."""
    printed = at.town.answers.get((at.case.case_no, "download-text"), {}).get("sha256")
    content = paper().content if printed is None else at.town.files.get(at.case.case_no, str(printed))
    return {"text_sha256": at.text, "upload": Upload(content, "扫描件.pdf")}


def _warning(at: _Moment) -> str:
    try:
        return at.shown("risk_warning")
    except FileNotFoundError:
        return "0" * 64


SAID: dict[str, Callable[[_Moment], dict[str, Any]]] = {
    "import-filed": _import,
    "read-notice": _notice,
    "give-consent": lambda _: {"kind": ConsentKind.FACE, "sha256": CONSENT_WORDS[ConsentKind.FACE].sha256},
    "withdraw-consent": lambda _: {"kind": ConsentKind.FACE},
    "start-face-check": lambda at: {**_face(at), "return_url": RETURN_URL},
    "finish-face-check": _face,
    "check-at-window": lambda _: {"holder": person(SELLER), "purpose": CheckPurpose.OPEN, "record": "CK-1"},
    "bind-agent": _binding,
    "check-property": _house,
    "set-sellers": _sellers,
    "join": _join,
    "set-buyers": lambda _: buyers_form(),
    "set-representation": _guardian,
    "drop-representation": _dropped,
    "save-clauses": lambda _: {"clauses": clauses()},
    "save-form": _form,
    "confirm-text": lambda at: {"text_sha256": at.text},
    "upload-material": _material,
    "remove-material": _handed_in,
    "authorise-licences": lambda at: {"party": at.own, "upload": paper()},
    "report-qualification": lambda at: {"action": "use" if at.case.filing.in_force else "release"},
    "upload-undertaking": lambda at: {"text_sha256": at.text, "upload": paper()},
    "start-signing": lambda at: {"text_sha256": at.text},
    "resend-invitation": lambda at: {"party": at.unsigned, "text_sha256": at.text},
    "note-pages-read": lambda at: {"text_sha256": at.text, "pages": (1,)},
    "hand-off-signing": lambda at: at.on,
    "preview-contract": lambda at: at.on,
    "preview-risk": lambda at: {**at.on, "warning_sha256": _warning(at)},
    "begin-signer-check": lambda at: {**at.on, "return_url": RETURN_URL},
    "finish-signer-check": lambda at: at.on,
    "check-by-certificate": lambda at: at.on,
    "attest-signer": lambda at: {"party": at.unsigned, "text_sha256": at.text, "record": "W-1"},
    "request-sign-code": lambda at: at.on,
    "sign": _written,
    "confirm-signing": lambda at: at.on,
    "add-scan-page": _scan,
    "upload-signed-scan": _scan,
    "upload-extra-paper": lambda at: {"paper": "notarised_contract", "text_sha256": at.text, "upload": paper()},
    "request-side-code": lambda at: {"text_sha256": at.text, "side": at.wanted_code},
    "verify-side-code": lambda at: {"text_sha256": at.text, "side": at.wanted_code, "code": Codes.CODE},
    "sign-by-codes": lambda at: {"text_sha256": at.text},
    "choose-supervision": lambda _: {"bank": "CCB"},
    "open-supervision": lambda _: {"return_url": RETURN_URL},
    "confirm-notarised-paper": lambda at: {
        "paper": "notarised_contract",
        "sha256": next((each.sha256 for each in at.case.signing.extra_papers), "0" * 64),
        "record_number": "（2026）深证字第1234号",
    },
    "return-text": lambda _: {"reasons": ("付款方式与约定不一致。",)},
    "return-materials": lambda _: {"reasons": ("婚姻证明不清晰。",)},
    "record-sealed": lambda at: {
        "sha256": at.case.signing.head_sha256 or "0" * 64,
        "sealed_at": at.town.now,
        "text_version": at.case.text.version,
    },
    "record-archived": lambda _: {"evidence_sha256": "e" * 64, "manifest_number": 1},
    "propose-amendment": lambda _: {
        "item": "交付时间",
        "before": "2026年12月31日前",
        "after": "2027年1月31日前",
        "clauses": {"other_agreements": ["交付时间变更为2027年1月31日前。"]},
    },
    "send-amend-code": lambda at: {"side": _amended_side(at)},
    "give-amend-code": lambda at: {"side": _amended_side(at), "code": Codes.CODE},
    "record-pushed": lambda at: {
        "recipient": "registry",
        "reference": "R-1",
        "received_at": at.town.now,
        "sha256": at.sealed,
    },
    "acknowledge-contract": lambda at: {"sha256": at.sealed},
    "registry-accept": lambda _: {"reference": "D-1"},
    "registry-reject": lambda _: {"reason": "缺少共有人同意书。"},
    "request-cancel": _cancel,
    "upload-cancel-paper": _cancel_paper,
    "send-cancel-code": _captcha,
    "give-cancel-proof": _proof,
    "book-cancel-appointment": _appointment,
    "hand-in-mandate": lambda _: {
        "party": "seller-1",
        "agent_name": AGENT.name,
        "agent_id_type": AGENT.id_type,
        "agent_id_number": AGENT.number,
        "upload": paper(),
    },
    "attend-cancel": _attendance,
    "decide-cancel": lambda _: {"decision": CancelDecision.PASS},
    "drop-cancel": lambda _: {"reason": "双方同意继续履行合同。"},
    **SAID_OF_NOTARY,
}
"""By act."""


def example(act: Any) -> Any:
    """The example of an act's documentation as its input, with a file where one comes with it."""
    data = dict(act.doc.example)
    if "upload" in getattr(act.input, "__dataclass_fields__", {}):
        data["upload"] = {"content": b"", "name": "a.pdf"}
    return msgspec.convert(data, act.input)
