"""Who is spoken of: a side, a kind of party, and somebody with a name and a number."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from identity.numbers import IdentityNumber, PersonMatch, folded, same_person_number

__all__ = ["PartyKind", "Side", "Subject", "match_subjects"]


class Side(Enum):
    """The two sides of a sale."""

    SELLER = "seller"
    BUYER = "buyer"


class PartyKind(Enum):
    """What a party is (SZ-50)."""

    PERSON = "person"
    ENTERPRISE = "enterprise"
    OTHER_ORG = "other_org"


@dataclass(frozen=True, slots=True)
class Subject:
    """A person or an organisation, as identified."""

    name: str
    """As in the identity document."""

    number: IdentityNumber
    """Checked number."""

    kind: PartyKind = PartyKind.PERSON
    """Person or organisation."""


def match_subjects(one: Subject, other: Subject) -> PersonMatch:
    """Whether two are one: by number; where numbers cannot tell, another name is another person.

    An equal name alone never makes two one: it leaves them undecided.
    """
    match = same_person_number(one.number, other.number)
    if match is PersonMatch.UNDECIDED and folded(one.name) != folded(other.name):
        return PersonMatch.DIFFERENT
    return match
