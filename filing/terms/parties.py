"""The parties of a case as data of the contract's terms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from documents.contract.parties import PartyKind as TermsKind
from documents.contract.parties import RepresentativeRole
from filing.case.people import Contact
from filing.profile.entry import CoOwnership
from filing.terms.documents import document_of
from identity.representation import Basis, Kinship
from identity.subjects import PartyKind

if TYPE_CHECKING:
    from fractions import Fraction

    from filing.case.people import CaseParty, CasePeople, Identified, PartyRole, RepresentationRecord

__all__ = ["parties_data", "share_lines"]

_IN_CONTRACT: Final = (Basis.GUARDIAN, Basis.AGENT_POA, Basis.HANDLER)
"""Who is named as representative; a legal representative is the organisation's head instead."""

_KINSHIP_ZH: Final = {Kinship.FATHER: "父亲，监护人", Kinship.MOTHER: "母亲，监护人", Kinship.OTHER: "监护人"}


def parties_data(people: CasePeople, role: PartyRole, ownership: CoOwnership | None) -> list[dict[str, Any]]:
    """Everybody of one role; shares only where the house is, or will be, held by shares."""
    return [_party(people, party, ownership) for party in people.parties if party.role is role]


def share_lines(people: CasePeople) -> list[str]:
    """A sentence for each owner who transfers a part of what they hold: the model text has no field for it (SZ-57)."""
    return [
        f"{party.identified.name}持有房屋{_share(held)}的份额，本次转让房屋{_share(moved)}的份额，其余份额不转让。"
        for party in people.parties
        if (held := party.shares.held) is not None
        and (moved := party.shares.transferred) is not None
        and 0 < moved < held
    ]


def _party(people: CasePeople, party: CaseParty, ownership: CoOwnership | None) -> dict[str, Any]:
    who = party.identified
    person = who.kind is PartyKind.PERSON
    share = party.shares.held if ownership is CoOwnership.BY_SHARE else None
    data = {
        "kind": (TermsKind.PERSON if person else TermsKind.ORGANISATION).value,
        "name": who.name,
        "identity": _identity(who),
        "contact": _contact(party.contact),
        "personal": _personal(who) if person else None,
        "head": None if person else _head(people, party.key),
        "representatives": [_representative(record, party.contact) for record in _named(people, party.key)],
        "share": None if share is None else _share(share),
    }
    return {name: value for name, value in data.items() if value not in (None, [])}


def _identity(who: Identified) -> dict[str, Any]:
    return {"document": document_of(who.id_type, who.region).value, "number": who.id_number}


def _contact(contact: Contact | None) -> dict[str, Any] | None:
    if contact is None:
        return None
    data = {"address": contact.address or None, "phone": contact.phone, "postcode": contact.postcode}
    return {name: value for name, value in data.items() if value}


def _personal(who: Identified) -> dict[str, Any]:
    data = {
        "nationality": who.nationality,
        "birth_date": None if who.birth_date is None else who.birth_date.isoformat(),
        "sex": None if who.sex is None else who.sex.value,
    }
    return {name: value for name, value in data.items() if value is not None}


def _head(people: CasePeople, key: str) -> dict[str, Any] | None:
    """As entered, or the legal representative who acts (H-11, H-28)."""
    for head in people.heads:
        if head.party == key:
            return {"post": head.post, "name": head.name}
    for record in people.representations:
        if record.party == key and record.basis is Basis.LEGAL_REP:
            return {"post": "法定代表人", "name": record.representative.name}
    return None


def _named(people: CasePeople, key: str) -> list[RepresentationRecord]:
    return [record for record in people.representations if record.party == key and record.basis in _IN_CONTRACT]


def _representative(record: RepresentationRecord, of_party: Contact | None) -> dict[str, Any]:
    guardian, contact = record.basis is Basis.GUARDIAN, record.contact
    if contact is not None and not contact.address and of_party is not None:
        contact = Contact(contact.phone, of_party.address, of_party.postcode)
    data = {
        "role": (RepresentativeRole.GUARDIAN if guardian else RepresentativeRole.AGENT).value,
        "name": record.representative.name,
        "identity": _identity(record.representative),
        "contact": _contact(contact),
        "authority": _authority(record),
    }
    return {name: value for name, value in data.items() if value is not None}


def _authority(record: RepresentationRecord) -> str:
    if record.basis is Basis.GUARDIAN:
        return _KINSHIP_ZH[record.kinship or Kinship.OTHER]
    if record.basis is Basis.HANDLER:
        return "经办人，由本单位在统一身份认证平台授权"
    return record.scope[:200] or "授权委托书"


def _share(share: Fraction) -> str:
    return f"{share.numerator}/{share.denominator}"
