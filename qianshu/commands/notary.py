"""``qianshu notary``: notary offices, their certificates and members, entered by whoever runs the service.

Members can be entered by an administrator of the city too, over HTTP.
"""

from __future__ import annotations

import hashlib
import uuid
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from errors import QianshuError
from qianshu.commands.opened import of_service, opened_records
from storage.durable import translated_os_errors

if TYPE_CHECKING:
    from collections.abc import Iterator

    from notary.members import OfficeMember
    from notary.offices import NotaryOffice, OfficeCertificate
    from qianshu.commands.opened import ServiceAt
    from qianshu.service.offices import OfficeList

__all__ = ["notary"]

PEM_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def notary() -> None:
    """Notary offices. 公证机构。"""


@notary.group()
def office() -> None:
    """The list. 名录。"""


@notary.group()
def certificate() -> None:
    """What offices sign their certificates with. 签名证书。"""


@notary.group()
def member() -> None:
    """Who works for an office: accounts and programs. 成员。"""


@office.command("add")
@click.argument("code")
@click.option("--name", required=True, help="As on its seal. 公证处名称。")
@click.option(
    "--region", "regions", required=True, multiple=True, help="GB/T 2260 code; may be repeated. 行政区划代码。"
)
@of_service
def add_office(code: str, name: str, regions: tuple[str, ...], at: ServiceAt) -> None:
    """Enter the office whose certificates are numbered with CODE; its identifier is printed. 登记公证机构。"""
    from notary.offices import NotaryOffice  # noqa: PLC0415 - not for --help

    for region in regions:
        if not (len(region) == 6 and region.isascii() and region.isdigit()):
            raise click.BadParameter(region, param_hint="--region")
    with _listed(at) as listed:
        office_id = uuid.uuid4().hex
        listed.add(NotaryOffice(office_id, name, code, tuple(dict.fromkeys(regions))), datetime.now(UTC))
    click.echo(office_id)


@office.command("list")
@of_service
def list_offices(at: ServiceAt) -> None:
    """Every office with certificates and members, those that have ended too. 列出公证机构。"""
    with _listed(at) as listed:
        for each in listed.offices.every():
            click.echo(_office_line(each))
            for one in each.certificates:
                click.echo(_certificate_line(one))
            for who in listed.members.of_office(each.office_id):
                click.echo(_member_line(who))


@office.command("end")
@click.argument("office_id")
@of_service
def end_office(office_id: str, at: ServiceAt) -> None:
    """Take OFFICE_ID off the list; matters before it go on. 停用公证机构。"""
    with _listed(at) as listed:
        listed.end(office_id, datetime.now(UTC))


@certificate.command("add")
@click.argument("office_id")
@click.option("--certificate", "certificate_file", required=True, type=PEM_FILE, help="PEM. 证书文件。")
@click.option("--issuers", "issuers_file", type=PEM_FILE, help="Its chain, PEM, issuing CA first. 签发者证书链。")
@of_service
def add_certificate(office_id: str, certificate_file: Path, issuers_file: Path | None, at: ServiceAt) -> None:
    """Trust a certificate for OFFICE_ID and nobody else, from now on; its SHA-256 is printed. 登记签名证书。"""
    from notary.offices import OfficeCertificate  # noqa: PLC0415 - not for --help

    own = _certificates_in(certificate_file)
    if len(own) != 1:
        raise click.BadParameter("one certificate", param_hint="--certificate")
    issuers = () if issuers_file is None else _certificates_in(issuers_file)
    with _listed(at) as listed:
        listed.add_certificate(office_id, OfficeCertificate(own[0], issuers), datetime.now(UTC))
    click.echo(hashlib.sha256(own[0]).hexdigest())


@certificate.command("withdraw")
@click.argument("office_id")
@click.argument("sha256")
@of_service
def withdraw_certificate(office_id: str, sha256: str, at: ServiceAt) -> None:
    """Trust it no more, whatever its CA says, for good. 停用签名证书。"""
    with _listed(at) as listed:
        listed.withdraw_certificate(office_id, sha256, datetime.now(UTC))


@member.command("add")
@click.argument("office_id")
@click.option("--account", "account_id", help="Identifier of a notary's account. 账号标识。")
@click.option("--client", "client_id", help="A program of kind `notary`. 公证机构系统。")
@of_service
def add_member(office_id: str, account_id: str | None, client_id: str | None, at: ServiceAt) -> None:
    """Let an account or a program work for OFFICE_ID. 添加成员。"""
    from api.ports import MemberAsked  # noqa: PLC0415 - not for --help
    from notary.members import MemberKind  # noqa: PLC0415 - likewise

    subject = _one_of(account_id, client_id)
    kind = MemberKind.CLIENT if account_id is None else MemberKind.ACCOUNT
    with _listed(at) as listed:
        click.echo(_member_line(listed.enter(MemberAsked(office_id, kind, subject), datetime.now(UTC))))


@member.command("remove")
@click.argument("office_id")
@click.option("--account", "account_id", help="Identifier of the account. 账号标识。")
@click.option("--client", "client_id", help="The program. 公证机构系统。")
@of_service
def remove_member(office_id: str, account_id: str | None, client_id: str | None, at: ServiceAt) -> None:
    """End a membership, at once. 移除成员。"""
    subject = _one_of(account_id, client_id)
    with _listed(at) as listed:
        listed.remove(office_id, subject, datetime.now(UTC))


def _one_of(account_id: str | None, client_id: str | None) -> str:
    said = [each for each in (account_id, client_id) if each is not None]
    if len(said) != 1:
        raise click.UsageError("--account or --client")
    return said[0]


@contextmanager
def _listed(at: ServiceAt) -> Iterator[OfficeList]:
    from qianshu.service.offices import OfficeList  # noqa: PLC0415 - not for --help
    from qianshu.service.people_stores import open_people  # noqa: PLC0415 - likewise

    with opened_records(at) as records:
        people = open_people(records.database, records.key, records.secret)
        yield OfficeList(records.database, people.accounts)


def _certificates_in(path: Path) -> tuple[bytes, ...]:
    """Every certificate of a PEM file, DER. Raises ``notary.certificate_unreadable``."""
    from cryptography import x509  # noqa: PLC0415 - not for --help
    from cryptography.hazmat.primitives.serialization import Encoding  # noqa: PLC0415 - likewise

    with translated_os_errors():
        content = path.read_bytes()
    try:
        return tuple(one.public_bytes(Encoding.DER) for one in x509.load_pem_x509_certificates(content))
    except ValueError as error:
        raise QianshuError(
            "notary.certificate_unreadable", zh="不是 PEM 格式的证书", en="no certificate in PEM form"
        ) from error


def _office_line(one: NotaryOffice) -> str:
    ended = "" if one.ended_at is None else f"  ended {one.ended_at:%Y-%m-%d %H:%M}"
    return f"{one.office_id}  {one.code}  {one.name}  {','.join(one.region_codes)}{ended}"


def _certificate_line(one: OfficeCertificate) -> str:
    withdrawn = "" if one.withdrawn_at is None else f"  withdrawn {one.withdrawn_at:%Y-%m-%d %H:%M}"
    return f"  certificate  {hashlib.sha256(one.der).hexdigest()}  {len(one.issuers)} issuer(s){withdrawn}"


def _member_line(one: OfficeMember) -> str:
    ended = "" if one.ended_at is None else f"  – {one.ended_at:%Y-%m-%d %H:%M} {one.ended_by}"
    return f"  {one.kind.value:11}  {one.subject}  {one.granted_at:%Y-%m-%d %H:%M} {one.granted_by}{ended}"
