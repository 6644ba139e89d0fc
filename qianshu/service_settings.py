"""Settings of the service behind HTTP: records, broker, ways in, outside world, cities. Read by ``qianshu.settings``.

[service]
cities = ["huangshi"]

[service.database]
url_file = "/run/secrets/database-url"

[service.broker]
url_file = "/run/secrets/broker-url"

[service.web]
base_url = "https://sign.example"

[service.outside.land_register]
url = "https://register.example"
credential_file = "/run/secrets/land-register"
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path  # noqa: TC003 - the reader looks the types up
from typing import Literal
from urllib.parse import urlsplit

from errors import QianshuError

__all__ = [
    "BrokerAddress",
    "DatabaseAddress",
    "IdentityProviderAddress",
    "OutsideSettings",
    "ServiceAddress",
    "ServiceSettings",
    "SettingsError",
    "UploadSettings",
    "WebSettings",
    "refused",
]

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})


class SettingsError(QianshuError):
    """The settings cannot be used."""


def refused(key: str, zh: str, en: str) -> SettingsError:
    """A setting that contradicts itself or another."""
    return SettingsError("settings.contradiction", zh=f"配置项 {key}: {zh}", en=f"{key}: {en}", key=key)


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    """Where records are. Nothing said: SQLite in the data folder."""

    url_file: Path | None = None
    """Holds ``postgresql+psycopg://user:secret@host/name``, readable by its owner only."""

    connections: int = 20
    """At most so many at once in one process, and as many again for locks of cases; 2 to 200."""

    def __post_init__(self) -> None:
        if not 2 <= self.connections <= 200:
            raise refused("service.database.connections", "应为 2 至 200", "must be 2 to 200")


@dataclass(frozen=True, slots=True)
class BrokerAddress:
    """Where work is announced. Nothing said: a worker inside the process."""

    url_file: Path | None = None
    """Holds ``amqp://…`` or ``redis://…``, readable by its owner only."""

    queue: str = "qianshu"
    """Name of the queue; services that share a broker need different names."""

    processes: int = 2
    """Processes of one worker, 1 to 64; the embedded worker has one."""

    lease_seconds: float = 300.0
    """How long work is left to whoever took it, 20 to 3600: so long a killed worker's waits. What takes nine tenths of
    it is stopped and done again."""

    def __post_init__(self) -> None:
        if not 1 <= self.processes <= 64:
            raise refused("service.broker.processes", "应为 1 至 64", "must be 1 to 64")
        if not 20 <= self.lease_seconds <= 3600:
            raise refused("service.broker.lease_seconds", "应为 20 至 3600 秒", "must be 20 to 3600 seconds")


@dataclass(frozen=True, slots=True)
class WebSettings:
    """The way in over HTTP."""

    base_url: str = "http://127.0.0.1:8000"
    """What people's browsers call; ``https`` unless it is loopback."""

    host: str = "127.0.0.1"
    """Address to listen on."""

    port: int = 8000
    """Port to listen on."""

    metrics: Literal["loopback", "open"] = "loopback"
    """Who may read ``/metrics``: this machine only, or whoever reaches the port (behind a proxy that keeps it in)."""

    proxies: tuple[str, ...] = ()
    """Addresses of proxies whose ``X-Forwarded-*`` are believed."""

    def __post_init__(self) -> None:
        parts = urlsplit(self.base_url)
        if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
            raise refused(
                "service.web.base_url", "须为 https，明文 http 仅限本机", "must be https; http on loopback only"
            )
        if parts.path not in ("", "/") or not 0 <= self.port <= 65535:
            raise refused(
                "service.web", "地址不得带路径，端口须为 0 至 65535", "no path in the address; port 0 to 65535"
            )


@dataclass(frozen=True, slots=True)
class ServiceAddress:
    """One service of somebody else."""

    url: str
    """Its base address."""

    credential_file: Path
    """Holds the bearer credential, readable by its owner only."""

    timeout_seconds: float = 5.0
    """The longest wait for one answer, 0.1 to 60."""

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme != "https" and parts.hostname not in LOOPBACK:
            raise refused("service.outside", "须为 https，明文 http 仅限本机", "must be https; http on loopback only")
        if not 0.1 <= self.timeout_seconds <= 60:
            raise refused("service.outside.timeout_seconds", "应为 0.1 至 60 秒", "must be 0.1 to 60 seconds")


@dataclass(frozen=True, slots=True)
class IdentityProviderAddress:
    """The identity platform (OpenID Connect)."""

    issuer: str
    """Its ``iss``; the rest is discovered."""

    client_id: str
    """This service there."""

    client_secret_file: Path
    """Holds its secret, readable by its owner only."""

    timeout_seconds: float = 5.0
    """The longest wait for one answer, 0.1 to 60."""


@dataclass(frozen=True, slots=True)
class OutsideSettings:
    """The outside world. Nothing said: the sandbox, inside this process, for trying things out."""

    identity_provider: IdentityProviderAddress | None = None
    """统一身份认证平台."""

    sms: ServiceAddress | None = None
    """短信."""

    face: ServiceAddress | None = None
    """人脸核身."""

    land_register: ServiceAddress | None = None
    """不动产登记."""

    qualification: ServiceAddress | None = None
    """购房资格审查."""

    use_category: ServiceAddress | None = None
    """房屋用途核定."""

    e_licences: ServiceAddress | None = None
    """电子证照."""

    bank: ServiceAddress | None = None
    """资金监管银行."""

    recipients: ServiceAddress | None = None
    """共享单位."""

    @property
    def is_sandbox(self) -> bool:
        """Whether nothing at all is said."""
        return all(getattr(self, name) is None for name in self.__dataclass_fields__)

    def __post_init__(self) -> None:
        missing = [name for name in self.__dataclass_fields__ if getattr(self, name) is None]
        if missing and not self.is_sandbox:
            raise refused(
                "service.outside",
                f"外部服务须全部配置，缺少：{'、'.join(missing)}",
                f"all services of the outside world or none: {', '.join(missing)} missing",
            )


@dataclass(frozen=True, slots=True)
class UploadSettings:
    """Recordings that come in piece by piece."""

    folder: Path | None = None
    """Where they grow, encrypted, until they are files of their case: on a disk of this host that all its processes
    share, never in memory. Nothing said: ``uploads`` in the data folder."""

    max_size_bytes: int = 1 << 30
    """Largest recording, 1 MiB to 4 GiB: the archive takes 5 GiB at once."""

    hours: int = 24
    """How long an upload may take, and a finished one wait to be given, 1 to 168."""

    def __post_init__(self) -> None:
        if not 1 << 20 <= self.max_size_bytes <= 4 << 30:
            raise refused("service.uploads.max_size_bytes", "应为 1 MiB 至 4 GiB", "must be 1 MiB to 4 GiB")
        if not 1 <= self.hours <= 168:
            raise refused("service.uploads.hours", "应为 1 至 168 小时", "must be 1 to 168 hours")


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """The service behind HTTP."""

    cities: tuple[str, ...] = ()
    """Names of the cities served; none said: every folder there is."""

    cities_folder: Path | None = None
    """Where the cities' folders are; those that come with the program, unless said."""

    database: DatabaseAddress = field(default_factory=DatabaseAddress)
    """Records."""

    broker: BrokerAddress = field(default_factory=BrokerAddress)
    """Work for later."""

    web: WebSettings = field(default_factory=WebSettings)
    """The way in."""

    outside: OutsideSettings = field(default_factory=OutsideSettings)
    """Services of others."""

    uploads: UploadSettings = field(default_factory=UploadSettings)
    """Recordings."""
