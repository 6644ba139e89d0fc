"""The one settings object: read once, from a TOML file, unknown keys refused; every secret is a path.

Without a file the embedded defaults hold: keys, archive and journals under one data folder, the time-stamp authority in
this process. Contradictions stop the start.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

from errors import QianshuError

__all__ = ["Settings", "SettingsError", "load_settings"]


class SettingsError(QianshuError):
    """The settings cannot be used."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are, and who the authority is."""

    data_folder: Path = Path("out/data")
    """Everything kept on disk lives below it."""

    passphrase_file: Path = Path("out/data/private/passphrase")
    """Holds the passphrase of the keys, readable by its owner only. No default secret exists."""

    authority_name: str = "黄石市住房和城乡建设局"
    """Name of the filing authority: on its seal and in its certificate."""

    service_name: str = "签署电子签约服务平台"
    """Name of the service: on its seal and in its certificate."""

    seal_number: str = "4202000012345"
    """Thirteen digits on the authority's seal."""

    pki_url: str = "http://pki.qianshu.example"
    """Where CRLs, CA certificates and OCSP are served: written into every certificate made by ``ensure_keys``."""

    verification_url: str = "https://verify.qianshu.example/f/"
    """Where the stamp's QR leads; the filing number is appended."""

    timestamp_urls: tuple[str, ...] = ()
    """RFC 3161 authorities over HTTP in order of preference; none: the embedded authority."""

    timestamp_trust_file: Path | None = None
    """PEM of the roots trusted for ``timestamp_urls``; required with them."""

    retention_years: int = 30
    """No object of a case may be deleted earlier; 20 years is what an archive is asked for, 30 leaves room."""

    def __post_init__(self) -> None:
        if self.timestamp_urls and self.timestamp_trust_file is None:
            raise SettingsError(
                "settings.timestamp_trust",
                zh="配置了外部时间戳服务, 但没有配置其信任根",
                en="time-stamp authorities are named without roots to trust them by",
            )
        if not 5 <= self.retention_years <= 100:  # 电子签名法 art. 24: at least five years
            raise SettingsError(
                "settings.retention", zh="保管年限应为 5 至 100 年", en="retention must be 5 to 100 years"
            )

    @property
    def keys_folder(self) -> Path:
        """Keys and certificates."""
        return self.data_folder / "private" / "keys"

    @property
    def archive_folder(self) -> Path:
        """Objects and cases."""
        return self.data_folder / "archive"


def load_settings(path: Path) -> Settings:
    """Settings from a TOML file. Raises ``SettingsError`` for an unknown key or a contradiction."""
    values = tomllib.loads(path.read_text(encoding="utf-8"))
    known = {field.name for field in fields(Settings)}
    unknown = sorted(set(values) - known)
    if unknown:
        raise SettingsError("settings.unknown_key", zh="配置项无法识别", en="unknown settings", keys=unknown)
    converted: dict[str, Any] = {name: _converted(name, value) for name, value in values.items()}
    return Settings(**converted)


def _converted(name: str, value: object) -> object:
    if name.endswith(("_folder", "_file")):
        return Path(str(value))
    return tuple(value) if isinstance(value, list) else value
