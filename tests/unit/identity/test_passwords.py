"""Passwords of old accounts: Argon2id of the library, salted, bounded."""

from __future__ import annotations

from identity.accounts.passwords import MAX_PASSWORD_BYTES, hash_password, password_fits, waste_time


def test_a_password_fits_its_own_hash_only() -> None:
    kept = hash_password("正确的密码")

    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert password_fits(kept, "正确的密码")
    assert not password_fits(kept, "正确的密码 ")


def test_one_password_has_many_hashes() -> None:
    assert hash_password("same") != hash_password("same")


def test_a_password_longer_than_any_is_not_hashed_at_all() -> None:
    long = "x" * (MAX_PASSWORD_BYTES + 1)
    assert not password_fits("no hash at all: looked at, it would raise", long)


def test_time_is_wasted_where_there_is_nobody() -> None:
    assert waste_time("guess") is None
