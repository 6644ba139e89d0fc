"""Settings: every key known, every value of its type, no contradiction, and every secret a path."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import get_type_hints

import pytest

from qianshu.settings import ObjectSettings, Settings, SettingsError, TimeStampSettings, load_settings, settings_in

EVERYTHING = """
data_folder = "/srv/qianshu"
passphrase_file = "/run/secrets/passphrase"
authority_name = "武汉市住房和城市更新局"
service_name = "武汉网签"
seal_number = "4201000012345"
pki_url = "http://pki.test"
verification_url = "https://verify.test/"
retention_years = 20

[timestamps]
urls = ["https://one.test/tsr", "http://two.test"]
trust_file = "/etc/tsa.pem"
source_timeout_seconds = 2

[objects]
store = "minio"
endpoint = "minio.test:9000"
bucket = "contracts"
access_key_file = "/run/secrets/access"
secret_key_file = "/run/secrets/secret"
ca_file = "/etc/ca.pem"
"""


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.toml"


def refusal(file: Path, text: str | bytes) -> SettingsError:
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    with pytest.raises(SettingsError) as caught:
        load_settings(file)
    return caught.value


def test_an_empty_file_means_the_embedded_defaults(file: Path) -> None:
    file.write_text("")
    assert load_settings(file) == Settings()


def test_every_setting_is_read(file: Path) -> None:
    file.write_text(EVERYTHING, encoding="utf-8")
    read = load_settings(file)
    assert read == Settings(
        data_folder=Path("/srv/qianshu"),
        passphrase_file=Path("/run/secrets/passphrase"),
        authority_name="武汉市住房和城市更新局",
        service_name="武汉网签",
        seal_number="4201000012345",
        pki_url="http://pki.test",
        verification_url="https://verify.test/",
        retention_years=20,
        timestamps=TimeStampSettings(("https://one.test/tsr", "http://two.test"), Path("/etc/tsa.pem"), 2),
        objects=ObjectSettings(
            store="minio",
            endpoint="minio.test:9000",
            bucket="contracts",
            access_key_file=Path("/run/secrets/access"),
            secret_key_file=Path("/run/secrets/secret"),
            ca_file=Path("/etc/ca.pem"),
        ),
    )
    assert read.passphrase_path == Path("/run/secrets/passphrase")


@pytest.mark.parametrize(
    ("text", "code", "key"),
    [
        ("colour = 'red'", "settings.unknown_key", ["colour"]),
        ("[objects]\npassword = 'x'", "settings.unknown_key", ["objects.password"]),
        ("retention_years = '30'", "settings.wrong_type", "retention_years"),
        ("retention_years = true", "settings.wrong_type", "retention_years"),
        ("retention_years = 30.0", "settings.wrong_type", "retention_years"),
        ("authority_name = 7", "settings.wrong_type", "authority_name"),
        ("data_folder = ''", "settings.wrong_type", "data_folder"),
        ("timestamps = 'https://tsa.test'", "settings.wrong_type", "timestamps"),
        ("[timestamps]\nurls = 'https://tsa.test'", "settings.wrong_type", "timestamps.urls"),
        ("[timestamps]\nurls = [1]", "settings.wrong_type", "timestamps.urls"),
        ("[objects]\nstore = 'tape'", "settings.wrong_type", "objects.store"),
        ("retention_years = 4", "settings.contradiction", "retention_years"),
        ("retention_years = 101", "settings.contradiction", "retention_years"),
        ("seal_number = '42'", "settings.contradiction", "seal_number"),
        ("pki_url = 'ldap://pki.test'", "settings.contradiction", "pki_url"),
        ("verification_url = 'verify.test'", "settings.contradiction", "verification_url"),
        ("[timestamps]\nurls = ['https://tsa.test']", "settings.contradiction", "timestamps"),
        ("[timestamps]\ntrust_file = 'roots.pem'", "settings.contradiction", "timestamps"),
        (
            "[timestamps]\nsource_timeout_seconds = 0.0",
            "settings.contradiction",
            "timestamps.source_timeout_seconds",
        ),
        ("[objects]\nstore = 'minio'\nendpoint = 'm:1'", "settings.contradiction", "objects"),
        ("[objects]\nendpoint = 'm:1'", "settings.contradiction", "objects"),
        (EVERYTHING + "transport = 'http'", "settings.contradiction", "objects.transport"),
    ],
)
def test_refuses_what_is_unknown_mistyped_or_contradictory(file: Path, text: str, code: str, key: object) -> None:
    refused = refusal(file, text)
    assert refused.code == code
    assert key in (refused.fields.get("key"), refused.fields.get("keys"))


@pytest.mark.parametrize(
    "text", ["data_folder = ", "x = 1\nx = 2", b"\xff\xfe"], ids=["no value", "twice", "not UTF-8"]
)
def test_refuses_what_is_no_toml(file: Path, text: str | bytes) -> None:
    assert refusal(file, text).code == "settings.unreadable"


def test_refuses_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"settings\.unreadable"):
        load_settings(tmp_path / "none.toml")


@pytest.mark.parametrize("endpoint", ["127.0.0.1:9000", "localhost:9000", "[::1]:9000"])
def test_plain_http_is_for_loopback(endpoint: str) -> None:
    ObjectSettings("minio", endpoint, "b", Path("a"), Path("s"), "http")


def test_everything_is_kept_below_the_data_folder() -> None:
    settings = settings_in(Path("/data"), Settings(passphrase_file=Path("/elsewhere")))
    assert settings.passphrase_path == Path("/data/private/passphrase")
    assert settings.keys_folder == Path("/data/private/keys")
    assert settings.archive_folder == Path("/data/archive")


def test_no_setting_holds_a_secret_itself() -> None:
    """A field that sounds like a secret is a path to one."""
    for kind in (Settings, TimeStampSettings, ObjectSettings):
        for field in fields(kind):
            if any(word in field.name for word in ("pass", "secret", "access", "token")):
                assert "Path" in str(get_type_hints(kind)[field.name]), field.name
    assert all(is_dataclass(kind) for kind in (Settings, TimeStampSettings, ObjectSettings))


def test_a_stamp_leads_to_the_page_of_this_service_unless_told_otherwise():
    assert Settings().stamp_address("2026112100001") == "http://127.0.0.1:8000/c/2026112100001"
    told = Settings(verification_url="https://verify.test/f/")
    assert told.stamp_address("2026112100001") == "https://verify.test/f/2026112100001"
