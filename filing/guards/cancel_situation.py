"""What a cancellation is judged by: the facts of the case, the row that was chosen, who has still to agree or to hand
in what. Read from the case; nothing is remembered twice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from filing.profile import Actor, CancelSituation
from filing.profile.cancelling import Consent, Ground
from identity.subjects import Side

if TYPE_CHECKING:
    from filing.case import Case
    from filing.case.cancelling import Cancellation
    from filing.profile import FlowProfile
    from filing.profile.cancelling import CancelRule

__all__ = [
    "IDENTITY_PROOF",
    "asking_side",
    "cancel_situation",
    "missing_consents",
    "missing_papers",
    "proxy_matter_of",
    "row_of",
    "signed_sides",
]

IDENTITY_PROOF: Final = "identity_proof"
"""Uploaded by hand where the e-licence is not authorised or not found (SZ-99)."""

CANCEL_MATTER: Final = "cancel_filing"
"""The matter where the city's row names no other."""

E_LICENCE_AUTHORISATION: Final = "e_licence_authorisation"

_SIDES: Final = {Actor.SELLER: Side.SELLER, Actor.DEVELOPER: Side.SELLER, Actor.BUYER: Side.BUYER}

_IN_PERSON: Final = frozenset({Consent.ALL_PARTIES, Consent.ALL_PARTIES_IN_PERSON})


def cancel_situation(case: Case, asked: Cancellation) -> CancelSituation:
    """The facts of the case now, and what is asked for (SZ-88…91)."""
    if case.position is None:
        raise LookupError("a case that was never opened cannot be cancelled")
    return CancelSituation(
        state=case.position.state,
        asker=asked.asker,
        scope=asked.scope,
        channel=asked.channel,
        ground=asked.ground,
        signed_sides=signed_sides(case),
        qualification=case.papers.qualification.state,
        method=case.signing.method,
        downloaded=case.text.fixed is not None and case.text.downloaded_at is not None,
    )


def signed_sides(case: Case) -> frozenset[Side]:
    """Sides with a signature on the present text, or a code given back for it; one is as good as all (H-19)."""
    if case.text.fixed is None:
        return frozenset()
    digest = case.text.fixed.sha256
    if case.signing.wet is not None and case.signing.wet.text_sha256 == digest:
        return frozenset(Side)
    parties = {task.party for task in case.signing.tasks if task.signed_at is not None and task.text_sha256 == digest}
    by_code = {code.side for code in case.signing.side_codes if code.text_sha256 == digest}
    return frozenset({party.side for party in case.people.parties if party.key in parties} | by_code)


def row_of(profile: FlowProfile, asked: Cancellation) -> CancelRule:
    """The row of the city's table the request rests on."""
    return next(row for row in profile.cancelling.rows if row.name == asked.rule)


def proxy_matter_of(profile: FlowProfile, asked: Cancellation) -> str:
    """The matter a proxy's mandate must name (ZS-49)."""
    return row_of(profile, asked).demands.proxy_matter or CANCEL_MATTER


def asking_side(asker: Actor) -> Side | None:
    """The side whoever asked is on; ``None`` for staff and offices."""
    return _SIDES.get(asker)


def missing_consents(case: Case, asked: Cancellation, row: CancelRule) -> tuple[str, ...]:
    """Keys of the parties whose consent is still wanted (SZ-88, SZ-105, ZS-46, H-21)."""
    counted = {
        consent.party
        for consent in asked.consents
        if consent.in_person or row.consent is not Consent.ALL_PARTIES_IN_PERSON
    }
    return tuple(key for key in _wanted(case, asked, row) if key not in counted)


def missing_papers(case: Case, asked: Cancellation, row: CancelRule) -> tuple[tuple[str, str | None], ...]:
    """(paper, party) still to be handed in; a paper without a party serves all (SZ-98…102)."""
    have = {(paper.paper, paper.party) for paper in asked.file.papers}
    return tuple(
        (paper, party)
        for paper in row.demands.papers
        for party in _paper_parties(case, asked, row)
        if not any((each, of) in have for each in _alternatives(paper) for of in (party, None))
    )


def _alternatives(paper: str) -> tuple[str, ...]:
    """No authorisation signed, or nothing found by it: the identity document itself (SZ-99)."""
    return (paper, IDENTITY_PROOF) if paper == E_LICENCE_AUTHORISATION else (paper,)


def _wanted(case: Case, asked: Cancellation, row: CancelRule) -> tuple[str, ...]:
    parties, side = case.people.parties, asking_side(asked.asker)
    if row.consent in _IN_PERSON:
        return tuple(party.key for party in parties)
    if row.consent is Consent.OTHER_SIDE:
        # Asked by nobody's side: both must agree.
        return tuple(party.key for party in parties if party.side is not side)
    return ()


def _paper_parties(case: Case, asked: Cancellation, row: CancelRule) -> tuple[str | None, ...]:
    """Of whom papers are wanted: everybody, but of the applicant alone who holds a legal instrument, and of the
    developer for all where a notary hears the buyers.
    """
    if row.ground is Ground.LEGAL_INSTRUMENT or row.consent is Consent.NOTARISED:
        return (asked.file.papers[0].party if asked.file.papers else None,)
    return tuple(party.key for party in case.people.parties)
