"""Keys of parties: ``seller-1``, ``co-owner-1``, ``buyer-2``, in the order of the contract, as its fields are named.

A key changes only while the text is open: when an owner no longer transfers, or somebody leaves. Whatever names a party
goes with it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from filing.case.people import CaseParty, PartyRole

if TYPE_CHECKING:
    from filing.case import Case
    from filing.case.house import CaseHouse
    from filing.case.papers import CasePapers
    from filing.case.people import CasePeople

__all__ = ["with_keys"]


def with_keys(case: Case) -> Case:
    """The same case, every party called by role and place; what belongs to somebody who has left is left out."""
    renamed = _names(case.people.parties)
    return replace(
        case,
        people=_people(case.people, renamed),
        house=_house(case, renamed),
        text=replace(
            case.text,
            receipts=tuple(
                replace(one, party=None if one.party is None else renamed.get(one.party)) for one in case.text.receipts
            ),
        ),
        papers=_papers(case.papers, renamed),
    )


def _names(parties: tuple[CaseParty, ...]) -> dict[str, str]:
    counts = dict.fromkeys(PartyRole, 0)
    renamed = {}
    for party in parties:
        counts[party.role] += 1
        renamed[party.key] = f"{party.role.value.replace('_', '-')}-{counts[party.role]}"
    return renamed


def _people(people: CasePeople, renamed: dict[str, str]) -> CasePeople:
    return replace(
        people,
        parties=tuple(replace(party, key=renamed[party.key]) for party in people.parties),
        representations=tuple(
            replace(record, party=renamed[record.party]) for record in people.representations if record.party in renamed
        ),
        heads=tuple(replace(head, party=renamed[head.party]) for head in people.heads if head.party in renamed),
    )


def _house(case: Case, renamed: dict[str, str]) -> CaseHouse:
    checked = case.house.checked
    if checked is None:
        return case.house
    owners = tuple(renamed[key] for key in checked.owners if key in renamed)
    return replace(case.house, checked=replace(checked, owners=owners))


def _papers(papers: CasePapers, renamed: dict[str, str]) -> CasePapers:
    applicant = papers.qualification.party
    return replace(
        papers,
        qualification=replace(papers.qualification, party=None if applicant is None else renamed.get(applicant)),
        materials=tuple(replace(one, party=renamed[one.party]) for one in papers.materials if one.party in renamed),
        licences_allowed=tuple(
            replace(one, party=renamed[one.party]) for one in papers.licences_allowed if one.party in renamed
        ),
    )
