"""A party signs: strokes kept as evidence, a one-time key, PAdES B-T in the party's own field."""

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
from signing.appearance import PartyMark, party_appearance
from signing.ink import check_handwriting
from signing.keys import PartySubject, one_time_signer
from signing.pades import FieldSignature, sign_field

if TYPE_CHECKING:
    from filing.contract.acts import Act, Acts
    from filing.contract.desk import SigningDesk
    from filing.contract.perform import ContractCase
    from signing.ink import Handwriting

__all__ = ["PartySigning", "open_strokes", "sign_act_name", "sign_contract", "strokes_act_name"]

ENVELOPE = "application/vnd.qianshu.envelope"


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

    handwriting: Handwriting
    """The strokes drawn for this signature."""


def sign_act_name(field_name: str) -> str:
    """The journal's name for a party's signature."""
    return f"sign:{field_name}"


def strokes_act_name(party: PartySigning) -> str:
    """The journal's name for keeping these very strokes: whoever has to draw again leaves both drawings."""
    drawn = hashlib.sha256(party.handwriting.canonical_bytes()).hexdigest()
    return f"strokes:{party.field_name}:{drawn[:16]}"


def sign_contract(case: ContractCase, desk: SigningDesk, party: PartySigning) -> Act:
    """Keep the strokes and sign the newest revision in the party's field; a second call returns the first signature.

    Raises ``HandwritingError`` and ``ActRefused`` before anything is journalled, ``TimeStampError`` (retryable; no
    signature stored). ``act.done_otherwise`` when somebody else has signed in this field.
    """
    check_handwriting(party.handwriting)
    with case.journal.exclusive():
        acts = settled_acts(case)
        signed = acts.done(sign_act_name(party.field_name))
        if signed is None:
            require_done(acts, CERTIFY)
            party_box(acts, party.field_name)
            perform_once(case, strokes_act_name(party), lambda _: partial(_envelope, case, desk, party))
            signed = perform_once(case, sign_act_name(party.field_name), partial(_decide, case, desk, party))
    return require_same(signed, "signer_reference", party.reference)


def open_strokes(case: ContractCase, desk: SigningDesk, strokes: Act) -> bytes:
    """The canonical bytes of the strokes that the act ``strokes`` kept."""
    return desk.evidence_key.decrypt(read_object(case, strokes.sha256), _context(case, strokes.name))


def _envelope(case: ContractCase, desk: SigningDesk, party: PartySigning) -> Produced:
    context = _context(case, strokes_act_name(party))
    envelope = desk.evidence_key.encrypt(party.handwriting.canonical_bytes(), context)
    return Produced(envelope, ENVELOPE, {"strokes": len(party.handwriting.strokes)})


def _context(case: ContractCase, act_name: str) -> str:
    return f"{case.case_no}/{act_name}"


def _decide(case: ContractCase, desk: SigningDesk, party: PartySigning, acts: Acts) -> Make:
    strokes = require_done(acts, strokes_act_name(party))
    x0, y0, x1, y1 = party_box(acts, party.field_name).rect
    base = read_object(case, acts.head_sha256)

    def make() -> Produced:
        signed_at = case.clock()
        mark = PartyMark(party.name, party.role_label, signed_at, party.handwriting)
        appearance = party_appearance(mark, x1 - x0, y1 - y0, desk.typeface)
        subject = PartySubject(name=party.name, reference=party.reference, case_no=case.case_no)
        reason = f"作为{party.role_label}签署本合同"
        sink = io.BytesIO()
        with one_time_signer(desk.keys.issuing, subject, signed_at) as signer:
            signature = FieldSignature(party.field_name, signer, signed_at, reason, appearance)
            made = sign_field(io.BytesIO(base), sink, signature, desk.timestamper)
            serial = format(signer.certificate.serial_number, "x")
        who = {"signer_reference": party.reference, "certificate_serial": serial, "strokes_sha256": strokes.sha256}
        return Produced(sink.getvalue(), PDF, {**revision_facts(made), **who})

    return make
