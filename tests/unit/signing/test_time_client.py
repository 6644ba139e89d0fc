"""The requester's side: nothing but a right token is believed, and failing authorities are named.

The tokens here are made with asn1crypto, not with our own authority.
"""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from asn1crypto import tsp
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from signing.errors import TimeStampError
from signing.ports import TimeStampToken
from signing.time import ClientRules, Expectation, LocalTransport, TimeStampAuthority, TimeStampClient, check_token
from signing.time.faults import FAULTS, fault
from signing.time.trust import TimeStampTrust
from tests.builders.forged_tokens import POLICY, Forgery, forge, reject
from tests.builders.small_pki import NOW, Authority, CaProfile, SoftSigner, ca, root, tsu

DIGEST = hashlib.sha256(b"contract").digest()


@dataclass
class Source:
    """A transport that answers by a function; it may raise, and it takes as long as the clock beside it says."""

    respond: Callable[[bytes], bytes]
    name: str = "first"
    given_seconds: list[float] = field(default_factory=list)

    def post(self, request_der: bytes, timeout_seconds: float) -> bytes:
        self.given_seconds.append(timeout_seconds)
        return self.respond(request_der)


def forging(signer: SoftSigner | None = None, **changes: object) -> Source:
    unit = signer or tsu()
    return Source(lambda request: forge(request, unit, Forgery(**changes)))  # type: ignore[arg-type]


def failing(code: str, name: str) -> Source:
    def respond(_: bytes) -> bytes:
        raise fault(code)

    return Source(respond, name)


def trust() -> TimeStampTrust:
    return TimeStampTrust([root().certificate])


def client(*sources: Source, **rules: object) -> TimeStampClient:
    return TimeStampClient(sources, trust(), ClientRules(**rules))  # type: ignore[arg-type]


def refusal(source: Source, **rules: object) -> dict[str, object]:
    """The one failure listed when ``source`` is the only one."""
    with pytest.raises(TimeStampError) as caught:
        client(source, **rules).stamp(DIGEST, NOW)
    assert caught.value.code == "time.unavailable"
    assert caught.value.fields["retryable"] is True
    (listed,) = caught.value.fields["sources"]  # type: ignore[misc]
    assert listed["source"] == "first"
    assert (listed["zh"], listed["en"]) == FAULTS[str(listed["code"])]
    return listed


@pytest.mark.parametrize("kind", ["ec", "rsa"])
def test_believes_a_right_token(kind: str) -> None:
    token = client(forging(tsu(kind=kind))).stamp(DIGEST, NOW)
    assert isinstance(token, TimeStampToken)
    assert (token.gen_time, token.source_name) == (NOW, "first")
    assert tsp.ContentInfo.load(token.token_der, strict=True)["content_type"].native == "signed_data"


@pytest.mark.parametrize("digest", ["sha384", "sha512"])
def test_believes_a_token_whose_signer_digests_otherwise(digest: str) -> None:
    assert client(forging(signer_digest=digest)).stamp(DIGEST, NOW).gen_time == NOW


def test_asks_with_a_fresh_nonce_and_for_the_certificate() -> None:
    asked: list[tsp.TimeStampReq] = []
    unit = tsu()

    def respond(request_der: bytes) -> bytes:
        asked.append(tsp.TimeStampReq.load(request_der, strict=True))
        return forge(request_der, unit)

    stamping = client(Source(respond))
    stamping.stamp(DIGEST, NOW)
    stamping.stamp(DIGEST, NOW)
    first, second = asked
    assert first["message_imprint"].native == {
        "hash_algorithm": {"algorithm": "sha256", "parameters": None},
        "hashed_message": DIGEST,
    }
    assert first["cert_req"].native is True
    assert first["req_policy"].native is None
    assert first["nonce"].native != second["nonce"].native


def test_asks_for_the_policy_it_is_told_to() -> None:
    asked: list[bytes] = []
    unit = tsu()

    def respond(request_der: bytes) -> bytes:
        asked.append(request_der)
        return forge(request_der, unit)

    client(Source(respond), requested_policy=POLICY).stamp(DIGEST, NOW)
    assert tsp.TimeStampReq.load(asked[0])["req_policy"].native == POLICY


EVIL_ROOT = "Evil root"
UNKNOWN = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.3.6.1.4.1.32473.9"), b"\x05\x00")
CRITICAL = [{"extn_id": "1.3.6.1.4.1.32473.9", "critical": True, "extn_value": b"\x05\x00"}]

WRONG_TOKENS: dict[str, tuple[str, Callable[[], Source]]] = {
    "another nonce": ("time.nonce_mismatch", lambda: forging(nonce=1)),
    "no nonce": ("time.nonce_mismatch", lambda: forging(without=("nonce",))),
    "another digest": ("time.imprint_mismatch", lambda: forging(digest=bytes(32))),
    "another digest algorithm": ("time.imprint_mismatch", lambda: forging(digest_algorithm="sha512_256")),
    "time ten minutes ago": ("time.skewed", lambda: forging(gen_time=NOW - timedelta(minutes=10))),
    "time ten minutes ahead": ("time.skewed", lambda: forging(gen_time=NOW + timedelta(minutes=10))),
    "critical extension": ("time.bad_response", lambda: forging(extensions=CRITICAL)),
    "granted without a token": ("time.bad_response", lambda: forging(without=("token",))),
    "content of another type": ("time.bad_response", lambda: forging(content_type="data")),
    "attribute of another type": ("time.bad_response", lambda: forging(attribute_content_type="data")),
    "an attribute twice": ("time.bad_response", lambda: forging(without=("single_attribute",))),
    "TSTInfo of version 2": ("time.bad_response", lambda: forging(info_version=2)),
    "two signers": ("time.bad_response", lambda: forging(without=("single_signer",))),
    "an attribute with two values": ("time.bad_response", lambda: forging(without=("single_value",))),
    "no content type attribute": ("time.bad_response", lambda: forging(without=("content_type",))),
    "no message digest": ("time.digest_mismatch", lambda: forging(without=("message_digest",))),
    "another message digest": ("time.digest_mismatch", lambda: forging(message_digest=bytes(32))),
    "no certificate": ("time.certificate_missing", lambda: forging(without=("certificates",))),
    "another certificate named": ("time.certificate_mismatch", lambda: forging(named_certificate=bytes(32))),
    "no certificate named": ("time.certificate_mismatch", lambda: forging(without=("signing_certificate_v2",))),
    "signer digest MD5": ("time.algorithm", lambda: forging(signer_digest="md5")),
    "another key": ("time.bad_signature", lambda: forging(_with_another_key())),
    "another issuer": ("time.untrusted", lambda: forging(tsu(ca("Evil CA", EVIL_ROOT)))),
    "an issuer of the pinned one's name": ("time.untrusted", lambda: forging(tsu(ca("Test issuing CA", EVIL_ROOT)))),
    "a unit as issuer": ("time.untrusted", lambda: forging(_below_a_unit())),
    "expired": ("time.certificate_expired", lambda: forging(tsu(not_after=NOW - timedelta(days=1)))),
    "not yet current": ("time.certificate_expired", lambda: forging(tsu(not_before=NOW + timedelta(days=1)))),
    "another purpose": ("time.wrong_usage", lambda: forging(tsu(usages=(ExtendedKeyUsageOID.CODE_SIGNING,)))),
    "two purposes": (
        "time.wrong_usage",
        lambda: forging(tsu(usages=(ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.CODE_SIGNING))),
    ),
    "purpose not critical": ("time.wrong_usage", lambda: forging(tsu(usage_is_critical=False))),
    "no purpose": ("time.wrong_usage", lambda: forging(tsu(usages=()))),
    "a CA's certificate": ("time.wrong_usage", lambda: forging(tsu(is_ca=True))),
    "a key not for signatures": ("time.wrong_usage", lambda: forging(tsu(signs=False))),
    "a critical extension unknown": ("time.untrusted", lambda: forging(tsu(critical=(UNKNOWN,)))),
    "a critical extension unknown, of the CA": ("time.untrusted", lambda: forging(_below_a_ca(critical=(UNKNOWN,)))),
    "a CA not for certificates": ("time.untrusted", lambda: forging(_below_a_ca(signs_certificates=False))),
    "an issuer that is no CA": ("time.untrusted", lambda: forging(_below_a_ca(is_ca=False))),
    "a CA for another purpose": (
        "time.untrusted",
        lambda: forging(_below_a_ca(usages=(ExtendedKeyUsageOID.CODE_SIGNING,))),
    ),
    "nothing": ("time.bad_response", lambda: Source(lambda _: b"")),
    "garbage": ("time.bad_response", lambda: Source(lambda _: b"<html>busy</html>")),
    "cut short": ("time.bad_response", lambda: Source(lambda asked: forge(asked, tsu())[:-1])),
    "octets after the end": ("time.bad_response", lambda: Source(lambda asked: forge(asked, tsu()) + b"\x00")),
}


def _below_a_ca(**profile: object) -> SoftSigner:
    return tsu(ca("Odd CA", profile=CaProfile(**profile)))  # type: ignore[arg-type]


def _with_another_key() -> SoftSigner:
    return SoftSigner(ca().key, tsu().certificate, ca().chain)


def _below_a_unit() -> SoftSigner:
    """A certificate issued by an honest time-stamp unit that is no CA."""
    unit = tsu()
    return tsu(Authority(unit.key, unit.certificate, unit.issuers))


@pytest.mark.parametrize("name", WRONG_TOKENS)
def test_refuses_a_wrong_token_by_its_code(name: str) -> None:
    code, source = WRONG_TOKENS[name]
    assert refusal(source())["code"] == code


def test_every_octet_of_a_token_matters() -> None:
    """Flip one bit anywhere: never believed, never anything but a refusal."""
    honest = tsu()
    ours = TimeStampAuthority(honest, POLICY)
    token_der = client(Source(lambda asked: ours.respond(asked, NOW))).stamp(DIGEST, NOW).token_der
    known = trust()
    expected = Expectation(DIGEST, None, None, NOW, timedelta(minutes=5))
    check_token(token_der, expected, known)
    believed = []
    for at in range(0, len(token_der), 3):
        forged = token_der[:at] + bytes((token_der[at] ^ 0x10,)) + token_der[at + 1 :]
        try:
            check_token(forged, expected, known)
        except TimeStampError:
            continue
        believed.append(at)
    # The issuing CA's certificate is left: no signature of this token covers it, and it proves nothing by itself.
    others = tsp.ContentInfo.load(token_der)["content"]["certificates"]
    spare = next(each.chosen.dump() for each in others if each.chosen.ca)
    start = token_der.index(spare)
    assert [at for at in believed if not start <= at < start + len(spare)] == []


@pytest.mark.parametrize("status", ["rejection", "waiting", "revocation_warning", "revocation_notification"])
def test_a_status_that_is_not_granted_is_listed_with_its_reasons(status: str) -> None:
    listed = refusal(Source(lambda _: reject(status, "time_not_available", "busy\x1b[2J" + "x" * 1000)))
    assert listed["code"] == "time.status_rejected"
    fields = listed["fields"]
    assert isinstance(fields, dict)
    assert fields["failures"] == ("time_not_available",)
    # Somebody else's words: cut, and without control characters.
    assert fields["texts"][0].startswith("busy[2J")
    assert len(fields["texts"][0]) == 200


def test_granted_with_mods_is_accepted_because_everything_is_compared() -> None:
    unit = tsu()

    def respond(asked: bytes) -> bytes:
        return forge(asked, unit).replace(b"\x30\x03\x02\x01\x00", b"\x30\x03\x02\x01\x01", 1)

    assert client(Source(respond)).stamp(DIGEST, NOW).gen_time == NOW


POLICIES = [
    ({"accepted_policies": frozenset({POLICY})}, POLICY, None),
    ({"accepted_policies": frozenset({POLICY})}, "1.3.6.1.4.1.32473.2", "time.policy_mismatch"),
    ({"requested_policy": POLICY}, "1.3.6.1.4.1.32473.2", "time.policy_mismatch"),
    ({}, "1.3.6.1.4.1.32473.2", None),
]


@pytest.mark.parametrize(("rules", "issued", "code"), POLICIES)
def test_only_accepted_policies_are_believed(rules: dict[str, object], issued: str, code: str | None) -> None:
    source = forging(policy=issued)
    if code is None:
        assert client(source, **rules).stamp(DIGEST, NOW).gen_time == NOW
    else:
        assert refusal(source, **rules)["code"] == code


def test_the_second_is_asked_when_the_first_is_dead() -> None:
    second = forging()
    second.name = "second"
    assert client(failing("time.refused", "first"), second).stamp(DIGEST, NOW).source_name == "second"


def test_the_second_is_not_asked_when_the_first_answers() -> None:
    second = forging()
    client(forging(), second).stamp(DIGEST, NOW)
    assert second.given_seconds == []


def test_all_dead_is_one_error_naming_each_in_order() -> None:
    wrong = forging(nonce=1)
    wrong.name = "c"
    with pytest.raises(TimeStampError) as caught:
        client(failing("time.refused", "a"), failing("time.slow", "b"), wrong).stamp(DIGEST, NOW)
    error = caught.value
    assert (error.code, error.fields["retryable"]) == ("time.unavailable", True)
    listed = [(each["source"], each["code"]) for each in error.fields["sources"]]  # type: ignore[attr-defined]
    assert listed == [("a", "time.refused"), ("b", "time.slow"), ("c", "time.nonce_mismatch")]


class Clock:
    """A monotonic clock that moves only when told."""

    def __init__(self) -> None:
        self.seconds = 100.0

    def __call__(self) -> float:
        return self.seconds


def slow(clock: Clock, name: str, seconds: float) -> Source:
    def respond(_: bytes) -> bytes:
        clock.seconds += seconds
        raise fault("time.slow")

    return Source(respond, name)


def test_total_time_is_shared_and_what_is_left_is_not_asked() -> None:
    clock = Clock()
    sources = [slow(clock, "a", 5), slow(clock, "b", 5), slow(clock, "c", 2), slow(clock, "d", 1)]
    rules = ClientRules(source_timeout_seconds=5, total_timeout_seconds=12)
    with pytest.raises(TimeStampError) as caught:
        TimeStampClient(sources, trust(), rules, clock).stamp(DIGEST, NOW)
    assert [source.given_seconds for source in sources] == [[5], [5], [2], []]
    listed = [each["code"] for each in caught.value.fields["sources"]]  # type: ignore[attr-defined]
    assert listed == ["time.slow", "time.slow", "time.slow", "time.not_asked"]


def test_time_spent_waiting_is_no_skew() -> None:
    clock = Clock()
    second = forging(gen_time=NOW + timedelta(seconds=10))
    rules = ClientRules(tolerance=timedelta(seconds=2), source_timeout_seconds=10)
    stamping = TimeStampClient([slow(clock, "a", 10), second], trust(), rules, clock)
    assert stamping.stamp(DIGEST, NOW).gen_time == NOW + timedelta(seconds=10)


def test_time_the_answer_took_is_no_skew() -> None:
    clock = Clock()
    unit = tsu()

    def respond(asked: bytes) -> bytes:
        clock.seconds += 10
        return forge(asked, unit, Forgery(gen_time=NOW + timedelta(seconds=10)))

    rules = ClientRules(tolerance=timedelta(seconds=2))
    late = TimeStampClient([Source(respond)], trust(), rules, clock).stamp(DIGEST, NOW)
    assert late.gen_time == NOW + timedelta(seconds=10)


def test_a_ca_for_time_stamping_is_trusted() -> None:
    unit = _below_a_ca(usages=(ExtendedKeyUsageOID.TIME_STAMPING,))
    assert client(forging(unit)).stamp(DIGEST, NOW).gen_time == NOW


def test_octets_after_a_token_are_refused() -> None:
    ours = TimeStampAuthority(tsu(), POLICY)
    token_der = client(Source(lambda asked: ours.respond(asked, NOW))).stamp(DIGEST, NOW).token_der
    with pytest.raises(TimeStampError) as caught:
        check_token(token_der + b"\x00", Expectation(DIGEST, None, None, NOW, timedelta(minutes=5)), trust())
    assert caught.value.code == "time.bad_response"


def test_a_trusted_unit_is_examined_again_outside_the_span_it_was_found_current_in() -> None:
    """The cached chain check must not let a token of after the certificate's end through."""
    unit = tsu(not_after=NOW + timedelta(days=1))
    stamping = client(forging(unit), forging(unit, gen_time=NOW + timedelta(days=2)))
    assert stamping.stamp(DIGEST, NOW).gen_time == NOW
    with pytest.raises(TimeStampError) as caught:
        stamping.stamp(DIGEST, NOW + timedelta(days=2))
    last = caught.value.fields["sources"][-1]  # type: ignore[index]
    assert last["code"] == "time.certificate_expired"


def test_an_issuing_ca_may_be_pinned_instead_of_the_root() -> None:
    pinned = TimeStampTrust([ca().certificate])
    assert TimeStampClient([forging()], pinned).stamp(DIGEST, NOW).gen_time == NOW


def test_a_known_intermediate_completes_a_token_that_brings_only_its_own_certificate() -> None:
    unit = tsu()
    alone = SoftSigner(unit.key, unit.certificate)
    known = TimeStampTrust([root().certificate], [ca().certificate])
    assert refusal(forging(alone))["code"] == "time.untrusted"
    assert TimeStampClient([forging(alone)], known).stamp(DIGEST, NOW).gen_time == NOW


def test_the_embedded_authority_is_asked_and_checked_like_any_other() -> None:
    embedded = LocalTransport(TimeStampAuthority(tsu(), POLICY), lambda: NOW)
    token = TimeStampClient([embedded], trust()).stamp(DIGEST, NOW)
    assert (token.gen_time, token.source_name) == (NOW, "embedded")
    wrong_clock = LocalTransport(TimeStampAuthority(tsu(), POLICY), lambda: NOW + timedelta(minutes=6))
    with pytest.raises(TimeStampError):
        TimeStampClient([wrong_clock], trust()).stamp(DIGEST, NOW)


def test_one_client_serves_many_threads() -> None:
    embedded = LocalTransport(TimeStampAuthority(tsu(), POLICY), lambda: NOW)
    stamping = TimeStampClient([embedded], trust())
    tokens: list[bytes] = []

    def work() -> None:
        tokens.extend(stamping.stamp(DIGEST, NOW).token_der for _ in range(20))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(tokens)) == 80


def test_refuses_to_be_built_or_asked_wrongly() -> None:
    with pytest.raises(ValueError, match="source"):
        TimeStampClient([], trust())
    with pytest.raises(ValueError, match="positive"):
        ClientRules(source_timeout_seconds=0)
    with pytest.raises(ValueError, match="accepted"):
        ClientRules(requested_policy="1.2.3", accepted_policies=frozenset({POLICY}))
    with pytest.raises(ValueError, match="aware"):
        client(forging()).stamp(DIGEST, NOW.replace(tzinfo=None))
    with pytest.raises(ValueError, match="SHA-256"):
        client(forging()).stamp(DIGEST[:20], NOW)
