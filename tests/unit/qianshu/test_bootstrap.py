"""Opening the service: keys once, never in place of lost ones, and nothing past its time."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import qianshu.bootstrap
from errors import QianshuError
from qianshu.bootstrap import ensure_keys, open_house, open_keys, retained_until
from qianshu.settings import Settings, TimeStampSettings, settings_in
from signing.keys import init_keys
from tests.builders.house import cheap_guessing, lay_keys, opened
from tests.builders.keyring import CHEAP, NOW


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    def cheaply(*args: object) -> None:
        init_keys(*args, CHEAP)

    monkeypatch.setattr(qianshu.bootstrap, "init_keys", cheaply)
    with cheap_guessing():
        yield settings_in(tmp_path / "data")


def refused(settings: Settings, now: datetime = NOW) -> str:
    with pytest.raises(QianshuError) as caught:
        open_house(settings, lambda: now)
    return caught.value.code


def test_keys_and_passphrase_are_made_once_for_their_owner_only(settings: Settings) -> None:
    ensure_keys(settings, NOW)
    root, secret = open_keys(settings).root, settings.passphrase_path.read_bytes()
    ensure_keys(settings, NOW)
    assert (open_keys(settings).root, settings.passphrase_path.read_bytes()) == (root, secret)
    assert len(secret) == 64
    for path in settings.private_folder.rglob("*"):
        assert path.stat().st_mode & 0o077 == 0, path


def test_two_installations_have_different_passphrases(settings: Settings, tmp_path: Path) -> None:
    other = settings_in(tmp_path / "other")
    for each in (settings, other):
        ensure_keys(each, NOW)
    assert settings.passphrase_path.read_bytes() != other.passphrase_path.read_bytes()


def test_a_passphrase_that_is_there_is_used(settings: Settings) -> None:
    settings.private_folder.mkdir(parents=True, mode=0o700)
    settings.passphrase_path.write_bytes(b"chosen by the operator\n")
    settings.passphrase_path.chmod(0o600)
    ensure_keys(settings, NOW)
    assert settings.passphrase_path.read_bytes() == b"chosen by the operator\n"
    open_keys(settings)


def test_starting_twice_at_once_makes_one_set_of_keys(settings: Settings) -> None:
    outcomes: list[str] = []

    def start() -> None:
        try:
            ensure_keys(settings, NOW)
            outcomes.append("made")
        except QianshuError as error:
            outcomes.append(error.code)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(outcomes) <= {"made", "key.store_busy", "key.store_exists"}
    assert "made" in outcomes
    opened(settings)


@pytest.mark.parametrize(
    ("days", "code"),
    [(366 * 2, "key.not_in_force"), (-1, "key.not_in_force")],
    ids=["after their end", "before their beginning"],
)
def test_refuses_to_sign_with_certificates_out_of_force(settings: Settings, days: int, code: str) -> None:
    ensure_keys(settings, NOW)
    assert refused(settings, NOW + timedelta(days=days)) == code
    open_keys(settings)  # to verify with, they serve for ever


def test_refuses_to_make_another_evidence_key_once_there_are_cases(settings: Settings) -> None:
    ensure_keys(settings, NOW)
    opened(settings).case("2026112100001")
    (settings.private_folder / "evidence.key").unlink()
    assert refused(settings) == "evidence.key_lost"


def test_refuses_missing_and_wrong_passphrases(settings: Settings) -> None:
    ensure_keys(settings, NOW)
    settings.passphrase_path.write_bytes(b"not the one it was")
    assert refused(settings) == "key.wrong_passphrase"
    settings.passphrase_path.chmod(0o644)
    assert refused(settings) == "key.file_exposed"
    settings.passphrase_path.unlink()
    assert refused(settings) == "key.passphrase_missing"


@pytest.mark.parametrize(
    ("urls", "trust", "code"),
    [
        (("ftp://tsa.test",), None, "settings.timestamp_url"),
        (("https://user:secret@tsa.test",), None, "settings.timestamp_url"),
        (("https://tsa.test",), "", "settings.timestamp_trust"),
        (("https://tsa.test",), "no certificate", "settings.timestamp_trust"),
        (("https://tsa.test",), b"", "settings.timestamp_trust"),
    ],
)
def test_refuses_time_stamp_sources_it_cannot_use(
    tmp_path: Path, urls: tuple[str, ...], trust: str | bytes | None, code: str
) -> None:
    settings = lay_keys(tmp_path / "data")
    roots = tmp_path / "roots.pem"
    if isinstance(trust, str):
        roots.write_text(trust)
    elif trust is None:
        roots.write_bytes((settings.keys_folder / "root-0001.pem").read_bytes())
    assert refused(replace(settings, timestamps=TimeStampSettings(urls, roots))) == code


@pytest.mark.parametrize(
    ("begun_at", "until"),
    [
        (datetime(2026, 11, 21, tzinfo=UTC), datetime(2057, 1, 1, tzinfo=UTC)),
        (datetime(2028, 2, 29, tzinfo=UTC), datetime(2059, 1, 1, tzinfo=UTC)),
        (datetime(2026, 12, 31, 23, 59, 59, 999_999, tzinfo=UTC), datetime(2057, 1, 1, tzinfo=UTC)),
    ],
)
def test_retention_ends_with_the_year_also_for_a_leap_day(begun_at: datetime, until: datetime) -> None:
    assert retained_until(begun_at, 30) == until


def test_a_case_keeps_its_retention_however_late_it_is_opened(settings: Settings) -> None:
    ensure_keys(settings, NOW)
    begun = opened(settings).case("2026112100001")
    begun.journal.append("case.opened", {}, NOW)
    later = replace(opened(settings), clock=lambda: NOW + timedelta(days=800))
    assert later.case("2026112100001").retain_until == begun.retain_until
    assert later.case("2026112100002").retain_until > begun.retain_until
