"""What must hold of the parties beyond the shape of each field."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from documents.contract.house import Ownership
from documents.contract.parties import IdentityDocument, PartyKind, RepresentativeRole, Sex
from documents.contract.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

    from documents.contract.house import House
    from documents.contract.parties import Head, Identity, Party, Personal, Representative
    from documents.contract.performance import Performance

__all__ = ["check_buyers_hold", "check_co_owners", "check_ownership", "check_parties", "check_sides"]

ORGANISATION_DOCUMENTS = frozenset(
    {IdentityDocument.CREDIT_CODE, IdentityDocument.BUSINESS_LICENCE, IdentityDocument.OTHER}
)
"""How an organisation is identified: by its credit code (HS-13), an older licence, or a foreign document."""

NUMBERED_LIKE_RESIDENT_ID = frozenset({IdentityDocument.RESIDENT_ID, IdentityDocument.HMT_RESIDENCE_PERMIT})
"""18 characters, birth date at 7-14, sex in the 17th (GB 11643-1999; ``field.md`` § 14)."""


def check_parties(side: str, parties: tuple[Party, ...]) -> Iterator[Problem]:
    """Each party of one side alone."""
    for index, party in enumerate(parties):
        path = f"{side}.{index}"
        yield from _identity(f"{path}.identity", party.identity, party.personal)
        yield from _person(path, party) if party.kind is PartyKind.PERSON else _organisation(path, party)
        for number, agent in enumerate(party.representatives):
            yield from _representative(f"{path}.representatives.{number}", agent)


def check_sides(sellers: tuple[Party, ...], buyers: tuple[Party, ...]) -> Iterator[Problem]:
    """Nobody stands on both sides, as party or as agent (民法典 art. 168), nor twice on one."""
    for side, parties in (("sellers", sellers), ("buyers", buyers)):
        yield from _repeated(side, parties)
    selling = {_key(party.identity) for party in sellers}
    agents_of_sellers = {_key(agent.identity) for party in sellers for agent in party.representatives}
    for index, party in enumerate(buyers):
        if _key(party.identity) in selling:
            yield Problem(f"buyers.{index}", "party.both_sides", "不得同时为买卖双方", "is on both sides")
        if _key(party.identity) in agents_of_sellers:
            yield _agent_of_both(f"buyers.{index}")
        for number, agent in enumerate(party.representatives):
            if _key(agent.identity) in selling | agents_of_sellers:
                yield _agent_of_both(f"buyers.{index}.representatives.{number}")


def check_co_owners(sellers: tuple[Party, ...], co_owners: tuple[Party, ...]) -> Iterator[Problem]:
    """A consenting co-owner is none of the sellers."""
    yield from _repeated("co_owners", co_owners)
    selling = {_key(party.identity) for party in sellers}
    for index, party in enumerate(co_owners):
        if _key(party.identity) in selling:
            yield Problem(
                f"co_owners.{index}", "party.repeated", "已列为出卖人，不应重复列为共有人", "is already a seller"
            )


def check_ownership(house: House, sellers: tuple[Party, ...], co_owners: tuple[Party, ...]) -> Iterator[Problem]:
    """The sellers and consenting co-owners own the whole house, as its title says."""
    ownership = house.rights.ownership
    owners = [(f"sellers.{index}", party) for index, party in enumerate(sellers)]
    owners += [(f"co_owners.{index}", party) for index, party in enumerate(co_owners)]
    yield from _shares(ownership, owners, "sellers")
    if ownership is Ownership.SOLE and len(sellers) > 1:
        yield _too_many("sellers")
    if ownership is Ownership.JOINT and len(owners) < 2:
        yield _too_few("sellers")


def check_buyers_hold(performance: Performance, buyers: tuple[Party, ...]) -> Iterator[Problem]:
    """The buyers acquire the whole house, in the way they chose."""
    hold = performance.transfer.buyers_hold
    yield from _shares(hold, [(f"buyers.{index}", party) for index, party in enumerate(buyers)], "buyers")
    if hold is Ownership.SOLE and len(buyers) > 1:
        yield _too_many("buyers")
    if hold is Ownership.JOINT and len(buyers) < 2:
        yield _too_few("buyers")


def _shares(ownership: Ownership, owners: list[tuple[str, Party]], path: str) -> Iterator[Problem]:
    if ownership is not Ownership.BY_SHARE:
        for place, party in owners:
            if party.share is not None:
                yield Problem(
                    f"{place}.share", "share.unexpected", "非按份共有，不应填写份额", "a share, but not held by share"
                )
        return
    missing = [place for place, party in owners if party.share is None]
    for place in missing:
        yield Problem(f"{place}.share", "share.missing", "按份共有须填写份额", "held by share, but no share given")
    total = sum((party.share for _, party in owners if party.share is not None), Fraction(0))
    if not missing and total != 1:
        yield Problem(path, "share.sum", f"份额之和应为 1，现为 {total}", f"shares must sum to 1, not {total}")


def _identity(path: str, identity: Identity, personal: Personal | None) -> Iterator[Problem]:
    named_other = identity.other_name is not None
    if named_other != (identity.document is IdentityDocument.OTHER):
        yield Problem(
            f"{path}.other_name",
            "identity.other_name",
            "仅在证件类型为“其他”时填写证件名称，且须填写",
            "the name of another document goes with kind 'other', and only with it",
        )
    if identity.document in NUMBERED_LIKE_RESIDENT_ID and personal and len(identity.number) == 18:
        yield from _resident_number(path, identity.number, personal)


def _resident_number(path: str, number: str, personal: Personal) -> Iterator[Problem]:
    if number[6:14] != f"{personal.birth_date:%Y%m%d}":
        yield Problem(
            f"{path}.number", "identity.birth_date", "证件号码与出生日期不一致", "the number has another birth date"
        )
    male = number[16].isdigit() and int(number[16]) % 2 == 1
    if male != (personal.sex is Sex.MALE):
        yield Problem(f"{path}.number", "identity.sex", "证件号码与性别不一致", "the number has another sex")


def _person(path: str, party: Party) -> Iterator[Problem]:
    if party.personal is None:
        yield Problem(
            f"{path}.personal",
            "party.personal_missing",
            "自然人须填写国籍、出生日期和性别",
            "a person needs nationality, birth date and sex",
        )
    if party.head is not None:
        yield Problem(f"{path}.head", "party.head_of_person", "自然人没有法定代表人", "a person has no head")
    if party.identity.document in {IdentityDocument.CREDIT_CODE, IdentityDocument.BUSINESS_LICENCE}:
        yield _wrong_document(path)


def _organisation(path: str, party: Party) -> Iterator[Problem]:
    if party.head is None:
        yield Problem(
            f"{path}.head",
            "party.head_missing",
            "法人或者非法人组织须填写法定代表人或者负责人",
            "an organisation needs a head",
        )
    else:
        yield from _head(f"{path}.head.identity", party.head)
    if party.personal is not None:
        yield Problem(
            f"{path}.personal", "party.personal_of_organisation", "法人没有出生日期和性别", "an organisation has none"
        )
    if party.identity.document not in ORGANISATION_DOCUMENTS:
        yield _wrong_document(path)
    for number, agent in enumerate(party.representatives):
        if agent.role is RepresentativeRole.GUARDIAN:
            yield Problem(
                f"{path}.representatives.{number}.role",
                "agent.guardian_of_organisation",
                "法人没有监护意义上的法定代理人",
                "an organisation has no guardian",
            )


def _head(path: str, head: Head) -> Iterator[Problem]:
    if head.identity:
        yield from _identity(path, head.identity, None)


def _representative(path: str, agent: Representative) -> Iterator[Problem]:
    yield from _identity(f"{path}.identity", agent.identity, agent.personal)
    if agent.role is RepresentativeRole.AGENT and agent.authority is None:
        yield Problem(
            f"{path}.authority",
            "agent.authority_missing",
            "委托代理人须填写代理依据及权限（《民法典》第一百六十五条）",
            "an agent needs a mandate (Civil Code art. 165)",
        )


def _repeated(side: str, parties: tuple[Party, ...]) -> Iterator[Problem]:
    seen: set[tuple[IdentityDocument, str]] = set()
    for index, party in enumerate(parties):
        if _key(party.identity) in seen:
            yield Problem(f"{side}.{index}", "party.repeated", "当事人重复", "the same party twice")
        seen.add(_key(party.identity))


def _key(identity: Identity) -> tuple[IdentityDocument, str]:
    return identity.document, identity.number


def _wrong_document(path: str) -> Problem:
    return Problem(
        f"{path}.identity.document",
        "identity.document_of_kind",
        "证件类型与主体类型不符",
        "this document does not identify this kind of party",
    )


def _agent_of_both(path: str) -> Problem:
    return Problem(
        path,
        "agent.both_sides",
        "同一人不得同时代理买卖双方或者与被代理人交易（《民法典》第一百六十八条）",
        "one person may not act for both sides, or deal with himself (Civil Code art. 168)",
    )


def _too_many(path: str) -> Problem:
    return Problem(path, "ownership.sole", "单独所有只能有一人", "sole ownership has one owner")


def _too_few(path: str) -> Problem:
    return Problem(path, "ownership.joint", "共同共有至少有两人", "joint ownership has two owners at least")
