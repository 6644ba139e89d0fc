"""The one settings object: read once, from a TOML file, unknown keys refused; every secret is a path.

Without a file the embedded defaults hold: keys, archive and journals under one data folder, the time-stamp authority in
this process. Contradictions stop the start.

    data_folder = "/srv/qianshu"
    authority_name = "黄石市住房和城乡建设局"

    [timestamps]
    urls = ["https://tsa.example/tsr"]
    trust_file = "/etc/qianshu/tsa-roots.pem"

    [objects]
    store = "minio"
    endpoint = "minio.example:9000"
    bucket = "contracts"
    access_key_file = "/run/secrets/minio-access-key"
    secret_key_file = "/run/secrets/minio-secret-key"

Tables ``[service.…]`` are described in ``qianshu.service_settings``.
"""

from __future__ import annotations

import re
import tomllib
import types
from dataclasses import dataclass, field, fields, is_dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar, get_args, get_origin, get_type_hints

from qianshu.service_settings import ServiceSettings, SettingsError
from qianshu.service_settings import refused as _refused

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

__all__ = ["ObjectSettings", "Settings", "SettingsError", "TimeStampSettings", "load_settings", "settings_in"]

_Table = TypeVar("_Table", bound="DataclassInstance")

LEAST_RETENTION_YEARS = 5
"""电子签名法 art. 24: at least five years after a certificate's end."""

MOST_RETENTION_YEARS = 100
"""Nothing in the field is kept longer; a slip of the keyboard under object lock could not be undone."""


@dataclass(frozen=True, slots=True)
class TimeStampSettings:
    """Who says when."""

    urls: tuple[str, ...] = ()
    """RFC 3161 authorities over HTTP in order of preference; none: the embedded authority."""

    trust_file: Path | None = None
    """PEM of the roots trusted for ``urls``; required with them, refused without."""

    source_timeout_seconds: float = 5.0
    """The longest wait for one authority, 0.1 to 60; all of them together get three times that."""

    def __post_init__(self) -> None:
        if bool(self.urls) != (self.trust_file is not None):
            raise _refused("timestamps", "时间戳服务与其信任根必须同时配置", "authorities and their roots go together")
        if not 0.1 <= self.source_timeout_seconds <= 60:
            raise _refused("timestamps.source_timeout_seconds", "应为 0.1 至 60 秒", "must be 0.1 to 60 seconds")


@dataclass(frozen=True, slots=True)
class ObjectSettings:
    """Where the archive's objects and manifests are."""

    store: Literal["folder", "minio"] = "folder"
    """``folder``: below the data folder. ``minio``: in a bucket with object lock; journals stay in the data folder."""

    endpoint: str = ""
    """``host:port`` of the MinIO server."""

    bucket: str = ""
    """Name of the bucket; made with object lock if it does not exist."""

    access_key_file: Path | None = None
    """Holds the name of the account, readable by its owner only."""

    secret_key_file: Path | None = None
    """Holds its secret, readable by its owner only."""

    transport: Literal["https", "http"] = "https"
    """``http`` is for loopback only."""

    ca_file: Path | None = None
    """PEM of the authorities trusted for HTTPS; none means the public ones."""

    def __post_init__(self) -> None:
        bucket = (self.endpoint, self.bucket, self.access_key_file, self.secret_key_file)
        if self.store == "minio" and not all(bucket):
            raise _refused(
                "objects",
                "MinIO 需要 endpoint、bucket、access_key_file、secret_key_file",
                "minio needs endpoint, bucket, access_key_file and secret_key_file",
            )
        if self.store == "folder" and any(bucket):
            raise _refused("objects", "store 为 folder 时不能配置 MinIO", "a folder takes no settings of a bucket")
        if self.transport == "http" and self.endpoint.rpartition(":")[0] not in {"127.0.0.1", "localhost", "[::1]"}:
            raise _refused("objects.transport", "明文 http 仅限本机回环", "plain http is for loopback only")


@dataclass(frozen=True, slots=True)
class Settings:
    """Where things are, and who the authority is."""

    data_folder: Path = Path("out/data")
    """Everything kept on disk lives below it."""

    passphrase_file: Path | None = None
    """Holds the passphrase of the keys, readable by its owner only; none: ``private/passphrase`` in the data folder.
    No default secret exists."""

    authority_name: str = "黄石市住房和城乡建设局"
    """Name of the filing authority: on its seal and in its certificate."""

    service_name: str = "签署电子签约服务平台"
    """Name of the service: on its seal and in its certificate."""

    seal_number: str = "4202000012345"
    """Thirteen digits on the authority's seal."""

    pki_url: str = "http://pki.qianshu.example"
    """Where CRLs, CA certificates and OCSP are served: written into every certificate made by ``ensure_keys``."""

    verification_url: str = ""
    """Where the stamp's QR leads; the case number is appended. Empty: to this service's own page (``/c/``)."""

    retention_years: int = 30
    """Full calendar years, after the one a case begins in, in which none of its objects may be deleted: 5 to 100.
    20 years is what an archive is asked for, 30 leaves room."""

    timestamps: TimeStampSettings = field(default_factory=TimeStampSettings)
    """Who says when."""

    objects: ObjectSettings = field(default_factory=ObjectSettings)
    """Where the archive's objects and manifests are."""

    service: ServiceSettings = field(default_factory=ServiceSettings)
    """The service behind HTTP."""

    def __post_init__(self) -> None:
        if not LEAST_RETENTION_YEARS <= self.retention_years <= MOST_RETENTION_YEARS:
            raise _refused("retention_years", "保管年限应为 5 至 100 年", "must be 5 to 100 years")
        if not re.fullmatch("[0-9]{13}", self.seal_number):
            raise _refused("seal_number", "印章编号应为 13 位数字", "must be thirteen digits")
        for name in ("pki_url", *(("verification_url",) if self.verification_url else ())):
            if not re.match("https?://[^/]", getattr(self, name)):
                raise _refused(name, "应为 http 或 https 地址", "must be an http or https address")

    def stamp_address(self, case_no: str) -> str:
        """What the QR beside the stamp of a case holds."""
        return (self.verification_url or f"{self.service.web.base_url.rstrip('/')}/c/") + case_no

    @property
    def private_folder(self) -> Path:
        """Keys, and the passphrase unless it is elsewhere."""
        return self.data_folder / "private"

    @property
    def keys_folder(self) -> Path:
        """Keys and certificates."""
        return self.private_folder / "keys"

    @property
    def passphrase_path(self) -> Path:
        """Where the passphrase is."""
        return self.passphrase_file or self.private_folder / "passphrase"

    @property
    def archive_folder(self) -> Path:
        """Cases, and objects unless they are in a bucket."""
        return self.data_folder / "archive"


def settings_in(data: Path, base: Settings | None = None) -> Settings:
    """``base``, or the defaults, with everything kept below ``data``, the passphrase included."""
    return replace(base or Settings(), data_folder=data, passphrase_file=None)


def load_settings(path: Path) -> Settings:
    """Settings from a TOML file; paths in it are taken from where the process runs.

    Raises ``SettingsError``: ``settings.unreadable``, ``.unknown_key``, ``.wrong_type``, ``.contradiction``.
    """
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as cause:  # TOMLDecodeError and UnicodeDecodeError are ValueErrors
        raise SettingsError(
            "settings.unreadable",
            zh=f"配置文件无法读取：{path.name}",
            en=f"the settings cannot be read: {path.name}",
            reason=str(cause),
        ) from cause
    return _build(Settings, values)


def _build(kind: type[_Table], values: dict[str, Any], prefix: str = "") -> _Table:
    unknown = sorted(prefix + name for name in set(values) - {field.name for field in fields(kind)})
    if unknown:
        raise SettingsError(
            "settings.unknown_key",
            zh=f"配置项无法识别：{', '.join(unknown)}",
            en=f"unknown settings: {', '.join(unknown)}",
            keys=unknown,
        )
    hints = get_type_hints(kind)
    return kind(**{name: _value(hints[name], value, prefix + name) for name, value in values.items()})


def _value(hint: Any, value: object, name: str) -> object:  # noqa: ANN401 - a type hint has no type
    for kind in get_args(hint) if isinstance(hint, types.UnionType) else (hint,):
        if is_dataclass(kind) and isinstance(kind, type) and isinstance(value, dict):
            return _build(kind, value, f"{name}.")
    if get_origin(hint) is Literal and value in get_args(hint):
        return value
    if get_origin(hint) is tuple and isinstance(value, list):
        return tuple(_value(str, item, name) for item in value)
    for kind in get_args(hint) if isinstance(hint, types.UnionType) else (hint,):
        if kind is Path and isinstance(value, str) and value:
            return Path(value)
        if kind is float and type(value) in (int, float):
            return value
        if kind in (str, int) and type(value) is kind:  # a TOML boolean is a Python int
            return value
    raise SettingsError(
        "settings.wrong_type",
        zh=f"配置项 {name} 的值不符合要求",
        en=f"{name} is not what is expected there",
        key=name,
        expected=str(getattr(hint, "__name__", hint)),
    )
