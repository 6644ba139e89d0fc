"""Which of a provider's keys are used, and that no way leads down from TLS."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from joserfc.jwk import ECKey, RSAKey

from gateways.id_tokens import usable_keys
from identity.outside import LoginRefused

EC = ECKey.generate_key("P-256", {"kid": "ec"}).as_dict(private=False)
RSA = RSAKey.generate_key(2048, {"kid": "rsa"}).as_dict(private=False)
MODULUS_1024 = (1 << 1023) | 1
SMALL = {**RSA, "n": base64.urlsafe_b64encode(MODULUS_1024.to_bytes(128)).rstrip(b"=").decode()}

UNUSABLE: dict[str, dict[str, Any]] = {
    "for encryption": {**EC, "use": "enc"},
    "too small": SMALL,
    "symmetric": {"kty": "oct", "k": "c2VjcmV0"},
    "private": ECKey.generate_key("P-256").as_dict(private=True),
    "of a kind nobody knows": {"kty": "PQ", "x": "AQAB"},
    "of no kind": {},
    "half a key": {"kty": "EC", "crv": "P-256", "x": EC["x"]},
    "no point of the curve": {**EC, "x": EC["y"]},
}


@pytest.mark.parametrize("key", [EC, RSA, {**EC, "use": "sig"}], ids=["EC", "RSA", "EC for signing"])
def test_public_signing_keys_are_used(key: dict[str, Any]) -> None:
    assert len(list(usable_keys([key]))) == 1


@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")  # what is left out must not depend on it
@pytest.mark.parametrize("name", UNUSABLE)
def test_other_keys_are_left_out(name: str) -> None:
    assert [key.kid for key in usable_keys([UNUSABLE[name], EC])] == ["ec"]


@pytest.mark.parametrize("keys", [[], [SMALL]], ids=["none", "only small ones"])
def test_without_a_usable_key_nothing_is_believed(keys: list[dict[str, Any]]) -> None:
    with pytest.raises(LoginRefused) as caught:
        usable_keys(keys)
    assert caught.value.reason == "signature"
