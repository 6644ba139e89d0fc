"""The agreement that ends a contract (终止协议): a contract PDF of its own, signed by every party with a signature of
its own (ZN-05, ZN-11, ZN-14).

It is fixed, certified, signed and sealed by the acts of ``filing.contract``, under versions that no text of the
contract ever has. Everything here is called under the case's lock, harmless twice, and goes on after a kill at any
point; :func:`agreement_pdf` alone needs no lock.

1. :func:`make_agreement` with the push: typeset, certified (DocMDP P=2), every party's field made;
2. :func:`sign_agreement` once for each party, in any order; :func:`with_signature` notes it;
3. :func:`seal_agreement` when all have: PAdES B-LTA, so that it can be verified for decades.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from documents.contract.codec import canonical_json
from documents.papers import parse_template, render_paper
from filing.acts.signing.bound import party_named, signer_named
from filing.case.notary import Agreement, AgreementSigned, MatterPaper
from filing.case.signers import role_label
from filing.contract import (
    PartySigning,
    certify_text,
    fix_typeset,
    read_object,
    seal_unstamped,
    settled_acts,
    sign_contract,
)
from filing.errors import ActRefused
from filing.papers import make_paper, paper_values, settlement_values
from identity.numbers import mask_number
from notary.errors import NotaryError

if TYPE_CHECKING:
    from filing.acts.world import World
    from filing.case import Case
    from filing.case.notary import Settlement
    from filing.contract import ContractCase
    from filing.engine.situation import Situation
    from signing.ink import Handwriting

__all__ = [
    "AGREEMENT",
    "FIRST_VERSION",
    "agreement_paper",
    "agreement_pdf",
    "all_signed",
    "make_agreement",
    "make_matter_papers",
    "next_version",
    "seal_agreement",
    "sign_agreement",
    "with_signature",
]

AGREEMENT: Final = "termination_agreement"
"""The template, and the paper's name wherever papers are listed."""

MATTER_PAPERS: Final = ("cancel_form", "notary_application", "notary_notice", "acceptance_record")
"""Everything else that is generated with the push (ZN-05, ZN-10)."""

FIRST_VERSION: Final = 1_000_000
"""Versions from here on are agreements; nobody writes a million texts of one contract."""

MOST_LOST_VERSIONS: Final = 100
"""Versions passed over because a killed process had made them for something else."""

PDF: Final = "application/pdf"

CERTIFY_REASON: Final = "固定终止协议文本，建立签名域"


def next_version(case: Case) -> int:
    """The version for the agreement that is made now: after every one the case knows of."""
    notary = case.notary
    matters = (*notary.past, *(() if notary.current is None else (notary.current,)))
    known = [matter.agreement.version for matter in matters if matter.agreement is not None]
    return max(known, default=FIRST_VERSION - 1) + 1


def make_agreement(situation: Situation, world: World, version: int, settlement: Settlement | None = None) -> Agreement:
    """Typeset and certify the agreement as the case is now, with a field for every party; harmless twice.

    The text names what the case of ``situation`` knows: the office too, where it stands in the matter already.
    ``version`` is :func:`next_version`'s. One that a killed process made for something else is passed over, so the
    agreement's own version counts. Raises ``DocumentError``, ``TimeStampError`` (ask again), ``NotaryError``.
    """
    for candidate in range(version, version + MOST_LOST_VERSIONS):
        made = _version(situation, world, candidate, settlement)
        if made is not None:
            return made
    raise NotaryError("agreement.versions", zh="终止协议版本异常，请联系运维人员", en="too many agreements were lost")


def sign_agreement(
    situation: Situation, world: World, agreement: Agreement, party: str, handwriting: Handwriting
) -> AgreementSigned:
    """Sign for a party, by its own hand or that of whoever acts for it, in its own field at PAdES B-T.

    The answer names the newest revision, which has this signature in it. That whoever asks is the signer is for the
    act to know. Raises ``HandwritingError``, ``TimeStampError`` (ask again), ``ActRefused``.
    """
    signer = signer_named(situation, party)
    signing = PartySigning(
        field_name=party,
        name=signer.identified.name,
        reference=mask_number(signer.identified.id_number),
        role_label=role_label(party_named(situation.case, party), signer),
        handwriting=handwriting,
        document="本终止协议",
    )
    contract = _contract(situation, world, agreement)
    act = sign_contract(contract, world.desk, signing)
    signed_at = datetime.fromisoformat(str(act.facts["time_stamped_at"]))
    return AgreementSigned(party, signed_at, str(settled_acts(contract).head_sha256))


def with_signature(agreement: Agreement, signed: AgreementSigned) -> Agreement:
    """The agreement with this signature noted; a second time changes nothing but the newest revision."""
    others = tuple(each for each in agreement.signed if each.party != signed.party)
    known = len(others) < len(agreement.signed)
    noted = agreement.signed if known else (*others, signed)
    return replace(agreement, signed=noted, head_sha256=signed.sha256)


def all_signed(case: Case, agreement: Agreement) -> bool:
    """Whether every party of the case has signed it."""
    return {party.key for party in case.people.parties} <= {each.party for each in agreement.signed}


def seal_agreement(situation: Situation, world: World, agreement: Agreement) -> Agreement:
    """Add revocation proof and archive time-stamp once all have signed (PAdES B-LTA); the agreement with its new head.

    Raises ``ActRefused`` (``act.too_early``) before, ``TimeStampError`` (ask again).
    """
    sealed = seal_unstamped(_contract(situation, world, agreement), world.desk)
    return replace(agreement, head_sha256=str(sealed.sha256))


def agreement_pdf(situation: Situation, world: World, agreement: Agreement) -> bytes:
    """The newest revision the case knows of, digest checked while it is read."""
    return read_object(_contract(situation, world, agreement), agreement.head_sha256)


def agreement_paper(agreement: Agreement) -> MatterPaper:
    """The agreement among the papers to read: the certified text, nobody's signature in it yet (ZN-10)."""
    return MatterPaper(AGREEMENT, agreement.text_sha256, agreement.page_count)


def make_matter_papers(situation: Situation, world: World) -> tuple[MatterPaper, ...]:
    """The other papers (:data:`MATTER_PAPERS`), kept among the case's evidence. Raises ``DocumentError``."""
    return tuple(_kept(situation, world, name) for name in MATTER_PAPERS)


def _kept(situation: Situation, world: World, name: str) -> MatterPaper:
    made = make_paper(world.read_text, situation, name)
    return MatterPaper(name, world.evidence.put(situation.case.case_no, made.pdf, PDF), made.page_count)


def _version(situation: Situation, world: World, version: int, settlement: Settlement | None) -> Agreement | None:
    contract = world.contract(situation.case.case_no, version)
    words = world.read_text(situation.profile.city.name, AGREEMENT)
    template = parse_template(words)
    known = paper_values(situation.profile, situation.case, situation.now)
    values = {**known, **settlement_values(settlement)}
    # Not of the day: whoever is killed before midnight goes on after it with the same text.
    said = {"template": words, "values": {name: value for name, value in values.items() if name != "today"}}
    digest = hashlib.sha256(canonical_json(said)).hexdigest()
    try:
        text = fix_typeset(contract, digest, lambda made_at: render_paper(template, values, made_at=made_at))
    except ActRefused as refusal:
        if refusal.code != "act.done_otherwise":
            raise
        return None
    certified = certify_text(contract, world.desk, CERTIFY_REASON)
    head = settled_acts(contract).head_sha256  # a killed process may have signed already
    pages = int(str(text.facts["pages"]))
    return Agreement(version, str(certified.sha256), str(head), page_count=pages, settlement=settlement)


def _contract(situation: Situation, world: World, agreement: Agreement) -> ContractCase:
    return world.contract(situation.case.case_no, agreement.version)
