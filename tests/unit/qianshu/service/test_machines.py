"""Programs as the ways in see them, over both databases."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from joserfc.jwk import ECKey, OctKey

from api.client_secrets import is_secret
from api.ports import WebhookSubscription
from qianshu.service.machines import MachineError, Machines, Webhooks
from signing.envelope import EvidenceKey
from storage.records.database import Database
from tests.unit.storage.machines.programs import NOW, registry

KEY = EvidenceKey(b"k" * 32)


@pytest.fixture
def book(database: Database) -> Machines:
    return Machines(database, KEY)


def code_of(attempt) -> str:
    with pytest.raises(MachineError) as caught:
        attempt()
    return caught.value.code


def test_a_program_comes_in_with_the_secret_it_was_given(book: Machines) -> None:
    secret = book.add(registry(), NOW)
    record = book.load("registry-huangshi")

    assert record.machine == registry()
    assert is_secret("registry-huangshi", secret, record.secret_hashes)
    assert secret not in repr(record)
    assert book.load("nobody") is None
    assert code_of(lambda: book.add(registry(), NOW)) == "machine.exists"


def test_two_secrets_are_good_while_one_takes_the_others_place_and_never_three(book: Machines) -> None:
    first = book.add(registry(), NOW)
    second, third = book.renew_secret("registry-huangshi"), book.renew_secret("registry-huangshi")
    hashes = book.load("registry-huangshi").secret_hashes

    assert [is_secret("registry-huangshi", one, hashes) for one in (first, second, third)] == [False, True, True]
    assert code_of(lambda: book.renew_secret("nobody")) == "machine.no_secret"


def test_ended_it_is_kept_as_ended_and_gets_no_secret(book: Machines) -> None:
    book.add(registry(), NOW)
    book.end("registry-huangshi", NOW)

    assert book.load("registry-huangshi").ended_at == NOW
    assert code_of(lambda: book.end("registry-huangshi", NOW)) == "machine.unknown"
    assert code_of(lambda: book.renew_secret("registry-huangshi")) == "machine.no_secret"


def test_a_program_with_keys_of_its_own_has_no_secret(book: Machines) -> None:
    key = ECKey.generate_key("P-256")
    public = {"keys": [key.as_dict(private=False)]}
    book.add_with_keys(registry(), json.dumps(public), NOW)
    record = book.load("registry-huangshi")

    assert record.secret_hashes == ()
    assert json.loads(record.public_keys)["keys"][0]["x"] == public["keys"][0]["x"]
    assert code_of(lambda: book.renew_secret("registry-huangshi")) == "machine.no_secret"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"keys": []}',
        '{"keys": [{"kty": "EC"}]}',
        json.dumps({"keys": [ECKey.generate_key("P-256").as_dict(private=True)]}),
        json.dumps({"keys": [OctKey.generate_key(256).as_dict(private=True)]}),
    ],
    ids=["nothing", "list", "no keys", "empty", "half a key", "private", "symmetric"],
)
def test_anything_but_public_keys_is_refused(book: Machines, text: str) -> None:
    assert code_of(lambda: book.add_with_keys(registry(), text, NOW)) == "machine.keys"
    assert book.load("registry-huangshi") is None


def test_an_assertion_counts_once_until_it_has_expired(book: Machines) -> None:
    ends_at = NOW + timedelta(minutes=5)
    assert book.use_assertion("registry-huangshi", "jti-1", ends_at)
    assert not book.use_assertion("registry-huangshi", "jti-1", ends_at)
    assert book.forget_assertions(ends_at + timedelta(minutes=1)) == 1


def test_a_subscription_is_kept_ended_and_logged(book: Machines, database: Database) -> None:
    book.add(registry(), NOW)
    hooks = Webhooks(database, KEY)
    made = WebhookSubscription("s1", "registry-huangshi", "https://r.example/h", ("huangshi",), NOW, "whsec_c2VjcmV0")
    hooks.add(made)

    assert hooks.load("s1") == made
    assert list(hooks.of_client("registry-huangshi")) == [made]
    hooks.end("s1", NOW)
    assert list(hooks.of_client("registry-huangshi")) == []
    assert hooks.load("s1").ended_at == NOW
    assert list(hooks.deliveries("s1", None, 10)) == []
