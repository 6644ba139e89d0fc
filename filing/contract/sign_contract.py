"""A party signs: strokes kept as evidence, a one-time key, PAdES B-T in the party's own field."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from filing.contract.fix_text import CERTIFY
from filing.contract.perform import Produced, perform_once, read_object
from filing.contract.revisions import PDF, field_size, require_done, revision_facts
from signing.appearance import PartyMark, party_appearance
from signing.ink import check_handwriting
from signing.keys import PartySubject, one_time_signer
from signing.pades import FieldSignature, sign_field

if TYPE_CHECKING:
    from filing.contract.acts import Act, Acts
    from filing.contract.desk import SigningDesk
    from filing.contract.perform import ContractCase
    from signing.ink import Handwriting

__all__ = ["PartySigning", "sign_act_name", "sign_contract"]


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


def sign_contract(case: ContractCase, desk: SigningDesk, party: PartySigning) -> Act:
    """Sign the newest revision in the party's field; a second call returns the first signature.

    Raises ``HandwritingError`` before anything is journalled, ``TimeStampError`` (retryable; nothing stored).
    """
    check_handwriting(party.handwriting)

    def produce(acts: Acts) -> Produced:
        require_done(acts, CERTIFY)
        return _signed_revision(case, desk, party, read_object(case, acts.head_sha256))

    return perform_once(case, sign_act_name(party.field_name), produce)


def _signed_revision(case: ContractCase, desk: SigningDesk, party: PartySigning, base: bytes) -> Produced:
    signed_at = case.clock()
    subject = PartySubject(name=party.name, reference=party.reference, case_no=case.case_no)
    width, height = field_size(base, party.field_name)
    mark = PartyMark(party.name, party.role_label, signed_at, party.handwriting)
    appearance = party_appearance(mark, width, height, desk.typeface)
    sink = io.BytesIO()
    with one_time_signer(desk.keys.issuing, subject, signed_at) as signer:
        signature = FieldSignature(party.field_name, signer, signed_at, f"作为{party.role_label}签署本合同", appearance)
        made = sign_field(io.BytesIO(base), sink, signature, desk.timestamper)
        serial = format(signer.certificate.serial_number, "x")
    facts = {**revision_facts(made), "signer_reference": party.reference, "certificate_serial": serial}
    return Produced(sink.getvalue(), PDF, facts)
