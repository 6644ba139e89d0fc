"""A party signs by hand or by code: the evidence kept, a one-time key, PAdES B-T in the party's own field."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from filing.contract.fields import party_box
from filing.contract.fix_text import CERTIFY
from filing.contract.perform import Make, Produced, perform_once, read_object, settled_acts
from filing.contract.revisions import PDF, require_done, require_same, revision_facts
from filing.errors import ActRefused
from signing.appearance import CodeMark, PartyMark, code_appearance, party_appearance
from signing.ink import check_handwriting
from signing.keys import PartySubject, one_time_signer
from signing.pades import FieldSignature, sign_field

if TYPE_CHECKING:
    from datetime import datetime

    from filing.contract.acts import Act, Acts
    from filing.contract.desk import SigningDesk
    from filing.contract.perform import ContractCase
    from signing.appearance import Appearance
    from signing.ink import Handwriting

__all__ = ["CodeGiven", "PartySigning", "open_strokes", "sign_act_name", "sign_contract", "strokes_act_name"]

ENVELOPE = "application/vnd.qianshu.envelope"


@dataclass(frozen=True, slots=True)
class CodeGiven:
    """A one-time code that was given back right, in place of handwriting (ZS-38, WH-36)."""

    reference: str
    """Number of the code's record: the evidence."""

    phone: str
    """Masked number of the telephone it went to."""

    holder: str | None = None
    """Whose telephone, masked, where it was another's who speaks for the whole side (H-09)."""

    given_at: datetime | None = None
    """When."""


@dataclass(frozen=True, slots=True)
class PartySigning:
    """One party's will to sign, already identified."""

    field_name: str
    """The party's own field, e.g. ``seller-1``."""

    name: str
    """Name as in the contract; goes into the certificate and beside the ink."""

    reference: str
    """Masked identity number, e.g. ``4202**********0034``."""

    role_label: str
    """What the party is, in words: 出卖人, 买受人 …"""

    handwriting: Handwriting | None = None
    """The strokes drawn for this signature; without them a code must have been given."""

    code: CodeGiven | None = None
    """The code given for this signature, where the city signs by code; with handwriting it is further evidence."""

    document: str = "本合同"
    """What is signed, as the signature says it of itself (/Reason)."""


def sign_act_name(field_name: str) -> str:
    """The journal's name for a party's signature."""
    return f"sign:{field_name}"


def strokes_act_name(field_name: str, handwriting: Handwriting) -> str:
    """The journal's name for keeping these very strokes: whoever has to draw again leaves both drawings."""
    drawn = hashlib.sha256(handwriting.canonical_bytes()).hexdigest()
    return f"strokes:{field_name}:{drawn[:16]}"


def sign_contract(case: ContractCase, desk: SigningDesk, party: PartySigning) -> Act:
    """Keep the strokes and sign the newest revision in the party's field; a second call returns the first signature.

    Whether a code was right is for whoever asks: here it is only recorded. Raises ``HandwritingError`` and
    ``ActRefused`` before anything is journalled, ``TimeStampError`` (retryable; no signature stored).
    ``act.done_otherwise`` when somebody else has signed in this field.
    """
    _check_evidence(party)
    with case.journal.exclusive():
        acts = settled_acts(case)
        signed = acts.done(sign_act_name(party.field_name))
        if signed is None:
            require_done(acts, CERTIFY)
            party_box(acts, party.field_name)
            _keep_strokes(case, desk, party)
            signed = perform_once(case, sign_act_name(party.field_name), partial(_decide, case, desk, party))
    return require_same(signed, "signer_reference", party.reference)


def _check_evidence(party: PartySigning) -> None:
    if party.handwriting is not None:
        check_handwriting(party.handwriting)
    elif party.code is None:
        raise ActRefused(
            "sign.no_evidence",
            zh="没有手写签名，也没有验证码确认",
            en="neither handwriting nor a code was given",
            field=party.field_name,
        )


def _keep_strokes(case: ContractCase, desk: SigningDesk, party: PartySigning) -> None:
    drawn = party.handwriting
    if drawn is not None:
        name = strokes_act_name(party.field_name, drawn)
        perform_once(case, name, lambda _: partial(_envelope, case, desk, drawn, name))


def open_strokes(case: ContractCase, desk: SigningDesk, strokes: Act) -> bytes:
    """The canonical bytes of the strokes that the act ``strokes`` kept."""
    return desk.evidence_key.decrypt(read_object(case, strokes.sha256), _context(case, strokes.name))


def _envelope(case: ContractCase, desk: SigningDesk, handwriting: Handwriting, name: str) -> Produced:
    envelope = desk.evidence_key.encrypt(handwriting.canonical_bytes(), _context(case, name))
    return Produced(envelope, ENVELOPE, {"strokes": len(handwriting.strokes)})


def _context(case: ContractCase, act_name: str) -> str:
    return f"{case.case_no}/{act_name}"


def _decide(case: ContractCase, desk: SigningDesk, party: PartySigning, acts: Acts) -> Make:
    evidence = _evidence_facts(party, acts)
    x0, y0, x1, y1 = party_box(acts, party.field_name).rect
    base = read_object(case, acts.head_sha256)

    def make() -> Produced:
        signed_at = case.clock()
        appearance = _appearance(desk, party, signed_at, (x1 - x0, y1 - y0))
        subject = PartySubject(name=party.name, reference=party.reference, case_no=case.case_no)
        sink = io.BytesIO()
        with one_time_signer(desk.keys.issuing, subject, signed_at) as signer:
            signature = FieldSignature(party.field_name, signer, signed_at, _reason(party), appearance)
            made = sign_field(io.BytesIO(base), sink, signature, desk.timestamper)
            serial = format(signer.certificate.serial_number, "x")
        who = {"signer_reference": party.reference, "certificate_serial": serial, **evidence}
        return Produced(sink.getvalue(), PDF, {**revision_facts(made), **who})

    return make


def _evidence_facts(party: PartySigning, acts: Acts) -> dict[str, object]:
    facts: dict[str, object] = {}
    if party.handwriting is not None:
        strokes = require_done(acts, strokes_act_name(party.field_name, party.handwriting))
        facts["strokes_sha256"] = strokes.sha256
    if party.code is not None:
        facts["code_reference"] = party.code.reference
    return facts


def _appearance(desk: SigningDesk, party: PartySigning, signed_at: datetime, size: tuple[float, float]) -> Appearance:
    if party.handwriting is not None:
        mark = PartyMark(party.name, party.role_label, signed_at, party.handwriting)
        return party_appearance(mark, *size, desk.typeface)
    if party.code is None:
        raise LookupError("nothing to show")  # refused before anything was journalled
    by_code = CodeMark(party.name, party.role_label, signed_at, party.code.phone, party.code.holder)
    return code_appearance(by_code, *size, desk.typeface)


def _reason(party: PartySigning) -> str:
    """What the signature says of itself (/Reason): what it is, and by whose code where there is no ink."""
    if party.handwriting is not None or party.code is None:
        return f"作为{party.role_label}签署{party.document}"
    whose = f"手机号{party.code.phone}"
    if party.code.holder is not None:
        whose = f"同方{party.code.holder}的{whose}"
    return f"作为{party.role_label}签署{party.document}，经{whose}短信验证码确认（记录{party.code.reference}）"
