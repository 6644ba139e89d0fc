"""Guards: signing. The method, every signer's steps, the codes of the sides, the scan of what was signed by hand."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from filing.case.people import PartyRole
from filing.case.signers import signer_of
from filing.case.signing import ExtraPaperFile, NotarialStanding
from filing.facts import parties_facts
from filing.lifecycle import Event
from filing.profile import Guard, extra_papers
from filing.profile.people import CodePer
from filing.profile.signing import SignMethod, SignStep
from identity.findings import Finding
from identity.subjects import Side

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from filing.case import Case
    from filing.case.people import CaseParty
    from filing.engine.situation import Situation
    from filing.guards import GuardCheck
    from filing.profile import FlowProfile
    from identity.findings import Findings

__all__ = [
    "CO_OWNER_CONSENT",
    "GUARDS",
    "CodeHolder",
    "code_holders",
    "consents_wanted",
    "extra_papers_wanted",
    "notarised_papers",
    "steps_of",
    "unconfirmed_notarised_papers",
]

CO_OWNER_CONSENT: Final = "co_owner_consent"
"""Written consent of somebody on whose behalf another's code was given (H-09)."""


@dataclass(frozen=True, slots=True)
class CodeHolder:
    """Whose telephone gets a code, and for whom it speaks."""

    side: Side
    """Side."""

    party: str
    """Key of the party whose code it is."""


def steps_of(situation: Situation) -> tuple[SignStep, ...]:
    """The steps of the method that was decided; none before it is."""
    method = situation.case.signing.method
    return () if method is None else situation.sale.signing.steps.get(method, ())


def code_holders(profile: FlowProfile, case: Case) -> tuple[CodeHolder, ...]:
    """Who gets a code before signing is complete: the first of each side, or everybody (ZS-38, WH-36, H-09).

    Of a side, the first who transfers or buys: a co-owner who only consents does not speak for it.
    """
    rule = next((rule for rule in profile.people.phones.codes if rule.at is Event.COMPLETE_SIGNING), None)
    if rule is None:
        return ()
    if rule.per is CodePer.PERSON:
        return tuple(CodeHolder(party.side, party.key) for party in case.people.parties)
    return tuple(CodeHolder(side, first.key) for side in Side for first in _principals(case, side)[:1])


def consents_wanted(profile: FlowProfile, case: Case) -> tuple[str, ...]:
    """Keys of the parties another's code speaks for, whose written consent is kept as material (H-09).

    Where everybody signs a print of the contract by hand afterwards (WH-11) the print is their consent.
    """
    if profile.sale is None or profile.sale.signing.printed_after:
        return ()
    own = {holder.party for holder in code_holders(profile, case)}
    return tuple(party.key for party in case.people.parties if own and party.key not in own)


def extra_papers_wanted(situation: Situation) -> tuple[str, ...]:
    """Papers that wet signing needs here besides the contract (SZ-80)."""
    facts = parties_facts(situation.case, situation.now)
    return tuple(dict.fromkeys(extra.paper for extra in extra_papers(situation.sale, facts)))


def notarised_papers(situation: Situation) -> tuple[str, ...]:
    """Those of :func:`extra_papers_wanted` that are a notary's (SZ-80)."""
    if situation.case.signing.method is not SignMethod.WET:
        return ()
    facts = parties_facts(situation.case, situation.now)
    return tuple(dict.fromkeys(extra.paper for extra in extra_papers(situation.sale, facts) if extra.notarised))


def unconfirmed_notarised_papers(situation: Situation) -> Findings:
    """Notary's papers on this text that nothing but a scan speaks for; one that is not there is one of them."""
    case = situation.case
    digest = None if case.text.fixed is None else case.text.fixed.sha256
    files = {file.paper: file for file in case.signing.extra_papers if file.text_sha256 == digest}
    return tuple(
        Finding(
            "notarised.unverified",
            zh="公证书为纸质扫描件，须由审核人员核对原件并登记公证书编号",
            en="a scan of a notary's certificate: the reviewer confirms the original and records its number",
            facts=(("paper", paper),),
        )
        for paper in notarised_papers(situation)
        if not _believed(files.get(paper))
    )


def _believed(file: ExtraPaperFile | None) -> bool:
    proof = None if file is None else file.notarial
    return proof is not None and proof.standing is not NotarialStanding.UNVERIFIED


def _principals(case: Case, side: Side) -> tuple[CaseParty, ...]:
    return tuple(party for party in case.people.of_side(side) if party.role is not PartyRole.CO_OWNER)


def _method_settled(situation: Situation) -> Findings:
    case = situation.case
    if case.signing.method is None or case.text.fixed is None:
        return _no("signing.method_open", "签署方式尚未确定", "the way of signing is not decided yet")
    if case.signing.method is SignMethod.WET:
        return ()
    without = [
        party.key for party in case.people.parties if signer_of(situation.profile, case, party, situation.now) is None
    ]
    return tuple(
        finding
        for key in without
        for finding in _no("signing.nobody_signs", "尚未确定由谁代为签署", "nobody can sign for this party", party=key)
    )


def _steps_complete(situation: Situation) -> Findings:
    """Every party's own signature stands on this very text; of a hand-signed contract see ``scan_matches_text``."""
    case = situation.case
    if case.signing.method is SignMethod.WET:
        return () if case.text.downloaded_at is not None else _no_download()
    return tuple(_unsigned(situation))


def _unsigned(situation: Situation) -> Iterator[Finding]:
    case = situation.case
    signed = frozenset() if case.text.fixed is None else case.signing.signed_parties(case.text.fixed.sha256)
    for party in case.people.parties:
        if party.key not in signed:
            yield Finding(
                "signing.not_signed",
                zh="当事人尚未完成签署",
                en="this party has not finished signing",
                facts=(("party", party.key),),
            )


def _side_codes_verified(situation: Situation) -> Findings:
    case = situation.case
    digest = None if case.text.fixed is None else case.text.fixed.sha256
    given = {code.party for code in case.signing.side_codes if code.text_sha256 == digest}
    missing = [holder for holder in code_holders(situation.profile, case) if holder.party not in given]
    unconsented = [
        key for key in consents_wanted(situation.profile, case) if not case.papers.materials_in(CO_OWNER_CONSENT, key)
    ]
    return (
        *(
            Finding(
                "code.not_verified",
                zh="短信验证码尚未验证",
                en="the code has not been given back",
                facts=(("side", holder.side.value), ("party", holder.party)),
            )
            for holder in missing
        ),
        *(
            Finding(
                "consent.missing",
                zh="由同方他人验证码代为确认的，须上传本人的书面同意",
                en="another's code speaks for this party: their written consent is needed",
                facts=(("party", key),),
            )
            for key in unconsented
        ),
    )


def _scan_matches_text(situation: Situation) -> Findings:
    case = situation.case
    if case.signing.method is not SignMethod.WET:
        return ()
    wet, fixed = case.signing.wet, case.text.fixed
    if wet is not None and fixed is not None and wet.text_sha256 == fixed.sha256:
        return ()
    return _no(
        "scan.missing",
        "尚未上传与当前文本一致的签署扫描件",
        "the scan of this very text, signed by hand, has not been handed in",
    )


def _extra_papers_present(situation: Situation) -> Findings:
    case = situation.case
    if case.signing.method is not SignMethod.WET:
        return ()
    digest = None if case.text.fixed is None else case.text.fixed.sha256
    have = {file.paper for file in case.signing.extra_papers if file.text_sha256 == digest}
    return tuple(
        Finding(
            "extra_paper.missing",
            zh="线下签署须另行提交的材料尚未上传",
            en="a paper that goes with signing by hand is missing",
            facts=(("paper", paper),),
        )
        for paper in extra_papers_wanted(situation)
        if paper not in have
    )


def _no_download() -> Findings:
    return _no("signing.not_downloaded", "尚未下载合同文本", "the text has not been downloaded for signing by hand")


def _no(code: str, zh: str, en: str, **facts: str) -> Findings:
    return (Finding(code, zh, en, facts=tuple(facts.items())),)


GUARDS: Final[Mapping[Guard, GuardCheck]] = MappingProxyType(
    {
        Guard.SIGNING_METHOD_SETTLED: _method_settled,
        Guard.SIGNING_STEPS_COMPLETE: _steps_complete,
        Guard.SIDE_CODES_VERIFIED: _side_codes_verified,
        Guard.SCAN_MATCHES_TEXT: _scan_matches_text,
        Guard.EXTRA_PAPERS_PRESENT: _extra_papers_present,
        Guard.NOTARISED_PAPERS_CONFIRMED: unconfirmed_notarised_papers,
    }
)
"""By name."""
