"""RFC 7512 URIs of keys in a token: what is needed is there, and no PIN ever."""

from __future__ import annotations

from pathlib import Path

import pytest

from signing.errors import KeyStoreError
from signing.keys import TokenKey

FULL = "pkcs11:token=Filing%20seals;object=%E5%A4%87%E6%A1%88%E7%AB%A0;id=%01%FF;type=private"
QUERY = "?module-path=/usr/lib/x.so&pin-source=file:/run/secrets/pin"


def test_reads_every_part():
    key = TokenKey.from_uri(FULL + QUERY)
    assert key == TokenKey("/usr/lib/x.so", "Filing seals", "备案章", Path("/run/secrets/pin"), b"\x01\xff")


@pytest.mark.parametrize("source", ["file:/run/pin", "file:///run/pin", "/run/pin"])
def test_reads_each_way_to_write_the_pin_source(source):
    uri = f"pkcs11:token=a;object=b?module-path=/x.so&pin-source={source}"
    assert TokenKey.from_uri(uri).pin_path == Path("/run/pin")


@pytest.mark.parametrize(
    "key",
    [
        TokenKey("/usr/lib/x.so", "Filing seals", "备案章", Path("/run/secrets/pin"), b"\x01\xff"),
        TokenKey("/a b/x;y.so", "t;=?&%", "o/|&", Path("/p q/&=pin")),
    ],
)
def test_writes_what_it_reads(key):
    assert TokenKey.from_uri(key.to_uri()) == key


@pytest.mark.parametrize(
    "uri",
    [
        "",
        "http://token",
        "pkcs11:object=b" + QUERY,
        "pkcs11:token=a" + QUERY,
        "pkcs11:token=a;object=b?module-path=/x.so",
        "pkcs11:token=a;object=b?pin-source=/x",
        "pkcs11:token=%FF;object=b" + QUERY,
        "pkcs11:token=a;object=b" + QUERY + "&pin-value=1234",
    ],
)
def test_refuses_what_names_no_key_or_holds_a_pin(uri):
    with pytest.raises(KeyStoreError) as caught:
        TokenKey.from_uri(uri)
    assert caught.value.code == "key.pkcs11_uri_refused"
    assert "1234" not in str(caught.value)
