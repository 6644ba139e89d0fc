"""Signatures in time: ETSI EN 319 102-1 v1.4.1 § 5.3–5.6, with the document time-stamps as the evidence record.

The order (numbers repeated in the body):

1. document time-stamps, newest first. The newest must hold now; each older one must hold at the time the next newer
   one proves. One that holds proves that everything in its revision existed at its ``genTime`` (§ 5.6.3.4);
2. each signature's own time-stamps, at the earliest time proven for them; one that holds proves the signature value
   (§ 5.5.4);
3. each signature at the earliest time proven for its value (§ 5.6.2).

"Holds at a time" (§ 5.6.2.1–2): a chain to a trust anchor, in which every certificate was in its validity period at
that time, and was not revoked by then according to revocation data which themselves existed while their issuer's
certificate was in its validity period.

Why not pyHanko's ``ades_lta_validation``: in 0.38.0 it looks for the signature time-stamp under a name no attribute
has and registers its time on a copy that is dropped, so no signature is ever proven earlier than its first document
time-stamp, and a one-time certificate that expires between the two never passes; it takes the machine's clock for
"now" where a proof is missing; and it repeats the whole chain of document time-stamps for every signature. Its
cryptographic and path building parts are used in ``cms.py`` and ``chains.py``.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from signing.validation.chains import SIGNING, STAMPING
from signing.validation.cms import CmsSignature, CmsVerdict, check_token, weakness
from signing.validation.proofs import Proofs
from signing.validation.report import Level, TimeProof, Verdict

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from pyhanko.sign.validation.settings import KeyUsageConstraints

    from signing.validation.chains import ChainBuilder
    from signing.validation.foreign import Asn1Value
    from signing.validation.revocation import RevocationStore, StatusAnswer

__all__ = ["Embedded", "Evidence", "Judge", "Judgement", "SignatureInFile"]

_TOLERANCE = timedelta(minutes=5)
"""Clocks of honest authorities differ by seconds; a time-stamp from further in the future is refused."""

_NO_NEXT_UPDATE = timedelta(minutes=30)
"""An answer without nextUpdate means that newer ones are always to be had (RFC 6960 § 2.4); we believe it this long."""

_OPEN_STATUS = frozenset({"revocation.unknown", "revocation.stale"})


@dataclass(frozen=True, slots=True)
class SignatureInFile:
    """One parsed signature and where it stands."""

    cms: CmsSignature
    """The signature or time-stamp token."""

    verdict: CmsVerdict
    """Whether signed bytes and value hold."""

    revision: int
    """The revision it signs; 0 if it does not cover one."""

    is_pades: bool
    """Whether the SubFilter is ETSI.CAdES.detached."""


@dataclass(frozen=True, slots=True)
class Embedded:
    """One CRL, OCSP response or certificate in the file."""

    der: bytes
    """Its bytes."""

    revision: int
    """The revision that wrote it."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known beside the signatures."""

    chains: ChainBuilder
    """Chains to the trust anchors."""

    store: RevocationStore
    """Revocation data from the file and from the caller."""

    embedded: tuple[Embedded, ...]
    """Validation data in the file."""

    revocation_max_age: timedelta | None
    """See ``TrustAnchors``."""


@dataclass(frozen=True, slots=True)
class _Held:
    """Whether a certificate holds at a time."""

    code: str | None
    """Finding code of the first problem."""

    sub_indication: str | None
    """Its ETSI sub-indication."""

    answers: tuple[StatusAnswer, ...] = ()
    """The revocation data relied on."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What ETSI's procedure says about one signature."""

    verdict: Verdict
    """Three-valued."""

    sub_indication: str | None
    """If not passed."""

    codes: tuple[str, ...]
    """Finding codes."""

    level: Level
    """Level reached."""

    proven_at: datetime | None
    """Earliest proof of existence."""

    proof: TimeProof
    """Its kind."""

    source: str | None
    """Time-stamp unit that gave it."""


class Judge:
    """Judges all signatures of one file. ``now`` is the time of validation, wherever it lies."""

    def __init__(self, evidence: Evidence, now: datetime) -> None:
        self._evidence = evidence
        self._now = now
        self._proofs = Proofs(now)

    def judge(self, signatures: Sequence[SignatureInFile]) -> list[Judgement]:
        """One judgement per signature, in the order given."""
        stamps = sorted((item for item in signatures if _is_stamp(item)), key=lambda item: -item.revision)
        judged = {id(stamp): self._document_timestamp(stamp, signatures) for stamp in stamps}  # (1)
        archived = [item.revision for item in stamps if judged[id(item)].verdict is Verdict.PASSED]
        return [
            judged[id(item)] if _is_stamp(item) else self._signature(item, max(archived, default=0))
            for item in signatures
        ]

    def _document_timestamp(self, stamp: SignatureInFile, signatures: Sequence[SignatureInFile]) -> Judgement:
        generated_at = stamp.cms.generated_at
        assert generated_at is not None
        held = self._token_holds(stamp.cms, stamp.verdict)
        source = _common_name(stamp.cms.signer)
        codes = () if held.code is None else (held.code,)
        if held.code in _OPEN_STATUS and self._held_when_made(stamp, generated_at):
            held, codes = _Held(None, None), ("revocation.as_of_stamping",)
        if held.code is None:
            self._prove_revision(stamp.revision, generated_at, source, signatures)
        verdict = _verdict(held.sub_indication)
        return Judgement(
            verdict, held.sub_indication, codes, Level.NONE, generated_at, TimeProof.DOCUMENT_TIMESTAMP, source
        )

    def _held_when_made(self, stamp: SignatureInFile, generated_at: datetime) -> bool:
        """Whether the newest time-stamp held at its own time, by answers as old as itself.

        Nothing later than the newest time-stamp can be in the file, so offline its unit is judged as of then, while its
        certificates last; that is said (``revocation.as_of_stamping``). Fresh answers in ``TrustAnchors.revocation``
        come before this: a unit they call revoked never gets here.
        """
        if self._proofs.entry(stamp.cms.value) is not None:
            return False
        return Judge(self._evidence, generated_at)._token_holds(stamp.cms, stamp.verdict).code is None  # noqa: SLF001

    def _prove_revision(
        self, revision: int, at: datetime, source: str | None, signatures: Sequence[SignatureInFile]
    ) -> None:
        """Everything that stood in the file when the time-stamp was made existed by then; revision 0 has nothing."""
        proof = TimeProof.DOCUMENT_TIMESTAMP
        for earlier in signatures:
            if 0 < earlier.revision < revision:
                self._proofs.register(earlier.cms.value, at, proof, source)
                for token in earlier.cms.tokens:
                    self._proofs.register(token.value, at, proof, source)
        for item in self._evidence.embedded:
            if item.revision <= revision:
                self._proofs.register(item.der, at, proof, source)

    def _signature(self, item: SignatureInFile, last_archive: int) -> Judgement:
        tokens = [
            (token, self._token_holds(token, _token_verdict(item.cms, token))) for token in item.cms.tokens
        ]  # (2)
        for token, held in tokens:
            if held.code is None and token.generated_at is not None:
                source = _common_name(token.signer)
                self._proofs.register(item.cms.value, token.generated_at, TimeProof.TIME_STAMP, source)
        entry = self._proofs.entry(item.cms.value)
        best = self._now if entry is None else entry[0]
        held = self._holds_with_algorithm(item.cms, SIGNING, best, item.verdict)  # (3)
        codes = [] if held.code is None else [held.code]
        if tokens and all(token_held.code is not None for _, token_held in tokens):
            codes += ["timestamp.unusable", *(token_held.code for _, token_held in tokens if token_held.code)]
        if not tokens and entry is None:
            codes.append("time.unproven")
        level = self._level(item, held, tokens, last_archive)
        proven_at, proof, source = entry or (None, TimeProof.CLAIMED, None)
        return Judgement(
            _verdict(held.sub_indication),
            held.sub_indication,
            tuple(dict.fromkeys(codes)),
            level,
            proven_at,
            proof,
            source,
        )

    def _token_holds(self, token: CmsSignature, verdict: CmsVerdict) -> _Held:
        if token.generated_at is None or token.generated_at > self._now + _TOLERANCE:
            return _Held("timestamp.unusable", "TIMESTAMP_ORDER_FAILURE")
        return self._holds_with_algorithm(token, STAMPING, self._proofs.at(token.value), verdict)

    def _holds_with_algorithm(
        self, signature: CmsSignature, purpose: KeyUsageConstraints, at: datetime, verdict: CmsVerdict
    ) -> _Held:
        if not verdict.intact:
            hashed = verdict.sub_indication == "HASH_FAILURE"
            return _Held("signature.hash_mismatch" if hashed else "signature.forged", verdict.sub_indication)
        if weakness(signature) is not None:
            return _Held("algorithm.weak", "CRYPTO_CONSTRAINTS_FAILURE_NO_POE")
        return self._holds(signature.signer, purpose, at)

    def _holds(self, certificate: Asn1Value, purpose: KeyUsageConstraints, at: datetime) -> _Held:
        chain = self._evidence.chains.chain(certificate, purpose)
        if chain.problem is not None:
            return _Held(chain.problem, chain.sub_indication)
        used: list[StatusAnswer] = []
        for subject, issuer in zip(chain.certificates, chain.certificates[1:], strict=False):
            is_leaf = subject is chain.certificates[0]
            problem = _outside_validity(subject, at) or self._status(subject, issuer, at, used)
            if problem is not None:
                return _Held(problem[0], problem[1] if is_leaf else _of_ca(problem[1]), tuple(used))
        return _Held(None, None, tuple(used))

    def _status(
        self, subject: Asn1Value, issuer: Asn1Value, at: datetime, used: list[StatusAnswer]
    ) -> tuple[str, str] | None:
        """Why ``subject`` cannot be taken as unrevoked at ``at``; the answer relied on is added to ``used``."""
        if _certificate_weakness(subject, issuer):
            return "algorithm.weak", "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"
        answers = [
            answer
            for answer in self._evidence.store.answers(subject.dump(), issuer.dump())
            if self._existed_in_time(answer)
            and (answer.this_update <= subject.not_valid_after or answer.covers_expired)
        ]
        if not answers:
            return "revocation.unknown", "TRY_LATER"
        if any(answer.revoked_at is not None and answer.revoked_at <= at for answer in answers):
            return "certificate.revoked", "REVOKED_NO_POE"
        fresh = [answer for answer in answers if self._fresh(answer, at)]
        if not fresh:
            return "revocation.stale", "TRY_LATER"
        used.append(min(fresh, key=lambda answer: (not answer.embedded, self._proofs.at_digest(answer.digest))))
        return None

    def _existed_in_time(self, answer: StatusAnswer) -> bool:
        """§ 5.6.2.2.4: the answer existed before its issuer's certificate expired, and it is not from the future."""
        from_future = answer.this_update > self._now + _TOLERANCE
        return not from_future and not answer.weak and self._proofs.at_digest(answer.digest) <= answer.issuer_not_after

    def _fresh(self, answer: StatusAnswer, at: datetime) -> bool:
        """§ 5.2.5.4: given after ``at``, or still in force at ``at``."""
        if answer.this_update >= at:
            return True
        max_age = self._evidence.revocation_max_age
        if max_age is not None:
            return at <= answer.this_update + max_age
        return at <= (answer.next_update or answer.this_update + _NO_NEXT_UPDATE) + _TOLERANCE

    def _level(
        self, item: SignatureInFile, held: _Held, tokens: Sequence[tuple[CmsSignature, _Held]], last_archive: int
    ) -> Level:
        if not item.verdict.intact or not item.is_pades or not item.cms.has_certificate_reference:
            return Level.NONE
        stamped = [token for _, token in tokens if token.code is None or token.code in _OPEN_STATUS]
        archived = 0 < item.revision < last_archive
        if not stamped and not archived:
            return Level.B_B
        answers = [*held.answers, *(answer for token in stamped for answer in token.answers)]
        closed = held.code is None and all(token.code is None for token in stamped)
        if not closed or not answers or not all(answer.embedded for answer in answers):
            return Level.B_T
        proven = all(answer.digest in self._proofs.known for answer in answers)
        return Level.B_LTA if archived and proven else Level.B_LT


def _is_stamp(item: SignatureInFile) -> bool:
    return item.cms.generated_at is not None


def _token_verdict(signature: CmsSignature, token: CmsSignature) -> CmsVerdict:
    digest = hashlib.new(token.digest_algorithm, signature.value, usedforsecurity=False).digest()
    return check_token(token, {token.digest_algorithm: digest})


def _outside_validity(certificate: Asn1Value, at: datetime) -> tuple[str, str] | None:
    if at < certificate.not_valid_before:
        return "certificate.outside_validity", "NOT_YET_VALID"
    if at > certificate.not_valid_after:
        return "certificate.outside_validity", "OUT_OF_BOUNDS_NO_POE"
    return None


def _of_ca(sub_indication: str) -> str:
    return "REVOKED_CA_NO_POE" if sub_indication == "REVOKED_NO_POE" else sub_indication


def _certificate_weakness(certificate: Asn1Value, issuer: Asn1Value) -> bool:
    try:
        digest = certificate["signature_algorithm"].hash_algo
    except ValueError:
        digest = ""
    key = issuer.public_key
    return digest in {"md5", "sha1"} or (key.algorithm == "rsa" and key.bit_size < 2048)


def _common_name(certificate: Asn1Value) -> str | None:
    name = certificate.subject.native.get("common_name")
    return name if isinstance(name, str) else None


_FAILURES = frozenset({"FORMAT_FAILURE", "HASH_FAILURE", "SIG_CRYPTO_FAILURE", "REVOKED", "NOT_YET_VALID", "EXPIRED"})


def _verdict(sub_indication: str | None) -> Verdict:
    if sub_indication is None:
        return Verdict.PASSED
    return Verdict.FAILED if sub_indication in _FAILURES else Verdict.INDETERMINATE
