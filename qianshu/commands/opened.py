"""What commands on records have in common: options that say which service, and its records opened."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from qianshu.service.records import Records
    from qianshu.settings import Settings

__all__ = ["ServiceAt", "of_service", "opened_records", "require_cities"]

ServiceAt = tuple[Path | None, Path | None]
"""Settings file and data folder, as said on the command line."""


def of_service(command: Callable[..., None]) -> Callable[..., None]:
    """Options ``--settings`` and ``--data``, given to the command together as ``at``."""

    @wraps(command)
    def with_place(settings_file: Path | None, data: Path | None, **said: object) -> None:
        command(at=(settings_file, data), **said)

    settings = click.option(
        "--settings",
        "settings_file",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Settings (TOML) of the service. 服务的配置文件。",
    )
    folder = click.option(
        "--data",
        type=click.Path(exists=True, file_okay=False, path_type=Path),
        help="Data folder of an embedded service. 内嵌服务的数据目录。",
    )
    return settings(folder(with_place))


@contextmanager
def opened_records(at: ServiceAt) -> Iterator[Records]:
    """The records of a service, closed at the end."""
    from qianshu.service.records import open_records  # noqa: PLC0415 - a second of imports that --help does not need

    records = open_records(_settings(at), lambda: datetime.now(UTC))
    try:
        yield records
    finally:
        records.database.close()


def require_cities(at: ServiceAt, names: Iterable[str]) -> None:
    """Refuse a city that has no folder: a misspelt one would grant nothing, and nobody would notice."""
    from qianshu.service.cities import open_cities  # noqa: PLC0415 - likewise

    served = open_cities(_settings(at).service).profiles
    unknown = [name for name in names if name not in served]
    if unknown:
        raise click.BadParameter(f"{', '.join(unknown)} – {', '.join(served)}", param_hint="--city")


def _settings(at: ServiceAt) -> Settings:
    from qianshu.settings import Settings, load_settings, settings_in  # noqa: PLC0415 - likewise

    settings_file, data = at
    settings = load_settings(settings_file) if settings_file else Settings()
    return settings if data is None else settings_in(data, settings)
