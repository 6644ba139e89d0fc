"""Parties and whoever acts for them, as seen by one of them, or by staff."""

from datetime import date
from typing import TYPE_CHECKING

from api.documented import FindingView
from api.views.base import At, View
from api.visibility import Seen
from filing.calendar import beijing_day
from filing.case.consents import ConsentKind
from filing.case.people import CaseParty, PartyRole, RepresentationRecord
from filing.errors import finding_to_dict
from filing.guards.consents import consent_in_force
from filing.guards.representing import acts_through, party_representation
from filing.profile.entry import CoOwnership
from identity.numbers import IdType, Region
from identity.numbers.masks import mask_number, mask_phone
from identity.representation import Basis
from identity.subjects import PartyKind, Side

if TYPE_CHECKING:
    from filing.case import Case

__all__ = ["PartyView", "PeopleView", "RepresentationView", "SeparateConsentView", "consents_of", "people_view"]


class PartyView(View):
    """One party. Whoever signs a contract knows the other's name; numbers are shown to their holder and to staff."""

    key: str
    """Key in this case: `seller-1`, `buyer-1`, `co-owner-1`."""
    side: Side
    """Which side."""
    role: PartyRole
    """What they are in the contract."""
    kind: PartyKind
    """Person or organisation."""
    name: str
    """As in the identity document."""
    id_type: IdType
    """Which document."""
    id_number: str
    """Its number; masked unless it is yours or you are staff."""
    region: Region
    """Where they belong."""
    nationality: str
    """Country, in Chinese."""
    birth_date: date | None = None
    """Shown to the party and to staff."""
    phone: str | None = None
    """Mobile; masked unless it is yours or you are staff."""
    address: str | None = None
    """Domicile; shown to the party and to staff."""
    postcode: str | None = None
    """Postcode."""
    share_held: str | None = None
    """Part of the house held, `1/2`; none where it is held jointly or alone."""
    share_transferred: str | None = None
    """Part transferred; `0` is an owner who does not transfer."""
    on_title: bool = False
    """The land register names them as owner."""
    joined_at: At | None = None
    """When they came in by themselves."""
    is_you: bool = False
    """You are this party, or stand for it."""
    acts_through: tuple[Basis, ...] = ()
    """By whom they must act, any one of them: a guardian, a legal representative, a handler. Empty: by themselves."""
    unrepresented: tuple[FindingView, ...] = ()
    """What is missing before somebody acts for them as this city wants it."""


class RepresentationView(View):
    """Somebody acts for a party."""

    party: str
    """Key of the party."""
    name: str
    """Who acts."""
    id_number: str
    """Masked unless you are staff or stand for the party."""
    basis: Basis
    """By what."""
    phone: str | None = None
    """Masked likewise."""
    starts_at: At | None = None
    """From when."""
    ends_at: At | None = None
    """Until when."""


class SeparateConsentView(View):
    """What you allowed to be done with your face, document or voice."""

    kind: ConsentKind
    """Which."""
    given_at: At
    """When."""
    withdrawn_at: At | None
    """When you took it back."""
    in_force: bool
    """Whether it counts: not taken back, and given to the words as they are now."""


class PeopleView(View):
    """Everybody in the case."""

    parties: tuple[PartyView, ...]
    """In the order of the contract."""
    representations: tuple[RepresentationView, ...]
    """Who acts for whom."""
    co_ownership: CoOwnership | None = None
    """How the buyers will hold the house."""
    seller_co_owners: bool | None = None
    """The seller's word on whether there are co-owners."""
    consents: tuple[SeparateConsentView, ...] = ()
    """Your own, each by itself; nobody sees another's."""


def people_view(seen: Seen, account_id: str) -> PeopleView:
    """Everybody, as ``seen`` allows; the consents of one account."""
    people = seen.case.people
    return PeopleView(
        parties=tuple(_party(seen, party) for party in people.parties),
        representations=tuple(_representation(seen, record) for record in people.representations),
        co_ownership=people.co_ownership,
        seller_co_owners=people.seller_co_owners,
        consents=consents_of(seen.case, account_id),
    )


def consents_of(case: "Case", account_id: str) -> tuple[SeparateConsentView, ...]:
    """What somebody said in a case with this account, the newest of each kind."""
    newest = {one.kind: one for one in case.people.consents if one.account_id == account_id}
    return tuple(
        SeparateConsentView(
            kind=one.kind,
            given_at=one.given_at,
            withdrawn_at=one.withdrawn_at,
            in_force=consent_in_force(case, one.person_key, one.kind) is not None,
        )
        for one in newest.values()
    )


def _party(seen: Seen, party: CaseParty) -> PartyView:
    yours = party.key in seen.parties
    open_ = yours or seen.in_full
    identified, contact, shares = party.identified, party.contact, party.shares
    phone = None if contact is None else contact.phone
    return PartyView(
        key=party.key,
        side=party.side,
        role=party.role,
        kind=identified.kind,
        name=identified.name,
        id_type=identified.id_type,
        id_number=identified.id_number if open_ else mask_number(identified.id_number),
        region=identified.region,
        nationality=identified.nationality,
        birth_date=identified.birth_date if open_ else None,
        phone=phone if phone is None or open_ else mask_phone(phone),
        address=contact.address if contact is not None and open_ else None,
        postcode=contact.postcode if contact is not None and open_ else None,
        share_held=None if shares.held is None else str(shares.held),
        share_transferred=None if shares.transferred is None else str(shares.transferred),
        on_title=party.on_title,
        joined_at=party.joined_at,
        is_you=yours,
        acts_through=acts_through(seen.profile, party, beijing_day(seen.now)),
        unrepresented=tuple(
            FindingView.model_validate(finding_to_dict(found)) for found in party_representation(seen, party)
        ),
    )


def _representation(seen: Seen, record: RepresentationRecord) -> RepresentationView:
    open_ = seen.in_full or record.party in seen.parties
    number = record.representative.id_number
    phone = None if record.contact is None else record.contact.phone
    return RepresentationView(
        party=record.party,
        name=record.representative.name,
        id_number=number if open_ else mask_number(number),
        basis=record.basis,
        phone=phone if phone is None or open_ else mask_phone(phone),
        starts_at=record.times.starts_at,
        ends_at=record.times.ends_at,
    )
