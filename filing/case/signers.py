"""Who signs for a party, read from the case: the party, or whoever represents it (rules.md § 7.4, invariant d). Pure.

Says whose hand it is. Whether that person may, on the day they sign, is asked again then (``filing.engine.roles``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from filing.calendar import beijing_day
from filing.case.people import PartyRole
from filing.facts import needs_guardian
from identity.representation import Basis
from identity.subjects import PartyKind

if TYPE_CHECKING:
    from datetime import datetime

    from filing.case.model import Case
    from filing.case.people import CaseParty, Identified, RepresentationRecord
    from filing.profile.model import FlowProfile

__all__ = ["ROLE_LABELS", "Signer", "role_label", "signer_of"]

SIGN: Final = "sign"
"""The matter, as mandates and city rules name it."""

ROLE_LABELS: Final = {PartyRole.SELLER: "出卖人", PartyRole.CO_OWNER: "共有权人", PartyRole.BUYER: "买受人"}

_BASIS_LABELS: Final = {
    Basis.AGENT_POA: "代理人",
    Basis.GUARDIAN: "监护人",
    Basis.HANDLER: "经办人",
    Basis.LEGAL_REP: "法定代表人",
    Basis.WINDOW_STAFF: "窗口代办人",
}

_FOR_ORGANISATIONS: Final = (Basis.LEGAL_REP, Basis.HANDLER, Basis.AGENT_POA)


@dataclass(frozen=True, slots=True)
class Signer:
    """Whose hand signs for a party."""

    party: str
    """Key of the party."""

    identified: Identified
    """Who signs."""

    phone: str | None
    """Where codes go (H-11)."""

    basis: Basis | None = None
    """By what they act for the party; ``None`` for the party itself."""


def signer_of(profile: FlowProfile, case: Case, party: CaseParty, now: datetime) -> Signer | None:
    """Who signs for ``party``; ``None`` where somebody must and nobody is named.

    A guardian for whoever lacks full capacity, a legal representative or handler for an organisation (H-11, H-28), the
    agent where the mandate covers signing, everybody else for themselves. An organisation nobody is named for acts by
    its own account or by the handler whose card was chosen (ZS-09, SZ-24).
    """
    own = Signer(party.key, party.identified, None if party.contact is None else party.contact.phone)
    if party.identified.kind is not PartyKind.PERSON:
        return _by(profile, case, party, _FOR_ORGANISATIONS, now) or own
    if needs_guardian(party, beijing_day(now)):
        return _by(profile, case, party, (Basis.GUARDIAN,), now)
    return _by(profile, case, party, (Basis.AGENT_POA,), now) or own


def role_label(party: CaseParty, signer: Signer) -> str:
    """What the signer is, in words: 出卖人, or 出卖人王一的监护人."""
    label = ROLE_LABELS[party.role]
    return label if signer.basis is None else f"{label}{party.identified.name}的{_BASIS_LABELS[signer.basis]}"


def _by(profile: FlowProfile, case: Case, party: CaseParty, bases: tuple[Basis, ...], now: datetime) -> Signer | None:
    for basis in bases:
        for record in case.people.representations:
            if record.party == party.key and record.basis is basis and _runs(profile, party, record, now):
                return Signer(party.key, record.representative, record.phone, basis)
    return None


def _runs(profile: FlowProfile, party: CaseParty, record: RepresentationRecord, now: datetime) -> bool:
    """The city has this kind of representation for signing, and it has begun and not ended."""
    times = record.times
    over = any(end is not None and end <= now for end in (times.ends_at, times.ended_at))
    begun = times.starts_at is None or times.starts_at <= now
    return begun and not over and _covered(profile, party, record.basis)


def _covered(profile: FlowProfile, party: CaseParty, basis: Basis) -> bool:
    return any(
        rule.basis is basis and party.identified.kind in rule.kinds and (not rule.matters or SIGN in rule.matters)
        for rule in profile.people.representation
    )
