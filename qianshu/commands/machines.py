"""``qianshu machines``: programs that come in by themselves, registered by whoever runs the service."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from identity.acting import Machine, MachineKind
from qianshu.commands.opened import of_service, opened_records, require_cities
from storage.durable import translated_os_errors

if TYPE_CHECKING:
    from qianshu.commands.opened import ServiceAt
    from storage.machines import StoredClient

__all__ = ["machines"]

SCOPES = ("feed:read", "contracts:read", "notary:read", "cases:act", "webhooks:manage")
"""What the ways in ask for; a misspelt one would open nothing and tell nobody."""


@click.group()
def machines() -> None:
    """Programs with access: registries, notaries, recipients. 接入的系统。"""


@machines.command()
@click.argument("client_id")
@click.option("--kind", required=True, type=click.Choice([kind.value for kind in MachineKind]), help="机构类型。")
@click.option("--city", "cities", required=True, multiple=True, help="Whose cases it may see; may be repeated. 城市。")
@click.option("--scope", "scopes", required=True, multiple=True, type=click.Choice(SCOPES), help="权限范围。")
@click.option(
    "--keys",
    "keys_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="JWK Set of its public keys (private_key_jwt), in place of a secret. 公钥集文件。",
)
@click.option(
    "--certificate",
    "certificate_file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Its certificate, PEM, for mutual TLS (RFC 8705 § 2.2), in place of a secret. 双向 TLS 证书文件。",
)
@of_service
def add(  # noqa: PLR0913 - one parameter per option
    *,
    client_id: str,
    kind: str,
    cities: tuple[str, ...],
    scopes: tuple[str, ...],
    keys_file: Path | None,
    certificate_file: Path | None,
    at: ServiceAt,
) -> None:
    """Register CLIENT_ID; its secret is printed this once. 登记系统，密钥仅显示这一次。"""
    from qianshu.service.machines import Machines  # noqa: PLC0415 - not for --help

    if keys_file is not None and certificate_file is not None:
        raise click.UsageError("--keys or --certificate")
    require_cities(at, cities)
    machine = Machine(client_id, MachineKind(kind), tuple(dict.fromkeys(cities)), tuple(dict.fromkeys(scopes)))
    with opened_records(at) as records:
        book, now = Machines(records.database, records.key), datetime.now(UTC)
        with translated_os_errors():
            if keys_file is not None:
                book.add_with_keys(machine, keys_file.read_text(encoding="utf-8"), now)
            elif certificate_file is not None:
                book.add_with_certificate(machine, certificate_file.read_text(encoding="utf-8"), now)
            else:
                click.echo(book.add(machine, now))


@machines.command("renew-secret")
@click.argument("client_id")
@of_service
def renew_secret(client_id: str, at: ServiceAt) -> None:
    """A new secret, printed this once; the one before stays good until the next. 更换密钥。"""
    from qianshu.service.machines import Machines  # noqa: PLC0415 - not for --help

    with opened_records(at) as records:
        click.echo(Machines(records.database, records.key).renew_secret(client_id))


@machines.command()
@click.argument("client_id")
@of_service
def end(client_id: str, at: ServiceAt) -> None:
    """End the access of CLIENT_ID, at once and for good. 停用系统。"""
    from qianshu.service.machines import Machines  # noqa: PLC0415 - not for --help

    with opened_records(at) as records:
        Machines(records.database, records.key).end(client_id, datetime.now(UTC))


@machines.command("list")
@of_service
def list_machines(at: ServiceAt) -> None:
    """Every program, those that have ended too. 列出系统。"""
    from qianshu.service.machines import Machines  # noqa: PLC0415 - not for --help

    with opened_records(at) as records:
        for each in Machines(records.database, records.key).every():
            click.echo(_line(each))


def _line(client: StoredClient) -> str:
    machine = client.machine
    way = "private_key_jwt" if client.public_keys is not None else f"{len(client.secret_hashes)} secret(s)"
    ended = "" if client.ended_at is None else f"  ended {client.ended_at:%Y-%m-%d %H:%M}"
    granted = f"{','.join(machine.cities)}  {','.join(machine.scopes)}"
    return f"{machine.client_id}  {machine.kind.value}  {granted}  {way}{ended}"
