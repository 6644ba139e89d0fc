"""Party blocks and signature places, as the template wants them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from documents.contract.parties import PartyKind, RepresentativeRole
from documents.contract.wording import cell, chinese_date, wide

if TYPE_CHECKING:
    from documents.contract.parties import Contact, Head, Identity, Party, Personal, Representative
    from documents.contract.terms import ContractTerms

__all__ = ["party_blocks", "signature_places"]

SIDES = (
    ("sellers", "seller", "出卖人（甲方）"),
    ("buyers", "buyer", "买受人（乙方）"),
    ("co_owners", "co-owner", "共有人"),
)
"""Section of the terms, prefix of the signature field, title in the contract."""


def party_blocks(terms: ContractTerms) -> dict[str, Any]:
    """For each side, one block per party: its title and rows of cells."""
    blocks = {}
    for section, _, title in SIDES:
        parties: tuple[Party, ...] = getattr(terms, section)
        blocks[section] = [{"title": title, "rows": _party_rows(party)} for party in parties]
    return blocks


def signature_places(terms: ContractTerms) -> dict[str, Any]:
    """For each side, one place per party; whoever represents a party signs in its place."""
    return {
        section: [
            {
                "field": f"{prefix}-{index + 1}",
                "title": title,
                "name": party.name,
                "by": "、".join(f"{agent.role.zh}{agent.name}" for agent in party.representatives),
                "label": _label(title, party),
            }
            for index, party in enumerate(getattr(terms, section))
        ]
        for section, prefix, title in SIDES
    }


def _label(title: str, party: Party) -> str:
    by = "、".join(agent.name for agent in party.representatives)
    return f"{title}{party.name}签名" + (f"（由{by}代签）" if by else "")


def _party_rows(party: Party) -> list[list[dict[str, Any]]]:
    share = str(party.share) if party.share is not None else None
    if party.kind is PartyKind.PERSON:
        rows = _person_rows("姓名", party.name, party.identity, party.personal)
    else:
        rows = [[wide("名称", party.name)], _identity_row(party.identity), *_head_rows(party.head)]
    rows += _contact_rows(party.contact)
    rows.append([cell("电子邮箱", party.contact.email), cell("共有份额", share)])
    for agent in party.representatives:
        rows += _representative_rows(agent)
    return rows


def _person_rows(title: str, name: str, identity: Identity, personal: Personal | None) -> list[list[dict[str, Any]]]:
    sex = personal.sex.zh if personal else None
    nationality = personal.nationality if personal else None
    birth = chinese_date(personal.birth_date) if personal else None
    return [
        [cell(title, name), cell("性别", sex)],
        _identity_row(identity),
        [cell("国籍", nationality), cell("出生日期", birth)],
    ]


def _identity_row(identity: Identity) -> list[dict[str, Any]]:
    return [cell("证件类型", identity.other_name or identity.document.zh), cell("证件号码", identity.number)]


def _head_rows(head: Head | None) -> list[list[dict[str, Any]]]:
    if head is None:
        return []
    number = head.identity.number if head.identity else None
    return [[cell(head.post, head.name), cell("证件号码", number)]]


def _contact_rows(contact: Contact) -> list[list[dict[str, Any]]]:
    return [[wide("通讯地址", contact.address)], [cell("邮政编码", contact.postcode), cell("联系电话", contact.phone)]]


def _representative_rows(agent: Representative) -> list[list[dict[str, Any]]]:
    basis = "委托权限" if agent.role is RepresentativeRole.AGENT else "监护依据"
    return [
        *_person_rows(agent.role.zh, agent.name, agent.identity, agent.personal),
        *_contact_rows(agent.contact),
        [cell("电子邮箱", agent.contact.email), cell(basis, agent.authority)]
        if agent.contact.email
        else [wide(basis, agent.authority)],
    ]
