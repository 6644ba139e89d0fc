"""Sellers and buyers as they are entered: from several places, in pairs, with a guardian."""

from __future__ import annotations

from fractions import Fraction

from filing.acts.entry.buyers import BuyerInput
from filing.guards import GUARDS
from filing.profile import Actor, Guard
from filing.profile.entry import CoOwnership
from identity.numbers import IdType, Region
from identity.representation import Basis, Kinship
from tests.builders.cases import SELLER, WIFE, Someone, acting, owner, registered, situation
from tests.builders.entry import contact, person

HALF = Fraction(1, 2)

HK = Someone("陳大文", "H12345678", "13900000021", IdType.HM_PERMIT, Region.HK, born=None)

TW = Someone("林小姐", "12345678", "13900000022", IdType.TW_PERMIT, Region.TW)

OFFICER = Someone("高建军", "军字第20011986号", "13900000023", IdType.OFFICER_ID)


def guard(name: Guard, case, city: str) -> set[str]:
    return {finding.code for finding in GUARDS[name](situation(case, Actor.SELLER, acting(SELLER, city)))}


def couple(city: str, **shares: Fraction):
    return registered(city, owner(SELLER, **shares), owner(WIFE, **shares))


def typed(*people: Someone, shares: tuple[str | None, ...] = (), how: CoOwnership = CoOwnership.SOLE):
    listed = zip(people, shares or (None,) * len(people), strict=True)
    return {
        "co_ownership": how,
        "buyers": tuple(BuyerInput(person(who), contact(who), share=share) for who, share in listed),
    }


def guardian(who: Someone, kinship: Kinship, party: str = "seller-1", papers=("minor_guarantee", "birth_certificate")):
    return {
        "party": party,
        "basis": Basis.GUARDIAN,
        "representative": person(who),
        "contact": contact(who, address=""),
        "kinship": kinship,
        "papers": papers,
    }
