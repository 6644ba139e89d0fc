"""Settings of the service: read whole or not at all; half an outside world is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from qianshu.service.cities import open_cities
from qianshu.service_settings import BrokerAddress, ServiceSettings, SettingsError, WebSettings
from qianshu.settings import load_settings

if TYPE_CHECKING:
    from pathlib import Path

SERVICES = ("sms", "face", "land_register", "qualification", "use_category", "e_licences", "bank", "recipients")
PROVIDER = """
[service.outside.identity_provider]
issuer = "https://id.example"
client_id = "qianshu"
client_secret_file = "/run/secrets/id"
"""


def settings_text(services: tuple[str, ...] = SERVICES, url: str = "https://bureau.example") -> str:
    tables = "".join(
        f'[service.outside.{name}]\nurl = "{url}/{name}"\ncredential_file = "/run/secrets/{name}"\n'
        for name in services
    )
    return PROVIDER + tables


def written(folder: Path, text: str) -> Path:
    path = folder / "qianshu.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_whole_outside_world_is_read(tmp_path: Path) -> None:
    outside = load_settings(written(tmp_path, settings_text())).service.outside
    assert not outside.is_sandbox
    assert outside.land_register is not None
    assert outside.land_register.url == "https://bureau.example/land_register"


def test_half_an_outside_world_is_refused_and_told(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings(written(tmp_path, settings_text(SERVICES[:3])))
    assert "use_category" in refused.value.en


def test_plain_http_leaves_this_machine_for_nobody(tmp_path: Path) -> None:
    with pytest.raises(SettingsError):
        load_settings(written(tmp_path, settings_text(url="http://bureau.example")))
    assert load_settings(written(tmp_path, settings_text(url="http://127.0.0.1:8400")))


@pytest.mark.parametrize("base_url", ["http://sign.example", "ftp://127.0.0.1", "https://sign.example/path"])
def test_browsers_come_by_https_and_to_the_root(base_url: str) -> None:
    with pytest.raises(SettingsError):
        WebSettings(base_url=base_url)


def test_an_unknown_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as refused:
        load_settings(written(tmp_path, '[service.databse]\nurl_file = "x"\n'))
    assert refused.value.fields["keys"] == ["service.databse"]


def test_every_city_is_served_unless_said() -> None:
    assert set(open_cities(ServiceSettings()).profiles) >= {"huangshi", "shenzhen", "wuhan", "zhongshan"}
    assert set(open_cities(ServiceSettings(cities=("wuhan",))).profiles) == {"wuhan"}


def test_a_city_without_a_folder_is_refused() -> None:
    with pytest.raises(SettingsError, match="atlantis"):
        open_cities(ServiceSettings(cities=("atlantis",)))


@pytest.mark.parametrize("name", ["../profile", "no_such", "/etc/passwd", ""])
def test_nothing_but_templates_is_read(name: str) -> None:
    with pytest.raises((LookupError, FileNotFoundError)):
        open_cities(ServiceSettings()).read_text("wuhan", name)


@pytest.mark.parametrize("said", [{"processes": 0}, {"lease_seconds": 1.0}, {"lease_seconds": 7200.0}])
def test_a_broker_is_used_within_bounds(said: dict[str, float]) -> None:
    with pytest.raises(SettingsError):
        BrokerAddress(**said)
