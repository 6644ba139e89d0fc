"""The amended text: typeset and certified as a version of its own, signed by everybody with the codes of the sides."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from filing.acts.signing.ink import phone_of
from filing.acts.signing.make import make_signature
from filing.case.text import FixedText, TextSource
from filing.contract import CodeGiven, certify_text, fix_text
from filing.errors import ActRefused, FilingError
from filing.terms import build_terms
from identity.numbers import mask_name, mask_phone
from identity.subjects import PartyKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from documents.contract import ContractTerms
    from filing.acts.signing.make import Signed
    from filing.acts.world import World
    from filing.case import Case
    from filing.case.signing import SideCode
    from filing.contract import Act
    from filing.engine.situation import Situation

__all__ = ["make_amended_text", "sign_amended_text"]

MOST_LOST_VERSIONS: Final = 20
"""So many proposals may have been made and dropped before somebody has to look."""


def make_amended_text(situation: Situation, clauses: Mapping[str, object], world: World) -> FixedText:
    """The contract with these clauses, typeset and certified; harmless twice. Raises ``TermsError``.

    A version that another proposal has used is passed over, never reused for another text.
    """
    case = replace(situation.case, text=replace(situation.case.text, clauses=clauses))
    terms = build_terms(case, situation.profile)
    first = situation.case.text.version + 1
    for version in range(first, first + MOST_LOST_VERSIONS):
        made = _version(situation, terms, version, world)
        if made is not None:
            return made
    raise FilingError("text.versions", zh="文本版本异常，请联系运维人员", en="too many texts were made and lost")


def sign_amended_text(
    situation: Situation, text: FixedText, codes: tuple[SideCode, ...], world: World
) -> tuple[Signed, ...]:
    """Every party's own signature in the amended text; raises ``TimeStampError`` (ask again). Harmless twice."""
    case = situation.case
    amended = replace(situation, case=replace(case, text=replace(case.text, fixed=text, version=text.version)))
    return tuple(
        make_signature(amended, world, party.key, code=_code_for(case, party.key, codes, situation))
        for party in case.people.parties
    )


def _version(situation: Situation, terms: ContractTerms, version: int, world: World) -> FixedText | None:
    contract = world.contract(situation.case.case_no, version)
    try:
        typeset = fix_text(contract, terms)
    except ActRefused as refusal:
        if refusal.code != "act.done_otherwise":
            raise
        return None
    certified = certify_text(contract, world.desk)
    return FixedText(version, str(certified.sha256), situation.now, _source(typeset))


def _source(typeset: Act) -> TextSource:
    boxes, pages = typeset.facts["boxes"], typeset.facts["pages"]
    if not isinstance(boxes, (list, tuple)) or not isinstance(pages, int):
        raise TypeError("the journal tells boxes and pages of a text")
    return TextSource(str(typeset.facts["terms_sha256"]), pages, tuple(str(box["name"]) for box in boxes))


def _code_for(case: Case, key: str, codes: tuple[SideCode, ...], situation: Situation) -> CodeGiven:
    """The code that speaks for a party: its own, or that of the first of its side (H-09)."""
    party = case.people.party(key)
    of_side = [code for code in codes if party is not None and code.side is party.side]
    own = next((code for code in of_side if code.party == key), of_side[0])
    holder = None if own.party == key else _masked(case, own.party)
    return CodeGiven(own.reference, _phone(case, own.party, situation), holder, own.verified_at)


def _masked(case: Case, key: str) -> str:
    party = case.people.party(key)
    if party is None:
        raise LookupError(key)
    name = party.identified.name
    return mask_name(name) if party.identified.kind is PartyKind.PERSON else name


def _phone(case: Case, key: str, situation: Situation) -> str:
    return mask_phone(phone_of(replace(situation, case=case), key))
