"""``qianshu keys``: make, look at, renew and revoke. Every act of an operator, none of daily work."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click
from cryptography import x509
from cryptography.hazmat.primitives import hashes

from signing.keys import (
    AuthorityNames,
    InitOptions,
    Role,
    TokenKey,
    init_keys,
    inventory,
    load_keys,
    read_passphrase,
    renew_issuing,
    renew_responder,
    renew_root_crl,
    renew_seal,
    renew_timestamp_unit,
)

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["keys"]

_SEALS = {"service": Role.SERVICE_SEAL, "filing": Role.FILING_SEAL}
_REASONS = sorted(reason.value for reason in x509.ReasonFlags if reason is not x509.ReasonFlags.remove_from_crl)

_folder = click.argument("folder", type=click.Path(path_type=Path))
_passphrase_file = click.option(
    "--passphrase-file",
    type=click.Path(path_type=Path),
    required=True,
    help="File of mode 0600 with the passphrase of the keys; there is no default. 口令文件，没有默认口令。",
)


@click.group()
def keys() -> None:
    """Keys and certificates. 密钥与证书。"""


@keys.command()
@_folder
@_passphrase_file
@click.option("--organization", required=True, help="Who runs the service. 运营机构名称。")
@click.option("--filing-organization", required=True, help="The housing authority of the filing stamp. 备案机关名称。")
@click.option("--organization-identifier", help="Of the operator, e.g. NTRCN-<USCC>. 运营机构标识。")
@click.option("--filing-organization-identifier", help="Of the housing authority. 备案机关标识。")
@click.option("--base-url", help="Where CRLs, CA certificates and OCSP are served. 状态查询地址。")
@click.option(
    "--service-seal-pkcs11", help="PKCS #11 URI (RFC 7512): key of the service seal in a token. 服务章密码机。"
)
@click.option("--filing-seal-pkcs11", help="PKCS #11 URI (RFC 7512): key of the filing seal in a token. 备案章密码机。")
def init(folder: Path, passphrase_file: Path, **options: str | None) -> None:
    """Make root, issuing CA, time-stamp unit, seals and OCSP responder in a new FOLDER. 新建全部密钥。"""
    uris = {role: options.pop(f"{name}_seal_pkcs11") for name, role in _SEALS.items()}
    tokens = {role: TokenKey.from_uri(uri) for role, uri in uris.items() if uri is not None}
    names = AuthorityNames(
        organization=options.pop("organization") or "",
        filing_organization=options.pop("filing_organization") or "",
        **options,  # type: ignore[arg-type]  # the optional ones, by their own names
    )
    init_keys(folder, read_passphrase(passphrase_file), names, datetime.now(UTC), InitOptions(tokens=tokens))
    _list(folder)


@keys.command()
@_folder
def show(folder: Path) -> None:
    """List the certificates in FOLDER; needs no passphrase. 列出证书，不需要口令。"""
    _list(folder)


@keys.command("renew-tsu")
@_folder
@_passphrase_file
def renew_tsu(folder: Path, passphrase_file: Path) -> None:
    """A new key for the time-stamp unit, yearly. 更新时间戳密钥，每年一次。"""
    _renew(renew_timestamp_unit, folder, passphrase_file)


@keys.command("renew-seal")
@_folder
@click.argument("seal", type=click.Choice(sorted(_SEALS)))
@_passphrase_file
@click.option("--pkcs11", "uri", help="PKCS #11 URI of the new key, when it lives in a token. 新密钥所在密码机。")
def renew_seal_command(folder: Path, seal: str, passphrase_file: Path, uri: str | None) -> None:
    """A new key for the service or the filing seal, every four years. 更新印章密钥，四年一次。"""
    token = None if uri is None else TokenKey.from_uri(uri)
    renew_seal(folder, read_passphrase(passphrase_file), datetime.now(UTC), (_SEALS[seal], token))
    _list(folder)


@keys.command("renew-responder")
@_folder
@_passphrase_file
def renew_responder_command(folder: Path, passphrase_file: Path) -> None:
    """New keys for the OCSP responders, every second year. 更新状态查询密钥，两年一次。"""
    _renew(renew_responder, folder, passphrase_file)


@keys.command("renew-issuing")
@_folder
@_passphrase_file
def renew_issuing_command(folder: Path, passphrase_file: Path) -> None:
    """The next issuing CA; needs the root's key in FOLDER. 更换签发证书，需要根密钥在场。"""
    _renew(renew_issuing, folder, passphrase_file)


@keys.command("renew-root-crl")
@_folder
@_passphrase_file
def renew_root_crl_command(folder: Path, passphrase_file: Path) -> None:
    """A fresh CRL of the root, yearly; needs the root's key in FOLDER. 更新根吊销列表，每年一次，需要根密钥在场。"""
    _renew(renew_root_crl, folder, passphrase_file)


@keys.command()
@_folder
@click.argument("serial")
@_passphrase_file
@click.option("--reason", type=click.Choice(_REASONS), default="unspecified", help="RFC 5280 § 5.3.1. 吊销原因。")
def revoke(folder: Path, serial: str, passphrase_file: Path, reason: str) -> None:
    """Withdraw the certificate with SERIAL (hexadecimal), for good. 吊销证书，不可恢复。"""
    try:
        number = int(serial, 16)
    except ValueError:
        raise click.BadParameter("SERIAL must be hexadecimal") from None
    authorities = load_keys(folder, read_passphrase(passphrase_file)).authorities
    # Of a serial nobody issued the current authority says so.
    issuer = next((authority for authority in authorities if authority.has_issued(number)), authorities[-1])
    issuer.revoke(number, datetime.now(UTC), x509.ReasonFlags(reason))


def _renew(act: Callable[[Path, bytes, datetime], None], folder: Path, passphrase_file: Path) -> None:
    act(folder, read_passphrase(passphrase_file), datetime.now(UTC))
    _list(folder)


def _list(folder: Path) -> None:
    for entry in inventory(folder):
        certificate = entry.certificate
        common_name = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)[0].value
        begin, end = certificate.not_valid_before_utc, certificate.not_valid_after_utc
        click.echo(f"{entry.stem}  {begin:%Y-%m-%d} – {end:%Y-%m-%d}  {entry.key_place.value:7}  {common_name!s}")
        click.echo(f"    SHA-256 {certificate.fingerprint(hashes.SHA256()).hex()}")
