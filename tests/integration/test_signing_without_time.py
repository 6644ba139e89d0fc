"""A party signs while time-stamp authorities misbehave over real HTTP: closed, told, stored nowhere, tried again."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from filing.contract import read_acts, sign_contract
from filing.contract.acts import ABANDONED
from qianshu.bootstrap import TIMESTAMP_POLICY, open_keys
from qianshu.evidence import verify_head
from qianshu.settings import TimeStampSettings
from signing.errors import TimeStampError
from signing.time import TimeStampAuthority
from tests.builders import tsa_server
from tests.builders.forged_tokens import Forgery, forge, reject
from tests.builders.house import CASE_NO, demo_signings, opened
from tests.builders.keyring import NOW
from tests.builders.tsa_server import Behaviour, answering, closed_port_url, serving

if TYPE_CHECKING:
    from filing.contract import ContractCase
    from qianshu.settings import Settings
    from signing.ports import Signer

SELLER = demo_signings()["seller-1"]
SHORT = 0.3  # seconds a misbehaving authority is given


def asking(settings: Settings, *urls: str) -> Settings:
    trust_file = settings.keys_folder / "root-0001.pem"
    return replace(settings, timestamps=TimeStampSettings(urls, trust_file, SHORT))


def honest(settings: Settings) -> Behaviour:
    """The service's own time-stamp unit behind HTTP."""
    ours = TimeStampAuthority(open_keys(settings).timestamp_unit, TIMESTAMP_POLICY)
    return answering(lambda body: ours.respond(body, NOW))


def forging(**changes: object) -> Callable[[Signer], Behaviour]:
    """True in everything but ``changes``."""
    forgery = Forgery(policy=TIMESTAMP_POLICY, gen_time=NOW, **changes)  # type: ignore[arg-type]
    return lambda unit: answering(lambda body: forge(body, unit, forgery))


def stored(case: ContractCase) -> set[str]:
    return set(case.archive.iterate())  # type: ignore[attr-defined]


FAULTS: dict[str, tuple[str, Callable[[Signer], Behaviour]]] = {
    "slow": ("time.slow", lambda _: tsa_server.hang),
    "an octet now and then": ("time.slow", lambda _: tsa_server.drip_body),
    "HTTP 200 with an error status": ("time.status_rejected", lambda _: answering(lambda _: reject())),
    "wrong nonce": ("time.nonce_mismatch", forging(nonce=12345)),
    "wrong imprint": ("time.imprint_mismatch", forging(digest=bytes(32))),
    "HTTP 500": ("time.bad_response", lambda _: lambda handler, __: handler.reply(b"oops", 500)),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_signature_without_time_fails_closed_and_may_be_tried_again(certified: Settings, name: str) -> None:
    code, behaviour = FAULTS[name]
    with serving(behaviour(open_keys(certified).timestamp_unit)) as server:
        house = opened(asking(certified, server.url))
        case = house.case(CASE_NO)
        before = stored(case)
        with pytest.raises(TimeStampError) as caught:
            sign_contract(case, house.desk, SELLER)
    assert_closed(caught.value, case, code)
    (strokes,) = stored(case) - before
    assert strokes == read_acts(case.journal.entries()).by_name[strokes_of(case)].sha256
    assert_signed_on_retry(certified)


def test_a_refused_connection_fails_closed_and_may_be_tried_again(certified: Settings) -> None:
    house = opened(asking(certified, closed_port_url()))
    case = house.case(CASE_NO)
    with pytest.raises(TimeStampError) as caught:
        sign_contract(case, house.desk, SELLER)
    assert_closed(caught.value, case, "time.refused")
    assert_signed_on_retry(certified)


def test_the_forger_is_believed_when_it_tells_the_truth(certified: Settings) -> None:
    """Else the forgeries above might be refused for another reason than their own."""
    with serving(forging()(open_keys(certified).timestamp_unit)) as server:
        house = opened(asking(certified, server.url))
        assert sign_contract(house.case(CASE_NO), house.desk, SELLER).facts["level"] == "B-T"


@pytest.mark.parametrize("first", ["refused", "slow"])
def test_first_of_two_dead_the_second_signs_and_the_journal_names_it(certified: Settings, first: str) -> None:
    with serving(tsa_server.hang) as slow, serving(honest(certified)) as second:
        dead = slow.url if first == "slow" else closed_port_url()
        house = opened(asking(certified, dead, second.url))
        signed = sign_contract(house.case(CASE_NO), house.desk, SELLER)
    assert signed.facts["time_stamp_source"] == second.url.removeprefix("http://").removesuffix("/tsa")
    assert signed.facts["time_stamped_at"] == NOW.isoformat()


def strokes_of(case: ContractCase) -> str:
    (name,) = (name for name in read_acts(case.journal.entries()).by_name if name.startswith("strokes:seller-1"))
    return name


def assert_closed(error: TimeStampError, case: ContractCase, code: str) -> None:
    assert (error.code, error.fields["retryable"]) == ("time.unavailable", True)
    last = case.journal.entries()[-1]
    assert (last.event, last.data["act"]) == (ABANDONED, "sign:seller-1")
    facts: dict[str, str] = last.data["facts"]  # type: ignore[assignment]
    assert facts["error"] == "time.unavailable"
    assert [source["code"] for source in json.loads(facts["detail"])["sources"]] == [code]
    acts = read_acts(case.journal.entries())
    assert acts.head_sha256 == acts.by_name["certify"].sha256


def assert_signed_on_retry(settings: Settings) -> None:
    """With the embedded authority; the level in the journal is the one found in the file."""
    house = opened(settings)
    case = house.case(CASE_NO)
    signed = sign_contract(case, house.desk, SELLER)
    assert signed.facts["time_stamp_source"] == "embedded"
    report = verify_head(house, case)
    assert [signature.field for signature in report.signatures] == ["service-certification", "seller-1"]
    assert {signature.level.value for signature in report.signatures} == {signed.facts["level"]} == {"B-T"}
    assert report.integrity.value == "intact"
