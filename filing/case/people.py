"""The people of a case: who sells, who buys, who must consent, and who acts for whom."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from filing.case.consents import SeparateConsent
from filing.profile.entry import CoOwnership
from filing.profile.people import CheckPurpose
from identity.numbers import IdType, Region, Sex
from identity.representation import Attestation, Basis, Kinship
from identity.subjects import PartyKind, Side
from identity.trust_level import CheckMethod

__all__ = [
    "CaseParty",
    "CasePeople",
    "CheckBegun",
    "CheckedPerson",
    "Contact",
    "Identified",
    "OrganisationHead",
    "PartyRole",
    "RepresentationRecord",
    "RepresentationTimes",
    "Shares",
]


class PartyRole(StrEnum):
    """What a party is in the contract."""

    SELLER = "seller"
    """Transfers (转让方, 出卖人)."""
    CO_OWNER = "co_owner"
    """An owner who transfers nothing and consents in writing (SZ-57; 城市房地产管理法 art. 38)."""
    BUYER = "buyer"


@dataclass(frozen=True, slots=True)
class Identified:
    """Somebody with a name and a checked number."""

    name: str
    """As in the identity document."""

    id_type: IdType
    """Which document."""

    id_number: str
    """Its number, normalised (``identity.numbers.check_number``)."""

    kind: PartyKind = PartyKind.PERSON
    """Person or organisation."""

    region: Region = Region.CN
    """Where they belong."""

    nationality: str = "中国"
    """Country, in Chinese, as contracts say it."""

    birth_date: date | None = None
    """From the number or as entered; ``None`` where nobody has said."""

    issue_place: str | None = None
    """Where the document was issued (SZ-56)."""

    title_id_number: str | None = None
    """The number on the title where it differs: a first-generation number or an older permit (ZS-23, SZ-37)."""

    sex: Sex | None = None
    """From the number or as entered; ``None`` where nobody has said."""


@dataclass(frozen=True, slots=True)
class Contact:
    """How somebody is reached."""

    phone: str
    """Own mobile number, which receives codes (ZS-26, HS-15)."""

    address: str
    """Domicile, the address for service."""

    postcode: str | None = None
    """Postcode (ZS-29)."""


@dataclass(frozen=True, slots=True)
class Shares:
    """Parts of the house, as fractions of the whole."""

    held: Fraction | None = None
    """What an owner holds by the title, or a buyer will hold; ``None`` where it is held jointly or alone."""

    transferred: Fraction | None = None
    """What an owner transfers; 0 is an owner who does not (SZ-57); ``None`` is everything held."""


@dataclass(frozen=True, slots=True)
class CaseParty:
    """One party. The key is also the name of its signature field."""

    key: str
    """``seller-1``, ``buyer-2``, ``co-owner-1``: stable while the text stands."""

    side: Side
    """Which side."""

    role: PartyRole
    """What they are in the contract."""

    identified: Identified
    """Who they are."""

    contact: Contact | None = None
    """How to reach them; ``None`` until entered."""

    shares: Shares = Shares()
    """Parts of the house."""

    on_title: bool = False
    """The land register names them as owner."""

    joined_at: datetime | None = None
    """When they came in by themselves (HS-25, SZ-61); ``None`` where they were typed in."""

    limited_capacity: bool = False
    """Declared to lack full civil capacity for a reason other than age (民法典 art. 21, 22)."""

    usable_online: bool = True
    """They can use the city's app and be checked there as a real person (SZ-44, SZ-49)."""


@dataclass(frozen=True, slots=True)
class RepresentationTimes:
    """When a representation holds. All aware."""

    starts_at: datetime | None = None
    """From when; ``None`` where no period is stated."""

    ends_at: datetime | None = None
    """Until when."""

    bound_at: datetime | None = None
    """When an outlet bound the account to the house (SZ-14)."""

    consented_at: datetime | None = None
    """When the representative agreed (SZ-09)."""

    ended_at: datetime | None = None
    """When the principal ended it (SZ-11)."""


@dataclass(frozen=True, slots=True)
class RepresentationRecord:
    """Somebody acts for a party; judged by ``identity.representation`` each time it is used."""

    party: str
    """Key of the party."""

    representative: Identified
    """Who acts."""

    basis: Basis
    """By what."""

    contact: Contact | None = None
    """The representative's mobile number, where codes go (H-11), and address; an empty address is the party's."""

    scope: str = ""
    """Words of the mandate."""

    matters: tuple[str, ...] = ()
    """Matters the mandate names."""

    attestation: Attestation = Attestation.NONE
    """Who vouches for it."""

    papers: tuple[str, ...] = ()
    """Kinds of paper seen in the original."""

    kinship: Kinship | None = None
    """Of a guardian: what they are to the ward."""

    times: RepresentationTimes = RepresentationTimes()
    """When it holds."""

    @property
    def phone(self) -> str | None:
        """Where codes go."""
        return None if self.contact is None else self.contact.phone


@dataclass(frozen=True, slots=True)
class OrganisationHead:
    """Who leads an organisation that is a party (法定代表人, 负责人)."""

    party: str
    """Key of the party."""

    post: str
    """法定代表人 or 负责人."""

    name: str
    """Name."""


@dataclass(frozen=True, slots=True)
class CheckBegun:
    """A face check that somebody was sent to and has not brought back."""

    person_key: str
    """``identity.keys.person_key`` of who is to be checked."""

    purpose: CheckPurpose
    """For what."""

    session: str
    """The provider's number of the session."""

    begun_at: datetime
    """When."""

    bound_to: str = ""
    """What the provider was told it is for, where one person may have several under way."""


@dataclass(frozen=True, slots=True)
class CheckedPerson:
    """That a person was checked, for what, and how (rules.md § 7.2, IdentityCheck). Only checks that passed."""

    person_key: str
    """``identity.keys.person_key`` of who was checked."""

    purpose: CheckPurpose
    """For what."""

    method: CheckMethod
    """How."""

    reference: str
    """The provider's number, or that of the clerk's record."""

    checked_at: datetime
    """When."""

    subject_sha256: str | None = None
    """Digest of the text it was made for, where it was made for one."""


@dataclass(frozen=True, slots=True)
class CasePeople:
    """Everybody in the case."""

    parties: tuple[CaseParty, ...] = ()
    """Sellers, consenting co-owners and buyers, in the order of the contract."""

    representations: tuple[RepresentationRecord, ...] = ()
    """Who acts for whom."""

    co_ownership: CoOwnership | None = None
    """How the buyers will hold the house (ZS-27, H-01); ``None`` until chosen."""

    seller_co_owners: bool | None = None
    """The seller's word on whether there are co-owners (WH-28); ``None`` until said."""

    checks: tuple[CheckedPerson, ...] = ()
    """Identity checks that passed."""

    begun: tuple[CheckBegun, ...] = ()
    """Face checks begun, the newest of each person and purpose."""

    heads: tuple[OrganisationHead, ...] = ()
    """Who leads the organisations among the parties."""

    consents: tuple[SeparateConsent, ...] = ()
    """What each allowed to be done with their face, document and voice; the newest of each person and kind last."""

    def party(self, key: str) -> CaseParty | None:
        """The party of this key."""
        return next((party for party in self.parties if party.key == key), None)

    def of_side(self, side: Side) -> tuple[CaseParty, ...]:
        """Everybody on a side, consenting co-owners with the sellers."""
        return tuple(party for party in self.parties if party.side is side)
