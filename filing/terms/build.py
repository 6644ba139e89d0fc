"""A case as contract terms: registered facts, people and clauses in the data format of ``documents.contract``.

Nothing is decided here but what goes where. What is missing or wrong is found by ``documents.contract`` and said by
field path, with the party it concerns.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from documents.contract import parse_terms
from documents.errors import TermsError
from filing.case.people import PartyRole
from filing.terms.house import house_data
from filing.terms.parties import parties_data, share_lines

if TYPE_CHECKING:
    from collections.abc import Mapping

    from documents.contract import ContractTerms
    from filing.case import Case
    from filing.profile import FlowProfile

__all__ = ["CLAUSES", "TermsProblem", "build_terms", "find_problems", "terms_data"]

CLAUSES: Final = ("house", "money", "performance", "liability", "annexes", "other_agreements")
"""What parties type into the contract form. People and filing have forms of their own (WH-27)."""

_SECTIONS: Final = {"sellers": PartyRole.SELLER, "co_owners": PartyRole.CO_OWNER, "buyers": PartyRole.BUYER}

_PARTY_PATH: Final = re.compile(r"(?P<section>sellers|co_owners|buyers)\.(?P<place>[0-9]+)")


@dataclass(frozen=True, slots=True)
class TermsProblem:
    """One thing that keeps the text from being made."""

    path: str
    """Where, in the data of the terms."""

    code: str
    """Stable, dotted."""

    zh: str
    """In Chinese."""

    en: str
    """In English."""

    party: str | None = None
    """Key of the party it concerns."""

    def to_dict(self) -> dict[str, str | None]:
        """As JSON."""
        return {"path": self.path, "code": self.code, "zh": self.zh, "en": self.en, "party": self.party}


def build_terms(case: Case, profile: FlowProfile) -> ContractTerms:
    """The terms. Raises ``TermsError`` (``terms.invalid``) with every problem."""
    return parse_terms(terms_data(case, profile))


def find_problems(case: Case, profile: FlowProfile) -> tuple[TermsProblem, ...]:
    """Everything that keeps the text from being made now; empty if nothing does."""
    try:
        build_terms(case, profile)
    except TermsError as error:
        listed: Any = error.fields.get("problems", ())
        return tuple(_problem(case, each) for each in listed)
    return ()


def terms_data(case: Case, profile: FlowProfile) -> dict[str, Any]:
    """The terms as far as they are known, as data."""
    data: dict[str, Any] = {name: case.text.clauses[name] for name in CLAUSES if name in case.text.clauses}
    for section, role in _SECTIONS.items():
        ownership = case.people.co_ownership if role is PartyRole.BUYER else _held(case)
        listed = parties_data(case.people, role, ownership)
        if listed:
            data[section] = listed
    data["house"] = house_data(case.house, _mapping(data.get("house")))
    data["filing"] = _filing(profile)
    if "performance" in data:
        data["performance"] = _with_buyers_hold(case, _mapping(data["performance"]))
    lines = share_lines(case.people)
    if lines:
        data["other_agreements"] = [*_list(data.get("other_agreements")), *lines]
    return data


def _held(case: Case) -> Any:  # noqa: ANN401 - CoOwnership or None
    return None if case.house.checked is None else case.house.checked.record.rights.co_ownership


def _filing(profile: FlowProfile) -> dict[str, Any]:
    if profile.sale is None:
        raise LookupError(f"{profile.city.name} has no sale")
    facts = profile.sale.contract
    return {
        "city": facts.place,
        "authority": profile.city.authority,
        "registry": facts.registry,
        "within_days": facts.submit_within_days,
        "contract_title": profile.templates["contract"].title,
    }


def _with_buyers_hold(case: Case, performance: Mapping[str, Any]) -> dict[str, Any]:
    """How the buyers will hold the house is said with the buyers (ZS-27), not a second time in the clauses."""
    chosen = case.people.co_ownership
    if chosen is None:
        return dict(performance)
    return {**performance, "transfer": {**_mapping(performance.get("transfer")), "buyers_hold": chosen.value}}


def _problem(case: Case, each: Mapping[str, str]) -> TermsProblem:
    path = _PARTY_PATH.match(each["path"])
    keys = () if path is None else _keys(case, _SECTIONS[path["section"]])
    place = -1 if path is None else int(path["place"])
    party = keys[place] if 0 <= place < len(keys) else None
    return TermsProblem(each["path"], each["code"], each["zh"], each["en"], party)


def _keys(case: Case, role: PartyRole) -> tuple[str, ...]:
    return tuple(party.key for party in case.people.parties if party.role is role)


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: object) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else []
